/* lmtp.c - turns the answers after the message into a verdict for each. */
/* SPDX-License-Identifier: MIT */
#include "lmtp.h"

#include "state.h"
#include "verdict.h"

#if DUVA_WITH_LMTP

size_t duva__end_answers(const duva_engine *e)
{
    const duva_mail *m = e->heard.mail;
    size_t           i, n = 0;

    if (!DUVA__IS_LMTP(e))
        return 1;
    for (i = 0; i < m->rcpt_count; i++)
        n += m->rcpt[i].verdict == DUVA_PENDING;
    return n;
}

/* All have been answered. */
static void finish(duva_engine *e, int good)
{
    duva_result *r = &e->heard.mail->result;

    if (r->status.code >= 400)
        r->err = DUVA_ERR_REJECTED;
    else
        e->outcome = *r;
    e->open = !good;
}

int duva__hear_lmtp(duva_engine *e, int good)
{
    duva_mail   *m = e->heard.mail;
    const size_t first = DUVA_STAGE_END - 1 + m->rcpt_count;
    duva_rcpt   *rcpt;

    if (!DUVA__IS_LMTP(e))
        return DUVA__NO_LMTP;
    do                         /* in the order of RCPT: RFC 2033 4.2 */
        rcpt = &m->rcpt[e->heard.step++ - first];
    while (rcpt->verdict != DUVA_PENDING);
    duva__set_recipient(rcpt, &e->outcome,
                        good ? DUVA_ACCEPTED
                             : duva__verdict_of_reply(&e->outcome.status));
    duva__keep_weightier_reply(e);
    if (m->flight.replies_due > 0)
        return DUVA__LMTP_MORE;
    finish(e, good);
    return DUVA__LMTP_OVER;
}

#else
typedef int duva__no_lmtp;     /* a file must not be empty */
#endif
