/* flight.c - turns a mail into one that is under way. */
/* SPDX-License-Identifier: MIT */
#include "dialogue.h"

#include "duva/extras.h"
#include "lmtp.h"

#if !DUVA_SMALL

/* A message by BDAT needs a length beforehand, or must have no lines that
 * could be counted. */
static uint8_t way_of(const duva_engine *e, const duva_mail *m)
{
    unsigned way = 0;

    if (m->extras != NULL && m->extras->burl != NULL)
        return DUVA__CHUNKED | DUVA__BY_URL;
    if (!(e->caps.bits & DUVA_CAP_CHUNKING) || DUVA__IS_LMTP(e)
        || (e->config->options & DUVA_NO_CHUNKING))
        return 0;
    if ((m->flags & DUVA_MAIL_EXACT) && (size_t)m->size == m->size)
        way = DUVA__CHUNKED | DUVA__EXACT;
    else if (m->flags & DUVA_MAIL_BINARY)
        way = DUVA__CHUNKED | DUVA__PIECES;
    if (way != 0 && (m->flags & (DUVA_MAIL_AS_IS | DUVA_MAIL_BINARY)))
        way |= DUVA__RAW;
    return (uint8_t)way;
}

/* Is a transaction of before still open, or may it be, for all that we know?
 * A server that refuses MAIL or the only RCPT keeps it open past BDAT, and a
 * mail that follows would be mixed with it. */
static int needs_reset(const duva_engine *e)
{
    const duva_mail *m = e->last;

    if (m == NULL)
        return e->open;
    return (m->flight.bits & DUVA__CHUNKED)
           && (e->mail != m || m->result.err != DUVA_OK
               || duva__stage_of(m, e->heard) != DUVA_STAGE_END);
}

void duva__start_mail(duva_engine *e, duva_mail *m)
{
    m->flight.next = NULL;
    m->flight.owed = 0;
    m->flight.bits = way_of(e, m);
    if (needs_reset(e))
        m->flight.bits |= DUVA__RESET;
    m->flight.begin = duva__here(e);
    m->flight.end = e->taken;
    e->body.no_dots = !!(m->flight.bits & DUVA__CHUNKED);
    e->left = (size_t)m->size;
    e->said = DUVA__FIRST_STEP(m);
    if (e->mail == NULL) {
        e->mail = m;
        e->heard = e->said;
        e->owed = 0;
    } else {
        e->last->flight.next = m;
    }
    e->last = m;
    e->under_way++;
    duva__speak(e);
}

#else
typedef int duva__no_flight;   /* a file must not be empty */
#endif
