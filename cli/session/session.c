/* session.c - a job into a conversation with its server. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "login/auth.h"
#include "message/counter.h"
#include "message/outgoing.h"
#include "options/server_options.h"
#include "outcome/outcome.h"
#include "report/summary.h"
#include "session/gate.h"
#include "session/halt.h"
#include "send/job.h"
#include "session/proxy.h"
#include "session/session.h"
#include "session/tls.h"
#include "session/signal_link.h"
#include "system/clock.h"
#include "system/guard.h"
#include "system/signals.h"
#include "text/server.h"
#include "trace/progress.h"
#include "trace/timeline.h"
#include "trace/trace.h"

#define CONNECT_MS  30000u
#define GREETING_MS 10000u     /* on a port for TLS from the start */
#define SHOWN       1000000u   /* octets from which there is a bar */

/* Milliseconds left of --timeout, 1 at least: 0 would mean no limit. */
static uint32_t time_left(const struct cli_job *job)
{
    const int64_t end = job->outcome.start
                        + (int64_t)job->options.access.session.timeout_s * 1000;
    const int64_t left = end - cli_now();

    return left > 0 ? (uint32_t)left : 1;
}

static void note(struct cli_job *job, const char *text)
{
    if (job->options.access.trace)
        cli_trace_note(&job->listeners.trace, text);
}

static void note_connection(struct cli_job *job)
{
    char text[2 * DUVA_POSIX_NAME_SIZE + 32];

    if (job->options.access.session.proxy.given)
        snprintf(text, sizeof(text), "the way is open through %s (to %s)",
                 job->connection.peer, job->options.access.session.server.host);
    else
        snprintf(text, sizeof(text), "connected to %s (%s)",
                 job->connection.peer, job->options.access.session.server.host);
    note(job, text);
}

static void note_tls(struct cli_job *job, const duva_tls_info *info)
{
    const char *version = info->protocol;
    char text[160];

    if (strncmp(version, "TLSv", 4) == 0)
        version += 4;
    snprintf(text, sizeof(text), "TLS %s, %s, certificate %s%s", version,
             info->cipher, info->verified ? "verified" : "NOT VERIFIED",
             info->resumed ? ", resumed" : "");
    note(job, text);
}

/* Is the line no line of a reply, or of another one than the line before?  Then
 * what was read behind it is of no interest. */
static int is_wrong(const struct cli_job *job)
{
    const char *line = job->connection.heard;
    size_t i;

    for (i = 0; i < 3; i++)
        if (i == job->connection.heard_len || line[i] < '0' || line[i] > '9')
            return 1;
    return job->connection.heard_more[0] != '\0'
           && memcmp(job->connection.heard_more, line, 3) != 0;
}

static void forget_line(struct cli_job *job)
{
    job->connection.heard_len = 0;
    job->connection.heard_all = 0;
    job->connection.heard_more[0] = '\0';
}

static void remember(struct cli_job *job, const char *text, size_t len)
{
    for (; len > 0; text++, len--) {
        if (job->connection.heard_all && is_wrong(job))
            return;
        if (job->connection.heard_all) {
            memcpy(job->connection.heard_more, job->connection.heard, 3);
            if (job->connection.heard_len == 3
                || job->connection.heard[3] != '-')
                job->connection.heard_more[0] = '\0';
            job->connection.heard_len = 0;
        }
        job->connection.heard_all = *text == '\n';
        if (*text != '\n' && *text != '\r'
            && job->connection.heard_len < sizeof(job->connection.heard))
            job->connection.heard[job->connection.heard_len++] = *text;
    }
}

static void tell(struct cli_session *s, char from, const char *text,
                 size_t len)
{
    struct cli_job *job = s->job;

    cli_timeline_piece(&job->listeners.timeline, from, text, len);
    if (from == 'C' && len > 5 && memcmp(text, "BDAT ", 5) == 0)
        job->connection.chunked = 1;
    if (from == 'S')
        remember(job, text, len);
    else
        forget_line(job);
    if (job->options.access.trace && from != 0)
        cli_trace_piece(&job->listeners.trace, from, text, len);
    if (job->listeners.listen != NULL)
        job->listeners.listen(job->listeners.listener, from, text, len);
}

static void passed(void *session)
{
    struct cli_session *s = session;
    const size_t len = s->held;

    s->held = 0;
    if (len > 0)
        tell(s, 'C', s->hold, len);
}

/* The engine traces what it is about to say.  Where the gate may hold it back
 * nobody is told before it is said. */
void cli_session_hear(void *session, char from, const char *text, size_t len)
{
    struct cli_session *s = session;

    if (from == 'C' && len > sizeof(s->hold) - s->held)
        passed(s);             /* a long one is seldom the one to hold back */
    if (from != 'C' || s->gate.stop == CLI_HALT_NEVER
        || len > sizeof(s->hold)) {
        tell(s, from, text, len);
        return;
    }
    memcpy(s->hold + s->held, text, len);
    s->held += len;
}

static void secured(void *session, const duva_tls_info *info)
{
    struct cli_session *s = session;

    cli_timeline_mark(&s->job->listeners.timeline, CLI_STEP_TLS);
    note_tls(s->job, info);
}

static int in_message(void *session)
{
    const struct cli_session *s = session;

    return s->job->listeners.timeline.code == 354;
}

/* ---- connecting ---- */

static int failed(struct cli_job *job, int err, int32_t cause)
{
    cli_never_begun(&job->outcome, DUVA_RETRY, (duva_err)err, DUVA_REASON_NONE,
                    cause);
    return -1;
}

static void mark_connection(struct cli_timeline *t, const duva_posix *l,
                            int err)
{
    cli_timeline_mark_at(t, CLI_STEP_DNS, t->mark + l->resolve_us);
    if (err != DUVA_ERR_RESOLVE)
        cli_timeline_mark(t, CLI_STEP_CONNECT);
}

/* From here on a signal ends it in good order. */
static int pass_proxy(struct cli_session *s)
{
    struct cli_job *job = s->job;
    int err;

    cli_signals_catch();
    err = cli_proxy_pass(s);
    cli_timeline_mark(&job->listeners.timeline, CLI_STEP_PROXY);
    if (err != DUVA_OK) {
        job->outcome.signal = cli_signals_caught();
        cli_signals_release();
        s->watch.link.ops->close(&s->watch.link);
        return -1;
    }
    cli_signals_release();
    job->connection.at_proxy = 0;
    return 0;
}

static int open_link(struct cli_session *s)
{
    struct cli_job *job = s->job;
    const struct cli_access *a = &job->options.access;
    const int proxy = a->session.proxy.given;
    struct cli_watch *w = &s->watch;
    uint32_t ms = CONNECT_MS;
    int err;

    job->connection.at_proxy = a->session.proxy.given;
    job->connection.peer[0] = '\0';
    if (a->session.timeout_s != 0 && time_left(job) < ms)
        ms = time_left(job);
    err = a->session.server.is_path
              ? cli_watch_open_unix(w, a->session.server.host)
              : cli_watch_open(
                  w, proxy ? a->session.proxy.host : a->session.server.host,
                  proxy ? a->session.proxy.port : a->session.server.port, ms);
    mark_connection(&job->listeners.timeline, &w->under, err);
    if (err != DUVA_OK)
        return failed(job, err, w->link.cause);
    if (a->session.server.is_path)
        snprintf(job->connection.peer, sizeof(job->connection.peer),
                 "a Unix socket");
    else
        duva_posix_peer(&w->under, job->connection.peer,
                        sizeof(job->connection.peer));
    duva_posix_deadline(&w->under, ms);
    if (proxy && pass_proxy(s) != 0)
        return -1;
    duva_posix_deadline(&w->under,
                        a->session.timeout_s != 0 ? time_left(job) : 0);
    note_connection(job);
    return 0;
}

static const char *own_name(struct cli_job *job, const duva_posix *l)
{
    if (job->options.access.session.hello != NULL)
        return job->options.access.session.hello;
    if (duva_posix_name(l, job->connection.own_name,
                        sizeof(job->connection.own_name))
        != DUVA_OK)
        return "localhost";
    return job->connection.own_name;
}

/* Between here and here nobody listens: there the default is no TLS.  Behind a
 * proxy, even one on this machine, is everywhere. */
static int is_private(const struct cli_session *s)
{
    const struct cli_access *a = &s->job->options.access;

    return !a->session.proxy.given
           && (a->session.server.is_path
               || duva_posix_is_loopback(&s->watch.under))
           && (!cli_asks_for_tls(&a->session)
               || a->session.tls_mode == DUVA_TLS_NEVER);
}

/* Where TLS should begin at once both ends may wait for the other one: who does
 * not greet soon is not going to. */
static void set_limits(struct cli_session *s, const struct cli_access *a)
{
    size_t i;

    for (i = 0; i < DUVA_STAGE_QUIT; i++)
        s->limit_ms[i] = a->session.wait_s * 1000;
    if (a->session.wait_s == 0 && cli_begins_without_tls(&a->session))
        s->limit_ms[DUVA_STAGE_GREETING] = GREETING_MS;
    s->config.timeout_ms = s->limit_ms;
}

static void configure(struct cli_session *s)
{
    struct cli_job *job = s->job;
    const struct cli_access *a = &job->options.access;

    memset(&s->config, 0, sizeof(s->config));
    s->config.name = own_name(job, &s->watch.under);
    s->config.tls = is_private(s) || job->connection.fell_back.err != DUVA_OK
                        ? DUVA_TLS_NEVER
                        : (duva_tls_mode)a->session.tls_mode;
    if (a->session.allow_clear_password || is_private(s))
        s->config.options |= DUVA_ALLOW_CLEAR_PASSWORD;
    if (a->session.server.lmtp)
        s->config.options |= DUVA_LMTP;
    if (job->options.access.session.no_chunking)
        s->config.options |= DUVA_NO_CHUNKING;
    if (a->session.pipelining == CLI_PIPELINING_NEVER)
        s->config.options |= DUVA_LOCK_STEP;
    if (a->session.stop_after != CLI_HALT_NEVER)
        s->config.options |= DUVA_LOCK_STEP | DUVA_NO_CHUNKING;
    set_limits(s, a);
    s->config.trace = cli_session_hear;
    s->config.trace_ctx = s;
    memset(&s->client, 0, sizeof(s->client));
    s->client.link = &s->gate.clear;
    s->client.host = a->session.tls_name != NULL ? a->session.tls_name
                                                 : a->session.server.host;
    s->client.tls = &s->gate.tls;
    s->client.ask_auth = 1;
}

static void open_gate(struct cli_session *s)
{
    const struct cli_access *a = &s->job->options.access;

    s->owner.ctx = s;
    s->owner.secured = secured;
    s->owner.passed = passed;
    s->owner.in_message = in_message;
    s->held = 0;
    cli_gate_open(&s->gate,
                  a->session.proxy.given ? &s->through.link : &s->watch.link,
                  &s->job->tls.adapter.tls, &s->owner,
                  (enum cli_halt)a->session.stop_after);
}

static int prepare(struct cli_session *s)
{
    int err;

    configure(s);
    if (s->config.tls != DUVA_TLS_NEVER && cli_tls_open(s->job) != 0)
        return -1;
    err = duva_client_init(&s->client, &s->config, s->out, sizeof(s->out));
    if (err != DUVA_OK)
        cli_never_begun(&s->job->outcome, DUVA_REFUSED, (duva_err)err,
                        DUVA_REASON_NONE, 0);
    return err == DUVA_OK ? 0 : -1;
}

/* One connection, as far as AUTH. */
static int begin(struct cli_session *s)
{
    if (open_link(s) != 0)
        return -1;
    open_gate(s);
    if (prepare(s) != 0) {
        s->watch.link.ops->close(&s->watch.link);
        return -1;
    }
    cli_timeline_mark(&s->job->listeners.timeline, CLI_STEP_READY);
    tell(s, 0, "", 0);
    cli_signals_catch();
    if (s->gate.stop == CLI_HALT_CONNECT) {
        s->gate.reached = 1;
        duva_abort(&s->client.engine, DUVA_ERR_CANCELLED, 0);
    }
    duva_run(&s->client);
    return 0;
}

static int go_clear(struct cli_session *s)
{
    struct cli_job *job = s->job;
    const duva_result *why = duva_outcome(&s->client.engine);
    char text[400];

    job->connection.fell_back = *why;
    snprintf(text, sizeof(text),
             "TLS with %s failed (%s); trying again in "
             "clear",
             job->options.access.session.server.host,
             why->reason != DUVA_REASON_NONE ? duva_reason_text(why->reason)
                                             : duva_err_text(why->err));
    note(job, text);
    fprintf(stderr, "duva: %s\n", text);
    cli_session_close(s);
    return begin(s);
}

/* A certificate that the account names proves as much as an authority that
 * vouches for it.  Until here nothing was said but our name. */
static int recognize(struct cli_session *s)
{
    int named;

    if (s->client.secured.protocol == NULL)
        return 0;
    named = cli_tls_is_named(&s->job->tls, &s->job->options.access);
    if (named > 0) {
        s->named = 1;
        s->config.options |= DUVA_ALLOW_CLEAR_PASSWORD;
        return 0;
    }
    cli_session_close(s);
    if (named == 0)
        cli_never_begun(&s->job->outcome, DUVA_REFUSED, DUVA_ERR_TLS,
                        DUVA_REASON_CERT_PIN, 0);
    else
        cli_never_begun(&s->job->outcome, DUVA_RETRY, (duva_err)named,
                        DUVA_REASON_NONE, ENOMEM);
    s->job->outcome.mail.result.status.stage = DUVA_STAGE_TLS;
    return -1;
}

static void warn_of_port(const struct cli_job *job)
{
    if (cli_begins_without_tls(&job->options.access.session)
        && !job->options.quiet)
        fprintf(stderr, "duva: port 465 is for TLS from the start, and this "
                        "begins without: smtps:// or --tls implicit would be "
                        "right there\n");
}

int cli_session_open(struct cli_job *job, struct cli_session *s)
{
    s->job = job;
    s->named = 0;
    job->outcome.start = cli_now(); /* a person's typing is no server's delay */
    cli_trace_start(&job->listeners.trace, job->outcome.start,
                    &job->outgoing.counter, &job->outcome.mail.size);
    signal(SIGPIPE, SIG_IGN);  /* the exit code matters more than a pager */
    if (job->listeners.timeline.start == 0)
        cli_timeline_start(&job->listeners.timeline);
    warn_of_port(job);
    if (begin(s) != 0)
        return -1;
    if (duva_may_go_clear(&s->client))
        return go_clear(s);
    return job->options.access.session.fingerprint_given ? recognize(s) : 0;
}

void cli_session_auth_context(const struct cli_session *s,
                              struct cli_auth_context *on)
{
    memset(on, 0, sizeof(*on));
    on->offered = duva_server(&s->client.engine)->auth;
    on->is_private = s->client.secured.verified || s->named || is_private(s);
    on->allows_clear = (s->config.options & DUVA_ALLOW_CLEAR_PASSWORD) != 0;
    on->has_binding = s->client.secured.binding_type != NULL;
}

/* What a report needs of the session. */
static void note_end(struct cli_session *s)
{
    struct cli_job *job = s->job;

    cli_tls_names(job, duva_outcome(&s->client.engine));
    job->connection.secured = s->client.secured;
    job->connection.secured.binding_type = NULL;
    memset(&job->connection.secured.binding, 0,
           sizeof(job->connection.secured.binding));
    job->outcome.signal = cli_signals_caught();
}

void cli_session_close(struct cli_session *s)
{
    cli_tls_names(s->job, duva_outcome(&s->client.engine));
    duva_close(&s->client);
    cli_signals_release();
    cli_wipe(s->out, sizeof(s->out));
    note_end(s);
}

static void authenticate(struct cli_session *s)
{
    const struct cli_access *a = &s->job->options.access;
    struct cli_auth_context on;
    duva_reason why;

    if (duva_next(&s->client.engine) != DUVA_AUTH)
        return;
    if (a->login.mechanisms == 0) {
        duva_auth_skip(&s->client.engine);
        return;
    }
    cli_session_auth_context(s, &on);
    cli_auth_start(s->job, &s->client, cli_auth_choose(&a->login, &on, &why));
    duva_run(&s->client);
}

static void note_auth(struct cli_session *s)
{
    const struct cli_auth *auth = &s->job->login.auth;
    char text[128];

    if (auth->name == NULL || duva_next(&s->client.engine) != DUVA_IDLE)
        return;
    snprintf(text, sizeof(text), "authenticated with %s%s%s", auth->name,
             auth->binding[0] != '\0' ? ", bound to the TLS by " : "",
             auth->binding);
    note(s->job, text);
}

void cli_session_login(struct cli_session *s)
{
    authenticate(s);
    note_auth(s);
}

void cli_forget(struct cli_job *job)
{
    cli_wipe(job->login.secret, sizeof(job->login.secret));
    cli_wipe(job->login.proxy_secret, sizeof(job->login.proxy_secret));
    cli_wipe(job->login.auth.pass, sizeof(job->login.auth.pass));
    cli_wipe(&job->login.auth.with, sizeof(job->login.auth.with));
}

/* The message as this server takes it.  Returns 0, or an exit code after
 * cli_stop(). */
static int fit(const struct cli_session *s)
{
    const duva_client *c = &s->client;
    uint32_t caps = duva_server(&c->engine)->bits;
    char server[CLI_SERVER_SIZE];

    if (duva_next(&c->engine) != DUVA_IDLE)
        return 0;              /* there is no server; the result tells */
    if (s->config.options & DUVA_NO_CHUNKING)
        caps &= ~(uint32_t)DUVA_CAP_CHUNKING;
    cli_server_text(server, &s->job->options.access.session.server);
    return cli_outgoing_fit(&s->job->outgoing, &s->job->outcome, server, caps);
}

/* A message that takes its time is shown on its way. */
static void send_shown(struct cli_session *s)
{
    static struct cli_progress bar;
    struct cli_job *job = s->job;

    bar.octets = 1;
    cli_progress_start(&bar, job->outcome.mail.size,
                       job->outcome.mail.size >= SHOWN && !job->options.quiet
                           && !job->options.access.trace);
    job->outgoing.counter.tell = cli_progress_tell;
    job->outgoing.counter.tell_ctx = &bar;
    duva_send_mail(&s->client, &job->outcome.mail, cli_counter_read,
                   &job->outgoing.counter);
    cli_progress_hide(&bar);
}

/* A mail that could not begin came as far as the session did. */
static void set_stage(struct cli_session *s)
{
    duva_result *r = &s->job->outcome.mail.result;

    if (r->err != DUVA_OK && r->status.stage == DUVA_STAGE_CONNECT)
        r->status.stage = (uint16_t)duva_where(&s->client.engine);
}

static void converse(struct cli_session *s)
{
    cli_session_login(s);
    cli_forget(s->job);
    if (cli_session_halt(s))
        return;
    if (fit(s) == 0)
        send_shown(s);
    set_stage(s);
    cli_session_halt(s);
}

static void say_login(struct cli_job *job)
{
    const char *version = job->connection.secured.protocol;
    char server[CLI_SERVER_SIZE];

    cli_server_text(server, &job->options.access.session.server);
    snprintf(job->outcome.summary, sizeof(job->outcome.summary),
             "%s takes mail from here, "
             "%s%s%s%s",
             server,
             job->login.auth.name != NULL ? "logged in with "
                                          : "without a login",
             job->login.auth.name != NULL ? job->login.auth.name : "",
             version != NULL ? ", over " : ", in clear",
             version != NULL ? version : "");
}

void cli_session_try(struct cli_job *job)
{
    static struct cli_session s;
    int ready = 0;

    if (cli_session_open(job, &s) == 0) {
        cli_session_login(&s);
        job->outcome.mail.result = *duva_outcome(&s.client.engine);
        ready = duva_next(&s.client.engine) == DUVA_IDLE;
        cli_session_close(&s);
    }
    cli_forget(job);
    if (job->options.access.trace)
        cli_trace_end(&job->listeners.trace);
    if (ready)
        say_login(job);
    else if (job->outcome.exit_code == EX_OK)
        cli_judge(job);
}

/* That of the mail, open until the result is reported. */
static struct cli_session sending;

void cli_session_send(struct cli_job *job)
{
    struct cli_session *s = &sending;

    if (cli_chart_open(job) != 0) {
        cli_forget(job);
        return;
    }
    if (cli_session_open(job, s) == 0) {
        if (!cli_session_halt(s))
            converse(s);
        job->outcome.took_ms = cli_now() - job->outcome.start;
        note_end(s);
        s->is_open = 1;
    }
    cli_forget(job);
    job->outcome.mail.result.fell_back
        = job->connection.fell_back.err != DUVA_OK;
    if (job->options.access.trace)
        cli_trace_end(&job->listeners.trace);
}

void cli_session_end(struct cli_job *job)
{
    if (sending.is_open) {
        cli_session_close(&sending);
        sending.is_open = 0;
        if (job->options.access.trace)
            cli_trace_end(&job->listeners.trace);
    }
    cli_chart_close(job);
}
