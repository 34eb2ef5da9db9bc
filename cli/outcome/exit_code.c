/* exit_code.c - the result of a mail into an exit code. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <stdint.h>

#include "outcome/exit_code.h"
#include "outcome/outcome.h"

static int resolve_code(int32_t cause)
{
    switch (cause) {
    case EAI_AGAIN:
        return EX_TEMPFAIL;
    case EAI_MEMORY:
    case EAI_SYSTEM:
        return EX_OSERR;
    default:
        return EX_NOHOST;
    }
}

static int unsupported_code(duva_reason reason)
{
    switch (reason) {
    case DUVA_REASON_TOO_BIG:
    case DUVA_REASON_NOT_OFFERED:
    case DUVA_REASON_OUT_OF_LIMITS:
        return EX_UNAVAILABLE;
    case DUVA_REASON_NO_STARTTLS:
        return EX_TEMPFAIL;
    default:
        return EX_NOPERM;
    }
}

/* The proxy has not seen the mail. */
static int proxy_code(const duva_result *r)
{
    if (r->reason == DUVA_REASON_PROXY_METHOD
        || r->reason == DUVA_REASON_PROXY_LOGIN)
        return EX_NOPERM;
    if (r->err == DUVA_ERR_RESOLVE)
        return resolve_code(r->cause);
    if (r->err == DUVA_ERR_RESOURCES)
        return EX_OSERR;
    if (r->err == DUVA_ERR_ARG)
        return EX_USAGE;
    return r->err == DUVA_ERR_PROTOCOL ? EX_PROTOCOL : EX_TEMPFAIL;
}

/* What the error alone decides, or 0. */
static int error_code(const duva_result *r)
{
    switch (r->err) {
    case DUVA_ERR_RESOLVE:
        return resolve_code(r->cause);
    case DUVA_ERR_ARG:
    case DUVA_ERR_SPACE:
        return r->status.stage == DUVA_STAGE_AUTH ? EX_CONFIG : EX_SOFTWARE;
    case DUVA_ERR_STATE:
        return EX_SOFTWARE;
    case DUVA_ERR_RESOURCES:
        return EX_OSERR;
    case DUVA_ERR_PROTOCOL:
        return EX_PROTOCOL;
    case DUVA_ERR_BODY:
        return r->reason == DUVA_REASON_SOURCE ? EX_NOINPUT : EX_DATAERR;
    case DUVA_ERR_UNSUPPORTED:
        return unsupported_code(r->reason);
    case DUVA_ERR_REJECTED:
        return r->status.stage == DUVA_STAGE_AUTH && r->verdict == DUVA_REFUSED
                   ? EX_NOPERM
                   : 0;
    default:
        return 0;
    }
}

int cli_exit_code(const duva_mail *mail, int at_proxy)
{
    const duva_result *r = &mail->result;
    const int by_error
        = at_proxy && r->err != DUVA_OK ? proxy_code(r) : error_code(r);

    if (r->verdict == DUVA_UNCERTAIN || cli_count(mail, DUVA_UNCERTAIN) > 0)
        return EX_UNCERTAIN;
    if (by_error != 0)
        return by_error;
    if (r->verdict == DUVA_REFUSED || cli_count(mail, DUVA_REFUSED) > 0)
        return EX_UNAVAILABLE;
    if (r->verdict == DUVA_RETRY || cli_count(mail, DUVA_RETRY) > 0)
        return EX_TEMPFAIL;
    return EX_OK;
}

int cli_exit_is_temporary(int exit_code)
{
    switch (exit_code) {
    case EX_TEMPFAIL:
    case EX_OSERR:
    case EX_IOERR:
    case EX_CONFIG:
    case EX_NOINPUT:
    case EX_UNCERTAIN:
        return 1;
    default:
        return 0;
    }
}
