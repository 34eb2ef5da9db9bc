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

static int bad_address(struct cli_job *job, const char *option,
                       const char *addr, duva_reason reason)
{
    char shown[400];

    cli_escape(shown, sizeof(shown), addr, strlen(addr));
    return cli_stop(job, EX_USAGE, DUVA_ERR_ARG, reason, "%s '%s': %s",
                    option, shown, duva_reason_text(reason));
}

static int check_envelope(struct cli_job *job)
{
    const struct cli_options *o = &job->options;
    duva_reason reason = DUVA_REASON_NONE;
    size_t i;

    if (o->from[0] != '\0')
        reason = duva_address_check(o->from);
    if (reason != DUVA_REASON_NONE)
        return bad_address(job, "--from", o->from, reason);
    for (i = 0; i < o->rcpt_count; i++) {
        reason = duva_address_check(o->rcpt[i].addr);
        if (reason != DUVA_REASON_NONE)
            return bad_address(job, "recipient", o->rcpt[i].addr, reason);
    }
    if (o->access.hello != NULL)
        reason = duva_name_check(o->access.hello);
    if (reason != DUVA_REASON_NONE)
        return bad_address(job, "--hello", o->access.hello, reason);
    return 0;
}

static int make_envelope(struct cli_job *job)
{
    const struct cli_options *o = &job->options;
    size_t i;

    job->mail.from = o->from;
    job->mail.rcpt = o->rcpt;
    job->mail.rcpt_count = o->rcpt_count;
    job->mail.policy = o->all_or_nothing ? DUVA_ALL_OR_NOTHING
                                         : DUVA_WHOEVER_IS_ACCEPTED;
    if (o->access.require_tls)
        job->mail.flags |= DUVA_MAIL_REQUIRETLS;
    job->words = calloc(o->rcpt_count, CLI_WORDS_SIZE);
    if (job->words == NULL)
        return cli_stop(job, EX_OSERR, DUVA_ERR_SPACE, DUVA_REASON_NONE,
                        "not enough memory");
    for (i = 0; i < o->rcpt_count; i++) {
        o->rcpt[i].text = job->words + i * CLI_WORDS_SIZE;
        o->rcpt[i].text_size = CLI_WORDS_SIZE;
    }
    return check_envelope(job);
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

/* A domain for the Message-ID of a sender who has none. */
static const char *own_domain(struct cli_job *job)
{
    if (job->options.access.hello != NULL)
        return job->options.access.hello;
    if (gethostname(job->name, sizeof(job->name)) != 0)
        return "localhost";
    job->name[sizeof(job->name) - 1] = '\0';
    return duva_name_check(job->name) == DUVA_REASON_NONE ? job->name
                                                          : "localhost";
}

static int write_header(struct cli_job *job)
{
    struct cli_message *m = &job->message;
    struct cli_letter letter;
    FILE *out;

    memset(&letter, 0, sizeof(letter));
    letter.from = job->options.from;
    letter.subject = job->options.subject;
    letter.rcpt = job->options.rcpt;
    letter.rcpt_count = job->options.rcpt_count;
    letter.domain = own_domain(job);
    if (m->eight_bit)
        letter.charset = m->not_utf8 ? "unknown-8bit" : "utf-8";
    letter.now = time(NULL);
    if (getentropy(letter.id, sizeof(letter.id)) != 0)
        return -1;
    out = open_memstream(&m->head, &m->head_len);
    if (out == NULL)
        return -1;
    cli_compose(out, &letter);
    return fclose(out);
}

static int make_message(struct cli_job *job)
{
    const struct cli_options *o = &job->options;
    const char *file = o->raw != NULL ? o->raw : o->body;
    const char *problem;
    int failed;

    problem = o->subject != NULL ? cli_subject_check(o->subject) : NULL;
    if (problem != NULL)
        return cli_stop(job, EX_USAGE, DUVA_ERR_ARG, DUVA_REASON_CONTROL,
                        "--subject: %s", problem);
    if (cli_is_stdin(file) && isatty(STDIN_FILENO))
        fputs("duva: the message is read from here; Ctrl-D ends it\n",
              stderr);
    failed = cli_message_open(&job->message, file);
    if (failed != 0)
        return bad_message(job, file, failed);
    if (o->raw == NULL && write_header(job) != 0)
        return cli_stop(job, EX_OSERR, DUVA_ERR_SPACE, DUVA_REASON_NONE,
                        "no header: %s", strerror(errno));
    job->mail.size = job->message.head_len + job->message.check.octets;
    if (job->message.eight_bit)
        job->mail.flags |= DUVA_MAIL_8BIT;
    cli_message_read(&job->message, NULL, 0);
    return 0;
}

/* ---- all of it ---- */

static int prepare(struct cli_job *job)
{
    int failed = make_envelope(job);

    if (failed == 0)
        failed = make_message(job);
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
    cli_options_free(&job.options);
    free(job.words);
    cli_wipe(job.secret, sizeof(job.secret));
    if (job.mail.result.err == DUVA_ERR_CANCELLED && done == EX_TEMPFAIL)
        raise(job.signal);     /* as the shell expects of a Ctrl-C */
    return done;
}
