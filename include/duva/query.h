/* query.h - the small commands, whose replies are for the caller to read. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_QUERY_H
#define DUVA_QUERY_H

#include "duva/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RFC 5321 4.1.1.5 to 4.1.1.9, and ETRN (RFC 1985). */
typedef enum duva_verb {
    DUVA_VRFY,                 /* arg: a mailbox or a name */
    DUVA_EXPN,                 /* arg: a list */
    DUVA_HELP,                 /* arg: a command, or NULL */
    DUVA_NOOP,                 /* arg: any words, or NULL */
    DUVA_RSET,                 /* no arg */
    DUVA_ETRN                  /* arg: a node, "@domain" or "#queue" */
} duva_verb;

/* Zero it, then set verb, arg, and text with its size if the words matter.
 * All of it must stay put until the engine is IDLE again or CLOSED. */
typedef struct duva_query {
    duva_verb   verb;
    const char *arg;
    uint8_t     utf8;          /* 1: arg may be UTF-8, and SMTPUTF8 is said so
                                  (RFC 6531 3.7.4.2); with VRFY and EXPN */
    /* Out: all lines of the reply without their codes, parted by '\n', with a
     * final NUL; control characters but these are '?'.  NULL: not wanted. */
    char       *text;
    size_t      text_size;
    uint8_t     cut;           /* out: 1 when some of the text had no room */
    duva_status status;        /* out: all zero until the reply is complete */
    duva_reason reason;        /* out: why duva_command() returned an error */
    size_t      text_len;      /* out: octets at text, without the NUL */
} duva_query;

/* In DUVA_IDLE: says the command; the engine is IDLE again when it has been
 * answered, whatever the answer is, or CLOSED after 421 or an accident.  The
 * wait is that of DUVA_STAGE_RSET.
 *
 * ERR_STATE: not idle.  ERR_ARG: arg cannot be said (reason MISSING, CONTROL,
 * NOT_ASCII, NOT_UTF8 or CHARACTER), the verb takes none or is none
 * (CHARACTER), or q is NULL.
 * ERR_UNSUPPORTED with NOT_OFFERED: ETRN, or utf8 without SMTPUTF8; the engine
 * is idle still.  Not there with DUVA_SMALL. */
int duva_command(duva_engine *e, duva_query *q);

#ifdef __cplusplus
}
#endif
#endif
