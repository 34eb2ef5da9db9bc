/* many.c - turns files into mails on one connection, one after another. */
/* SPDX-License-Identifier: MIT */
/*
 *     many HOST PORT FROM TO FILE [TO FILE]...
 *
 * Says for each what became of it: "accepted 250", "refused 550".  Exits
 * with 0 when the session itself was in order.
 */
#include "duva/posix.h"

#include <stdio.h>
#include <string.h>

#define CONNECT_MS 10000

static int send_one(duva_client *c, const char *from, const char *to,
                    const char *name)
{
    duva_rcpt rcpt = { .addr = to };
    duva_mail mail = { .from = from, .rcpt = &rcpt, .rcpt_count = 1 };
    FILE     *file = fopen(name, "rb");

    if (file == NULL) {
        perror(name);
        return -1;
    }
    duva_send_mail(c, &mail, duva_file_read, file);
    fclose(file);
    printf("%s %u\n", duva_verdict_name(mail.result.verdict),
           mail.result.status.code);
    return 0;
}

int main(int argc, char **argv)
{
    static char buffer[DUVA_BUFFER_MIN];
    duva_config config = { .name = "many.example", .tls = DUVA_TLS_NEVER };
    duva_posix  link;
    duva_client client;
    int         err, i;

    if (argc < 6 || argc % 2 != 0)
        return 64;
    err = duva_posix_open(&link, argv[1], argv[2], CONNECT_MS);
    if (err != DUVA_OK) {
        fprintf(stderr, "%s\n", duva_err_text((duva_err)err));
        return 1;
    }
    memset(&client, 0, sizeof(client));
    client.link = &link.link;
    if (duva_client_init(&client, &config, buffer, sizeof(buffer)) != DUVA_OK)
        return 1;
    for (i = 4; i < argc; i += 2)
        if (send_one(&client, argv[3], argv[i], argv[i + 1]) != 0)
            return 1;
    err = duva_close(&client);
    if (err != DUVA_OK)
        fprintf(stderr, "%s\n", duva_err_text((duva_err)err));
    return err == DUVA_OK ? 0 : 1;
}
