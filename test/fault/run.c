/* run.c - plays conversations through the client, with every fault. */
/* SPDX-License-Identifier: MIT */
/*
 * run FILE.txt|FOLDER ...          all faults at all places of all dialogues
 * run FILE.txt|FOLDER NAME:MODE=N  one fault, with a transcript
 *
 * NAME may be NAME[ROW]; direct-MODE is MODE with messages that bypass the
 * engine.
 */
#define _POSIX_C_SOURCE 200809L
#include "oracle.h"
#include "send.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a mode may cost for one script: above it, places are left out evenly,
 * but none at the start and at the end. */
#define OCTETS_PER_MODE 8000000u
#define PLACES_MIN 64u

static const char *const modes[FAULT_KINDS] = {
    "plain", "ones", "cut", "hangup", "goodbye", "timeout", "cancel", "call"
};

static const duva_err call_errs[] = {
    DUVA_ERR_CLOSED, DUVA_ERR_IO, DUVA_ERR_TIMEOUT, DUVA_ERR_TLS
};

#define ERRS (sizeof(call_errs) / sizeof(call_errs[0]))

/* ---- one play ---- */

/* At the end of a play without a fault all is as the script says.  What is
 * said of a mail that the session never came to, the client knows better. */
static void check_script(duva_client *c, struct wire *w)
{
    const struct script *s = w->p->script;
    size_t               i, last = 0;

    for (i = 0; i < s->item_count; i++)
        if (s->item[i].kind < THEN_MAIL)
            last = i;
    for (i = last; i < s->item_count; i++) {
        const struct item *it = &s->item[i];

        if (it->kind < THEN_MAIL
            || (it->wants > 0
                && strcmp(it->want[0].value.data, "pending") == 0))
            continue;
        check_item(w->p, it, &c->engine);
    }
    for (i = w->at; i < last; i++)
        if (s->item[i].kind == CLIENT_SAYS)
            played_fail(w->p, s->item[i].line,
                        "the session ended before this");
}

static void play_on(struct wire *w, struct played *p, struct fault fault)
{
    uint8_t      buf[1024];
    duva_client  c;
    duva_config  config;
    duva_sasl   *auth[2] = { NULL, NULL };
    size_t       room = fault.kind == ONES ? DUVA_BUFFER_MIN
                                           : 2 * DUVA_BUFFER_MIN;

    memset(&c, 0, sizeof(c));
    memset(buf, 0, sizeof(buf));
    if (room < p->script->buffer)
        room = p->script->buffer;
    if (room > sizeof(buf))
        played_fail(p, 1, "no buffer of that size");
    played_config(p, &config);
    wire_begin(w, p, &c.engine, fault);
    c.link = &w->link;
    c.tls = config.tls != DUVA_TLS_NEVER ? &w->tls : NULL;
    c.host = "mx.example";
    c.direct = fault.direct ? send_direct : NULL;
    w->traffic.together = p->script->window > 0;
    auth[0] = played_auth(p);
    if (auth[0] != NULL)
        c.auth = auth;
    if (duva_client_init(&c, &config, buf, room) != DUVA_OK) {
        played_fail(p, 1, "duva_client_init");
        return;
    }
    played_overlap(p, &c.engine);
    if (p->script->plan_count == 0)
        duva_run(&c);
    send_script(&c, p, &w->traffic, fault.kind == ONES);
    if (!w->closed)
        played_fail(p, 0, "duva_close() has not closed");
    oracle_judge(p, &w->traffic,
                 w->fired && !w->raced ? fault_err(&fault) : DUVA_OK);
    check_secret(p, "the trace", p->trace[0].data, p->trace[0].len);
    check_secret(p, "the buffer", buf, sizeof(buf));
    if ((fault.kind == NO_FAULT || fault.kind == ONES) && !w->raced)
        check_script(&c, w);
}

static void id_of(char *id, size_t size, const struct script *s,
                  struct fault f)
{
    const int n = snprintf(id, size, "%s:%s%s=%zu", s->name,
                           f.direct ? "direct-" : "", modes[f.kind], f.n);

    if (f.kind == CALL && n > 0 && (size_t)n < size)
        snprintf(id + n, size - (size_t)n, ".%s", duva_err_name(f.err));
}

static void tell_verdicts(const struct played *p)
{
    size_t i, k;

    for (i = 0; i < p->script->mail_count; i++) {
        const duva_result *r = &p->mail[i].result;

        printf("mail %zu %s err=%s reason=%s reply=%u at=%s\n", i + 1,
               duva_verdict_name(r->verdict), duva_err_name(r->err),
               duva_reason_name(r->reason), r->status.code,
               duva_stage_name((duva_stage)r->status.stage));
        for (k = 0; k < p->mail[i].rcpt_count; k++)
            printf("rcpt %zu.%zu %s reply=%u\n", i + 1, k + 1,
                   duva_verdict_name(p->mail[i].rcpt[k].verdict),
                   p->mail[i].rcpt[k].status.code);
    }
}

/* Returns 0 when all that must hold holds. */
static int play(struct wire *w, const struct script *s, struct fault fault,
                int verbose)
{
    struct played p;
    char          id[128];
    int           bad;

    played_begin(&p, s);
    play_on(w, &p, fault);
    if (verbose) {
        traffic_print(&w->traffic);
        tell_verdicts(&p);
    }
    bad = p.why[0] != '\0';
    if (bad) {
        id_of(id, sizeof(id), s, fault);
        printf("FAILED %s\n       %s\n", id, p.why);
    }
    played_end(&p);
    return bad;
}

/* ---- all faults ---- */

/* How many places a mode has, after a play without a fault. */
static size_t places(const struct wire *w, enum fault_kind kind)
{
    switch (kind) {
    case NO_FAULT: case ONES:
        return 1;
    case CUT:
        return w->heard + 1;
    case HANGUP_AT: case GOODBYE:
        return w->said + 1;
    case TIMEOUT_AT: case CANCEL_AT:
        return w->waits;
    default:
        return w->calls * ERRS;
    }
}

static struct fault fault_at(enum fault_kind kind, size_t place, int direct)
{
    struct fault f;

    f.direct = direct;
    f.kind = kind;
    f.n = place;
    f.err = DUVA_OK;
    if (kind == TIMEOUT_AT || kind == CANCEL_AT)
        f.n = place + 1;
    if (kind == CALL) {
        f.n = place / ERRS + 1;
        f.err = call_errs[place % ERRS];
    }
    return f;
}

static int play_mode(struct wire *w, const struct script *s, int direct,
                     enum fault_kind kind, size_t count, size_t octets,
                     size_t *plays)
{
    size_t most = OCTETS_PER_MODE / (octets + 1);
    size_t place = 0, step = 1;

    if (most < PLACES_MIN)
        most = PLACES_MIN;
    if (count > most)
        step = count / (most / 2) + 1;
    while (place < count) {
        ++*plays;
        if (play(w, s, fault_at(kind, place, direct), 0))
            return 1;
        place += place < most / 4 || place + most / 4 >= count ? 1 : step;
    }
    return 0;
}

static int play_modes(struct wire *w, const struct script *s, int direct,
                      size_t *plays)
{
    size_t count[FAULT_KINDS], octets;
    int    kind, bad = play(w, s, fault_at(NO_FAULT, 0, direct), 0);

    for (kind = 0; kind < FAULT_KINDS; kind++)
        count[kind] = places(w, (enum fault_kind)kind);
    octets = w->traffic.events;
    ++*plays;
    for (kind = ONES; kind < FAULT_KINDS; kind++)
        bad += play_mode(w, s, direct, (enum fault_kind)kind, count[kind],
                         octets, plays);
    return bad;
}

/* Is there a message that may go past the engine?  It is as long as it is said
 * to be: what else there is of such is the source's failure there. */
static int may_go_direct(const struct script *s)
{
    int    found = 0;
    size_t i;

    for (i = 0; i < s->mail_count; i++) {
        const struct given_mail *m = &s->mail[i];

        if (!(m->flags & DUVA_MAIL_EXACT)
            || !(m->flags & (DUVA_MAIL_AS_IS | DUVA_MAIL_BINARY)))
            continue;
        if (m->size != m->body.len || m->source_fails)
            return 0;
        found = 1;
    }
    return found;
}

static int play_all(struct wire *w, const struct script *s, size_t *plays)
{
    int bad = play_modes(w, s, 0, plays);

    if (may_go_direct(s))
        bad += play_modes(w, s, 1, plays);
    return bad;
}

/* NAME:MODE=N[.ERR] -> fault; 0 when it is for another script. */
static int parse_id(const char *id, const struct script *s, struct fault *f)
{
    const size_t len = strlen(s->name);
    const char  *mode = id + len + 1;
    const char  *value = strchr(id, '=');
    const char  *err = value != NULL ? strchr(value, '.') : NULL;
    int          kind;
    size_t       i;

    if (value == NULL || strncmp(id, s->name, len) != 0 || id[len] != ':')
        return 0;
    f->direct = strncmp(mode, "direct-", 7) == 0;
    mode += f->direct ? 7 : 0;
    for (kind = 0; kind < FAULT_KINDS; kind++)
        if (strncmp(mode, modes[kind], strlen(modes[kind])) == 0
            && mode + strlen(modes[kind]) == value)
            break;
    f->kind = (enum fault_kind)kind;
    f->n = (size_t)strtoul(value + 1, NULL, 10);
    f->err = DUVA_OK;
    for (i = 0; err != NULL && i < ERRS; i++)
        if (strcmp(duva_err_name(call_errs[i]), err + 1) == 0)
            f->err = call_errs[i];
    return kind < FAULT_KINDS;
}

static int run_one(struct wire *w, const char *path, const char *id,
                   size_t *plays)
{
    struct script *s = script_read(path);
    struct fault   fault;
    int            bad = 0;

    if (s == NULL)
        return 1;
    if (id == NULL) {
        bad = play_all(w, s, plays);
    } else if (parse_id(id, s, &fault)) {
        ++*plays;
        bad = play(w, s, fault, 1);
    }
    script_free(s);
    return bad;
}

int main(int argc, char **argv)
{
    static struct wire w;
    const char *id = NULL;
    char      **paths;
    size_t      plays = 0;
    int         i, count, bad = 0;

    argc--;
    argv++;
    if (argc > 1 && strchr(argv[argc - 1], '=') != NULL)
        id = argv[--argc];
    count = script_paths(argv, argc, &paths);
    for (i = 0; i < count; i++)
        bad += run_one(&w, paths[i], id, &plays);
    script_paths_free(paths, count);
    free(w.traffic.event);
    printf("%d dialogues, %zu faults, %d failed\n", count, plays, bad);
    return count <= 0 || plays == 0 || bad > 0;
}
