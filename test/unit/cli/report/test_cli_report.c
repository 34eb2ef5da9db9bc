/* test_cli_report.c - results into exit codes and summaries. */
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
#include "report/recipients_text.h"
#include "judged.h"

static duva_rcpt rcpt[3];

static void start(duva_verdict verdict, duva_err err, duva_stage stage,
                  uint16_t code, const char *words)
{
    duva_result *r = &outcome.mail.result;

    start_outcome(rcpt, 3);
    outcome.mail.policy = DUVA_WHOEVER_IS_ACCEPTED;
    rcpt[0].addr = "a@example.org";
    rcpt[1].addr = "b@example.org";
    rcpt[2].addr = "c@example.org";
    rcpt[0].verdict = rcpt[1].verdict = rcpt[2].verdict = verdict;
    r->verdict = verdict;
    r->err = err;
    r->status.stage = (uint16_t)stage;
    r->status.code = code;
    strcpy(r->text, words);
}

static void assert_judged(int exit_code, const char *words)
{
    judge();
    assert_int_equal(outcome.exit_code, exit_code);
    if (strstr(text, words) == NULL)
        fail_msg("'%s' is not in '%s'", words, text);
}

static void test_accepted(void **state)
{
    (void)state;
    start(DUVA_ACCEPTED, DUVA_OK, DUVA_STAGE_END, 250, "Ok: queued as 1");
    assert_judged(0, "accepted by mx:25: 250 Ok: queued as 1");
    outcome.mail.result.status.enhanced[0] = 2;
    assert_judged(0, "accepted by mx:25: 250 2.0.0 Ok");
}

static void test_most_serious_recipient(void **state)
{
    (void)state;
    start(DUVA_ACCEPTED, DUVA_OK, DUVA_STAGE_END, 250, "Ok");
    rcpt[1].verdict = DUVA_RETRY;
    assert_judged(EX_TEMPFAIL, "for 2 of 3 recipients: 250 Ok");
    rcpt[2].verdict = DUVA_REFUSED;
    assert_judged(EX_UNAVAILABLE, "for 1 of 3 recipients");
    start(DUVA_UNCERTAIN, DUVA_ERR_CLOSED, DUVA_STAGE_END, 0, "");
    rcpt[1].verdict = DUVA_REFUSED;
    rcpt[1].status.code = 550;
    assert_judged(EX_UNCERTAIN, "may have been delivered; b@example.org "
                                "rejected: 550; check");
}

/* Whoever was accepted is never rejected with the others. */
static void test_each_by_name(void **state)
{
    static char full[] = "Mailbox full", saved[] = "Saved";

    (void)state;
    start(DUVA_RETRY, DUVA_ERR_REJECTED, DUVA_STAGE_END, 421, "Bye");
    rcpt[0].verdict = DUVA_ACCEPTED;
    rcpt[0].status.code = 250;
    rcpt[0].text = saved;
    rcpt[1].verdict = DUVA_REFUSED;
    rcpt[1].status.code = 552;
    rcpt[1].text = full;
    assert_judged(EX_UNAVAILABLE,
                  "accepted by mx:25 for 1 of 3 recipients: 250 Saved; "
                  "b@example.org rejected: 552 Mailbox full; c@example.org "
                  "deferred: 421 Bye; if you send it again");
    rcpt[2].verdict = DUVA_UNCERTAIN;
    outcome.mail.result.verdict = DUVA_UNCERTAIN;
    outcome.mail.result.err = DUVA_ERR_CLOSED;
    assert_judged(EX_UNCERTAIN, "c@example.org uncertain: connection closed by "
                                "the server; check whether it was delivered");
    start(DUVA_RETRY, DUVA_ERR_REJECTED, DUVA_STAGE_RCPT, 421, "Bye");
    assert_judged(EX_TEMPFAIL, "closed the session at RCPT TO: 421 Bye; send "
                               "it again later");
}

/* A list that is too long says how many it leaves out. */
static void test_many_by_name(void **state)
{
    char list[100];

    (void)state;
    start(DUVA_REFUSED, DUVA_ERR_REJECTED, DUVA_STAGE_RCPT, 550, "");
    rcpt[0].status.code = rcpt[1].status.code = rcpt[2].status.code = 550;
    assert_int_equal(cli_recipients_text(list, sizeof(list), &outcome.mail, 1),
                     3);
    assert_string_equal(list, "a@example.org rejected: 550; "
                              "b@example.org rejected: 550; and 1 more");
    rcpt[1].status.code = 250;
    assert_int_equal(cli_recipients_text(list, sizeof(list), &outcome.mail, 1),
                     2);
    assert_string_equal(list, "a@example.org rejected: 550; "
                              "c@example.org rejected: 550");
    assert_int_equal(cli_recipients_text(list, 40, &outcome.mail, 1), 2);
    assert_string_equal(list, "2 more");
}

static void test_rejected(void **state)
{
    (void)state;
    start(DUVA_REFUSED, DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, 550, "no\nway");
    assert_judged(EX_UNAVAILABLE, "rejected by mx:25 at MAIL FROM: 550 no way");
    start(DUVA_RETRY, DUVA_ERR_REJECTED, DUVA_STAGE_END, 451, "");
    assert_judged(EX_TEMPFAIL, "at end of data: 451; send it again");
    start(DUVA_REFUSED, DUVA_ERR_REJECTED, DUVA_STAGE_RCPT, 550, "");
    assert_judged(EX_UNAVAILABLE, "accepted none of the recipients");
    outcome.mail.policy = DUVA_ALL_OR_NOTHING;
    assert_judged(EX_UNAVAILABLE, "did not accept every recipient: ");
    facts.all_or_nothing = 1;
    assert_judged(EX_UNAVAILABLE, "recipient (--all-or-nothing): ");
    outcome.mail.rcpt_count = 1;
    assert_judged(EX_UNAVAILABLE, "rejected a@example.org: 550");
}

static void test_authentication(void **state)
{
    (void)state;
    start(DUVA_REFUSED, DUVA_ERR_REJECTED, DUVA_STAGE_AUTH, 535, "Bad");
    assert_judged(EX_NOPERM, "authentication rejected by mx:25: 535 Bad");
    start(DUVA_RETRY, DUVA_ERR_REJECTED, DUVA_STAGE_AUTH, 454, "Later");
    assert_judged(EX_TEMPFAIL, "authentication deferred by mx:25: 454 Later");
    start(DUVA_RETRY, DUVA_ERR_UNSUPPORTED, DUVA_STAGE_AUTH, 0, "");
    outcome.mail.result.reason = DUVA_REASON_NO_AUTH;
    assert_judged(EX_NOPERM, "no authentication mechanism in common");
    outcome.mail.result.reason = DUVA_REASON_CLEAR_LINK;
    assert_judged(EX_NOPERM, "--allow-clear-password");
}

static void test_errors(void **state)
{
    (void)state;
    start(DUVA_RETRY, DUVA_ERR_RESOLVE, DUVA_STAGE_CONNECT, 0, "");
    outcome.mail.result.cause = EAI_NONAME;
    assert_judged(EX_NOHOST, "check the name of the server");
    outcome.mail.result.cause = EAI_AGAIN;
    assert_judged(EX_TEMPFAIL, "send it again later");
    outcome.mail.result.cause = EAI_MEMORY;
    assert_judged(EX_OSERR, "no address for mx:25");
    start(DUVA_RETRY, DUVA_ERR_CONNECT, DUVA_STAGE_CONNECT, 0, "");
    outcome.mail.result.cause = ECONNREFUSED;
    assert_judged(EX_TEMPFAIL, strerror(ECONNREFUSED));
    start(DUVA_RETRY, DUVA_ERR_TIMEOUT, DUVA_STAGE_DATA, 0, "");
    assert_judged(EX_TEMPFAIL, "time is up (mx:25, at DATA)");
    start(DUVA_RETRY, DUVA_ERR_CANCELLED, DUVA_STAGE_EHLO, 0, "");
    outcome.mail.result.cause = 2;
    assert_judged(EX_TEMPFAIL, "cancelled at EHLO");
    start(DUVA_RETRY, DUVA_ERR_PROTOCOL, DUVA_STAGE_GREETING, 0, "");
    outcome.mail.result.reason = DUVA_REASON_REPLY_SYNTAX;
    assert_judged(EX_PROTOCOL, "at greeting: not an SMTP reply");
    start(DUVA_UNCERTAIN, DUVA_ERR_PROTOCOL, DUVA_STAGE_END, 0, "");
    assert_judged(EX_UNCERTAIN, "uncertain");
    start(DUVA_REFUSED, DUVA_ERR_UNSUPPORTED, DUVA_STAGE_MAIL, 0, "");
    outcome.mail.result.reason = DUVA_REASON_TOO_BIG;
    assert_judged(EX_UNAVAILABLE, "larger than mx:25 accepts");
    start(DUVA_RETRY, DUVA_ERR_BODY, DUVA_STAGE_BODY, 0, "");
    outcome.mail.result.reason = DUVA_REASON_SOURCE;
    assert_judged(EX_NOINPUT, "changed while it was read");
    start(DUVA_REFUSED, DUVA_ERR_ARG, DUVA_STAGE_CONNECT, 0, "");
    assert_judged(EX_SOFTWARE, "internal error");
}

/* The words of a server are harmless and never too long for the line. */
static void test_words(void **state)
{
    char nasty[DUVA_TEXT_SIZE];

    (void)state;
    start(DUVA_REFUSED, DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, 550,
          "\x1B[2J\x9B\xE2\x80\xAE");
    assert_judged(EX_UNAVAILABLE, "550 \\x1B[2J\\x9B\\xE2\\x80\\xAE;");
    memset(nasty, 0x1B, sizeof(nasty));
    nasty[sizeof(nasty) - 1] = '\0';
    start(DUVA_REFUSED, DUVA_ERR_REJECTED, DUVA_STAGE_MAIL, 550, nasty);
    memset(options.server.host, 'h', sizeof(options.server.host) - 1);
    assert_judged(EX_UNAVAILABLE, "; do not send it again unchanged");
    assert_null(strchr(text, 0x1B));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_most_serious_recipient),
        cmocka_unit_test(test_each_by_name),
        cmocka_unit_test(test_many_by_name),
        cmocka_unit_test(test_rejected),
        cmocka_unit_test(test_authentication),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_words)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
