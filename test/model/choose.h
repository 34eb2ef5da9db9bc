/* choose.h - the random choices of a session, recorded so that it shrinks. */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_CHOOSE_H
#define MODEL_CHOOSE_H

#include <stddef.h>
#include <stdint.h>

enum { CHOICES = 1 << 15 };

/* A session is a function of the list of choices.  0 is always the plainest
 * one, so a list shrinks by taking choices out and by making them 0; when the
 * list is at its end, what follows is 0. */
typedef struct choices {
    uint64_t state; /* of the generator */
    int replay;     /* 1: made[] is read, 0: it is written */
    size_t count, next;
    uint16_t made[CHOICES];
} choices;

void choose_by_seed(choices *c, uint64_t seed);
void choose_again(choices *c);

/* 0 to n - 1. */
unsigned choose(choices *c, unsigned n);

/* 1 in n is 1; n is 2 at least. */
int chance(choices *c, unsigned n);

#endif
