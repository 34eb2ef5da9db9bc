/* deliver.c - connect, log in, fit the message, send it, quit. */
/* SPDX-License-Identifier: MIT */
#include <sysexits.h>

#include "message/counter.h"
#include "message/outgoing.h"
#include "report/summary.h"
#include "send/deliver.h"
#include "session/session.h"
#include "system/clock.h"
#include "text/server.h"
#include "trace/chart_file.h"
#include "trace/progress.h"
#include "trace/trace.h"

#define SHOWN 1000000u /* octets from which there is a progress bar */

/* The message as this server takes it.  Returns 0, or an exit code after
 * cli_stop(). */
static int fit_message(struct cli_job *job)
{
    const struct cli_session *s = &job->session;
    uint32_t caps = duva_server(&s->client.engine)->bits;
    char server[CLI_SERVER_SIZE];

    if (duva_next(&s->client.engine) != DUVA_IDLE)
        return 0; /* there is no server; the result tells */
    if (s->config.options & DUVA_NO_CHUNKING)
        caps &= ~(uint32_t)DUVA_CAP_CHUNKING;
    cli_server_text(server, &s->options->server);
    return cli_outgoing_fit(&job->outgoing, &job->outcome, server, caps);
}

/* A long message has a progress bar. */
static void send_mail(struct cli_job *job)
{
    static struct cli_progress bar;
    struct cli_counter *counter = &job->outgoing.counter;
    duva_mail *mail = &job->outcome.mail;

    bar.octets = 1;
    cli_progress_start(&bar, mail->size,
                       mail->size >= SHOWN && !job->options.quiet
                           && !job->options.access.trace);
    counter->tell = cli_progress_tell;
    counter->tell_ctx = &bar;
    duva_send_mail(&job->session.client, mail, cli_counter_read, counter);
    cli_progress_hide(&bar);
}

/* A mail that could not begin came as far as the session did. */
static void set_stage(struct cli_job *job)
{
    duva_result *r = &job->outcome.mail.result;

    if (r->err != DUVA_OK && r->status.stage == DUVA_STAGE_CONNECT)
        r->status.stage = (uint16_t)duva_where(&job->session.client.engine);
}

/* What follows EHLO. */
static void log_in_and_send(struct cli_job *job)
{
    struct cli_session *s = &job->session;

    cli_session_login(s);
    cli_secrets_wipe(&s->login);
    if (cli_session_stopped(s))
        return;
    if (fit_message(job) == 0)
        send_mail(job);
    set_stage(job);
    cli_session_stopped(s);
}

static void end_trace(struct cli_session *s)
{
    if (s->listeners.traces)
        cli_trace_end(&s->listeners.trace);
}

static void connect_and_send(struct cli_job *job)
{
    struct cli_session *s = &job->session;
    struct cli_outcome *o = &job->outcome;

    if (cli_session_prepare(s) != 0
        || cli_chart_open(&s->listeners, job->options.access.timeline, o) != 0)
        return;
    if (cli_session_open(s) == 0) {
        if (!cli_session_stopped(s))
            log_in_and_send(job);
        o->took_ms = cli_now() - o->start;
        cli_session_record(s);
        job->is_open = 1;
    }
    o->mail.result.fell_back = s->connection.fell_back.err != DUVA_OK;
    end_trace(s);
}

void cli_deliver(struct cli_job *job)
{
    struct cli_facts f;

    cli_job_init(job);
    connect_and_send(job);
    cli_secrets_wipe(&job->session.login);
    if (job->outcome.exit_code != EX_OK)
        return; /* after cli_stop() */
    cli_job_facts(&f, job);
    cli_judge(&job->outcome, &f);
}

void cli_deliver_end(struct cli_job *job)
{
    struct cli_session *s = &job->session;
    char title[CLI_CHART_TITLE_SIZE];

    if (job->is_open) {
        cli_session_close(s);
        job->is_open = 0;
        end_trace(s);
    }
    cli_chart_close(&s->listeners,
                    cli_chart_title(title, job->options.access.command,
                                    &job->options.access.session.server));
}
