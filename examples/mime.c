/* mime.c - composes a message with an attachment and sends it:
 * mime HOST PORT FROM TO FILE */
/* SPDX-License-Identifier: MIT */
#include <duva/mime_more.h>
#include <duva/posix.h>
#include <stdio.h>
#include <time.h>

int main(int argc, char **argv)
{
    static const char text[] = "Dear all,\n\nthe picture is attached.\n";
    duva_part_file    file;

    if (argc != 6)
        return 64;

    duva_address from = { .addr = argv[3] }, to = { .addr = argv[4] };
    duva_part    parts[2] = {
        { .place = DUVA_PLACE_TEXT, .data = text, .len = sizeof text - 1 },
        { .place = DUVA_PLACE_ATTACHED }
    };
    duva_message message = {
        .from = { &from, 1 }, .to = { &to, 1 }, .subject = "Smörgåsbord",
        .date = (uint32_t)time(NULL), .parts = parts, .part_count = 2
    };
    duva_mime mime = { .message = &message };
    FILE     *random = fopen("/dev/urandom", "rb");

    if (random == NULL || fread(message.seed, 16, 1, random) != 1
        || duva_part_open(&parts[1], &file, argv[5]) != DUVA_OK)
        return 74;
    fclose(random);

    duva_route route = { .host = argv[1], .port = argv[2],
                         .config.tls = DUVA_TLS_NEVER };
    duva_rcpt  rcpt = { .addr = argv[4] };
    duva_mail  mail = { .from = argv[3], .rcpt = &rcpt, .rcpt_count = 1,
                        .size = duva_mime_size(&mime) };
    int        err = DUVA_ERR_ARG;
    char       why[DUVA_RESULT_TEXT_SIZE];

    if (mime.error.reason != DUVA_REASON_NONE) {
        printf("%s: %s\n", mime.error.field,
               duva_reason_text(mime.error.reason));
    } else {
        err = duva_send(&route, &mail, duva_mime_read, &mime);
        printf("%s: %s\n", duva_verdict_name(mail.result.verdict),
               duva_result_text(&mail.result, why, sizeof why));
    }
    duva_part_close(&file);
    return err == DUVA_OK ? 0 : 1;
}
