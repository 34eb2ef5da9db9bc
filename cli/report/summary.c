/* summary.c - the result of a mail into an exit code and plain English. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "envelope/parameters.h"
#include "login/auth.h"
#include "options/server_options.h"
#include "outcome/exit_code.h"
#include "outcome/outcome.h"
#include "outcome/recipients.h"
#include "report/advice.h"
#include "report/recipients_text.h"
#include "report/summary.h"
#include "report/result_json.h"
#include "session/gate.h"
#include "send/job.h"
#include "session/proxy.h"
#include "system/clock.h"
#include "system/shortage.h"
#include "text/escape.h"
#include "text/server.h"

/* ---- English ---- */

static const char *place(const duva_result *r)
{
    static const char *const name[] = {
        "connecting", "TLS", "the greeting", "EHLO", "STARTTLS", "AUTH",
        "waiting", "RSET", "MAIL FROM", "RCPT TO", "DATA", "the message",
        "the end of the message", "QUIT"
    };

    return r->status.stage <= DUVA_STAGE_QUIT ? name[r->status.stage] : "?";
}

/* A probe says above it that no mail could be sent. */
static void say(struct cli_job *job, const char *format, ...)
{
    const char *clear
        = job->connection.fell_back.err != DUVA_OK ? " in clear" : "";
    char *to = job->outcome.summary;
    size_t size = sizeof(job->outcome.summary);
    va_list args;
    int n = 0;

    to[0] = '\0';
    if (job->outcome.mail.rcpt_count > 0)
        n = snprintf(to, size, "not sent%s: ", clear);

    va_start(args, format);
    vsnprintf(to + n, size - (size_t)n, format, args);
    va_end(args);
}

/* The reply that accepted it, or the first of several. */
static void acceptance(const duva_mail *mail, char *buf, size_t size)
{
    const duva_rcpt *rcpt = mail->rcpt;

    if (mail->result.verdict == DUVA_ACCEPTED) {
        cli_reply_text(buf, size, &mail->result.status, mail->result.text);
        return;
    }
    while (rcpt->verdict != DUVA_ACCEPTED)
        rcpt++;
    cli_reply_text(buf, size, &rcpt->status, rcpt->text);
}

/* What was accepted for one is never called rejected, whatever became of the
 * others: over LMTP each has a reply after the message. */
static void say_accepted(struct cli_job *job, const char *host)
{
    const duva_mail *mail = &job->outcome.mail;
    const size_t taken = cli_count(mail, DUVA_ACCEPTED);
    const char *clear
        = job->connection.fell_back.err != DUVA_OK ? " in clear" : "";
    char reply[CLI_REPLY_SIZE], others[1200];

    acceptance(mail, reply, sizeof(reply));
    if (taken == mail->rcpt_count) {
        snprintf(job->outcome.summary, sizeof(job->outcome.summary),
                 "accepted by %s%s: %s", host, clear, reply);
        return;
    }
    cli_recipients_text(others, sizeof(others), mail, 0);
    snprintf(job->outcome.summary, sizeof(job->outcome.summary),
             "accepted by %s%s for %zu of %zu recipients: %s; %s", host, clear,
             taken, mail->rcpt_count, reply, others);
}

/* What the server said of a token, as a person may read it. */
static const char *said(const struct cli_job *job, char *buf, size_t size)
{
    size_t n = 0;

    buf[0] = '\0';
    if (job->login.auth.said[0] != '\0') {
        n = (size_t)snprintf(buf, size, " (it says of the token: ");
        n += cli_escape(buf + n, size - n - 2, job->login.auth.said,
                        strlen(job->login.auth.said));
        snprintf(buf + n, size - n, ")");
    }
    return buf;
}

static void say_auth_rejected(struct cli_job *job, const char *host,
                              const char *reply)
{
    const int later = job->outcome.mail.result.verdict == DUVA_RETRY;
    char more[CLI_REPLY_SIZE];

    snprintf(job->outcome.summary, sizeof(job->outcome.summary),
             "authentication %s by %s: %s%s", later ? "deferred" : "refused",
             host, reply, said(job, more, sizeof(more)));
}

/* Did the mail fail by replies to each of its recipients? */
static int is_about_recipients(const struct cli_job *job)
{
    const duva_result *r = &job->outcome.mail.result;

    return r->err == DUVA_ERR_REJECTED && r->status.code != 421
           && (r->status.stage == DUVA_STAGE_RCPT
               || (r->status.stage == DUVA_STAGE_END
                   && job->options.access.session.server.lmtp));
}

/* By name, with the replies that rejected or deferred them. */
static void say_no_recipient(struct cli_job *job, const char *host,
                             const char *reply)
{
    char why[1200], addr[300];
    const duva_mail *mail = &job->outcome.mail;

    if (mail->rcpt_count == 1) {
        cli_escape(addr, sizeof(addr), mail->rcpt[0].addr,
                   strlen(mail->rcpt[0].addr));
        say(job, "%s %s %s: %s", host,
            mail->result.verdict == DUVA_RETRY ? "deferred" : "rejected", addr,
            reply);
        return;
    }
    cli_recipients_text(why, sizeof(why), mail, 1);
    if (mail->policy == DUVA_WHOEVER_IS_ACCEPTED)
        say(job, "%s accepted none of the recipients: %s", host, why);
    else
        say(job, "%s did not accept every recipient%s: %s", host,
            job->options.all_or_nothing ? " (--all-or-nothing)" : "", why);
}

static void say_rejected(struct cli_job *job, const char *host,
                         const char *reply)
{
    const duva_result *r = &job->outcome.mail.result;
    const int later = r->verdict == DUVA_RETRY;

    if (r->status.stage == DUVA_STAGE_AUTH)
        say_auth_rejected(job, host, reply);
    else if (r->status.code == 421)
        say(job, "%s closed the session at %s: %s", host, place(r), reply);
    else if (is_about_recipients(job))
        say_no_recipient(job, host, reply);
    else
        snprintf(job->outcome.summary, sizeof(job->outcome.summary),
                 "%s by %s at %s: %s", later ? "deferred" : "rejected", host,
                 place(r), reply);
}

/* The mechanisms that --auth names, as many as fit. */
static const char *asked_for(const struct cli_access *a, char *buf,
                             size_t size)
{
    size_t i, n = 0;

    for (i = 0; i < a->login.mechanisms && n < size; i++)
        n += (size_t)snprintf(buf + n, size - n, "%s%s", i > 0 ? " or " : "",
                              cli_auth_name(a->login.mechanism[i]));
    return buf;
}

static void say_no_auth(struct cli_job *job, const char *host)
{
    char names[300];

    if (job->options.access.login.auth_given)
        say(job, "%s does not offer %s", host,
            asked_for(&job->options.access, names, sizeof(names)));
    else
        say(job, "%s offers no authentication that is known here and fits "
                 "what you gave", host);
}

/* What the mail takes of a server that has it not, and what can be done. */
static void say_not_offered(struct cli_job *job, const char *host)
{
    const uint32_t cap = job->outcome.mail.result.where;
    const char *options = cli_parameters_of(cap);
    const char *name = duva_cap_name(cap);

    if (options != NULL)
        say(job, "%s does not offer %s; send it without %s", host, name,
            options);
    else if (cap == DUVA_CAP_SMTPUTF8)
        say(job, "%s does not offer %s, and an address that is not ASCII "
                 "takes it%s", host, name,
            job->options.draft.utf8 ? "; send it without --smtputf8"
                                    : "; use another server or address");
    else
        say(job, "%s does not offer %s", host, name);
}

static void say_unsupported(struct cli_job *job, const char *host)
{
    switch (job->outcome.mail.result.reason) {
    case DUVA_REASON_NO_AUTH:
        say_no_auth(job, host);
        break;
    case DUVA_REASON_CLEAR_LINK:
        say(job,
            "the connection to %s is not secured by verified TLS and "
            "would show the %s",
            host,
            cli_auth_needs(&job->options.access.login) == CLI_TOKEN
                ? "token"
                : "password");
        break;
    case DUVA_REASON_NO_BINDING:
        say(job, "there is no TLS with %s that a -PLUS mechanism could be "
                 "bound to", host);
        break;
    case DUVA_REASON_NOT_OFFERED:
        if (job->outcome.mail.result.where == DUVA_CAP_REQUIRETLS)
            say(job, "%s does not promise verified TLS on the rest of the "
                     "way, which --require-tls asks for", host);
        else
            say_not_offered(job, host);
        break;
    case DUVA_REASON_OUT_OF_LIMITS:
        say(job, "%s does not take the mail within its %s", host,
            duva_cap_name(job->outcome.mail.result.where));
        break;
    case DUVA_REASON_NO_STARTTLS:
        say(job, "%s does not offer STARTTLS, and others could read the mail",
            host);
        break;
    case DUVA_REASON_TOO_BIG:
        say(job, "the message is larger than %s takes", host);
        break;
    default:
        say(job, "%s does not offer what is needed", host);
    }
}

const char *cli_cause_text(const duva_result *r)
{
    switch (r->err) {
    case DUVA_ERR_RESOLVE:
        return gai_strerror(r->cause);
    case DUVA_ERR_CONNECT: case DUVA_ERR_IO:
        return strerror(r->cause);
    case DUVA_ERR_RESOURCES:
        return r->cause != 0 ? strerror(r->cause) : duva_err_text(r->err);
    default:
        return duva_err_text(r->err);
    }
}

/* The server's last line where no reply was made of it, as " (it says '...')";
 * or "". */
static const char *last_line(const struct cli_job *job, char *buf, size_t size)
{
    const duva_result *r = &job->outcome.mail.result;
    const int is_broken = r->err == DUVA_ERR_PROTOCOL
                          && r->reason >= DUVA_REASON_REPLY_SYNTAX
                          && r->reason <= DUVA_REASON_OUT_OF_STEP;
    const int is_cut = (r->err == DUVA_ERR_CLOSED || r->err == DUVA_ERR_TIMEOUT)
                       && (!job->connection.heard_all
                           || (job->connection.heard_len > 3
                               && job->connection.heard[3] == '-'));
    size_t n;

    buf[0] = '\0';
    if (job->connection.heard_len == 0 || (!is_broken && !is_cut))
        return buf;
    n = (size_t)snprintf(buf, size, " (it says '");
    n += cli_escape(buf + n, size - n - 2, job->connection.heard,
                    job->connection.heard_len);
    snprintf(buf + n, size - n, "')");
    return buf;
}

static void say_protocol(struct cli_job *job, const char *host)
{
    const duva_result *r = &job->outcome.mail.result;
    char line[CLI_REPLY_SIZE];

    say(job, "%s breaks the protocol at %s: %s%s", host, place(r),
        duva_reason_text(r->reason), last_line(job, line, sizeof(line)));
}

static void say_uncertain(struct cli_job *job, const char *host)
{
    char line[CLI_REPLY_SIZE];

    snprintf(job->outcome.summary, sizeof(job->outcome.summary),
             "uncertain: %s after the message was sent, before %s answered%s: "
             "it may have been delivered",
             duva_err_text(job->outcome.mail.result.err), host,
             last_line(job, line, sizeof(line)));
}

/* " (it is for: mail.example, mx.example and 3 more)", or nothing. */
static const char *names_text(char *buf, size_t size, const struct cli_job *job)
{
    const char *name = job->connection.cert_names;
    size_t len, n = 0;

    buf[0] = '\0';
    for (; *name != '\0' && n < size; name += len + 1) {
        len = strcspn(name, "\n");
        n += (size_t)snprintf(buf + n, size - n, "%s%.*s",
                              n == 0 ? " (it is for: " : ", ", (int)len, name);
    }
    if (job->connection.more_cert_names > 0 && n > 0 && n < size)
        n += (size_t)snprintf(buf + n, size - n, " and %zu more",
                              job->connection.more_cert_names);
    if (n > 0 && n < size)
        snprintf(buf + n, size - n, ")");
    return buf;
}

static void say_insecure(struct cli_job *job, const char *host)
{
    const duva_result *r = &job->outcome.mail.result;
    char names[2 * sizeof(job->connection.cert_names)] = "";

    say(job, "no secure connection to %s: %s%s", host,
        duva_reason_text(r->reason),
        r->reason == DUVA_REASON_CERT_NAME
            ? names_text(names, sizeof(names), job)
            : "");
}

static void say_failed(struct cli_job *job, const char *host)
{
    const duva_result *r = &job->outcome.mail.result;
    char line[CLI_REPLY_SIZE];

    if (job->outcome.exit_code == EX_CONFIG)
        say(job, "the user or the secret cannot be used with %s: %s",
            cli_auth_name(job->login.auth.mechanism),
            r->err == DUVA_ERR_SPACE ? "too long"
                                     : duva_reason_text(r->reason));
    else if (job->outcome.exit_code == EX_SOFTWARE)
        say(job, "internal error: %s (%s)", duva_err_text(r->err),
            duva_reason_text(r->reason));
    else if (r->err == DUVA_ERR_RESOURCES)
        say(job, "%s, here, at %s", cli_cause_text(r), place(r));
    else if (r->err == DUVA_ERR_RESOLVE)
        say(job, "no address for %s: %s", host, cli_cause_text(r));
    else if (r->status.stage == DUVA_STAGE_CONNECT)
        say(job, "no connection to %s: %s", host, cli_cause_text(r));
    else if (r->err == DUVA_ERR_PROTOCOL)
        say_protocol(job, host);
    else if (cli_tls_disturbed(r))
        say(job, "TLS with %s failed after the handshake, at %s", host,
            place(r));
    else if (r->err == DUVA_ERR_TLS)
        say_insecure(job, host);
    else if (r->err == DUVA_ERR_BODY)
        say(job, "the message changed while it was read");
    else if (r->err == DUVA_ERR_CANCELLED)
        say(job, "cancelled at %s", place(r));
    else
        say(job, "%s (%s, at %s)%s", cli_cause_text(r), host, place(r),
            last_line(job, line, sizeof(line)));
}

static void say_halted(struct cli_job *job, const char *host)
{
    static const char *const after[] = {
        "", "connecting", "the greeting", "EHLO", "TLS", "AUTH", "MAIL FROM",
        "RCPT TO", "DATA, and hung up before the message"
    };
    const char *const lacking
        = job->connection.stopped_after == CLI_HALT_TLS
                  && job->connection.secured.protocol == NULL
              ? "; there is no TLS in this session"
          : job->connection.stopped_after == CLI_HALT_AUTH
                  && job->login.auth.name == NULL
              ? "; nobody logs in without --user"
              : "";

    snprintf(job->outcome.summary, sizeof(job->outcome.summary),
             "stopped after %s, as asked; nothing is sent to %s%s",
             after[job->connection.stopped_after], host, lacking);
}

/* Those who were rejected before the mail failed for the others. */
static void add_rejected(struct cli_job *job)
{
    const size_t len = strlen(job->outcome.summary);
    char others[1200];

    if (job->connection.stopped_after || cli_fared_alike(&job->outcome.mail)
        || cli_count(&job->outcome.mail, DUVA_ACCEPTED) > 0
        || is_about_recipients(job)
        || cli_recipients_text(others, sizeof(others), &job->outcome.mail, 1)
               == 0)
        return;
    snprintf(job->outcome.summary + len, sizeof(job->outcome.summary) - len,
             "; %s", others);
}

/* Whatever was not as hoped for has something to try next. */
static void advise(struct cli_job *job)
{
    const size_t len = strlen(job->outcome.summary);

    job->outcome.advice = NULL;
    if (job->connection.stopped_after || job->outcome.exit_code == EX_OK)
        return;
    job->outcome.advice = cli_advice(job);
    job->outcome.what_len = len;
    snprintf(job->outcome.summary + len, sizeof(job->outcome.summary) - len,
             "; %s", job->outcome.advice);
}

void cli_judge(struct cli_job *job)
{
    const duva_result *r = &job->outcome.mail.result;
    char host[CLI_SERVER_SIZE], reply[CLI_REPLY_SIZE];

    job->outcome.exit_code
        = cli_exit_code(&job->outcome.mail, job->connection.at_proxy);
    cli_server_text(host, &job->options.access.session.server);
    cli_reply_text(reply, sizeof(reply), &r->status, r->text);
    if (job->connection.stopped_after)
        say_halted(job, host);
    else if (job->connection.at_proxy && r->err != DUVA_OK)
        cli_proxy_blame(job);
    else if (cli_count(&job->outcome.mail, DUVA_ACCEPTED) > 0)
        say_accepted(job, host);
    else if (r->verdict == DUVA_UNCERTAIN)
        say_uncertain(job, host);
    else if (r->err == DUVA_ERR_REJECTED)
        say_rejected(job, host, reply);
    else if (r->err == DUVA_ERR_UNSUPPORTED)
        say_unsupported(job, host);
    else
        say_failed(job, host);
    add_rejected(job);
    advise(job);
}

void cli_report(const struct cli_job *job)
{
    if (job->outcome.exit_code != EX_OK || !job->options.quiet)
        fprintf(stderr, "duva: %s\n", job->outcome.summary);
    cli_tell_recipients(stderr, &job->outcome.mail);
    if (!job->options.access.json)
        return;
    cli_report_json(stdout, job);
    if (fflush(stdout) != 0)
        fprintf(stderr, "duva: standard output: %s\n", strerror(errno));
}
