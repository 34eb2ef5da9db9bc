/* mix.h - mails of different shape, on one session with a simulated server. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_MIX_H
#define DUVA_TEST_MIX_H

#include "script.h"

#define MAILS_MAX 4
#define RCPTS_MAX 8

/* What the server says to the commands of one mail, without the last CRLF;
 * NULL: what is good there. */
struct answers {
    const char *rset, *mail, *rcpt[RCPTS_MAX], *data;
    const char *piece;         /* to one BDAT that is not the last */
    unsigned    piece_number;  /* which, from 0 */
    const char *end[RCPTS_MAX]; /* by LMTP to each recipient, else the first */
};

/* A mail of a dialogue. */
struct part {
    const struct script     *script;
    unsigned                 number; /* in it, from 1 */
    const struct given_mail *mail;
    struct answers           answers;
};

struct parts {
    struct script **script;
    struct part    *part;
    size_t          scripts, count;
};

/* Habits of servers. */
#define KEEPS_FAILED  1u       /* a refused piece leaves the transaction, which
                                  then takes nothing but RSET */
#define KEEPS_NO_DATA 2u       /* so does a refused DATA, for what follows */
#define TAKES_NOBODY  4u       /* 354 though all recipients are refused */

/* All that is the same in every play of it.  The script has mails, but no
 * conversation. */
struct mix {
    struct script *script;
    struct answers answers[MAILS_MAX];
    char           ehlo[600];  /* the reply */
    unsigned       habits;     /* of the server */
    int            one_by_one; /* the mails are not handed in together */
    int            direct;     /* messages go past the engine */
    size_t         buffer;
};

/* Reads the mails of all dialogues that can be told apart; those of the same
 * shape are one.  Returns 0 when a file cannot be read. */
int  parts_read(struct parts *p, char *const *path, int count);
void parts_free(struct parts *p);

/* A row of numbers that looks random and follows from the seed.  below > 0. */
unsigned draw(uint64_t *row, unsigned below);

/* Mixes the mails of these parts, or, when count is 0, some that are made up.
 * All else follows from the seed. */
void mix_begin(struct mix *m, const struct part *const *part, size_t count,
               unsigned long seed);
void mix_end(struct mix *m);

/* Makes up a mail: make.c. */
void make_mail(struct script *s, struct given_mail *m, struct answers *a,
               uint64_t *row);

#endif
