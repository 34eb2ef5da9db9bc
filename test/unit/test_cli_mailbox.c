/* test_cli_mailbox.c - lists of addresses as people write them. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "mailbox.h"

/* The list as "name<addr>" in a row, a group as "name:members". */
static const char *shown(const struct cli_mailboxes *m)
{
    static char text[400];
    size_t i;

    text[0] = '\0';
    for (i = 0; i < m->count; i++) {
        const duva_address *a = &m->list[i];

        strcat(text, a->name != NULL ? a->name : "");
        if (a->addr == NULL) {
            strcat(text, ":");
            strncat(text, &"0123456789"[a->members], 1);
        } else {
            strcat(strcat(strcat(text, "<"), a->addr), ">");
        }
    }
    return text;
}

static void assert_list(const char *text, const char *expected)
{
    struct cli_mailboxes m = { NULL, 0, 0, NULL };

    assert_null(cli_mailboxes_add(&m, text));
    assert_string_equal(shown(&m), expected);
    cli_mailboxes_free(&m);
}

static void assert_wrong(const char *text, const char *expected)
{
    struct cli_mailboxes m = { NULL, 0, 0, NULL };

    assert_null(cli_mailboxes_add(&m, "x@y"));
    assert_string_equal(cli_mailboxes_add(&m, text), expected);
    assert_string_equal(shown(&m), "<x@y>");
    cli_mailboxes_free(&m);
}

static void test_mailboxes(void **state)
{
    (void)state;
    assert_list("a@b", "<a@b>");
    assert_list("  a@b ", "<a@b>");
    assert_list("<a@b>", "<a@b>");
    assert_list("root", "<root>");
    assert_list("Ada <a@b>", "Ada<a@b>");
    assert_list("Ada<a@b>", "Ada<a@b>");
    assert_list("\"Ada\" <a@b>", "Ada<a@b>");
    assert_list("\"\" <a@b>", "<a@b>");
    assert_list("\"Love, \\\"A\\\\\" <a@b>", "Love, \"A\\<a@b>");
    assert_list("Dr.  J. \"R.  \" X  <a@b>", "Dr. J. R.   X<a@b>");
    assert_list("Gr\xC3\xA4" "fin <a@b>", "Gr\xC3\xA4" "fin<a@b>");
    assert_list("a@b (Ada (nested \\) one))", "Ada (nested ) one)<a@b>");
    assert_list("(x) a@b", "<a@b>");
    assert_list("(x, y) Ada (z) L <a@b> (end)", "Ada L<a@b>");
    assert_list("\"b, c\"@d", "<\"b, c\"@d>");
    assert_list("\"(\"@d", "<\"(\"@d>");
    assert_list("\"<b>\" <\"x>y\"@d>", "<b><\"x>y\"@d>");
    assert_list("a@[IPv6:::1]", "<a@[IPv6:::1]>");
    assert_list("N <a@[IPv6:::1]>, c@d", "N<a@[IPv6:::1]><c@d>");
    assert_list("bob b@c", "<bob b@c>"); /* for others to refuse */
}

static void test_lists(void **state)
{
    struct cli_mailboxes m = { NULL, 0, 0, NULL };

    (void)state;
    assert_list("a@b,c@d", "<a@b><c@d>");
    assert_list(" , a@b, , \"E, F\" <c@d>,", "<a@b>E, F<c@d>");
    assert_list("all: a@b, X <c@d>;", "all:2<a@b>X<c@d>");
    assert_list("all:;", "all:0");
    assert_list("o@p, \"all, of\": a@b;, c@d, e:f@g;",
                "<o@p>all, of:1<a@b><c@d>e:1<f@g>");
    assert_null(cli_mailboxes_add(&m, "a@b"));
    assert_null(cli_mailboxes_add(&m, "c@d"));
    assert_int_equal(cli_mailboxes_set(&m, 0, "longer@than.before"), 0);
    assert_string_equal(shown(&m), "<longer@than.before><c@d>");
    assert_int_equal(cli_mailboxes_list(&m).count, 2);
    cli_mailboxes_free(&m);
    cli_mailboxes_free(&m);
}

static void test_mistakes(void **state)
{
    (void)state;
    assert_wrong("", "it is empty");
    assert_wrong(" , ", "it is empty");
    assert_wrong("(only this)", "it is empty");
    assert_wrong("<>", "an address is missing");
    assert_wrong("Ada <>", "an address is missing");
    assert_wrong("a@b, <c@d", "a '<' without its '>'");
    assert_wrong("a@b>", "a '>' without its '<'");
    assert_wrong("<<a@b>", "a '<' too many");
    assert_wrong("<a@b> <c@d>", "a '<' too many");
    assert_wrong("<a@b> SIZE=1", "something behind the '>'");
    assert_wrong("\"Ada <a@b>", "a quote that does not end");
    assert_wrong("a@b (x", "a comment that does not end");
    assert_wrong("a(x)@b", "a comment in an address");
    assert_wrong("a@b;", "a ';' without a group");
    assert_wrong("g: a@b", "a group that does not end with ';'");
    assert_wrong("g: h: a@b;;", "a group in a group");
    assert_wrong(": a@b;", "a group without a name");
    assert_wrong("a@b\n", "a control character");
    assert_wrong("A\tB <a@b>", "a control character");
    assert_wrong("a@b\x7F", "a control character");
}

/* What is long takes time in proportion, and no stack. */
static void test_long(void **state)
{
    enum { LONG = 1 << 20 };
    char *text = malloc(LONG + 1);
    struct cli_mailboxes m = { NULL, 0, 0, NULL };

    (void)state;
    assert_non_null(text);
    text[LONG] = '\0';
    memset(text, '(', LONG);
    assert_string_equal(cli_mailboxes_add(&m, text),
                        "a comment that does not end");
    memset(text + LONG / 2, ')', LONG / 2);
    assert_string_equal(cli_mailboxes_add(&m, text), "it is empty");
    memset(text, '<', LONG);
    assert_string_equal(cli_mailboxes_add(&m, text), "a '<' too many");
    memset(text, ',', LONG);
    assert_string_equal(cli_mailboxes_add(&m, text), "it is empty");
    memset(text, '"', LONG);
    assert_null(cli_mailboxes_add(&m, text));
    assert_int_equal(m.count, 1);
    cli_mailboxes_free(&m);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mailboxes),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_long)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
