/* query.c - turns a query into a command, and its reply into words. */
/* SPDX-License-Identifier: MIT */
#include "query.h"

#include "syntax/address.h"
#include "command.h"
#include "duva/query.h"
#include "state.h"

#include <string.h>

#if DUVA_WITH_QUERIES

enum { NO_ARG, MAY_HAVE_ARG, NEEDS_ARG };

static const struct {
    char    form[5];
    uint8_t arg;
} verbs[] = {
    { "VRFY", NEEDS_ARG }, { "EXPN", NEEDS_ARG }, { "HELP", MAY_HAVE_ARG },
    { "NOOP", MAY_HAVE_ARG }, { "RSET", NO_ARG }, { "ETRN", NEEDS_ARG }
};

/* RFC 5321 4.1.2: String; printable, and spaces only inside.  ETRN has no
 * spaces at all. */
static duva_reason check_arg(const duva_query *q)
{
    const char *at = q->arg, *first = at;

    if (at == NULL || *at == '\0')
        return verbs[q->verb].arg == NEEDS_ARG || at != NULL
                   ? DUVA_REASON_MISSING
                   : DUVA_REASON_NONE;
    if (verbs[q->verb].arg == NO_ARG)
        return DUVA_REASON_CHARACTER;
#if DUVA_WITH_SMTPUTF8         /* else it is never advertised */
    if (q->utf8 && !duva__is_utf8(at))
        return DUVA_REASON_NOT_UTF8;
#endif
    for (; *at != '\0'; at++) {
        if ((uint8_t)*at >= 0x80 && !q->utf8)
            return DUVA_REASON_NOT_ASCII;
        if ((uint8_t)*at < ' ' || *at == 0x7F)
            return DUVA_REASON_CONTROL;
        if (*at == ' '
            && (at == first || at[1] == '\0' || q->verb == DUVA_ETRN))
            return DUVA_REASON_CHARACTER;
    }
    return DUVA_REASON_NONE;
}

static int takes_utf8(const duva_query *q)
{
    return q->utf8 && (q->verb == DUVA_VRFY || q->verb == DUVA_EXPN);
}

int duva__query_start(duva_engine *e, duva_query *q)
{
    uint32_t takes = 0;

    if (duva_next(e) != DUVA_IDLE || e->heard.mail != NULL)
        return DUVA_ERR_STATE;
    if (q == NULL)
        return DUVA_ERR_ARG;
    memset(&q->status, 0, sizeof(q->status));
    q->cut = 0;
    q->text_len = 0;
    if (q->text == NULL)
        q->text_size = 0;
    if (q->text_size > 0)
        q->text[0] = '\0';
    q->reason = DUVA_REASON_CHARACTER;
    if ((unsigned)q->verb > DUVA_ETRN || (q->utf8 && !takes_utf8(q)))
        return DUVA_ERR_ARG;
    q->reason = check_arg(q);
    if (q->reason != DUVA_REASON_NONE)
        return DUVA_ERR_ARG;
    if (takes_utf8(q))
        takes = DUVA_CAP_SMTPUTF8;
    else if (q->verb == DUVA_ETRN)
        takes = DUVA_CAP_ETRN;
    if (takes & ~e->caps.bits) {
        q->reason = DUVA_REASON_NOT_OFFERED;
        return DUVA_ERR_UNSUPPORTED;
    }
    e->query = q;
    duva__enter(e, DUVA_STAGE_RSET);
    return DUVA_OK;
}

int duva__put_query(duva_engine *e)
{
    const duva_query *q = e->query;

    if (q == NULL)
        return 0;
    duva__put(e, verbs[q->verb].form, NULL);
    if (q->arg != NULL)
        duva__put(e, " %", q->arg);
    if (takes_utf8(q))
        duva__put(e, " SMTPUTF8", NULL);
    return 1;
}

void duva__query_octet(duva_engine *e, uint8_t c)
{
    duva_query *q = e->query;

    if (q == NULL || c == '\r')
        return;
    if (q->text_len + 1 >= q->text_size) {
        if (c != '\n')
            q->cut = 1;
        return;
    }
    q->text[q->text_len++] = (char)((c < ' ' && c != '\n') || c == 0x7F ? '?'
                                                                       : c);
    q->text[q->text_len] = '\0';
}

void duva__hear_query(duva_engine *e)
{
    duva_query *q = e->query;

    if (q == NULL)
        return;
    q->status = e->outcome.status;
    if (q->text_len > 0 && q->text[q->text_len - 1] == '\n')
        q->text[--q->text_len] = '\0';
}

void duva__end_query(duva_engine *e)
{
    if (e->query->verb == DUVA_RSET && e->query->status.code < 300)
        e->open = 0;
    e->query = NULL;
    duva__enter(e, DUVA_STAGE_IDLE);
}

#else
typedef int duva__no_query;    /* a file must not be empty */
#endif
