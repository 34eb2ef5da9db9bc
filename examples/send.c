/* send.c - sends one mail: send HOST PORT FROM TO */
/* SPDX-License-Identifier: MIT */
#include <duva/posix.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    static const char text[] = "Subject: Homing\n\nThe pigeon is back.\n";
    duva_memory message = { .data = text, .len = sizeof text - 1 };
    char why[DUVA_RESULT_TEXT_SIZE];

    if (argc != 5)
        return 64;

    duva_route route = { .host = argv[1], .port = argv[2],
                         .config.tls = DUVA_TLS_NEVER };
    duva_rcpt  rcpt = { .addr = argv[4] };
    duva_mail  mail = { .from = argv[3], .rcpt = &rcpt, .rcpt_count = 1 };

    int err = duva_send(&route, &mail, duva_memory_read, &message);
    printf("%s: %s\n", duva_verdict_name(mail.result.verdict),
           duva_result_text(&mail.result, why, sizeof why));
    return err == DUVA_OK ? 0 : 1;
}
