/* mail.h - an envelope: who sends to whom, and what became of it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MAIL_H
#define DUVA_MAIL_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One recipient.  Zero it, then set addr (and text, if the words matter). */
typedef struct duva_rcpt {
    const char  *addr;         /* "ada@example.org", no brackets */
    char        *text;         /* out: the server's words; NULL: not wanted */
    size_t       text_size;    /* octets at text, with the final NUL; 0: none */
    duva_verdict verdict;      /* out: see duva_mail_start() */
    duva_status  status;       /* out: the reply that decided it */
#if !defined(DUVA_SMALL) || !DUVA_SMALL
    const struct duva_rcpt_extras *extras; /* extras.h; NULL: none */
#endif
} duva_rcpt;

typedef enum duva_policy {
    DUVA_ALL_OR_NOTHING,       /* one refused recipient stops the mail, and so
                                  does a server that takes fewer than all */
    DUVA_WHOEVER_IS_ACCEPTED   /* send to those that the server takes; any other
                                  number means this, too */
} duva_policy;

/* A mail that is not sent because of its recipients has the result of one of
 * them: with ALL_OR_NOTHING of the first that was rejected, or if there is none
 * of the first that was deferred; with the second policy of the last that was
 * deferred, or if there is none of the last that was rejected.
 *
 * Over LMTP each recipient has a reply after the end of data too, and is
 * ACCEPTED or not by it.  The mail is ACCEPTED, with the last reply that
 * accepts one, when all of them are, or with the second policy one.  If not,
 * the same rule holds over all replies to RCPT and after the end of data.  What
 * was accepted cannot be taken back, whatever the policy. */

/* Flags of a mail. */
#define DUVA_MAIL_8BIT 0x01u   /* octets above 127 are in it: only to a server
                                  that advertises 8BITMIME (RFC 6152); convert.h
                                  makes it fit for others */
#define DUVA_MAIL_REQUIRETLS 0x02u /* only over verified TLS, here and all the
                                  way on, or not at all (RFC 8689) */
#if !defined(DUVA_SMALL) || !DUVA_SMALL
#define DUVA_MAIL_UTF8 0x20u   /* addresses and header fields may be UTF-8:
                                  only to a server that offers SMTPUTF8 (RFC
                                  6531); not there with DUVA_SMALL */
#endif

#define DUVA_MAIL_EXACT 0x04u  /* size is exact, and not 0: an SMTP server that
                                  advertises CHUNKING gets the message in one
                                  BDAT (RFC 3030) */
#define DUVA_MAIL_AS_IS 0x08u  /* the message is fit for the wire, each line
                                  ended by CRLF: it is not looked at; takes
                                  effect with BDAT and 8BITMIME only */
#define DUVA_MAIL_BINARY 0x10u /* any octets: BODY=BINARYMIME, by BDAT, or not
                                  at all (RFC 3030 3) */

/* A place in the octets that a session has sent: how many precede it. */
typedef struct duva_octet {
    size_t count;
} duva_octet;

/* The engine's notes on a mail under way. */
typedef struct duva_flight {
    struct duva_mail *next;    /* the one that was started after it */
    size_t replies_due;        /* to commands that were written */
    duva_octet begin, body, end; /* of its first command, of its message, and
                                  the end of that */
    uint16_t bits;
} duva_flight;

/* One mail.  Everything here belongs to the caller and must stay put until
 * result.verdict is no longer DUVA_PENDING; then it and each
 * rcpt[i].verdict are final. */
typedef struct duva_mail {
    const char  *from;         /* "" is the null reverse-path of a bounce */
    duva_rcpt   *rcpt;
    size_t       rcpt_count;
    duva_policy  policy;
    uint8_t      flags;        /* DUVA_MAIL_* */
    uint64_t     size;         /* octets on the wire if known, else 0; said
                                  and checked when offered (RFC 1870) */
#if !defined(DUVA_SMALL) || !DUVA_SMALL
    const struct duva_mail_extras *extras; /* extras.h; NULL: none */
#endif
    duva_result  result;       /* out */
    duva_flight  flight;       /* the engine's */
} duva_mail;

/* Can this be said in MAIL and RCPT, exactly as it stands?
 *
 * The grammar is RFC 5321 4.1.2 with its limits of 4.5.3.1: an atom with dots
 * anywhere, or a quoted string, then "@" and a domain or an address literal;
 * the domain may be missing, as in "postmaster".  Source routes and addresses
 * beyond ASCII are refused.  Returns DUVA_REASON_NONE when it can. */
duva_reason duva_address_check(const char *addr);

/* The same for a mail with DUVA_MAIL_UTF8: UTF-8 may stand wherever a letter
 * may (RFC 6531 3.3).  Limits count octets.  Not there with DUVA_SMALL. */
duva_reason duva_address_check_utf8(const char *addr);

/* The argument of EHLO: a domain or an address literal, 255 octets at most. */
duva_reason duva_name_check(const char *name);

/* Is this message fit to be sent, and how long will it be?
 *
 * Zero a duva_body, pass the message through duva_body_check() in pieces of
 * any size, then call duva_body_check_end().  Both return DUVA_OK or
 * DUVA_ERR_BODY; then reason and line say what is wrong and where.  After
 * the end, octets is what mail.size wants.  It is the same encoder that the
 * engine sends with, and it changes nothing. */
typedef struct duva_body {
    uint64_t octets;           /* of the message on the wire, without stuffed
                                  dots; counted by the check only */
    uint32_t line;             /* lines finished; 1 more is the present one */
    uint16_t column;           /* octets in the present line */
    uint8_t  after_cr;         /* a CR waits for its LF */
    uint8_t  no_dots;          /* BDAT: a dot is as good as any other octet */
    uint8_t  ascii;            /* 1: octets above 127 are NOT_ASCII */
    uint8_t  reason;           /* duva_reason, once it failed */
} duva_body;

int duva_body_check(duva_body *b, const void *data, size_t len);
int duva_body_check_end(duva_body *b);

#ifdef __cplusplus
}
#endif
#endif
