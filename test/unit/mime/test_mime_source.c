/* test_mime_source.c - sources that fail, change or are read twice, and the
 * size of a message: mime.c, source.c, content.c, small_part.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/mime.h"

#include "cmocka_all.h"

/* Content in pieces of `step`.  Its `fails`-th call gives `error`; once it
 * went back to its start `changes` times, it is another one. */
struct source {
    const char *data, *other;
    size_t      len, other_len, at, step;
    int        *calls, fails, error, changes;
};

static int read_source(void *ctx, void *buf, size_t len)
{
    struct source *s = ctx;
    size_t         n = s->len - s->at;

    if (s->calls != NULL && ++*s->calls == s->fails)
        return s->error;
    if (buf == NULL) {
        s->at = 0;
        if (s->other != NULL && s->changes-- == 0) {
            s->data = s->other;
            s->len = s->other_len;
        }
        return 0;
    }
    assert_true(len > 0);
    n = n < len ? n : len;
    n = s->step > 0 && s->step < n ? s->step : n;
    memcpy(buf, s->data + s->at, n);
    s->at += n;
    return (int)n;
}

enum { ROOM = 1 << 20 };

struct draft {
    duva_message  message;
    duva_address  from;
    duva_part     part[3];
    struct source source[3];
    duva_mime     mime;
    size_t        len;
    uint8_t       out[ROOM];
};

static struct draft *draft(void)
{
    static struct draft d;

    memset(&d, 0, sizeof d);
    d.from.addr = "ada@example.net";
    d.message.from.list = &d.from;
    d.message.from.count = 1;
    d.message.seed[15] = 1;
    d.message.parts = d.part;
    d.mime.message = &d.message;
    return &d;
}

static struct source *part(struct draft *d, duva_place place,
                           const char *data, size_t len)
{
    struct source *const s = &d->source[d->message.part_count];
    duva_part *const     p = &d->part[d->message.part_count++];

    s->data = data;
    s->len = len;
    p->place = (uint8_t)place;
    p->read = read_source;
    p->ctx = s;
    p->len = len;
    return s;
}

static void in_memory(struct draft *d)
{
    unsigned i;

    for (i = 0; i < d->message.part_count; i++) {
        d->part[i].read = NULL;
        d->part[i].data = d->source[i].data;
    }
}

/* All that is left, the first pull of `first` and the others of `step`. */
static int pull(struct draft *d, size_t first, size_t step)
{
    int n = duva_mime_read(&d->mime, d->out, first);

    d->len = 0;
    while (n > 0) {
        d->len += (size_t)n;
        assert_true(d->len + step <= ROOM); /* it comes to an end */
        n = duva_mime_read(&d->mime, d->out + d->len, step);
    }
    d->out[d->len] = '\0';
    return n;
}

static int rewound(struct draft *d)
{
    return duva_mime_read(&d->mime, NULL, 0);
}

static const char text[] = "Two lines\nof some text\n";
static const char octets[] =
    "Octets of more than a line of base64, which are fifty-seven; and more of "
    "them, so that there are three lines";

/* Each call of both sources fails once. */
static void failing(void **state)
{
    static uint8_t whole[4096];
    size_t         len, step, pulls;
    int            calls, all, n, err;

    (void)state;
    for (step = 0; step < 40; step += 13)
        for (pulls = 30; pulls < 4000; pulls = pulls * 3 + 100) {
            struct draft *d = draft();

            part(d, DUVA_PLACE_TEXT, text, sizeof text - 1)->step = step;
            part(d, DUVA_PLACE_ATTACHED, octets, sizeof octets)->step = step;
            d->source[0].calls = d->source[1].calls = &calls;
            calls = 0;
            assert_int_equal(pull(d, pulls, pulls), 0);
            len = d->len;
            memcpy(whole, d->out, len);
            all = calls;
            for (n = 1; n <= all; n++) {
                uint8_t  octet;
                uint64_t size;

                d->source[0].fails = d->source[1].fails = n;
                d->source[0].error = -7;
                d->source[1].error = -8;
                d->mime = (duva_mime){ .message = &d->message };
                calls = 0;
                err = pull(d, pulls, pulls);
                assert_int_equal(err, DUVA_ERR_BODY);
                assert_int_equal(d->mime.error.reason, DUVA_REASON_SOURCE);
                assert_string_equal(d->mime.error.field, "content");
                assert_in_range(d->mime.error.number, 1, 2);
                assert_int_equal(d->mime.error.where, 0);
                assert_int_equal(calls, n);
                assert_true(d->len <= len);
                assert_memory_equal(d->out, whole, d->len);
                /* And so it stays, until it goes back. */
                assert_int_equal(duva_mime_read(&d->mime, &octet, 1),
                                 DUVA_ERR_BODY);
                assert_int_equal(calls, n);
                assert_int_equal(rewound(d), 0);
                assert_int_equal(d->mime.error.reason, DUVA_REASON_NONE);
                assert_int_equal(pull(d, pulls, pulls), 0);
                assert_int_equal(d->len, len);
                assert_memory_equal(d->out, whole, len);
                calls = 0;
                d->mime = (duva_mime){ .message = &d->message };
                d->source[0].at = d->source[1].at = 0;
                size = duva_mime_size(&d->mime);
                assert_int_equal(size, calls < n ? len : 0);
                assert_int_equal(d->mime.error.reason, calls < n
                                 ? DUVA_REASON_NONE : DUVA_REASON_SOURCE);
            }
        }
}

/* A source that says more than there was room for. */
static int read_too_much(void *ctx, void *buf, size_t len)
{
    (void)ctx;
    return buf != NULL ? (int)len + 1 : 0;
}

static void too_much(void **state)
{
    struct draft *d = draft();

    (void)state;
    part(d, DUVA_PLACE_ATTACHED, octets, sizeof octets);
    d->part[0].read = read_too_much;
    assert_int_equal(pull(d, 5000, 5000), DUVA_ERR_BODY);
    assert_int_equal(d->mime.error.reason, DUVA_REASON_SOURCE);
    assert_int_equal(d->mime.error.number, 1);
}

/* With fewer octets than said it fails; with more the rest is not read. */
static void lengths(void **state)
{
    size_t n, len;

    (void)state;
    for (n = 0; n < sizeof octets; n++) {
        struct draft *d = draft();

        part(d, DUVA_PLACE_ATTACHED, octets, n);
        assert_int_equal(pull(d, 77, 5000), 0);
        len = d->len;
        d->part[0].len = n + 1;
        assert_int_equal(rewound(d), 0);
        assert_int_equal(pull(d, 77, 5000), DUVA_ERR_BODY);
        assert_int_equal(d->mime.error.reason, DUVA_REASON_LENGTH);
        d->part[0].len = n;
        d->source[0].len = sizeof octets;
        assert_int_equal(rewound(d), 0);
        assert_int_equal(pull(d, 77, 5000), 0);
        assert_int_equal(d->len, len);
        assert_int_equal(duva_mime_size(&d->mime), len);
        d->part[0].len = DUVA_LEN_UNKNOWN;
        d->source[0].len = n;
        assert_int_equal(duva_mime_size(&d->mime), 0);
        assert_int_equal(d->mime.error.reason, DUVA_REASON_NONE);
        assert_int_equal(pull(d, 5000, 5000), 0);
        assert_int_equal(d->len, len);
    }
}

/* It comes to an end whatever it changes into between the look and the
 * reading, and what was looked at is what comes if it does not change. */
static void changing(void **state)
{
    static const char *const contents[] = {
        "", "\n", "\r", "\r\n", "a", "a\r", "a\n", "a\r\n", "\r\r", "a\rb",
        "\xc3\xa5", "\xff", "--=_0000000000000000m\n", "=_",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r"
    };
    enum { CONTENTS = sizeof contents / sizeof contents[0] };
    size_t a, b, step;

    (void)state;
    for (a = 0; a < CONTENTS; a++)
        for (b = 0; b < CONTENTS; b++)
            for (step = 1; step < 5000; step = step * 8 + 7) {
                struct draft  *d = draft();
                struct source *s = part(d, DUVA_PLACE_TEXT, contents[a],
                                        strlen(contents[a]));
                int            err;

                d->part[0].len = DUVA_LEN_UNKNOWN;
                s->other = contents[b];
                s->other_len = strlen(contents[b]);
                s->changes = 1;
                err = pull(d, step, step);
                if (err != 0) {
                    assert_int_equal(err, DUVA_ERR_BODY);
                    assert_in_range(d->mime.error.reason, 1, 99);
                    assert_int_equal(d->mime.state, 6);
                }
            }
}

#if !DUVA_MIME_SMALL
static void a_late_cr(void **state)
{
    struct draft  *d = draft();
    struct source *s = part(d, DUVA_PLACE_TEXT, "a\n", 2);

    (void)state;
    d->part[0].len = DUVA_LEN_UNKNOWN;
    s->other = "a\r";
    s->other_len = 2;
    s->changes = 1;
    assert_int_equal(pull(d, 999, 999), DUVA_ERR_BODY);
    assert_int_equal(d->mime.error.reason, DUVA_REASON_LONE_CR);
    assert_string_equal(d->mime.error.field, "content");
    assert_int_equal(d->mime.error.number, 1);
    assert_int_equal(d->out[d->len - 1], 'a');
    s->changes = 1;
    s->data = "a\n";
    assert_int_equal(duva_mime_size(&d->mime), 0);
}
#endif

/* The size is that of what comes, asked for twice, and before and after. */
static void sizes(void **state)
{
    static char big[400];
    size_t      n, kind;
    uint64_t    size;

    (void)state;
    memset(big, 'x', sizeof big);
    for (n = 0; n < sizeof big; n += n < 120 ? 1 : 13)
        for (kind = 0; kind < 8; kind++) {
            struct draft *d = draft();

            if (kind & 1)
                part(d, DUVA_PLACE_TEXT, text, sizeof text - 1);
            part(d, kind & 2 ? DUVA_PLACE_ATTACHED : DUVA_PLACE_TEXT, big, n);
            if ((kind & 3) == 1)
                d->message.part_count = 1;
            if (kind & 4)
                in_memory(d);
            size = duva_mime_size(&d->mime);
            assert_true(size > 0);
            assert_int_equal(duva_mime_size(&d->mime), size);
            assert_int_equal(pull(d, 9999, 9999), 0);
            assert_int_equal(d->len, size);
            /* In the midst of it. */
            assert_int_equal(rewound(d), 0);
            assert_true(duva_mime_read(&d->mime, d->out,
                                       (size_t)size - 1) > 0);
            assert_int_equal(duva_mime_size(&d->mime), size);
            assert_int_equal(pull(d, 1, 70), 0);
            assert_int_equal(d->len, size);
            assert_int_equal(duva_mime_size(&d->mime), size);
        }
}

static int reads;

static int count_reads(void *ctx, void *buf, size_t len)
{
    reads += buf != NULL;
    return read_source(ctx, buf, len);
}

/* Base64 is counted without reading, and only that is. */
static void counted(void **state)
{
    struct draft *d = draft();

    (void)state;
    part(d, DUVA_PLACE_ATTACHED, octets, sizeof octets);
    d->part[0].read = count_reads;
    reads = 0;
    assert_true(duva_mime_size(&d->mime) > 0);
    assert_int_equal(reads, 0);
    d->part[0].place = DUVA_PLACE_TEXT;
    assert_true(duva_mime_size(&d->mime) > 0);
    assert_true(reads > 0);
}

/* Whatever the first pull is, and the others are, it is the same. */
static void pulls(void **state)
{
    static uint8_t whole[8192];
    size_t         len, n, parts;

    (void)state;
    for (parts = 0; parts < 4; parts++) {
        struct draft *d = draft();

        if (parts > 0)
            part(d, DUVA_PLACE_TEXT, text, sizeof text - 1);
        if (parts > 1)
            part(d, DUVA_PLACE_ATTACHED, octets, sizeof octets);
        if (parts > 2)
            part(d, DUVA_PLACE_ATTACHED, octets, 60);
        d->message.subject = "A subject";
        assert_int_equal(pull(d, 8000, 8000), 0);
        len = d->len;
        memcpy(whole, d->out, len);
        for (n = 1; n < len + 3; n++) {
            assert_int_equal(rewound(d), 0);
            assert_int_equal(pull(d, n, 8000), 0);
            assert_int_equal(d->len, len);
            assert_memory_equal(d->out, whole, len);
            d->mime = (duva_mime){ .message = &d->message };
            assert_int_equal(pull(d, n, n), 0);
            assert_int_equal(d->len, len);
            assert_memory_equal(d->out, whole, len);
            /* Neither too much nor too little at a time. */
            d->mime = (duva_mime){ .message = &d->message };
            d->out[n] = '#';
            assert_int_equal(duva_mime_read(&d->mime, d->out, n),
                             n < len ? n : len);
            if (n < len)
                assert_int_equal(d->out[n], '#');
        }
    }
}

/* Text that grows most: CRLF for LF, and base64 or "=XX" of it. */
static void growing(void **state)
{
    static const char *const kinds[] = { "\xe8\x89\xb2\n", "\n", "\xc3\xa5\n",
                                         "\x01", "a b\r\n" };
    static const size_t steps[] = { 79, 80, 81, 511, 512, 513, 4096, 65536 };
    enum { LEN = 50000 };
    static char  content[LEN + 8];
    static uint8_t whole[ROOM];
    unsigned     encoding, kind, i;

    (void)state;
    for (kind = 0; kind < 5; kind++)
        for (encoding = 0; encoding < 3; encoding++) {
            struct draft *d = draft();
            size_t        len = 0;

            if (DUVA_MIME_SMALL && encoding > 0)
                continue;
            for (i = 0; i < LEN; i += (unsigned)strlen(kinds[kind]))
                strcpy(content + i, kinds[kind]);
            part(d, DUVA_PLACE_TEXT, content, i);
            d->part[0].encoding = (uint8_t)encoding;
            in_memory(d);
            assert_int_equal(pull(d, 80, 80), 0);
            len = d->len;
            memcpy(whole, d->out, len);
            d->part[0].read = read_source;
            for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
                assert_int_equal(rewound(d), 0);
                assert_int_equal(pull(d, steps[i], steps[i]), 0);
                assert_int_equal(d->len, len);
                assert_memory_equal(d->out, whole, len);
            }
        }
}

static void seeds(void **state)
{
    struct draft *d = draft();
    unsigned      i;

    (void)state;
    for (i = 0; i < 16; i++) {
        memset(d->message.seed, 0, 16);
        d->message.seed[i] = 1;
        assert_int_equal(rewound(d), 0);
    }
    memset(d->message.seed, 7, 16);
    assert_int_equal(rewound(d), 0);
    /* Whatever lies behind it. */
    memset(d->message.seed, 7,
           sizeof d->message - offsetof(duva_message, seed));
    memset(d->message.seed, 0, 16);
    assert_int_equal(rewound(d), DUVA_ERR_ARG);
    assert_int_equal(d->mime.error.reason, DUVA_REASON_MISSING);
    assert_string_equal(d->mime.error.field, "seed");
    d->mime.message = NULL;
    assert_int_equal(rewound(d), DUVA_ERR_ARG);
    assert_string_equal(d->mime.error.field, "message");
}

/* Names and values that are not there. */
static void nothing(void **state)
{
    struct draft *d = draft();
    duva_header   headers[] = { { "X-A", "a" }, { NULL, "b" } };

    (void)state;
    d->message.headers = headers;
    d->message.header_count = 2;
    assert_int_equal(rewound(d), DUVA_ERR_ARG);
    assert_int_equal(d->mime.error.reason, DUVA_REASON_MISSING);
    assert_string_equal(d->mime.error.field, "header name");
    assert_int_equal(d->mime.error.number, 2);
    assert_int_equal(d->mime.error.where, 0);
    headers[1].name = "X-B";
    headers[1].value = NULL;
    assert_int_equal(rewound(d), DUVA_ERR_ARG);
    assert_int_equal(d->mime.error.reason, DUVA_REASON_MISSING);
    assert_int_equal(d->mime.error.number, 2);
    headers[1].name = "";
    headers[1].value = "b";
    assert_int_equal(rewound(d), DUVA_ERR_ARG);
    assert_string_equal(d->mime.error.field, "header name");
    d->message.header_count = 1;
    d->message.from.count = 0;
    assert_int_equal(rewound(d), DUVA_MIME_SMALL ? DUVA_ERR_UNSUPPORTED
                                                 : DUVA_ERR_ARG);
    assert_string_equal(d->mime.error.field, "From");
    d->message.from.count = 1;
    d->from.addr = NULL;
    assert_int_equal(rewound(d), DUVA_ERR_ARG);
    assert_string_equal(d->mime.error.field, "From");
    assert_int_equal(d->mime.error.number, 1);
}

/* What can be read once is read once, and size does not read it. */
static void once(void **state)
{
    struct draft *d = draft();
    int           calls = 0;

    (void)state;
    part(d, DUVA_PLACE_TEXT, text, sizeof text - 1)->calls = &calls;
    d->part[0].flags = DUVA_PART_ONCE;
    assert_int_equal(duva_mime_size(&d->mime), 0);
    assert_int_equal(rewound(d), 0);
    assert_int_equal(calls, 0);
    assert_int_equal(pull(d, 5000, 5000), 0);
    assert_true(calls > 0);
    calls = 0;
    assert_int_equal(rewound(d), DUVA_ERR_ARG);
    assert_int_equal(d->mime.error.reason, DUVA_REASON_ONCE);
    assert_string_equal(d->mime.error.field, "content");
    assert_int_equal(duva_mime_size(&d->mime), 0);
    assert_int_equal(calls, 0);
    /* In memory it can be read again. */
    d = draft();
    part(d, DUVA_PLACE_TEXT, text, sizeof text - 1);
    d->part[0].flags = DUVA_PART_ONCE;
    in_memory(d);
    assert_int_equal(pull(d, 5000, 5000), 0);
    assert_int_equal(rewound(d), 0);
    assert_int_equal(duva_mime_size(&d->mime), d->len);
    assert_int_equal(d->part[0].chosen, DUVA_ENCODING_7BIT);
}

/* What was out after one message says nothing about the next. */
static void next_message(void **state)
{
    struct draft *d = draft();
    int           calls = 0;

    (void)state;
    part(d, DUVA_PLACE_TEXT, "\xc3\xa5", 2);
    d->mime.takes = DUVA_MIME_8BIT;
    assert_int_equal(rewound(d), 0);
#if !DUVA_MIME_SMALL
    assert_int_equal(d->mime.needs, DUVA_MIME_8BIT);
#endif
    d->mime.takes = 0;
    assert_int_equal(rewound(d), 0);
    assert_int_equal(d->mime.needs, 0);
    assert_int_equal(d->part[0].chosen, DUVA_ENCODING_BASE64);
    d->from.addr = "ada b@c";
    assert_int_equal(rewound(d), DUVA_ERR_ARG);
    assert_int_equal(d->mime.error.reason, DUVA_REASON_CHARACTER);
    assert_int_equal(d->mime.error.where, 4);
    d->from.addr = "ada@example.net";
    d->source[0].calls = &calls;
    d->source[0].fails = 1;
    d->source[0].error = -7;
    assert_int_equal(rewound(d), DUVA_ERR_BODY);
    assert_int_equal(d->mime.error.where, 0);
    assert_int_equal(rewound(d), 0);
    assert_int_equal(d->mime.error.reason, DUVA_REASON_NONE);
    assert_int_equal(pull(d, 700, 700), 0);
    assert_int_equal(duva_mime_read(&d->mime, d->out, 9), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failing), cmocka_unit_test(too_much),
        cmocka_unit_test(lengths), cmocka_unit_test(changing),
#if !DUVA_MIME_SMALL
        cmocka_unit_test(a_late_cr),
#endif
        cmocka_unit_test(sizes), cmocka_unit_test(counted),
        cmocka_unit_test(pulls),
        cmocka_unit_test(growing), cmocka_unit_test(seeds),
        cmocka_unit_test(nothing), cmocka_unit_test(once),
        cmocka_unit_test(next_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
