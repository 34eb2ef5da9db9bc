/* merge_mails.c - the rows that are left into mails of a pool. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include <uv.h>

#include "envelope/parameters.h"
#include "merge/journal.h"
#include "merge/merge_mails.h"
#include "merge/merge_message.h"
#include "merge/merge_results.h"
#include "merge/merge_state.h"
#include "merge/recipient_results.h"
#include "merge/rows.h"
#include "message/composed.h"
#include "options/merge_options.h"
#include "outcome/recipients.h"
#include "trace/progress.h"

#define TICK_MS 250 /* results and progress bar are updated so often */
#define PREPARED 2  /* mails for each that can be sent at a time */
#define DESCRIPTORS 4          /* pairs: libuv's own, and a connection */

static const int stop_signal[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

enum { STOP_SIGNALS = sizeof(stop_signal) / sizeof(stop_signal[0]) };

/* The loop that sends, and the mails that it works on. */
struct send_loop {
    struct cli_merge *merge;
    struct row_mail *row_mail, *idle; /* all; a list of those without a row */
    size_t row_mails, busy;
    duva_pool        *pool;
    uint8_t           over;    /* there is no further row */
    uint8_t           stopped; /* duva_pool_how */
    uv_loop_t         loop;
    uv_prepare_t      prepare;
    uv_idle_t         again;
    uv_timer_t        tick, end;
    uv_signal_t signal[STOP_SIGNALS];
};

/* The mail of a row, and what it is made of; used for one row after another. */
struct row_mail {
    duva_pool_mail  mail;
    struct send_loop *loop;
    struct row_mail *next; /* in idle */
    struct cli_merge_message message;
    duva_rcpt      *rcpt;      /* on the heap */
    size_t          room;
    uint64_t        row;
    uint32_t caps; /* that the message was made for */
    uint8_t begun; /* in the journal too */
};

/* ---- the end ---- */

static void stop(struct send_loop *s, duva_pool_how how)
{
    if (s->stopped >= how)
        return;
    s->stopped = (uint8_t)how;
    duva_pool_stop(s->pool, how, NULL, NULL);
}

static void stop_journal_failed(struct send_loop *s)
{
    struct cli_merge *m = s->merge;

    cli_merge_stop(m, EX_IOERR, "%s: %s", m->journal_file,
                   strerror(m->journal.cause));
    stop(s, DUVA_POOL_ABORT);
}

/* 1 when the failure would be the same for every row, so that the merge
 * ends. */
static int ends_all(const duva_result *r)
{
    switch (r->err) {
    case DUVA_ERR_RESOLVE: case DUVA_ERR_CONNECT: case DUVA_ERR_TLS:
    case DUVA_ERR_SPACE: case DUVA_ERR_RESOURCES:
        return 1;
    case DUVA_ERR_UNSUPPORTED:
        return r->reason == DUVA_REASON_NO_STARTTLS
               || r->reason == DUVA_REASON_NO_AUTH
               || r->reason == DUVA_REASON_CLEAR_LINK
               || r->reason == DUVA_REASON_NO_BINDING;
    default:
        return r->err != DUVA_OK && r->err != DUVA_ERR_CANCELLED
               && r->status.stage <= DUVA_STAGE_AUTH;
    }
}

/* ---- the mail of a row ---- */

/* 1 when this mail was deferred, as by greylisting, and not every mail: another
 * attempt in this run would be too soon (RFC 5321 4.5.4.1). */
static int is_deferred(const duva_result *r)
{
    return r->verdict == DUVA_RETRY && r->status.code / 100 == 4
           && r->status.code != 421
           && (r->status.stage == DUVA_STAGE_RCPT
               || r->status.stage == DUVA_STAGE_END);
}

/* The row was not sent, but some of its recipients may be decided. */
static void withdraw(struct row_mail *p)
{
    struct cli_journal *j = &p->loop->merge->journal;

    p->begun = 0;
    cli_journal_recipients(j, p->row, &p->mail.job.mail);
    cli_journal_back(j, p->row);
}

/* The source of a message; a row is begun when its first octets are read.  The
 * pool goes back to the start only when the message was certainly not
 * delivered and is sent again in this run. */
static int read_message(void *row_mail, void *buf, size_t len)
{
    struct row_mail *p = row_mail;
    struct cli_journal *j = &p->loop->merge->journal;

    if (buf == NULL && is_deferred(&p->mail.job.mail.result))
        return -1;
    if (buf == NULL && p->begun)
        withdraw(p);
    if (buf != NULL && !p->begun) {
        if (cli_journal_begun(j, p->row) != 0)
            return -1;
        p->begun = 1;
    }
    return cli_merge_message_read(&p->message, buf, len);
}

/* A message is made for what the first session advertised; a later connection
 * may be to a server that advertises less or more. */
static int fit_message(void *row_mail, uint32_t caps, duva_mail *mail)
{
    const uint32_t counts = DUVA_CAP_8BITMIME | DUVA_CAP_BINARYMIME
                            | DUVA_CAP_CHUNKING;
    struct row_mail *p = row_mail;
    const uint32_t may = p->loop->merge->route.may;

    caps &= may;
    if (((caps ^ p->caps) & counts) == 0)
        return DUVA_OK;
    if (cli_composed_expect(&p->message.composed, caps) != 0
        || cli_composed_read(&p->message.composed, NULL, 0)
               != 0 /* to its start */
        || cli_merge_message_fit(&p->message, caps, mail) != 0) {
        mail->result.reason = DUVA_REASON_NOT_ASCII;
        return DUVA_ERR_UNSUPPORTED;
    }
    p->caps = caps;
    return DUVA_OK;
}

static int make_recipients(struct row_mail *p)
{
    const struct cli_draft_addresses *a = &p->message.composed.addresses;
    const size_t count = cli_draft_addresses_recipients(a, NULL);
    duva_rcpt *more = p->rcpt;
    char *words;
    size_t i;

    if (count > p->room) {
        more = realloc(p->rcpt, count * (sizeof(*more) + CLI_WORDS_SIZE));
        if (more == NULL)
            return -1;
        p->rcpt = more;
        p->room = count;
    }
    memset(p->rcpt, 0, count * sizeof(*p->rcpt));
    cli_draft_addresses_recipients(a, p->rcpt);
    words = (char *)(p->rcpt + count);
    for (i = 0; i < count; i++) {
        p->rcpt[i].text = words + i * CLI_WORDS_SIZE;
        p->rcpt[i].text[0] = '\0';
        p->rcpt[i].text_size = CLI_WORDS_SIZE;
    }
    p->mail.job.mail.rcpt = p->rcpt;
    p->mail.job.mail.rcpt_count = count;
    cli_recipient_results_apply(&p->loop->merge->journal.recipients, p->row,
                                &p->mail.job.mail);
    return 0;
}

static void on_decided(duva_pool_mail *mail);

/* Makes the mail of the current row.  Returns 0, or an exit code with the
 * problem in p->message. */
static int make_mail(struct row_mail *p)
{
    struct cli_merge *m = p->loop->merge;
    duva_mail *mail = &p->mail.job.mail;
    int failed;

    p->row = m->rows.number;
    p->begun = 0;
    cli_merge_message_end(&p->message);
    failed = cli_merge_message_make(&p->message, &m->template, &m->rows,
                                    m->key.id);
    memset(&p->mail, 0, sizeof(p->mail));
    *mail = m->outcome->mail;
    memset(&mail->result, 0, sizeof(mail->result));
    if (failed != 0)
        return failed;
    mail->from = p->message.composed.addresses.return_path;
    failed = cli_merge_message_fit(&p->message, m->route.caps, mail);
    if (failed != 0)
        return failed;
    p->mail.job.source = read_message;
    p->mail.job.source_ctx = p;
    p->mail.job.fit = fit_message;
    p->caps = m->route.caps;
    p->mail.to = &m->route.to;
    p->mail.done = on_decided;
    p->mail.ctx = p;
    if (make_recipients(p) != 0)
        return EX_OSERR;
    cli_parameters_apply(&m->send->parameters, mail);
    return 0;
}

/* ---- rows ---- */

static void end_rows(struct send_loop *s, int changed)
{
    s->over = 1;
    if (!changed)
        return;
    cli_merge_stop(s->merge, EX_DATAERR,
                   "%s: the file has changed while it was read",
                   s->merge->options->rows);
    stop(s, DUVA_POOL_FINISH);
}

/* Reads the next row of this run and its state.  Returns 1, or 0: there is
 * none. */
static int next_row(struct send_loop *s, enum cli_row_state *is)
{
    struct cli_merge *m = s->merge;
    const struct cli_merge_options *o = m->options;
    int found;

    do {
        found = cli_rows_next(&m->rows);
        if (found <= 0 || (o->last != 0 && m->rows.number > o->last)) {
            end_rows(s, found < 0);
            return 0;
        }
        *is = m->rows.number < o->first
                  ? CLI_ROW_DECIDED
                  : cli_journal_row(&m->journal, m->rows.number);
    } while (*is == CLI_ROW_DECIDED);
    return 1;
}

/* ---- handing mails to the pool ---- */

static void set_idle(struct row_mail *p)
{
    struct send_loop *s = p->loop;

    p->next = s->idle;
    s->idle = p;
}

static int is_uncertain(const struct cli_merge *m, enum cli_row_state is)
{
    return (is == CLI_ROW_BEGUN || is == CLI_ROW_UNCERTAIN)
           && !m->options->resend_uncertain;
}

static void set_uncertain(duva_mail *mail)
{
    size_t i;

    mail->result.verdict = DUVA_UNCERTAIN;
    for (i = 0; i < mail->rcpt_count; i++)
        if (!cli_recipient_is_decided(&mail->rcpt[i]))
            mail->rcpt[i].verdict = DUVA_UNCERTAIN;
}

/* Gives a mail to the pool.  Returns 0, or -1: it has a result already, or the
 * merge is stopped. */
static int submit(struct row_mail *p, int failed, enum cli_row_state is)
{
    struct send_loop *s = p->loop;
    struct cli_merge *m = s->merge;

    if (is_uncertain(m, is)) {
        set_uncertain(&p->mail.job.mail);
        cli_merge_results_add(
            m, &p->message, &p->mail.job.mail, p->row,
            "the merge was stopped while it was sent, so it may have "
            "been delivered");
        return -1;
    }
    if (failed != 0 && failed != EX_OSERR) {
        cli_merge_results_add(m, &p->message, NULL, p->row, p->message.problem);
        return -1;
    }
    if (failed == 0 && cli_journal_ahead(&m->journal, p->row) == 0
        && duva_pool_send(s->pool, &p->mail) == DUVA_OK) {
        s->busy++;
        return 0;
    }
    if (m->journal.cause != 0) {
        stop_journal_failed(s);
        return -1;
    }
    cli_merge_stop(m, EX_OSERR, "row %" PRIu64 ": not enough memory", p->row);
    stop(s, DUVA_POOL_FINISH);
    return -1;
}

static void on_again(uv_idle_t *handle)
{
    (void)handle; /* an idle handle keeps the loop from waiting */
}

/* Gives rows to the mails that are idle, and ends when there are no more.  Each
 * gets one row at most: many rows may not be sendable, and the loop has other
 * work. */
static void start_rows(struct send_loop *s)
{
    struct row_mail *p, *rest = s->idle;
    enum cli_row_state is;

    s->idle = NULL;
    while (rest != NULL) {
        p = rest;
        rest = p->next;
        if (s->over || s->stopped || !next_row(s, &is)
            || submit(p, make_mail(p), is) != 0)
            set_idle(p);
    }
    if (s->over || s->stopped || s->idle == NULL)
        uv_idle_stop(&s->again);
    else
        uv_idle_start(&s->again, on_again);
    if ((s->over || s->stopped) && s->busy == 0)
        stop(s, DUVA_POOL_FINISH);
}

/* 1 when a mail was not sent for a reason that is not its own: the next run
 * sends it.  May stop the merge. */
static int is_for_next_run(struct send_loop *s, const duva_result *r)
{
    struct cli_merge *m = s->merge;

    if (r->verdict == DUVA_UNCERTAIN || r->verdict == DUVA_ACCEPTED)
        return 0;
    if (m->journal.cause != 0) {
        stop_journal_failed(s);
        return 1;
    }
    if (ends_all(r)) {
        if (m->broken.err == DUVA_OK)
            m->broken = *r;
        stop(s, DUVA_POOL_FINISH);
        return 1;
    }
    return r->err == DUVA_ERR_CANCELLED;
}

static void on_decided(duva_pool_mail *mail)
{
    struct row_mail *p = mail->ctx;
    struct send_loop *s = p->loop;
    struct cli_merge *m = s->merge;
    const duva_result *r = &mail->job.mail.result;

    s->busy--;
    if (!is_for_next_run(s, r))
        cli_merge_results_add(m, &p->message, &mail->job.mail, p->row, NULL);
    else if (p->begun)
        withdraw(p);
    set_idle(p);
    cli_progress_show(&m->progress);
}

/* ---- the loop ---- */

/* Before the loop waits, what is known is written to the journal. */
static void on_prepare(uv_prepare_t *handle)
{
    struct send_loop *s = handle->data;

    start_rows(s);
    if (cli_journal_flush(&s->merge->journal) != 0)
        stop_journal_failed(s);
}

static void on_tick(uv_timer_t *handle)
{
    struct send_loop *s = handle->data;

    cli_progress_show(&s->merge->progress);
    if (s->merge->results != NULL)
        fflush(s->merge->results);
}

static void on_end(uv_timer_t *handle)
{
    struct send_loop *s = handle->data;

    s->merge->timed_out = 1;
    stop(s, DUVA_POOL_ABORT);
}

/* The first signal waits for the mails that are being sent. */
static void on_signal(uv_signal_t *handle, int number)
{
    struct send_loop *s = handle->data;
    struct cli_merge *m = s->merge;

    cli_progress_hide(&m->progress);
    if (m->signal == 0)
        fputs("duva: stopping after the mails that are being sent; a second "
              "signal stops at once\n",
              stderr);
    stop(s, m->signal == 0 ? DUVA_POOL_FINISH : DUVA_POOL_ABORT);
    m->signal = number;
}

static void unref_handle(void *handle)
{
    uv_unref(handle); /* only the pool keeps the loop running */
}

/* Returns 0, or libuv's error. */
static int catch_signals(struct send_loop *s)
{
    struct sigaction before;
    int code = 0;
    size_t i;

    for (i = 0; code == 0 && i < STOP_SIGNALS; i++) {
        code = uv_signal_init(&s->loop, &s->signal[i]);
        if (code != 0)
            break;
        s->signal[i].data = s;
        unref_handle(&s->signal[i]);
        /* A signal that the parent process ignores stays ignored. */
        if (sigaction(stop_signal[i], NULL, &before) == 0
            && before.sa_handler != SIG_IGN)
            code = uv_signal_start(&s->signal[i], on_signal, stop_signal[i]);
        unref_handle(&s->signal[i]);
    }
    return code;
}

static int start_loop(struct send_loop *s)
{
    const uint64_t timeout = s->merge->send->access.session.timeout_s;

    uv_prepare_init(&s->loop, &s->prepare);
    uv_idle_init(&s->loop, &s->again);
    uv_timer_init(&s->loop, &s->tick);
    uv_timer_init(&s->loop, &s->end);
    s->prepare.data = s->tick.data = s->end.data = s;
    uv_prepare_start(&s->prepare, on_prepare);
    uv_timer_start(&s->tick, on_tick, TICK_MS, TICK_MS);
    if (timeout != 0)
        uv_timer_start(&s->end, on_end, timeout * 1000, 0);
    unref_handle(&s->prepare);
    unref_handle(&s->again);
    unref_handle(&s->tick);
    unref_handle(&s->end);
    return catch_signals(s);
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
    (void)ctx;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* The mails that can be sent at a time, and as many that wait.  With a rate, no
 * more than leave in a second, so that stopping does not take long. */
static size_t count_row_mails(const struct cli_merge *m)
{
    const duva_pool_route *to = &m->route.to;
    size_t n = PREPARED * (size_t)to->connections * (to->config.window + 1);

    if (to->rate != 0 && n > to->rate)
        n = to->rate;
    return n < m->wanted ? n : m->wanted > 0 ? (size_t)m->wanted : 1;
}

static int make_row_mails(struct send_loop *s)
{
    size_t i;

    s->row_mails = count_row_mails(s->merge);
    s->row_mail = calloc(s->row_mails, sizeof(*s->row_mail));
    if (s->row_mail == NULL)
        return -1;
    for (i = 0; i < s->row_mails; i++) {
        s->row_mail[i].loop = s;
        set_idle(&s->row_mail[i]);
    }
    return 0;
}

static void free_row_mails(struct send_loop *s)
{
    size_t i;

    for (i = 0; s->row_mail != NULL && i < s->row_mails; i++) {
        cli_merge_message_end(&s->row_mail[i].message);
        cli_merge_message_free(&s->row_mail[i].message);
        free(s->row_mail[i].rcpt);
    }
    free(s->row_mail);
}

static void run(struct send_loop *s)
{
    const int code = start_loop(s);

    if (code != 0) {
        cli_merge_stop(s->merge, EX_OSERR, "signals: %s", uv_strerror(code));
        stop(s, DUVA_POOL_ABORT);
    }
    uv_run(&s->loop, UV_RUN_DEFAULT);
    s->stopped = DUVA_POOL_ABORT; /* the pool has ended */
    if (cli_journal_flush(&s->merge->journal) != 0)
        stop_journal_failed(s);
}

/* libuv aborts the process when it gets no descriptor.  Returns 0 or an
 * errno. */
static int check_descriptors(void)
{
    int fd[DESCRIPTORS][2], code = 0;
    size_t i, n;

    for (n = 0; n < DESCRIPTORS && code == 0; n++)
        if (pipe(fd[n]) != 0) {
            code = errno;
            break;
        }
    for (i = 0; i < n; i++) {
        close(fd[i][0]);
        close(fd[i][1]);
    }
    return code;
}

void cli_merge_send(struct cli_merge *m)
{
    static struct send_loop s;
    int code;

    memset(&s, 0, sizeof(s));
    s.merge = m;
    code = -check_descriptors();
    if (code == 0)
        code = uv_loop_init(&s.loop);
    if (code != 0 || make_row_mails(&s) != 0
        || (s.pool = duva_pool_new(&s.loop)) == NULL) {
        free_row_mails(&s);
        cli_merge_stop(m, EX_OSERR, "%s", uv_strerror(code != 0 ? code
                                                               : UV_ENOMEM));
        return;
    }
    cli_progress_start(&m->progress, m->wanted,
                       !m->send->quiet && !m->send->access.trace);
    run(&s);
    cli_progress_hide(&m->progress);
    duva_pool_free(s.pool);
    uv_walk(&s.loop, close_handle, NULL);
    uv_run(&s.loop, UV_RUN_DEFAULT);
    uv_loop_close(&s.loop);
    free_row_mails(&s);
}
