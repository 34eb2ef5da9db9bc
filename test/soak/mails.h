/* mails.h - random mails: envelopes and messages by a seed. */
/* SPDX-License-Identifier: MIT */
#ifndef SOAK_MAILS_H
#define SOAK_MAILS_H

#include "ledger.h"

#include "random.h"

#include <duva/client.h>

/* On purpose unfit to be sent. */
enum flaw {
    FLAW_NONE,
    FLAW_SOURCE,               /* the source fails */
    FLAW_LONE_CR,              /* the encoder rejects it */
    FLAW_SIZE                  /* shorter than mail.size, with EXACT */
};

/* What a mail is like.  All that follows from it is the same for the same
 * plan. */
struct mail_plan {
    uint64_t seed;             /* of the octets */
    uint32_t id;
    uint32_t size;             /* octets of the text, about */
    uint32_t flaw_at;          /* octet of the text */
    uint8_t  flaw;
    uint8_t  rcpts;
    uint8_t  policy;
    uint8_t  flags;            /* DUVA_MAIL_* */
    uint8_t  says_size;        /* mail.size is set */
    uint8_t  bare_lf;          /* lines of the text end in LF alone */
    uint8_t  direct;           /* has a function for duva_job.direct */
    uint8_t  small_reads;      /* the source gives few octets at a time */
};

struct test_mail {
    struct mail_plan plan;
    duva_job  job;
    duva_rcpt rcpt[SOAK_RCPTS];
    uint8_t   before[SOAK_RCPTS]; /* verdicts before this sending */
    char      addr[SOAK_RCPTS][48];
    char      words[SOAK_RCPTS][24];
    char      from[48];
    char     *text;
    size_t    len, pos;
    uint64_t  sum;             /* of the message on the wire */
    uint64_t  wire;            /* and its octets */
    unsigned  tries;
    struct random random;      /* of the source */
};

void mail_plan_random(struct mail_plan *p, uint64_t seed, uint32_t id,
                      int has_flaws);

/* Makes the mail; 0 without memory. */
int  mail_make(struct test_mail *m, const struct mail_plan *p);
void mail_free(struct test_mail *m);

/* Writes it down as handed in. */
void mail_hand_in(const struct test_mail *m, struct ledger *l, int lmtp);

/* Before each sending; and after it, with the verdicts. */
void mail_begin(struct test_mail *m);
void mail_sent(const struct test_mail *m, struct ledger *l);

/* May it be started again? */
int  mail_wants_retry(const struct test_mail *m);

/* The number of the mail in an address of ours, r2.0000beef@...; *place is its
 * number as a recipient, 0 for a sender.  0: not one of ours. */
int  mail_of_address(const char *addr, char kind, uint32_t *id,
                     unsigned *place);

#endif
