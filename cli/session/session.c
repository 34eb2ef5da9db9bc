/* session.c - the story of a session: connect, TLS, EHLO, AUTH, QUIT. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "envelope/parameters.h"
#include "session/connect.h"
#include "session/listen.h"
#include "session/session.h"
#include "system/clock.h"
#include "system/guard.h"
#include "system/signals.h"
#include "trace/timeline.h"
#include "trace/trace.h"

#define GREETING_MS 10000u /* on a port for TLS from the start */
#define QUIT_MS 10000u     /* after --stop-after the reply is shown */

/* ---- before it ---- */

int cli_session_prepare(struct cli_session *s)
{
    const struct cli_session_options *o = s->options;
    int failed = 0;

    if (cli_asks_for_tls(o) && o->tls_mode != DUVA_TLS_NEVER)
        failed = cli_tls_open(&s->tls, &o->tls, s->outcome);
    if (failed == 0 && o->proxy.user[0] != '\0')
        failed = cli_proxy_secret_read(&s->login, o->proxy_password_file,
                                       o->proxy_password_command, o->timeout_s,
                                       s->outcome);
    if (failed == 0 && s->login_options != NULL)
        failed = cli_secret_read(&s->login, s->login_options, o->server.host,
                                 o->timeout_s, s->outcome);
    return failed;
}

/* ---- the engine ---- */

static const char *own_name(struct cli_session *s)
{
    char *name = s->connection.own_name;

    if (s->options->hello != NULL)
        return s->options->hello;
    if (duva_posix_name(&s->link.under, name, DUVA_POSIX_NAME_SIZE) != DUVA_OK)
        return "localhost";
    return name;
}

/* To a server on this machine, TLS is only used when it is asked for: nobody
 * else can listen.  A proxy, even one on this machine, leads elsewhere. */
static int is_private(const struct cli_session *s)
{
    const struct cli_session_options *o = s->options;

    return !o->proxy.given
           && (o->server.is_path || duva_posix_is_loopback(&s->link.under))
           && (!cli_asks_for_tls(o) || o->tls_mode == DUVA_TLS_NEVER);
}

/* On a port for implicit TLS both ends may wait for the other one: a greeting
 * that does not come soon does not come at all. */
static void set_limits(struct cli_session *s)
{
    const struct cli_session_options *o = s->options;
    size_t i;

    for (i = 0; i < DUVA_STAGE_QUIT; i++)
        s->limit_ms[i] = o->wait_s * 1000;
    if (o->wait_s == 0 && cli_begins_without_tls(o))
        s->limit_ms[DUVA_STAGE_GREETING] = GREETING_MS;
    s->limit_ms[DUVA_STAGE_QUIT]
        = o->stop_after != CLI_STOP_NEVER ? QUIT_MS : 0;
    s->config.timeout_ms = s->limit_ms;
}

static void configure(struct cli_session *s)
{
    const struct cli_session_options *o = s->options;
    duva_config *c = &s->config;

    memset(c, 0, sizeof(*c));
    c->name = own_name(s);
    c->tls = is_private(s) || s->connection.fell_back.err != DUVA_OK
                 ? DUVA_TLS_NEVER
                 : (duva_tls_mode)o->tls_mode;
    if (o->allow_clear_password || is_private(s))
        c->options |= DUVA_ALLOW_CLEAR_PASSWORD;
    if (o->server.lmtp)
        c->options |= DUVA_LMTP;
    if (o->no_chunking)
        c->options |= DUVA_NO_CHUNKING;
    if (o->pipelining == CLI_PIPELINING_NEVER)
        c->options |= DUVA_LOCK_STEP;
    c->stop_after = cli_stop_after_stage((enum cli_stop_after)o->stop_after);
    if (o->stop_after != CLI_STOP_NEVER)
        c->options |= DUVA_LOCK_STEP | DUVA_NO_CHUNKING;
    set_limits(s);
    c->trace = cli_session_hear;
    c->trace_ctx = s;
    memset(&s->client, 0, sizeof(s->client));
    s->client.link = o->proxy.given ? &s->through.link : &s->link.link;
    s->client.host = o->tls_name != NULL ? o->tls_name : o->server.host;
    s->client.tls = &s->tls.adapter.tls;
    s->client.ask_auth = 1;
}

static int init_client(struct cli_session *s)
{
    int err;

    configure(s);
    if (s->config.tls != DUVA_TLS_NEVER
        && cli_tls_open(&s->tls, &s->options->tls, s->outcome) != 0)
        return -1;
    err = duva_client_init(&s->client, &s->config, s->out, sizeof(s->out));
    if (err != DUVA_OK)
        cli_never_begun(s->outcome, DUVA_REFUSED, (duva_err)err,
                        DUVA_REASON_NONE, 0);
    return err == DUVA_OK ? 0 : -1;
}

/* ---- to EHLO ---- */

/* One connection, as far as AUTH. */
static int open_once(struct cli_session *s)
{
    if (cli_session_connect(s) != 0)
        return -1;
    if (init_client(s) != 0) {
        s->link.link.ops->close(&s->link.link);
        return -1;
    }
    cli_timeline_mark(&s->listeners.timeline, CLI_STEP_READY);
    cli_session_connected(s);
    cli_signals_catch();
    if (s->options->stop_after == CLI_STOP_CONNECT)
        duva_abort(&s->client.engine, DUVA_ERR_CANCELLED, 0);
    else
        duva_run(&s->client);
    return 0;
}

static int open_in_clear(struct cli_session *s)
{
    const duva_result *why = duva_outcome(&s->client.engine);
    char text[400];

    s->connection.fell_back = *why;
    snprintf(text, sizeof(text),
             "TLS with %s failed (%s); trying again in clear",
             s->options->server.host,
             why->reason != DUVA_REASON_NONE ? duva_reason_text(why->reason)
                                             : duva_err_text(why->err));
    cli_session_note(s, text);
    fprintf(stderr, "duva: %s\n", text);
    cli_session_close(s);
    return open_once(s);
}

/* A fingerprint that the account names verifies a certificate as an authority
 * does.  Nothing was sent yet but our name. */
static int check_fingerprint(struct cli_session *s)
{
    int matched;

    if (s->client.secured.protocol == NULL)
        return 0;
    matched = cli_tls_has_fingerprint(&s->tls, s->options->fingerprint);
    if (matched > 0) {
        s->fingerprint_matched = 1;
        s->config.options |= DUVA_ALLOW_CLEAR_PASSWORD;
        return 0;
    }
    cli_session_close(s);
    if (matched == 0)
        cli_never_begun(s->outcome, DUVA_REFUSED, DUVA_ERR_TLS,
                        DUVA_REASON_CERT_PIN, 0);
    else
        cli_never_begun(s->outcome, DUVA_RETRY, (duva_err)matched,
                        DUVA_REASON_NONE, ENOMEM);
    s->outcome->mail.result.status.stage = DUVA_STAGE_TLS;
    return -1;
}

static void warn_of_port(const struct cli_session *s)
{
    if (cli_begins_without_tls(s->options) && !s->quiet)
        fprintf(stderr, "duva: port 465 is for implicit TLS, and this session "
                        "begins without TLS; use smtps:// or --tls implicit\n");
}

int cli_session_open(struct cli_session *s)
{
    s->fingerprint_matched = 0;
    s->outcome->start = cli_now(); /* what a person types delays no server */
    cli_trace_start(&s->listeners.trace, s->outcome->start);
    signal(SIGPIPE, SIG_IGN); /* the exit code matters more than a pager */
    if (s->listeners.timeline.start == 0)
        cli_timeline_start(&s->listeners.timeline);
    warn_of_port(s);
    if (open_once(s) != 0)
        return -1;
    if (duva_may_go_clear(&s->client))
        return open_in_clear(s);
    return s->options->fingerprint_given ? check_fingerprint(s) : 0;
}

/* ---- AUTH ---- */

void cli_session_auth_context(const struct cli_session *s,
                              struct cli_auth_context *on)
{
    memset(on, 0, sizeof(*on));
    on->offered = duva_server(&s->client.engine)->auth;
    on->is_private
        = s->client.secured.verified || s->fingerprint_matched || is_private(s);
    on->allows_clear = (s->config.options & DUVA_ALLOW_CLEAR_PASSWORD) != 0;
    on->has_binding = s->client.secured.binding_type != NULL;
}

void cli_session_credentials(const struct cli_session *s,
                             struct cli_credentials *c)
{
    c->user = s->login_options->user;
    c->authzid = s->login_options->authzid;
    c->secret = s->login.secret;
    c->server = &s->options->server;
}

static void authenticate(struct cli_session *s)
{
    const struct cli_login_options *o = s->login_options;
    struct cli_credentials c;
    struct cli_auth_context on;
    duva_reason why;

    if (o == NULL || o->mechanisms == 0) {
        duva_auth_skip(&s->client.engine);
        duva_run(&s->client);  /* it may stop there */
        return;
    }
    cli_session_credentials(s, &c);
    cli_session_auth_context(s, &on);
    cli_auth_start(&s->login.auth, cli_auth_choose(o, &on, &why), &c,
                   &s->client);
    duva_run(&s->client);
}

static void note_auth(struct cli_session *s)
{
    const struct cli_auth *auth = &s->login.auth;
    char text[128];

    if (auth->name == NULL || duva_next(&s->client.engine) != DUVA_IDLE)
        return;
    snprintf(text, sizeof(text), "authenticated with %s%s%s", auth->name,
             auth->binding[0] != '\0' ? ", bound to the TLS by " : "",
             auth->binding);
    cli_session_note(s, text);
}

void cli_session_login(struct cli_session *s)
{
    if (duva_next(&s->client.engine) == DUVA_AUTH)
        authenticate(s);
    note_auth(s);
}

/* ---- the end ---- */

/* A recipient who was rejected stays so; the others were not sent to. */
static void set_stopped(struct cli_session *s, enum cli_stop_after stop)
{
    duva_mail *mail = &s->outcome->mail;
    const uint16_t stage = duva_outcome(&s->client.engine)->status.stage;
    size_t i;

    s->connection.stopped_after = (uint8_t)stop;
    memset(&mail->result, 0, sizeof(mail->result));
    mail->result.verdict = DUVA_PENDING;
    if (stop != CLI_STOP_CONNECT)
        mail->result.status.stage = stage;
    for (i = 0; i < mail->rcpt_count; i++)
        if (mail->rcpt[i].status.code < 400)
            mail->rcpt[i].verdict = DUVA_PENDING;
}

enum cli_stop_after cli_session_stopped(struct cli_session *s)
{
    const enum cli_stop_after stop
        = (enum cli_stop_after)s->options->stop_after;

    if (s->connection.stopped_after == CLI_STOP_NEVER
        && (stop == CLI_STOP_CONNECT
            || duva_outcome(&s->client.engine)->reason
                   == DUVA_REASON_STOPPED))
        set_stopped(s, stop);
    return (enum cli_stop_after)s->connection.stopped_after;
}

void cli_session_record(struct cli_session *s)
{
    cli_tls_names(&s->tls, duva_outcome(&s->client.engine), &s->connection);
    s->connection.secured = s->client.secured;
    s->connection.secured.binding_type = NULL;
    memset(&s->connection.secured.binding, 0,
           sizeof(s->connection.secured.binding));
    s->outcome->signal = cli_signals_caught();
}

void cli_session_close(struct cli_session *s)
{
    cli_tls_names(&s->tls, duva_outcome(&s->client.engine), &s->connection);
    duva_close(&s->client);
    cli_signals_release();
    cli_wipe(s->out, sizeof(s->out));
    cli_session_record(s);
}
