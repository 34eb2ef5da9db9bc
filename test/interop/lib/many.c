/* many.c - turns files into mails on one connection. */
/* SPDX-License-Identifier: MIT */
/*
 *     many WINDOW HOST PORT FROM TO FILE [TO FILE]...
 *
 * Sends them one after the other with WINDOW 0, and else as many at a time as
 * the server allows, by BDAT if it has that.  Says for each what became of it:
 * "accepted 250", "refused 550".  Exits with 0 when the session itself was in
 * order.
 */
#include "duva/posix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 10000
#define MOST       64

struct letter {
    duva_rcpt   rcpt;
    duva_memory message;
    char       *text;
};

static struct letter letter[MOST];
static duva_job      job[MOST];

static int load(struct letter *l, const char *name)
{
    FILE  *file = fopen(name, "rb");
    size_t len = 0, n;

    if (file == NULL) {
        perror(name);
        return -1;
    }
    do {
        char *more = realloc(l->text, len + 65536);

        if (more == NULL)
            exit(1);
        l->text = more;
        n = fread(l->text + len, 1, 65536, file);
        len += n;
    } while (n > 0);
    fclose(file);
    l->message.data = l->text;
    l->message.len = len;
    return 0;
}

static void prepare(int i, const char *from, const char *to)
{
    duva_mail *mail = &job[i].mail;
    duva_body  body;

    letter[i].rcpt.addr = to;
    mail->from = from;
    mail->rcpt = &letter[i].rcpt;
    mail->rcpt_count = 1;
    memset(&body, 0, sizeof(body));
    duva_body_check(&body, letter[i].message.data, letter[i].message.len);
    if (duva_body_check_end(&body) == DUVA_OK) {
        mail->size = body.octets;
        mail->flags = DUVA_MAIL_EXACT;
    }
    job[i].source = duva_memory_read;
    job[i].source_ctx = &letter[i].message;
}

static void tell(int count)
{
    int i;

    for (i = 0; i < count; i++) {
        const duva_result *r = &job[i].mail.result;

        printf("%s %u\n", duva_verdict_name(r->verdict), r->status.code);
        free(letter[i].text);
    }
}

int main(int argc, char **argv)
{
    static char buffer[DUVA_BUFFER_MIN];
    duva_config config = { .name = "many.example", .tls = DUVA_TLS_NEVER };
    duva_posix  link;
    duva_client client;
    int         err, i, count = (argc - 5) / 2;

    if (argc < 7 || argc % 2 != 1 || count > MOST)
        return 64;
    config.window = (uint32_t)atoi(argv[1]);
    if (config.window == 0)
        config.options = DUVA_NO_CHUNKING;
    for (i = 0; i < count; i++) {
        if (load(&letter[i], argv[6 + 2 * i]) != 0)
            return 1;
        prepare(i, argv[4], argv[5 + 2 * i]);
    }
    err = duva_posix_open(&link, argv[2], argv[3], CONNECT_MS);
    if (err != DUVA_OK) {
        fprintf(stderr, "%s\n", duva_err_text((duva_err)err));
        return 1;
    }
    memset(&client, 0, sizeof(client));
    client.link = &link.link;
    if (duva_client_init(&client, &config, buffer, sizeof(buffer)) != DUVA_OK)
        return 1;
    duva_send_mails(&client, job, (size_t)count);
    tell(count);
    err = duva_close(&client);
    if (err != DUVA_OK)
        fprintf(stderr, "%s\n", duva_err_text((duva_err)err));
    return err == DUVA_OK ? 0 : 1;
}
