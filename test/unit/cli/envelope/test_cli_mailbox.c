/* test_cli_mailbox.c - lists of addresses as people write them. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "envelope/mailbox.h"

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

static void assert_read(uint8_t lenient, const char *text,
                        const char *expected)
{
    struct cli_mailboxes m = { .lenient = lenient };

    assert_null(cli_mailboxes_add(&m, text));
    assert_string_equal(shown(&m), expected);
    cli_mailboxes_free(&m);
}

static void assert_list(const char *text, const char *expected)
{
    assert_read(0, text, expected);
    assert_read(1, text, expected);
}

static void assert_wrong(const char *text, const char *expected)
{
    struct cli_mailboxes m = { 0 };

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

/* RFC 5322 3.2.2: white space and comments stand between any words; 4.4: so
 * they did around the dots, and a route before the address. */
static void test_obsolete_forms(void **state)
{
    (void)state;
    assert_list("a(x)@b", "<a@b>");
    assert_list("a@(the (pump\\)) house)b.c", "<a@b.c>");
    assert_list("a@(x)b (Ada) (end)", "Ada<a@b>");
    assert_list("Ada <a(his account)@b(x)>", "Ada<a@b>");
    assert_list("a . b @ c  .d", "<a.b@c.d>");
    assert_list("Ada <a @ b . c>, d @e", "Ada<a@b.c><d@e>");
    assert_list("\"a b\" @ c", "<\"a b\"@c>");
    assert_list("<@a>", "<@a>"); /* for others to refuse, as these */
    assert_list("dev@@b", "<dev@@b>");
    assert_list("a b@c", "<a b@c>");
    assert_list("a. b c@d", "<a.b c@d>");
    assert_list("a@[x\"](y)", "y<a@[x\"]>");
    assert_list("[x(\"] <a@b>", "[x(\"]<a@b>");
}

static void test_lenient(void **state)
{
    (void)state;
    assert_read(1, "\ta@b\t", "<a@b>");
    assert_read(1, "Ada\t L\t<a\t@b>", "Ada L<a@b>");
    assert_read(1, "\"Ada\tL\" <a@b>", "Ada L<a@b>");
    assert_read(1, "a@b (Ada\tL)", "Ada L<a@b>");
    assert_read(1, "<@r.x:a@b>", "<a@b>");
    assert_read(1, "Ada <@r.x, @[1.2.3.4] (y:) ,,@s: a@b>, c@d",
                "Ada<a@b><c@d>");
    assert_read(0, "<@r.x:a@b>", "<@r.x:a@b>"); /* for others to refuse */
    assert_read(1, "\"a b\".c@d, x.\"\\\"@\" . y @z, \"a.b\"@c",
                "<\"a b.c\"@d><\"x.\\\"@.y\"@z><\"a.b\"@c>");
    assert_read(0, "\"a b\".c@d", "<\"a b\".c@d>");
    assert_read(1, "\"a\"b@c, \"a\" b.c@d", "<\"a\"b@c><\"a\" b.c@d>");
    assert_read(1, "undisclosed-recipients:", "undisclosed-recipients:0");
    assert_wrong("a\t@b", "a control character");
}

/* Appendices A.5, A.6.1 and A.6.3 of RFC 5322, unfolded. */
static void test_examples(void **state)
{
    (void)state;
    assert_read(1, "Pete(A nice \\) chap) <pete(his account)@silly.test(his "
                   "host)>", "Pete<pete@silly.test>");
    assert_read(1, "A Group(Some people)      :Chris Jones <c@(Chris's host.)"
                   "public.example>,   joe@example.org,   John <jdoe@one.test> "
                   "(my dear friend); (the end of the group)",
                "A Group:3Chris Jones<c@public.example><joe@example.org>"
                "John<jdoe@one.test>");
    assert_read(1, "(Empty list)(start)Hidden recipients  :(nested(comment "
                   "that I know))  ;", "Hidden recipients:0");
    assert_read(1, "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . "
                   "example",
                "Mary Smith<mary@example.net><jdoe@test.example>");
    assert_read(1, "John Doe <jdoe@machine(comment).  example>",
                "John Doe<jdoe@machine.example>");
}

static void test_domains(void **state)
{
    (void)state;
    assert_string_equal(cli_address_domain("a@b"), "b");
    assert_string_equal(cli_address_domain("\"a@x\"@b"), "b");
    assert_string_equal(cli_address_domain("\"a\\\"@x\"@b"), "b");
    assert_string_equal(cli_address_domain("a.\"@x\".c@b"), "b");
    assert_null(cli_address_domain("\"a@b\""));
    assert_null(cli_address_domain("\"a@b"));
    assert_null(cli_address_domain("a"));
    assert_null(cli_address_domain(""));
}

static void test_lists(void **state)
{
    struct cli_mailboxes m = { 0 };

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
    assert_wrong("<<a@b>", "a second '<'");
    assert_wrong("<a@b> <c@d>", "a second '<'");
    assert_wrong("<a@b> SIZE=1", "something behind the '>'");
    assert_wrong("\"Ada <a@b>", "a quote that is not closed");
    assert_wrong("a@b (x", "a comment that is not closed");
    assert_wrong("a@[x", "a '[' without its ']'");
    assert_wrong("[x <a@b>, c@d", "a '[' without its ']'");
    assert_wrong("a@b;", "a ';' without a group");
    assert_wrong("g: a@b", "a group that does not end with ';'");
    assert_wrong("g: h: a@b;;", "a group inside a group");
    assert_wrong(": a@b;", "a group without a name");
    assert_wrong("a@b\n", "a control character");
    assert_wrong("A\rB <a@b>", "a control character");
    assert_wrong("a@b\x7F", "a control character");
}

/* What is long takes time in proportion, and no stack. */
static void test_long(void **state)
{
    enum { LONG = 1 << 20 };
    char *text = malloc(LONG + 1);
    struct cli_mailboxes m = { 0 };

    (void)state;
    assert_non_null(text);
    text[LONG] = '\0';
    memset(text, '(', LONG);
    assert_string_equal(cli_mailboxes_add(&m, text),
                        "a comment that is not closed");
    memset(text + LONG / 2, ')', LONG / 2);
    assert_string_equal(cli_mailboxes_add(&m, text), "it is empty");
    memset(text, '[', LONG);
    assert_string_equal(cli_mailboxes_add(&m, text),
                        "a '[' without its ']'");
    memset(text, '<', LONG);
    assert_string_equal(cli_mailboxes_add(&m, text), "a second '<'");
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
        cmocka_unit_test(test_obsolete_forms),
        cmocka_unit_test(test_lenient),
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_domains),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_long)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
