/* outcome.c - a mail that was not begun: result, exit code and summary. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "outcome/outcome.h"
#include "system/clock.h"
#include "system/shortage.h"

const char *cli_outcome_text(char *buf, size_t size,
                             const struct cli_outcome *o)
{
    snprintf(buf, size, "%s%s%s", o->summary, o->advice != NULL ? "; " : "",
             o->advice != NULL ? o->advice : "");
    return buf;
}

void cli_outcome_raise(const struct cli_outcome *o, int exit_code)
{
    if (o->mail.result.err == DUVA_ERR_CANCELLED && exit_code == EX_TEMPFAIL)
        raise(o->signal);
}

size_t cli_count(const duva_mail *mail, duva_verdict verdict)
{
    size_t i, n = 0;

    for (i = 0; i < mail->rcpt_count; i++)
        n += mail->rcpt[i].verdict == verdict;
    return n;
}

void cli_never_begun(struct cli_outcome *o, duva_verdict verdict, duva_err err,
                     duva_reason reason, int32_t cause)
{
    duva_result *r = &o->mail.result;
    size_t i;

    memset(r, 0, sizeof(*r));
    r->verdict = verdict;
    r->err = err;
    r->reason = reason;
    r->cause = cause;
    for (i = 0; i < o->mail.rcpt_count; i++)
        o->mail.rcpt[i].verdict = verdict;
    o->took_ms = cli_now() - o->start;
}

int cli_stop(struct cli_outcome *o, int exit_code, duva_err err,
             duva_reason reason, const char *format, ...)
{
    const int code = cli_file_code(exit_code), cause = errno;
    const int is_short = code != exit_code;
    size_t len;
    va_list args;

    cli_never_begun(o,
                    code == EX_OSERR || code == EX_IOERR || code == EX_TEMPFAIL
                        ? DUVA_RETRY
                        : DUVA_REFUSED,
                    is_short ? DUVA_ERR_RESOURCES : err, reason,
                    is_short ? cause : 0);
    va_start(args, format);
    vsnprintf(o->summary, sizeof(o->summary), format, args);
    va_end(args);
    len = strlen(o->summary);
    if (is_short)
        snprintf(o->summary + len, sizeof(o->summary) - len, " (%s)",
                 strerror(cause));
    return o->exit_code = code;
}
