/* server.h - a server with given replies for each mail. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_SERVER_H
#define DUVA_TEST_SERVER_H

#include "check.h"
#include "mix.h"

struct server {
    const struct mix *m;
    struct played    *p;
    struct text       out;     /* all that it ever said */
    size_t            room;
    char              line[1200];
    size_t            length;
    int               gone;    /* it listens no more */
    /* the transaction */
    size_t            mail;    /* whose commands come, from 0 */
    int               open, failed, nested;
    uint8_t           taken[RCPTS_MAX];
    unsigned          pieces;
    /* the message */
    int               in_message, nobody, dot;
    size_t            chunk;
    int               last;
    unsigned          stored[MAILS_MAX][RCPTS_MAX];
};

/* The memory of out is kept to be used again. */
void server_begin(struct server *v, const struct mix *m, struct played *p);

/* Octets of the client; the answers are added to out. */
void server_hear(struct server *v, const void *octets, size_t len);

/* Compares what it holds with the verdicts. */
void server_judge(const struct server *v);

#endif
