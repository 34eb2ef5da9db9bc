/* query.h - VRFY, EXPN, HELP, NOOP, RSET and ETRN, with their replies. */
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
    DUVA_NOOP,                 /* arg: any text, or NULL */
    DUVA_RSET,                 /* no arg */
    DUVA_ETRN                  /* arg: a node, "@domain" or "#queue" */
} duva_verb;

/* Zero it, then set verb and arg; for the text of the reply set text and
 * text_size.  All of it is borrowed until the engine is IDLE again or
 * CLOSED. */
typedef struct duva_query {
    duva_verb   verb;
    const char *arg;
    uint8_t     utf8;          /* 1: arg may be UTF-8; the parameter SMTPUTF8 is
                                  sent (RFC 6531 3.7.4.2); VRFY and EXPN only */
    /* Out: all lines of the reply without their codes, separated by '\n', with
     * a final NUL; other control characters become '?'.  NULL: not wanted. */
    char       *text;
    size_t      text_size;
    uint8_t     cut;           /* out: 1: the text was truncated */
    duva_status status;        /* out: all zero until the reply is complete */
    duva_reason reason;        /* out: why duva_command() returned an error */
    size_t      text_len;      /* out: octets at text, without the NUL */
} duva_query;

/* In DUVA_IDLE: sends the command.  The engine is IDLE again after its reply,
 * whatever the code, or CLOSED after 421 or an error.  The time limit is that
 * of DUVA_STAGE_RSET.
 *
 * ERR_STATE: not IDLE.  ERR_ARG: arg is not valid (reason MISSING, CONTROL,
 * NOT_ASCII, NOT_UTF8 or CHARACTER), the verb takes no arg or is not one of the
 * above (CHARACTER), or q is NULL.
 * ERR_UNSUPPORTED with NOT_OFFERED: ETRN is not advertised, or utf8 is 1 and
 * SMTPUTF8 is not advertised; the engine is still IDLE.
 */
#if DUVA_WITH_QUERIES
int duva_command(duva_engine *e, duva_query *q);
#endif

#ifdef __cplusplus
}
#endif
#endif
