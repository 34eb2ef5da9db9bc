/* test_posix_result.c - the text of results. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "duva/openssl.h"
#include "duva/posix.h"

#include "pool_server.h"

#include "cmocka_all.h"

#include <sys/resource.h>

static struct server server;
static duva_route    route;
static duva_rcpt     rcpt[2];
static duva_mail     mail;
static char          line[DUVA_RESULT_TEXT_SIZE];

static int set_up(void **state)
{
    (void)state;
    memset(&server, 0, sizeof(server));
    server.ehlo = "250-peer\r\n250 PIPELINING";
    memset(&route, 0, sizeof(route));
    memset(rcpt, 0, sizeof(rcpt));
    memset(&mail, 0, sizeof(mail));
    rcpt[0].addr = "ada@example.org";
    rcpt[1].addr = "bob@example.org";
    mail.from = "carl@example.org";
    mail.rcpt = rcpt;
    mail.rcpt_count = 2;
    route.host = "127.0.0.1";
    route.port = server.port;
    route.config.tls = DUVA_TLS_NEVER;
    route.config.name = "client.example";
    return 0;
}

static const char *sent(void)
{
    duva_memory text = { "Hello\n", 6, 0 };

    duva_send(&route, &mail, duva_memory_read, &text);
    return duva_result_text(&mail.result, line, sizeof(line));
}

static const char *served(void)
{
    server_begin(&server);
    sent();
    server_end(&server);
    return line;
}

static void accepted(void **state)
{
    (void)state;
    assert_string_equal(served(), "250 queued");
}

static void rejected(void **state)
{
    (void)state;
    rcpt[1].addr = "no-bob@example.org";
    assert_ptr_equal(strstr(served(), "rejected by the server at rcpt: 550 "),
                     line);
}

static void nobody_listens(void **state)
{
    (void)state;
    close(listen_somewhere(server.port));
    assert_string_equal(sent(), "no connection: Connection refused");
}

static void no_such_name(void **state)
{
    char host[400];

    (void)state;
    memset(host, 'a', sizeof(host) - 1); /* no question for a name server */
    host[sizeof(host) - 1] = '\0';
    route.host = host;
    assert_string_equal(sent(),
                        "host name not found: Name or service not known");
}

static void no_descriptor_is_left(void **state)
{
    const int     next = dup(0);
    struct rlimit before, none;

    (void)state;
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = (rlim_t)next;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    strcpy(server.port, "25");
    sent();
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_string_equal(line, "too little memory or too few descriptors here: "
                              "Too many open files");
}

static void no_tls_there(void **state)
{
    static const duva_tls_config trust = { .dangerously_trust_everyone = 1 };
    duva_openssl t;

    (void)state;
    assert_int_equal(duva_openssl_init(&t, &trust), DUVA_OK);
    route.tls = &t.tls;
    route.config.tls = DUVA_TLS_IMPLICIT;
    assert_string_equal(served(), "TLS failed at tls: what comes from there is "
                                  "not TLS");
    duva_openssl_text(mail.result.cause, line, sizeof(line));
    assert_string_equal(line, "wrong version number");
    duva_openssl_free(&t);
}

static void words_of_openssl(void **state)
{
    static const duva_tls_config nowhere = { .ca_file = "/nonexistent/ca" };
    duva_openssl t;
    char         few[6];

    (void)state;
    assert_int_equal(duva_openssl_init(&t, &nowhere), DUVA_ERR_TLS);
    duva_openssl_text(t.tls.link.cause, line, sizeof(line));
    assert_string_not_equal(line, "");
    duva_openssl_text((int32_t)0x80000002, line, sizeof(line));
    assert_string_equal(line, "No such file or directory");
    duva_openssl_text(1, line, sizeof(line));
    assert_string_equal(line, "error 00000001");
    assert_string_equal(duva_openssl_text(1, few, sizeof(few)), "error");
    assert_string_equal(duva_openssl_text(1, NULL, 6), "");
    assert_string_equal(duva_openssl_text(1, line, 0), "");
}

static void not_sent_at_all(void **state)
{
    (void)state;
    rcpt[1].addr = "b b@example.org";
    assert_string_equal(served(), "bad argument: a character that has no "
                                  "place there (recipient 2)");
    set_up(state);
    mail.flags = DUVA_MAIL_UTF8;
    assert_string_equal(served(), "the server does not offer what is needed: "
                                  "the server does not offer an extension that "
                                  "the mail needs (SMTPUTF8)");
}

/* ---- results that no server is needed for ---- */

static const char *words(const duva_result *r)
{
    return duva_result_text(r, line, sizeof(line));
}

static void made_up(void **state)
{
    duva_result r = { .err = DUVA_ERR_BODY, .reason = DUVA_REASON_NUL,
                      .where = 7, .status.stage = DUVA_STAGE_BODY };

    (void)state;
    assert_string_equal(words(&r), "the message cannot be sent at body: a NUL "
                                   "octet (line 7)");
    r = (duva_result) { .err = DUVA_ERR_REJECTED,
                        .status = { 554, { 5, 7, 1 }, DUVA_STAGE_END },
                        .text = "no\nnever" };
    assert_string_equal(words(&r), "rejected by the server at end: 554 5.7.1 "
                                   "no never");
    r = (duva_result) { .err = DUVA_ERR_CONNECT, .where = 5,
                        .reason = DUVA_REASON_PROXY_UNREACHED };
    assert_string_equal(words(&r), "no connection: the proxy cannot reach the "
                                   "server (5)");
    r = (duva_result) { .status = { 250, { 0 }, DUVA_STAGE_END },
                        .fell_back = 1 };
    assert_string_equal(words(&r), "250 (TLS failed, so this was in clear)");
    r = (duva_result) { .err = DUVA_ERR_IO, .cause = 12345 };
    assert_ptr_equal(strstr(words(&r), "network error: "), line);
    r = (duva_result) { .err = (duva_err)-99, .reason = (duva_reason)999,
                        .cause = -1, .status.stage = 99 };
    assert_string_equal(words(&r), "unknown at unknown: unknown");
    memset(&r, 0, sizeof(r));
    assert_string_equal(words(&r), "no error");
}

static void cut_to_fit(void **state)
{
    duva_result r;
    char        all[DUVA_RESULT_TEXT_SIZE];
    size_t      len, whole;

    (void)state;
    memset(&r, 0, sizeof(r));
    r.err = DUVA_ERR_REJECTED;
    r.reason = DUVA_REASON_OUT_OF_LIMITS; /* of the longest words */
    r.where = DUVA_CAP_LIMITS;
    r.status = (duva_status) { 554, { 5, 7, 1 }, DUVA_STAGE_STARTTLS };
    r.fell_back = 1;
    memset(r.text, 'x', sizeof(r.text) - 1);
    duva_result_text(&r, all, sizeof(all));
    whole = strlen(all);
    assert_in_range(whole, sizeof(r.text), sizeof(all) - 2);
    assert_string_equal(all + whole - 10, " in clear)");
    for (len = 1; len <= whole + 2; len++) {
        const size_t want = len <= whole ? len - 1 : whole;

        memset(line, '#', sizeof(line));
        duva_result_text(&r, line, len);
        assert_int_equal(strlen(line), want);
        assert_memory_equal(line, all, want);
        assert_int_equal(line[len], '#');
    }
    line[0] = '#';
    assert_string_equal(duva_result_text(&r, line, 0), "");
    assert_string_equal(duva_result_text(&r, NULL, 9), "");
    assert_int_equal(line[0], '#');
    assert_string_equal(duva_result_text(NULL, line, sizeof(line)), "");
}

#define TEST(f) cmocka_unit_test_setup(f, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(accepted), TEST(rejected), TEST(nobody_listens),
        TEST(no_such_name), TEST(no_descriptor_is_left), TEST(no_tls_there),
        TEST(words_of_openssl), TEST(not_sent_at_all), TEST(made_up),
        TEST(cut_to_fit)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
