/* job.c - a mail that is sent: its parts joined, and freed. */
/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "report/log.h"
#include "report/report.h"
#include "send/job.h"

void cli_job_init(struct cli_job *job)
{
    const struct cli_access *a = &job->options.access;
    struct cli_session *s = &job->session;

    s->options = &a->session;
    s->login_options = &a->login;
    s->outcome = &job->outcome;
    s->quiet = job->options.quiet;
    s->listeners.traces = a->trace;
    s->listeners.trace.counter = &job->outgoing.counter;
    s->listeners.trace.octets = &job->outcome.mail.size;
}

void cli_job_facts(struct cli_facts *f, const struct cli_job *job)
{
    const struct cli_options *o = &job->options;

    cli_facts_init(f, &job->session, &o->access.login);
    f->options = &o->access.session;
    f->parameters = &o->parameters;
    f->message_id = cli_outgoing_message_id(&job->outgoing);
    f->all_or_nothing = o->all_or_nothing;
    f->utf8 = o->draft.utf8;
    f->not_set_up = o->access.not_set_up;
}

void cli_job_log(const struct cli_job *job, struct cli_accounts *accounts)
{
    struct cli_log_options to;
    struct cli_facts f;

    cli_account_log(accounts, &to);
    cli_job_facts(&f, job);
    cli_log(&to, &job->outcome, &f);
}

void cli_job_report(const struct cli_job *job)
{
    struct cli_facts f;

    cli_job_facts(&f, job);
    cli_report(&job->outcome, &f, job->options.quiet, job->options.access.json);
}

void cli_job_free(struct cli_job *job)
{
    cli_secrets_wipe(&job->session.login);
    cli_tls_close(&job->session.tls);
    cli_finished_close(&job->outgoing.finished);
    cli_composed_free(&job->outgoing.composed);
    cli_signer_close(&job->outgoing.signer);
    cli_options_free(&job->options);
    free(job->outcome.mail.rcpt);
}
