/* play.h - one session of the engine and of the model, side by side. */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_PLAY_H
#define MODEL_PLAY_H

#include "choose.h"
#include "duva/query.h"
#include "model.h"
#include "server.h"

#include <stdio.h>

enum { MAILS = 4, BODY = 4096, BUFFER = 4096, WORDS = 256 };

typedef struct body {
    uint8_t data[BODY];
    size_t len, given;
} body;

/* A started mail: its result when the engine said that it is final. */
typedef struct snapshot {
    int taken;
    duva_result result;
    duva_verdict verdict[RCPTS];
    duva_status status[RCPTS];
    char text[RCPTS][WORDS];
} snapshot;

typedef struct play {
    choices *choices;
    FILE *trace; /* NULL: none */
    duva_config config;
    duva_engine engine;
    uint8_t buffer[BUFFER];
    model model;
    server server;
    duva_mail mail[MAILS];
    duva_rcpt rcpt[MAILS][RCPTS];
    char address[MAILS][RCPTS + 1][80];
    char text[MAILS][RCPTS][WORDS]; /* of the recipients */
    body body[MAILS];
    int source[MAILS]; /* 1: the source of this mail is at its end */
    int started, tries, queries;
    unsigned haste;     /* how often a reply waits */
    unsigned accidents; /* 1 step in so many has one */
    snapshot snapshot[TRANSACTIONS];
    unsigned steps;
    duva_query query;
    char query_text[WORDS];
} play;

/* Plays the session of these choices.  1: engine and model agree; 0: not, and
 * p->model.wrong says why. */
int play_session(play *p, choices *c, FILE *trace);

/* plan.c: configuration and server; and mail k. */
void plan(play *p);
void plan_mail(play *p, int k);

/* compare.c */
void compare_state(play *p);
void compare_end(play *p);
void compare_print(const play *p, FILE *out);

#endif
