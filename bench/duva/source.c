/* source.c - turns a job into what Duva asks for: octets and recipients. */
/* SPDX-License-Identifier: MIT */
#include "source.h"

#include <stdlib.h>

int bench_source(void *reader, void *buf, size_t len)
{
    if (buf == NULL) {
        job_rewind(reader);
        return 0;
    }
    return (int)job_take(reader, buf, len);
}

duva_rcpt *bench_rcpts(const struct job *j)
{
    duva_rcpt    *rcpt = calloc(j->rcpts, sizeof(*rcpt));
    unsigned long i;

    if (rcpt == NULL)
        job_fail("memory", "there is none left");
    for (i = 0; i < j->rcpts; i++)
        rcpt[i].addr = j->rcpt[i];
    return rcpt;
}

void bench_require_accepted(const duva_mail *mail)
{
    size_t i;

    if (mail->result.verdict != DUVA_ACCEPTED)
        job_fail(duva_verdict_name(mail->result.verdict),
                 duva_err_text(mail->result.err));
    for (i = 0; i < mail->rcpt_count; i++)
        if (mail->rcpt[i].verdict != DUVA_ACCEPTED)
            job_fail(mail->rcpt[i].addr, "was not accepted");
}
