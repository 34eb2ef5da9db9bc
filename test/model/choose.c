/* choose.c - see choose.h. */
/* SPDX-License-Identifier: MIT */
#include "choose.h"

void choose_by_seed(choices *c, uint64_t seed)
{
    c->state = seed * 0x9E3779B97F4A7C15u + 0x632BE59BD9B4E019u;
    c->replay = 0;
    c->count = c->next = 0;
}

void choose_again(choices *c)
{
    c->replay = 1;
    c->next = 0;
}

/* SplitMix64. */
static uint64_t draw(choices *c)
{
    uint64_t z = c->state += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

unsigned choose(choices *c, unsigned n)
{
    if (c->replay)
        return c->next < c->count ? c->made[c->next++] % n : 0;

    unsigned value = (unsigned)(draw(c) % n);
    if (c->count < CHOICES)
        c->made[c->count++] = (uint16_t)value;
    return value;
}

int chance(choices *c, unsigned n)
{
    return choose(c, n) == 1;
}
