/* test_mime.c - errors, encodings and structure of composed messages: mime.c,
 * walk.c, content.c, field.c, part.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/mime.h"

#include "cmocka_all.h"

#include <stdio.h>

static const duva_address ada = { .addr = "ada@example.net" };

struct draft {
    duva_message message;
    duva_address from;
    duva_header  header;
    duva_part    part[4];
    duva_mime    mime;
    char         out[8192];
};

static struct draft *draft(void)
{
    static struct draft d;

    memset(&d, 0, sizeof d);
    d.from = ada;
    d.message.from.list = &d.from;
    d.message.from.count = 1;
    d.message.seed[0] = 1;
    d.message.parts = d.part;
    d.mime.message = &d.message;
    return &d;
}

static void part(struct draft *d, duva_place place, const char *data)
{
    duva_part *p = &d->part[d->message.part_count++];

    p->place = (uint8_t)place;
    p->data = data;
    p->len = strlen(data);
}

static const char *compose(struct draft *d)
{
    int n;

    d->mime.state = 0;          /* as if it were a new one */
    n = duva_mime_read(&d->mime, d->out, sizeof d->out - 1);
    assert_true(n >= 0);
    assert_int_equal(duva_mime_read(&d->mime, d->out + n, 1), 0);
    d->out[n] = '\0';
    return d->out;
}

/* Refused before the first octet, with the field's name; and not a crash. */
static void refused(struct draft *d, int err, duva_reason reason,
                    const char *field, uint32_t number, uint32_t where)
{
    char octet = 'x';

    assert_int_equal(duva_mime_read(&d->mime, NULL, 0), err);
    assert_int_equal(duva_mime_read(&d->mime, &octet, 1), err);
    assert_int_equal(octet, 'x');
    assert_int_equal(d->mime.error.reason, reason);
    assert_string_equal(d->mime.error.field, field);
    assert_int_equal(d->mime.error.number, number);
    assert_int_equal(d->mime.error.where, where);
    assert_int_equal(duva_mime_size(&d->mime), 0);
}

#define ARG DUVA_ERR_ARG

/* Every control character, in every field of text. */
static void controls(void **state)
{
    int c;

    (void)state;
    for (c = 1; c < 256; c++) {
        char          text[] = "abcdefgh", addr[] = "a@example.net";
        char          ids[] = "<abc@def>";
        duva_reason   reason = c >= 0x80 ? DUVA_REASON_NOT_UTF8
                                         : DUVA_REASON_CONTROL;
        struct draft *d = draft();

        if ((c >= 0x20 && c < 0x7f) || c == '\t')
            continue;
        text[3] = ids[3] = (char)c;
        d->message.subject = text;
        refused(d, ARG, reason, "Subject", 0, 4);
        d = draft();
        d->from.name = text;
        refused(d, ARG, reason, "From", 1, 4);
        d = draft();
        d->header.name = "X-A";
        d->header.value = text;
        d->message.headers = &d->header;
        d->message.header_count = 1;
        refused(d, ARG, reason, "X-A", 1, 4);
        d->header.name = text;
        d->header.value = "x";
        refused(d, ARG, DUVA_REASON_CHARACTER, "header name", 1, 4);
        d = draft();
        addr[1] = (char)c;
        d->from.addr = addr;
        refused(d, ARG, reason, "From", 1, 2);
        d = draft();
        d->message.message_id = ids;
        refused(d, ARG, reason, "Message-ID", 0, 4);
        d = draft();
        d->message.references = ids;
        refused(d, ARG, reason, "References", 0, 4);
        d = draft();
        part(d, DUVA_PLACE_ATTACHED, "x");
        d->part[0].name = text;
        refused(d, ARG, reason, "file name", 1, 4);
        d->part[0].name = NULL;
        d->part[0].cid = "a@b\r\nX: y";
        refused(d, ARG, DUVA_REASON_CHARACTER, "Content-ID", 1, 4);
        d->part[0].cid = NULL;
        text[1] = '/';
        d->part[0].type = text;
        refused(d, ARG, DUVA_REASON_CHARACTER, "type", 1, 4);
        d->part[0].name = "and a name behind it";
        refused(d, ARG, DUVA_REASON_CHARACTER, "type", 1, 4);
    }
}

static void addresses(void **state)
{
    static const struct {
        const char *addr;
        duva_reason reason;
        uint32_t    where;
    } cases[] = {
        { "", DUVA_REASON_CHARACTER, 1 },
        { "ada", DUVA_REASON_CHARACTER, 4 },
        { "@example.net", DUVA_REASON_CHARACTER, 1 },
        { "ada@", DUVA_REASON_CHARACTER, 5 },
        { "a b@example.net", DUVA_REASON_CHARACTER, 2 },
        { "ada@example.net>", DUVA_REASON_CHARACTER, 16 },
        { "ada@example.net, eve@example.net", DUVA_REASON_CHARACTER, 16 },
        { "ada@example..net", DUVA_REASON_CHARACTER, 12 },
        { "\"a@example.net", DUVA_REASON_CHARACTER, 1 },
        { "\"a\" @example.net", DUVA_REASON_CHARACTER, 4 },
        { "ada@[127.0.0.1", DUVA_REASON_CHARACTER, 5 },
        { "\xc3\xa5@example.net", DUVA_REASON_NOT_ASCII, 1 },
        { "<ada@example.net>", DUVA_REASON_CHARACTER, 1 },
    };
    char   local[100], want[200];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct draft *d = draft();

        d->from.addr = cases[i].addr;
        refused(d, ARG, cases[i].reason, "From", 1, cases[i].where);
    }
    for (i = 64; i <= 65; i++) {
        struct draft *d = draft();

        snprintf(local, sizeof local, "%.*s@example.net", (int)i,
                 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                 "aaaaaaaaaaaaaaaaaaaa");
        d->from.addr = local;
        if (i == 65) {
            refused(d, ARG, DUVA_REASON_LOCAL_LONG, "From", 1, 66);
            continue;
        }
        snprintf(want, sizeof want, "\r\n %s\r\n", local);
        assert_non_null(strstr(compose(d), want));
    }
}

static void fields(void **state)
{
    static const char *const taken[] = {
        "Bcc", "bcc", "Subject", "FROM", "content-type", "Content-X",
        "MIME-Version", "message-id"
    };
    struct draft *d;
    size_t        i;

    (void)state;
    for (i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        d = draft();
        d->header.name = taken[i];
        d->header.value = "x";
        d->message.headers = &d->header;
        d->message.header_count = 1;
        refused(d, ARG, DUVA_REASON_REPEATED, "header name", 1, 0);
    }
    d->header.name = "Bcc-Count";
    assert_non_null(strstr(compose(d), "Bcc-Count: x\r\n"));
    d = draft();
    d->message.from.count = 0;
    refused(d, ARG, DUVA_REASON_MISSING, "From", 0, 0);
    d = draft();
    d->message.seed[0] = 0;
    refused(d, ARG, DUVA_REASON_MISSING, "seed", 0, 0);
    d = draft();
    d->mime.message = NULL;
    refused(d, ARG, DUVA_REASON_MISSING, "message", 0, 0);
    d = draft();
    d->message.zone = 24 * 60;
    d->message.date = 100000;
    refused(d, ARG, DUVA_REASON_RANGE, "Date", 0, 0);
    d = draft();
    d->message.in_reply_to = "<a@b>  <c@d>";
    refused(d, ARG, DUVA_REASON_CHARACTER, "In-Reply-To", 0, 7);
    d->message.in_reply_to = "<a@b> ";
    refused(d, ARG, DUVA_REASON_CHARACTER, "In-Reply-To", 0, 6);
    d->message.message_id = "<a@b> <c@d>";
    refused(d, ARG, DUVA_REASON_CHARACTER, "Message-ID", 0, 5);
    d->message.message_id = " <a@b>";
    refused(d, ARG, DUVA_REASON_CHARACTER, "Message-ID", 0, 1);
    d->message.message_id = NULL;
    d->message.in_reply_to = "<a@b> <c@d>";
    assert_non_null(strstr(compose(d), "In-Reply-To: <a@b> <c@d>\r\n"));
}

static void groups(void **state)
{
    static const duva_address list[] = {
        { .name = "Duty", .members = 2 }, { .addr = "a@x.example" },
        { .name = "B", .addr = "b@x.example" }, { .name = "Nobody" },
        { .addr = "c@x.example" }
    };
    static const duva_address nested[] = {
        { .name = "A", .members = 2 }, { .name = "B", .members = 1 },
        { .addr = "c@x.example" }
    };
    struct draft *d = draft();

    (void)state;
    d->message.to.list = list;
    d->message.to.count = 5;
    assert_non_null(strstr(compose(d), "\r\nTo: Duty: a@x.example, B <b@x"
                           ".example>;, Nobody:;, c@x.example\r\n"));
    d->message.to.count = 2;
    d->mime = (duva_mime){ .message = &d->message };
    refused(d, ARG, DUVA_REASON_MISSING, "To", 1, 0);
    d->message.to.list = nested;
    d->message.to.count = 3;
    refused(d, ARG, DUVA_REASON_MISSING, "To", 2, 0);
}

static void dates(void **state)
{
    static const struct {
        uint32_t    at;
        int16_t     zone;
        const char *text;
    } cases[] = {
        { 1, 0, "Date: Thu, 01 Jan 1970 00:00:01 +0000\r\n" },
        { 951782400, 0, "Date: Tue, 29 Feb 2000 00:00:00 +0000\r\n" },
        { 951782399, 60, "Date: Tue, 29 Feb 2000 00:59:59 +0100\r\n" },
        { 1709251199, -300, "Date: Thu, 29 Feb 2024 18:59:59 -0500\r\n" },
        { 4294967295u, 0, "Date: Sun, 07 Feb 2106 06:28:15 +0000\r\n" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct draft *d = draft();

        d->message.date = cases[i].at;
        d->message.zone = cases[i].zone;
        assert_ptr_equal(strstr(compose(d), cases[i].text), d->out);
    }
}

static void encodings(void **state)
{
    static const struct {
        const char   *text;
        uint8_t       takes;
        duva_encoding chosen;
    } cases[] = {
        { "", 0, DUVA_ENCODING_7BIT },
        { "plain\n", 7, DUVA_ENCODING_7BIT },
        { "sm\xc3\xb6rg\xc3\xa5s, plenty of it\n", 0, DUVA_ENCODING_QP },
        { "sm\xc3\xb6rg\xc3\xa5s\n", 1, DUVA_ENCODING_8BIT },
        { "\xe8\x89\xb2\xe3\x81\xaf\xe5\x8c\x82", 0, DUVA_ENCODING_BASE64 },
        { "a lone \r in the middle", 1, DUVA_ENCODING_QP },
        { "x\n--=_0000000000000000\n and enough of it", 1, DUVA_ENCODING_QP },
        { "--=_000000000000000\n", 1, DUVA_ENCODING_7BIT },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct draft *d = draft();

        part(d, DUVA_PLACE_TEXT, cases[i].text);
        d->mime.takes = cases[i].takes;
        compose(d);
        assert_int_equal(d->part[0].chosen, cases[i].chosen);
        assert_int_equal(d->mime.needs,
            cases[i].chosen == DUVA_ENCODING_8BIT ? DUVA_MIME_8BIT : 0);
    }
}

static void nested(void **state)
{
    struct draft *d = draft();
    char          text[1100];

    (void)state;
    part(d, DUVA_PLACE_ATTACHED, "Subject: x\n\nh\xc3\xa5\n");
    d->part[0].type = "Message/RFC822";
    refused(d, DUVA_ERR_UNSUPPORTED, DUVA_REASON_NOT_ASCII, "content", 1, 0);
    d->mime.takes = DUVA_MIME_8BIT;
    assert_int_equal(duva_mime_read(&d->mime, NULL, 0), 0);
    assert_non_null(strstr(compose(d), "8bit\r\nContent-Disposition: attachm"
                           "ent\r\n\r\nSubject: x\r\n\r\nh\xc3\xa5\r\n"));
    memset(text, 'x', sizeof text);
    text[0] = '\n';
    text[1000] = '\0';
    d->part[0].data = text;
    d->part[0].len = 1000;
    refused(d, DUVA_ERR_BODY, DUVA_REASON_LINE_LONG, "content", 1, 2);
    d->part[0].len = 999;
    assert_int_equal(duva_mime_read(&d->mime, NULL, 0), 0);
    memcpy(text, "\n--=_0000000000000000a", 21);
    refused(d, DUVA_ERR_BODY, DUVA_REASON_BOUNDARY, "content", 1, 0);
}

static void contents(void **state)
{
    struct draft *d = draft();

    (void)state;
    part(d, DUVA_PLACE_TEXT, "one\ntw\xff\n");
    refused(d, DUVA_ERR_BODY, DUVA_REASON_NOT_UTF8, "content", 1, 2);
    d->part[0].charset = "iso-8859-1";
    assert_int_equal(duva_mime_read(&d->mime, NULL, 0), 0);
    d = draft();
    part(d, DUVA_PLACE_TEXT, "a");
    part(d, DUVA_PLACE_TEXT, "b");
    refused(d, ARG, DUVA_REASON_REPEATED, "place", 2, 0);
    d->part[0].data = NULL;
    refused(d, ARG, DUVA_REASON_MISSING, "content", 1, 0);
    d->part[0].place = 9;
    refused(d, ARG, DUVA_REASON_RANGE, "place", 1, 0);
    /* The first thing that is wrong is told, not the last one written. */
    d = draft();
    part(d, DUVA_PLACE_TEXT, "a");
    d->part[0].type = "text plain";
    d->part[0].name = "a.txt";
    refused(d, ARG, DUVA_REASON_CHARACTER, "type", 1, 5);
}

struct once {
    int left, fails;
};

static int read_once(void *ctx, void *buf, size_t len)
{
    struct once *o = ctx;

    assert_non_null(buf);       /* it is not asked to go back */
    assert_true(len > 0);
    if (o->left == 0)
        return o->fails;
    memset(buf, 'x', 1);
    return o->left--, 1;
}

static void sources(void **state)
{
    struct once   once = { 200, 0 };
    struct draft *d = draft();

    (void)state;
    part(d, DUVA_PLACE_TEXT, "");
    d->part[0].read = read_once;
    d->part[0].ctx = &once;
    d->part[0].flags = DUVA_PART_ONCE;
    d->part[0].len = DUVA_LEN_UNKNOWN;
    assert_int_equal(duva_mime_size(&d->mime), 0);
    compose(d);
    assert_int_equal(d->part[0].chosen, DUVA_ENCODING_QP);
    assert_int_equal(duva_mime_read(&d->mime, NULL, 0), ARG);
    assert_int_equal(d->mime.error.reason, DUVA_REASON_ONCE);

    once.left = 10;
    d->mime = (duva_mime){ .message = &d->message };
    d->part[0].len = 11;
    assert_true(duva_mime_read(&d->mime, d->out, 100) > 0);
    while (duva_mime_read(&d->mime, d->out, 100) > 0)
        ;
    assert_int_equal(duva_mime_read(&d->mime, d->out, 1), DUVA_ERR_BODY);
    assert_int_equal(d->mime.error.reason, DUVA_REASON_LENGTH);

    once.left = 10;
    once.fails = -7;
    d->mime = (duva_mime){ .message = &d->message };
    while (duva_mime_read(&d->mime, d->out, 100) > 0)
        ;
    assert_int_equal(duva_mime_read(&d->mime, d->out, 1), DUVA_ERR_BODY);
    assert_int_equal(d->mime.error.reason, DUVA_REASON_SOURCE);
}

/* The shortest structure for each set of places. */
struct octets {
    const char *data;
    size_t      len, at, step;
};

static int read_octets(void *ctx, void *buf, size_t len)
{
    struct octets *o = ctx;

    if (buf == NULL) {
        o->at = 0;
        return 0;
    }
    len = len < o->step ? len : o->step;
    len = len < o->len - o->at ? len : o->len - o->at;
    memcpy(buf, o->data + o->at, len);
    o->at += len;
    return (int)len;
}

static duva_encoding chosen_for(struct draft *d, struct octets *o)
{
    duva_encoding by_memory;

    d->part[0].read = NULL;
    d->part[0].data = o->data;
    assert_int_equal(duva_mime_read(&d->mime, NULL, 0), 0);
    by_memory = (duva_encoding)d->part[0].chosen;
    d->part[0].read = read_octets;
    d->part[0].ctx = o;
    for (o->step = 7; o->step < 50000; o->step *= 100) {
        assert_int_equal(duva_mime_read(&d->mime, NULL, 0), 0);
        assert_int_equal(d->part[0].chosen, by_memory);
    }
    return by_memory;
}

/* The boundary is found wherever it begins a line, and nowhere else, however
 * the content comes. */
static void binary(void **state)
{
    static const char line[] = "\n--=_0000000000000000a";
    enum { SIZE = 40000, LINE = sizeof line - 1 };
    static char   data[SIZE];
    struct octets o = { data, SIZE, 0, 0 };
    struct draft *d = draft();
    size_t        i, at;

    (void)state;
    part(d, DUVA_PLACE_ATTACHED, "");
    d->part[0].len = SIZE;
    d->mime.takes = DUVA_MIME_BINARY;
    for (i = 0; i < 60; i++) {
        at = i < 4 ? i * 80 : i < 8 ? SIZE - LINE - (7 - i) : 16350 + i;
        memset(data, 0, SIZE);
        memcpy(data + at, line, LINE);
        assert_int_equal(chosen_for(d, &o), DUVA_ENCODING_BASE64);
        data[at] = '\r';
        assert_int_equal(chosen_for(d, &o), DUVA_ENCODING_BINARY);
        memcpy(data + at, line, LINE);
        data[at + LINE - 3] = '\n';
        assert_int_equal(chosen_for(d, &o), DUVA_ENCODING_BINARY);
    }
    memset(data, 0, SIZE);
    memcpy(data, line + 1, LINE - 1);
    assert_int_equal(chosen_for(d, &o), DUVA_ENCODING_BASE64);
}

static void structures(void **state)
{
    static const struct {
        const char *places, *wanted;
    } cases[] = {
        { "t", "text/plain" }, { "h", "text/html" },
        { "a", "application/octet-stream" },
        { "ht", "multipart/alternative(text/plain text/html" },
        { "hr", "multipart/related(text/html application/octet-stream" },
        { "rht", "multipart/alternative(text/plain multipart/related(text/"
                 "html application/octet-stream" },
        { "at", "multipart/mixed(text/plain application/octet-stream" },
        { "tr", "multipart/mixed(text/plain application/octet-stream" },
        { "tc", "multipart/alternative(text/plain text/calendar" },
        { "atch", "multipart/mixed(multipart/alternative(text/plain text/html"
                  " text/calendar application/octet-stream" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct draft *d = draft();
        const char   *at;
        char          found[300] = "";

        for (at = cases[i].places; *at != '\0'; at++)
            part(d, (duva_place)(strchr("thrca", *at) - "thrca"), "x\n");
        for (at = compose(d); (at = strstr(at, "Content-Type: ")) != NULL;) {
            at += strlen("Content-Type: ");
            strncat(found, at, strcspn(at, ";\r"));
            strcat(found, at[0] == 'm' ? "(" : " ");
        }
        found[strlen(found) - 1] = '\0';
        assert_string_equal(found, cases[i].wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(controls), cmocka_unit_test(addresses),
        cmocka_unit_test(fields), cmocka_unit_test(groups),
        cmocka_unit_test(dates), cmocka_unit_test(encodings),
        cmocka_unit_test(nested), cmocka_unit_test(contents),
        cmocka_unit_test(sources), cmocka_unit_test(binary),
        cmocka_unit_test(structures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
