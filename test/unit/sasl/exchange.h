/* exchange.h - runs a SASL mechanism step by step, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_EXCHANGE_H
#define DUVA_TEST_EXCHANGE_H

#include "duva/sasl.h"

#include "cmocka_all.h"

#include <openssl/evp.h>

static duva_span exchange_part[DUVA_SASL_PARTS];
static char      exchange_said[16384];
static size_t    exchange_len;

static inline int exchange_end(int n)
{
    int i;

    exchange_len = 0;
    for (i = 0; i < n && n <= DUVA_SASL_PARTS; i++) {
        if (exchange_part[i].len > 0)
            memcpy(exchange_said + exchange_len, exchange_part[i].data,
                   exchange_part[i].len);
        exchange_len += exchange_part[i].len;
    }
    exchange_said[exchange_len] = '\0';
    return n;
}

/* The first message; what comes back is the number of spans or an error. */
static inline int exchange_start(duva_sasl *m)
{
    m->round = m->reason = 0;
    return exchange_end(m->step(m, NULL, exchange_part));
}

/* A challenge, in base64 as given; in memory of its own, so that a sanitizer
 * sees its borders, and gone when the answer is read. */
static inline int exchange_raw(duva_sasl *m, const char *text, size_t len)
{
    duva_span c;
    char     *copy = malloc(len + 1);
    int       n;

    assert_non_null(copy);
    if (len > 0)
        memcpy(copy, text, len);
    m->round++;
    c.data = copy;
    c.len = len;
    n = m->step(m, &c, exchange_part);
    memset(copy, '!', len);
    exchange_end(n);
    free(copy);
    return n;
}

/* A challenge, encoded here. */
static inline int exchange_hear(duva_sasl *m, const void *text, size_t len)
{
    static unsigned char out[16384];
    const int n = EVP_EncodeBlock(out, text, (int)len);

    return exchange_raw(m, (const char *)out, (size_t)n);
}

static inline int exchange_text(duva_sasl *m, const char *text)
{
    return exchange_hear(m, text, strlen(text));
}

/* It has said this. */
static inline void exchange_says(const char *want, size_t len)
{
    assert_int_equal(exchange_len, len);
    assert_memory_equal(exchange_said, want, len);
}

#define SAYS(text) exchange_says(text, sizeof(text) - 1)

/* It has given up, for this reason. */
static inline void exchange_fails(const duva_sasl *m, int n, duva_err err,
                                  duva_reason reason)
{
    assert_int_equal(n, err);
    assert_int_equal(m->reason, reason);
}

static inline int exchange_holds(const void *memory, size_t size,
                                 const char *secret)
{
    const char  *at = memory;
    const size_t len = strlen(secret);
    size_t       i;

    for (i = 0; i + len <= size; i++)
        if (memcmp(at + i, secret, len) == 0)
            return 1;
    return 0;
}

#endif
