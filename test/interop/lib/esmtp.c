/* esmtp.c - turns a few words into extensions used on a real server. */
/* SPDX-License-Identifier: MIT */
/*
 *     esmtp lmtp|smtp HOST PORT COMMAND    or   lmtp unix PATH COMMAND
 *
 *     report ENVID FROM TO ORCPT  a mail that asks for reports
 *     utf8 FROM TO                a mail with SMTPUTF8
 *     send FROM TO...             one mail to all of them
 *     vrfy|etrn|help WORD         prints the reply: code, then its lines
 *
 * Says of each recipient what became of him: "accepted 250".  Exits with 0
 * when the session itself was in order.
 */
#include "duva/extras.h"
#include "duva/posix.h"

#include <stdio.h>
#include <string.h>

enum { RCPTS = 20, CONNECT_MS = 10000 };

static int send_mail(duva_client *c, duva_mail *mail)
{
    static const char message[] = "Subject: Homing\n\nThe pigeon is back.\n";
    duva_memory text = { message, sizeof(message) - 1, 0 };
    size_t      i;

    duva_send_mail(c, mail, duva_memory_read, &text);
    printf("%s %s %lu\n", duva_verdict_name(mail->result.verdict),
           duva_reason_name(mail->result.reason),
           (unsigned long)mail->result.where);
    for (i = 0; i < mail->rcpt_count; i++)
        printf("%s %u\n", duva_verdict_name(mail->rcpt[i].verdict),
               mail->rcpt[i].status.code);
    return 0;
}

static int send_all(duva_client *c, char **argv, uint8_t flags,
                    const duva_mail_extras *extras,
                    const duva_rcpt_extras *to)
{
    duva_rcpt rcpt[RCPTS];
    duva_mail mail = { .from = argv[0], .rcpt = rcpt, .flags = flags,
                       .policy = DUVA_WHOEVER_IS_ACCEPTED, .extras = extras };

    memset(rcpt, 0, sizeof(rcpt));
    for (argv++; *argv != NULL && mail.rcpt_count < RCPTS; argv++) {
        rcpt[mail.rcpt_count].addr = *argv;
        rcpt[mail.rcpt_count++].extras = to;
    }
    return send_mail(c, &mail);
}

static int report(duva_client *c, char **argv)
{
    duva_mail_extras mail = { .ops = &duva_extras, .envid = argv[0],
                              .ret = DUVA_RET_HDRS };
    duva_rcpt_extras to = { .ops = &duva_extras,
                            .notify = DUVA_NOTIFY_SUCCESS
                                      | DUVA_NOTIFY_FAILURE,
                            .orcpt = argv[3] };

    argv[3] = NULL;
    return send_all(c, argv + 1, 0, &mail, &to);
}

static int ask(duva_client *c, duva_verb verb, const char *word)
{
    char       words[2000];
    duva_query q = { .verb = verb, .arg = word, .text = words,
                     .text_size = sizeof(words) };
    const int  err = duva_ask(c, &q);

    if (err != DUVA_OK)
        printf("%s %s\n", duva_err_name((duva_err)err),
               duva_reason_name(q.reason));
    else
        printf("%u\n%s\n", q.status.code, words);
    return 0;
}

static int run(duva_client *c, int argc, char **argv)
{
    const char *what = argv[0];

    if (strcmp(what, "report") == 0 && argc == 5)
        return report(c, argv + 1);
    if (strcmp(what, "utf8") == 0 && argc == 3)
        return send_all(c, argv + 1, DUVA_MAIL_8BIT | DUVA_MAIL_UTF8, NULL,
                        NULL);
    if (strcmp(what, "send") == 0 && argc > 2)
        return send_all(c, argv + 1, 0, NULL, NULL);
    if (strcmp(what, "vrfy") == 0 && argc == 2)
        return ask(c, DUVA_VRFY, argv[1]);
    if (strcmp(what, "etrn") == 0 && argc == 2)
        return ask(c, DUVA_ETRN, argv[1]);
    return 64;
}

int main(int argc, char **argv)
{
    static char buffer[DUVA_BUFFER_MIN];
    duva_config config = { .name = "esmtp.example", .tls = DUVA_TLS_NEVER };
    duva_posix  link;
    duva_client client;
    int         err;

    if (argc < 5)
        return 64;
    if (strcmp(argv[1], "lmtp") == 0)
        config.options = DUVA_LMTP;
    err = strcmp(argv[2], "unix") == 0
              ? duva_posix_open_unix(&link, argv[3])
              : duva_posix_open(&link, argv[2], argv[3], CONNECT_MS);
    if (err != DUVA_OK) {
        fprintf(stderr, "%s\n", duva_err_text((duva_err)err));
        return 1;
    }
    memset(&client, 0, sizeof(client));
    client.link = &link.link;
    if (duva_client_init(&client, &config, buffer, sizeof(buffer)) != DUVA_OK)
        return 1;
    err = run(&client, argc - 4, argv + 4);
    if (err != 0)
        return err;
    err = duva_close(&client);
    if (err != DUVA_OK)
        fprintf(stderr, "%s\n", duva_err_text((duva_err)err));
    return err == DUVA_OK ? 0 : 1;
}
