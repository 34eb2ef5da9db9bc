/* summary.c - the result of a mail into an exit code and plain English. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "envelope/parameters.h"
#include "login/auth.h"
#include "outcome/exit_code.h"
#include "outcome/outcome.h"
#include "outcome/recipients.h"
#include "report/advice.h"
#include "report/cause_text.h"
#include "report/proxy_text.h"
#include "report/recipients_text.h"
#include "report/summary.h"
#include "session/stop_after.h"
#include "text/escape.h"
#include "text/server.h"

/* ---- English ---- */

/* Where it failed, after "at". */
static const char *stage_of(const duva_result *r)
{
    static const char *const name[]
        = { "connect", "TLS",          "greeting",    "EHLO",      "STARTTLS",
            "AUTH",    "idle",         "RSET",        "MAIL FROM", "RCPT TO",
            "DATA",    "message data", "end of data", "QUIT" };

    return r->status.stage <= DUVA_STAGE_QUIT ? name[r->status.stage] : "?";
}

/* A probe says above it that no mail could be sent. */
static void say(struct cli_outcome *o, const struct cli_facts *f,
                const char *format, ...)
{
    const char *clear
        = f->connection->fell_back.err != DUVA_OK ? " in clear" : "";
    char *to = o->summary;
    size_t size = sizeof(o->summary);
    va_list args;
    int n = 0;

    to[0] = '\0';
    if (o->mail.rcpt_count > 0)
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
static void say_accepted(struct cli_outcome *o, const struct cli_facts *f,
                         const char *host)
{
    const duva_mail *mail = &o->mail;
    const size_t taken = cli_count(mail, DUVA_ACCEPTED);
    const char *clear
        = f->connection->fell_back.err != DUVA_OK ? " in clear" : "";
    char reply[CLI_REPLY_SIZE], others[1200];

    acceptance(mail, reply, sizeof(reply));
    if (taken == mail->rcpt_count) {
        snprintf(o->summary, sizeof(o->summary), "accepted by %s%s: %s", host,
                 clear, reply);
        return;
    }
    cli_recipients_text(others, sizeof(others), mail, 0);
    snprintf(o->summary, sizeof(o->summary),
             "accepted by %s%s for %zu of %zu recipients: %s; %s", host, clear,
             taken, mail->rcpt_count, reply, others);
}

/* What the server said of a token, as a person may read it. */
static const char *said(const struct cli_auth *auth, char *buf, size_t size)
{
    size_t n = 0;

    buf[0] = '\0';
    if (auth->said[0] != '\0') {
        n = (size_t)snprintf(buf, size, " (its error about the token: ");
        n += cli_escape(buf + n, size - n - 2, auth->said, strlen(auth->said));
        snprintf(buf + n, size - n, ")");
    }
    return buf;
}

static void say_auth_rejected(struct cli_outcome *o, const struct cli_facts *f,
                              const char *host, const char *reply)
{
    const int later = o->mail.result.verdict == DUVA_RETRY;
    char more[CLI_REPLY_SIZE];

    snprintf(o->summary, sizeof(o->summary), "authentication %s by %s: %s%s",
             later ? "deferred" : "rejected", host, reply,
             said(f->auth, more, sizeof(more)));
}

/* Did the mail fail by replies to each of its recipients? */
static int is_about_recipients(const struct cli_outcome *o,
                               const struct cli_facts *f)
{
    const duva_result *r = &o->mail.result;

    return r->err == DUVA_ERR_REJECTED && r->status.code != 421
           && (r->status.stage == DUVA_STAGE_RCPT
               || (r->status.stage == DUVA_STAGE_END
                   && f->options->server.lmtp));
}

/* By name, with the replies that rejected or deferred them. */
static void say_no_recipient(struct cli_outcome *o, const struct cli_facts *f,
                             const char *host, const char *reply)
{
    char why[1200], addr[300];
    const duva_mail *mail = &o->mail;

    if (mail->rcpt_count == 1) {
        cli_escape(addr, sizeof(addr), mail->rcpt[0].addr,
                   strlen(mail->rcpt[0].addr));
        say(o, f, "%s %s %s: %s", host,
            mail->result.verdict == DUVA_RETRY ? "deferred" : "rejected", addr,
            reply);
        return;
    }
    cli_recipients_text(why, sizeof(why), mail, 1);
    if (mail->policy == DUVA_WHOEVER_IS_ACCEPTED)
        say(o, f, "%s accepted none of the recipients: %s", host, why);
    else
        say(o, f, "%s did not accept every recipient%s: %s", host,
            f->all_or_nothing ? " (--all-or-nothing)" : "", why);
}

static void say_rejected(struct cli_outcome *o, const struct cli_facts *f,
                         const char *host, const char *reply)
{
    const duva_result *r = &o->mail.result;
    const int later = r->verdict == DUVA_RETRY;

    if (r->status.stage == DUVA_STAGE_AUTH)
        say_auth_rejected(o, f, host, reply);
    else if (r->status.code == 421)
        say(o, f, "%s closed the session at %s: %s", host, stage_of(r), reply);
    else if (is_about_recipients(o, f))
        say_no_recipient(o, f, host, reply);
    else
        snprintf(o->summary, sizeof(o->summary), "%s by %s at %s: %s",
                 later ? "deferred" : "rejected", host, stage_of(r), reply);
}

/* The mechanisms that --auth names, as many as fit. */
static const char *asked_for(const struct cli_login_options *a, char *buf,
                             size_t size)
{
    size_t i, n = 0;

    for (i = 0; i < a->mechanisms && n < size; i++)
        n += (size_t)snprintf(buf + n, size - n, "%s%s", i > 0 ? " or " : "",
                              cli_auth_name(a->mechanism[i]));
    return buf;
}

static void say_no_auth(struct cli_outcome *o, const struct cli_facts *f,
                        const char *host)
{
    char names[300];

    if (f->login->auth_given)
        say(o, f, "%s does not advertise %s", host,
            asked_for(f->login, names, sizeof(names)));
    else
        say(o, f,
            "no authentication mechanism in common with %s for these "
            "credentials",
            host);
}

/* What the mail needs and the server lacks, and what can be done. */
static void say_not_offered(struct cli_outcome *o, const struct cli_facts *f,
                            const char *host)
{
    const uint32_t cap = o->mail.result.where;
    const char *options = cli_parameters_of(cap);
    const char *name = duva_cap_name(cap);

    if (options != NULL)
        say(o, f, "%s does not advertise %s; send it without %s", host, name,
            options);
    else if (cap == DUVA_CAP_SMTPUTF8)
        say(o, f,
            "%s does not advertise %s, which an address that is not ASCII "
            "needs%s",
            host, name,
            f->utf8 ? "; send it without --smtputf8"
                    : "; use another server or address");
    else
        say(o, f, "%s does not advertise %s", host, name);
}

static void say_unsupported(struct cli_outcome *o, const struct cli_facts *f,
                            const char *host)
{
    switch (o->mail.result.reason) {
    case DUVA_REASON_NO_AUTH:
        say_no_auth(o, f, host);
        break;
    case DUVA_REASON_CLEAR_LINK:
        say(o, f,
            "the connection to %s has no verified TLS, so that others could "
            "read the %s",
            host, cli_auth_needs(f->login) == CLI_TOKEN ? "token" : "password");
        break;
    case DUVA_REASON_NO_BINDING:
        say(o, f,
            "a -PLUS mechanism needs TLS with channel binding, which the "
            "session with %s does not have",
            host);
        break;
    case DUVA_REASON_NOT_OFFERED:
        if (o->mail.result.where == DUVA_CAP_REQUIRETLS)
            say(o, f,
                "%s does not advertise REQUIRETLS inside verified TLS, which "
                "--require-tls needs",
                host);
        else
            say_not_offered(o, f, host);
        break;
    case DUVA_REASON_OUT_OF_LIMITS:
        say(o, f, "%s does not accept the mail within its limits of %s", host,
            duva_cap_name(o->mail.result.where));
        break;
    case DUVA_REASON_NO_STARTTLS:
        say(o, f, "STARTTLS is required but not advertised by %s", host);
        break;
    case DUVA_REASON_TOO_BIG:
        say(o, f, "the message is larger than %s accepts", host);
        break;
    default:
        say(o, f, "%s does not advertise what the mail needs", host);
    }
}

/* The server's last line where no reply was made of it, as " (it sent '...')";
 * or "". */
static const char *last_line(const duva_result *r,
                             const struct cli_connection *c, char *buf,
                             size_t size)
{
    const int is_broken = r->err == DUVA_ERR_PROTOCOL
                          && r->reason >= DUVA_REASON_REPLY_SYNTAX
                          && r->reason <= DUVA_REASON_OUT_OF_STEP;
    const int is_cut
        = (r->err == DUVA_ERR_CLOSED || r->err == DUVA_ERR_TIMEOUT)
          && !c->heard_all;
    size_t n;

    buf[0] = '\0';
    if (c->heard_len == 0 || (!is_broken && !is_cut))
        return buf;
    n = (size_t)snprintf(buf, size, " (it sent '");
    n += cli_escape(buf + n, size - n - 2, c->heard, c->heard_len);
    snprintf(buf + n, size - n, "')");
    return buf;
}

static void say_protocol(struct cli_outcome *o, const struct cli_facts *f,
                         const char *host)
{
    const duva_result *r = &o->mail.result;
    char line[CLI_REPLY_SIZE];

    say(o, f, "protocol error of %s at %s: %s%s", host, stage_of(r),
        duva_reason_text(r->reason),
        last_line(&o->mail.result, f->connection, line, sizeof(line)));
}

static void say_uncertain(struct cli_outcome *o, const struct cli_facts *f,
                          const char *host)
{
    char line[CLI_REPLY_SIZE];

    snprintf(
        o->summary, sizeof(o->summary),
        "uncertain: %s after end of data, before the reply of %s%s: the mail "
        "may have been delivered",
        duva_err_text(o->mail.result.err), host,
        last_line(&o->mail.result, f->connection, line, sizeof(line)));
}

/* " (it is for: mail.example, mx.example and 3 more)", or "". */
static const char *names_text(char *buf, size_t size,
                              const struct cli_connection *c)
{
    const char *name = c->cert_names;
    size_t len, n = 0;

    buf[0] = '\0';
    for (; *name != '\0' && n < size; name += len + 1) {
        len = strcspn(name, "\n");
        n += (size_t)snprintf(buf + n, size - n, "%s%.*s",
                              n == 0 ? " (it is for: " : ", ", (int)len, name);
    }
    if (c->more_cert_names > 0 && n > 0 && n < size)
        n += (size_t)snprintf(buf + n, size - n, " and %zu more",
                              c->more_cert_names);
    if (n > 0 && n < size)
        snprintf(buf + n, size - n, ")");
    return buf;
}

static void say_insecure(struct cli_outcome *o, const struct cli_facts *f,
                         const char *host)
{
    const duva_result *r = &o->mail.result;
    char names[2 * sizeof(f->connection->cert_names)] = "";

    say(o, f, "no secure connection to %s: %s%s", host,
        duva_reason_text(r->reason),
        r->reason == DUVA_REASON_CERT_NAME
            ? names_text(names, sizeof(names), f->connection)
            : "");
}

static void say_failed(struct cli_outcome *o, const struct cli_facts *f,
                       const char *host)
{
    const duva_result *r = &o->mail.result;
    char line[CLI_REPLY_SIZE];

    if (o->exit_code == EX_CONFIG)
        say(o, f, "the user name or the secret cannot be used with %s: %s",
            cli_auth_name(f->auth->mechanism),
            r->err == DUVA_ERR_SPACE ? "too long"
                                     : duva_reason_text(r->reason));
    else if (o->exit_code == EX_SOFTWARE)
        say(o, f, "internal error: %s (%s)", duva_err_text(r->err),
            duva_reason_text(r->reason));
    else if (r->err == DUVA_ERR_RESOURCES)
        say(o, f, "%s on this machine, at %s", cli_cause_text(r), stage_of(r));
    else if (r->err == DUVA_ERR_RESOLVE)
        say(o, f, "no address for %s: %s", host, cli_cause_text(r));
    else if (r->status.stage == DUVA_STAGE_CONNECT)
        say(o, f, "no connection to %s: %s", host, cli_cause_text(r));
    else if (r->err == DUVA_ERR_PROTOCOL)
        say_protocol(o, f, host);
    else if (cli_tls_failed_late(r))
        say(o, f, "TLS with %s failed after the handshake, at %s", host,
            stage_of(r));
    else if (r->err == DUVA_ERR_TLS)
        say_insecure(o, f, host);
    else if (r->err == DUVA_ERR_BODY)
        say(o, f, "the message changed while it was read");
    else if (r->err == DUVA_ERR_CANCELLED)
        say(o, f, "cancelled at %s", stage_of(r));
    else
        say(o, f, "%s (%s, at %s)%s", cli_cause_text(r), host, stage_of(r),
            last_line(&o->mail.result, f->connection, line, sizeof(line)));
}

static void say_stopped(struct cli_outcome *o, const struct cli_facts *f,
                        const char *host)
{
    static const char *const after[]
        = { "",          "connect", "greeting",
            "EHLO",      "TLS",     "AUTH",
            "MAIL FROM", "RCPT TO", "DATA, and closed the connection" };
    const char *const lacking
        = f->connection->stopped_after == CLI_STOP_TLS
                  && f->connection->secured.protocol == NULL
              ? "; there is no TLS in this session"
          : f->connection->stopped_after == CLI_STOP_AUTH
                  && f->auth->name == NULL
              ? "; there is no authentication without --user"
              : "";

    snprintf(o->summary, sizeof(o->summary),
             "stopped after %s (--stop-after); no message was sent to %s%s",
             after[f->connection->stopped_after], host, lacking);
}

/* Those who were rejected before the mail failed for the others. */
static void add_rejected(struct cli_outcome *o, const struct cli_facts *f)
{
    const size_t len = strlen(o->summary);
    char others[1200];

    if (f->connection->stopped_after || cli_fared_alike(&o->mail)
        || cli_count(&o->mail, DUVA_ACCEPTED) > 0 || is_about_recipients(o, f)
        || cli_recipients_text(others, sizeof(others), &o->mail, 1) == 0)
        return;
    snprintf(o->summary + len, sizeof(o->summary) - len, "; %s", others);
}

void cli_judge(struct cli_outcome *o, const struct cli_facts *f)
{
    const duva_result *r = &o->mail.result;
    const struct cli_connection *c = f->connection;
    char host[CLI_SERVER_SIZE], text[CLI_REPLY_SIZE + 400];

    o->exit_code = cli_exit_code(&o->mail, c->at_proxy);
    cli_server_text(host, &f->options->server);
    cli_reply_text(text, CLI_REPLY_SIZE, &r->status, r->text);
    if (c->stopped_after) {
        say_stopped(o, f, host);
    } else if (c->at_proxy && r->err != DUVA_OK) {
        cli_proxy_text(text, sizeof(text), r, f->options, c->peer[0] != '\0');
        say(o, f, "%s", text);
    } else if (cli_count(&o->mail, DUVA_ACCEPTED) > 0) {
        say_accepted(o, f, host);
    } else if (r->verdict == DUVA_UNCERTAIN) {
        say_uncertain(o, f, host);
    } else if (r->err == DUVA_ERR_REJECTED) {
        say_rejected(o, f, host, text);
    } else if (r->err == DUVA_ERR_UNSUPPORTED) {
        say_unsupported(o, f, host);
    } else {
        say_failed(o, f, host);
    }
    add_rejected(o, f);
    o->advice
        = c->stopped_after || o->exit_code == EX_OK ? NULL : cli_advice(o, f);
}
