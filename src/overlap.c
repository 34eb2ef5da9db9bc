/* overlap.c - turns what a server does into what may follow an end of data. */
/* SPDX-License-Identifier: MIT */
#include "overlap.h"

#include "position.h"
#include "state.h"

#if DUVA_WITH_PIPELINING

int duva__may_overlap(const duva_engine *e)
{
    const duva_mail *last = e->said.mail;

    if (!duva__is_pipelined(e) || e->outcome.err != DUVA_OK || last == NULL
        || !DUVA__HAS(last, DUVA__ENDED) || e->transactions > e->config->window
        || e->transactions == UINT16_MAX)
        return 0;
    return e->overlap == DUVA_OVERLAP_SHOWN
           || (e->overlap == DUVA_OVERLAP_UNTRIED && e->has_accepted
               && e->transactions == 1 && last->result.err == DUVA_OK
               && !duva__is_out(e, last->flight.end));
}

/* Code 500 to 503: a command that is unknown, or out of place.  But MAIL and
 * RCPT can earn 501, by their addresses. */
static int is_about_command(const duva_status *s)
{
    return s->code >= 500 && s->code <= 503
           && (s->code != 501 || s->stage < DUVA_STAGE_MAIL
               || s->stage > DUVA_STAGE_RCPT);
}

/* With a transaction still open the server had to reject MAIL. */
int duva__hear_trial(duva_engine *e, int good)
{
    duva_mail *m = e->heard.mail;

    if (!DUVA__HAS(m, DUVA__TRIAL))
        return 0;
    m->flight.bits &= (uint16_t)~(DUVA__TRIAL | DUVA__AHEAD);
    if (good) {
        e->overlap = DUVA_OVERLAP_SHOWN;
        return 0;
    }
    if (e->open)
        m->flight.bits |= DUVA__RESET;
    else if (is_about_command(&e->outcome.status))
        e->overlap = DUVA_OVERLAP_NEVER;
    duva__begin_with(&e->heard, m);
    e->said = e->heard;
    m->flight.command = duva__here(e);
    return 1;
}

/* What follows a rejected command of the same mail earns any of them. */
int duva__is_out_of_step(const duva_engine *e)
{
    const duva_mail   *m = e->heard.mail;
    const duva_status *s = &e->outcome.status;

    return m != NULL
           && DUVA__HAS(m, DUVA__AHEAD | DUVA__TRIAL) == DUVA__AHEAD
           && m->result.err == DUVA_OK && is_about_command(s);
}

void duva__overlap_failed(duva_engine *e, duva_err why)
{
    const duva_mail *first = e->heard.mail, *last = e->said.mail;

    if (first == NULL || why == DUVA_ERR_CANCELLED || why == DUVA_ERR_BODY)
        return;
    if (DUVA__HAS(last, DUVA__TRIAL)
        || (DUVA__HAS(first, DUVA__AHEAD)
            && (why == DUVA_ERR_PROTOCOL || why == DUVA_ERR_TIMEOUT)))
        e->overlap = DUVA_OVERLAP_NEVER;
}

/* ---- calls ---- */

duva_overlap duva_overlap_get(const duva_engine *e)
{
    return (duva_overlap)e->overlap;
}

int duva_overlap_set(duva_engine *e, duva_overlap overlap)
{
    if ((unsigned)overlap > DUVA_OVERLAP_NEVER)
        return DUVA_ERR_ARG;
    e->overlap = (uint8_t)overlap;
    return DUVA_OK;
}

int duva_is_trial(const duva_engine *e)
{
    return e->heard.mail != NULL && DUVA__HAS(e->heard.mail, DUVA__TRIAL);
}

#else
typedef int duva__no_overlap;  /* a file must not be empty */
#endif
