/* extras.h - parameters of MAIL and RCPT (RFC 5321 4.1.1.11). */
/* SPDX-License-Identifier: MIT */
/*
 * Zero a struct, set ops to &duva_extras, set fields, and point mail.extras or
 * rcpt.extras at it; a field that is zero is not sent.  The caller owns all of
 * it; the engine borrows it as long as the mail.  Several mails and recipients
 * may share a struct.
 *
 * A parameter is never omitted silently.  duva_mail_start() returns, before an
 * octet is sent:
 *
 * DUVA_ERR_ARG: the value is not valid.  mail.result.reason names the field,
 * result.where is the number of the recipient from 1, or 0 for a field of the
 * mail.
 *
 * DUVA_ERR_UNSUPPORTED: the extension is not advertised (NOT_OFFERED), or the
 * value is beyond its limits (OUT_OF_LIMITS).  result.where is the DUVA_CAP_*
 * bit; duva_cap_name() returns its keyword.
 *
 * Text is plain here: the engine encodes it as xtext (RFC 3461 4).
 * A date is "2026-12-24T18:00:00Z": always in UTC, to the second.
 */
#ifndef DUVA_EXTRAS_H
#define DUVA_EXTRAS_H

#include "duva/reason.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A parameter of an extension that has no field here: name=value, or the name
 * alone when value is NULL.  The name has letters, digits and hyphens, and is
 * not one that this file or mail.h has a field for; the value is not empty.
 * The engine does not check that the server advertises it; a server that does
 * not know it replies 555. */
typedef struct duva_param {
    const char *name;
    const char *value;
} duva_param;

/* duva_mail_extras.ret: what of a message that fails is returned. */
enum { DUVA_RET_FULL = 1, DUVA_RET_HDRS };

/* duva_mail_extras.by_mode: what to do with a message that is late. */
enum { DUVA_BY_RETURN = 1, DUVA_BY_NOTIFY };

/* duva_mail_extras.priority, from DUVA_PRIORITY(-9) to DUVA_PRIORITY(9). */
#define DUVA_PRIORITY(n) (100 + (n))

/* The code for all of them: a program that does not name it does not have it.
 * A struct without it is DUVA_ERR_ARG, MISSING. */
extern const struct duva_extras_ops duva_extras;

typedef struct duva_mail_extras {
    const struct duva_extras_ops *ops; /* &duva_extras */
#if DUVA_WITH_DSN
    /* DSN (RFC 3461 4.3, 4.4): envid is repeated in each report; printable
     * ASCII, 100 octets at most once encoded. */
    const char *envid;
    uint8_t     ret;           /* DUVA_RET_* */
#endif

#if DUVA_WITH_DELIVERBY
    /* DELIVERBY (RFC 2852): deliver within by seconds; otherwise return the
     * message (by is at least 1 and at least the server's minimum) or notify
     * (by may be 0 or negative).  9 digits at most. */
    uint8_t     by_mode;       /* DUVA_BY_*; 0: no deadline */
    uint8_t     by_trace;      /* 1: report each relay */
    int32_t     by;
#endif

#if DUVA_WITH_FUTURERELEASE
    /* FUTURERELEASE (RFC 4865): hold the message for some seconds, 9 digits at
     * most, or until a date; not both. */
    uint32_t    hold_for;
    const char *hold_until;
#endif

#if DUVA_WITH_MT_PRIORITY
    int16_t     priority;      /* MT-PRIORITY (RFC 6710); 0: not sent */
#endif

#if DUVA_WITH_SUBMITTER
    /* AUTH (RFC 4954 5): the address of the submitter, or "" for <>, which
     * is not authenticated. */
    const char *auth;
#endif

#if DUVA_WITH_NO_SOLICITING
    /* NO-SOLICITING (RFC 3865): solicitation class keywords, separated by
     * commas: "org.example:ADV,net.example:ADV:ADLT". */
    const char *solicit;
#endif

#if DUVA_WITH_BURL
    /* BURL (RFC 4468): the server reads the message from this URL,
     * "imap://ada@imap.example/Sent;uid=7;urlauth=submit+ada:internal:...".
     * There must be a source, but it is not read.  The URL gives access to the
     * message, so it is not in the trace. */
    const char *burl;
#endif

#if DUVA_WITH_PARAMS
    const duva_param *param;
    size_t      param_count;
#endif
} duva_mail_extras;

/* Bits of duva_rcpt_extras.notify; NEVER excludes the others. */
#define DUVA_NOTIFY_SUCCESS 0x1u
#define DUVA_NOTIFY_FAILURE 0x2u
#define DUVA_NOTIFY_DELAY   0x4u
#define DUVA_NOTIFY_NEVER   0x8u

typedef struct duva_rcpt_extras {
    const struct duva_extras_ops *ops; /* &duva_extras */
#if DUVA_WITH_DSN
    /* DSN (RFC 3461 4.1, 4.2): when to report, and the original recipient,
     * sent as rfc822 or, with octets above 127, as utf-8 (RFC 6533 3).  500
     * octets at most once encoded. */
    uint8_t     notify;        /* DUVA_NOTIFY_* */
    const char *orcpt;
#endif

#if DUVA_WITH_RRVS
    /* RRVS (RFC 7293): reject the recipient when the owner of the mailbox has
     * changed since that date. */
    const char *rrvs;
    uint8_t     rrvs_continue; /* 1: deliver if it is not known ("C") */
#endif

#if DUVA_WITH_PARAMS
    const duva_param *param;
    size_t      param_count;
#endif
} duva_rcpt_extras;

/* Validates the extras of a mail, and of its recipients that are PENDING or
 * RETRY, before there is a session: the check of duva_mail_start(), but for
 * limits.  offered: DUVA_CAP_* of duva_caps.bits, UINT32_MAX for any server.
 * Returns DUVA_REASON_NONE, or a reason with its *where, as above; MISSING for
 * a pointer that is NULL. */
struct duva_mail;
duva_reason duva_extras_check(const struct duva_mail *mail, uint32_t offered,
                              uint32_t *where);

#ifdef __cplusplus
}
#endif
#endif
