/* send.c - the arguments of "duva send" into a mail, sent and reported. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "envelope/parameters.h"
#include "login/secret.h"
#include "merge/merge_inner.h"
#include "message/content.h"
#include "message/files.h"
#include "message/letter.h"
#include "message/message.h"
#include "message/outgoing.h"
#include "message/sign.h"
#include "options/send_options.h"
#include "options/server_options.h"
#include "outcome/outcome.h"
#include "outcome/recipients.h"
#include "report/recipients_text.h"
#include "report/report.h"
#include "send/send.h"
#include "sendmail/log.h"
#include "session/job.h"
#include "session/session.h"
#include "session/tls.h"
#include "system/clock.h"
#include "system/guard.h"
#include "text/escape.h"

/* ---- the envelope ---- */

static int make_recipients(struct cli_job *job)
{
    const int failed = cli_recipients(
        &job->outcome, cli_letter_recipients(&job->outgoing.letter, NULL));

    if (failed == 0)
        cli_letter_recipients(&job->outgoing.letter, job->outcome.mail.rcpt);
    return failed;
}

/* What does not depend on who it is from and to. */
static void begin_envelope(struct cli_job *job)
{
    const struct cli_options *o = &job->options;

    job->outcome.mail.policy
        = o->all_or_nothing ? DUVA_ALL_OR_NOTHING : DUVA_WHOEVER_IS_ACCEPTED;
    if (o->access.require_tls)
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

    begin_envelope(job);
    job->outcome.mail.from = job->outgoing.letter.return_path;
    if (job->outgoing.letter.utf8)
        job->outcome.mail.flags |= DUVA_MAIL_UTF8;
    failed = make_recipients(job);
    if (failed == 0)
        failed = cli_recipients_check_lmtp(&job->outcome,
                                           job->options.access.server.lmtp,
                                           job->options.all_or_nothing);
    if (failed != 0)
        return failed;
    if (job->options.parameters.rcpt.orcpt != NULL
        && job->outcome.mail.rcpt_count != 1)
        return cli_stop(&job->outcome, EX_USAGE, DUVA_ERR_ARG,
                        DUVA_REASON_ORCPT,
                        "--orcpt is for a mail with one recipient");
    cli_parameters_apply(&job->options.parameters, &job->outcome.mail);
    return check_parameters(job);
}

/* A name of a host, or NULL: none is said. */
static int check_name(struct cli_job *job, const char *option,
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
    const struct cli_message *m = &job->outgoing.message;
    const duva_reason reason = (duva_reason)m->check.reason;
    const int header = m->header.problem != NULL;
    const char *name = cli_is_stdin(file) ? "standard input" : file;
    char text[800], shown[1600];

    if (failed != EX_DATAERR)
        cli_content_blame(text, sizeof(text), "", name, failed);
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

static void tell_of_terminal(const char *file)
{
    if (cli_is_stdin(file) && isatty(STDIN_FILENO))
        fputs("duva: the message is read from here; Ctrl-D ends it\n",
              stderr);
}

/* A finished message: only the envelope is the letter's. */
static int take_message(struct cli_job *job)
{
    const char *file = job->options.raw;
    int failed
        = cli_letter_envelope(&job->outgoing.letter, &job->options.draft);

    if (failed != 0)
        return cli_outgoing_stop(&job->outgoing, &job->outcome, failed);
    tell_of_terminal(file);
    failed = cli_message_open(&job->outgoing.message, file);
    if (failed != 0)
        return bad_message(job, file, failed);
    job->outcome.mail.size = job->outgoing.message.check.octets;
    if (job->outgoing.message.eight_bit)
        job->outcome.mail.flags |= DUVA_MAIL_8BIT;
    cli_message_read(&job->outgoing.message, NULL, 0);
    return 0;
}

/* All that the draft is made of. */
static int open_contents(struct cli_job *job)
{
    struct cli_options *o = &job->options;
    char problem[CLI_FILES_PROBLEM], shown[2 * CLI_FILES_PROBLEM];
    int  failed;

    if (o->files.body != NULL)
        tell_of_terminal(o->files.body);
    failed = cli_files_open(&o->files, &o->draft, problem);
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
        cli_letter_sign(&job->outgoing.letter, signer, domain, s->selector);
        return 0;
    }
    cli_escape(shown, sizeof(shown), s->key, strlen(s->key));
    return cli_stop(&job->outcome, code, DUVA_ERR_TLS, DUVA_REASON_NONE,
                    "--dkim-key %s: %s", shown, problem);
}

static int sign_letter(struct cli_job *job)
{
    const struct cli_signature *s = &job->options.signature;
    const char *domain = s->domain;
    int failed;

    if (s->key == NULL)
        return 0;
    if (domain == NULL)
        domain = strrchr(job->outgoing.letter.from.list[0].addr, '@') + 1;
    failed = check_name(job, "--dkim-domain", domain);
    if (failed == 0)
        failed = check_name(job, "--dkim-selector", s->selector);
    if (failed == 0 && (domain[0] == '[' || s->selector[0] == '['
                        || strlen(s->selector) > 63))
        failed = cli_stop(&job->outcome, EX_USAGE, DUVA_ERR_ARG,
                          DUVA_REASON_CHARACTER,
                          "--dkim-domain or --dkim-selector: it is no name "
                          "that DNS has");
    return failed == 0 ? open_signer(job, domain) : failed;
}

static int make_letter(struct cli_job *job)
{
    const int failed
        = cli_letter_make(&job->outgoing.letter, &job->options.draft);

    return failed == 0
               ? sign_letter(job)
               : cli_outgoing_stop(&job->outgoing, &job->outcome, failed);
}

/* ---- all of it ---- */

/* Prints the message as a server that takes 8-bit text would get it. */
static int print_message(struct cli_job *job)
{
    const int composed = job->outgoing.letter.composed;
    duva_source_fn *const read = composed ? cli_letter_read : cli_message_read;
    void *const from = composed ? (void *)&job->outgoing.letter
                                : (void *)&job->outgoing.message;
    char piece[16384];
    int n = composed ? cli_letter_fit(&job->outgoing.letter, DUVA_CAP_8BITMIME,
                                      &job->outcome.mail)
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
    int failed = check_name(job, "--hello", job->options.access.hello);

    if (failed == 0)
        failed = open_contents(job);
    if (failed == 0)
        failed = job->options.raw != NULL ? take_message(job)
                                          : make_letter(job);
    return failed == 0 ? make_envelope(job) : failed;
}

static int prepare_session(struct cli_job *job)
{
    int failed = 0;

    if (cli_access_asks_for_tls(&job->options.access)
        && job->options.access.tls_mode != DUVA_TLS_NEVER)
        failed = cli_tls_open(job);
    return failed == 0 ? cli_secret(job) : failed;
}

static int send_one(struct cli_job *job)
{
    if (make_mail(job) == 0) {
        if (job->options.dry_run) {
            if (print_message(job) == 0)
                return EX_OK;
        } else if (prepare_session(job) == 0) {
            cli_session_send(job);
            if (job->outcome.exit_code == EX_OK)
                cli_judge(job);
        }
    }
    cli_log(job);
    cli_report(job);
    cli_session_end(job);
    return job->outcome.exit_code;
}

#ifdef DUVA_CLI_MERGE
static int send_many(struct cli_job *job)
{
    job->options.files.merges = 1;
    if (check_name(job, "--hello", job->options.access.hello) != 0
        || open_contents(job) != 0) {
        cli_report(job);
        return job->outcome.exit_code;
    }
    begin_envelope(job);
    return cli_merge(job);
}
#else
#define send_many send_one     /* no option asks for it */
#endif

int cli_send(int argc, char **argv)
{
    static struct cli_job job;
    int done;

    job.outcome.start = cli_now();
    done = cli_options_read(&job.options, argc, argv);
    if (done < 0)
        done = job.options.merge.rows != NULL ? send_many(&job)
                                              : send_one(&job);
    cli_tls_close(&job.tls);
    cli_message_close(&job.outgoing.message);
    cli_letter_free(&job.outgoing.letter);
    cli_signer_close(&job.outgoing.signer);
    cli_options_free(&job.options);
    free(job.outcome.mail.rcpt);
    cli_wipe(job.login.secret, sizeof(job.login.secret));
    if (job.outcome.mail.result.err == DUVA_ERR_CANCELLED
        && done == EX_TEMPFAIL)
        raise(job.outcome.signal); /* as the shell expects of a Ctrl-C */
    return done;
}
