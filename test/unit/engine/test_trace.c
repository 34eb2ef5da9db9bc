/* test_trace.c - the events of a conversation: trace.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/engine.h"

#include "cmocka_all.h"

#include <stdio.h>

static duva_engine   e;
static duva_config   config;
static uint8_t       buf[DUVA_BUFFER_MIN];
static duva_tls_info info;
static char          seen[4096];

/* Whole lines as "C stage text" or "S stage code text", with "+" for a line
 * that is not the last of its reply. */
static void trace(void *ctx, const duva_trace_event *event)
{
    static char   line[256];
    static size_t len;
    const size_t  n = strlen(seen);

    (void)ctx;
    assert_true(event->from == 'C' || event->from == 'S');
    if (event->len == 0) {
        assert_int_equal(event->stage, DUVA_STAGE_TLS);
        assert_int_equal(event->ends, 0);
        snprintf(seen + n, sizeof(seen) - n, "TLS\n");
        return;
    }
    memcpy(line + len, event->text, event->len);
    len += event->len;
    if (!event->ends) {
        assert_int_equal(event->last, 0);
        return;
    }
    line[len - 1 - (len > 1 && line[len - 2] == '\r')] = '\0';
    len = 0;
    if (event->from == 'C')
        snprintf(seen + n, sizeof(seen) - n, "C %s %s\n",
                 duva_stage_name(event->stage), line);
    else
        snprintf(seen + n, sizeof(seen) - n, "S %s %u%s %s\n",
                 duva_stage_name(event->stage), event->code,
                 event->last ? "" : "+", line);
}

static void begin(duva_tls_mode tls, uint32_t options)
{
    memset(&config, 0, sizeof(config));
    config.name = "me.example";
    config.tls = tls;
    config.options = options;
    config.trace = trace;
    seen[0] = '\0';
    assert_int_equal(duva_init(&e, &config, buf, sizeof(buf)), DUVA_OK);
}

static void feed(const char *text, size_t piece)
{
    size_t len = strlen(text), n;

    for (; len > 0 && duva_next(&e) != DUVA_CLOSED; len -= n, text += n) {
        n = len < piece ? len : piece;
        assert_int_equal(duva_feed(&e, text, n), DUVA_OK);
    }
}

static void send_all(void)
{
    size_t len;

    while (duva_next(&e) == DUVA_SEND) {
        duva_pending(&e, &len);
        duva_sent(&e, len);
    }
}

static void stages(void **state)
{
    static const char wanted[] =
        "S greeting 220+ 220-hi\nS greeting 220 220 there\n"
        "C ehlo EHLO me.example\nS ehlo 250+ 250-x\nS ehlo 250 250 STARTTLS\n"
        "C starttls STARTTLS\nS starttls 220 220\nTLS\n"
        "C ehlo EHLO me.example\nS ehlo 250+ 250-x\nS ehlo 250 250 AUTH PLAIN\n"
        "C auth AUTH PLAIN ***\nS auth 235 235 ok\n"
        "C quit QUIT\nS quit 221 221 bye\n";
    duva_sasl_password plain;
    size_t             piece;

    (void)state;
    for (piece = 1; piece < 60; piece++) {
        begin(DUVA_TLS_REQUIRED, DUVA_ALLOW_CLEAR_PASSWORD);
        duva_sasl_plain_init(&plain, "ada", "opensesame");
        feed("220-hi\r\n220 there\r\n", piece);
        send_all();
        feed("250-x\r\n250 STARTTLS\r\n", piece);
        send_all();
        feed("220\r\n", piece);
        assert_int_equal(duva_tls_done(&e, &info), DUVA_OK);
        send_all();
        feed("250-x\r\n250 AUTH PLAIN\r\n", piece);
        assert_int_equal(duva_auth(&e, &plain.base), DUVA_OK);
        send_all();
        feed("235 ok\r\n", piece);
        assert_int_equal(duva_quit(&e), DUVA_OK);
        send_all();
        feed("221 bye\r\n", piece);
        assert_string_equal(seen, wanted);
    }
}

/* What is no reply has no code, and neither has what follows it. */
static void bad_replies(void **state)
{
    static const struct {
        const char *octets, *seen;
    } bad[] = {
        { "SSH-2.0-x\r\n", "S greeting 0+ SSH-2.0-x\n" },
        { "22\r\n", "S greeting 0+ 22\n" },
        { "\r\n", "S greeting 0+ \n" },
        { "220-a\r\n250 b\r\n",
          "S greeting 220+ 220-a\nS greeting 0+ 250 b\n" },
        { "421 no\r\n250 b\r\n",
          "S greeting 421 421 no\nS greeting 0+ 250 b\n" },
        { "220\n", "S greeting 220 220\n" }
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        begin(DUVA_TLS_NEVER, 0);
        feed(bad[i].octets, 100);
        assert_int_equal(duva_next(&e), DUVA_CLOSED);
        assert_string_equal(seen, bad[i].seen);
    }
}

/* Octets between STARTTLS and the handshake. */
static void injection(void **state)
{
    (void)state;
    begin(DUVA_TLS_IMPLICIT, 0);
    feed("220 hi\r\n", 100);
    assert_string_equal(seen, "S tls 0+ 220 hi\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages),
        cmocka_unit_test(bad_replies),
        cmocka_unit_test(injection),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
