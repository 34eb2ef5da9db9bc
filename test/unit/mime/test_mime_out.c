/* test_mime_out.c - characters, windows and lines of fields: out.c. */
/* SPDX-License-Identifier: MIT */
#include "encode/utf8.h"
#include "field/date.h"
#include "field/out.h"
#include "field/text.h"

#include "cmocka_all.h"

#include <stdio.h>

/* The octets of the character at s by the table of RFC 3629 4, or 0. */
static size_t character(const uint8_t *s)
{
    const uint8_t low = s[0] == 0xe0 ? 0xa0 : s[0] == 0xf0 ? 0x90 : 0x80;
    const uint8_t high = s[0] == 0xed ? 0x9f : s[0] == 0xf4 ? 0x8f : 0xbf;
    const size_t  len = s[0] < 0x80 ? 1
                        : s[0] < 0xc2 ? 0
                        : s[0] < 0xe0 ? 2
                        : s[0] < 0xf0 ? 3
                        : s[0] < 0xf5 ? 4 : 0;
    size_t        i;

    if (len > 1 && (s[1] < low || s[1] > high))
        return 0;
    for (i = 2; i < len; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return len;
}

/* Each first octet with each second one, and with those that matter behind
 * it; and each part of a character, which could go on. */
static void utf8(void **state)
{
    static const uint8_t others[] = { 0, 0x41, 0x7f, 0x80, 0x81, 0x8f, 0x90,
                                      0x9f, 0xa0, 0xaa, 0xbe, 0xbf, 0xc0,
                                      0xff };
    enum { OTHERS = sizeof others };
    unsigned a, b, c, d;

    (void)state;
    for (a = 0; a < 256; a++)
        for (b = 0; b < 256; b++)
            for (c = 0; c < OTHERS; c++)
                for (d = 0; d < OTHERS; d++) {
                    const uint8_t s[] = { (uint8_t)a, (uint8_t)b, others[c],
                                          others[d] };
                    const size_t  want = character(s);
                    size_t        len;

                    assert_int_equal(duva__utf8(s, 4), want);
                    for (len = 1; len < want; len++)
                        assert_int_equal(duva__utf8(s, len), 5);
                    if (want > 0)
                        assert_int_equal(duva__utf8(s, want), want);
                }
}

static duva_reason look(const char *text, size_t *beyond, uint32_t *where)
{
    duva__out o;
    size_t    len;

    memset(&o, 0, sizeof o);
    len = duva__check_text(&o, text, beyond);
    assert_int_equal(len, strlen(text));
    *where = o.error.where;
    return o.error.reason;
}

/* Each character up to U+0100, after two others. */
static void controls(void **state)
{
    unsigned c;

    (void)state;
    for (c = 1; c < 0x100; c++) {
        const int bad = (c < 0x20 && c != '\t') || (c >= 0x7f && c < 0xa0);
        char      text[8] = "ab";
        size_t    beyond;
        uint32_t  where;

        if (c < 0x80) {
            text[2] = (char)c;
        } else {
            text[2] = (char)(0xc0 | c >> 6);
            text[3] = (char)(0x80 | (c & 0x3f));
        }
        assert_int_equal(look(text, &beyond, &where),
                         bad ? DUVA_REASON_CONTROL : DUVA_REASON_NONE);
        assert_int_equal(where, bad ? 3 : 0);
        assert_int_equal(beyond, c < 0x80 ? 0 : 3);
    }
}

static void places(void **state)
{
    size_t   beyond;
    uint32_t where;

    (void)state;
    assert_int_equal(look("\xc3\xa5 \xc3\xa4", &beyond, &where), 0);
    assert_int_equal(beyond, 1);
    assert_int_equal(look("ab\xc3", &beyond, &where), DUVA_REASON_NOT_UTF8);
    assert_int_equal(where, 3);
    assert_int_equal(look("\xe2\x82\x28", &beyond, &where),
                     DUVA_REASON_NOT_UTF8);
    assert_int_equal(where, 1);
    /* Not a control, for all that the octets have. */
    assert_int_equal(look("\xe2\x80\x9f", &beyond, &where), 0);
    assert_int_equal(look("\xc3\x80", &beyond, &where), 0);
    assert_int_equal(look("a\n\xff", &beyond, &where), DUVA_REASON_CONTROL);
    assert_int_equal(where, 2);
}

/* What comes through a window on two pieces, whatever it lets through. */
static void windows(void **state)
{
    static const char whole[] = "Subject: a\r\n bc", first[] = "Subject: ",
                      second[] = "a\r\n bc";
    uint8_t  room[20];
    uint32_t skip;
    size_t   cap;

    (void)state;
    for (skip = 0; skip < sizeof whole; skip++)
        for (cap = 0; cap < sizeof whole; cap++) {
            const size_t left = sizeof whole - 1 - skip;
            const size_t n = cap < left ? cap : left;
            duva__out    o;

            memset(&o, 0, sizeof o);
            memset(room, '#', sizeof room);
            o.at = room;
            o.end = room + cap;
            o.skip = skip;
            duva__writes(&o, first);
            assert_int_equal(o.column, 9);
            duva__write(&o, second, sizeof second - 1);
            assert_int_equal(o.column, 3);
            assert_int_equal(o.at - room, n);
            assert_int_equal(o.lost, left - n);
            assert_int_equal(o.skip, 0);
            assert_memory_equal(room, whole + skip, n);
            assert_int_equal(room[n], '#');
        }
}

/* A line of 998, in pieces, and one octet more. */
static void longest_line(void **state)
{
    char   text[1000];
    size_t first, len, cap;

    (void)state;
    memset(text, 'x', sizeof text);
    for (len = 998; len <= 999; len++)
        for (first = 0; first <= len; first += 111)
            for (cap = 0; cap < 1200; cap += 300) {
                uint8_t   room[1200];
                duva__out o;

                memset(&o, 0, sizeof o);
                o.at = room;
                o.end = room + cap;
                o.field = "field";
                duva__writes(&o, "y\r\n");
                duva__write(&o, text, first);
                duva__write(&o, text, len - first);
                assert_int_equal(o.error.reason, len == 998
                                 ? DUVA_REASON_NONE : DUVA_REASON_LINE_LONG);
                assert_int_equal(o.error.where, 0);
                assert_int_equal(o.column, len);
            }
}

static void folds(void **state)
{
    uint16_t column;
    size_t   need;

    (void)state;
    for (column = 0; column < 80; column++)
        for (need = 0; need < 90; need++) {
            const int breaks = column > 1 && column + 1u + need > 78;
            uint8_t   room[8];
            duva__out o;

            memset(&o, 0, sizeof o);
            o.at = room;
            o.end = room + sizeof room;
            o.column = column;
            duva__fold(&o, need, 78);
            assert_int_equal(o.at - room, breaks ? 3 : 1);
            assert_memory_equal(room, breaks ? "\r\n " : " ", breaks ? 3 : 1);
            assert_int_equal(o.column, breaks ? 1 : column + 1);
        }
}

/* The first refusal stays. */
static void refusals(void **state)
{
    duva__out o;

    (void)state;
    memset(&o, 0, sizeof o);
    o.field = "one";
    o.number = 7;
    duva__refuse(&o, DUVA_REASON_CHARACTER, 5);
    o.field = "two";
    o.number = 8;
    duva__refuse(&o, DUVA_REASON_MISSING, 6);
    duva__refuse_in(&o, DUVA_REASON_RANGE, "three");
    assert_int_equal(o.error.reason, DUVA_REASON_CHARACTER);
    assert_string_equal(o.error.field, "one");
    assert_int_equal(o.error.number, 7);
    assert_int_equal(o.error.where, 5);
    memset(&o, 0, sizeof o);
    o.number = 9;
    duva__refuse_in(&o, DUVA_REASON_RANGE, "three");
    assert_string_equal(o.error.field, "three");
    assert_int_equal(o.error.number, 9);
    assert_int_equal(o.error.where, 0);
}

static void only(void **state)
{
    static const struct {
        const char *text;
        char        mark;
        uint32_t    where;     /* UINT32_MAX: nothing is wrong */
    } cases[] = {
        { "a", 0, UINT32_MAX }, { "a!~b", 0, UINT32_MAX }, { "", 0, 0 },
        { "a b", 0, 2 }, { "a\x1f", 0, 2 }, { "\x7f", 0, 1 },
        { "\x80", 0, 1 }, { "a;", 0, 2 }, { "ab;c;", 0, 3 },
        { "a/b", '/', UINT32_MAX }, { "a", '/', 1 }, { "", '/', 0 },
        { "/b", '/', 1 }, { "a/", '/', 2 }, { "a/b/c", '/', 4 },
        { "a//c", '/', 3 }, { "/", '/', 1 }, { "ab/cd", '/', UINT32_MAX }
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t   room[20];
        duva__out o;

        memset(&o, 0, sizeof o);
        o.at = room;
        o.end = room + sizeof room;
        assert_int_equal(duva__put_only(&o, cases[i].text, " ;",
                                        cases[i].mark), strlen(cases[i].text));
        assert_int_equal(o.error.reason, cases[i].where == UINT32_MAX
                         ? DUVA_REASON_NONE : DUVA_REASON_CHARACTER);
        if (cases[i].where != UINT32_MAX)
            assert_int_equal(o.error.where, cases[i].where);
        assert_int_equal(o.at - room, strlen(cases[i].text));
        assert_memory_equal(room, cases[i].text, strlen(cases[i].text));
    }
}

/* Every octet that may stand in an atom (RFC 5322 3.2.3). */
static void atoms(void **state)
{
    static const char signs[] = "!#$%&'*+-/=?^_`{|}~";
    unsigned c;

    (void)state;
    for (c = 0; c < 256; c++) {
        const int letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                           || (c >= '0' && c <= '9');

        assert_int_equal(!!duva__alnum((uint8_t)c), letter);
        assert_int_equal(!!duva__atext((uint8_t)c), letter || c >= 0x80
            || (c != 0 && memchr(signs, (int)c, sizeof signs - 1) != NULL));
    }
}

/* Every day that there is, at another time and in another zone each. */
static void days(void **state)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const char week[] = "ThuFriSatSunMonTueWed";
    unsigned year = 1970, month = 0, day = 1, n;

    (void)state;
    for (n = 0; n < UINT32_MAX / 86400; n++) {
        const unsigned time = n * 7919 % 86400, zone = n % 1440;
        const unsigned leap = year % 4 == 0 && year != 2100;
        const unsigned last = month == 1 ? 28 + leap
                              : 30 + (0xad5u >> month & 1);
        duva_message   m = { .date = n * 86400u + time };
        char           want[60];
        uint8_t        got[60];
        duva__out      o;

        m.zone = (int16_t)(n % 2 ? (int)zone : -(int)zone);
        m.date -= (uint32_t)m.zone * 60u;
        if (n > 1 && n < UINT32_MAX / 86400 - 1) {
            memset(&o, 0, sizeof o);
            o.at = got;
            o.end = got + sizeof got;
            duva__put_date(&o, &m);
            *o.at = '\0';
            snprintf(want, sizeof want,
                     " %.3s, %02u %.3s %u %02u:%02u:%02u %c%02u%02u\r\n",
                     week + n % 7 * 3, day, months + month * 3, year,
                     time / 3600, time / 60 % 60, time % 60,
                     m.zone < 0 ? '-' : '+', zone / 60, zone % 60);
            assert_string_equal(got, want);
            assert_int_equal(o.error.reason, DUVA_REASON_NONE);
        }
        if (day++ == last) {
            day = 1;
            year += month == 11;
            month = (month + 1) % 12;
        }
    }
}

static void raw(void **state)
{
    duva__out o;

    (void)state;
    memset(&o, 0, sizeof o);
    assert_int_equal(duva__check_raw(&o, "ab"), 2);
    assert_int_equal(o.error.reason, DUVA_REASON_NONE);
    assert_int_equal(o.needs, 0);
    assert_int_equal(duva__check_raw(&o, "ab\xc3\xa5"), 4);
    assert_int_equal(o.error.reason, DUVA_REASON_NOT_ASCII);
    assert_int_equal(o.error.where, 3);
    memset(&o, 0, sizeof o);
    o.takes = DUVA_MIME_UTF8 | DUVA_MIME_8BIT;
    assert_int_equal(duva__check_raw(&o, "\xc3\xa5"), 2);
    assert_int_equal(o.error.reason, DUVA_REASON_NONE);
    assert_int_equal(o.needs, DUVA_MIME_UTF8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8), cmocka_unit_test(controls),
        cmocka_unit_test(places), cmocka_unit_test(windows),
        cmocka_unit_test(longest_line), cmocka_unit_test(folds),
        cmocka_unit_test(refusals), cmocka_unit_test(only),
        cmocka_unit_test(atoms), cmocka_unit_test(days),
        cmocka_unit_test(raw),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
