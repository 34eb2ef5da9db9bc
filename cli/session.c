/* session.c - a job into a conversation with its server. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <string.h>

#include "cli.h"

#define CONNECT_MS 30000u
#define OUT_SIZE   16384u
#define NAP_MS     100u        /* the longest that a signal goes unseen */

/* A link over a link, which a signal can wake up. */
struct watch {
    duva_link  link;
    duva_posix under;
};

static int watch_read(duva_link *l, void *buf, size_t len)
{
    struct watch *w = (struct watch *)l;
    const int n = w->under.link.ops->read(&w->under.link, buf, len);

    l->cause = w->under.link.cause;
    return n;
}

static int watch_write(duva_link *l, const void *buf, size_t len)
{
    struct watch *w = (struct watch *)l;
    const int n = w->under.link.ops->write(&w->under.link, buf, len);

    l->cause = w->under.link.cause;
    return n;
}

static int watch_wait(duva_link *l, unsigned can, uint32_t ms)
{
    struct watch *w = (struct watch *)l;
    uint32_t nap;
    int n;

    do {
        l->cause = cli_signals_caught();
        if (l->cause != 0)
            return DUVA_ERR_CANCELLED;
        nap = ms < NAP_MS ? ms : NAP_MS;
        n = w->under.link.ops->wait(&w->under.link, can, nap);
        ms -= nap;
    } while (n == 0 && ms > 0);
    l->cause = w->under.link.cause;
    return n;
}

static void watch_close(duva_link *l)
{
    struct watch *w = (struct watch *)l;

    w->under.link.ops->close(&w->under.link);
}

/* Milliseconds left of --timeout, 1 at least: 0 would mean no limit. */
static uint32_t time_left(const struct cli_job *job)
{
    const int64_t end = job->start + (int64_t)job->options.timeout_s * 1000;
    const int64_t left = end - cli_now();

    return left > 0 ? (uint32_t)left : 1;
}

static void trace_connected(struct cli_job *job, const duva_posix *l)
{
    char peer[DUVA_POSIX_NAME_SIZE];
    char note[2 * DUVA_POSIX_NAME_SIZE + 32];

    if (!job->options.trace)
        return;
    duva_posix_peer(l, peer, sizeof(peer));
    snprintf(note, sizeof(note), "connected to %s (%s)", peer,
             job->options.server.host);
    cli_trace_note(&job->trace, note);
}

static int open_watch(struct cli_job *job, struct watch *w)
{
    static const duva_link_ops ops = {
        watch_read, watch_write, watch_wait, watch_close
    };
    const struct cli_options *o = &job->options;
    uint32_t ms = CONNECT_MS;
    int err;

    if (o->timeout_s != 0 && time_left(job) < ms)
        ms = time_left(job);
    memset(w, 0, sizeof(*w));
    w->link.ops = &ops;
    err = duva_posix_open(&w->under, o->server.host, o->server.port, ms);
    if (err != DUVA_OK) {
        w->under.link.ops->close(&w->under.link);
        cli_never_begun(job, DUVA_RETRY, (duva_err)err, DUVA_REASON_NONE,
                        w->under.link.cause);
        return -1;
    }
    if (o->timeout_s != 0)
        duva_posix_deadline(&w->under, time_left(job));
    trace_connected(job, &w->under);
    return 0;
}

static const char *own_name(struct cli_job *job, const duva_posix *l)
{
    if (job->options.hello != NULL)
        return job->options.hello;
    if (duva_posix_name(l, job->name, sizeof(job->name)) != DUVA_OK)
        return "localhost";
    return job->name;
}

/* Between here and here nobody listens: there the default is no TLS. */
static duva_tls_mode mode_of(const struct cli_options *o, int is_loopback)
{
    if (is_loopback && !cli_options_ask_for_tls(o))
        return DUVA_TLS_NEVER;
    return (duva_tls_mode)o->tls_mode;
}

static void configure(struct cli_job *job, const struct watch *w,
                      duva_config *config)
{
    const int is_loopback = duva_posix_is_loopback(&w->under);

    memset(config, 0, sizeof(*config));
    config->name = own_name(job, &w->under);
    config->tls = mode_of(&job->options, is_loopback);
    if (job->options.allow_clear_password
        || (is_loopback && config->tls == DUVA_TLS_NEVER))
        config->options |= DUVA_ALLOW_CLEAR_PASSWORD;
    if (job->options.trace) {
        config->trace = cli_trace_piece;
        config->trace_ctx = &job->trace;
    }
}

static void warn_of_8bit(const struct cli_job *job, duva_client *c)
{
    if (duva_next(&c->engine) == DUVA_IDLE
        && (job->mail.flags & DUVA_MAIL_8BIT)
        && !(duva_server(&c->engine)->bits & DUVA_CAP_8BITMIME))
        fprintf(stderr,
                "duva: %s does not say that it takes 8-bit text; "
                "sent as it is\n",
                job->options.server.host);
}

static void converse(struct cli_job *job, struct watch *w)
{
    static uint8_t out[OUT_SIZE];
    duva_sasl_password plain, login;
    duva_sasl *const both[] = { &plain.base, &login.base, NULL };
    duva_config config;
    duva_client c;
    int err;

    memset(&c, 0, sizeof(c));
    c.link = &w->link;
    c.host = job->options.server.host;
    if (job->options.user != NULL) {
        duva_sasl_plain_init(&plain, job->options.user, job->secret);
        duva_sasl_login_init(&login, job->options.user, job->secret);
        c.auth = both;
    }
    configure(job, w, &config);
    c.tls = &job->tls.openssl.tls;
    if (config.tls != DUVA_TLS_NEVER && cli_tls_open(job) != 0) {
        w->link.ops->close(&w->link);
        return;
    }
    err = duva_client_init(&c, &config, out, sizeof(out));
    if (err != DUVA_OK) {
        w->link.ops->close(&w->link);
        cli_never_begun(job, DUVA_REFUSED, (duva_err)err, DUVA_REASON_NONE, 0);
        return;
    }
    duva_run(&c);
    cli_wipe(job->secret, sizeof(job->secret));
    warn_of_8bit(job, &c);
    duva_send_mail(&c, &job->mail, cli_message_read, &job->message);
    job->took_ms = cli_now() - job->start;
    duva_close(&c);
    cli_wipe(out, sizeof(out));
}

void cli_session(struct cli_job *job)
{
    struct watch w;

    job->start = cli_now();    /* a person's typing is no server's delay */
    cli_trace_start(&job->trace, job->start, &job->message, job->mail.size);
    signal(SIGPIPE, SIG_IGN);  /* the exit code matters more than a pager */
    if (open_watch(job, &w) == 0) {
        cli_signals_catch();
        converse(job, &w);
        cli_signals_release();
    }
    job->signal = cli_signals_caught();
    if (job->options.trace)
        cli_trace_end(&job->trace);
}
