/* test_idn.c - domains beyond ASCII become A-labels: idn.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/idn.h"

#include "cmocka_all.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

typedef duva_reason convert_fn(const char *text, char *buf);

static void is(convert_fn *convert, const char *text, duva_reason reason,
               const char *wanted)
{
    char buf[DUVA_IDN_SIZE];

    memset(buf, 'x', sizeof(buf));
    assert_int_equal(convert(text, buf), reason);
    assert_string_equal(buf, wanted);
}

static void domains(void **state)
{
    convert_fn *const f = duva_idn_domain;

    (void)state;
    is(f, "example.org", DUVA_REASON_NONE, "example.org");
    is(f, "b\xC3\xBC" "cher.example", DUVA_REASON_NONE,
       "xn--bcher-kva.example");
    is(f, "B\xC3\x9C" "CHER.example", DUVA_REASON_NONE,
       "xn--bcher-kva.example");
    is(f, "bu\xCC\x88" "cher.example", DUVA_REASON_NONE,
       "xn--bcher-kva.example");
    is(f, "stra\xC3\x9F" "e.example", DUVA_REASON_NONE,
       "xn--strae-oqa.example");
    is(f, "\xE4\xBE\x8B\xE5\xAD\x90\xE3\x80\x82" "example", DUVA_REASON_NONE,
       "xn--fsqu00a.example");
    is(f, "[192.0.2.1]", DUVA_REASON_NONE, "[192.0.2.1]");
    is(f, NULL, DUVA_REASON_MISSING, "");
    is(f, "", DUVA_REASON_MISSING, "");
    is(f, "b\xC3", DUVA_REASON_NOT_UTF8, "");
    is(f, "a\xC3\xBC_b c.example", DUVA_REASON_CHARACTER, "");
    is(f, "\xF0\x9F\x95\x8A\r.example", DUVA_REASON_CHARACTER, "");
}

static void addresses(void **state)
{
    convert_fn *const f = duva_idn_address;

    (void)state;
    is(f, "ada@b\xC3\xBC" "cher.example", DUVA_REASON_NONE,
       "ada@xn--bcher-kva.example");
    is(f, "\"a@b\"@b\xC3\xBC" "cher.example", DUVA_REASON_NONE,
       "\"a@b\"@xn--bcher-kva.example");
    is(f, "ada@example.org", DUVA_REASON_NONE, "ada@example.org");
    is(f, "postmaster", DUVA_REASON_NONE, "postmaster");
    is(f, "jos\xC3\xA9@example.org", DUVA_REASON_NOT_ASCII, "");
    is(f, "jos\xC3\xA9@b\xC3\xBC" "cher.example", DUVA_REASON_NOT_ASCII, "");
    is(f, "jos\xC3\xA9", DUVA_REASON_NOT_ASCII, "");
    is(f, "", DUVA_REASON_MISSING, "");
    is(f, NULL, DUVA_REASON_MISSING, "");
}

static void lengths(void **state)
{
    char   text[400];
    size_t len;

    (void)state;
    for (len = 240; len < 300; len++) {
        memset(text, 'a', len);
        strcpy(text + len, "@\xC3\xBC");     /* 8 octets, said as @xn--tda */
        if (len + 8 < DUVA_IDN_SIZE) {
            char wanted[400];

            memset(wanted, 'a', len);
            strcpy(wanted + len, "@xn--tda");
            is(duva_idn_address, text, DUVA_REASON_NONE, wanted);
        } else {
            is(duva_idn_address, text, DUVA_REASON_PATH_LONG, "");
        }
    }
    memset(text, 'a', 64);
    strcpy(text + 64, ".\xC3\xBC");
    is(duva_idn_domain, text, DUVA_REASON_DOMAIN_LONG, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(domains),
        cmocka_unit_test(addresses),
        cmocka_unit_test(lengths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
