/* run.c - runs a plan: the client through one of its calls. */
/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include "wire.h"

#include <duva/overlap.h>

#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

/* Most seconds of processor time for a plan, which takes milliseconds: a
 * client that never comes back is a failure like others. */
enum { HANGS_AFTER_S = 2 };

/* The client's longest silence; those of the server are shorter and longer. */
enum { SILENCE_MS = 600, STEPS = 200000 };

struct run {
    const struct plan *plan;
    struct ledger     ledger;
    struct test_mail  mail[PLAN_MAILS];
    uint8_t           begun[PLAN_MAILS]; /* in this session */
    uint8_t           refused; /* 5yz before a first MAIL */
    int64_t           now, next_mail;
    unsigned          at;      /* DRIVE_STEP: the next mail */
    struct wire       wire;
    struct witness    witness;
    duva_client       client;
    duva_config       config;
    duva_overlap      overlap;
    uint32_t          timeout[DUVA_STAGES];
    duva_sasl_password password;
    duva_sasl        *auth[2];
    uint8_t           buffer[4096];
    FILE             *out;     /* of the transcript, or NULL */
    char              line[100], speaker;
    size_t            line_len;
};

/* ---- what the server tells ---- */

static void treat(void *ctx, uint32_t id, struct treatment *t)
{
    struct run *r = ctx;

    memset(t, 0, sizeof(*t));
    if (id >= r->plan->mails)
        return;
    *t = r->plan->treatment[id][r->ledger.entry[id].sendings++
                                % PLAN_SENDINGS];
}

static void stored(void *ctx, const struct stored *s)
{
    struct run *r = ctx;

    ledger_stored(&r->ledger, s);
    if (r->out != NULL)
        fprintf(r->out, "# stored mail %u for %x\n", s->id, s->rcpts);
}

static void cause(void *ctx, uint32_t id, unsigned bits)
{
    ledger_cause(&((struct run *)ctx)->ledger, id, bits);
}

static void session_refused(void *ctx)
{
    ((struct run *)ctx)->refused = 1;
}

static void violation(void *ctx, const char *what, const char *line)
{
    struct run *r = ctx;
    char        words[160];

    snprintf(words, sizeof(words), "%s: %.100s", what, line);
    ledger_violation(&r->ledger, words);
    if (r->out != NULL)
        fprintf(r->out, "# VIOLATION %s\n", words);
}

/* A line of it for each line of the conversation, or as much of it as was
 * there before the other side spoke. */
static void end_line(struct run *r)
{
    if (r->line_len > 0)
        fprintf(r->out, "%6lld %c: %.*s\n", (long long)r->now, r->speaker,
                (int)r->line_len, r->line);
    r->line_len = 0;
}

static void transcript(void *ctx, char from, const char *text, size_t len)
{
    struct run *r = ctx;

    if (from != r->speaker)
        end_line(r);
    r->speaker = from;
    for (; len > 0; len--, text++) {
        if (*text == '\n')
            end_line(r);
        else if (r->line_len < sizeof(r->line) && *text != '\r')
            r->line[r->line_len++] = (unsigned char)*text < 32 ? '?' : *text;
    }
}

static void trace(void *ctx, const duva_trace_event *event)
{
    transcript(ctx, event->from, event->text, event->len);
}

/* ---- mails ---- */

/* A stray reply may have been taken for that to EHLO. */
static int is_known(const struct plan *p, int has)
{
    unsigned i;

    for (i = 0; i < PLAN_SESSIONS; i++)
        if (p->session[i].kind == DO_STRAY)
            return 0;
    return (p->profile.has & has) != 0;
}

static unsigned local_causes(const struct plan *p, const struct test_mail *m)
{
    const struct profile *f = &p->profile;
    unsigned              causes = 0;

    if (f->size_max > 0 && m->job.mail.size > f->size_max)
        causes |= CAUSE_SIZE;
    if (f->rcpt_max > 0 && m->plan.rcpts > f->rcpt_max
        && m->plan.policy == DUVA_ALL_OR_NOTHING)
        causes |= CAUSE_LIMIT;
    if ((m->plan.flags & DUVA_MAIL_BINARY)
        || ((m->plan.flags & DUVA_MAIL_8BIT) && !is_known(p, HAS_8BITMIME)))
        causes |= CAUSE_OCTETS;
    return causes;
}

static int make_mails(struct run *r)
{
    unsigned i;

    for (i = 0; i < r->plan->mails; i++)
        if (!mail_make(&r->mail[i], &r->plan->mail[i]))
            return 0;
    return 1;
}

static int is_to_be_sent(const struct run *r, unsigned i)
{
    const struct test_mail *m = &r->mail[i];

    if (m->tries == 0)
        return 1;
    return m->tries < r->plan->tries && !r->ledger.entry[i].wrong
           && mail_wants_retry(m);
}

static void begin(struct run *r, unsigned i)
{
    struct test_mail *m = &r->mail[i];

    if (m->tries == 0)
        mail_hand_in(m, &r->ledger, r->plan->profile.lmtp);
    ledger_cause(&r->ledger, i, local_causes(r->plan, m));
    mail_begin(m);
    r->begun[i] = 1;
}

static void note_verdicts(struct run *r)
{
    unsigned i;

    for (i = 0; i < r->plan->mails; i++) {
        if (!r->begun[i])
            continue;
        r->begun[i] = 0;
        mail_sent(&r->mail[i], &r->ledger);
        r->ledger.entry[i].verdicts = 1;
        if (r->refused && r->mail[i].job.mail.result.status.stage
                              < DUVA_STAGE_RSET)
            ledger_cause(&r->ledger, i, CAUSE_SESSION);
    }
}

/* ---- ways to send ---- */

static void send_mails(struct run *r)
{
    duva_job job[PLAN_MAILS];
    unsigned which[PLAN_MAILS];
    unsigned i, count = 0;

    for (i = 0; i < r->plan->mails; i++) {
        if (!is_to_be_sent(r, i))
            continue;
        begin(r, i);
        which[count] = i;
        job[count++] = r->mail[i].job;
    }
    duva_send_mails(&r->client, job, count);
    for (i = 0; i < count; i++)
        r->mail[which[i]].job = job[i];
}

static void send_each(struct run *r)
{
    unsigned i;

    for (i = 0; i < r->plan->mails; i++) {
        duva_job *job = &r->mail[i].job;

        if (!is_to_be_sent(r, i))
            continue;
        begin(r, i);
        r->client.direct = job->direct;
        duva_send_mail(&r->client, &job->mail, job->source, job->source_ctx);
    }
}

static duva_job *next_mail(void *ctx)
{
    struct run    *r = ctx;
    const uint32_t most = duva_server(&r->client.engine)->mail_max;

    if (r->now < r->next_mail || (most > 0 && r->client.mails >= most))
        return NULL;
    while (r->at < r->plan->mails && !is_to_be_sent(r, r->at))
        r->at++;
    if (r->at == r->plan->mails)
        return NULL;
    r->next_mail = r->now + r->plan->gap;
    begin(r, r->at);
    return &r->mail[r->at++].job;
}

/* An event loop that has nothing else to do. */
static void send_by_steps(struct run *r)
{
    duva_client *c = &r->client;
    unsigned     step;

    r->at = 0;
    c->more = next_mail;
    c->more_ctx = r;
    for (step = 1; duva_next(&c->engine) != DUVA_CLOSED; step++) {
        if (step == r->plan->cancel_at || step == STEPS)
            duva_abort(&c->engine, DUVA_ERR_CANCELLED, 0);
        if (duva_step(c) == 0) {
            if (c->link->ops->wait(c->link, c->want,
                                   duva_timeout_ms(&c->engine)) == 0)
                duva_abort(&c->engine, DUVA_ERR_TIMEOUT, 0);
        } else if (duva_next(&c->engine) == DUVA_IDLE) {
            if (r->now < r->next_mail && r->at < r->plan->mails)
                wire_pass(&r->wire, r->next_mail);
            else
                duva_quit(&c->engine);
        }
    }
}

/* ---- sessions ---- */

static void configure(struct run *r)
{
    const struct plan *p = r->plan;
    unsigned           i;

    for (i = 0; i < DUVA_STAGES; i++)
        r->timeout[i] = SILENCE_MS;
    r->config.name = "client.example";
    r->config.tls = (duva_tls_mode)p->tls;
    r->config.options = p->options;
    r->config.timeout_ms = r->timeout;
    r->config.window = p->window;
    if (r->out != NULL) {
        r->config.trace = trace;
        r->config.trace_ctx = r;
    }
    if (p->auth == 1)
        duva_sasl_plain_init(&r->password, "soak", "secret");
    if (p->auth == 2)
        duva_sasl_login_init(&r->password, "soak", "secret");
    if (p->auth > 0)
        r->auth[0] = &r->password.base;
}

static void session(struct run *r, unsigned number)
{
    static void (*const drive[DRIVERS])(struct run *) = { send_mails,
                                                          send_each,
                                                          send_by_steps };
    duva_client *c = &r->client;

    if (r->out != NULL)
        fprintf(r->out, "# session %u\n", number + 1);
    wire_open(&r->wire, r->plan, &r->now, &r->witness, number);
    memset(c, 0, sizeof(*c));
    c->link = &r->wire.link;
    if (r->plan->tls != DUVA_TLS_NEVER)
        c->tls = &r->wire.tls;
    if (r->plan->auth > 0)
        c->auth = r->auth;
    duva_client_init(c, &r->config, r->buffer, r->plan->buffer);
    duva_overlap_set(&c->engine, r->overlap);
    drive[r->plan->driver](r);
    if (r->plan->remembers)
        r->overlap = duva_overlap_get(&c->engine);
    duva_close(c);
    wire_settle(&r->wire);
    wire_free(&r->wire);
    note_verdicts(r);
}

static int is_work_left(const struct run *r)
{
    unsigned i;

    for (i = 0; i < r->plan->mails; i++)
        if (is_to_be_sent(r, i))
            return 1;
    return 0;
}

static unsigned judge(struct run *r, struct tally *t)
{
    unsigned wrong = 0, i;
    struct tally mine = { 0 };

    ledger_compare(&r->ledger, &mine, r->out, 99);
    for (i = 0; i < FAULT_KINDS; i++)
        wrong |= (mine.wrong[i] > 0 ? 1u : 0u) << i;
    if (mine.violations > 0)
        wrong |= PLAN_VIOLATES;
    if (t != NULL)
        ledger_compare(&r->ledger, t, NULL, 0);
    return wrong;
}

/* ---- clients that do not come back ---- */

static sigjmp_buf hung;

static void on_hang(int number)
{
    siglongjmp(hung, number);
}

static void limit_time(int seconds)
{
    const struct itimerval limit = { { 0, 0 }, { seconds, 0 } };

    signal(SIGVTALRM, on_hang);
    setitimer(ITIMER_VIRTUAL, &limit, NULL);
}

static void run_sessions(struct run *r)
{
    unsigned i;

    for (i = 0; i < PLAN_SESSIONS && is_work_left(r); i++)
        session(r, i);
}

unsigned plan_run(const struct plan *p, struct tally *t, FILE *out)
{
    static struct run run;
    struct run *const r = &run;
    unsigned          i, wrong;

    memset(r, 0, sizeof(*r));
    r->plan = p;
    r->out = out;
    r->witness = (struct witness){ r, treat, stored, cause, session_refused,
                                   violation, NULL,
                                   p->options & DUVA_ALLOW_CLEAR_PASSWORD };
    r->overlap = (duva_overlap)p->overlap;
    configure(r);
    if (!ledger_init(&r->ledger, PLAN_MAILS) || !make_mails(r))
        abort();
    if (sigsetjmp(hung, 1) != 0)
        return PLAN_HANGS;     /* and its memory is lost */
    limit_time(HANGS_AFTER_S);
    run_sessions(r);
    limit_time(0);
    wrong = judge(r, t);
    for (i = 0; i < p->mails; i++)
        mail_free(&r->mail[i]);
    ledger_free(&r->ledger);
    return wrong;
}
