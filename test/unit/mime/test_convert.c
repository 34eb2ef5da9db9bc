/* test_convert.c - the contract of convert.h and fit.h, and converted messages;
 * test/mime/test_convert.py reads them with other parsers. */
/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"
#include "duva/fit.h"

static const char finished[] =
    "Subject: x\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\n"
    "Content-Transfer-Encoding: 8bit\n\n"
    "Gr\xc3\xbc\xc3\x9f" "e, and so on and on and on\n";

static const char converted[] =
    "Subject: x\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    "Gr=C3=BC=C3=9Fe, and so on and on and on\r\n";

struct source {
    const char *text, *later;  /* later: what it is the second time, or NULL */
    size_t      at, fails_at;
    size_t      piece;         /* octets at once at most, or 0 */
    int         cannot_go_back;
};

static int read_source(void *ctx, void *buf, size_t len)
{
    struct source *s = ctx;
    size_t         left = strlen(s->text) - s->at;

    if (buf == NULL) {
        if (s->at > 0 && s->later != NULL)
            s->text = s->later;
        s->at = 0;
        return s->cannot_go_back ? -1 : 0;
    }
    if (s->fails_at > 0 && s->at >= s->fails_at)
        return -1;
    len = len < left ? len : left;
    len = s->piece > 0 && s->piece < len ? s->piece : len;
    memcpy(buf, s->text + s->at, len);
    s->at += len;
    return (int)len;
}

static duva_convert begin(struct source *s, const char *text)
{
    const duva_convert c = { .source = read_source, .source_ctx = s };

    memset(s, 0, sizeof *s);
    s->text = text;
    return c;
}

static void expect(duva_convert *c, const char *text, size_t step)
{
    char   got[1024];
    size_t n = 0;
    int    some;

    while ((some = duva_convert_read(c, got + n, step)) > 0)
        n += (size_t)some;
    assert_int_equal(some, 0);
    got[n] = '\0';
    assert_string_equal(got, text);
}

static void encodes(void **state)
{
    struct source s;
    duva_convert  c = begin(&s, finished);
    size_t        step;

    (void)state;
    assert_int_equal(duva_convert_size(&c), strlen(converted));
    assert_int_equal(c.needs, DUVA_MIME_8BIT);
    assert_int_equal(c.converts, 1);
    for (step = 1; step < 400; step += 37) {
        expect(&c, converted, step);
        assert_int_equal(duva_convert_read(&c, NULL, 0), DUVA_OK);
    }
}

static void takes_may_change(void **state)
{
    struct source s;
    duva_convert  c = begin(&s, finished);

    (void)state;
    c.takes = DUVA_MIME_8BIT;
    /* Each line end is one octet more on the wire. */
    assert_int_equal(duva_convert_size(&c), strlen(finished) + 6);
    assert_int_equal(c.converts, 0);
    expect(&c, finished, 50);
    c.takes = 0;
    assert_int_equal(duva_convert_read(&c, NULL, 0), DUVA_OK);
    expect(&c, converted, 50);
    c = begin(&s, "Subject: x\r\n\nlast");
    assert_int_equal(duva_convert_size(&c), 20);
    expect(&c, "Subject: x\r\n\nlast", 50);
}

/* A message has its size in whatever pieces it comes. */
static void pieces(void **state)
{
    static const struct {
        const char *text;
        uint64_t    size;
    } messages[] = {
        { "", 0 }, { "\n", 2 }, { "\r\n", 2 }, { "a", 3 }, { "a\r", 4 },
        { "a: b\n\nc\r\n\r\nd\n\r\n", 18 }, { "a: b\r\n\r\n\r\r\n", 11 },
        { finished, sizeof finished - 1 + 6 },
    };
    struct source s;
    duva_convert  c;
    size_t        i, piece;

    (void)state;
    for (i = 0; i < sizeof messages / sizeof messages[0]; i++)
        for (piece = 0; piece < 12; piece++) {
            c = begin(&s, messages[i].text);
            s.piece = piece;
            c.takes = DUVA_MIME_8BIT | DUVA_MIME_BINARY;
            assert_int_equal(duva_convert_size(&c), messages[i].size);
            c.takes = 0;
            if (messages[i].text != finished)
                continue;
            assert_int_equal(duva_convert_size(&c), strlen(converted));
            expect(&c, converted, 100);
        }
}

static void sources_that_fail(void **state)
{
    struct source s;
    duva_convert  c = begin(&s, finished);
    char          got[600];

    (void)state;
    s.fails_at = 20;
    assert_int_equal(duva_convert_read(&c, got, 50), DUVA_ERR_BODY);
    assert_int_equal(c.error.reason, DUVA_REASON_SOURCE);
    assert_int_equal(duva_convert_size(&c), 0);
    c = begin(&s, "Subject: x\n\nx");
    s.fails_at = 1;            /* within what is looked at together */
    assert_int_equal(duva_convert_read(&c, got, 50), DUVA_ERR_BODY);
    assert_int_equal(c.error.reason, DUVA_REASON_SOURCE);
    c = begin(&s, finished);
    s.cannot_go_back = 1;
    assert_int_equal(duva_convert_read(&c, NULL, 0), DUVA_ERR_BODY);
    memset(&c, 0, sizeof c);
    assert_int_equal(duva_convert_read(&c, NULL, 0), DUVA_ERR_ARG);
    assert_int_equal(c.error.reason, DUVA_REASON_MISSING);
}

/* When the source fails the second time the message has no end. */
static void sources_that_fail_later(void **state)
{
    static const size_t steps[] = { 1, 50, 255, 256, 600 };
    struct source s;
    duva_convert  c;
    char          got[600];
    size_t        i, k;
    int           n;

    (void)state;
    for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        c = begin(&s, finished);
        assert_int_equal(duva_convert_read(&c, NULL, 0), DUVA_OK);
        s.fails_at = 1;
        for (k = 0; k < 600; k++) {
            n = duva_convert_read(&c, got, steps[i]);
            if (n <= 0)
                break;
        }
        assert_int_equal(n, DUVA_ERR_BODY);
        assert_int_equal(c.error.reason, DUVA_REASON_SOURCE);
        assert_int_equal(duva_convert_read(&c, got, 1), DUVA_ERR_BODY);
    }
}

/* Whatever the source gives the second time, no octet above 127 goes out. */
static void sources_that_change(void **state)
{
    static const char *const later[] = {
        "Subject: \xfc\n\nx", "Subject: x\n\nx",
        "Content-Type: multipart/mixed; boundary=b\n\n\xfc\n--b\n\n\xfc",
        "Content-Type: multipart/signed\n\n\xfc", "\xfc", ""
    };
    struct source s;
    duva_convert  c;
    char          got[2000];
    size_t        i, k;
    int           n;

    (void)state;
    for (i = 0; i < sizeof later / sizeof later[0]; i++) {
        c = begin(&s, finished);
        s.later = later[i];
        n = duva_convert_read(&c, got, sizeof got);
        if (n < 0)
            assert_int_equal(c.error.reason, DUVA_REASON_SOURCE);
        for (k = 0; n > 0 && k < (size_t)n; k++)
            assert_true((unsigned char)got[k] < 0x80);
    }
}

static void refuses(void **state)
{
    struct source s;
    duva_convert  c = begin(&s, "X: y\nReceived: from \xc3\xbc\n\n");
    char          got[60];

    (void)state;
    assert_int_equal(duva_convert_read(&c, got, 60), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(c.error.reason, DUVA_REASON_NOT_ASCII);
    assert_string_equal(c.error.field, "Received");
    assert_int_equal(c.error.where, 2);
    assert_int_equal(c.error.number, 1);
    assert_int_equal(c.needs, DUVA_MIME_UTF8);
    assert_int_equal(duva_convert_read(&c, got, 60), DUVA_ERR_UNSUPPORTED);
    c.takes = DUVA_MIME_UTF8;
    assert_int_equal(duva_convert_read(&c, NULL, 0), DUVA_OK);
    assert_int_equal(c.error.reason, DUVA_REASON_NONE);
}

static void fits(void **state)
{
    struct source s;
    duva_convert  c = begin(&s, finished);
    duva_mail     mail;

    (void)state;
    memset(&mail, 0, sizeof mail);
    assert_int_equal(duva_fit_convert(&c, DUVA_CAP_8BITMIME, &mail), DUVA_OK);
    assert_int_equal(mail.flags, DUVA_MAIL_8BIT);
    assert_int_equal(mail.size, strlen(finished) + 6);
    assert_int_equal(duva_fit_convert(&c, 0, &mail), DUVA_OK);
    assert_int_equal(mail.flags, 0);
    assert_int_equal(mail.size, strlen(converted));
    c = begin(&s, "To: \xc3\xbc@example.org\n\nx\n");
    assert_int_equal(duva_fit_convert(&c, DUVA_CAP_SMTPUTF8, &mail),
                     DUVA_ERR_UNSUPPORTED);
    assert_int_equal(mail.result.reason, DUVA_REASON_NOT_ASCII);
    assert_int_equal(mail.result.where, 1);
    mail.flags = DUVA_MAIL_UTF8;
    assert_int_equal(duva_fit_convert(&c, DUVA_CAP_SMTPUTF8, &mail), DUVA_OK);
    assert_int_equal(c.converts, 0);
}

/* SMTPUTF8 takes no other octets in a header than UTF-8 (RFC 6532 3.2). */
static void header_that_is_not_utf8(void **state)
{
    struct source s;
    duva_convert  c = begin(&s, "Subject: Gr\xfc" "n\n\nx\n");
    duva_mail     mail;

    (void)state;
    memset(&mail, 0, sizeof mail);
    mail.flags = DUVA_MAIL_UTF8;
    assert_int_equal(duva_fit_convert(&c, DUVA_CAP_SMTPUTF8, &mail), DUVA_OK);
    assert_int_equal(c.needs, DUVA_MIME_UTF8);
    expect(&c, "Subject: =?unknown-8bit?Q?Gr=FCn?=\r\n\r\nx\r\n", 50);
    c = begin(&s, "To: \xfc@example.org\n\nx\n");
    assert_int_equal(duva_fit_convert(&c, DUVA_CAP_SMTPUTF8, &mail),
                     DUVA_ERR_UNSUPPORTED);
    assert_int_equal(mail.result.reason, DUVA_REASON_NOT_UTF8);
    assert_string_equal(c.error.field, "To");
}

static void fits_what_is_composed(void **state)
{
    duva_address from = { NULL, "ada@example.net", 0 };
    duva_part    part = { .data = "Gr\xc3\xbc\xc3\x9f" "e", .len = 7 };
    duva_message message = { .from = { &from, 1 }, .parts = &part,
                             .part_count = 1, .seed = { 1, 2 } };
    duva_mime    mime = { .message = &message };
    duva_mail    mail;

    (void)state;
    memset(&mail, 0, sizeof mail);
    assert_int_equal(duva_fit_mime(&mime, DUVA_CAP_8BITMIME, &mail), DUVA_OK);
    assert_int_equal(part.chosen, DUVA_ENCODING_8BIT);
    assert_int_equal(mail.flags, DUVA_MAIL_8BIT);
    assert_int_equal(duva_fit_mime(&mime, 0, &mail), DUVA_OK);
    assert_int_equal(part.chosen, DUVA_ENCODING_BASE64);
    assert_int_equal(mail.flags, 0);
    assert_int_equal(mail.size, duva_mime_size(&mime));
    part.type = "message/rfc822";
    part.place = DUVA_PLACE_ATTACHED;
    assert_int_equal(duva_fit_mime(&mime, 0, &mail), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(mail.result.reason, DUVA_REASON_NOT_ASCII);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes),
        cmocka_unit_test(takes_may_change),
        cmocka_unit_test(pieces),
        cmocka_unit_test(sources_that_fail),
        cmocka_unit_test(sources_that_fail_later),
        cmocka_unit_test(sources_that_change),
        cmocka_unit_test(refuses),
        cmocka_unit_test(fits),
        cmocka_unit_test(header_that_is_not_utf8),
        cmocka_unit_test(fits_what_is_composed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
