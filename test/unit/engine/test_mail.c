/* test_mail.c - which addresses and names are valid: command.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/mail.h"

#include "cmocka_all.h"

#include <time.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* "aaa…a@bbb…b", in memory that ends with it. */
static char *address(size_t local, size_t domain)
{
    char  *a = malloc(local + domain + 2);
    size_t i;

    assert_non_null(a);
    memset(a, 'a', local);
    a[local] = '@';
    for (i = 0; i < domain; i++)
        a[local + 1 + i] = i % 64 == 63 && i + 1 < domain ? '.' : 'b';
    a[local + 1 + domain] = '\0';
    return a;
}

static void check_lengths(size_t local, size_t domain, duva_reason want)
{
    char *a = address(local, domain);

    assert_int_equal(duva_address_check(a), want);
    free(a);
}

/* RFC 5321 4.5.3.1: local part 64, domain 255, path 256 with its brackets. */
static void lengths(void **state)
{
    (void)state;
    check_lengths(1, 1, DUVA_REASON_NONE);
    check_lengths(64, 1, DUVA_REASON_NONE);
    check_lengths(65, 1, DUVA_REASON_LOCAL_LONG);
    check_lengths(64, 189, DUVA_REASON_NONE);
    check_lengths(64, 190, DUVA_REASON_PATH_LONG);
    check_lengths(1, 252, DUVA_REASON_NONE);
    check_lengths(1, 253, DUVA_REASON_PATH_LONG);
    check_lengths(1, 255, DUVA_REASON_PATH_LONG);
    check_lengths(1, 256, DUVA_REASON_DOMAIN_LONG);
    check_lengths(64, 1 << 20, DUVA_REASON_DOMAIN_LONG);
    check_lengths(1 << 20, 1, DUVA_REASON_LOCAL_LONG);
}

static void name_lengths(void **state)
{
    char *a = address(1, 255);

    (void)state;
    assert_int_equal(duva_name_check(a + 2), DUVA_REASON_NONE);
    free(a);
    a = address(1, 256);
    assert_int_equal(duva_name_check(a + 2), DUVA_REASON_DOMAIN_LONG);
    free(a);
}

static void good_addresses(void **state)
{
    static const char *const good[] = {
        "ada@example.org", "a@b", "postmaster", "Ada.Lovelace@Example.ORG",
        "a+tag@x.example", "!#$%&'*+-/=?^_`{|}~@x", "1@2", "a-b@c-d.e",
        "\"ada\"@x", "\"\"@x", "\"a b\"@x", "\"a@b\"@x", "\"a\\\"b\"@x",
        "\"a\\\\\"@x", "\"<>,;:()[]\"@x", "\"a\\ b\"@x", "\"quoted\"",
        "a@[192.0.2.1]", "a@[IPv6:2001:db8::1]", "a@[IPv6:::1]",
        "a@[tag:content]"
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(good); i++)
        assert_int_equal(duva_address_check(good[i]), DUVA_REASON_NONE);
}

static void bad_addresses(void **state)
{
    static const struct {
        const char *addr;
        duva_reason why;
    } bad[] = {
        { NULL, DUVA_REASON_MISSING }, { "", DUVA_REASON_MISSING },
        { "a@", DUVA_REASON_MISSING }, { "@b", DUVA_REASON_CHARACTER },
        { "@", DUVA_REASON_CHARACTER }, { "a@b@c", DUVA_REASON_CHARACTER },
        { "a b@c", DUVA_REASON_CHARACTER }, { " a@c", DUVA_REASON_CHARACTER },
        { "a@c ", DUVA_REASON_CHARACTER }, { "a@b c", DUVA_REASON_CHARACTER },
        { "a@b>", DUVA_REASON_CHARACTER }, { "<a@b>", DUVA_REASON_CHARACTER },
        { "<a@b", DUVA_REASON_CHARACTER }, { "a>@b", DUVA_REASON_CHARACTER },
        { "a@b> SIZE=1", DUVA_REASON_CHARACTER },
        { "a@b>\r\nRCPT TO:<c@d", DUVA_REASON_CHARACTER },
        { "a@b\r\n", DUVA_REASON_CONTROL }, { "a\r\n@b", DUVA_REASON_CONTROL },
        { "\"a\r\nb\"@c", DUVA_REASON_CONTROL },
        { "\"a\\\r\nb\"@c", DUVA_REASON_CONTROL },
        { "\"a\tb\"@c", DUVA_REASON_CONTROL },
        { "\"a", DUVA_REASON_CHARACTER }, { "\"", DUVA_REASON_CHARACTER },
        { "\"a\\", DUVA_REASON_CHARACTER },
        { "\"a\\\"", DUVA_REASON_CHARACTER },
        { "\"a\\\"@b", DUVA_REASON_CHARACTER },
        { "\"a\"b@c", DUVA_REASON_CHARACTER },
        { "\"a\" @c", DUVA_REASON_CHARACTER },
        { "\"a\"\"b\"@c", DUVA_REASON_CHARACTER },
        { "a\"b\"@c", DUVA_REASON_CHARACTER },
        { "@x,@y:a@b", DUVA_REASON_CHARACTER },
        { "@x:a@b", DUVA_REASON_CHARACTER }, { "a,b@c", DUVA_REASON_CHARACTER },
        { "a@b,c@d", DUVA_REASON_CHARACTER },
        { "a@b;", DUVA_REASON_CHARACTER }, { "a(b)@c", DUVA_REASON_CHARACTER },
        { "a@(b)c", DUVA_REASON_CHARACTER },
        { "a\\b@c", DUVA_REASON_CHARACTER },
        { "a@[", DUVA_REASON_CHARACTER }, { "a@[]", DUVA_REASON_CHARACTER },
        { "a@[1.2.3.4", DUVA_REASON_CHARACTER },
        { "a@1.2.3.4]", DUVA_REASON_CHARACTER },
        { "a@[1.2.3.4]x", DUVA_REASON_CHARACTER },
        { "a@[1.2.3.4]>", DUVA_REASON_CHARACTER },
        { "a@[a b]", DUVA_REASON_CHARACTER },
        { "a@[a]b]", DUVA_REASON_CHARACTER },
        { "a@[1\r\n2]", DUVA_REASON_CONTROL },
        { "a@[IPv6:\r:1]", DUVA_REASON_CONTROL },
        { "a@[IPv6: 1]", DUVA_REASON_CHARACTER },
        { "a@[IPv6:", DUVA_REASON_CHARACTER },
        { "a@b:25", DUVA_REASON_CHARACTER },
        { "\xC3\xA9@b", DUVA_REASON_NOT_ASCII },
        { "a@\xC3\xA9", DUVA_REASON_NOT_ASCII },
        { "\"\xC3\xA9\"@b", DUVA_REASON_NOT_ASCII },
        { "\"\\\xC3\"@b", DUVA_REASON_NOT_ASCII },
        { "a@[\xC3\xA9]", DUVA_REASON_NOT_ASCII },
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(bad); i++)
        if (duva_address_check(bad[i].addr) != bad[i].why)
            fail_msg("\"%s\": %d", bad[i].addr,
                     duva_address_check(bad[i].addr));
}

static duva_reason blame(unsigned c)
{
    return c >= 0x80                ? DUVA_REASON_NOT_ASCII
           : c < ' ' || c == 0x7F ? DUVA_REASON_CONTROL
                                    : DUVA_REASON_CHARACTER;
}

/* Every octet at every place of an address of each form.  What is accepted
 * has no octet that could end the path or the line. */
static void every_octet(void **state)
{
    static const char *const forms[] = {
        "ada@b.example", "\"a b\"@c.example", "a@[192.0.2.1]", "ada"
    };
    char     a[32];
    size_t   f, k;
    unsigned c;

    (void)state;
    for (f = 0; f < COUNT(forms); f++)
        for (k = 0; k <= strlen(forms[f]); k++)
            for (c = 1; c < 256; c++) {
                duva_reason why;

                memcpy(a, forms[f], k);
                a[k] = (char)c;
                strcpy(a + k + 1, forms[f] + k);
                why = duva_address_check(a);
                if (c >= 0x7F || c < ' ')
                    assert_int_equal(why, blame(c));
                else if (why == DUVA_REASON_NONE)
                    assert_true((strpbrk(a, "<> ,") == NULL || a[0] == '"'));
                else if (a[strlen(a) - 1] != '@')
                    assert_int_equal(why, DUVA_REASON_CHARACTER);
            }
}

/* Short strings of whatever could confuse: what is accepted reads as one path
 * by a reader who knows only quotes and backslashes. */
static int is_one_path(const char *a)
{
    int quoted = 0;

    for (; *a != '\0'; a++) {
        if (*a == '"')
            quoted = !quoted;
        else if (quoted && *a == '\\' && *++a == '\0')
            return 0;
        else if (!quoted && strchr("<> \r\n\t,;\\", *a) != NULL)
            return 0;
        else if (*a == '\r' || *a == '\n')
            return 0;
    }
    return !quoted;
}

static void all_short_strings(void **state)
{
    static const char letters[] = "a\"\\@>< \n.[]";
    const size_t      n = sizeof(letters) - 1;
    size_t            len, i, k, count = 1, accepted = 0;
    char              a[8];

    (void)state;
    for (len = 1; len <= 6; len++) {
        count *= n;
        for (i = 0; i < count; i++) {
            size_t rest = i;

            for (k = 0; k < len; k++, rest /= n)
                a[k] = letters[rest % n];
            a[len] = '\0';
            if (duva_address_check(a) != DUVA_REASON_NONE)
                continue;
            accepted++;
            if (!is_one_path(a))
                fail_msg("accepted: <%s>", a);
        }
    }
    assert_true(accepted > 100);
}

static void names(void **state)
{
    static const struct {
        const char *name;
        duva_reason why;
    } want[] = {
        { "client.example", DUVA_REASON_NONE }, { "a", DUVA_REASON_NONE },
        { "my_host", DUVA_REASON_NONE }, { "a-b.c-d", DUVA_REASON_NONE },
        { "[192.0.2.1]", DUVA_REASON_NONE },
        { "[IPv6:2001:db8::2]", DUVA_REASON_NONE },
        { NULL, DUVA_REASON_MISSING }, { "", DUVA_REASON_MISSING },
        { "a b", DUVA_REASON_CHARACTER }, { "a@b", DUVA_REASON_CHARACTER },
        { "a:b", DUVA_REASON_CHARACTER }, { "[", DUVA_REASON_CHARACTER },
        { "[]", DUVA_REASON_CHARACTER }, { "[a", DUVA_REASON_CHARACTER },
        { "[a]b", DUVA_REASON_CHARACTER }, { "]", DUVA_REASON_CHARACTER },
        { "[[a]]", DUVA_REASON_CHARACTER }, { "a\r\nb", DUVA_REASON_CONTROL },
        { "a\n", DUVA_REASON_CONTROL }, { "[a\r\n]", DUVA_REASON_CONTROL },
        { "\x7F", DUVA_REASON_CONTROL }, { "\xC3\xA9", DUVA_REASON_NOT_ASCII },
    };
    size_t   i;
    unsigned c;
    char     name[4] = "axb";

    (void)state;
    for (i = 0; i < COUNT(want); i++)
        assert_int_equal(duva_name_check(want[i].name), want[i].why);
    for (c = 1; c < 256; c++) {
        name[1] = (char)c;
        if (c < ' ' || c >= 0x7F)
            assert_int_equal(duva_name_check(name), blame(c));
    }
}

/* A million octets of nonsense take no longer than reading them. */
static void nonsense_is_quick(void **state)
{
    static const char *const pieces[] = {
        "(", "<", "\"", "\\", "\"\\", "@", "((a))", "a.", "[", "[:", ":",
        "a@", "\" \"", "x:;", "\\\""
    };
    const size_t size = 1u << 20;
    char        *a = malloc(size + 3);
    size_t       i, k;
    clock_t      start = clock();

    (void)state;
    assert_non_null(a);
    for (i = 0; i < COUNT(pieces); i++) {
        const size_t len = strlen(pieces[i]);

        a[0] = a[1] = '"';
        for (k = 0; k < size; k++)
            a[2 + k] = pieces[i][k % len];
        a[2 + size] = '\0';
        for (k = 0; k < 3; k++) {
            assert_int_not_equal(duva_address_check(a + k), DUVA_REASON_NONE);
            assert_int_not_equal(duva_name_check(a + k), DUVA_REASON_NONE);
        }
    }
    free(a);
    assert_true(clock() - start < 5 * CLOCKS_PER_SEC);
}

/* With SMTPUTF8 each character of UTF-8 may stand where a letter may, and ASCII
 * is what it was. */
static void utf8_addresses(void **state)
{
    static const struct {
        const char *addr;
        duva_reason why;
    } want[] = {
        { "jos\xC3\xA9@b\xC3\xBC" "cher.example", DUVA_REASON_NONE },
        { "\"jos\xC3\xA9 b\"@c", DUVA_REASON_NONE },
        { "\xF0\x9F\x95\x8A@c", DUVA_REASON_NONE },
        { "\xF4\x8F\xBF\xBF\xEF\xBF\xBF\xED\x9F\xBF", DUVA_REASON_NONE },
        { "ada@example.org", DUVA_REASON_NONE },
        { NULL, DUVA_REASON_MISSING }, { "", DUVA_REASON_MISSING },
        { "\xC3\xA9@", DUVA_REASON_MISSING },
        { "\xC3\xA9 b@c", DUVA_REASON_CHARACTER },
        { "\xC3\xA9>@c", DUVA_REASON_CHARACTER },
        { "\xC3\xA9\n@c", DUVA_REASON_CONTROL },
        { "\xC3\xA9\x7F@c", DUVA_REASON_CONTROL },
        { "\"\xC3\xA9\x7F\"@c", DUVA_REASON_CONTROL },
        { "a@\xC3\xA9\x7F" "c", DUVA_REASON_CONTROL },
        { "!~\xC3\xA9@c", DUVA_REASON_NONE },
        { "\xC2\xA0@c", DUVA_REASON_NONE },
        { "\xE0\xA0\x80@c", DUVA_REASON_NONE },
        { "\xF0\x90\x80\x80@c", DUVA_REASON_NONE },
        { "a@b\xC3\xA9\r\nc", DUVA_REASON_CONTROL },
        { "a@[\xC3\xA9]", DUVA_REASON_NOT_ASCII },
        { "\x80@c", DUVA_REASON_NOT_UTF8 },
        { "\xC1\xBF@c", DUVA_REASON_NOT_UTF8 },
        { "\xC3", DUVA_REASON_NOT_UTF8 },
        { "\xE0\x9F\xBF", DUVA_REASON_NOT_UTF8 },
        { "\xE2\x82", DUVA_REASON_NOT_UTF8 },
        { "\xED\xA0\x80", DUVA_REASON_NOT_UTF8 },
        { "\xF0\x8F\xBF\xBF", DUVA_REASON_NOT_UTF8 },
        { "\xF4\x90\x80\x80", DUVA_REASON_NOT_UTF8 },
        { "\xF5\x80\x80\x80", DUVA_REASON_NOT_UTF8 },
        { "\xFF", DUVA_REASON_NOT_UTF8 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(want); i++)
        if (duva_address_check_utf8(want[i].addr) != want[i].why)
            fail_msg("%u: %d", (unsigned)i,
                     duva_address_check_utf8(want[i].addr));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths),           cmocka_unit_test(name_lengths),
        cmocka_unit_test(good_addresses),    cmocka_unit_test(bad_addresses),
        cmocka_unit_test(every_octet),       cmocka_unit_test(names),
        cmocka_unit_test(all_short_strings),
        cmocka_unit_test(nonsense_is_quick),
        cmocka_unit_test(utf8_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
