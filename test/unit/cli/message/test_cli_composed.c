/* test_cli_composed.c - options into a composed message, an envelope and
 * errors. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "duva/config.h"
#include "message/composed.h"
#include "message/message_id.h"
#include "system/input.h"

static struct cli_draft    draft;
static struct cli_composed composed;
static struct cli_input    text;

static int set_up(void **state)
{
    (void)state;
    memset(&draft, 0, sizeof(draft));
    cli_input_text(&text, "--text", "Water!\n", 7);
    draft.from = "Pump <pump@example.net>";
    draft.text = &text;
    draft.date.at = 1;
    draft.date.zone = 60;
    draft.dated = 1;
    return cli_texts_add(&draft.to, "ada@example.org");
}

static int tear_down(void **state)
{
    (void)state;
    cli_composed_free(&composed);
    cli_texts_free(&draft.to);
    cli_texts_free(&draft.cc);
    cli_texts_free(&draft.bcc);
    cli_texts_free(&draft.headers);
    return 0;
}

/* All of a message, in pieces. */
static char *read_all(struct cli_composed *l, size_t piece)
{
    char  *all = calloc(1, 1 << 20);
    size_t n = 0;
    int    got;

    assert_non_null(all);
    assert_int_equal(cli_composed_read(l, NULL, 0), 0);
    while ((got = cli_composed_read(l, all + n, piece)) > 0)
        n += (size_t)got;
    assert_int_equal(got, 0);
    all[n] = '\0';
    return all;
}

static void assert_has(const char *words)
{
    char *all = read_all(&composed, 1000);

    if (strstr(all, words) == NULL)
        fail_msg("no '%s' in\n%s", words, all);
    free(all);
}

static void make(void)
{
    assert_int_equal(cli_composed_make(&composed, &draft), 0);
}

static size_t recipients(duva_rcpt *rcpt)
{
    return cli_draft_addresses_recipients(&composed.addresses, rcpt);
}

static void assert_wrong(int code, const char *problem)
{
    assert_int_equal(cli_composed_make(&composed, &draft), code);
    assert_string_equal(composed.problem.text, problem);
    cli_composed_free(&composed);
}

static void test_plain(void **state)
{
    duva_mail mail = { .flags = DUVA_MAIL_REQUIRETLS };
    char *all, *again;

    (void)state;
    draft.subject = "Alarm";
    draft.message_id = "<1@example.net>";
    make();
    assert_int_equal(cli_composed_fit(&composed, 0, &mail), 0);
    all = read_all(&composed, 4096);
    assert_string_equal(all,
        "Date: Thu, 01 Jan 1970 01:00:01 +0100\r\n"
        "From: Pump <pump@example.net>\r\n"
        "To: ada@example.org\r\n"
        "Subject: Alarm\r\n"
        "Message-ID: <1@example.net>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 7bit\r\n"
        "\r\n"
        "Water!\r\n");
    again = read_all(&composed, 1);
    assert_string_equal(all, again);
    assert_int_equal(mail.size, strlen(all));
    assert_int_equal(mail.flags, DUVA_MAIL_REQUIRETLS | DUVA_MAIL_EXACT
                                     | DUVA_MAIL_AS_IS);
    free(all);
    free(again);
}

static void test_envelope(void **state)
{
    duva_rcpt rcpt[5] = { { .addr = NULL } };

    (void)state;
    assert_int_equal(cli_texts_add(&draft.to, "G: b@x, \"c d\"@x;"), 0);
    assert_int_equal(cli_texts_add(&draft.bcc, "root"), 0);
    assert_int_equal(cli_texts_add(&draft.cc, "Eve <e@x>"), 0);
    make();
    assert_int_equal(recipients(NULL), 5);
    assert_int_equal(recipients(rcpt), 5);
    assert_string_equal(rcpt[0].addr, "ada@example.org");
    assert_string_equal(rcpt[1].addr, "b@x");
    assert_string_equal(rcpt[2].addr, "\"c d\"@x");
    assert_string_equal(rcpt[3].addr, "e@x");
    assert_string_equal(rcpt[4].addr, "root");
    assert_string_equal(composed.addresses.return_path, "pump@example.net");
    assert_has("\r\nTo: ada@example.org, G: b@x, \"c d\"@x;\r\n"
               "Cc: Eve <e@x>\r\nMessage-ID");
    cli_composed_free(&composed);
    draft.sender = "S <s@x>";
    make();
    assert_string_equal(composed.addresses.return_path, "s@x");
    cli_composed_free(&composed);
    draft.envelope_from = "bounces@x";
    make();
    assert_string_equal(composed.addresses.return_path, "bounces@x");
    cli_composed_free(&composed);
    draft.envelope_from = "";
    make();
    assert_string_equal(composed.addresses.return_path, "");
}

static void test_envelope_alone(void **state)
{
    duva_rcpt rcpt = { .addr = NULL };

    (void)state;
    draft.from = NULL;
    draft.to.text[0] = "root";
    assert_int_equal(cli_composed_envelope(&composed, &draft), 0);
    assert_int_equal(recipients(&rcpt), 1);
    assert_string_equal(rcpt.addr, "root");
    assert_string_equal(composed.addresses.return_path, "");
    assert_false(composed.is_composed);
}

static void test_beyond_ascii(void **state)
{
    duva_mail mail = { .flags = 0 };
    duva_rcpt rcpt = { .addr = NULL };

    (void)state;
    draft.to.text[0] = "Bj\xC3\xB6rn <bjorn@b\xC3\xBC" "cher.example>";
    make();
    assert_int_equal(recipients(&rcpt), 1);
    assert_string_equal(rcpt.addr, "bjorn@xn--bcher-kva.example");
    assert_has("To: =?utf-8?B?QmrDtnJu?= <bjorn@xn--bcher-kva.example>");
    assert_false(composed.addresses.utf8);
    cli_composed_free(&composed);
    draft.utf8 = 1;
    make();
    assert_has("To: Bj\xC3\xB6rn <bjorn@b\xC3\xBC" "cher.example>");
    assert_int_equal(cli_composed_fit(&composed, 0, &mail), 0);
    assert_true(mail.flags & DUVA_MAIL_UTF8);
    cli_composed_free(&composed);
    draft.utf8 = 0;
    draft.to.text[0] = "bj\xC3\xB6rn@x";
    make();
    assert_true(composed.addresses.utf8);
    assert_has("To: bj\xC3\xB6rn@x\r\n");
}

static void test_8bit(void **state)
{
    duva_mail mail = { .flags = 0 };

    (void)state;
    cli_input_text(&text, "--text", "Bl\xC3\xA5st\n", 7);
    make();
    assert_int_equal(cli_composed_fit(&composed, DUVA_CAP_8BITMIME, &mail), 0);
    assert_true(mail.flags & DUVA_MAIL_8BIT);
    assert_has("8bit\r\n\r\nBl\xC3\xA5st\r\n");
    assert_int_equal(cli_composed_fit(&composed, DUVA_CAP_SIZE, &mail), 0);
    assert_false(mail.flags & DUVA_MAIL_8BIT);
    assert_has("base64\r\n\r\nQmzDpXN0DQo=\r\n");
    cli_composed_free(&composed);
    cli_input_text(&text, "--text", "Bl\xE5st\n", 6);
    make();
    assert_has("charset=unknown-8bit\r\n");
    cli_composed_free(&composed);
    draft.charset = "iso-8859-1";
    make();
    assert_has("charset=iso-8859-1\r\n");
    cli_composed_free(&composed);
    draft.charset = "utf-8";
    assert_wrong(EX_DATAERR, "--text: line 1: octets that are not UTF-8; give "
                             "its character set with --charset");
}

/* The last line has its end, and it is counted. */
static void test_open_ended(void **state)
{
    static const char *const end[] = { "end", "=", "\xC3\xA9", "\r", " ",
                                       "end\n", "" };
    duva_mail mail = { .flags = 0 };
    char  *all;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(end) / sizeof(end[0]); i++) {
        cli_input_text(&text, "--text", end[i], strlen(end[i]));
        make();
        assert_int_equal(cli_composed_fit(&composed, 0, &mail), 0);
        all = read_all(&composed, 1);
        assert_int_equal(mail.size, strlen(all));
        assert_string_equal(all + strlen(all) - 2, "\r\n");
        assert_true(end[i][0] == '\0'
                    || strcmp(all + strlen(all) - 4, "\r\n\r\n") != 0);
        free(all);
        cli_composed_free(&composed);
    }
}

static void test_parts(void **state)
{
    static const char zeros[300];
    struct cli_input html, picture, invitation;
    struct cli_attachment with[]
        = { { &picture,
              "f\xC3\xAA"
              "te.png",
              NULL, NULL, NULL },
            { &picture, "logo", "image/x-logo", "logo@x", NULL } };
    duva_mail mail = { .flags = 0 };
    struct cli_composed other;

    (void)state;
    cli_input_text(&html, "h", "<b>Water!</b>", 13);
    cli_input_text(&picture, "p", zeros, sizeof(zeros));
    cli_input_text(&invitation, "i", "BEGIN:VCALENDAR\r\nmethod:REQUEST\r\n",
                   33);
    draft.html = &html;
    draft.calendar = &invitation;
    draft.attachment = with;
    draft.attachments = 2;
    make();
    assert_int_equal(cli_composed_make(&other, &draft), 0); /* and one more */
    cli_composed_free(&other);
    assert_has("Content-Type: multipart/mixed;");
    assert_has("Content-Type: multipart/alternative;");
    assert_has("Content-Type: multipart/related;");
    assert_has("Content-Type: text/calendar; charset=utf-8; method=REQUEST\r");
    assert_has("Content-Type: image/png;\r\n name=\"=?utf-8?");
    assert_has("Content-Type: image/x-logo;");
    assert_has("Content-ID: <logo@x>");
    assert_int_equal(cli_composed_fit(&composed, DUVA_CAP_8BITMIME, &mail), 0);
    assert_int_not_equal(mail.size, 0);
    assert_int_equal(cli_composed_fit(&composed,
                                      DUVA_CAP_BINARYMIME | DUVA_CAP_CHUNKING,
                                      &mail),
                     0);
    assert_true(mail.flags & DUVA_MAIL_BINARY);
    assert_has("Content-Transfer-Encoding: binary");
    assert_int_equal(cli_composed_fit(&composed, DUVA_CAP_BINARYMIME, &mail),
                     0);
    assert_false(mail.flags & DUVA_MAIL_BINARY);
}

static void test_fields(void **state)
{
    (void)state;
    draft.reply_to = "Desk <desk@x>, b@x";
    draft.in_reply_to = "<a@b>";
    draft.references = "<a@b> <c@d>";
    draft.priority = CLI_PRIORITY_HIGH;
    assert_int_equal(cli_texts_add(&draft.headers, "X-Tank: 3"), 0);
    assert_int_equal(cli_texts_add(&draft.headers, "X-Note:Gr\xC3\xBC\xC3\x9F"
                                                   "e"), 0);
    make();
    assert_has("\r\nReply-To: Desk <desk@x>, b@x\r\n");
    assert_has("\r\nIn-Reply-To: <a@b>\r\nReferences: <a@b> <c@d>\r\n");
    assert_has("\r\nX-Priority: 1 (Highest)\r\nImportance: High\r\n");
    assert_has("\r\nX-Tank: 3\r\nX-Note: =?utf-8?B?R3LDvMOfZQ==?=\r\n");
}

static void test_flowed(void **state)
{
    char words[400];
    duva_mail mail = { .flags = 0 };
    char *all;

    (void)state;
    memset(words, 'w', sizeof(words));
    words[50] = words[100] = words[150] = words[200] = ' ';
    words[399] = '\n';
    cli_input_text(&text, "--text", words, sizeof(words));
    draft.flowed = 1;
    make();
    assert_has("format=flowed; delsp=yes");
    assert_int_equal(cli_composed_fit(&composed, 0, &mail), 0);
    all = read_all(&composed, 1000);
    assert_int_equal(mail.size, strlen(all));
    free(all);
}

static void test_mistakes(void **state)
{
    (void)state;
    draft.subject = "a\r\nBcc: eve@x";
    assert_wrong(EX_USAGE, "--subject: a control character");
    draft.subject = NULL;
    draft.to.text[0] = "a@b, c@d@e";
    assert_wrong(EX_USAGE, "--to 'c@d@e': a character that has no place "
                           "there");
    draft.to.text[0] = "root";
    assert_wrong(EX_USAGE, "--to 'root': it has no domain, which an address in "
                           "a header needs; write it as name@host, or use "
                           "--bcc");
    draft.to.text[0] = "a@b";
    draft.from = "a@b, c@d";
    assert_wrong(EX_USAGE, "--from 'a@b, c@d': more than one author needs "
                           "--sender");
    draft.from = "a@b";
    draft.message_id = "1@x";
    assert_wrong(EX_USAGE, "--message-id: a character that has no place "
                           "there; write it as <id@example.org>");
    draft.message_id = NULL;
    draft.envelope_from = "a@b, c@d";
    assert_wrong(EX_USAGE, "--envelope-from 'a@b, c@d': more than one "
                           "address");
    draft.envelope_from = NULL;
    assert_int_equal(cli_texts_add(&draft.headers, "X-Tank 3"), 0);
    assert_wrong(EX_USAGE, "--header 'X-Tank 3': it must be 'Name: value'");
    draft.headers.text[0] = "Bcc: eve@x";
    assert_wrong(EX_USAGE, "--header: header name: there may be only one of "
                           "these; use the option for this field, or leave it "
                           "out");
    draft.headers.text[0] = "X-Tank: 3\nX: y";
    assert_wrong(EX_USAGE, "--header: X-Tank: a control character");
}

static void test_message_id(void **state)
{
    char id[CLI_MESSAGE_ID_SIZE], addr[400];

    (void)state;
    cli_message_id(id, "1.2", "ada@example.org");
    assert_string_equal(id, "<1.2@example.org>");
    cli_message_id(id, "1", "\"a@b\"@[192.0.2.1]");
    assert_string_equal(id, "<1@[192.0.2.1]>");
    cli_message_id(id, "1", "root");
    assert_string_equal(id, "<1@localhost>");
    memset(addr, 'x', sizeof(addr));
    memcpy(addr, "a@", 2);
    addr[sizeof(addr) - 1] = '\0';
    cli_message_id(id, "1", addr);
    assert_string_equal(id, "<1@localhost>");
}

/* The merge says what is before the "@". */
static void test_unique(void **state)
{
    (void)state;
    draft.unique = "run.7";
    make();
    assert_string_equal(cli_composed_message_id(&composed),
                        "<run.7@example.net>");
    assert_has("Message-ID: <run.7@example.net>\r\n");
}

/* ---- files ---- */

static void test_file_shared(void **state)
{
    char path[] = "/tmp/duva-test-XXXXXX";
    const int fd = mkstemp(path);
    struct cli_input file;
    struct cli_attachment with = { &file, "a.txt", NULL, NULL, NULL };
    struct cli_composed other;
    char octets[20000], *all, *again;
    duva_mail mail = { .flags = 0 };

    (void)state;
    memset(octets, 'x', sizeof(octets));
    assert_int_equal(write(fd, octets, sizeof(octets)), sizeof(octets));
    assert_int_equal(close(fd), 0);
    assert_int_equal(cli_input_open(&file, path), 0);
    assert_int_equal(file.len, sizeof(octets));
    draft.attachment = &with;
    draft.attachments = 1;
    draft.message_id = "<1@x>";
    make();
    assert_int_equal(cli_composed_make(&other, &draft), 0);
    memcpy(other.message.seed, composed.message.seed, 16);
    assert_int_equal(cli_composed_fit(&composed, 0, &mail), 0);
    all = read_all(&composed, 100000);
    again = read_all(&other, 7);
    assert_string_equal(all, again);
    assert_int_equal(mail.size, strlen(all));
    cli_composed_free(&other);
    /* Shorter than it was: that is noticed. */
    assert_int_equal(truncate(path, 100), 0);
    assert_int_equal(cli_composed_read(&composed, NULL, 0), 0);
    while (cli_composed_read(&composed, octets, sizeof(octets)) > 0)
        ;
    assert_true(cli_composed_read(&composed, octets, sizeof(octets)) < 0);
    cli_input_close(&file);
    unlink(path);
    free(all);
    free(again);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_plain), TEST(test_envelope), TEST(test_envelope_alone),
        TEST(test_beyond_ascii), TEST(test_8bit), TEST(test_open_ended),
        TEST(test_parts), TEST(test_fields), TEST(test_flowed),
        TEST(test_message_id), TEST(test_unique), TEST(test_mistakes),
        TEST(test_file_shared)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
