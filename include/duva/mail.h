/* mail.h - an envelope (RFC 5321 2.3.1) and the result of its transaction. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MAIL_H
#define DUVA_MAIL_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One recipient.  Zero it, then set addr; set text and text_size to get the
 * text of the reply. */
typedef struct duva_rcpt {
    const char  *addr;         /* "ada@example.org", no brackets unless the mail
                                  has DUVA_MAIL_BRACKETS */
    char        *text;         /* out: text of the reply; NULL: not wanted */
    size_t       text_size;    /* octets at text, with its NUL; 0: none */
    duva_verdict verdict;      /* out: see duva_mail_start() */
    duva_status  status;       /* out: the reply that decided it */
#if DUVA__EXTRAS
    const struct duva_rcpt_extras *extras; /* extras.h; NULL: none */
#endif
} duva_rcpt;

typedef enum duva_policy {
    DUVA_ALL_OR_NOTHING,       /* one recipient that is not accepted stops the
                                  mail, and so does a limit of recipients */
    DUVA_WHOEVER_IS_ACCEPTED   /* send to those that are accepted; any other
                                  number means this, too */
} duva_policy;

/* A mail that is not sent because of its recipients has the result of one of
 * them.  ALL_OR_NOTHING: the first that was rejected, else the first that was
 * deferred.  WHOEVER_IS_ACCEPTED: the last that was deferred, else the last
 * that was rejected.
 *
 * LMTP (RFC 2033 4.2): each recipient has a reply after end of data too, which
 * decides its verdict.  The mail is ACCEPTED when all recipients are, or with
 * WHOEVER_IS_ACCEPTED when one is; its status is the last reply that accepts.
 * Otherwise the rule above holds for all replies to RCPT and after end of data.
 * A delivery cannot be undone, whatever the policy. */

/* Flags of a mail. */
#define DUVA_MAIL_8BIT 0x01u   /* the message has octets above 127: 8BITMIME
                                  is required (RFC 6152); convert.h converts
                                  for servers without it */
#if DUVA_WITH_TLS
#define DUVA_MAIL_REQUIRETLS 0x02u /* verified TLS is required, here and on each
                                  further hop (RFC 8689) */
#endif
#if DUVA_WITH_SMTPUTF8
#define DUVA_MAIL_UTF8 0x20u   /* addresses and header fields may be UTF-8:
                                  SMTPUTF8 is required (RFC 6531) */
#endif

#define DUVA_MAIL_BRACKETS 0x40u /* an address may be in a pair of angle
                                  brackets: "<ada@example.org>" */
#define DUVA_MAIL_EXACT 0x04u  /* size is exact, and not 0: with CHUNKING the
                                  message is sent in one BDAT (RFC 3030) */
#define DUVA_MAIL_AS_IS 0x08u  /* each line ends in CRLF and nothing must be
                                  changed: the message is not inspected; takes
                                  effect with BDAT and 8BITMIME only */
#if DUVA_WITH_CHUNKING
#define DUVA_MAIL_BINARY 0x10u /* any octets: BINARYMIME and BDAT are required
                                  (RFC 3030 3) */
#endif

/* A position in the octets that a session has sent: how many precede it,
 * without those that went past the engine. */
typedef struct duva_octet {
    size_t count;
} duva_octet;

#if DUVA__FLIGHT
/* Private to the engine, from duva_mail_start() to the verdict. */
typedef struct duva_flight {
    struct duva_mail *next;    /* the mail that was started after it */
    size_t   replies_due;      /* to commands that were written */
    duva_octet command;        /* the first one that is not answered */
    duva_octet body, end;      /* of its message */
    uint16_t bits;
} duva_flight;
#endif

/* One mail.  Zero it, then set the fields above result.  The caller owns it and
 * all that it points to; the engine borrows them until result.verdict is no
 * longer DUVA_PENDING.  Then it and each rcpt[i].verdict are final. */
typedef struct duva_mail {
    const char  *from;         /* "" is the null reverse-path of a bounce */
    duva_rcpt   *rcpt;
    size_t       rcpt_count;
    duva_policy  policy;
    uint8_t      flags;        /* DUVA_MAIL_* */
#if DUVA_WITH_SIZE
    uint64_t     size;         /* octets of the message, without stuffed dots;
                                  0: unknown; sent and compared with the limit
                                  when SIZE is advertised (RFC 1870) */
#endif
#if DUVA__EXTRAS
    const struct duva_mail_extras *extras; /* extras.h; NULL: none */
#endif
    duva_result  result;       /* out */
#if DUVA__FLIGHT
    duva_flight  flight;       /* private */
#endif
} duva_mail;

/* Validates an address for MAIL and RCPT, as it stands.
 *
 * The grammar is RFC 5321 4.1.2 with its limits of 4.5.3.1: an atom with dots
 * anywhere, or a quoted string, then "@" and a domain or an address literal;
 * the domain may be missing, as in "postmaster".  Source routes and octets
 * above 127 are rejected.  Returns DUVA_REASON_NONE when it is valid, or a
 * reason of DUVA_ERR_ARG. */
duva_reason duva_address_check(const char *addr);

/* The same for a mail with DUVA_MAIL_UTF8: UTF-8 is valid wherever a letter is
 * (RFC 6531 3.3).  Limits count octets. */
#if DUVA_WITH_SMTPUTF8
duva_reason duva_address_check_utf8(const char *addr);
#endif

/* The same for an address of a mail with these flags: DUVA_MAIL_BRACKETS and
 * DUVA_MAIL_UTF8 count. */
duva_reason duva_path_check(const char *addr, uint8_t flags);

/* Validates the argument of EHLO (RFC 5321 4.1.1.1): a domain or an address
 * literal, 255 octets at most. */
duva_reason duva_name_check(const char *name);

/* Validates a message before it is sent, and counts its octets.
 *
 * Zero a duva_body, pass the message through duva_body_check() in pieces of
 * any size, then call duva_body_check_end().  Both return DUVA_OK or
 * DUVA_ERR_BODY; then reason is set and line + 1 is the line at fault.  After
 * duva_body_check_end(), octets is the value for mail.size.  The engine sends
 * with the same encoder; the check changes nothing. */
typedef struct duva_body {
#if DUVA_WITH_SIZE
    uint64_t octets;           /* of the message on the wire, without stuffed
                                  dots; counted by the check only */
#endif
    uint32_t line;             /* complete lines */
    uint16_t column;           /* octets in the present line */
    uint8_t  after_cr;         /* the last octet was a CR */
    uint8_t  no_dots;          /* 1: BDAT, no dot stuffing */
    uint8_t  ascii;            /* 1: octets above 127 are an error, NOT_ASCII */
    uint8_t  reason;           /* duva_reason, once it failed */
} duva_body;

int duva_body_check(duva_body *b, const void *data, size_t len);
int duva_body_check_end(duva_body *b);

#ifdef __cplusplus
}
#endif
#endif
