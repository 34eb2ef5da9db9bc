/* plan.h - one run in memory: a server, a client, mails and faults. */
/* SPDX-License-Identifier: MIT */
/*
 * A plan has everything that happens in it: the same plan runs in the same
 * way, always.  It comes from a seed, and may be edited to a smaller one.
 */
#ifndef SOAK_PLAN_H
#define SOAK_PLAN_H

#include "mails.h"
#include "server.h"

enum { PLAN_MAILS = 12, PLAN_SENDINGS = 3, PLAN_SESSIONS = 5 };

/* Through which call the mails go. */
enum driver { DRIVE_MAILS, DRIVE_EACH, DRIVE_STEP, DRIVERS };

struct plan {
    uint64_t seed;
    struct profile profile;
    uint8_t  driver, window, tries;
    uint8_t  overlap;          /* duva_overlap: what the client is told */
    uint8_t  remembers;        /* what one session found out is told to the
                                  next */
    uint8_t  tls;              /* duva_tls_mode */
    uint8_t  auth;             /* 0: none, 1: PLAIN, 2: LOGIN */
    uint32_t options;          /* DUVA_LOCK_STEP, ... */
    uint16_t buffer;           /* octets of output */
    uint16_t latency;          /* ms each way */
    uint16_t write_max;        /* octets that the link takes at a time */
    uint32_t capacity;         /* octets unread by the server */
    uint16_t cancel_at;        /* DRIVE_STEP: the step of each session at
                                  which it is cancelled; 0: none */
    uint16_t gap;              /* DRIVE_STEP: ms between two mails */
    unsigned mails;
    struct mail_plan mail[PLAN_MAILS];
    struct treatment treatment[PLAN_MAILS][PLAN_SENDINGS];
    struct treatment session[PLAN_SESSIONS];
};

struct plan_options {
    unsigned per_mille;        /* chance of a fault */
    int      tails;            /* servers that do not read what is pipelined
                                  behind the end of data */
};

void plan_random(struct plan *p, uint64_t seed, const struct plan_options *o);

/* Runs it.  The ledger is that of these mails alone, and is compared.  out has
 * the transcript; NULL: none.  Returns what is wrong, as bits of FAULT_* and
 * these. */
enum { PLAN_VIOLATES = 1 << FAULT_KINDS, PLAN_HANGS = PLAN_VIOLATES << 1 };
unsigned plan_run(const struct plan *p, struct tally *t, FILE *out);

/* Makes it as small as it can be with one of these things wrong. */
void plan_shrink(struct plan *p, unsigned wrong);

void plan_print(const struct plan *p, FILE *out);

#endif
