/* test_cli_options.c - arguments into options, and errors in them. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <sysexits.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <getopt.h>

#include "envelope/parameters.h"
#include "message/draft_files.h"
#include "options/send_options.h"
#include "options/server_options.h"
#include "text/fingerprint.h"

static struct cli_options o;

/* Reads up to ten arguments, ended by NULL. */
static int read_options(const char *first, ...)
{
    static char copy[10][64];
    char *argv[12] = { copy[0] };
    int argc = 1, done;
    va_list args;
    const char *text;

    strcpy(copy[0], "send");
    va_start(args, first);
    for (text = first; text != NULL; text = va_arg(args, const char *)) {
        strcpy(copy[argc], text);
        argv[argc] = copy[argc];
        argc++;
    }
    va_end(args);
    memset(&o, 0, sizeof(o));
    optind = 1;
    done = cli_options_read(&o, argc, argv);
    if (done == 0)
        done = cli_access_check(&o.access);
    return done == 0 ? cli_options_check(&o) : done;
}

static void test_defaults(void **state)
{
    (void)state;
    unsetenv("DUVA_SERVER");
    assert_int_equal(read_options("--from", "a@b", "--to", "c@d", NULL), 0);
    assert_string_equal(o.access.session.server.host, "localhost");
    assert_string_equal(o.access.session.server.port, "25");
    assert_string_equal(o.files.body, "-");
    assert_null(o.raw);
    assert_null(o.draft.subject);
    assert_null(o.access.login.user);
    assert_null(o.access.session.hello);
    assert_int_equal(o.access.session.timeout_s, 0);
    assert_false(o.access.trace || o.access.json || o.quiet
                 || o.access.session.allow_clear_password || o.all_or_nothing);
    assert_int_equal(o.draft.to.count, 1);
    assert_string_equal(o.draft.to.text[0], "c@d");
    cli_options_free(&o);
}

static void test_environment(void **state)
{
    (void)state;
    setenv("DUVA_SERVER", "smtp://[::1]:2525/", 1);
    assert_int_equal(read_options("--from", "a@b", "c@d", NULL), 0);
    assert_string_equal(o.access.session.server.host, "::1");
    assert_string_equal(o.access.session.server.port, "2525");
    cli_options_free(&o);
    assert_int_equal(read_options("--from", "a@b", "c@d", "--server", "mx",
                                  NULL), 0);
    assert_string_equal(o.access.session.server.host, "mx");
    assert_string_equal(o.access.session.server.port, "25");
    cli_options_free(&o);
    setenv("DUVA_SERVER", "", 1);
    assert_int_equal(read_options("--from", "a@b", "c@d", NULL), 0);
    assert_string_equal(o.access.session.server.host, "localhost");
    cli_options_free(&o);
    unsetenv("DUVA_SERVER");
}

static void test_flags_and_values(void **state)
{
    (void)state;
    assert_int_equal(read_options("--from=a@b", "--to=c@d", "--timeout=86400",
                                  "--trace", "--json", "--quiet",
                                  "--all-or-nothing", "--allow-clear-password",
                                  "--raw=letter", NULL), 0);
    assert_int_equal(o.access.session.timeout_s, 86400);
    assert_true(o.access.trace && o.access.json && o.quiet
                && o.access.session.allow_clear_password && o.all_or_nothing);
    assert_string_equal(o.raw, "letter");
    assert_null(o.files.body);
    cli_options_free(&o);
}

static void test_recipients_in_order(void **state)
{
    (void)state;
    assert_int_equal(read_options("--to", "1@x", "--from", "a@b", "--to",
                                  "2@x", "--", "--to", "-f@x", NULL), 0);
    assert_int_equal(o.draft.to.count, 4);
    assert_string_equal(o.draft.to.text[0], "1@x");
    assert_string_equal(o.draft.to.text[1], "2@x");
    assert_string_equal(o.draft.to.text[2], "--to");
    assert_string_equal(o.draft.to.text[3], "-f@x");
    cli_options_free(&o);
}

static void test_parameters(void **state)
{
    duva_rcpt rcpt[2] = { { .addr = "a@b" }, { .addr = "c@d" } };
    duva_mail mail = { .from = "e@f", .rcpt = rcpt, .rcpt_count = 2,
                       .flags = DUVA_MAIL_REQUIRETLS };
    duva_reason reason;

    (void)state;
    assert_int_equal(read_options("--from=a@b", "--to=c@d",
                                  "--notify=success,delay",
                                  "--deliver-by=-7,notify,trace",
                                  "--mt-priority=-9",
                                  "--rrvs=2026-01-02T03:04:05Z,continue",
                                  "--mail-param=XA=b=c", "--mail-param=XB",
                                  "--rcpt-param=XC", NULL), 0);
    assert_int_equal(o.parameters.rcpt.notify,
                     DUVA_NOTIFY_SUCCESS | DUVA_NOTIFY_DELAY);
    assert_int_equal(o.parameters.mail.by, -7);
    assert_int_equal(o.parameters.mail.by_mode, DUVA_BY_NOTIFY);
    assert_true(o.parameters.mail.by_trace);
    assert_int_equal(o.parameters.mail.priority, DUVA_PRIORITY(-9));
    assert_string_equal(o.parameters.rcpt.rrvs, "2026-01-02T03:04:05Z");
    assert_true(o.parameters.rcpt.rrvs_continue);
    cli_parameters_apply(&o.parameters, &mail);
    assert_int_equal(mail.extras->param_count, 2);
    assert_string_equal(mail.extras->param[0].name, "XA");
    assert_string_equal(mail.extras->param[0].value, "b=c");
    assert_null(mail.extras->param[1].value);
    assert_string_equal(rcpt[1].extras->param[0].name, "XC");
    assert_null(cli_parameters_check(&mail, &reason));
    assert_int_equal(rcpt[0].verdict, DUVA_PENDING);
    o.parameters.mail.envid = "a\nb";
    assert_non_null(strstr(cli_parameters_check(&mail, &reason), "--envid"));
    assert_int_equal(reason, DUVA_REASON_ENVID);
    cli_options_free(&o);
}

static void test_files(void **state)
{
    (void)state;
    assert_int_equal(read_options("--from=a@b", "--to=c@d", "--text=x",
                                  "--attach=/a/b;type=c", "--attach-type=d/e",
                                  "--inline=l@x=dir/p=1.png", "--attach=-",
                                  "--attach-name=out", NULL), 0);
    assert_int_equal(o.files.attachments, 3);
    assert_string_equal(o.files.attachment[0].name, "b;type=c");
    assert_string_equal(o.files.attachment[0].type, "d/e");
    assert_null(o.files.attachment[0].cid);
    assert_string_equal(o.files.attachment[1].cid, "l@x");
    assert_string_equal(o.files.attachment[1].name, "p=1.png");
    assert_null(o.files.attachment[1].type);
    assert_string_equal(o.files.attachment[2].name, "out");
    assert_int_equal(cli_draft_files_from_stdin(&o.files), 1);
    assert_null(o.files.body);
    cli_options_free(&o);
}

/* ---- TLS ---- */

static int read_tls(const char *server, const char *a, const char *b)
{
    cli_options_free(&o);
    return read_options("--from", "a@b", "c@d", "--server", server, a, b,
                        NULL);
}

static void mode_is(duva_tls_mode mode, const char *port, int asked)
{
    assert_int_equal(o.access.session.tls_mode, mode);
    assert_string_equal(o.access.session.server.port, port);
    assert_int_equal(cli_asks_for_tls(&o.access.session), asked);
}

static void test_tls_modes(void **state)
{
    (void)state;
    memset(&o, 0, sizeof(o));
    assert_int_equal(read_tls("mx", NULL, NULL), 0);
    mode_is(DUVA_TLS_REQUIRED, "25", 0);
    assert_int_equal(read_tls("mx", "--tls=required", NULL), 0);
    mode_is(DUVA_TLS_REQUIRED, "25", 1);
    assert_int_equal(read_tls("mx", "--tls=opportunistic", NULL), 0);
    mode_is(DUVA_TLS_IF_OFFERED, "25", 1);
    assert_int_equal(read_tls("mx", "--tls=never", NULL), 0);
    mode_is(DUVA_TLS_NEVER, "25", 1);
    assert_int_equal(read_tls("mx", "--tls=implicit", NULL), 0);
    mode_is(DUVA_TLS_IMPLICIT, "465", 1);
    assert_int_equal(read_tls("mx:25", "--tls=implicit", NULL), 0);
    mode_is(DUVA_TLS_IMPLICIT, "25", 1);
    assert_int_equal(read_tls("smtps://mx", NULL, NULL), 0);
    mode_is(DUVA_TLS_IMPLICIT, "465", 1);
    assert_int_equal(read_tls("smtps://mx:1", "--tls=implicit", NULL), 0);
    mode_is(DUVA_TLS_IMPLICIT, "1", 1);
    assert_int_equal(read_tls("mx", "--ca=file", NULL), 0);
    mode_is(DUVA_TLS_REQUIRED, "25", 1);
    assert_int_equal(read_tls("mx", "--client-cert=file", NULL), 0);
    mode_is(DUVA_TLS_REQUIRED, "25", 1);
    assert_string_equal(o.access.session.tls.key_file, "file");
    assert_int_equal(read_tls("mx", "--dangerously-trust-everyone", NULL), 0);
    mode_is(DUVA_TLS_REQUIRED, "25", 1);
    cli_options_free(&o);
}

static void test_tls_mistakes(void **state)
{
    (void)state;
    memset(&o, 0, sizeof(o));
    assert_int_equal(read_tls("mx", "--tls=yes", NULL), EX_USAGE);
    assert_int_equal(read_tls("mx", "--tls=", NULL), EX_USAGE);
    assert_int_equal(read_tls("mx", "--pin=x", NULL), EX_USAGE);
    assert_int_equal(read_tls("mx", "--client-key=x", NULL), EX_USAGE);
    assert_int_equal(read_tls("mx", "--tls=never", "--ca=x"), EX_USAGE);
    assert_int_equal(read_tls("mx", "--ca=x", "--dangerously-trust-everyone"),
                     EX_USAGE);
    assert_int_equal(read_tls("smtps://mx", "--tls=never", NULL), EX_USAGE);
    assert_int_equal(read_tls("smtps://mx", "--tls=required", NULL), EX_USAGE);
    cli_options_free(&o);
}

#define HEX "00030507f9fbfdff00000000000000000000000000000000000000000000fEFf"
#define BASE64 "AAMFB/n7/f8AAAAAAAAAAAAAAAAAAAAAAAAAAAAA/v8"

static void test_pins(void **state)
{
    static const uint8_t begin[] = { 0, 3, 5, 7, 0xF9, 0xFB, 0xFD, 0xFF, 0 };
    static const uint8_t end[] = { 0, 0, 0xFE, 0xFF };
    static const char *const good[] = { HEX, "sha256/" BASE64 "=",
                                        "SHA256/" BASE64 "=" };
    static const char *const bad[] = {
        "", "sha256/", BASE64 "=", "sha256/" HEX, "sha256/" BASE64,
        "sha256/" BASE64 "==", "sha256/" BASE64 "A", "sha256/" BASE64 "=\n",
        "sha256/AA-FB/n7/f8AAAAAAAAAAAAAAAAAAAAAAAAAAAAA/v8=",
        "sha256/AAMFB/n7/f8AAAAAAAAAAAAAAAAAAAAAAAAAAAAA/v9=",
        HEX "0", &HEX[1],
        "g0030507f9fbfdff00000000000000000000000000000000000000000000fEFf"
    };
    duva_pin pin;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        memset(&pin, 0x55, sizeof(pin));
        assert_null(cli_pin_parse(pin.sha256, good[i]));
        assert_memory_equal(pin.sha256, begin, sizeof(begin));
        assert_memory_equal(pin.sha256 + 28, end, sizeof(end));
    }
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_non_null(cli_pin_parse(pin.sha256, bad[i]));
    memset(&o, 0, sizeof(o));
    assert_int_equal(read_tls("mx", "--pin=sha256/" BASE64 "=",
                              "--pin=SHA256/" BASE64 "="), 0);
    assert_int_equal(o.access.session.tls.pin_count, 2);
    assert_ptr_equal(o.access.session.tls.pin, o.access.session.pin);
    assert_memory_equal(o.access.session.tls.pin[1].sha256, begin,
                        sizeof(begin));
    cli_options_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_flags_and_values),
        cmocka_unit_test(test_recipients_in_order),
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_tls_modes),
        cmocka_unit_test(test_tls_mistakes),
        cmocka_unit_test(test_pins)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
