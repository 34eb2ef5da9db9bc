/* compare.c - compares the engine with the model. */
/* SPDX-License-Identifier: MIT */
#include "play.h"

#include <string.h>

/* Without a reply, stage is how far the session had come. */
static int same_status(const duva_status *a, const duva_status *b)
{
    if (a->code == 0 && b->code == 0)
        return 1;
    return a->code == b->code && (b->stage == ANY_STAGE || a->stage == b->stage)
           && memcmp(a->enhanced, b->enhanced, sizeof a->enhanced) == 0;
}

/* And its words, as far as there is room for them. */
static int same_reply(const duva_status *a, const char *text, size_t size,
                      const answer *b)
{
    if (!same_status(a, &b->status))
        return 0;
    if (a->code == 0 || size == 0)
        return 1;
    size_t len = strlen(b->text);
    if (len > size - 1)
        len = size - 1;
    return strlen(text) == len && memcmp(text, b->text, len) == 0;
}

static int same_result(const duva_result *r, const answer *b)
{
    return same_reply(&r->status, r->text, sizeof r->text, b);
}

/* Whoever shares the fate of the mail may have no reply, or that one. */
static int same_recipient(const play *p, const transaction *a,
                          const snapshot *s, int k)
{
    const recipient *right = &a->recipient[k];
    size_t size = a->mail->rcpt[k].text_size;

    if (same_reply(&s->status[k], s->text[k], size, &right->reply))
        return 1;
    return right->by_mail
           && (s->status[k].code == 0
               || same_reply(&s->status[k], s->text[k], size, &a->reply)
               || same_reply(&s->status[k], s->text[k], size, &p->model.reply));
}

static void compare_recipient(play *p, int i, int k)
{
    const transaction *a = &p->model.transaction[i];
    const snapshot *s = &p->snapshot[i];
    const recipient *right = &a->recipient[k];

    if (s->verdict[k] != right->verdict)
        model_wrong(&p->model, "start %d, recipient %d: %s, must be %s", i + 1,
                    k + 1, duva_verdict_name(s->verdict[k]),
                    duva_verdict_name(right->verdict));
    else if (!same_recipient(p, a, s, k))
        model_wrong(&p->model,
                    "start %d, recipient %d: reply %u at %s \"%s\", must be "
                    "%u at %s \"%s\"",
                    i + 1, k + 1, s->status[k].code,
                    duva_stage_name((duva_stage)s->status[k].stage), s->text[k],
                    right->reply.status.code,
                    duva_stage_name((duva_stage)right->reply.status.stage),
                    right->reply.text);
}

static int of_accepted(const transaction *a, const duva_result *r)
{
    for (int i = 0; i < RCPTS && a->by_any; i++)
        if (a->recipient[i].verdict == DUVA_ACCEPTED
            && same_result(r, &a->recipient[i].reply))
            return 1;
    return 0;
}

static void compare_transaction(play *p, int i)
{
    const transaction *a = &p->model.transaction[i];
    const snapshot *s = &p->snapshot[i];
    const duva_result *r = &s->result;

    if (r->verdict != a->verdict)
        model_wrong(&p->model, "start %d: %s, must be %s", i + 1,
                    duva_verdict_name(r->verdict),
                    duva_verdict_name(a->verdict));
    else if (r->err != a->err
             || (r->reason != a->reason
                 && (!a->or_reason || r->reason != a->or_reason)))
        model_wrong(&p->model, "start %d: %s %s, must be %s %s", i + 1,
                    duva_err_name(r->err), duva_reason_name(r->reason),
                    duva_err_name(a->err), duva_reason_name(a->reason));
    else if (r->where != a->where)
        model_wrong(&p->model, "start %d: where is %u, must be %u", i + 1,
                    (unsigned)r->where, (unsigned)a->where);
    else if (!same_result(r, &a->reply) && !of_accepted(a, r))
        model_wrong(&p->model, "start %d: reply %u at %s, must be %u at %s",
                    i + 1, r->status.code,
                    duva_stage_name((duva_stage)r->status.stage),
                    a->reply.status.code,
                    duva_stage_name((duva_stage)a->reply.status.stage));
    for (size_t k = 0; k < a->mail->rcpt_count; k++)
        compare_recipient(p, i, (int)k);
}

/* A verdict that is not PENDING is final: keep it when it comes. */
static void keep(play *p, int i)
{
    const transaction *a = &p->model.transaction[i];
    snapshot *s = &p->snapshot[i];

    s->taken = 1;
    s->result = a->mail->result;
    for (size_t k = 0; k < a->mail->rcpt_count; k++) {
        s->verdict[k] = a->mail->rcpt[k].verdict;
        s->status[k] = a->mail->rcpt[k].status;
        if (a->mail->rcpt[k].text_size)
            memcpy(s->text[k], a->mail->rcpt[k].text, WORDS);
    }
}

static void results(play *p)
{
    for (int i = 0; i < p->model.transaction_count; i++) {
        const transaction *a = &p->model.transaction[i];
        if (!p->snapshot[i].taken && a->mail->result.verdict != DUVA_PENDING)
            keep(p, i);
        if (p->snapshot[i].taken && a->over)
            compare_transaction(p, i);
        if (a->over && !p->snapshot[i].taken
            && (p->model.closed || model_idle(&p->model)))
            model_wrong(&p->model, "start %d has no verdict yet, must be %s",
                        i + 1, duva_verdict_name(a->verdict));
    }
}

/* What is waited for: the reply to the oldest command (RFC 5321 4.5.3.2). */
static void compare_wait(play *p, duva_need need)
{
    static const uint32_t minutes[DUVA_STAGES] = {
        [DUVA_STAGE_GREETING] = 5, [DUVA_STAGE_EHLO] = 5, [DUVA_STAGE_RSET] = 5,
        [DUVA_STAGE_MAIL] = 5,     [DUVA_STAGE_RCPT] = 5, [DUVA_STAGE_DATA] = 2,
        [DUVA_STAGE_BODY] = 3,     [DUVA_STAGE_END] = 10
    };
    duva_stage stage = duva_where(&p->engine);
    uint32_t ms = duva_timeout_ms(&p->engine);
    duva_stage right = model_waits(&p->model);

    if (need == DUVA_IDLE && (ms != 0 || stage != DUVA_STAGE_IDLE))
        model_wrong(&p->model, "IDLE, and duva_timeout_ms() is %u at %s",
                    (unsigned)ms, duva_stage_name(stage));
    uint32_t limit = right < DUVA_STAGES ? minutes[right] * 60000 : 0;

    if (right == DUVA_STAGE_QUIT)
        limit = 1000;
    if (need != DUVA_RECV || right == (duva_stage)ANY_STAGE || p->model.leaving)
        return;
    if (model_tries(&p->model) != duva_is_trial(&p->engine))
        model_wrong(&p->model, "duva_is_trial() is %d",
                    duva_is_trial(&p->engine));
    if (model_tries(&p->model))
        limit = 5000;
    if (stage != right)
        model_wrong(&p->model, "duva_where() is %s, must be %s",
                    duva_stage_name(stage), duva_stage_name(right));
    else if (ms != limit)
        model_wrong(&p->model, "duva_timeout_ms() is %u at %s", (unsigned)ms,
                    duva_stage_name(right));
}

static void compare_offer(play *p)
{
    const duva_caps *c = duva_server(&p->engine);
    const model *m = &p->model;

    if (c->bits != m->bits || c->size_max != m->size_max
        || c->rcpt_max != m->rcpt_max || c->domain_max != m->domain_max)
        model_wrong(&p->model, "duva_server(): 0x%X, must be 0x%X",
                    (unsigned)c->bits, (unsigned)m->bits);
}

void compare_state(play *p)
{
    model *m = &p->model;
    duva_need need = duva_next(&p->engine);

    if (m->wrong[0])
        return;
    if (m->leaving && need == DUVA_CLOSED)
        m->closed = 1; /* QUIT is polite, not a duty */
    if (m->closed != (need == DUVA_CLOSED)) {
        model_wrong(m, m->closed ? "the session must be closed"
                                 : "the session is closed too early");
        return;
    }
    results(p);
    if (m->closed)
        return;
    if ((need == DUVA_AUTH)
        != (m->asked_auth && !m->auth_over && !m->quit_asked))
        model_wrong(m, "duva_next() is AUTH: %d", need == DUVA_AUTH);
    if ((need == DUVA_IDLE) != (model_idle(m) && m->wire_len == m->taken))
        model_wrong(m, "duva_next() is IDLE: %d", need == DUVA_IDLE);
    if (need == DUVA_BODY && !model_wants_body(m))
        model_wrong(m, "BODY is wanted of no message");
    if (need == DUVA_SEND && m->wire_len == m->taken)
        model_wrong(m, "SEND, and nothing is pending");
    if (need == DUVA_RECV && m->wire_len > m->taken)
        model_wrong(m, "RECV, and octets are pending");
    if (need == DUVA_RECV && model_has_command(m))
        model_wrong(m, "RECV, and this may be said: %s", m->next[0].text);
    if (need == DUVA_RECV && model_unanswered(m, -1) == 0)
        model_wrong(m, "RECV, and no reply is to come");
    if (need == DUVA_IDLE && m->query_reply.status.code
        && (!same_status(&p->query.status, &m->query_reply.status)
            || p->query.text_len != strlen(m->query_reply.whole)
            || strcmp(p->query_text, m->query_reply.whole) != 0))
        model_wrong(m, "duva_command(): reply %u \"%s\", must be %u \"%s\"",
                    p->query.status.code, p->query_text,
                    m->query_reply.status.code, m->query_reply.whole);
    compare_wait(p, need);
    if (m->asked_auth)
        compare_offer(p);
    if (m->overlap_unknown)
        m->overlap = duva_overlap_get(&p->engine);
    m->overlap_unknown = 0;
    if (duva_overlap_get(&p->engine) != m->overlap)
        model_wrong(m, "duva_overlap_get() is %d",
                    (int)duva_overlap_get(&p->engine));
    if (duva_may_start(&p->engine) != model_may_start(m))
        model_wrong(m, "duva_may_start() is %d", duva_may_start(&p->engine));
}

void compare_end(play *p)
{
    model *m = &p->model;
    const duva_result *r = duva_outcome(&p->engine);
    transaction *last = model_last(m);
    int as_true = last && last->or_reason && r->reason == last->or_reason;

    if (m->wrong[0])
        return;
    if (m->overlap == DUVA_OVERLAP_NEVER
        && duva_overlap_get(&p->engine) != m->overlap)
        model_wrong(m, "duva_overlap_get() is %d at the end",
                    (int)duva_overlap_get(&p->engine));
    results(p);
    if (r->err != m->err || (r->reason != m->reason && !as_true))
        model_wrong(m, "the session: %s %s, must be %s %s",
                    duva_err_name(r->err), duva_reason_name(r->reason),
                    duva_err_name(m->err), duva_reason_name(m->reason));
    else if (r->verdict != m->verdict)
        model_wrong(m, "the session: %s, must be %s",
                    duva_verdict_name(r->verdict),
                    duva_verdict_name(m->verdict));
    else if (m->err != DUVA_OK && !same_result(r, &m->reply))
        model_wrong(
            m, "the session: reply %u at %s, must be %u at %s", r->status.code,
            duva_stage_name((duva_stage)r->status.stage), m->reply.status.code,
            duva_stage_name((duva_stage)m->reply.status.stage));
}

static void line(FILE *out, const char *who, duva_verdict v, duva_err err,
                 duva_reason reason, const duva_status *s)
{
    fprintf(out, "  %-8s %s %s %s %u %u.%u.%u at %s\n", who,
            duva_verdict_name(v), duva_err_name(err), duva_reason_name(reason),
            s->code, s->enhanced[0], s->enhanced[1], s->enhanced[2],
            duva_stage_name((duva_stage)s->stage));
}

void compare_print(const play *p, FILE *out)
{
    const duva_result *r = duva_outcome(&p->engine);

    for (int i = 0; i < p->model.transaction_count; i++) {
        const transaction *a = &p->model.transaction[i];
        const snapshot *s = &p->snapshot[i];
        if (!s->taken)
            keep((play *)p, i);
        fprintf(out, "start %d: mail %d, %s, flags 0x%02X, size %llu\n", i + 1,
                (int)(a->mail - p->mail) + 1,
                a->mail->policy == DUVA_ALL_OR_NOTHING ? "all or nothing"
                                                       : "whoever",
                a->mail->flags, (unsigned long long)a->mail->size);
        line(out, "engine", s->result.verdict, s->result.err, s->result.reason,
             &s->result.status);
        line(out, "model", a->verdict, a->err, a->reason, &a->reply.status);
        for (size_t k = 0; k < a->mail->rcpt_count; k++) {
            fprintf(out, " recipient %zu\n", k + 1);
            line(out, "engine", s->verdict[k], DUVA_OK, DUVA_REASON_NONE,
                 &s->status[k]);
            line(out, "model", a->recipient[k].verdict, DUVA_OK,
                 DUVA_REASON_NONE, &a->recipient[k].reply.status);
        }
    }
    fprintf(out, "duva_next(): %d\n", (int)duva_next(&p->engine));
    fprintf(out, "session: window %u, options 0x%02X, offered 0x%X\n",
            (unsigned)p->config.window, (unsigned)p->config.options,
            (unsigned)p->model.bits);
    line(out, "engine", r->verdict, r->err, r->reason, &r->status);
    line(out, "model", p->model.verdict, p->model.err, p->model.reason,
         &p->model.reply.status);
}
