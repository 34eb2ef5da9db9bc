/* plan.c - makes a plan from a seed, and prints it. */
/* SPDX-License-Identifier: MIT */
#include "plan.h"

#include <duva/overlap.h>

#include <string.h>

enum { PURPOSE_CLIENT = 40 };

static void random_client(struct plan *p, struct random *r)
{
    static const uint16_t buffer[] = { 64, 65, 100, 300, 1024, 4096 };

    p->driver = (uint8_t)random_below(r, DRIVERS);
    p->window = (uint8_t)(random_chance(r, 200)   ? 0
                          : random_chance(r, 400) ? 1
                                                  : random_below(r, 17));
    if (p->profile.tail == TAIL_READ && random_chance(r, 500))
        p->overlap = DUVA_OVERLAP_SHOWN;
    if (random_chance(r, 50))
        p->overlap = DUVA_OVERLAP_NEVER;
    p->remembers = (uint8_t)random_below(r, 2);
    p->tries = (uint8_t)(1 + random_below(r, PLAN_SENDINGS));
    if (random_chance(r, 50))
        p->options |= DUVA_LOCK_STEP;
    if (random_chance(r, 50))
        p->options |= DUVA_NO_CHUNKING;
    if (p->profile.lmtp)
        p->options |= DUVA_LMTP;
    p->tls = DUVA_TLS_NEVER;
    if ((p->profile.has & HAS_STARTTLS) && random_chance(r, 300))
        p->tls = random_chance(r, 500) ? DUVA_TLS_REQUIRED
                                       : DUVA_TLS_IF_OFFERED;
    if ((p->profile.has & HAS_AUTH) && random_chance(r, 300)) {
        p->auth = (uint8_t)(1 + random_below(r, 2));
        if (p->tls == DUVA_TLS_NEVER)
            p->options |= DUVA_ALLOW_CLEAR_PASSWORD;
    }
    p->buffer = buffer[random_below(r, 6)];
}

static void random_link(struct plan *p, struct random *r)
{
    p->latency = (uint16_t)random_below(r, random_chance(r, 500) ? 3 : 40);
    p->write_max = (uint16_t)(random_chance(r, 300) ? 20 + random_below(r, 200)
                                                    : 60000);
    p->capacity = random_chance(r, 200) ? 2000 + random_below(r, 3000)
                                        : 250000;
    p->gap = (uint16_t)(random_chance(r, 500) ? 0 : random_below(r, 60));
    if (random_chance(r, 60))
        p->cancel_at = (uint16_t)(1 + random_below(r, 60));
}

void plan_random(struct plan *p, uint64_t seed, const struct plan_options *o)
{
    struct random r = random_of(seed, PURPOSE_CLIENT);
    unsigned      i, j;

    memset(p, 0, sizeof(*p));
    p->seed = seed;
    profile_random(&p->profile, seed, 0);
    if (o->tails && !(p->profile.has & HAS_CHUNKING))
        p->profile.tail = (uint8_t)random_below(&r, TAILS);
    random_client(p, &r);
    random_link(p, &r);
    p->mails = 1 + random_below(&r, PLAN_MAILS);
    for (i = 0; i < p->mails; i++) {
        mail_plan_random(&p->mail[i], seed, i, 1);
        for (j = 0; j < PLAN_SENDINGS; j++)
            treatment_random(&p->treatment[i][j], seed, i, j, o->per_mille);
    }
    for (i = 0; i < PLAN_SESSIONS; i++)
        session_random(&p->session[i], seed, i, o->per_mille / 2);
}

/* ---- printing ---- */

static void print_fault(const struct treatment *t, FILE *out)
{
    static const char *const stage[FAULT_STAGES] = {
        "nothing", "connect", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT",
        "DATA", "message", "end of data", "after end of data", "QUIT"
    };
    static const char *const kind[FAULT_DOS] = {
        "reply", "hang up", "hang up after", "cut reply", "silence",
        "late reply", "junk", "stray reply"
    };

    if (t->stage == AT_NOTHING)
        return;
    fprintf(out, "; at %s: %s", stage[t->stage], kind[t->kind]);
    if (t->kind == DO_REPLY)
        fprintf(out, " %u", t->code);
    fprintf(out, " (at %u, %u ms%s)", t->at, t->ms, t->reset ? ", RST" : "");
}

static void print_codes(const char *what, const uint16_t *code, unsigned count,
                        FILE *out)
{
    unsigned i, any = 0;

    for (i = 0; i < count; i++)
        any |= code[i];
    if (!any)
        return;
    fprintf(out, "; %s", what);
    for (i = 0; i < count; i++)
        fprintf(out, " %u", code[i] != 0 ? code[i] : 250);
}

static void print_mail(const struct plan *p, unsigned i, FILE *out)
{
    const struct mail_plan *m = &p->mail[i];
    unsigned                j;

    fprintf(out, "  mail %u: %u recipients, %s, about %u octets%s%s%s%s%s%s\n",
            i, m->rcpts,
            m->policy == DUVA_ALL_OR_NOTHING ? "all or nothing"
                                             : "whoever is accepted",
            m->size, m->flags & DUVA_MAIL_8BIT ? ", 8BIT" : "",
            m->flags & DUVA_MAIL_BINARY ? ", BINARY" : "",
            m->flags & DUVA_MAIL_EXACT ? ", EXACT" : "",
            m->flags & DUVA_MAIL_AS_IS ? ", AS_IS" : "",
            m->direct ? ", direct" : "", m->flaw ? ", unfit" : "");
    for (j = 0; j < PLAN_SENDINGS; j++) {
        const struct treatment *t = &p->treatment[i][j];

        fprintf(out, "    sending %u", j + 1);
        print_fault(t, out);
        print_codes("RCPT", t->rcpt, m->rcpts, out);
        if (p->profile.lmtp)
            print_codes("end", t->end, m->rcpts, out);
        putc('\n', out);
    }
}

void plan_print(const struct plan *p, FILE *out)
{
    static const char *const driver[DRIVERS] = { "duva_send_mails",
                                                 "duva_send_mail",
                                                 "duva_step" };
    static const char *const keyword[HAS_BITS] = {
        " PIPELINING", " CHUNKING", " 8BITMIME",     " BINARYMIME", " SIZE",
        " LIMITS",     " ENHANCED", " STARTTLS", " AUTH"
    };
    unsigned i;

    fprintf(out, "seed %llu: %s, window %u, overlap %u%s, buffer %u, tries %u, "
            "options %x", (unsigned long long)p->seed, driver[p->driver],
            p->window, p->overlap, p->remembers ? " remembered" : "",
            p->buffer, p->tries, (unsigned)p->options);
    fprintf(out, ", cancel at %u, gap %u\n  link: %u ms, writes of %u, room %u",
            p->cancel_at, p->gap, p->latency, p->write_max,
            (unsigned)p->capacity);
    fprintf(out, "\n  server: %s", p->profile.lmtp ? "LMTP" : "SMTP");
    for (i = 0; i < HAS_BITS; i++)
        fputs(p->profile.has >> i & 1 ? keyword[i] : "", out);
    fprintf(out, "; tail %u, pace %u, keeps failed %u%u, data for none %u\n",
            p->profile.tail, p->profile.pace, p->profile.keeps_failed,
            p->profile.keeps_failed_last, p->profile.data_for_none);
    for (i = 0; i < PLAN_SESSIONS; i++) {
        if (p->session[i].stage == AT_NOTHING)
            continue;
        fprintf(out, "  session %u", i + 1);
        print_fault(&p->session[i], out);
        putc('\n', out);
    }
    for (i = 0; i < p->mails; i++)
        print_mail(p, i, out);
}
