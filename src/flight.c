/* flight.c - turns a mail into an open transaction. */
/* SPDX-License-Identifier: MIT */
#include "flight.h"

#include "syntax/absent.h"
#include "duva/extras.h"
#include "lmtp.h"
#include "overlap.h"
#include "params.h"
#include "position.h"
#include "state.h"

/* May octets above 127 be in the message (RFC 6152 3, 6531 3.2)? */
static int takes_8bit(const duva_engine *e, const duva_mail *m)
{
    return (e->caps.bits & DUVA_CAP_8BITMIME)
           || (m->flags & (DUVA_MAIL_BINARY | DUVA_MAIL_UTF8));
}

#if DUVA__FLIGHT

#if DUVA_WITH_CHUNKING
/* Bits for how the message is transferred: by DATA, BDAT or BURL.
 *
 * BDAT requires an exact length, or a binary message.  An empty message is sent
 * by DATA: BDAT withholds the last octet until the source has ended, and there
 * is none. */
static uint16_t transfer_of(const duva_engine *e, const duva_mail *m)
{
    unsigned bits = 0;

#if DUVA_WITH_BURL
    if (m->extras != NULL && m->extras->burl != NULL)
        return DUVA__CHUNKED | DUVA__BY_URL;
#endif
    if (!(duva__usable(e) & DUVA_CAP_CHUNKING))
        return 0;
    if ((m->flags & DUVA_MAIL_EXACT) && m->size > 0
        && (size_t)m->size == m->size)
        bits = DUVA__CHUNKED | DUVA__EXACT;
    else if (m->flags & DUVA_MAIL_BINARY)
        bits = DUVA__CHUNKED | DUVA__PIECES;
    if (bits != 0 && takes_8bit(e, m)
        && (m->flags & (DUVA_MAIL_AS_IS | DUVA_MAIL_BINARY)))
        bits |= DUVA__RAW;
    return (uint16_t)bits;
}
#else
#define transfer_of(e, m) 0
#endif

/* May the transaction before still be open?  A server that rejects one of its
 * commands, the last BDAT included, may keep it open until RSET, and the next
 * mail would be added to it. */
static int needs_reset(const duva_engine *e)
{
    const duva_mail *m = e->said.mail;

    return m == NULL ? e->open : DUVA__HAS(m, DUVA__CHUNKED);
}

void duva__start_mail(duva_engine *e, duva_mail *m)
{
    m->flight.next = NULL;
    m->flight.replies_due = 0;
    m->flight.bits = transfer_of(e, m);
#if DUVA_WITH_PIPELINING
    if (e->said.mail != NULL)
        m->flight.bits |= DUVA__AHEAD;
    if (e->said.mail != NULL && e->overlap != DUVA_OVERLAP_SHOWN)
        m->flight.bits |= DUVA__TRIAL;
    else
#endif
        if (needs_reset(e))
        m->flight.bits |= DUVA__RESET;
    m->flight.command = duva__here(e);
    m->flight.end = e->sent;
    e->body.no_dots = !!(m->flight.bits & DUVA__CHUNKED);
    if (DUVA_WITH_SIZE)        /* else they go as they are */
        e->body.ascii = !takes_8bit(e, m);
#if DUVA_WITH_CHUNKING
    e->body_left = (size_t)m->size;
#endif
    if (e->said.mail != NULL)
        e->said.mail->flight.next = m;
    duva__begin_with(&e->said, m);
    if (e->heard.mail == NULL)
        e->heard = e->said;
    e->transactions++;
}

#else

/* One mail at a time: its commands wait for each other. */
void duva__start_mail(duva_engine *e, duva_mail *m)
{
    duva__enter(e, DUVA_WITH_MAILS && e->open ? DUVA_STAGE_RSET
                                              : DUVA_STAGE_MAIL);
    e->heard.mail = e->said.mail = m;
    if (DUVA_WITH_SIZE)        /* else they go as they are */
        e->body.ascii = !takes_8bit(e, m);
}
#endif
