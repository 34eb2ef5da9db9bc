/* send.c - the arguments of "duva send" into a mail, sent and reported. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "config/account_values.h"
#include "envelope/mailbox.h"
#include "envelope/parameters.h"
#include "merge/merge.h"
#include "system/input.h"
#include "message/draft_files.h"
#include "message/composed.h"
#include "message/finished.h"
#include "message/outgoing.h"
#include "message/sign.h"
#include "options/send_options.h"
#include "options/server_options.h"
#include "outcome/outcome.h"
#include "outcome/recipients.h"
#include "report/recipients_text.h"
#include "send/send.h"
#include "send/deliver.h"
#include "send/job.h"
#include "system/clock.h"
#include "text/escape.h"

/* ---- the envelope ---- */

static int make_recipients(struct cli_job *job)
{
    const struct cli_draft_addresses *a = &job->outgoing.composed.addresses;
    const int failed = cli_recipients(
        &job->outcome, cli_draft_addresses_recipients(a, NULL));

    if (failed == 0)
        cli_draft_addresses_recipients(a, job->outcome.mail.rcpt);
    return failed;
}

/* What does not depend on sender and recipients. */
static void set_policy(struct cli_job *job)
{
    const struct cli_options *o = &job->options;

    job->outcome.mail.policy
        = o->all_or_nothing ? DUVA_ALL_OR_NOTHING : DUVA_WHOEVER_IS_ACCEPTED;
    if (o->access.session.require_tls)
        job->outcome.mail.flags |= DUVA_MAIL_REQUIRETLS;
}

static int check_parameters(struct cli_job *job)
{
    duva_reason reason;
    const char *problem = cli_parameters_check(&job->outcome.mail, &reason);

    return problem == NULL ? 0
                           : cli_stop(&job->outcome, EX_USAGE, DUVA_ERR_ARG,
                                      reason, "%s", problem);
}

static int make_envelope(struct cli_job *job)
{
    int failed;

    set_policy(job);
    job->outcome.mail.from = job->outgoing.composed.addresses.return_path;
    if (job->outgoing.composed.addresses.utf8)
        job->outcome.mail.flags |= DUVA_MAIL_UTF8;
    failed = make_recipients(job);
    if (failed == 0)
        failed = cli_recipients_check_lmtp(
            &job->outcome, job->options.access.session.server.lmtp,
            job->options.all_or_nothing);
    if (failed != 0)
        return failed;
    if (job->options.parameters.rcpt.orcpt != NULL
        && job->outcome.mail.rcpt_count != 1)
        return cli_stop(&job->outcome, EX_USAGE, DUVA_ERR_ARG,
                        DUVA_REASON_ORCPT,
                        "--orcpt needs a mail with one recipient");
    cli_parameters_apply(&job->options.parameters, &job->outcome.mail);
    return check_parameters(job);
}

/* name: NULL: not given. */
static int check_host_name(struct cli_job *job, const char *option,
                           const char *name)
{
    duva_reason reason = DUVA_REASON_NONE;
    char shown[400];

    if (name != NULL)
        reason = duva_name_check(name);
    if (reason == DUVA_REASON_NONE)
        return 0;
    cli_escape(shown, sizeof(shown), name, strlen(name));
    return cli_stop(&job->outcome, EX_USAGE, DUVA_ERR_ARG, reason,
                    "%s '%s': %s", option, shown, duva_reason_text(reason));
}

/* ---- the message ---- */

static int bad_message(struct cli_job *job, const char *file, int failed)
{
    const struct cli_finished *m = &job->outgoing.finished;
    const duva_reason reason = (duva_reason)m->check.reason;
    const int header = m->header.problem != NULL;
    const char *name = cli_is_stdin(file) ? "standard input" : file;
    char text[800], shown[1600];

    if (failed != EX_DATAERR)
        cli_input_problem(text, sizeof(text), "", name, failed);
    else
        snprintf(text, sizeof(text), "%.500s: line %lu: %s", name,
                 (unsigned long)(header ? m->header.line : m->check.line) + 1,
                 header ? m->header.problem : duva_reason_text(reason));
    cli_escape(shown, sizeof(shown), text, strlen(text));
    return cli_stop(&job->outcome, failed, DUVA_ERR_BODY,
                    failed == EX_DATAERR && !header ? reason
                                                    : DUVA_REASON_SOURCE,
                    "%s", shown);
}

static void say_terminal_input(const char *file)
{
    if (cli_is_stdin(file) && isatty(STDIN_FILENO))
        fputs("duva: reading the message from the terminal; Ctrl-D ends it\n",
              stderr);
}

/* A finished message: only the envelope is of the draft. */
static int open_finished(struct cli_job *job)
{
    const char *file = job->options.raw;
    int failed
        = cli_composed_envelope(&job->outgoing.composed, &job->options.draft);

    if (failed != 0)
        return cli_outgoing_stop(&job->outgoing, &job->outcome, failed);
    say_terminal_input(file);
    failed = cli_finished_open(&job->outgoing.finished, file);
    if (failed != 0)
        return bad_message(job, file, failed);
    job->outcome.mail.size = job->outgoing.finished.check.octets;
    if (job->outgoing.finished.eight_bit)
        job->outcome.mail.flags |= DUVA_MAIL_8BIT;
    cli_finished_read(&job->outgoing.finished, NULL, 0);
    return 0;
}

/* The files of the draft. */
static int open_contents(struct cli_job *job)
{
    struct cli_options *o = &job->options;
    char problem[CLI_DRAFT_PROBLEM], shown[2 * CLI_DRAFT_PROBLEM];
    int  failed;

    if (o->files.body != NULL)
        say_terminal_input(o->files.body);
    failed = cli_draft_files_open(&o->files, &o->draft, problem);
    if (failed == 0)
        return 0;
    cli_escape(shown, sizeof(shown), problem, strlen(problem));
    return cli_stop(&job->outcome, failed, DUVA_ERR_BODY, DUVA_REASON_SOURCE,
                    "%s", shown);
}

static int open_signer(struct cli_job *job, const char *domain)
{
    const struct cli_signature *s = &job->options.signature;
    const char *problem;
    duva_signer *signer;
    char shown[400];
    int  code;

    problem = cli_signer_open(&job->outgoing.signer, s->key, &signer, &code);
    if (problem == NULL) {
        cli_composed_sign(&job->outgoing.composed, signer, domain, s->selector);
        return 0;
    }
    cli_escape(shown, sizeof(shown), s->key, strlen(s->key));
    return cli_stop(&job->outcome, code, DUVA_ERR_TLS, DUVA_REASON_NONE,
                    "--dkim-key %s: %s", shown, problem);
}

static int sign(struct cli_job *job)
{
    const struct cli_signature *s = &job->options.signature;
    const char *domain = s->domain;
    int failed;

    if (s->key == NULL)
        return 0;
    if (domain == NULL)
        domain = cli_composed_domain(&job->outgoing.composed);
    failed = check_host_name(job, "--dkim-domain", domain);
    if (failed == 0)
        failed = check_host_name(job, "--dkim-selector", s->selector);
    if (failed == 0 && (domain[0] == '[' || s->selector[0] == '['
                        || strlen(s->selector) > 63))
        failed = cli_stop(&job->outcome, EX_USAGE, DUVA_ERR_ARG,
                          DUVA_REASON_CHARACTER,
                          "--dkim-domain, --dkim-selector: it must be a name "
                          "in the DNS");
    return failed == 0 ? open_signer(job, domain) : failed;
}

static int compose(struct cli_job *job)
{
    const int failed
        = cli_composed_make(&job->outgoing.composed, &job->options.draft);

    return failed == 0
               ? sign(job)
               : cli_outgoing_stop(&job->outgoing, &job->outcome, failed);
}

/* ---- all of it ---- */

/* Prints the message as it is sent to a server with 8BITMIME. */
static int print_message(struct cli_job *job)
{
    const int composed = job->outgoing.composed.is_composed;
    duva_source_fn *const read
        = composed ? cli_composed_read : cli_finished_read;
    void *const from = composed ? (void *)&job->outgoing.composed
                                : (void *)&job->outgoing.finished;
    char piece[16384];
    int n = composed ? cli_composed_fit(&job->outgoing.composed,
                                        DUVA_CAP_8BITMIME, &job->outcome.mail)
                     : 0;

    if (n != 0)
        return cli_outgoing_stop(&job->outgoing, &job->outcome, n);
    while ((n = read(from, piece, sizeof(piece))) > 0)
        if (fwrite(piece, 1, (size_t)n, stdout) != (size_t)n)
            break;
    if (n < 0)
        return cli_stop(&job->outcome, EX_NOINPUT, DUVA_ERR_BODY,
                        DUVA_REASON_SOURCE,
                        "the message changed while it was read");
    if (fflush(stdout) != 0)
        return cli_stop(&job->outcome, EX_IOERR, DUVA_ERR_IO, DUVA_REASON_NONE,
                        "standard output: %s", strerror(errno));
    return 0;
}

static int make_mail(struct cli_job *job)
{
    int failed = check_host_name(job, "--hello",
                                 job->options.access.session.hello);

    if (failed == 0)
        failed = open_contents(job);
    if (failed == 0)
        failed = job->options.raw != NULL ? open_finished(job)
                                          : compose(job);
    return failed == 0 ? make_envelope(job) : failed;
}

static int send_one(struct cli_job *job, struct cli_accounts *accounts)
{
    if (make_mail(job) == 0) {
        if (job->options.dry_run) {
            if (print_message(job) == 0)
                return EX_OK;
        } else {
            cli_deliver(job);
        }
    }
    cli_job_log(job, accounts);
    cli_job_report(job);
    cli_deliver_end(job);
    return job->outcome.exit_code;
}

#ifdef DUVA_CLI_MERGE
static int send_many(struct cli_job *job, struct cli_accounts *accounts)
{
    (void)accounts;            /* a merge writes no log */
    job->options.files.merges = 1;
    if (check_host_name(job, "--hello", job->options.access.session.hello) != 0
        || open_contents(job) != 0) {
        cli_job_report(job);
        return job->outcome.exit_code;
    }
    set_policy(job);
    cli_job_init(job);
    return cli_merge_run(&job->options, &job->session, &job->outcome);
}
#else
#define send_many send_one     /* no option asks for it */
#endif

/* The account is that of the envelope sender, and may say who that is. */
static int apply_account(struct cli_options *o, struct cli_accounts *accounts)
{
    struct cli_draft *d = &o->draft;
    struct cli_access *a = &o->access;
    struct cli_parameters *p = &o->parameters;
    struct cli_mailboxes from = { 0 };
    const char *given = d->envelope_from;
    int failed;

    if (given == NULL && d->from != NULL
        && cli_mailboxes_add(&from, d->from) == NULL && from.count > 0)
        given = from.list[0].addr;
    a->sender = given;
    failed = cli_account_apply(accounts, a);
    if (a->sender != given && d->from == NULL)
        d->from = a->sender;
    else if (a->sender != given)
        d->envelope_from = a->sender;
    a->sender = NULL;
    cli_account_dsn(accounts->account,
                    p->notify_given ? NULL : &p->rcpt.notify,
                    p->ret_given ? NULL : &p->mail.ret);
    cli_mailboxes_free(&from);
    return failed;
}

static int read_options(struct cli_options *o, struct cli_accounts *accounts,
                        int argc, char **argv)
{
    int done = cli_options_read(o, argc, argv);

    if (done == 0)
        done = apply_account(o, accounts);
    if (done == 0)
        done = cli_access_check(&o->access);
    return done == 0 ? cli_options_check(o) : done;
}

int cli_main_send(int argc, char **argv)
{
    static struct cli_job job;
    static struct cli_accounts accounts;
    int done;

    job.outcome.start = cli_now();
    done = read_options(&job.options, &accounts, argc, argv);
    if (done == 0)
        done = job.options.merge.rows != NULL ? send_many(&job, &accounts)
                                              : send_one(&job, &accounts);
    done = cli_arguments_exit(done);
    cli_job_free(&job);
    cli_accounts_free(&accounts);
    cli_outcome_raise(&job.outcome, done);
    return done;
}
