/* test_saslprep.c - SASLprep: port/saslprep/saslprep.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/saslprep.h"

#include "cmocka_all.h"

static char out[256];

static void becomes(const char *in, const char *want)
{
    memset(out, '!', sizeof(out));
    assert_int_equal(duva_saslprep(in, out, sizeof(out)), DUVA_OK);
    assert_string_equal(out, want);
}

static void fails(const char *in, size_t size, int err)
{
    static const char zero[sizeof(out)];

    memset(out, '!', sizeof(out));
    assert_int_equal(duva_saslprep(in, out, size), err);
    assert_memory_equal(out, zero, size);
    assert_int_equal(out[size], '!');
}

/* RFC 4013 3 */
static void examples(void **state)
{
    (void)state;
    becomes("I\xC2\xADX", "IX");
    becomes("user", "user");
    becomes("USER", "USER");
    becomes("\xC2\xAA", "a");
    becomes("\xE2\x85\xA8", "IX");
    fails("\x07", 16, DUVA_ERR_ARG);
    fails("\xD8\xA7" "1", 16, DUVA_ERR_ARG);
}

static void more(void **state)
{
    (void)state;
    becomes("", "");
    becomes("a b~", "a b~");
    becomes("a\xC2\xA0" "b", "a b");       /* a space that does not break */
    becomes("p\xC3\xA4ss", "p\xC3\xA4ss");
    becomes("pa\xCC\x88ss", "p\xC3\xA4ss");/* the same, in two characters */
    becomes("\xE2\x82\xAC" "5", "\xE2\x82\xAC" "5");
    becomes("\xCD\x90", "\xCD\x90");       /* assigned after Unicode 3.2 */
}

static void strangers(void **state)
{
    static const char *const bad[] = {
        "\xFF", "a\xC3", "\xC3(", "\xC0\x80", "\xED\xA0\x80",
        "\xF4\x90\x80\x80", "\xC2\x80", "\xE2\x80\xA8", "\xEE\x80\x80",
        "\xEF\xBF\xBD", "\xC3\xA4\x01", "\x7F", "a\n"
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        fails(bad[i], 32, DUVA_ERR_ARG);
    assert_int_equal(duva_saslprep(NULL, out, sizeof(out)), DUVA_ERR_ARG);
    assert_int_equal(duva_saslprep("a", NULL, 0), DUVA_ERR_ARG);
}

static void room(void **state)
{
    size_t size;

    (void)state;
    for (size = 0; size < 5; size++)
        fails("ascii", size, DUVA_ERR_SPACE);
    fails("\xEF\xB7\xBA", 5, DUVA_ERR_SPACE); /* one character becomes 18 */
    becomes("ascii", "ascii");
    assert_int_equal(duva_saslprep("ascii", out, 6), DUVA_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples), cmocka_unit_test(more),
        cmocka_unit_test(strangers), cmocka_unit_test(room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
