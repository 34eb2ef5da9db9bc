/* run.c - plays conversations against the engine, cut in every way. */
/* SPDX-License-Identifier: MIT */
/*
 * run FILE.txt|FOLDER ...              all variations of all dialogues
 * run -v FILE.txt                      one dialogue, with a transcript
 * run -v FOLDER NAME:variation=NUMBER  one variation of one dialogue
 *
 * FILE.txt[ROW] and NAME[ROW] are one row of a dialogue with a table.
 */
#define _POSIX_C_SOURCE 200809L
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How the octets of a script are cut: the results must be the same. */
struct cut {
    size_t   buffer;           /* octets of the engine's output buffer */
    unsigned feed;             /* FEED_*, or more: seed for pieces */
    size_t   take;             /* octets that the link takes at once */
    size_t   fill;             /* octets of the message given at once */
};

enum { FEED_LINES, FEED_OCTETS, FEED_ALL, FEED_MIXED, FEEDS = 7 };

static const size_t buffers[] = {
    512, DUVA_BUFFER_MIN, DUVA_BUFFER_MIN + 1, 100, 16384
};

#define BUFFERS (sizeof(buffers) / sizeof(buffers[0]))
#define VARIATIONS (BUFFERS * FEEDS * 4)
#define MUCH ((size_t)-1)

static struct cut cut_number(unsigned variation)
{
    struct cut c;

    c.take = variation % 2 ? 1 : MUCH;
    c.fill = variation / 2 % 2 ? 1 : MUCH;
    c.feed = variation / 4 % FEEDS;
    c.buffer = buffers[variation / 4 / FEEDS];
    return c;
}

struct play {
    struct played  p;
    struct cut     cut;
    duva_config    config;
    duva_engine    engine;
    duva_tls_info  info;
    uint8_t       *buffer;
    size_t         at;         /* the present item */
    size_t         planned;    /* mails of the plan that were begun */
    size_t         body_at;
    duva_body      checked;    /* what was given of the message */
    size_t         fed;
    struct text    kinds;      /* an octet for each written: COMMAND, MESSAGE */
    size_t         taken;      /* of those */
    struct text    commands;   /* those taken that belong to no message */
    int            blocked;
    int            verbose;
    uint32_t       random;
};

static const struct item *item(const struct play *p)
{
    return &p->p.script->item[p->at];
}

static int more(const struct play *p, enum item_kind kind)
{
    return p->at < p->p.script->item_count && item(p)->kind == kind;
}

static void fail(struct play *p, const char *why)
{
    static const char *const needs[] = {
        "closed", "has more to say", "wants TLS", "wants AUTH",
        "wants the message", "is idle", "waits for the server"
    };
    const size_t len = p->p.script->item_count;
    size_t       n = 0;
    const void  *data = duva_pending(&p->engine, &n);

    played_fail(&p->p, p->p.script->item[p->at < len ? p->at : len - 1].line,
                "%s: the client %s \"%s\", session %s %s at %s", why,
                needs[duva_next(&p->engine)], shown(data, n),
                duva_err_name(duva_outcome(&p->engine)->err),
                duva_reason_name(duva_outcome(&p->engine)->reason),
                duva_stage_name(duva_where(&p->engine)));
}

static int failed(const struct play *p)
{
    return p->p.why[0] != '\0';
}

static void show(const struct play *p, const char *who, const void *data,
                 size_t len)
{
    if (p->verbose)
        printf("%s %s\n", who, shown(data, len));
}

/* ---- what is of the message, and what is to be in the trace ---- */

enum { COMMAND = 'c', MESSAGE = 'm' };

static void append(struct text *t, char c)
{
    if ((t->len & (t->len - 1)) == 0) { /* at each power of two */
        t->data = realloc(t->data, 2 * t->len + 1);
        if (t->data == NULL)
            exit(1);
    }
    t->data[t->len++] = c;
}

/* What was written since the last time is of that kind. */
static void note(struct play *p, char kind)
{
    size_t n;

    duva_pending(&p->engine, &n);
    while (p->kinds.len < p->taken + n)
        append(&p->kinds, kind);
}

/* The same of a piece of the message, whose BDAT is a command, and so is the
 * dot that ends it. */
static void note_message(struct play *p, int is_end)
{
    const size_t before = p->kinds.len;
    size_t       n, i;
    const char  *data = duva_pending(&p->engine, &n);
    const int    is_piece = p->taken == before && n > 5
                         && memcmp(data, "BDAT ", 5) == 0;

    note(p, MESSAGE);
    for (i = 0; is_piece && (i == 0 || data[i - 1] != '\n'); i++)
        p->kinds.data[before + i] = COMMAND;
    if (is_end && !is_piece && p->kinds.len >= before + 3)
        memset(p->kinds.data + p->kinds.len - 3, COMMAND, 3);
}

static void note_taken(struct play *p, const char *data, size_t len)
{
    note(p, COMMAND);
    for (; len > 0; len--, data++)
        if (p->kinds.data[p->taken++] == COMMAND)
            append(&p->commands, *data);
}

static size_t line_length(const char *text, size_t len)
{
    const char *end = len > 0 ? memchr(text, '\n', len) : NULL;

    return end != NULL ? (size_t)(end - text) + 1 : len;
}

/* "***" stands for any octets; a line that was cut may be whole there. */
static int is_traced(const char *traced, size_t len, const char *sent,
                     size_t sent_len)
{
    const char *hidden = len > 0 ? strstr(traced, "***") : NULL;
    size_t      head, tail;

    if (hidden == NULL || hidden >= traced + len)
        return len >= sent_len && memcmp(traced, sent, sent_len) == 0
               && (len == sent_len || sent[sent_len - 1] != '\n');
    head = (size_t)(hidden - traced);
    tail = len - head - 3;
    if (sent[sent_len - 1] != '\n')
        return memcmp(traced, sent, head < sent_len ? head : sent_len) == 0;
    return sent_len >= head + tail && memcmp(traced, sent, head) == 0
           && memcmp(hidden + 3, sent + sent_len - tail, tail) == 0;
}

/* All commands are in the trace, and in a session that ends well no more. */
static void check_trace(struct play *p)
{
    const char *at = p->p.trace[0].data, *sent = p->commands.data;
    size_t      len = p->p.trace[0].len, rest = p->commands.len, n, line;

    for (; rest > 0; rest -= n, sent += n, len -= line, at += line) {
        n = line_length(sent, rest);
        line = line_length(at, len);
        if (!is_traced(at, line, sent, n)) {
            played_fail(&p->p, 1, "\"%s\" is in the trace as \"%s\"",
                        shown(sent, n), shown(at, line));
            return;
        }
    }
    if (len > 0 && duva_outcome(&p->engine)->err == DUVA_OK
        && p->taken == p->kinds.len)
        played_fail(&p->p, 1, "the trace has \"%s\", which was not sent",
                    shown(at, len));
}

/* ---- what the client wants other than to send and to receive ---- */

static void authenticate(struct play *p)
{
    duva_sasl *m = played_auth(&p->p);

    if (m != NULL && duva_auth(&p->engine, m) != duva_outcome(&p->engine)->err)
        fail(p, "duva_auth");
    if (m == NULL && duva_auth_skip(&p->engine) != DUVA_OK)
        fail(p, "duva_auth_skip");
}

static void next_mail(struct play *p)
{
    const struct script *s = p->p.script;
    unsigned             i;
    int                  err;

    if (p->planned == s->plan_count) {
        if (duva_quit(&p->engine) != DUVA_OK)
            fail(p, "duva_quit");
        return;
    }
    i = s->plan[p->planned++] - 1;
    p->body_at = 0;
    memset(&p->checked, 0, sizeof(p->checked));
    err = duva_mail_start(&p->engine, &p->p.mail[i]);
    if (err != p->p.mail[i].result.err)
        fail(p, "duva_mail_start");
    if (err == DUVA_OK)
        p->p.begun[i] = 1;
}

static void fill_body(struct play *p)
{
    const struct given_mail *m;
    size_t                   room, len;
    void                    *at = duva_room(&p->engine, &room);
    int                      err = DUVA_OK, is_end = 0;

    note(p, COMMAND);
    m = &p->p.script->mail[p->p.script->plan[p->planned - 1] - 1];
    len = m->body.len - p->body_at;
    if (room == 0)
        fail(p, "no room for the message");
    if (len > room)
        len = room;
    if (len > p->cut.fill)
        len = p->cut.fill;
    if (len > 0) {
        memcpy(at, m->body.data + p->body_at, len);
        err = duva_filled(&p->engine, len);
        if (!(m->flags & (DUVA_MAIL_AS_IS | SCRIPT_BINARY)) && err == DUVA_OK
            && duva_body_check(&p->checked, m->body.data + p->body_at, len) < 0)
            fail(p, "the message is unfit here already");
        p->body_at += len;
    } else if (m->source_fails) {
        duva_abort(&p->engine, DUVA_ERR_BODY, 0);
    } else {
        err = duva_body_end(&p->engine);
        is_end = 1;
    }
    if (!m->source_fails && err != duva_outcome(&p->engine)->err)
        fail(p, "the message is unfit, or is not");
    note_message(p, is_end);
}

/* Returns 0 when the client wants nothing of that kind. */
static int act(struct play *p)
{
    const struct script *s = p->p.script;

    if (p->planned > 0 && p->planned < s->plan_count
        && duva_may_start(&p->engine)) {
        next_mail(p);
        return 1;
    }
    switch (duva_next(&p->engine)) {
    case DUVA_AUTH:
        authenticate(p);
        return 1;
    case DUVA_IDLE:
        next_mail(p);
        return 1;
    case DUVA_BODY:
        fill_body(p);
        return 1;
    default:
        return 0;
    }
}

/* ---- the items of a script ---- */

/* Takes what the engine wants to send; it has to be the beginning of what the
 * script says.  Returns how many octets that were. */
static size_t take(struct play *p, const char *wanted, size_t len)
{
    size_t      n;
    const void *data = duva_pending(&p->engine, &n);

    if (n > len)
        n = len;
    if (n > p->cut.take)
        n = p->cut.take;
    if (memcmp(data, wanted, n) != 0) {
        played_fail(&p->p, item(p)->line,
                    "the client says \"%s\", expected \"%s\"", shown(data, n),
                    shown(wanted, len));
        return len;
    }
    note_taken(p, data, n);
    duva_sent(&p->engine, n);
    return n;
}

static void client_says(struct play *p, int must)
{
    const struct text *t = &item(p)->text;
    size_t             done = 0;

    while (done < t->len && !failed(p)) {
        if (act(p))
            continue;
        if (duva_next(&p->engine) != DUVA_SEND)
            break;
        done += take(p, t->data + done, t->len - done);
    }
    if (done < t->len && must && !failed(p))
        fail(p, "the client should go on speaking");
    show(p, "C:", t->data, done);
    p->blocked = 0;
    p->at++;
}

static size_t piece_length(struct play *p, size_t rest)
{
    size_t len;

    if (p->cut.feed == FEED_OCTETS)
        return 1;
    if (p->cut.feed < FEED_MIXED)
        return rest;
    p->random = p->random * 1103515245u + 12345u;
    len = (p->random >> 16) % (p->cut.feed == FEED_MIXED ? 4 : 90);
    return len < rest ? len : rest;
}

/* The engine takes all in every state but CLOSED. */
static void feed(struct play *p, const char *data, size_t len)
{
    while (len > 0 && duva_next(&p->engine) != DUVA_CLOSED) {
        const size_t n = piece_length(p, len);
        char        *copy = malloc(n > 0 ? n : 1);

        if (copy == NULL)
            exit(1);
        memcpy(copy, data, n); /* so that a sanitizer sees its borders */
        if (duva_feed(&p->engine, copy, n) != DUVA_OK)
            fail(p, "duva_feed");
        free(copy);
        p->fed += n;
        data += n;
        len -= n;
    }
}

/* All that the server says before the client may speak again. */
static void server_says(struct play *p)
{
    struct text all = { NULL, 0 };

    while (more(p, SERVER_SAYS)) {
        const struct text *t = &item(p)->text;

        show(p, "S:", t->data, t->len);
        if (p->cut.feed == FEED_LINES) {
            feed(p, t->data, t->len);
        } else {
            all.data = realloc(all.data, all.len + t->len + 1);
            if (all.data == NULL)
                exit(1);
            memcpy(all.data + all.len, t->data, t->len);
            all.len += t->len;
        }
        p->at++;
    }
    feed(p, all.data, all.len);
    free(all.data);
}

static void tls(struct play *p, enum item_kind kind)
{
    played_tls(&p->p, &p->info, kind == TLS_DONE);
    if (duva_next(&p->engine) != DUVA_TLS)
        fail(p, "nobody asked for TLS");
    else if (kind == TLS_FAILS)
        duva_abort(&p->engine, DUVA_ERR_TLS, 42);
#if DUVA_WITH_TLS
    else if (duva_tls_done(&p->engine, &p->info) != DUVA_OK)
        fail(p, "duva_tls_done");
#endif
}

static void wait(struct play *p, const struct item *it)
{
    const uint32_t ms = duva_timeout_ms(&p->engine);

    if (ms != it->ms)
        played_fail(&p->p, it->line, "the client waits %lu ms, expected %lu",
                    (unsigned long)ms, (unsigned long)it->ms);
    if (it->kind == TIMEOUT)
        duva_abort(&p->engine, DUVA_ERR_TIMEOUT, 0);
}

static void event(struct play *p)
{
    const struct item *it = &p->p.script->item[p->at++];

    switch (it->kind) {
    case BLOCKED:
        p->blocked = 1;
        while (duva_next(&p->engine) != DUVA_SEND && act(p))
            ;
        break;
    case WAIT: case TIMEOUT:
        wait(p, it);
        break;
    case HANGUP:
        duva_abort(&p->engine, DUVA_ERR_CLOSED, 0);
        break;
    case CANCEL:
        duva_abort(&p->engine, DUVA_ERR_CANCELLED, 0);
        break;
    case LINK_FAILS:
        duva_abort(&p->engine, DUVA_ERR_IO, 104);
        break;
    case TLS_DONE: case TLS_UNVERIFIED: case TLS_FAILS:
        tls(p, it->kind);
        break;
    default:
        while (duva_next(&p->engine) == DUVA_BODY)
            act(p);
        check_item(&p->p, it, &p->engine);
        if (p->verbose && !failed(p))
            printf("   as expected: line %u\n", it->line);
    }
}

static void play_items(struct play *p)
{
    while (p->at < p->p.script->item_count && !failed(p)) {
        const enum item_kind kind = item(p)->kind;

        if (kind == CLIENT_SAYS || kind == CLIENT_MAY_SAY) {
            client_says(p, kind == CLIENT_SAYS);
            continue;
        }
        while (kind == SERVER_SAYS && !p->blocked
               && duva_next(&p->engine) == DUVA_BODY)
            act(p);
        if (kind < THEN_MAIL && kind != BLOCKED && !p->blocked
            && duva_next(&p->engine) == DUVA_SEND)
            fail(p, "the client says too much");
        if (kind == SERVER_SAYS)
            server_says(p);
        else
            event(p);
    }
}

static void check_end(struct play *p)
{
    unsigned char octet = 0;

    if (duva_next(&p->engine) != DUVA_CLOSED)
        fail(p, "the session should be over");
    if (!failed(p) && duva_feed(&p->engine, &octet, 1) != DUVA_ERR_STATE)
        fail(p, "duva_feed after the end");
    if (p->p.trace[1].len != p->fed)
        fail(p, "what the server said is not all in the trace");
    check_trace(p);
    check_secret(&p->p, "the trace", p->p.trace[0].data, p->p.trace[0].len);
    check_secret(&p->p, "the buffer", p->buffer, p->cut.buffer);
}

/* Returns 0 when all was as the script says. */
static int play(const struct script *s, unsigned variation, int verbose)
{
    struct play p;
    int         bad;

    memset(&p, 0, sizeof(p));
    played_begin(&p.p, s);
    played_config(&p.p, &p.config);
    p.cut = cut_number(variation);
    if (p.cut.buffer < s->buffer)
        p.cut.buffer = s->buffer;
    p.random = p.cut.feed;
    p.verbose = verbose;
    p.buffer = calloc(p.cut.buffer, 1);
    if (p.buffer == NULL)
        exit(1);
    memset(&p.engine, 0xA5, sizeof(p.engine));
    if (duva_init(&p.engine, &p.config, p.buffer, p.cut.buffer) != DUVA_OK)
        played_fail(&p.p, 1, "duva_init");
    played_overlap(&p.p, &p.engine);
    if (!failed(&p))
        play_items(&p);
    if (!failed(&p))
        check_end(&p);
    bad = failed(&p);
    if (bad)
        printf("FAILED %s:variation=%u\n       %s\n", s->name, variation,
               p.p.why);
    played_end(&p.p);
    free(p.kinds.data);
    free(p.commands.data);
    free(p.buffer);
    return bad;
}

/* All variations; the first failure of a script is enough. */
static int play_all(const struct script *s, unsigned *plays)
{
    unsigned variation;

    for (variation = 0; variation < VARIATIONS; variation++) {
        ++*plays;
        if (play(s, variation, 0))
            return 1;
    }
    return 0;
}

static int run_one(const char *path, const char *id, int verbose,
                   unsigned *plays, int *skipped)
{
    struct script *s = script_read(path);
    const char    *colon = id != NULL ? strchr(id, ':') : NULL;
    unsigned       variation = 0;
    int            bad;

    if (s == NULL)
        return 1;
    if (script_lacks(s) != NULL) {
        ++*skipped;
        if (verbose)
            printf("%s: not there: %s\n", s->name, script_lacks(s));
        script_free(s);
        return 0;
    }
    if (colon != NULL && (strncmp(s->name, id, (size_t)(colon - id)) != 0
                          || s->name[colon - id] != '\0')) {
        script_free(s);
        return 0;
    }
    if (colon != NULL || verbose) {
        ++*plays;
        if (colon != NULL)
            variation = (unsigned)atoi(strchr(colon, '=') + 1);
        bad = play(s, variation, verbose);
    } else {
        bad = play_all(s, plays);
    }
    script_free(s);
    return bad;
}

int main(int argc, char **argv)
{
    const char *id = NULL;
    char      **paths;
    unsigned    plays = 0;
    int         i, count, verbose, skipped = 0, bad = 0;

    verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    argv += 1 + verbose;
    argc -= 1 + verbose;
    if (argc > 1 && strstr(argv[argc - 1], ":variation=") != NULL)
        id = argv[--argc];
    count = script_paths(argv, argc, &paths);
    for (i = 0; i < count; i++)
        bad += run_one(paths[i], id, verbose, &plays, &skipped);
    script_paths_free(paths, count);
    printf("%d dialogues, %u plays, %d failed", count - skipped, plays, bad);
    printf(skipped > 0 ? "; %d need what this engine lacks\n" : "\n", skipped);
    return count <= 0 || plays == 0 || bad > 0;
}
