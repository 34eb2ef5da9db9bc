/* play.c - one session: a caller, an engine, a model and a server. */
/* SPDX-License-Identifier: MIT */
#include "play.h"

#include <stdlib.h>
#include <string.h>

static void trace(play *p, const char *who, const void *data, size_t len)
{
    const uint8_t *s = data;

    if (!p->trace)
        return;
    fprintf(p->trace, "%s ", who);
    for (size_t i = 0; i < len; i++)
        if (s[i] == '\r')
            fputs("\\r", p->trace);
        else if (s[i] == '\n')
            fputs("\\n", p->trace);
        else if (s[i] < 32 || s[i] > 126)
            fprintf(p->trace, "\\x%02X", s[i]);
        else
            fputc(s[i], p->trace);
    fputc('\n', p->trace);
}

static void event(play *p, const char *what, int number)
{
    if (p->trace)
        fprintf(p->trace, "-- %s %d\n", what, number);
}

/* Takes what the engine shows into the model. */
static void look(play *p)
{
    size_t len = 0;
    const uint8_t *pending;

    if (duva_next(&p->engine) == DUVA_CLOSED)
        return;
    pending = duva_pending(&p->engine, &len);
    model_look(&p->model, pending, len);
}

static size_t piece(play *p, size_t len)
{
    if (len < 2 || !chance(p->choices, 4))
        return len;
    return 1 + choose(p->choices, (unsigned)len);
}

static void deliver(play *p)
{
    server *s = &p->server;
    size_t n = piece(p, s->out_len - s->out_pos);
    const uint8_t *data = s->out + s->out_pos;

    trace(p, "S:", data, n);
    s->out_pos += n;
    if (duva_feed(&p->engine, data, n) != DUVA_OK)
        model_wrong(&p->model, "duva_feed() returned an error");
    model_feed(&p->model, data, n);
}

static void take(play *p)
{
    size_t len = 0;
    const uint8_t *pending = duva_pending(&p->engine, &len);
    size_t n = piece(p, len);

    trace(p, "C:", pending, n);
    server_reads(&p->server, pending, n);
    model_taken(&p->model, n);
    duva_sent(&p->engine, n);
}

static void stop(play *p, duva_err why)
{
    event(p, "duva_abort", why);
    duva_abort(&p->engine, why, 0);
    model_abort(&p->model, why, DUVA_REASON_NONE);
}

static void start(play *p, int again)
{
    int k = p->started;
    duva_rcpt before[RCPTS];

    if (again) { /* one that is to be tried again */
        k = (int)choose(p->choices, (unsigned)p->started);
        if (p->mail[k].result.verdict != DUVA_RETRY)
            return;
        for (int i = 0; i < p->model.transaction_count; i++)
            if (!p->model.transaction[i].over
                && p->model.transaction[i].mail == &p->mail[k])
                return;
    } else {
        plan_mail(p, k);
        p->started++;
    }
    duva_mail *mail = &p->mail[k];
    memcpy(before, p->rcpt[k], sizeof before);
    event(p, "duva_mail_start", k + 1);
    int err = duva_mail_start(&p->engine, mail);
    /* The model reads what the recipients were. */
    duva_rcpt after[RCPTS];
    memcpy(after, p->rcpt[k], sizeof after);
    memcpy(p->rcpt[k], before, sizeof before);
    int good = model_start(&p->model, mail, err);
    memcpy(p->rcpt[k], after, sizeof after);
    if (err)
        event(p, "returned", err);
    if (good) {
        p->body[k].given = 0;
        p->source[k] = 0;
    }
}

static void fill(play *p)
{
    model *m = &p->model;
    transaction *a = model_last(m);
    size_t room = 0, direct;

    if (!a || duva_speaking(&p->engine) != a->mail) {
        model_wrong(m, "duva_speaking() is another mail");
        return;
    }
    int k = (int)(a->mail - p->mail);
    body *b = &p->body[k];
    size_t left = b->len - b->given;
    direct = duva_body_direct(&p->engine);
    if (direct && left && chance(p->choices, 2)) {
        size_t n = piece(p, left < direct ? left : direct);
        trace(p, "C*", b->data + b->given, n);
        if (duva_body_directed(&p->engine, n) != DUVA_OK)
            model_wrong(m, "duva_body_directed() returned an error");
        server_reads(&p->server, b->data + b->given, n);
        model_directed(m, b->data + b->given, n);
        b->given += n;
        return;
    }
    if (left == 0) {
        event(p, "duva_body_end", k + 1);
        int err = duva_body_end(&p->engine);
        int right = model_body_end(m);
        if (err != right)
            model_wrong(m, "duva_body_end() returned %d, must be %d", err,
                        right);
        return;
    }
    uint8_t *to = duva_room(&p->engine, &room);
    if (room == 0) {
        model_wrong(m, "duva_room() has none");
        return;
    }
    size_t n = piece(p, left < room ? left : room);
    memcpy(to, b->data + b->given, n);
    trace(p, "B:", b->data + b->given, n);
    int err = duva_filled(&p->engine, n);
    int right = model_filled(m, b->data + b->given, n);
    if (err != right)
        model_wrong(m, "duva_filled() returned %d, must be %d", err, right);
    b->given += n;
}

static void quit(play *p)
{
    event(p, "duva_quit", 0);
    if (duva_quit(&p->engine) != DUVA_OK)
        model_wrong(&p->model, "duva_quit() returned an error");
    p->model.quit_asked = 1;
}

static void query(play *p)
{
    static const struct {
        duva_verb verb;
        const char *arg, *line;
    } all[] = { { DUVA_NOOP, NULL, "NOOP" },
                { DUVA_RSET, NULL, "RSET" },
                { DUVA_VRFY, "ada", "VRFY ada" },
                { DUVA_HELP, "MAIL", "HELP MAIL" } };
    unsigned k = choose(p->choices, 4);

    event(p, "duva_command", (int)k);
    memset(&p->query, 0, sizeof p->query);
    p->query.verb = all[k].verb;
    p->query.arg = all[k].arg;
    p->query.text = p->query_text;
    p->query.text_size = WORDS;
    if (duva_command(&p->engine, &p->query) != DUVA_OK)
        model_wrong(&p->model, "duva_command() returned an error");
    model_query(&p->model, all[k].line);
}

/* Calls that are not legal now are refused, and change nothing. */
static void misuse(play *p, duva_need need)
{
    duva_engine *e = &p->engine;
    model *m = &p->model;
    duva_rcpt r = { .addr = "nobody@example.org" };
    duva_mail mail = { .from = "", .rcpt = &r, .rcpt_count = 1 };
    duva_query q = { .verb = DUVA_NOOP };
    int err = DUVA_ERR_STATE;

    if (need != DUVA_IDLE)
        err = duva_command(e, &q);
    if (err == DUVA_ERR_STATE && !model_may_start(m))
        err = duva_mail_start(e, &mail);
    if (err == DUVA_ERR_STATE && !model_may_quit(m))
        err = duva_quit(e);
    if (err == DUVA_ERR_STATE && need != DUVA_AUTH)
        err = duva_auth_skip(e);
    if (err == DUVA_ERR_STATE && !model_wants_body(m))
        err = duva_body_end(e);
    if (err == DUVA_ERR_STATE && !model_wants_body(m))
        err = duva_filled(e, 0);
    if (err != DUVA_ERR_STATE)
        model_wrong(m, "a call that is not legal returned %d", err);
}

static void idle(play *p)
{
    if (p->started == 0) {
        start(p, 0);
        return;
    }
    switch (choose(p->choices, 7)) {
    case 0:
    case 1:
        quit(p);
        break;
    case 6:
        if (p->queries++ < 3 && p->model.lines_len == 0)
            query(p);
        break;
    case 2:
        if (p->tries++ < 3)
            start(p, 1);
        break;
    default:
        if (p->started < MAILS)
            start(p, 0);
    }
}

/* Calls that are legal though the engine needs something else first. */
static int ahead(play *p)
{
    model *m = &p->model;

    if (m->transaction_count == 0)
        return 0;
    if (duva_may_start(&p->engine) && p->started < MAILS
        && chance(p->choices, 2)) {
        start(p, 0);
        return 1;
    }
    return 0;
}

static void step(play *p)
{
    server *s = &p->server;
    duva_engine *e = &p->engine;
    size_t len = 0;

    if (chance(p->choices, p->accidents)) {
        if (choose(p->choices, 3) == 2) {
            stop(p, DUVA_ERR_CANCELLED);
            return;
        }
        server_acts(s);
    }
    duva_need need = duva_next(e);
    if (chance(p->choices, 40))
        misuse(p, need);
    int said = s->out_len > s->out_pos;
    if (said && (need == DUVA_RECV || choose(p->choices, p->haste) == 1)) {
        deliver(p);
        return;
    }
    if (!said && s->hung_up && (need == DUVA_RECV || chance(p->choices, 2))) {
        stop(p, DUVA_ERR_CLOSED);
        return;
    }
    if (ahead(p))
        return;
    duva_pending(e, &len);
    if (need == DUVA_SEND
        || (need == DUVA_BODY && len && chance(p->choices, 4))) {
        take(p);
    } else if (need == DUVA_BODY) {
        fill(p);
    } else if (need == DUVA_AUTH) {
        p->model.auth_over = 1;
        event(p, "duva_auth_skip", 0);
        if (chance(p->choices, 50))
            quit(p);
        else
            duva_auth_skip(e);
    } else if (need == DUVA_IDLE) {
        idle(p);
    } else if (need == DUVA_RECV) {
        stop(p, DUVA_ERR_TIMEOUT);
    } else {
        model_wrong(&p->model, "duva_next() is %d", (int)need);
    }
}

int play_session(play *p, choices *c, FILE *out)
{
    static const unsigned sizes[]
        = { BUFFER, DUVA_BUFFER_MIN, 65, 100, 200, 1000 };

    p->choices = c;
    p->trace = out;
    p->started = p->tries = p->queries = 0;
    p->steps = 0;
    memset(p->snapshot, 0, sizeof p->snapshot);
    plan(p);
    model_init(&p->model, &p->config);
    size_t size = sizes[choose(c, 6)];
    if (duva_init(&p->engine, &p->config, p->buffer, size) != DUVA_OK)
        abort();
    duva_overlap told = (duva_overlap)choose(c, 3);
    if (duva_overlap_set(&p->engine, told) != DUVA_OK)
        abort();
    p->model.overlap = told;
    server_greets(&p->server);
    look(p);
    while (duva_next(&p->engine) != DUVA_CLOSED && !p->model.wrong[0]) {
        if (++p->steps == 20000) {
            model_wrong(&p->model, "no end after %u steps", p->steps);
            break;
        }
        step(p);
        look(p);
        compare_state(p);
    }
    compare_end(p);
    return !p->model.wrong[0];
}
