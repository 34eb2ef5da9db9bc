/* fuzz_convert.c - octets as a finished message, converted for servers that
 * take less. */
/* SPDX-License-Identifier: MIT */
/*
 * What must hold: a refusal names a field and a reason and comes before the
 * first octet.  Otherwise: the same octets for pulls of any size from a source
 * of pieces of any size; the size said beforehand; what needs no conversion
 * comes octet by octet; what is converted has lines that end with CRLF and,
 * where the server takes no more, no octet above 127, and needs no further
 * conversion.
 */
#include "duva/convert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOLDS(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
            abort(); \
        } \
    } while (0)

enum { ROOM = 1 << 17 };

struct source {
    const uint8_t *data;
    size_t         len, pos, step;
};

static int read_source(void *ctx, void *buf, size_t len)
{
    struct source *s = ctx;
    size_t         n = s->len - s->pos;

    if (buf == NULL) {
        s->pos = 0;
        return 0;
    }
    n = n < len ? n : len;
    n = n < s->step ? n : s->step;
    memcpy(buf, s->data + s->pos, n);
    s->pos += n;
    return (int)n;
}

/* All of it, or an error. */
static int read_all(duva_convert *c, uint8_t *to, size_t step)
{
    size_t got = 0;
    int    n;

    do {
        HOLDS(got + step <= ROOM);
        n = duva_convert_read(c, to + got, step);
        if (n < 0)
            return n;
        got += (size_t)n;
    } while (n > 0);
    return (int)got;
}

static void check_lines(const uint8_t *s, size_t len, int ascii)
{
    size_t i;

    for (i = 0; i < len; i++) {
        HOLDS(s[i] != '\n' || (i > 0 && s[i - 1] == '\r'));
        HOLDS(!ascii || s[i] < 0x80);
    }
    HOLDS(len == 0 || s[len - 1] == '\n');
}

static void check_again(const uint8_t *s, size_t len, uint8_t takes)
{
    struct source source = { s, len, 0, 512 };
    duva_convert  c = { .source = read_source, .source_ctx = &source };

    c.takes = takes;
    HOLDS(duva_convert_read(&c, NULL, 0) == DUVA_OK);
    HOLDS(!c.converts && (c.needs & ~takes) == 0);
    HOLDS(duva_convert_size(&c) == len);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
    static uint8_t whole[ROOM], again[ROOM];
    struct source  source = { input + 3, len - 3, 0, 1 };
    duva_convert   c = { .source = read_source, .source_ctx = &source };
    uint64_t       size;
    int            n;

    if (len < 3)
        return 0;
    c.takes = input[0] & 7;
    source.step = 1u + input[1];
    size = duva_convert_size(&c);
    n = read_all(&c, whole, 1u + input[2]);
    if (n < 0) {
        HOLDS(size == 0 && source.pos <= len);
        HOLDS(c.error.reason != DUVA_REASON_NONE && c.error.field != NULL
              && c.error.field[0] != '\0');
        HOLDS(n == DUVA_ERR_UNSUPPORTED && c.error.where > 0);
        return 0;
    }
    source.step = 4096;
    HOLDS(duva_convert_read(&c, NULL, 0) == DUVA_OK);
    HOLDS(read_all(&c, again, 5000) == n && memcmp(whole, again, n) == 0);
    if (!c.converts) {
        HOLDS((size_t)n == len - 3 && memcmp(whole, input + 3, n) == 0);
        return 0;
    }
    HOLDS(size == (uint64_t)n);
    check_lines(whole, (size_t)n, c.takes == 0);
    check_again(whole, (size_t)n, c.takes);
    return 0;
}
