/* session.c - a job into a conversation with its server. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <string.h>

#include "cli.h"

#define CONNECT_MS 30000u

/* Milliseconds left of --timeout, 1 at least: 0 would mean no limit. */
static uint32_t time_left(const struct cli_job *job)
{
    const int64_t end = job->start
                        + (int64_t)job->options.access.timeout_s * 1000;
    const int64_t left = end - cli_now();

    return left > 0 ? (uint32_t)left : 1;
}

static void note(struct cli_job *job, const char *text)
{
    if (job->options.access.trace)
        cli_trace_note(&job->trace, text);
}

static void note_connection(struct cli_job *job)
{
    char text[2 * DUVA_POSIX_NAME_SIZE + 32];

    snprintf(text, sizeof(text), "connected to %s (%s)", job->peer,
             job->options.access.server.host);
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

/* The first word after a handshake is the moment to tell of it. */
static void hear(void *session, char from, const char *text, size_t len)
{
    struct cli_session *s = session;
    struct cli_job *job = s->job;

    if (!s->told && s->client.secured.protocol != NULL) {
        s->told = 1;
        note_tls(job, &s->client.secured);
    }
    if (job->options.access.trace)
        cli_trace_piece(&job->trace, from, text, len);
    if (job->listen != NULL)
        job->listen(job->listener, from, text, len);
}

static int open_watch(struct cli_job *job, struct cli_watch *w)
{
    const struct cli_access *a = &job->options.access;
    uint32_t ms = CONNECT_MS;
    int err;

    if (a->timeout_s != 0 && time_left(job) < ms)
        ms = time_left(job);
    err = cli_watch_open(w, a->server.host, a->server.port, ms);
    if (err != DUVA_OK) {
        cli_never_begun(job, DUVA_RETRY, (duva_err)err, DUVA_REASON_NONE,
                        w->link.cause);
        return -1;
    }
    if (a->timeout_s != 0)
        duva_posix_deadline(&w->under, time_left(job));
    duva_posix_peer(&w->under, job->peer, sizeof(job->peer));
    note_connection(job);
    return 0;
}

static const char *own_name(struct cli_job *job, const duva_posix *l)
{
    if (job->options.access.hello != NULL)
        return job->options.access.hello;
    if (duva_posix_name(l, job->name, sizeof(job->name)) != DUVA_OK)
        return "localhost";
    return job->name;
}

/* Between here and here nobody listens: there the default is no TLS. */
static int is_private(const struct cli_session *s)
{
    const struct cli_access *a = &s->job->options.access;

    return duva_posix_is_loopback(&s->watch.under)
           && (!cli_access_asks_for_tls(a) || a->tls_mode == DUVA_TLS_NEVER);
}

static void configure(struct cli_session *s)
{
    struct cli_job *job = s->job;
    const struct cli_access *a = &job->options.access;

    memset(&s->config, 0, sizeof(s->config));
    s->config.name = own_name(job, &s->watch.under);
    s->config.tls = is_private(s) || job->fell_back.err != DUVA_OK
                        ? DUVA_TLS_NEVER
                        : (duva_tls_mode)a->tls_mode;
    if (a->allow_clear_password || is_private(s))
        s->config.options |= DUVA_ALLOW_CLEAR_PASSWORD;
    if (job->options.no_chunking)
        s->config.options |= DUVA_NO_CHUNKING;
    s->config.trace = hear;
    s->config.trace_ctx = s;
    memset(&s->client, 0, sizeof(s->client));
    s->client.link = &s->watch.link;
    s->client.host = a->server.host;
    s->client.tls = &job->tls.adapter.tls;
    s->client.ask_auth = 1;
    s->client.quit_early = job->mail.rcpt_count == 1;
}

static int prepare(struct cli_session *s)
{
    int err;

    configure(s);
    if (s->config.tls != DUVA_TLS_NEVER && cli_tls_open(s->job) != 0)
        return -1;
    err = duva_client_init(&s->client, &s->config, s->out, sizeof(s->out));
    if (err != DUVA_OK)
        cli_never_begun(s->job, DUVA_REFUSED, (duva_err)err, DUVA_REASON_NONE,
                        0);
    return err == DUVA_OK ? 0 : -1;
}

/* One connection, as far as AUTH. */
static int begin(struct cli_session *s)
{
    s->told = 0;
    if (s->job->listen != NULL)
        s->job->listen(s->job->listener, 0, "", 0);
    if (open_watch(s->job, &s->watch) != 0)
        return -1;
    if (prepare(s) != 0) {
        s->watch.link.ops->close(&s->watch.link);
        return -1;
    }
    cli_signals_catch();
    duva_run(&s->client);
    return 0;
}

static int go_clear(struct cli_session *s)
{
    struct cli_job *job = s->job;
    const duva_result *why = duva_outcome(&s->client.engine);
    char text[400];

    job->fell_back = *why;
    snprintf(text, sizeof(text), "TLS with %s failed (%s); trying again in "
             "clear", job->options.access.server.host,
             why->reason != DUVA_REASON_NONE ? duva_reason_text(why->reason)
                                             : duva_err_text(why->err));
    note(job, text);
    fprintf(stderr, "duva: %s\n", text);
    cli_session_close(s);
    return begin(s);
}

int cli_session_open(struct cli_job *job, struct cli_session *s)
{
    s->job = job;
    job->start = cli_now();    /* a person's typing is no server's delay */
    job->meter.ctx = job->letter.composed ? (void *)&job->letter
                                          : (void *)&job->message;
    job->meter.read = job->letter.composed ? cli_letter_read
                                           : cli_message_read;
    cli_trace_start(&job->trace, job->start, &job->meter, &job->mail.size);
    signal(SIGPIPE, SIG_IGN);  /* the exit code matters more than a pager */
    if (begin(s) != 0)
        return -1;
    return duva_may_go_clear(&s->client) ? go_clear(s) : 0;
}

void cli_session_footing(const struct cli_session *s, struct cli_footing *on)
{
    memset(on, 0, sizeof(*on));
    on->offered = duva_server(&s->client.engine)->auth;
    on->safe = s->client.secured.verified || is_private(s);
    on->may_show = (s->config.options & DUVA_ALLOW_CLEAR_PASSWORD) != 0;
    on->binds = s->client.secured.binding_type != NULL;
}

void cli_session_close(struct cli_session *s)
{
    struct cli_job *job = s->job;

    duva_close(&s->client);
    cli_signals_release();
    cli_wipe(s->out, sizeof(s->out));
    job->secured = s->client.secured;
    job->secured.binding_type = NULL;
    memset(&job->secured.binding, 0, sizeof(job->secured.binding));
    job->signal = cli_signals_caught();
}

static void authenticate(struct cli_session *s)
{
    const struct cli_access *a = &s->job->options.access;
    struct cli_footing on;
    duva_reason why;

    if (duva_next(&s->client.engine) != DUVA_AUTH)
        return;
    if (a->mechanisms == 0) {
        duva_auth_skip(&s->client.engine);
        return;
    }
    cli_session_footing(s, &on);
    cli_auth_start(s->job, &s->client, cli_auth_choose(a, &on, &why));
    duva_run(&s->client);
}

/* What was a secret is none of the rest's business. */
static void forget(struct cli_job *job)
{
    cli_wipe(job->secret, sizeof(job->secret));
    cli_wipe(job->auth.pass, sizeof(job->auth.pass));
    cli_wipe(&job->auth.with, sizeof(job->auth.with));
}

static void note_auth(struct cli_session *s)
{
    const struct cli_auth *auth = &s->job->auth;
    char text[128];

    if (auth->name == NULL || duva_next(&s->client.engine) != DUVA_IDLE)
        return;
    snprintf(text, sizeof(text), "authenticated with %s%s%s", auth->name,
             auth->binding[0] != '\0' ? ", bound to the TLS by " : "",
             auth->binding);
    note(s->job, text);
}

static void warn_of_8bit(const struct cli_job *job)
{
    fprintf(stderr,
            "duva: %s does not say that it takes 8-bit text; sent as it is\n",
            job->options.access.server.host);
}

/* The message as this server takes it.  Returns 0, or an exit code after
 * cli_stop(). */
static int fit(struct cli_job *job, const duva_client *c)
{
    uint32_t caps = duva_server(&c->engine)->bits;
    int failed = 0;

    if (duva_next(&c->engine) != DUVA_IDLE)
        return 0;              /* there is no server; the result tells */
    if (job->options.no_chunking)
        caps &= ~(uint32_t)DUVA_CAP_CHUNKING;
    if (job->letter.composed)
        failed = cli_letter_fit(&job->letter, caps, &job->mail);
    else if ((job->mail.flags & DUVA_MAIL_8BIT)
             && !(caps & DUVA_CAP_8BITMIME))
        warn_of_8bit(job);
    return failed == 0 ? 0 : cli_stop_letter(job, failed);
}

void cli_session_send(struct cli_job *job)
{
    static struct cli_session s;

    if (cli_session_open(job, &s) == 0) {
        authenticate(&s);
        forget(job);
        note_auth(&s);
        if (fit(job, &s.client) == 0)
            duva_send_mail(&s.client, &job->mail, cli_meter_read, &job->meter);
        job->took_ms = cli_now() - job->start;
        cli_session_close(&s);
    }
    job->mail.result.fell_back = job->fell_back.err != DUVA_OK;
    if (job->options.access.trace)
        cli_trace_end(&job->trace);
}
