/* etpan.c - sends a job with libEtPan, which takes messages from memory. */
/* SPDX-License-Identifier: MIT */
#include "../job.h"

#include <libetpan/libetpan.h>
#include <stdint.h>
#include <stdlib.h>

/* It ends the last line itself. */
enum { LINE_END = 2 };

static void check(int code)
{
    if (code != MAILSMTP_NO_ERROR)
        job_fail("libetpan", mailsmtp_strerror(code));
}

static mailsmtp *dial(const struct job *j)
{
    mailsmtp *s = mailsmtp_new(0, NULL);

    if (s == NULL)
        job_fail("libetpan", "gives no session");
    check(mailsmtp_socket_connect(s, j->host,
                                  (uint16_t)strtoul(j->port, NULL, 10)));
    check(mailesmtp_ehlo(s));
    return s;
}

static void send_one(mailsmtp *s, const struct job *j)
{
    unsigned long i;

    check(mailesmtp_mail(s, JOB_FROM, 0, NULL));
    for (i = 0; i < j->rcpts; i++)
        check(mailesmtp_rcpt(s, j->rcpt[i], 0, NULL));
    check(mailsmtp_data(s));
    check(mailsmtp_data_message(s, j->text, j->text_len - LINE_END));
}

static void hang_up(mailsmtp *s)
{
    mailsmtp_quit(s);
    mailsmtp_free(s);
}

int main(int argc, char **argv)
{
    struct job    j;
    mailsmtp     *s = NULL;
    unsigned long i;

    (void)argc;
    job_read(&j, argv);
    for (i = 0; i < j.mails; i++) {
        if (s == NULL)
            s = dial(&j);
        send_one(s, &j);
        if (j.anew || i + 1 == j.mails) {
            hang_up(s);
            s = NULL;
        }
    }
    return 0;
}
