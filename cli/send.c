/* send.c - the arguments of "duva send" into a mail, sent and reported. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* ---- the envelope ---- */

/* The texts of recipients are in one piece of memory with them. */
static int make_recipients(struct cli_job *job)
{
    const size_t count = cli_letter_recipients(&job->letter, NULL);
    duva_rcpt *rcpt = calloc(count, sizeof(*rcpt) + CLI_WORDS_SIZE);
    size_t i;

    if (rcpt == NULL)
        return cli_stop(job, EX_OSERR, DUVA_ERR_SPACE, DUVA_REASON_NONE,
                        "not enough memory");
    job->words = (char *)(rcpt + count);
    for (i = 0; i < count; i++) {
        rcpt[i].text = job->words + i * CLI_WORDS_SIZE;
        rcpt[i].text_size = CLI_WORDS_SIZE;
    }
    cli_letter_recipients(&job->letter, rcpt);
    job->mail.rcpt = rcpt;
    job->mail.rcpt_count = count;
    return 0;
}

static int make_envelope(struct cli_job *job)
{
    const struct cli_options *o = &job->options;

    job->mail.from = job->letter.return_path;
    job->mail.policy = o->all_or_nothing ? DUVA_ALL_OR_NOTHING
                                         : DUVA_WHOEVER_IS_ACCEPTED;
    if (o->access.require_tls)
        job->mail.flags |= DUVA_MAIL_REQUIRETLS;
    return make_recipients(job);
}

static int check_hello(struct cli_job *job)
{
    const char *hello = job->options.access.hello;
    duva_reason reason = DUVA_REASON_NONE;
    char shown[400];

    if (hello != NULL)
        reason = duva_name_check(hello);
    if (reason == DUVA_REASON_NONE)
        return 0;
    cli_escape(shown, sizeof(shown), hello, strlen(hello));
    return cli_stop(job, EX_USAGE, DUVA_ERR_ARG, reason, "--hello '%s': %s",
                    shown, duva_reason_text(reason));
}

/* ---- the message ---- */

static int bad_message(struct cli_job *job, const char *file, int failed)
{
    const duva_body *check = &job->message.check;
    char shown[400];
    const char *problem = strerror(errno);
    duva_reason reason = DUVA_REASON_SOURCE;

    if (cli_is_stdin(file))
        file = "standard input";
    cli_escape(shown, sizeof(shown), file, strlen(file));
    if (failed != EX_DATAERR)
        return cli_stop(job, failed, DUVA_ERR_BODY, reason, "%s: %s", shown,
                        problem);
    reason = (duva_reason)check->reason;
    return cli_stop(job, failed, DUVA_ERR_BODY, reason, "%s: line %lu: %s",
                    shown, (unsigned long)check->line + 1,
                    duva_reason_text(reason));
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
    int failed = cli_letter_envelope(&job->letter, &job->options.draft);

    if (failed != 0)
        return cli_stop_letter(job, failed);
    tell_of_terminal(file);
    failed = cli_message_open(&job->message, file);
    if (failed != 0)
        return bad_message(job, file, failed);
    job->mail.size = job->message.check.octets;
    if (job->message.eight_bit)
        job->mail.flags |= DUVA_MAIL_8BIT;
    if (job->letter.utf8)
        job->mail.flags |= DUVA_MAIL_UTF8;
    cli_message_read(&job->message, NULL, 0);
    return 0;
}

static int open_content(struct cli_job *job, struct cli_content *c,
                        const char *file)
{
    char shown[400];
    int failed;

    tell_of_terminal(file);
    failed = cli_content_open(c, file);
    if (failed == 0)
        return 0;
    cli_escape(shown, sizeof(shown), c->name, strlen(c->name));
    return cli_stop(job, failed, DUVA_ERR_BODY, DUVA_REASON_SOURCE, "%s: %s",
                    shown, strerror(errno));
}

static int make_letter(struct cli_job *job)
{
    struct cli_draft *d = &job->options.draft;
    int failed = open_content(job, &job->text, job->options.body);

    if (failed != 0)
        return failed;
    d->text = &job->text;
    failed = cli_letter_make(&job->letter, d);
    return failed == 0 ? 0 : cli_stop_letter(job, failed);
}

/* ---- all of it ---- */

static int prepare(struct cli_job *job)
{
    int failed = check_hello(job);

    if (failed == 0)
        failed = job->options.raw != NULL ? take_message(job)
                                          : make_letter(job);
    if (failed == 0)
        failed = make_envelope(job);
    if (failed == 0 && cli_access_asks_for_tls(&job->options.access)
        && job->options.access.tls_mode != DUVA_TLS_NEVER)
        failed = cli_tls_open(job);
    if (failed == 0)
        failed = cli_secret(job);
    return failed;
}

int cli_send(int argc, char **argv)
{
    static struct cli_job job;
    int done;

    job.start = cli_now();
    done = cli_options_read(&job.options, argc, argv);
    if (done < 0) {
        if (prepare(&job) == 0) {
            cli_session_send(&job);
            if (job.exit_code == EX_OK)
                cli_judge(&job);
        }
        cli_report(&job);
        done = job.exit_code;
    }
    cli_tls_close(&job.tls);
    cli_message_close(&job.message);
    cli_letter_free(&job.letter);
    cli_content_close(&job.text);
    cli_options_free(&job.options);
    free(job.mail.rcpt);
    cli_wipe(job.secret, sizeof(job.secret));
    if (job.mail.result.err == DUVA_ERR_CANCELLED && done == EX_TEMPFAIL)
        raise(job.signal);     /* as the shell expects of a Ctrl-C */
    return done;
}
