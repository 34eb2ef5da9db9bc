/* test_query.c - small commands and their replies: query.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/query.h"

#include "cmocka_all.h"

#include <stdio.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static duva_engine engine;
static duva_config config;
static uint8_t     buf[DUVA_BUFFER_MIN];
static duva_query  query;
static char        words[200];

static void hear(const char *line)
{
    assert_int_equal(duva_feed(&engine, line, strlen(line)), DUVA_OK);
}

/* All that the client has to say now. */
static void says(const char *wanted)
{
    char        got[400];
    size_t      len, total = 0;
    const char *at;

    while (duva_next(&engine) == DUVA_SEND) {
        at = duva_pending(&engine, &len);
        assert_true(total + len < sizeof(got));
        memcpy(got + total, at, 1);
        duva_sent(&engine, 1);
        total++;
    }
    got[total] = '\0';
    assert_string_equal(got, wanted);
}

static int begin(void **state)
{
    (void)state;
    memset(&config, 0, sizeof(config));
    memset(&query, 0, sizeof(query));
    config.name = "c.example";
    config.tls = DUVA_TLS_NEVER;
    duva_init(&engine, &config, buf, sizeof(buf));
    hear("220 x\r\n");
    says("EHLO c.example\r\n");
    hear("250-x\r\n250-ETRN\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n");
    duva_auth_skip(&engine);
    query.text = words;
    query.text_size = sizeof(words);
    return 0;
}

static void ask(duva_verb verb, const char *arg, const char *line)
{
    query.verb = verb;
    query.arg = arg;
    assert_int_equal(duva_command(&engine, &query), DUVA_OK);
    assert_int_equal(query.status.code, 0);
    assert_int_not_equal(duva_next(&engine), DUVA_IDLE);
    says(line);
    assert_int_equal(duva_next(&engine), DUVA_RECV);
    assert_int_equal(duva_command(&engine, &query), DUVA_ERR_STATE);
}

static void each_verb(void **state)
{
    static const struct {
        duva_verb   verb;
        const char *arg, *line;
    } want[] = {
        { DUVA_VRFY, "ada lovelace", "VRFY ada lovelace\r\n" },
        { DUVA_EXPN, "staff", "EXPN staff\r\n" },
        { DUVA_HELP, NULL, "HELP\r\n" },
        { DUVA_HELP, "MAIL", "HELP MAIL\r\n" },
        { DUVA_NOOP, NULL, "NOOP\r\n" },
        { DUVA_NOOP, "tick", "NOOP tick\r\n" },
        { DUVA_RSET, NULL, "RSET\r\n" },
        { DUVA_ETRN, "@example.org", "ETRN @example.org\r\n" },
    };
    static const unsigned codes[] = { 250, 252, 354, 450, 502, 550 };
    char   line[40];
    size_t i, k;

    (void)state;
    for (i = 0; i < COUNT(want); i++)
        for (k = 0; k < COUNT(codes); k++) {
            ask(want[i].verb, want[i].arg, want[i].line);
            sprintf(line, "%u 2.0.0 some words\r\n", codes[k]);
            hear(line);
            assert_int_equal(duva_next(&engine), DUVA_IDLE);
            assert_int_equal(query.status.code, codes[k]);
            assert_string_equal(words, "2.0.0 some words");
            assert_int_equal(query.cut, 0);
            assert_int_equal(duva_outcome(&engine)->err, DUVA_OK);
        }
}

static void many_lines(void **state)
{
    static const char reply[] =
        "250-ada <a@x>\r\n250-bob\x1B <b@x>\r\n250-\r\n250 cyd\r\n";
    size_t i;

    (void)state;
    ask(DUVA_EXPN, "staff", "EXPN staff\r\n");
    for (i = 0; i < sizeof(reply) - 1; i++)
        duva_feed(&engine, reply + i, 1);
    assert_int_equal(query.status.code, 250);
    assert_string_equal(words, "ada <a@x>\nbob? <b@x>\n\ncyd");
    assert_int_equal(query.cut, 0);
}

/* No octet behind the room is written, and what fits whole is not cut. */
static void rooms(void **state)
{
    size_t size;

    (void)state;
    for (size = 0; size < 12; size++) {
        memset(words, 'x', sizeof(words));
        query.text_size = size;
        ask(DUVA_HELP, NULL, "HELP\r\n");
        hear("214-abc\r\n214 defg\r\n");
        assert_int_equal(query.cut, size < 9);
        if (size > 0) {
            assert_true(strlen(words) == (size < 9 ? size - 1 : 8)
                        || words[strlen(words)] == '\0');
            assert_memory_equal(words, "abc\ndefg", strlen(words));
            assert_true(strlen(words) < size);
        }
        assert_int_equal(words[size], 'x');
    }
}

static void refused(duva_verb verb, const char *arg, int err,
                    duva_reason reason)
{
    query.verb = verb;
    query.arg = arg;
    assert_int_equal(duva_command(&engine, &query), err);
    assert_int_equal(query.reason, reason);
    assert_int_equal(duva_next(&engine), DUVA_IDLE);
}

static void bad_arguments(void **state)
{
    char     arg[4] = "axb";
    unsigned c;
    int      verb;

    (void)state;
    for (verb = DUVA_VRFY; verb <= DUVA_ETRN; verb++)
        for (c = 1; c < 256; c++) {
            arg[1] = (char)c;
            if (verb == DUVA_RSET)
                refused(DUVA_RSET, arg, DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
            else if (c < ' ' || c == 0x7F)
                refused((duva_verb)verb, arg, DUVA_ERR_ARG,
                        DUVA_REASON_CONTROL);
            else if (c > 0x7F)
                refused((duva_verb)verb, arg, DUVA_ERR_ARG,
                        DUVA_REASON_NOT_ASCII);
        }
    refused(DUVA_VRFY, NULL, DUVA_ERR_ARG, DUVA_REASON_MISSING);
    refused(DUVA_EXPN, "", DUVA_ERR_ARG, DUVA_REASON_MISSING);
    refused(DUVA_NOOP, "", DUVA_ERR_ARG, DUVA_REASON_MISSING);
    refused(DUVA_VRFY, " a", DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
    refused(DUVA_VRFY, "a ", DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
    refused(DUVA_ETRN, "a b", DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
    refused((duva_verb)9, "a", DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
    assert_int_equal(duva_command(&engine, NULL), DUVA_ERR_ARG);
    query.utf8 = 1;
    refused(DUVA_NOOP, "a", DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
    refused(DUVA_VRFY, "a\xC3", DUVA_ERR_ARG, DUVA_REASON_NOT_UTF8);
}

static void utf8(void **state)
{
    (void)state;
    query.utf8 = 1;
    ask(DUVA_VRFY, "jos\xC3\xA9", "VRFY jos\xC3\xA9 SMTPUTF8\r\n");
    hear("252 jos\xC3\xA9\r\n");
    assert_string_equal(words, "jos\xC3\xA9");
    engine.caps.bits = DUVA_CAP_EHLO;
    refused(DUVA_VRFY, "jos\xC3\xA9", DUVA_ERR_UNSUPPORTED,
            DUVA_REASON_NOT_OFFERED);
    query.utf8 = 0;
    refused(DUVA_ETRN, "example.org", DUVA_ERR_UNSUPPORTED,
            DUVA_REASON_NOT_OFFERED);
}

/* 421 and a lost connection end the session; the query has what was said. */
static void ends(void **state)
{
    ask(DUVA_NOOP, NULL, "NOOP\r\n");
    hear("421 4.3.2 going down\r\n");
    assert_int_equal(duva_next(&engine), DUVA_CLOSED);
    assert_int_equal(query.status.code, 421);
    assert_int_equal(duva_outcome(&engine)->err, DUVA_ERR_REJECTED);
    begin(state);
    ask(DUVA_NOOP, NULL, "NOOP\r\n");
    hear("250-half\r\n");
    duva_abort(&engine, DUVA_ERR_CLOSED, 0);
    assert_int_equal(query.status.code, 0);
    assert_int_equal(duva_outcome(&engine)->err, DUVA_ERR_CLOSED);
}

/* After a mail that was refused a RSET is due; ours counts as that. */
static void reset_is_the_engines(void **state)
{
    duva_rcpt rcpt = { .addr = "bob@example.net" };
    duva_mail mail = { .from = "", .rcpt = &rcpt, .rcpt_count = 1 };

    (void)state;
    engine.caps.bits = DUVA_CAP_EHLO;
    assert_int_equal(duva_mail_start(&engine, &mail), DUVA_OK);
    says("MAIL FROM:<>\r\n");
    hear("250 ok\r\n");
    says("RCPT TO:<bob@example.net>\r\n");
    hear("550 no\r\n");
    assert_int_equal(duva_next(&engine), DUVA_IDLE);
    ask(DUVA_RSET, NULL, "RSET\r\n");
    hear("250 ok\r\n");
    rcpt.verdict = DUVA_PENDING;
    assert_int_equal(duva_mail_start(&engine, &mail), DUVA_OK);
    says("MAIL FROM:<>\r\n");
}

#define TEST(f) cmocka_unit_test_setup(f, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_verb), TEST(many_lines), TEST(rooms), TEST(bad_arguments),
        TEST(utf8), TEST(ends), TEST(reset_is_the_engines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
