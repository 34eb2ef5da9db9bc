/* state.c - where a session is: its stage, what it needs, what is sent. */
/* SPDX-License-Identifier: MIT */
#include "state.h"

#include "position.h"

#include <string.h>

void duva__enter(duva_engine *e, duva_stage stage)
{
    if (DUVA__IS_AT(e, DUVA_STAGE_AUTH))
        memset(e->out, 0, e->out_cap); /* a password may have passed */
    if (stage == DUVA__CLOSED)
        e->out_len = e->out_pos = 0;
    e->heard.mail = NULL;
    e->heard.step = stage;
    e->said = e->heard;
    e->replies_due = stage == DUVA_STAGE_GREETING;
    e->offset = 0;
    e->withheld = 0;
}

#if DUVA__FLIGHT
size_t *duva__replies_due(duva_engine *e, duva_mail *m)
{
    return m == NULL ? &e->replies_due : &m->flight.replies_due;
}

duva_octet duva__here(const duva_engine *e)
{
    duva_octet here = { e->sent.count + (e->out_len - e->out_pos) };

    return here;
}

int duva__is_out(const duva_engine *e, duva_octet place)
{
    return e->sent.count - place.count <= SIZE_MAX / 2;
}

int duva__is_body(const duva_engine *e)
{
    const duva_mail *m = e->said.mail;

    if (duva__stage_of(&e->said) != DUVA_STAGE_BODY)
        return 0;
    if (DUVA__HAS(m, DUVA__CHUNKED)) /* each piece is a command */
        return duva__is_pipelined(e) || m->flight.replies_due == 0;
    return duva__is_same(&e->heard, &e->said); /* this mail's 354 has come */
}
#endif

#if DUVA_WITH_PIPELINING
int duva__is_pipelined(const duva_engine *e)
{
    return (e->caps.bits & DUVA_CAP_PIPELINING)
           && !(e->config->options & DUVA_LOCK_STEP);
}
#endif

/* Octets that may go out now. */
size_t duva__visible(const duva_engine *e)
{
    return e->out_len - e->out_pos - (DUVA_WITH_CHUNKING ? e->withheld : 0);
}

#if DUVA__FLIGHT
/* Pieces of several need the buffer for themselves. */
static int has_room(const duva_engine *e)
{
    if (duva__visible(e) == 0)
        return 1;
    return e->out_cap - e->out_len > e->out_cap / 2
           && !DUVA__HAS(e->said.mail, DUVA__PIECES);
}
#endif

duva_need duva_next(const duva_engine *e)
{
    static const uint8_t need[DUVA_STAGES] = {
        DUVA_CLOSED, DUVA_TLS, DUVA_RECV, DUVA_RECV, DUVA_RECV, DUVA_RECV,
        DUVA_IDLE, DUVA_RECV, DUVA_RECV, DUVA_RECV, DUVA_RECV, DUVA_BODY,
        DUVA_RECV, DUVA_RECV
    };

#if DUVA__FLIGHT
    if (duva__is_body(e) && has_room(e))
        return DUVA_BODY;
#endif
    if (duva__visible(e) > 0)
        return DUVA_SEND;
    if (DUVA__IS_AT(e, DUVA_STAGE_AUTH) && e->sasl == NULL)
        return DUVA_AUTH;
    return (duva_need)need[duva__stage_of(&e->heard)];
}

#if DUVA__FLIGHT
/* How far a mail is out whose end may be the next to be answered. */
static duva_stage stage_of_end(const duva_engine *e, const duva_mail *m)
{
    if (!DUVA__HAS(m, DUVA__BODY) || !duva__is_out(e, m->flight.body))
        return DUVA_STAGE_DATA;
    return DUVA__HAS(m, DUVA__ENDED) && duva__is_out(e, m->flight.end)
               ? DUVA_STAGE_END
               : DUVA_STAGE_BODY; /* there is more of it to be sent */
}
#endif

duva_stage duva_where(const duva_engine *e)
{
    duva_stage stage;

    if (DUVA__IS_AT(e, DUVA__CLOSED))
        return (duva_stage)e->outcome.status.stage;
    stage = duva__stage_of(&e->heard);
#if DUVA__FLIGHT
    if (stage == DUVA_STAGE_END)
        stage = stage_of_end(e, e->heard.mail);
#endif
    return stage;
}

#if DUVA__FLIGHT
/* The message goes from here on: by DATA behind 354, by BDAT behind the line
 * of the first. */
void duva__mark_body(duva_engine *e, duva_mail *m)
{
    if (m->flight.bits & DUVA__BODY)
        return;
    if (!(m->flight.bits & DUVA__CHUNKED))
        m->flight.bits &= (uint16_t)~DUVA__AHEAD; /* the server is in step */
    m->flight.bits |= DUVA__BODY;
    m->flight.body = duva__here(e);
}
#endif
