/* extras.h - what a mail may ask of a server beyond its envelope. */
/* SPDX-License-Identifier: MIT */
/*
 * Parameters of MAIL and RCPT (RFC 5321 4.1.1.11), as typed fields.  Zero a
 * struct, set what is wanted, and point mail.extras or rcpt.extras at it; what
 * is zero is not said.  Everything is the caller's and must stay put as long
 * as the mail; one struct may serve many mails and recipients.
 *
 * Nothing is left out in silence.  duva_mail_start() answers, before a byte is
 * sent:
 *
 * DUVA_ERR_ARG: a field cannot be said.  mail.result.reason names the field,
 * result.where is the number of the recipient from 1, or 0 for a field of the
 * mail.
 *
 * DUVA_ERR_UNSUPPORTED: the server does not offer it (NOT_OFFERED), or not as
 * much of it (OUT_OF_LIMITS).  result.where is the DUVA_CAP_* bit that it
 * takes; duva_cap_name() has its keyword.
 *
 * Text is plain here: what xtext (RFC 3461 4) must encode, the engine encodes.
 * A date is "2026-12-24T18:00:00Z": always in UTC, to the second.
 *
 * Not there with DUVA_SMALL.
 */
#ifndef DUVA_EXTRAS_H
#define DUVA_EXTRAS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A parameter of an extension that has no field here: name=value, or the name
 * alone when value is NULL.  The name is letters, digits and hyphens, and not
 * one that this file or mail.h has a field for; the value is any text but "".
 * Whether the server offers it is the caller's to know: it answers 555 to what
 * it does not. */
typedef struct duva_param {
    const char *name;
    const char *value;
} duva_param;

/* duva_mail_extras.ret: how much of a message that fails is returned. */
enum { DUVA_RET_FULL = 1, DUVA_RET_HDRS };

/* duva_mail_extras.by_mode: what becomes of a message that is late. */
enum { DUVA_BY_RETURN = 1, DUVA_BY_NOTIFY };

/* duva_mail_extras.priority, from DUVA_PRIORITY(-9) to DUVA_PRIORITY(9). */
#define DUVA_PRIORITY(n) (100 + (n))

typedef struct duva_mail_extras {
    /* DSN (RFC 3461): envid comes back in every report; printable ASCII, and
     * 100 octets at most as they are said. */
    const char *envid;
    uint8_t     ret;           /* DUVA_RET_* */

    /* DELIVERBY (RFC 2852): deliver within by seconds, or return the message
     * (by must be 1 at least, and what the server asks for at least) or
     * notify (then by may be 0 or less).  9 digits at most. */
    uint8_t     by_mode;       /* DUVA_BY_*; 0: no deadline */
    uint8_t     by_trace;      /* 1: report each relay */
    int32_t     by;

    /* FUTURERELEASE (RFC 4865): hold it for some seconds, 9 digits at most,
     * or until a date; not both. */
    uint32_t    hold_for;
    const char *hold_until;

    int16_t     priority;      /* MT-PRIORITY (RFC 6710); 0: not said */

    /* AUTH (RFC 4954 5): who submitted the message; an address, or "" for
     * <>, nobody that one can vouch for. */
    const char *auth;

    /* NO-SOLICITING (RFC 3865): what the message solicits, as keywords with
     * commas between: "org.example:ADV,net.example:ADV:ADLT". */
    const char *solicit;

    /* BURL (RFC 4468): the message is what the server finds at this URL,
     * "imap://ada@imap.example/Sent;uid=7;urlauth=submit+ada:internal:...";
     * the source, though there must be one, is not read.  Whoever has the URL
     * may have the message, so it is not in the trace. */
    const char *burl;

    const duva_param *param;
    size_t      param_count;
} duva_mail_extras;

/* duva_rcpt_extras.notify; NEVER stands alone. */
#define DUVA_NOTIFY_SUCCESS 0x1u
#define DUVA_NOTIFY_FAILURE 0x2u
#define DUVA_NOTIFY_DELAY   0x4u
#define DUVA_NOTIFY_NEVER   0x8u

typedef struct duva_rcpt_extras {
    /* DSN (RFC 3461): when to report, and to whom the message was addressed
     * at first; said as rfc822 or, with octets beyond ASCII, as utf-8 (RFC
     * 6533 3).  500 octets at most as they are said. */
    uint8_t     notify;        /* DUVA_NOTIFY_* */
    const char *orcpt;

    /* RRVS (RFC 7293): refuse it when the mailbox has changed hands since
     * that date. */
    const char *rrvs;
    uint8_t     rrvs_continue; /* 1: deliver if nobody can tell ("C") */

    const duva_param *param;
    size_t      param_count;
} duva_rcpt_extras;

#ifdef __cplusplus
}
#endif
#endif
