/* flight.c - turns a mail into one that is under way. */
/* SPDX-License-Identifier: MIT */
#include "flight.h"

#include "duva/extras.h"
#include "lmtp.h"
#include "overlap.h"
#include "position.h"
#include "state.h"

#if !DUVA_SMALL

/* RFC 6152 3, 6531 3.2: may octets above 127 be in the message? */
static int takes_8bit(const duva_engine *e, const duva_mail *m)
{
    return (e->caps.bits & DUVA_CAP_8BITMIME)
           || (m->flags & (DUVA_MAIL_BINARY | DUVA_MAIL_UTF8));
}

/* A message by BDAT needs a length beforehand, or must have no lines that
 * could be counted.  An empty one goes by DATA: the last octet of a message by
 * BDAT waits until its source has said that it is all, and it has none. */
static uint16_t way_of(const duva_engine *e, const duva_mail *m)
{
    unsigned way = 0;

    if (m->extras != NULL && m->extras->burl != NULL)
        return DUVA__CHUNKED | DUVA__BY_URL;
    if (!(e->caps.bits & DUVA_CAP_CHUNKING) || DUVA__IS_LMTP(e)
        || (e->config->options & DUVA_NO_CHUNKING))
        return 0;
    if ((m->flags & DUVA_MAIL_EXACT) && m->size > 0
        && (size_t)m->size == m->size)
        way = DUVA__CHUNKED | DUVA__EXACT;
    else if (m->flags & DUVA_MAIL_BINARY)
        way = DUVA__CHUNKED | DUVA__PIECES;
    if (way != 0 && takes_8bit(e, m)
        && (m->flags & (DUVA_MAIL_AS_IS | DUVA_MAIL_BINARY)))
        way |= DUVA__RAW;
    return (uint16_t)way;
}

/* Is the transaction before still open, or may it be, for all that we know?  A
 * server that rejects a command of it, the last BDAT included, may keep it open
 * until RSET, and a mail that follows would be mixed with it. */
static int needs_reset(const duva_engine *e)
{
    const duva_mail *m = e->said.mail;

    return m == NULL ? e->open : DUVA__HAS(m, DUVA__CHUNKED);
}

void duva__start_mail(duva_engine *e, duva_mail *m)
{
    m->flight.next = NULL;
    m->flight.replies_due = 0;
    m->flight.bits = way_of(e, m);
    if (e->said.mail != NULL)
        m->flight.bits |= DUVA__AHEAD;
    if (e->said.mail != NULL && e->overlap != DUVA_OVERLAP_SHOWN)
        m->flight.bits |= DUVA__TRIAL;
    else if (needs_reset(e))
        m->flight.bits |= DUVA__RESET;
    m->flight.begin = duva__here(e);
    m->flight.end = e->sent;
    e->body.no_dots = !!(m->flight.bits & DUVA__CHUNKED);
    e->body.ascii = !takes_8bit(e, m);
    e->left = (size_t)m->size;
    if (e->said.mail != NULL)
        e->said.mail->flight.next = m;
    duva__begin_with(&e->said, m);
    if (e->heard.mail == NULL) {
        e->heard = e->said;
        e->replies_due = 0;
    }
    e->transactions++;
}

#else
typedef int duva__no_flight;   /* a file must not be empty */
#endif
