/* random.h - seeded random numbers, the same on every machine. */
/* SPDX-License-Identifier: MIT */
#ifndef SOAK_RANDOM_H
#define SOAK_RANDOM_H

#include <stdint.h>

/* SplitMix64. */
struct random {
    uint64_t state;
};

static inline uint64_t random_next(struct random *r)
{
    uint64_t x = r->state += UINT64_C(0x9E3779B97F4A7C15);

    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

/* A generator for one purpose: any two arguments give another one. */
static inline struct random random_of(uint64_t seed, uint64_t purpose)
{
    struct random r = { seed * UINT64_C(0xD1342543DE82EF95) ^ purpose };

    random_next(&r);
    return r;
}

/* 0 to n - 1; 0 when n is 0. */
static inline uint32_t random_below(struct random *r, uint32_t n)
{
    return n > 0 ? (uint32_t)(random_next(r) % n) : 0;
}

/* 1 in so many of a thousand cases, else 0. */
static inline uint8_t random_chance(struct random *r, uint32_t per_mille)
{
    return random_below(r, 1000) < per_mille;
}

#endif
