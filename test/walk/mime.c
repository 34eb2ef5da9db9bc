/* mime.c - walks mime.h, mime_more.h, convert.h, dkim.h and idn.h. */
/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include "duva/convert.h"
#include "duva/dkim.h"
#include "duva/idn.h"
#include "duva/mime_more.h"

#include <errno.h>

static duva_address from = { .name = "Ada", .addr = "ada@example.org" };
static duva_part    part;
static duva_message message;
static duva_mime    mime;

static void write_message(void)
{
    memset(&mime, 0, sizeof(mime));
    memset(&message, 0, sizeof(message));
    memset(&part, 0, sizeof(part));
    part.data = "x";
    part.len = 1;
    message.from = (duva_addresses) { &from, 1 };
    message.date = 1;
    message.seed[0] = 1;
    message.parts = &part;
    message.part_count = 1;
    mime.message = &message;
}

/* Refused, before the first octet, and by both calls. */
static void refused(duva_reason reason)
{
    char buf[64];

    assert_true(duva_mime_read(&mime, buf, sizeof(buf)) < 0);
    assert_int_not_equal(mime.error.reason, DUVA_REASON_NONE);
    if (reason != DUVA_REASON_NONE)
        assert_int_equal(mime.error.reason, reason);
    assert_int_equal(duva_mime_size(&mime), 0);
    assert_true(duva_mime_read(&mime, NULL, 0) < 0);
    write_message();
}

static void walk_lists(void)
{
    static const duva_addresses none = { NULL, 1 };

    message.from = none;
    refused(DUVA_REASON_MISSING);
    message.sender = message.reply_to = message.to = message.cc = none;
    message.header_count = 1;  /* fields that are not written */
    assert_int_equal(duva_mime_read(&mime, NULL, 0), 0);
    write_message();
    message.parts = NULL;
    refused(DUVA_REASON_MISSING);
    message.from = (duva_addresses) { NULL, 0 };
    refused(DUVA_REASON_MISSING);
    mime.message = NULL;
    refused(DUVA_REASON_MISSING);
}

static void walk_parts(void)
{
    part.data = NULL;          /* and no read */
    refused(DUVA_REASON_MISSING);
    part.data = NULL;
    part.read = walk_no_source;
    part.len = DUVA_LEN_UNKNOWN;
    refused(DUVA_REASON_SOURCE);
    part.place = WALK_NONE;
    refused(DUVA_REASON_NONE);
    part.encoding = WALK_NONE;
    refused(DUVA_REASON_NONE);
    part.encoding = DUVA_ENCODING_7BIT;
    refused(DUVA_REASON_NONE);
    part.type = "";
    refused(DUVA_REASON_NONE);
    part.type = "text\n/plain";
    refused(DUVA_REASON_NONE);
    part.name = "a\nb";
    refused(DUVA_REASON_NONE);
    part.place = DUVA_PLACE_RELATED;
    part.cid = "\n";
    refused(DUVA_REASON_NONE);
    part.data = NULL;          /* an empty one needs no content */
    part.len = 0;
    assert_int_equal(duva_mime_read(&mime, NULL, 0), 0);
    write_message();
}

static void walk_fields(void)
{
    static duva_header  header;
    static duva_address wrong;
    size_t              i;

    for (i = 2; i < 6; i++) {
        message.subject = walk_bad[i];
        refused(DUVA_REASON_NONE);
        message.message_id = walk_bad[i];
        refused(DUVA_REASON_NONE);
        message.in_reply_to = walk_bad[i];
        refused(DUVA_REASON_NONE);
        message.references = walk_bad[i];
        refused(DUVA_REASON_NONE);
        wrong = (duva_address) { .addr = walk_bad[i] };
        message.to = (duva_addresses) { &wrong, 1 };
        refused(DUVA_REASON_NONE);
        wrong = (duva_address) { .name = walk_bad[i], .addr = "a@b.example" };
        message.to = (duva_addresses) { &wrong, 1 };
        refused(DUVA_REASON_NONE);
        header = (duva_header) { "X-Y", walk_bad[i] };
        message.headers = &header;
        message.header_count = 1;
        refused(DUVA_REASON_NONE);
        header = (duva_header) { walk_bad[i], "y" };
        message.headers = &header;
        message.header_count = 1;
        refused(DUVA_REASON_NONE);
    }
    wrong = (duva_address) { NULL, NULL, 0 }; /* a group without a name */
    message.to = (duva_addresses) { &wrong, 1 };
    refused(DUVA_REASON_NONE);
    wrong = (duva_address) { "Friends", NULL, 9 }; /* who are not there */
    message.to = (duva_addresses) { &wrong, 1 };
    refused(DUVA_REASON_NONE);
    header = (duva_header) { NULL, NULL };
    message.headers = &header;
    message.header_count = 1;
    refused(DUVA_REASON_NONE);
    header = (duva_header) { "X-Y", NULL };
    message.headers = &header;
    message.header_count = 1;
    refused(DUVA_REASON_NONE);
    message.zone = INT16_MAX;
    refused(DUVA_REASON_RANGE);
}

static void walk_duva_mime_read(void **state)
{
    char buf[8];

    (void)state;
    write_message();
    walk_lists();
    walk_parts();
    walk_fields();
    assert_int_equal(duva_mime_read(&mime, buf, 0), 0);
    assert_int_equal(duva_mime_read(&mime, buf, 1), 1);
}

static void walk_duva_mime_size(void **state)
{
    (void)state;
    write_message();
    walk_lists();
    mime.takes = 0xFF;
    assert_true(duva_mime_size(&mime) > 0);
}

static void walk_duva_flowed_read(void **state)
{
    duva_flowed f;
    char        buf[8];
    size_t      at = 0;

    (void)state;
    memset(&f, 0, sizeof(f));
    assert_true(duva_flowed_read(&f, buf, sizeof(buf)) < 0); /* no source */
    assert_true(duva_flowed_read(&f, NULL, 0) < 0);
    memset(&f, 0, sizeof(f));
    f.read = walk_no_source;
    assert_true(duva_flowed_read(&f, buf, sizeof(buf)) < 0);
    memset(&f, 0, sizeof(f));
    f.read = walk_source;
    f.ctx = &at;
    assert_int_equal(duva_flowed_read(&f, buf, 0), 0);
    assert_int_equal(duva_flowed_read(&f, NULL, 0), 0);
}

static void walk_duva_part_open(void **state)
{
    duva_part_file f;

    (void)state;
    write_message();
    assert_int_equal(duva_part_open(NULL, &f, "/dev/null"), DUVA_ERR_ARG);
    assert_int_equal(duva_part_open(&part, NULL, "/dev/null"), DUVA_ERR_ARG);
    assert_int_equal(duva_part_open(&part, &f, NULL), DUVA_ERR_ARG);
    assert_int_equal(duva_part_open(&part, &f, ""), DUVA_ERR_IO);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(duva_part_open(&part, &f, "/"), DUVA_ERR_IO);
}

static void walk_duva_part_close(void **state)
{
    duva_part_file f;

    (void)state;
    write_message();
    memset(&f, 0, sizeof(f));
    duva_part_close(&f);
    assert_int_equal(duva_part_open(&part, &f, "/nonexistent"), DUVA_ERR_IO);
    duva_part_close(&f);
}

static void walk_duva_mime_type(void **state)
{
    static const char any[] = "application/octet-stream";
    char room[4] = "###";

    (void)state;
    assert_string_equal(duva_mime_type(NULL, room, sizeof(room)), any);
    assert_string_equal(duva_mime_type("", room, sizeof(room)), any);
    assert_string_equal(duva_mime_type("a.", room, sizeof(room)), any);
    assert_string_equal(duva_mime_type("a.png", NULL, 0), any);
    assert_string_equal(duva_mime_type("a.png", room, 0), any);
    assert_string_equal(duva_mime_type("a.png", room, sizeof(room)), any);
    assert_string_equal(room, "###");
}

static void walk_duva_convert_read(void **state)
{
    duva_convert c;
    char         buf[8];
    size_t       at = 0;

    (void)state;
    memset(&c, 0, sizeof(c));
    assert_int_equal(duva_convert_read(&c, buf, sizeof(buf)), DUVA_ERR_ARG);
    assert_int_equal(duva_convert_read(&c, NULL, 0), DUVA_ERR_ARG);
    assert_int_equal(c.error.reason, DUVA_REASON_MISSING);
    c.source = walk_no_source;
    assert_int_equal(duva_convert_read(&c, NULL, 0), DUVA_ERR_BODY);
    assert_int_equal(c.error.reason, DUVA_REASON_SOURCE);
    memset(&c, 0, sizeof(c));
    c.source = walk_source;
    c.source_ctx = &at;
    c.takes = 0xFF;
    assert_int_equal(duva_convert_read(&c, buf, 0), 0);
    assert_true(duva_convert_read(&c, buf, 1) >= 0);
}

static void walk_duva_convert_size(void **state)
{
    duva_convert c;

    (void)state;
    memset(&c, 0, sizeof(c));
    assert_int_equal(duva_convert_size(&c), 0);
    assert_int_equal(c.error.reason, DUVA_REASON_MISSING);
    c.source = walk_no_source;
    assert_int_equal(duva_convert_size(&c), 0);
    assert_int_equal(c.error.reason, DUVA_REASON_SOURCE);
}

static int no_signer(duva_signer *s)
{
    (void)s;
    return DUVA_ERR_TLS;
}

static void walk_dkim(int (*read)(duva_dkim *d))
{
    duva_signer signer = { .algorithm = "rsa-sha256", .start = no_signer };
    duva_dkim   d;
    size_t      i;

    memset(&d, 0, sizeof(d));
    assert_int_equal(read(&d), DUVA_ERR_ARG);
    assert_int_equal(d.reason, DUVA_REASON_MISSING);
    d.source = walk_no_source;
    assert_int_equal(read(&d), DUVA_ERR_ARG);
    d.signer = &signer;
    assert_int_equal(read(&d), DUVA_ERR_ARG);
    d.domain = "example.org";
    assert_int_equal(read(&d), DUVA_ERR_ARG);
    for (i = 0; i < WALK_BAD; i++) {
        d.selector = walk_bad[i];
        assert_int_equal(read(&d), DUVA_ERR_ARG);
        assert_int_equal(d.reason, DUVA_REASON_CHARACTER);
    }
    d.selector = "s";
    assert_true(read(&d) < 0); /* what comes first: source or signer */
}

static int dkim_read(duva_dkim *d)
{
    char buf[8];

    return duva_dkim_read(d, buf, sizeof(buf));
}

static void walk_duva_dkim_read(void **state)
{
    duva_dkim d;

    (void)state;
    walk_dkim(dkim_read);
    memset(&d, 0, sizeof(d));
    assert_true(duva_dkim_read(&d, NULL, 0) < 0);
}

static int dkim_size(duva_dkim *d)
{
    uint64_t size;

    return duva_dkim_size(d, &size);
}

static void walk_duva_dkim_size(void **state)
{
    (void)state;
    walk_dkim(dkim_size);
}

static void walk_duva_idn_domain(void **state)
{
    char buf[DUVA_IDN_SIZE] = "#";

    (void)state;
    assert_int_equal(duva_idn_domain(NULL, buf), DUVA_REASON_MISSING);
    assert_string_equal(buf, "");
    assert_int_equal(duva_idn_domain("", buf), DUVA_REASON_MISSING);
    assert_int_equal(duva_idn_domain("\xFF", buf), DUVA_REASON_NOT_UTF8);
    assert_int_equal(duva_idn_domain(walk_bad[8], buf),
                     DUVA_REASON_DOMAIN_LONG);
    assert_string_equal(buf, "");
}

static void walk_duva_idn_address(void **state)
{
    char buf[DUVA_IDN_SIZE] = "#";

    (void)state;
    assert_int_equal(duva_idn_address(NULL, buf), DUVA_REASON_MISSING);
    assert_string_equal(buf, "");
    assert_int_equal(duva_idn_address("", buf), DUVA_REASON_MISSING);
    assert_int_equal(duva_idn_address("\xFF", buf), DUVA_REASON_NOT_ASCII);
    assert_int_equal(duva_idn_address(walk_bad[8], buf),
                     DUVA_REASON_PATH_LONG);
    assert_string_equal(buf, "");
}

static const struct CMUnitTest tests[] = {
    WALK(duva_mime_read), WALK(duva_mime_size), WALK(duva_flowed_read),
    WALK(duva_part_open), WALK(duva_part_close), WALK(duva_mime_type),
    WALK(duva_convert_read), WALK(duva_convert_size), WALK(duva_dkim_read),
    WALK(duva_dkim_size), WALK(duva_idn_domain), WALK(duva_idn_address)
};

const struct walk walk_mime = WALKED(tests);
