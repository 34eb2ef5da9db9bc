/* run.c - sends mails of different shape together, cut in every way. */
/* SPDX-License-Identifier: MIT */
/*
 * run [-n TIMES] [-a] [-v] FILE.txt|FOLDER ...  mixes of the mails in them, and
 *                      of mails made up; -n: TIMES as many; -a: each is cut at
 *                      all places; -v: each is named before it is played
 * run FILE.txt|FOLDER ... MAIL+MAIL:SEED:WAY=N  one of them, with a transcript
 */
#define _POSIX_C_SOURCE 200809L
#include "link.h"
#include "oracle.h"
#include "send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MIXES = 3000,              /* of each kind */
    ALL_PLACES = 400,          /* one mix in so many is cut at all places */
    KINDS = 20, TOLD = 3,      /* so many kinds of failures are told, each so
                                  many times */
    ALIKE = 28                 /* octets by which they are known */
};

static const char *const ways[WAYS] = {
    "late", "each", "early", "ones-late", "ones-early", "pieces", "split",
    "cut", "hangup", "goodbye", "timeout", "cancel"
};

struct run {
    struct parts    parts;
    struct mix_link link;
    unsigned long   mixes, plays, failed;
    unsigned long   times;
    int             all_places, named, verbose;
    struct {
        char     why[ALIKE + 1];
        unsigned count;
    }               kind[KINDS];
};

/* ---- one play ---- */

static void play_on(struct mix_link *l, const struct mix *m, struct played *p,
                    struct way way)
{
    uint8_t     buf[4096];
    duva_client c;
    duva_config config;

    memset(&c, 0, sizeof(c));
    played_config(p, &config);
    mix_link_begin(l, m, p, &c.engine, way);
    c.link = &l->link;
    c.direct = m->direct ? send_direct : NULL;
    if (duva_client_init(&c, &config, buf, m->buffer) != DUVA_OK) {
        played_fail(p, 0, "duva_client_init");
        return;
    }
    played_overlap(p, &c.engine);
    send_script(&c, p, &l->traffic,
                way.kind == ONES_LATE || way.kind == ONES_EARLY);
    if (!l->closed)
        played_fail(p, 0, "duva_close() has not closed");
    oracle_judge(p, &l->traffic, mix_link_err(l));
    if (way.kind < CUT)
        server_judge(&l->server);
}

static void tell(const struct mix *m, const struct played *p,
                 const struct mix_link *l)
{
    size_t i, k;

    traffic_print(&l->traffic);
    printf("window %lu, options 0x%lx, buffer %zu%s%s\n",
           (unsigned long)m->script->window,
           (unsigned long)m->script->options, m->buffer,
           m->one_by_one ? ", one by one" : "", m->direct ? ", direct" : "");
    for (i = 0; i < m->script->mail_count; i++) {
        const duva_mail   *mail = &p->mail[i];
        const duva_result *r = &mail->result;

        printf("mail %zu %s err=%s reason=%s reply=%u at=%s, policy %d, "
               "flags 0x%x, size %lu\n", i + 1, duva_verdict_name(r->verdict),
               duva_err_name(r->err), duva_reason_name(r->reason),
               r->status.code, duva_stage_name((duva_stage)r->status.stage),
               (int)mail->policy, mail->flags, (unsigned long)mail->size);
        for (k = 0; k < mail->rcpt_count; k++)
            printf("  %s %s reply=%u\n", mail->rcpt[k].addr,
                   duva_verdict_name(mail->rcpt[k].verdict),
                   mail->rcpt[k].status.code);
    }
}

/* Is it new enough to be told? */
static int is_news(struct run *r, const char *why)
{
    const char *verdict = strstr(why, "the client says ");
    const char *what = verdict != NULL ? verdict : strstr(why, ": ") + 2;
    size_t      i;

    for (i = 0; i < KINDS; i++) {
        if (r->kind[i].count == 0)
            memcpy(r->kind[i].why, what,
                   strlen(what) < ALIKE ? strlen(what) : ALIKE);
        if (strncmp(r->kind[i].why, what, ALIKE) == 0)
            return r->kind[i].count++ < TOLD;
    }
    return 0;
}

/* Returns 0 when all that must hold holds. */
static int play(struct run *r, const struct mix *m, const char *id,
                struct way way)
{
    struct played p;
    int           bad;

    played_begin(&p, m->script);
    play_on(&r->link, m, &p, way);
    r->plays++;
    bad = p.why[0] != '\0';
    if (r->verbose)
        tell(m, &p, &r->link);
    r->failed += bad ? 1u : 0u;
    if (bad && is_news(r, p.why))
        printf("FAILED %s:%s=%zu\n       %s\n", id, ways[way.kind], way.n,
               p.why);
    played_end(&p);
    return bad;
}

/* ---- one mix ---- */

/* How many places a way has, after the play that comes late. */
static size_t places(const size_t *counts, enum way_kind kind)
{
    if (kind == SPLIT || kind == CUT)
        return counts[0] + 1;
    if (kind == HANGUP_AT || kind == GOODBYE)
        return counts[1] + 1;
    return kind == PIECES ? 1000000 : counts[2];
}

static int play_places(struct run *r, const struct mix *m, const char *id,
                       const size_t *counts, int all)
{
    struct way way;
    uint64_t   row = r->mixes;
    int        kind;

    for (kind = PIECES; kind < WAYS; kind++) {
        const size_t count = places(counts, (enum way_kind)kind);
        size_t       n;

        way.kind = (enum way_kind)kind;
        if (!all || kind == PIECES) {
            way.n = draw(&row, (unsigned)count) + (kind >= TIMEOUT_AT);
            if (play(r, m, id, way))
                return 1;
            continue;
        }
        for (n = 0; n < count; n++) {
            way.n = n + (kind >= TIMEOUT_AT);
            if (play(r, m, id, way))
                return 1;
        }
    }
    return 0;
}

/* The first failure of a mix is enough. */
static void play_ways(struct run *r, const struct mix *m, const char *id)
{
    struct way way = { LATE, 0 };
    size_t     counts[3];
    int        kind;

    r->mixes++;
    if (play(r, m, id, way))
        return;
    counts[0] = r->link.read;
    counts[1] = r->link.written;
    counts[2] = r->link.waits;
    for (kind = EACH; kind < PIECES; kind++) {
        way.kind = (enum way_kind)kind;
        if (play(r, m, id, way))
            return;
    }
    play_places(r, m, id, counts,
                r->all_places || r->mixes % ALL_PLACES == 0);
}

static void mix(struct run *r, const struct part *const *part, size_t count,
                unsigned long seed)
{
    struct mix m;
    char       id[400];
    int        n = count == 0 ? sprintf(id, "made") : 0;
    size_t     i;

    for (i = 0; i < count; i++)
        n += snprintf(id + n, sizeof(id) - (size_t)n, "%s%s.%u",
                      i > 0 ? "+" : "", part[i]->script->name,
                      part[i]->number);
    snprintf(id + n, sizeof(id) - (size_t)n, ":%lu", seed);
    if (r->named)
        printf("%s\n", id);
    mix_begin(&m, part, count, seed);
    play_ways(r, &m, id);
    mix_end(&m);
}

/* ---- all of them ---- */

/* Each third of them is made of two mails of dialogues, of more, of mails that
 * are made up.  The pairs follow each other in steps that share no factor with
 * their count, so that all of them come, the most different ones first. */
static void play_all(struct run *r)
{
    const struct part  *part[MAILS_MAX];
    const unsigned      count = (unsigned)r->parts.count;
    const unsigned long pairs = (unsigned long)count * count;
    uint64_t            row = 1;
    unsigned long       i;

    for (i = 0; i < r->times * MIXES; i++) {
        const unsigned long pair = i * 7919 % pairs;
        unsigned            k, mails = 3 + draw(&row, MAILS_MAX - 2);

        part[0] = &r->parts.part[pair / count];
        part[1] = &r->parts.part[pair % count];
        mix(r, part, 2, i);
        for (k = 0; k < mails; k++)
            part[k] = &r->parts.part[draw(&row, count)];
        mix(r, part, mails, i);
        mix(r, NULL, 0, i);
    }
}

static const struct part *find_part(const struct parts *p, const char *name,
                                    size_t len)
{
    size_t i;

    for (i = 0; i < p->count; i++) {
        char         own[200];
        const size_t n = (size_t)snprintf(own, sizeof(own), "%s.%u",
                                          p->part[i].script->name,
                                          p->part[i].number);

        if (n == len && strncmp(own, name, n) == 0)
            return &p->part[i];
    }
    return NULL;
}

/* MAIL+MAIL:SEED:WAY=N, or made:SEED:WAY=N. */
static void play_one(struct run *r, const char *id)
{
    const struct part *part[MAILS_MAX];
    const char        *at = id, *equals = strchr(id, '=');
    const char        *colon = strchr(id, ':');
    struct way         way = { LATE, 0 };
    struct mix         m;
    char              *end;
    unsigned long      seed;
    size_t             count = 0;

    if (colon == NULL || equals == NULL)
        return;
    while (strncmp(id, "made:", 5) != 0 && at < colon && count < MAILS_MAX) {
        const size_t len = strcspn(at, "+:");

        part[count] = find_part(&r->parts, at, len);
        if (part[count++] == NULL)
            return;
        at += len + 1;
    }
    seed = strtoul(colon + 1, &end, 10);
    way.n = strtoul(equals + 1, NULL, 10);
    while (way.kind < WAYS
           && (strncmp(end + 1, ways[way.kind], strlen(ways[way.kind])) != 0
               || end + 1 + strlen(ways[way.kind]) != equals))
        way.kind++;
    if (way.kind == WAYS)
        return;
    r->verbose = 1;
    mix_begin(&m, part, count, seed);
    play(r, &m, "it", way);
    mix_end(&m);
}

int main(int argc, char **argv)
{
    static struct run r;
    const char       *id = NULL;
    char            **paths;
    int               count;

    setvbuf(stdout, NULL, _IOLBF, 0);
    r.times = 1;
    argv++;
    argc--;
    for (; argc > 0 && argv[0][0] == '-'; argc--, argv++) {
        r.all_places |= strcmp(*argv, "-a") == 0;
        r.named |= strcmp(*argv, "-v") == 0;
        if (strcmp(*argv, "-n") == 0 && argc > 1) {
            r.times = strtoul(*++argv, NULL, 10);
            argc--;
        }
    }
    if (argc > 1 && strchr(argv[argc - 1], '=') != NULL)
        id = argv[--argc];
    count = script_paths(argv, argc, &paths);
    if (count <= 0 || !parts_read(&r.parts, paths, count))
        return 1;
    if (id != NULL)
        play_one(&r, id);
    else
        play_all(&r);
    printf("%zu mails, %lu mixes, %lu plays, %lu failed\n", r.parts.count,
           r.mixes, r.plays, r.failed);
    script_paths_free(paths, count);
    parts_free(&r.parts);
    free(r.link.server.out.data);
    free(r.link.traffic.event);
    return r.plays == 0 || r.failed > 0;
}
