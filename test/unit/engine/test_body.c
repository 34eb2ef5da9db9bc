/* test_body.c - the encoder of messages, cut at every place: body.c and
 * check.c. */
/* SPDX-License-Identifier: MIT */
#include "body.h"

#include "cmocka_all.h"

/* What should become of a message, told by reading it as a whole. */
struct wanted {
    duva_reason reason;
    uint32_t    line;          /* of what is wrong, from 1 */
    size_t      len;
    char       *wire;
    size_t      octets;        /* of the message, without dots and end */
    uint8_t     no_dots;       /* by BDAT: these octets and no others */
};

static void put(struct wanted *w, const char *octets, size_t len)
{
    memcpy(w->wire + w->len, octets, len);
    w->len += len;
}

/* Line by line: its end is the first LF, with the CR before it if any. */
static void want(struct wanted *w, const char *text, size_t len)
{
    uint32_t line = 0;

    w->reason = DUVA_REASON_NONE;
    w->len = w->octets = 0;
    while (len > 0 && w->reason == DUVA_REASON_NONE) {
        const char  *lf = memchr(text, '\n', len);
        const size_t whole = lf != NULL ? (size_t)(lf - text) + 1 : len;
        size_t       n = lf != NULL ? whole - 1 : len, i;

        line++;
        if (lf != NULL && n > 0 && text[n - 1] == '\r')
            n--;
        for (i = 0; i < n && w->reason == DUVA_REASON_NONE; i++)
            if (text[i] == '\r')
                w->reason = DUVA_REASON_LONE_CR;
            else if (text[i] == '\0')
                w->reason = DUVA_REASON_NUL;
            else if (i == 998)
                w->reason = DUVA_REASON_LINE_LONG;
        w->line = line;
        if (n > 0 && text[0] == '.' && !w->no_dots)
            put(w, ".", 1);
        put(w, text, n);
        put(w, "\r\n", 2);
        w->octets += n + 2;
        text += whole;
        len -= whole;
    }
    if (!w->no_dots)
        put(w, ".\r\n", 3);
}

/* The same through the encoder, with a cut at each of the places.  The source
 * lies behind the result in one block, as in the engine. */
static void encode_cut(const struct wanted *w, const char *text, size_t len,
                       const size_t *cut, size_t cuts)
{
    char     *wire = malloc(2 * len + DUVA__BODY_END);
    duva_body b;
    size_t    i, at = 0, n = 0;

    assert_non_null(wire);
    memset(&b, 0, sizeof(b));
    b.no_dots = w->no_dots;
    for (i = 0; i <= cuts && b.reason == DUVA_REASON_NONE; i++) {
        const size_t piece = (i < cuts ? cut[i] : len) - at;
        uint8_t     *block = malloc(2 * piece + 1);
        size_t       got;

        assert_non_null(block);
        memcpy(block + piece, text + at, piece);
        got = duva__body_encode(&b, block, block + piece, piece);
        assert_true(got <= 2 * piece);
        memcpy(wire + n, block, got);
        free(block);
        n += got;
        at += piece;
    }
    if (b.reason == DUVA_REASON_NONE) {
        uint8_t end[DUVA__BODY_END];

        i = duva__body_end(&b, end);
        assert_true(i <= sizeof(end));
        if (b.reason == DUVA_REASON_NONE) {
            memcpy(wire + n, end, i);
            n += i;
        }
    }
    assert_int_equal(b.reason, w->reason);
    if (w->reason != DUVA_REASON_NONE) {
        assert_int_equal(b.line + 1, w->line);
    } else {
        assert_int_equal(n, w->len);
        assert_memory_equal(wire, w->wire, n);
    }
    free(wire);
}

static void check_cut(const struct wanted *w, const char *text, size_t len,
                      size_t cut)
{
    const int err = w->reason == DUVA_REASON_NONE ? DUVA_OK : DUVA_ERR_BODY;
    duva_body b;

    memset(&b, 0, sizeof(b));
    duva_body_check(&b, text, cut);
    duva_body_check(&b, text + cut, len - cut);
    assert_int_equal(duva_body_check_end(&b), err);
    assert_int_equal(duva_body_check_end(&b), err);
    assert_int_equal(b.reason, w->reason);
    if (err == DUVA_OK)
        assert_int_equal(b.octets, w->octets);
    else
        assert_int_equal(b.line + 1, w->line);
}

/* What a receiver makes of the wire: the end where he finds it, the dots off.
 * A careless one takes a bare LF or CR for a line end: he must find the same
 * end. */
static void receive(const struct wanted *w)
{
    size_t i;
    int    ends = 0;

    if (w->no_dots) {
        assert_int_equal(w->len, w->octets);
        return;
    }
    for (i = 0; i < w->len; i++) {
        const int start = i == 0 || w->wire[i - 1] == '\n'
                          || w->wire[i - 1] == '\r';

        if (w->wire[i] == '\n')
            assert_true(i > 0 && w->wire[i - 1] == '\r');
        if (w->wire[i] == '\r')
            assert_true(i + 1 < w->len && w->wire[i + 1] == '\n');
        assert_true(w->wire[i] != '\0');
        if (start && w->wire[i] == '.'
            && (w->wire[i + 1] == '\r' || w->wire[i + 1] == '\n'))
            ends++;
    }
    assert_int_equal(ends, 1);
    assert_memory_equal(w->wire + w->len - 3, ".\r\n", 3);
}

static void all_cuts_of(const char *text, size_t len, uint8_t no_dots)
{
    struct wanted w;
    size_t        cut[2];

    w.no_dots = no_dots;
    w.wire = malloc(3 * len + 8);
    assert_non_null(w.wire);
    want(&w, text, len);
    if (w.reason == DUVA_REASON_NONE)
        receive(&w);
    encode_cut(&w, text, len, NULL, 0);
    for (cut[0] = 0; cut[0] <= len; cut[0]++) {
        check_cut(&w, text, len, cut[0]);
        for (cut[1] = cut[0]; cut[1] <= len; cut[1]++)
            encode_cut(&w, text, len, cut, 2);
    }
    free(w.wire);
}

static void all_cuts(const char *text, size_t len)
{
    all_cuts_of(text, len, 0);
    all_cuts_of(text, len, 1);
}

/* All strings of the octets that matter, in all pairs of cuts. */
static void all_short_messages(void **state)
{
    static const char octets[] = "a.\r\n\0";
    size_t            len, count = 1, i, k;
    char              text[8];

    (void)state;
    all_cuts("", 0);
    for (len = 1; len <= 6; len++) {
        count *= 5;
        for (i = 0; i < count; i++) {
            size_t rest = i;

            for (k = 0; k < len; k++, rest /= 5)
                text[k] = octets[rest % 5];
            all_cuts(text, len);
        }
    }
}

/* What has ended messages early at some receivers. */
static void evil_sequences(void **state)
{
    static const struct {
        const char *text;
        size_t      len;
    } evil[] = {
        { "a\n.\nb", 5 }, { "a\r.\rb", 5 }, { "a\n.\r\nb", 6 },
        { "a\r\n.\nb", 6 }, { "a\r\n.\rb", 6 }, { "a\r\n\0.\r\nb", 8 },
        { "a\r\n.\0\r\nb", 8 }, { "a\r\n.\r\nMAIL FROM:<b>\r\n", 21 },
        { "a\r.\r\nb", 6 }, { "a\n\r.\n\rb", 7 }, { "\n.\n.\n..\n", 8 },
        { "a\r\r\n.\r\n", 7 }, { "a\r\n..\r\n...\r\n", 12 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(evil) / sizeof(evil[0]); i++)
        all_cuts(evil[i].text, evil[i].len);
}

/* Lines around the limit, cut around every interesting place. */
static void long_lines(void **state)
{
    static const size_t lengths[] = { 997, 998, 999, 1000, 5000 };
    size_t              i, k, form, cut[1];
    char                text[5200];
    struct wanted       w;

    (void)state;
    w.wire = malloc(3 * sizeof(text));
    assert_non_null(w.wire);
    for (form = 0; form < 8; form++)
        for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
            size_t len = lengths[i] + 2;

            memset(text, 'x', sizeof(text));
            memcpy(text, "1\n", 2);
            if (form & 1)
                text[2] = '.';
            if (form & 2)
                text[len++] = '\r';
            text[len++] = '\n';
            w.no_dots = form > 3;
            want(&w, text, len);
            assert_int_equal(w.reason, lengths[i] > 998
                                           ? DUVA_REASON_LINE_LONG
                                           : DUVA_REASON_NONE);
            for (k = 0; k <= len; k = k < 5 || k > 990 ? k + 1 : k + 97) {
                cut[0] = k;
                encode_cut(&w, text, len, cut, 1);
                check_cut(&w, text, len, k);
            }
        }
    free(w.wire);
}

static uint32_t seed = 12345;

static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* Long messages of every octet, in random pieces. */
static void random_messages(void **state)
{
    static const char often[] = ".\r\n\n\n. ";
    enum { SIZE = 20000, CUTS = 500 };
    char         *text = malloc(SIZE);
    size_t        cut[CUTS], i, round;
    struct wanted w;

    (void)state;
    w.wire = malloc(3 * SIZE);
    assert_true(text != NULL && w.wire != NULL);
    for (round = 0; round < 60; round++) {
        for (i = 0; i < SIZE; i++)
            text[i] = (char)(any(4) == 0 ? often[any(7)]
                                         : (char)(1 + any(255)));
        for (i = 0; round % 2 == 0 && i < SIZE; i++)
            if (text[i] == '\r' && (i + 1 == SIZE || text[i + 1] != '\n'))
                text[i] = '\n';
        cut[0] = any(60);
        for (i = 1; i < CUTS; i++)
            cut[i] = cut[i - 1] + any(60) < SIZE ? cut[i - 1] + any(60) % 30
                                                 : cut[i - 1];
        w.no_dots = round % 4 > 1;
        want(&w, text, SIZE);
        if (w.reason == DUVA_REASON_NONE)
            receive(&w);
        encode_cut(&w, text, SIZE, cut, CUTS);
    }
    free(text);
    free(w.wire);
}

/* Once it has failed it stays so, and says where it was. */
static void errors_stick(void **state)
{
    duva_body b;

    (void)state;
    memset(&b, 0, sizeof(b));
    assert_int_equal(duva_body_check(&b, "one\ntwo\rx", 9), DUVA_ERR_BODY);
    assert_int_equal(b.reason, DUVA_REASON_LONE_CR);
    assert_int_equal(b.line, 1);
    assert_int_equal(duva_body_check(&b, "fine\n\0", 6), DUVA_ERR_BODY);
    assert_int_equal(b.reason, DUVA_REASON_LONE_CR);
    assert_int_equal(b.line, 1);
    assert_int_equal(duva_body_check_end(&b), DUVA_ERR_BODY);
}

/* Counting does not stop at 4 GB. */
static void many_octets(void **state)
{
    duva_body b;

    (void)state;
    memset(&b, 0, sizeof(b));
    b.octets = UINT32_MAX;
    assert_int_equal(duva_body_check(&b, "a\n", 2), DUVA_OK);
    assert_int_equal(duva_body_check_end(&b), DUVA_OK);
    assert_true(b.octets == (uint64_t)UINT32_MAX + 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_short_messages), cmocka_unit_test(long_lines),
        cmocka_unit_test(evil_sequences),     cmocka_unit_test(errors_stick),
        cmocka_unit_test(random_messages),    cmocka_unit_test(many_octets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
