/* test_mime_encode.c - base64 and quoted-printable: base64_lines.c,
 * base64_fast.c, qp.c. */
/* SPDX-License-Identifier: MIT */
#include "encode/base64.h"
#include "encode/base64_lines.h"
#include "encode/qp.h"

#include "cmocka_all.h"

#include <stdlib.h>

static uint32_t chance(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* Line by line with the portable code, however the lines are written. */
static size_t wanted(uint8_t *dst, const uint8_t *src, size_t len)
{
    uint8_t *at = dst;

    for (; len > 0; src += len < 57 ? len : 57, len -= len < 57 ? len : 57) {
        at += duva__base64(at, src, len < 57 ? len : 57);
        *at++ = '\r';
        *at++ = '\n';
    }
    return (size_t)(at - dst);
}

/* All lengths, at all alignments of both ends, into blocks that end where the
 * octets end, so that a sanitizer sees each step beside them. */
static void base64_is_one(void **state)
{
    enum { MOST = 57 * 5 + 3 };
    uint8_t  raw[MOST], want[MOST * 2];
    uint32_t seed = 1;
    size_t   len, i, n;

    (void)state;
    for (i = 0; i < MOST; i++)
        raw[i] = (uint8_t)chance(&seed);
    for (len = 0; len <= MOST; len++) {
        const size_t skew = len % 37;
        const size_t out = wanted(want, raw, len);
        uint8_t     *src = malloc(skew + len + 1);
        uint8_t     *dst = malloc(out + skew + DUVA__ROOM);
        duva__window w = { src + skew + 1, len, 1 };

        memcpy(src + skew + 1, raw, len);
        n = duva__encode_base64(dst + skew, out + DUVA__ROOM, &w);
        assert_int_equal(n, out);
        assert_int_equal(w.len, 0);
        assert_memory_equal(dst + skew, want, out);
        free(src);
        free(dst);
    }
}

/* Each octet at each place of a line, so that each letter is at each place. */
static void base64_has_every_letter(void **state)
{
    uint8_t  raw[57 * 256], *dst = malloc(78 * 256), *want = malloc(78 * 256);
    size_t   i;

    (void)state;
    for (i = 0; i < sizeof raw; i++)
        raw[i] = (uint8_t)(i / 57 + i % 57 * 5);
    duva__base64_lines(dst, raw, 256);
    wanted(want, raw, sizeof raw);
    assert_memory_equal(dst, want, 78 * 256);
    free(dst);
    free(want);
}

/* The source lies behind the result, in one block. */
static void base64_in_place(void **state)
{
    size_t lines, i;

    (void)state;
    for (lines = 1; lines < 40; lines++) {
        uint8_t     *block = malloc(lines * 78), *want = malloc(lines * 78);
        uint8_t     *raw = block + lines * (78 - 57);
        duva__window w = { raw, lines * 57, 0 };

        for (i = 0; i < lines * 57; i++)
            raw[i] = (uint8_t)(i * 31 + lines);
        wanted(want, raw, lines * 57);
        assert_int_equal(duva__encode_base64(block, lines * 78, &w),
                         lines * 78);
        assert_memory_equal(block, want, lines * 78);
        free(block);
        free(want);
    }
}

static int hex(uint8_t c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* Quoted-printable back into octets, with all that RFC 2045 6.7 demands. */
static size_t decode_qp(uint8_t *dst, const uint8_t *src, size_t len)
{
    size_t i, n = 0, column = 0;

    for (i = 0; i < len; i++, column++) {
        if (src[i] == '\r') {
            assert_true(i + 1 < len && src[i + 1] == '\n');
            assert_true(column <= 76);
            assert_true(i == 0 || (src[i - 1] != ' ' && src[i - 1] != '\t'));
            memcpy(dst + n, "\r\n", 2);
            n += 2;
            i++;
            column = SIZE_MAX;
        } else if (src[i] == '=' && src[i + 1] == '\r') {
            assert_true(column < 76 && src[i + 2] == '\n');
            i += 2;
            column = SIZE_MAX;
        } else if (src[i] == '=') {
            dst[n++] = (uint8_t)(hex(src[i + 1]) << 4 | hex(src[i + 2]));
            i += 2;
            column += 2;
        } else {
            assert_true((src[i] >= ' ' && src[i] < 0x7f) || src[i] == '\t');
            dst[n++] = src[i];
        }
    }
    assert_true(column <= 76);
    assert_true(len == 0 || (src[len - 1] != ' ' && src[len - 1] != '\t'));
    return n;
}

static void qp_comes_back(void **state)
{
    static const char kinds[][24] = { "abcdefgh ij=k\n", "   \t=\n", "\xc3\xa5",
                                      "a", "\r\n ", "x \r\n\x01\x7f=." };
    uint8_t  raw[700], coded[2400], back[2400], want[1500];
    uint32_t seed = 7;
    int      round;

    (void)state;
    for (round = 0; round < 20000; round++) {
        const char  *kind = kinds[chance(&seed) % 6];
        const size_t len = chance(&seed) % (round % 2 ? 90 : 700);
        const int    text = round % 3 != 0;
        duva__window w = { raw, len, 1 };
        size_t       i, n, wants = 0;

        for (i = 0; i < len; i++) {
            raw[i] = (uint8_t)kind[chance(&seed) % strlen(kind)];
            if (chance(&seed) % 200 == 0)
                raw[i] = (uint8_t)chance(&seed);
            if (text && raw[i] == '\n' && (i == 0 || raw[i - 1] != '\r'))
                want[wants++] = '\r';
            want[wants++] = raw[i];
        }
        n = duva__encode_qp(coded, sizeof coded, &w, text);
        assert_int_equal(w.len, 0);
        assert_int_equal(decode_qp(back, coded, n), wants);
        assert_memory_equal(back, want, wants);
    }
}

static size_t encode(int how, uint8_t *dst, size_t cap, duva__window *w,
                     uint8_t *half)
{
    return how == 0   ? duva__encode_base64(dst, cap, w)
           : how == 1 ? duva__encode_base64_text(dst, cap, w, half)
           : how < 4  ? duva__encode_qp(dst, cap, w, how == 3)
           : how == 4 ? duva__encode_lines(dst, cap, w)
                      : duva__encode_none(dst, cap, w);
}

/* With the least room, and more by one octet each, it is the same. */
static void rooms(void **state)
{
    enum { LEN = 600, MOST = LEN * 4 };
    uint8_t raw[LEN], whole[MOST], some[MOST + 4 * DUVA__ROOM];
    size_t  cap, i, n, len;
    int     how;

    (void)state;
    for (i = 0; i < LEN; i++)
        raw[i] = (uint8_t)(i % 19 == 0 ? '\n' : i % 7 == 0 ? ' ' : 'a');
    for (how = 0; how < 6; how++) {
        uint8_t      half = 0;
        duva__window w = { raw, LEN, 1 };

        len = encode(how, whole, MOST, &w, &half);
        assert_int_equal(w.len, 0);
        for (cap = DUVA__ROOM; cap < 3 * DUVA__ROOM; cap++) {
            half = 0;
            w = (duva__window){ raw, LEN, 1 };
            for (n = 0; w.len > 0; n += i) {
                memset(some + n, '#', cap + 1);
                i = encode(how, some + n, cap, &w, &half);
                assert_int_equal(some[n + cap], '#');
                assert_in_range(i, 1, cap);
            }
            assert_int_equal(n, len);
            assert_memory_equal(some, whole, len);
        }
        /* What may go on waits until there is a window's worth of it. */
        w = (duva__window){ raw, DUVA__WINDOW - 1, 0 };
        if (how == 1 || how == 2 || how == 3)
            assert_int_equal(encode(how, some, MOST, &w, &half), 0);
        w = (duva__window){ raw, DUVA__WINDOW, 0 };
        assert_true(encode(how, some, MOST, &w, &half) > 0);
    }
}

/* What lies behind the window is not looked at. */
static void ends_of_windows(void **state)
{
    static const uint8_t text[] = "x \r\n";
    uint8_t              dst[DUVA__ROOM], half = 0;
    duva__window         w = { text, 3, 1 };

    (void)state;
    assert_int_equal(duva__encode_qp(dst, sizeof dst, &w, 1), 5);
    assert_memory_equal(dst, "x =0D", 5);
    w = (duva__window){ text, 3, 1 };
    assert_int_equal(duva__encode_base64_text(dst, sizeof dst, &w, &half), 6);
    assert_int_equal(half, 0);
    w = (duva__window){ text, 3, 1 };
    assert_int_equal(duva__encode_lines(dst, sizeof dst, &w), 2);
    assert_int_equal(w.len, 1);
}

static void plain_runs(void **state)
{
    uint8_t s[40];
    size_t  at, c;

    (void)state;
    for (at = 0; at < 32; at++)
        for (c = 0; c < 256; c++) {
            memset(s, 'x', sizeof s);
            s[at] = (uint8_t)c;
            s[37] = '=';
            assert_int_equal(duva__plain_run(s, 36),
                c >= ' ' && c < 0x7f && c != '=' ? 36 : at);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_is_one),
        cmocka_unit_test(base64_has_every_letter),
        cmocka_unit_test(base64_in_place),
        cmocka_unit_test(qp_comes_back),
        cmocka_unit_test(rooms),
        cmocka_unit_test(ends_of_windows),
        cmocka_unit_test(plain_runs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
