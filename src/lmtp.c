/* lmtp.c - turns the answers after the message into a verdict for each. */
/* SPDX-License-Identifier: MIT */
#include "lmtp.h"

#include "dialogue.h"

#if !DUVA_SMALL

size_t duva__end_answers(const duva_engine *e)
{
    const duva_mail *m = e->mail;
    size_t           i, n = 0;

    if (!DUVA__IS_LMTP(e))
        return 1;
    for (i = 0; i < m->rcpt_count; i++)
        n += m->rcpt[i].verdict == DUVA_PENDING;
    return n;
}

/* All have been answered.  Until now the status of the result was that of the
 * last recipient accepted; it takes one to make the mail accepted. */
static void finish(duva_engine *e, int good)
{
    duva_result *r = &e->mail->result;

    if (r->status.code == 0) {
        duva__fail_mail(e);
    } else if (!good && r->err == DUVA_OK) {
        e->outcome.status = r->status;
        e->outcome.text[0] = '\0';
    }
    e->open = !good;
    duva__finish_mail(e);
    duva__enter(e, DUVA_STAGE_IDLE);
}

int duva__hear_lmtp(duva_engine *e, int good)
{
    duva_mail *m = e->mail;
    size_t     i = 0;

    if (!DUVA__IS_LMTP(e))
        return 0;
    while (m->rcpt[i].verdict != DUVA_PENDING)
        i++;                   /* in the order of RCPT: RFC 2033 4.2 */
    duva__decide(&m->rcpt[i], &e->outcome,
                 good ? DUVA_ACCEPTED : duva__opinion(&e->outcome.status));
    if (!good && m->policy == DUVA_ALL_OR_NOTHING)
        duva__fail_mail(e);
    else if (good && m->result.err == DUVA_OK)
        m->result.status = e->outcome.status;
    if (e->owed == 0)
        finish(e, good);
    return 1;
}

#else
typedef int duva__no_lmtp;     /* a file must not be empty */
#endif
