/* merge_mails.c - the rows that are left into mails of a pool. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <sysexits.h>
#include <stdio.h>
#include <stdint.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uv.h>

#include "envelope/parameters.h"
#include "merge/journal.h"
#include "merge/merge_mails.h"
#include "merge/merge_results.h"
#include "merge/merge_state.h"
#include "options/merge_options.h"
#include "merge/recipient_results.h"
#include "merge/rows.h"
#include "merge/merge_message.h"
#include "message/composed.h"
#include "outcome/recipients.h"
#include "trace/progress.h"

#define TICK_MS 250            /* results and bar are up to date so often */
#define AHEAD   2
#define DESCRIPTORS 4          /* pairs: libuv's own, and a connection */

static const int asking[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

enum { ASKING = sizeof(asking) / sizeof(asking[0]) };

/* All of a sending. */
struct sending {
    struct cli_merge *merge;
    struct parcel    *parcel, *idle; /* all; those without a row */
    size_t            parcels, busy;
    duva_pool        *pool;
    uint8_t           over;    /* there is no further row */
    uint8_t           stopped; /* duva_pool_how */
    uv_loop_t         loop;
    uv_prepare_t      prepare;
    uv_idle_t         again;
    uv_timer_t        tick, end;
    uv_signal_t       signal[ASKING];
};

/* A mail under way, and what it is made of. */
struct parcel {
    duva_pool_mail  mail;
    struct sending *sending;
    struct parcel  *next;      /* in idle */
    struct cli_merge_message copy;
    duva_rcpt      *rcpt;      /* on the heap */
    size_t          room;
    uint64_t        row;
    uint32_t        caps;      /* of the server that the message fits */
    uint8_t         begun;     /* and the journal says so */
};

/* ---- the end ---- */

static void stop(struct sending *s, duva_pool_how how)
{
    if (s->stopped >= how)
        return;
    s->stopped = (uint8_t)how;
    duva_pool_stop(s->pool, how, NULL, NULL);
}

static void stop_for_journal(struct sending *s)
{
    struct cli_merge *m = s->merge;

    cli_merge_stop(m, EX_IOERR, "%s: %s", m->journal_file,
                   strerror(m->journal.cause));
    stop(s, DUVA_POOL_ABORT);
}

/* What went wrong before a mail could be begun goes wrong for every row. */
static int is_no_mails_fault(const duva_result *r)
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

/* ---- a parcel ---- */

/* The server has put off this mail, as by greylisting, and not whatever there
 * is: to ask again in this run would be too soon (RFC 5321 4.5.4.1). */
static int is_put_off(const duva_result *r)
{
    return r->verdict == DUVA_RETRY && r->status.code / 100 == 4
           && r->status.code != 421
           && (r->status.stage == DUVA_STAGE_RCPT
               || r->status.stage == DUVA_STAGE_END);
}

/* The row is not over; but some of its recipients may be. */
static void go_back(struct parcel *p)
{
    struct cli_journal *j = &p->sending->merge->journal;

    p->begun = 0;
    cli_journal_parts(j, p->row, &p->mail.job.mail);
    cli_journal_back(j, p->row);
}

/* Where the message of a row begins to leave.  It goes back to its start only
 * when it is certain not to have been delivered, and is to be sent again in
 * this run. */
static int read_parcel(void *parcel, void *buf, size_t len)
{
    struct parcel *p = parcel;
    struct cli_journal *j = &p->sending->merge->journal;

    if (buf == NULL && is_put_off(&p->mail.job.mail.result))
        return -1;
    if (buf == NULL && p->begun)
        go_back(p);
    if (buf != NULL && !p->begun) {
        if (cli_journal_begun(j, p->row) != 0)
            return -1;
        p->begun = 1;
    }
    return cli_merge_message_read(&p->copy, buf, len);
}

/* A message is made for what the first connection advertised; the server of a
 * later one may take less, or more. */
static int fit_parcel(void *parcel, uint32_t caps, duva_mail *mail)
{
    const uint32_t counts = DUVA_CAP_8BITMIME | DUVA_CAP_BINARYMIME
                            | DUVA_CAP_CHUNKING;
    struct parcel *p = parcel;
    const uint32_t may = p->sending->merge->route.may;

    caps &= may;
    if (((caps ^ p->caps) & counts) == 0)
        return DUVA_OK;
    if (cli_composed_expect(&p->copy.composed, caps) != 0
        || cli_composed_read(&p->copy.composed, NULL, 0) != 0 /* to its start */
        || cli_merge_message_fit(&p->copy, caps, mail) != 0) {
        mail->result.reason = DUVA_REASON_NOT_ASCII;
        return DUVA_ERR_UNSUPPORTED;
    }
    p->caps = caps;
    return DUVA_OK;
}

static int make_recipients(struct parcel *p)
{
    const struct cli_draft_addresses *a = &p->copy.composed.addresses;
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
    cli_recipient_results_apply(&p->sending->merge->journal.parts, p->row,
                                &p->mail.job.mail);
    return 0;
}

static void decided(duva_pool_mail *mail);

/* The letter of the row at hand into a mail.  Returns 0, or an exit code with
 * the problem in p->copy. */
static int pack(struct parcel *p)
{
    struct cli_merge *m = p->sending->merge;
    duva_mail *mail = &p->mail.job.mail;
    int failed;

    p->row = m->rows.number;
    p->begun = 0;
    cli_merge_message_end(&p->copy);
    failed
        = cli_merge_message_make(&p->copy, &m->template, &m->rows, m->key.id);
    memset(&p->mail, 0, sizeof(p->mail));
    *mail = m->outcome->mail;
    memset(&mail->result, 0, sizeof(mail->result));
    if (failed != 0)
        return failed;
    mail->from = p->copy.composed.addresses.return_path;
    failed = cli_merge_message_fit(&p->copy, m->route.caps, mail);
    if (failed != 0)
        return failed;
    p->mail.job.source = read_parcel;
    p->mail.job.source_ctx = p;
    p->mail.job.fit = fit_parcel;
    p->caps = m->route.caps;
    p->mail.to = &m->route.to;
    p->mail.done = decided;
    p->mail.ctx = p;
    if (make_recipients(p) != 0)
        return EX_OSERR;
    cli_parameters_apply(&m->all->parameters, mail);
    return 0;
}

/* ---- rows ---- */

static void no_further_row(struct sending *s, int changed)
{
    s->over = 1;
    if (!changed)
        return;
    cli_merge_stop(s->merge, EX_DATAERR, "%s: it has changed while it was "
                   "read", s->merge->options->rows);
    stop(s, DUVA_POOL_FINISH);
}

/* The next row of this run, and what is known of it.  Returns 1, or 0 when
 * there is none. */
static int next_row(struct sending *s, enum cli_row *is)
{
    struct cli_merge *m = s->merge;
    const struct cli_merge_options *o = m->options;
    int found;

    do {
        found = cli_rows_next(&m->rows);
        if (found <= 0 || (o->last != 0 && m->rows.number > o->last)) {
            no_further_row(s, found < 0);
            return 0;
        }
        *is = m->rows.number < o->first
                  ? CLI_ROW_DECIDED
                  : cli_journal_row(&m->journal, m->rows.number);
    } while (*is == CLI_ROW_DECIDED);
    return 1;
}

/* ---- parcels ---- */

static void put_back(struct parcel *p)
{
    struct sending *s = p->sending;

    p->next = s->idle;
    s->idle = p;
}

static int is_uncertain(const struct cli_merge *m, enum cli_row is)
{
    return (is == CLI_ROW_BEGUN || is == CLI_ROW_UNCERTAIN)
           && !m->options->resend_uncertain;
}

static void leave_uncertain(duva_mail *mail)
{
    size_t i;

    mail->result.verdict = DUVA_UNCERTAIN;
    for (i = 0; i < mail->rcpt_count; i++)
        if (!cli_recipient_is_decided(&mail->rcpt[i]))
            mail->rcpt[i].verdict = DUVA_UNCERTAIN;
}

/* Hands a parcel in.  Returns 0, or -1: it was not sent. */
static int hand_in(struct parcel *p, int failed, enum cli_row is)
{
    struct sending *s = p->sending;
    struct cli_merge *m = s->merge;

    if (is_uncertain(m, is)) {
        leave_uncertain(&p->mail.job.mail);
        cli_results_add(m, &p->copy, &p->mail.job.mail, p->row,
                        "the merge was stopped while it was sent; it may "
                        "have been delivered");
        return -1;
    }
    if (failed != 0 && failed != EX_OSERR) {
        cli_results_add(m, &p->copy, NULL, p->row, p->copy.problem);
        return -1;
    }
    if (failed == 0 && cli_journal_ahead(&m->journal, p->row) == 0
        && duva_pool_send(s->pool, &p->mail) == DUVA_OK) {
        s->busy++;
        return 0;
    }
    if (m->journal.cause != 0) {
        stop_for_journal(s);
        return -1;
    }
    cli_merge_stop(m, EX_OSERR, "row %" PRIu64 ": not enough memory", p->row);
    stop(s, DUVA_POOL_FINISH);
    return -1;
}

static void on_again(uv_idle_t *handle)
{
    (void)handle;              /* that it is there lets the loop not wait */
}

/* Has letters composed for the parcels that are idle, and ends when there are
 * none.  Each gets one row at most: there may be many that cannot be sent, and
 * the loop has other things to do. */
static void go_on(struct sending *s)
{
    struct parcel *p, *rest = s->idle;
    enum cli_row is;

    s->idle = NULL;
    while (rest != NULL) {
        p = rest;
        rest = p->next;
        if (s->over || s->stopped || !next_row(s, &is)
            || hand_in(p, pack(p), is) != 0)
            put_back(p);
    }
    if (s->over || s->stopped || s->idle == NULL)
        uv_idle_stop(&s->again);
    else
        uv_idle_start(&s->again, on_again);
    if ((s->over || s->stopped) && s->busy == 0)
        stop(s, DUVA_POOL_FINISH);
}

/* What was not sent, through no fault of its own, is as if it had not been
 * begun. */
static int is_for_later(struct sending *s, const duva_result *r)
{
    struct cli_merge *m = s->merge;

    if (r->verdict == DUVA_UNCERTAIN || r->verdict == DUVA_ACCEPTED)
        return 0;
    if (m->journal.cause != 0) {
        stop_for_journal(s);
        return 1;
    }
    if (is_no_mails_fault(r)) {
        if (m->broke.err == DUVA_OK)
            m->broke = *r;
        stop(s, DUVA_POOL_FINISH);
        return 1;
    }
    return r->err == DUVA_ERR_CANCELLED;
}

static void decided(duva_pool_mail *mail)
{
    struct parcel *p = mail->ctx;
    struct sending *s = p->sending;
    struct cli_merge *m = s->merge;
    const duva_result *r = &mail->job.mail.result;

    s->busy--;
    if (!is_for_later(s, r))
        cli_results_add(m, &p->copy, &mail->job.mail, p->row, NULL);
    else if (p->begun)
        go_back(p);
    put_back(p);
    cli_progress_show(&m->progress);
}

/* ---- the loop ---- */

/* Before it waits for the network: what is known is on file. */
static void on_prepare(uv_prepare_t *handle)
{
    struct sending *s = handle->data;

    go_on(s);
    if (cli_journal_flush(&s->merge->journal) != 0)
        stop_for_journal(s);
}

static void on_tick(uv_timer_t *handle)
{
    struct sending *s = handle->data;

    cli_progress_show(&s->merge->progress);
    if (s->merge->results != NULL)
        fflush(s->merge->results);
}

static void on_end(uv_timer_t *handle)
{
    struct sending *s = handle->data;

    s->merge->late = 1;
    stop(s, DUVA_POOL_ABORT);
}

/* The first one lets the mails under way come to their end. */
static void on_signal(uv_signal_t *handle, int number)
{
    struct sending *s = handle->data;
    struct cli_merge *m = s->merge;

    cli_progress_hide(&m->progress);
    if (m->signal == 0)
        fputs("duva: stopping when the mails under way are decided; once more "
              "stops at once\n", stderr);
    stop(s, m->signal == 0 ? DUVA_POOL_FINISH : DUVA_POOL_ABORT);
    m->signal = number;
}

static void quiet(void *handle)
{
    uv_unref(handle);          /* the pool decides how long the loop runs */
}

/* Returns 0, or libuv's error. */
static int catch_signals(struct sending *s)
{
    struct sigaction before;
    int code = 0;
    size_t i;

    for (i = 0; code == 0 && i < ASKING; i++) {
        code = uv_signal_init(&s->loop, &s->signal[i]);
        if (code != 0)
            break;
        s->signal[i].data = s;
        quiet(&s->signal[i]);
        /* What our parent had us ignore stays ignored. */
        if (sigaction(asking[i], NULL, &before) == 0
            && before.sa_handler != SIG_IGN)
            code = uv_signal_start(&s->signal[i], on_signal, asking[i]);
        quiet(&s->signal[i]);
    }
    return code;
}

static int set_out(struct sending *s)
{
    const uint64_t timeout = s->merge->all->access.session.timeout_s;

    uv_prepare_init(&s->loop, &s->prepare);
    uv_idle_init(&s->loop, &s->again);
    uv_timer_init(&s->loop, &s->tick);
    uv_timer_init(&s->loop, &s->end);
    s->prepare.data = s->tick.data = s->end.data = s;
    uv_prepare_start(&s->prepare, on_prepare);
    uv_timer_start(&s->tick, on_tick, TICK_MS, TICK_MS);
    if (timeout != 0)
        uv_timer_start(&s->end, on_end, timeout * 1000, 0);
    quiet(&s->prepare);
    quiet(&s->again);
    quiet(&s->tick);
    quiet(&s->end);
    return catch_signals(s);
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
    (void)ctx;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* As many letters as are under way, and as many again to follow them.  With a
 * rate no more wait than leave in a second, so that a stop does not take
 * long. */
static size_t count_parcels(const struct cli_merge *m)
{
    const duva_pool_route *to = &m->route.to;
    size_t n = AHEAD * (size_t)to->connections * (to->config.window + 1);

    if (to->rate != 0 && n > to->rate)
        n = to->rate;
    return n < m->wanted ? n : m->wanted > 0 ? (size_t)m->wanted : 1;
}

static int make_parcels(struct sending *s)
{
    size_t i;

    s->parcels = count_parcels(s->merge);
    s->parcel = calloc(s->parcels, sizeof(*s->parcel));
    if (s->parcel == NULL)
        return -1;
    for (i = 0; i < s->parcels; i++) {
        s->parcel[i].sending = s;
        put_back(&s->parcel[i]);
    }
    return 0;
}

static void free_parcels(struct sending *s)
{
    size_t i;

    for (i = 0; s->parcel != NULL && i < s->parcels; i++) {
        cli_merge_message_end(&s->parcel[i].copy);
        cli_merge_message_free(&s->parcel[i].copy);
        free(s->parcel[i].rcpt);
    }
    free(s->parcel);
}

static void run(struct sending *s)
{
    const int code = set_out(s);

    if (code != 0) {
        cli_merge_stop(s->merge, EX_OSERR, "signals: %s", uv_strerror(code));
        stop(s, DUVA_POOL_ABORT);
    }
    uv_run(&s->loop, UV_RUN_DEFAULT);
    s->stopped = DUVA_POOL_ABORT; /* the pool is over */
    if (cli_journal_flush(&s->merge->journal) != 0)
        stop_for_journal(s);
}

/* libuv ends the process if it finds none for its own use.  0 or an errno. */
static int find_descriptors(void)
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
    static struct sending s;
    int code;

    memset(&s, 0, sizeof(s));
    s.merge = m;
    code = -find_descriptors();
    if (code == 0)
        code = uv_loop_init(&s.loop);
    if (code != 0 || make_parcels(&s) != 0
        || (s.pool = duva_pool_new(&s.loop)) == NULL) {
        free_parcels(&s);
        cli_merge_stop(m, EX_OSERR, "%s", uv_strerror(code != 0 ? code
                                                               : UV_ENOMEM));
        return;
    }
    cli_progress_start(&m->progress, m->wanted,
                       !m->all->quiet && !m->all->access.trace);
    run(&s);
    cli_progress_hide(&m->progress);
    duva_pool_free(s.pool);
    uv_walk(&s.loop, close_handle, NULL);
    uv_run(&s.loop, UV_RUN_DEFAULT);
    uv_loop_close(&s.loop);
    free_parcels(&s);
}
