/* test_cli_advice.c - advice for each error, stage and reason. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <sysexits.h>
#include <stdint.h>
#include <errno.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "outcome/exit_code.h"
#include "report/advice.h"
#include "judged.h"

static duva_rcpt rcpt;

static void start(int err, int stage, int reason, duva_verdict verdict)
{
    start_outcome(&rcpt, 1);
    rcpt.addr = "ada@example.org";
    auth.mechanism = DUVA_AUTH_PLAIN;
    outcome.mail.result.err = (duva_err)err;
    outcome.mail.result.reason = (duva_reason)reason;
    outcome.mail.result.verdict = rcpt.verdict = verdict;
    outcome.mail.result.status.stage = (uint16_t)stage;
}

static void assert_advised(void)
{
    const char *advice = cli_advice(&outcome, &facts);
    size_t i;

    assert_non_null(advice);
    assert_true(strlen(advice) >= 15 && strlen(advice) < 160);
    for (i = 0; advice[i] != '\0'; i++)
        assert_true(advice[i] >= ' ' && advice[i] <= '~' && advice[i] != '"');
    judge();
    assert_true(outcome.exit_code >= EX_USAGE
                && outcome.exit_code <= EX_UNCERTAIN);
    assert_ptr_equal(outcome.advice, advice);
    assert_true(strlen(outcome.summary) > 10);
    assert_memory_equal(text, outcome.summary, strlen(outcome.summary));
    assert_memory_equal(text + strlen(outcome.summary), "; ", 2);
    assert_string_equal(text + strlen(outcome.summary) + 2, advice);
}

static int is_ours(int err, int stage)
{
    return err == DUVA_ERR_STATE
           || ((err == DUVA_ERR_ARG || err == DUVA_ERR_SPACE)
               && stage != DUVA_STAGE_AUTH);
}

enum { GENERAL, OWN };

/* Each reason, with an error and a stage that it is reported with: is there
 * advice of its own, or that of the error?  A new reason needs a row. */
static const struct {
    duva_reason reason;
    duva_err    err;
    duva_stage  stage;
    int         advice;
} reasons[] = {
    { DUVA_REASON_NONE, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_MISSING, DUVA_ERR_ARG, DUVA_STAGE_AUTH, GENERAL },
    { DUVA_REASON_CONTROL, DUVA_ERR_ARG, DUVA_STAGE_AUTH, GENERAL },
    { DUVA_REASON_NOT_ASCII, DUVA_ERR_ARG, DUVA_STAGE_AUTH, GENERAL },
    { DUVA_REASON_CHARACTER, DUVA_ERR_ARG, DUVA_STAGE_AUTH, GENERAL },
    { DUVA_REASON_LOCAL_LONG, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_DOMAIN_LONG, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_PATH_LONG, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_NO_RECIPIENT, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_NO_TLS_LINK, DUVA_ERR_ARG, DUVA_STAGE_TLS, GENERAL },
    { DUVA_REASON_NOT_UTF8, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_ENVID, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_RET, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_BY, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_HOLD, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_PRIORITY, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_AUTH, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_SOLICIT, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_NOTIFY, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_ORCPT, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_RRVS, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_PARAM, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_BURL, DUVA_ERR_ARG, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_LONE_CR, DUVA_ERR_BODY, DUVA_STAGE_BODY, GENERAL },
    { DUVA_REASON_NUL, DUVA_ERR_BODY, DUVA_STAGE_BODY, GENERAL },
    { DUVA_REASON_LINE_LONG, DUVA_ERR_BODY, DUVA_STAGE_BODY, GENERAL },
    { DUVA_REASON_SOURCE, DUVA_ERR_BODY, DUVA_STAGE_BODY, OWN },
    { DUVA_REASON_SIZE, DUVA_ERR_BODY, DUVA_STAGE_BODY, GENERAL },
    { DUVA_REASON_STOPPED, DUVA_ERR_CANCELLED, DUVA_STAGE_RCPT, GENERAL },
    { DUVA_REASON_REPLY_SYNTAX, DUVA_ERR_PROTOCOL, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_REPLY_CODES, DUVA_ERR_PROTOCOL, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_REPLY_LONG, DUVA_ERR_PROTOCOL, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_UNSOLICITED, DUVA_ERR_PROTOCOL, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_UNEXPECTED, DUVA_ERR_PROTOCOL, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_OUT_OF_STEP, DUVA_ERR_PROTOCOL, DUVA_STAGE_MAIL, GENERAL },
    { DUVA_REASON_INJECTION, DUVA_ERR_PROTOCOL, DUVA_STAGE_STARTTLS, OWN },
    { DUVA_REASON_CHALLENGE, DUVA_ERR_PROTOCOL, DUVA_STAGE_AUTH, OWN },
    { DUVA_REASON_NONCE, DUVA_ERR_PROTOCOL, DUVA_STAGE_AUTH, OWN },
    { DUVA_REASON_ITERATIONS, DUVA_ERR_PROTOCOL, DUVA_STAGE_AUTH, OWN },
    { DUVA_REASON_UNPROVEN, DUVA_ERR_PROTOCOL, DUVA_STAGE_AUTH, OWN },
    { DUVA_REASON_HANDSHAKE, DUVA_ERR_TLS, DUVA_STAGE_TLS, GENERAL },
    { DUVA_REASON_NO_TLS, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_TLS_VERSION, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_TLS_CIPHER, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_RENEGOTIATION, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_UNTRUSTED, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_SELF_SIGNED, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_KEY, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_SIGNATURE, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_PURPOSE, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_EXTENSION, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_CONSTRAINT, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_PATH, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_ISSUER, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_NO_NAME, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_NAME, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_EXPIRED, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_NOT_YET, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_REVOKED, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_STATUS, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_PIN, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_CERT_OURS, DUVA_ERR_TLS, DUVA_STAGE_TLS, OWN },
    { DUVA_REASON_MEMORY, DUVA_ERR_RESOURCES, DUVA_STAGE_TLS, GENERAL },
    { DUVA_REASON_NO_STARTTLS, DUVA_ERR_UNSUPPORTED, DUVA_STAGE_STARTTLS, OWN },
    { DUVA_REASON_NO_AUTH, DUVA_ERR_UNSUPPORTED, DUVA_STAGE_AUTH, OWN },
    { DUVA_REASON_CLEAR_LINK, DUVA_ERR_UNSUPPORTED, DUVA_STAGE_AUTH, OWN },
    { DUVA_REASON_NO_BINDING, DUVA_ERR_UNSUPPORTED, DUVA_STAGE_AUTH, OWN },
    { DUVA_REASON_NOT_OFFERED, DUVA_ERR_UNSUPPORTED, DUVA_STAGE_MAIL, OWN },
    { DUVA_REASON_OUT_OF_LIMITS, DUVA_ERR_UNSUPPORTED, DUVA_STAGE_MAIL, OWN },
    { DUVA_REASON_TOO_BIG, DUVA_ERR_UNSUPPORTED, DUVA_STAGE_MAIL, OWN },
    { DUVA_REASON_REPEATED, DUVA_ERR_ARG, DUVA_STAGE_BODY, GENERAL },
    { DUVA_REASON_RANGE, DUVA_ERR_ARG, DUVA_STAGE_BODY, GENERAL },
    { DUVA_REASON_BOUNDARY, DUVA_ERR_ARG, DUVA_STAGE_BODY, GENERAL },
    { DUVA_REASON_ONCE, DUVA_ERR_ARG, DUVA_STAGE_BODY, GENERAL },
    { DUVA_REASON_LENGTH, DUVA_ERR_ARG, DUVA_STAGE_BODY, GENERAL },
    { DUVA_REASON_LEFT_OUT, DUVA_ERR_ARG, DUVA_STAGE_BODY, GENERAL },
    { DUVA_REASON_PROXY_STRANGE, DUVA_ERR_CONNECT, DUVA_STAGE_CONNECT, OWN },
    { DUVA_REASON_PROXY_LONG, DUVA_ERR_CONNECT, DUVA_STAGE_CONNECT, OWN },
    { DUVA_REASON_PROXY_METHOD, DUVA_ERR_CONNECT, DUVA_STAGE_CONNECT, OWN },
    { DUVA_REASON_PROXY_LOGIN, DUVA_ERR_CONNECT, DUVA_STAGE_CONNECT, OWN },
    { DUVA_REASON_PROXY_FORBIDDEN, DUVA_ERR_CONNECT, DUVA_STAGE_CONNECT, OWN },
    { DUVA_REASON_PROXY_UNREACHED, DUVA_ERR_CONNECT, DUVA_STAGE_CONNECT, OWN }
};

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static void test_reasons(void **state)
{
    int i;

    (void)state;
    assert_int_equal(COUNT(reasons), DUVA_REASONS);
    for (i = 0; i < COUNT(reasons); i++) {
        const char *general, *own;

        assert_int_equal(reasons[i].reason, i);
        start(reasons[i].err, (int)reasons[i].stage, DUVA_REASON_NONE,
              DUVA_RETRY);
        connection.at_proxy = reasons[i].reason >= DUVA_REASON_PROXY_STRANGE;
        general = cli_advice(&outcome, &facts);
        outcome.mail.result.reason = reasons[i].reason;
        own = cli_advice(&outcome, &facts);
        if ((strcmp(own, general) != 0) != (reasons[i].advice == OWN))
            fail_msg("%s: '%s'", duva_reason_name(reasons[i].reason), own);
    }
}

/* The compiler warns of an error that is not here. */
static int is_known(duva_err err)
{
    switch (err) {
    case DUVA_OK: case DUVA_ERR_ARG: case DUVA_ERR_STATE: case DUVA_ERR_SPACE:
    case DUVA_ERR_RESOLVE: case DUVA_ERR_CONNECT: case DUVA_ERR_CLOSED:
    case DUVA_ERR_IO: case DUVA_ERR_TIMEOUT: case DUVA_ERR_CANCELLED:
    case DUVA_ERR_TLS: case DUVA_ERR_PROTOCOL: case DUVA_ERR_UNSUPPORTED:
    case DUVA_ERR_REJECTED: case DUVA_ERR_BODY: case DUVA_ERR_RESOURCES:
        return 1;
    }
    return 0;
}

static void test_errors(void **state)
{
    int err;

    (void)state;
    for (err = DUVA_ERR_RESOURCES; err <= DUVA_OK; err++)
        assert_true(is_known((duva_err)err));
    assert_false(is_known((duva_err)(DUVA_ERR_RESOURCES - 1)));
}

/* Every error at every stage for every reason, whoever asks. */
static void test_all(void **state)
{
    static const duva_verdict verdict[] = {
        DUVA_RETRY, DUVA_REFUSED, DUVA_UNCERTAIN
    };
    int err, stage, reason;
    size_t v;

    (void)state;
    for (err = DUVA_ERR_RESOURCES; err < DUVA_OK; err++)
        for (stage = 0; stage < DUVA_STAGES; stage++)
            for (reason = 0; reason < DUVA_REASONS; reason++)
                for (v = 0; v < 3; v++) {
                    start(err, stage, reason, verdict[v]);
                    assert_advised();
                    if (verdict[v] != DUVA_UNCERTAIN)
                        assert_int_equal(strstr(outcome.advice, "bug in duva")
                                             != NULL,
                                         is_ours(err, stage));
                    login.user = "ada";
                    login.token_file = "token";
                    options.server.implicit_tls = 1;
                    login.auth_given = 1;
                    assert_advised();
                }
}

static void test_proxy(void **state)
{
    int err, reason;

    (void)state;
    for (err = DUVA_ERR_RESOURCES; err < DUVA_OK; err++)
        for (reason = DUVA_REASON_LEFT_OUT;
             reason < DUVA_REASONS; reason++) {
            start(err, DUVA_STAGE_CONNECT,
                  reason == DUVA_REASON_LEFT_OUT ? 0 : reason,
                  DUVA_RETRY);
            connection.at_proxy = 1;
            strcpy(options.proxy.host, "proxy");
            strcpy(options.proxy.port, "1080");
            assert_advised();
            assert_non_null(strstr(text, "the proxy proxy:1080"));
            assert_non_null(strstr(text, "mx:25"));
        }
}

static void assert_tries(const char *words)
{
    if (strstr(cli_advice(&outcome, &facts), words) == NULL)
        fail_msg("'%s' is not in '%s'", words, cli_advice(&outcome, &facts));
}

/* The failures that people meet most. */
static void test_well_known(void **state)
{
    (void)state;
    start(DUVA_ERR_CONNECT, DUVA_STAGE_CONNECT, 0, DUVA_RETRY);
    outcome.mail.result.cause = ECONNREFUSED;
    assert_tries("nothing listens on that port");
    facts.not_set_up = 1;
    assert_tries("duva account add");
    facts.not_set_up = 0;
    outcome.mail.result.cause = ENETUNREACH;
    assert_tries("the network of this machine");
    start(DUVA_ERR_RESOURCES, DUVA_STAGE_TLS, 0, DUVA_RETRY);
    outcome.mail.result.cause = EMFILE;
    assert_tries("file descriptors");
    judge();
    assert_non_null(strstr(text, strerror(EMFILE)));
    assert_int_equal(outcome.exit_code, EX_OSERR);
    start(DUVA_ERR_RESOLVE, DUVA_STAGE_CONNECT, 0, DUVA_RETRY);
    outcome.mail.result.cause = EAI_AGAIN;
    assert_tries("name server");
    start(DUVA_ERR_TIMEOUT, DUVA_STAGE_CONNECT, 0, DUVA_RETRY);
    assert_tries("firewall");
    start(DUVA_ERR_TIMEOUT, DUVA_STAGE_GREETING, 0, DUVA_RETRY);
    assert_tries("smtps://");
    connection.secured.protocol = "TLSv1.3";
    assert_tries("later");
    start(DUVA_ERR_TLS, DUVA_STAGE_TLS, DUVA_REASON_NO_TLS, DUVA_RETRY);
    assert_tries("repair STARTTLS");
    options.server.implicit_tls = 1;
    assert_tries("begins without TLS");
    start(DUVA_ERR_TLS, DUVA_STAGE_DATA, DUVA_REASON_HANDSHAKE, DUVA_RETRY);
    assert_tries("another network");
    judge();
    assert_non_null(strstr(text, "after the handshake, at DATA"));
    start(DUVA_ERR_TLS, DUVA_STAGE_TLS, DUVA_REASON_NO_TLS, DUVA_RETRY);
    options.server.implicit_tls = 0;
    options.tls_mode = DUVA_TLS_IMPLICIT; /* by an account */
    assert_tries("begins without TLS");
    start(DUVA_ERR_REJECTED, DUVA_STAGE_RCPT, 0, DUVA_RETRY);
    assert_tries("some minutes");
    start(DUVA_ERR_REJECTED, DUVA_STAGE_RCPT, 0, DUVA_REFUSED);
    rcpt.status.enhanced[1] = 7;
    assert_tries("log in with --user");
    login.user = "ada";
    assert_tries("do not send it again unchanged");
    start(DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, 0, DUVA_REFUSED);
    outcome.mail.result.status.code = 530;
    assert_tries("try --tls required, or --user");
    connection.secured.protocol = "TLSv1.3";
    assert_tries("log in with --user");
    start(DUVA_ERR_REJECTED, DUVA_STAGE_GREETING, 0, DUVA_REFUSED);
    assert_tries("your provider's server");
    start(DUVA_ERR_PROTOCOL, DUVA_STAGE_GREETING, DUVA_REASON_REPLY_SYNTAX,
          DUVA_RETRY);
    assert_tries("check that it is a mail server");
}

/* Each reason of TLS has an advice that no other one has. */
static void test_tls(void **state)
{
    const char *advice[DUVA_REASON_CERT_OURS + 1];
    int reason, other;

    (void)state;
    for (reason = DUVA_REASON_HANDSHAKE; reason <= DUVA_REASON_CERT_OURS;
         reason++) {
        start(DUVA_ERR_TLS, DUVA_STAGE_TLS, reason, DUVA_RETRY);
        advice[reason] = cli_advice(&outcome, &facts);
        for (other = DUVA_REASON_HANDSHAKE; other < reason; other++)
            if (strcmp(advice[other], advice[reason]) == 0)
                fail_msg("%s is advised as %s is",
                         duva_reason_name((duva_reason)reason),
                         duva_reason_name((duva_reason)other));
        assert_advised();
        assert_non_null(strstr(text, duva_reason_text((duva_reason)reason)));
    }
}

/* A certificate for another host says for which. */
static void test_names(void **state)
{
    (void)state;
    start(DUVA_ERR_TLS, DUVA_STAGE_TLS, DUVA_REASON_CERT_NAME, DUVA_RETRY);
    strcpy(connection.cert_names, "a.example\n*.b.example\n");
    assert_advised();
    assert_non_null(
        strstr(text, "host name (it is for: a.example, *.b.example); "));
    connection.more_cert_names = 9;
    assert_advised();
    assert_non_null(strstr(text, "*.b.example and 9 more); "));
    outcome.mail.result.reason = DUVA_REASON_CERT_EXPIRED;
    assert_advised();
    assert_null(strstr(text, "a.example"));
}

/* A code that is about words comes before the stage. */
static void test_codes(void **state)
{
    static const uint16_t codes[] = { 500, 501, 502, 503, 504, 555 };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        start(DUVA_ERR_REJECTED, DUVA_STAGE_EHLO, 0, DUVA_REFUSED);
        outcome.mail.result.status.code = codes[i];
        assert_tries("--hello");
        start(DUVA_ERR_REJECTED, DUVA_STAGE_AUTH, 0, DUVA_REFUSED);
        outcome.mail.result.status.code = codes[i];
        login.user = "ada";
        assert_tries("--auth");
        start(DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, 0, DUVA_REFUSED);
        outcome.mail.result.status.code = codes[i];
        assert_tries("--user");
        login.user = "ada";
        assert_tries("--hello");
        parameters.mail.envid = "x";
        assert_tries("--envid");
        parameters.mail.by_mode = DUVA_BY_NOTIFY;
        assert_tries("--trace");
        start(DUVA_ERR_REJECTED, DUVA_STAGE_RCPT, 0, DUVA_REFUSED);
        rcpt.status.code = codes[i];
        assert_tries("check the addresses");
        parameters.mail.envid = "x"; /* not of RCPT */
        assert_tries("check the addresses");
        parameters.rcpt.notify = DUVA_NOTIFY_DELAY;
        assert_tries("--notify off");
        start(DUVA_ERR_REJECTED, DUVA_STAGE_BODY, 0, DUVA_REFUSED);
        outcome.mail.result.status.code = codes[i];
        assert_tries("unchanged");
        connection.chunked = 1;
        assert_tries("--chunking never");
    }
    start(DUVA_ERR_REJECTED, DUVA_STAGE_AUTH, 0, DUVA_REFUSED);
    outcome.mail.result.status.code = 535;
    assert_tries("the password");
    start(DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, 0, DUVA_REFUSED);
    outcome.mail.result.status.code = 550;
    parameters.mail.envid = "x";
    assert_tries("check --from");
}

/* What answers on the wrong port is known by its first words, and shown. */
static void test_wrong_port(void **state)
{
    static const struct {
        const char *heard, *words, *shown;
    } port[] = { { "* OK IMAP4rev1", "(IMAP)", "'* OK IMAP4rev1'" },
                 { "+OK POP3", "(POP3)", "'+OK POP3'" },
                 { "HTTP/1.1 400", "web server", "'HTTP/1.1 400'" },
                 { "SSH-2.0-x", "SSH", "'SSH-2.0-x'" },
                 { "\x15\x03\x01", "use smtps://", "'\\x15\\x03\\x01'" },
                 { "hello", "check that it is a mail server", "'hello'" } };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(port) / sizeof(port[0]); i++) {
        start(DUVA_ERR_PROTOCOL, DUVA_STAGE_GREETING,
              DUVA_REASON_REPLY_SYNTAX, DUVA_RETRY);
        connection.heard_len = strlen(port[i].heard);
        memcpy(connection.heard, port[i].heard, connection.heard_len);
        assert_tries(port[i].words);
        assert_advised();
        assert_non_null(strstr(text, port[i].shown));
    }
}

static void test_success_needs_none(void **state)
{
    (void)state;
    start(DUVA_OK, DUVA_STAGE_END, 0, DUVA_ACCEPTED);
    outcome.advice = "x";
    judge();
    assert_null(outcome.advice);
    assert_null(strstr(text, "; "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_proxy),
        cmocka_unit_test(test_well_known),
        cmocka_unit_test(test_tls),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_wrong_port),
        cmocka_unit_test(test_success_needs_none)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
