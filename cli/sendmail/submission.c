/* submission.c - a mail that a program submits: read, completed and sent. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "config/account_values.h"
#include "config/config.h"
#include "envelope/mailbox.h"
#include "envelope/parameters.h"
#include "message/finished.h"
#include "message/header.h"
#include "sendmail/header_addresses.h"
#include "options/send_options.h"
#include "options/server_options.h"
#include "outcome/outcome.h"
#include "outcome/recipients.h"
#include "send/deliver.h"
#include "send/job.h"
#include "sendmail/complete_header.h"
#include "sendmail/local_addresses.h"
#include "sendmail/submission.h"
#include "system/input.h"

static int no_memory(struct cli_job *job)
{
    return cli_stop(&job->outcome, EX_OSERR, DUVA_ERR_RESOURCES,
                    DUVA_REASON_NONE, "not enough memory");
}

static void set_extras(struct cli_submission *s)
{
    cli_account_dsn(s->accounts.account, s->notify_given ? NULL : &s->notify,
                    s->ret != 0 ? NULL : &s->ret);
    s->mail_extras.ops = s->rcpt_extras.ops = &duva_extras;
    s->rcpt_extras.notify = s->notify;
    s->mail_extras.ret = s->ret;
    s->mail_extras.envid = s->envid;
}

/* ---- reading ---- */

/* A CR alone is a space in the header, and ends a line behind it. */
static int read_all(struct cli_submission *s, struct cli_input_lines *in,
                    FILE *lines, const char **problem)
{
    struct cli_finished *m = &s->job->outgoing.finished;
    int failed;

    in->in_header = 1;
    failed = cli_header_read(&s->header, lines, problem);
    in->in_header = 0;
    m->binary = 1;             /* only what is exact has what no line has */
    if (failed == 0)
        failed = cli_finished_take(m, lines);
    m->binary = in->exact;
    return failed;
}

static int refuse_nul(struct cli_submission *s,
                      const struct cli_input_lines *in)
{
    return cli_stop(&s->job->outcome, EX_DATAERR, DUVA_ERR_BODY,
                    DUVA_REASON_NUL,
                    "standard input: line %zu: a NUL; convert it from UTF-16 "
                    "to UTF-8, or encode it in base64",
                    in->nul_line);
}

/* Returns the exit code. */
static int unread(struct cli_submission *s, int code, const char *problem)
{
    char text[800];

    if (problem != NULL)
        snprintf(text, sizeof(text), "standard input: %s", problem);
    else
        cli_input_problem(text, sizeof(text), "", "standard input", code);
    return cli_stop(&s->job->outcome, code,
                    code == EX_OSERR ? DUVA_ERR_RESOURCES : DUVA_ERR_BODY,
                    DUVA_REASON_SOURCE, "%s", text);
}

int cli_submission_read(struct cli_submission *s, struct cli_input_lines *in)
{
    FILE *lines = cli_input_lines_open(in);
    const char *problem = NULL;
    int failed;

    if (lines == NULL)
        return no_memory(s->job);
    failed = read_all(s, in, lines, &problem);
    if (failed != 0)
        failed = unread(s, failed, problem);
    else if (in->nul_line > 0)
        failed = refuse_nul(s, in);
    (void)fclose(lines);       /* nothing was written */
    return failed;
}

/* ---- the envelope ---- */

static int bad_field(struct cli_job *job, const char *field,
                     const char *problem)
{
    return cli_stop(&job->outcome, EX_DATAERR, DUVA_ERR_ARG,
                    DUVA_REASON_CHARACTER, "header field %.*s: %s",
                    (int)strcspn(field, ":"), field, problem);
}

static int add_all(struct cli_address_set *to, const struct cli_mailboxes *m)
{
    size_t i;
    int failed = 0;

    for (i = 0; failed == 0 && i < m->count; i++)
        if (m->list[i].addr != NULL)
            failed = cli_address_set_add(to, m->list[i].addr);
    return failed;
}

const char *cli_submission_add(struct cli_submission *s, const char *list)
{
    struct cli_mailboxes m = { .lenient = 1 };
    const char *problem = cli_mailboxes_add(&m, list);

    if (problem == NULL && add_all(&s->to, &m) != 0)
        problem = "not enough memory";
    cli_mailboxes_free(&m);
    return problem;
}

static int add_from_header(struct cli_submission *s)
{
    struct cli_mailboxes m = { .lenient = 1 };
    const char *field = "", *problem;
    int failed = 0;

    problem = cli_header_recipients(&s->header, &m, &field);
    if (problem != NULL)
        failed = bad_field(s->job, field, problem);
    else if (add_all(&s->to, &m) != 0)
        failed = no_memory(s->job);
    cli_mailboxes_free(&m);
    return failed;
}

static int check_extras(struct cli_job *job)
{
    duva_reason reason;
    const char *problem = cli_parameters_check(&job->outcome.mail, &reason);

    if (problem == NULL)
        return 0;
    return cli_stop(&job->outcome, EX_USAGE, DUVA_ERR_ARG, reason, "%s",
                    reason == DUVA_REASON_ENVID
                        ? "-V: it must be printable ASCII, 100 octets at most"
                        : problem);
}

static int make_envelope(struct cli_submission *s)
{
    const struct cli_access *a = &s->job->options.access;
    struct cli_outcome *o = &s->job->outcome;
    duva_mail *mail = &o->mail;
    int failed = cli_recipients(o, s->recipients.count);
    size_t i;

    for (i = 0; failed == 0 && i < s->recipients.count; i++) {
        mail->rcpt[i].addr = s->recipients.addr[i];
        mail->rcpt[i].extras = &s->rcpt_extras;
    }
    mail->from = a->sender;
    mail->extras = &s->mail_extras;
    mail->policy = s->all_or_nothing ? DUVA_ALL_OR_NOTHING
                                     : DUVA_WHOEVER_IS_ACCEPTED;
    if (a->session.require_tls)
        mail->flags |= DUVA_MAIL_REQUIRETLS;
    if (s->converted.utf8)
        mail->flags |= DUVA_MAIL_UTF8;
    if (failed == 0)
        failed = cli_recipients_check_lmtp(o, a->session.server.lmtp, 0);
    return failed == 0 ? check_extras(s->job) : failed;
}

/* ---- all of it ---- */

static int find_sender(struct cli_submission *s)
{
    struct cli_access *a = &s->job->options.access;
    struct cli_mailboxes m = { .lenient = 1 };
    const char *problem = NULL;
    char *addr;

    a->sender = s->sender;
    if (s->sender == NULL && s->sender_from_header) {
        problem = cli_header_author(&s->header, &m);
        if (problem == NULL && m.count > 0 && m.list[0].addr != NULL
            && (addr = strdup(m.list[0].addr)) != NULL)
            a->sender = cli_config_keep(&s->accounts.config, addr);
    }
    cli_mailboxes_free(&m);
    return problem == NULL ? 0 : bad_field(s->job, "From", problem);
}

static int complete_message(struct cli_submission *s)
{
    struct cli_job *job = s->job;
    struct cli_finished *m = &job->outgoing.finished;
    duva_mail *mail = &job->outcome.mail;

    if (cli_header_complete(m, &s->header, s->accounts.account,
                            mail->from, s->full_name) != 0)
        return no_memory(job);
    mail->size = m->head_len + m->check.octets;
    if (m->eight_bit)
        mail->flags |= DUVA_MAIL_8BIT;
    cli_finished_read(m, NULL, 0);
    return 0;
}

static int make_mail(struct cli_submission *s)
{
    struct cli_job *job = s->job;
    int failed = s->recipients_from_header ? add_from_header(s) : 0;

    if (failed == 0 && s->to.count == 0)
        failed = cli_stop(&job->outcome, EX_USAGE, DUVA_ERR_ARG,
                          DUVA_REASON_NO_RECIPIENT,
                          "there is no recipient; name one, or use -t to send "
                          "to those in the header");
    if (failed == 0)
        failed = cli_local_recipients(&s->recipients, &s->to, &s->accounts,
                                      &s->converted, &job->outcome);
    if (failed == 0)
        failed = cli_local_sender(&job->options.access.sender, &s->accounts,
                                  &s->converted, &job->outcome);
    if (failed == 0
        && cli_header_prepare(&s->header, s->accounts.account,
                              &s->converted.utf8) != 0)
        failed = no_memory(job);
    set_extras(s);
    if (failed == 0)
        failed = make_envelope(s);
    return failed == 0 ? complete_message(s) : failed;
}

int cli_submission_send(struct cli_submission *s)
{
    struct cli_job *job = s->job;
    int failed = find_sender(s);

    if (failed == 0)
        failed = cli_account_apply(&s->accounts, &job->options.access);
    if (failed == 0)
        failed = cli_access_check(&job->options.access);
    if (failed != 0)
        return failed;         /* it is printed already */
    if (make_mail(s) == 0)
        cli_deliver(job);
    cli_job_log(job, &s->accounts);
    return job->outcome.exit_code;
}

void cli_submission_free(struct cli_submission *s)
{
    cli_header_free(&s->header);
    cli_address_set_free(&s->to);
    cli_address_set_free(&s->recipients);
    cli_accounts_free(&s->accounts);
    cli_job_free(s->job);
}
