/* profile.c - the properties and faults of a server, from a seed. */
/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <string.h>

enum { PURPOSE_PROFILE = 16, PURPOSE_TREATMENT, PURPOSE_SESSION };

static void random_extensions(struct profile *p, struct random *r)
{
    static const struct {
        uint16_t bit, per_mille;
    } extension[] = {
        { HAS_PIPELINING, 800 }, { HAS_CHUNKING, 600 }, { HAS_8BITMIME, 900 },
        { HAS_BINARYMIME, 800 }, { HAS_SIZE, 600 },     { HAS_LIMITS, 150 },
        { HAS_ENHANCED, 500 },   { HAS_STARTTLS, 500 }, { HAS_AUTH, 500 }
    };
    size_t i;

    for (i = 0; i < sizeof(extension) / sizeof(extension[0]); i++)
        if (random_chance(r, extension[i].per_mille))
            p->has |= extension[i].bit;
    if (!(p->has & HAS_CHUNKING))
        p->has &= (uint16_t)~HAS_BINARYMIME;
    if (p->has & HAS_SIZE)
        p->size_max = random_chance(r, 100) ? 600 + random_below(r, 3000)
                                            : 100000000;
    if (p->has & HAS_LIMITS) {
        p->rcpt_max = random_below(r, 4);
        p->mail_max = random_chance(r, 400) ? 1 + random_below(r, 6) : 0;
    }
}

void profile_random(struct profile *p, uint64_t seed, uint64_t number)
{
    struct random r = random_of(seed, number << 8 | PURPOSE_PROFILE);

    memset(p, 0, sizeof(*p));
    random_extensions(p, &r);
    p->lmtp = random_chance(&r, 200);
    p->helo_only = !p->lmtp && random_chance(&r, 40);
    if (p->helo_only) {
        p->has = 0;
        p->size_max = p->rcpt_max = p->mail_max = 0;
    }
    if (random_chance(&r, 300))
        p->pace = (uint8_t)random_below(&r, PACES);
    p->keeps_failed = (uint8_t)random_below(&r, 2);
    p->keeps_failed_last = p->keeps_failed && random_below(&r, 2);
    p->data_for_none = (uint8_t)random_below(&r, 2);
    p->multiline = random_chance(&r, 100);
    p->slow_ms = random_chance(&r, 500) ? random_below(&r, 60) : 0;
}

/* ---- faults ---- */

/* Most faults are replies; the rest is of every kind. */
static void random_fault(struct treatment *t, struct random *r)
{
    static const uint16_t code[] = { 421, 450, 451, 452, 500, 503,
                                     550, 552, 554, 421 };

    t->kind = random_chance(r, 500) ? (uint8_t)DO_REPLY
                                    : (uint8_t)random_below(r, FAULT_DOS);
    t->code = code[random_below(r, sizeof(code) / sizeof(code[0]))];
    t->reset = (uint8_t)random_below(r, 2);
    t->junk = (uint8_t)random_below(r, 255);
    t->at = (uint16_t)(random_chance(r, 700) ? random_below(r, 40)
                                             : random_below(r, 3000));
    t->ms = (uint16_t)(random_chance(r, 500) ? random_below(r, 300)
                                             : random_below(r, 1500));
    if (t->stage == AT_AFTER && t->kind == DO_REPLY)
        t->code = 421;         /* nothing else may come unasked */
}

static void random_rcpt(struct treatment *t, struct random *r)
{
    static const uint16_t code[] = { 0, 251, 450, 452, 550, 552, 550, 451 };
    unsigned              i;

    for (i = 0; i < SOAK_RCPTS; i++)
        t->rcpt[i] = code[random_below(r, sizeof(code) / sizeof(code[0]))];
}

static void random_end(struct treatment *t, struct random *r)
{
    static const uint16_t code[] = { 0, 0, 0, 450, 452, 550 };
    unsigned              i;

    for (i = 0; i < SOAK_RCPTS; i++)
        t->end[i] = code[random_below(r, sizeof(code) / sizeof(code[0]))];
}

void treatment_random(struct treatment *t, uint64_t seed, uint32_t id,
                      unsigned sending, unsigned per_mille)
{
    struct random r = random_of(seed ^ (uint64_t)sending << 56,
                                (uint64_t)id << 8 | PURPOSE_TREATMENT);

    memset(t, 0, sizeof(*t));
    if (random_chance(&r, per_mille))
        random_rcpt(t, &r);
    if (random_chance(&r, per_mille))
        random_end(t, &r);
    if (!random_chance(&r, per_mille))
        return;
    t->stage = (uint8_t)(AT_MAIL + random_below(&r, AT_AFTER - AT_MAIL + 1));
    random_fault(t, &r);
}

void session_random(struct treatment *t, uint64_t seed, uint64_t number,
                    unsigned per_mille)
{
    static const uint8_t stage[] = { AT_CONNECT, AT_EHLO, AT_STARTTLS, AT_AUTH,
                                     AT_QUIT };
    struct random r = random_of(seed, number << 8 | PURPOSE_SESSION);

    memset(t, 0, sizeof(*t));
    if (!random_chance(&r, per_mille))
        return;
    t->stage = stage[random_below(&r, sizeof(stage))];
    random_fault(t, &r);
}
