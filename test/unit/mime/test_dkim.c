/* test_dkim.c - DKIM: what is hashed, signed and sent: dkim.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/dkim.h"

#include "cmocka_all.h"

#include <stdio.h>

/* A message in pieces of `step`, which fails at its `fails`-th call. */
struct letter {
    const char *text;
    size_t      at, step;
    int         calls, fails;
};

static int read_letter(void *ctx, void *buf, size_t len)
{
    struct letter *l = ctx;
    size_t         n = strlen(l->text) - l->at;

    if (++l->calls == l->fails)
        return -7;
    if (buf == NULL) {
        l->at = 0;
        return 0;
    }
    n = n < len ? n : len;
    n = l->step > 0 && l->step < n ? l->step : n;
    memcpy(buf, l->text + l->at, n);
    l->at += n;
    return (int)n;
}

/* Keeps what is hashed, and fails at its `fails`-th call. */
struct pen {
    duva_signer signer;
    char        text[DUVA_HASHES][4096];
    size_t      len[DUVA_HASHES];
    int         calls, fails, signature;
};

static int start(duva_signer *s)
{
    struct pen *p = (struct pen *)s;

    p->len[0] = p->len[1] = 0;
    return ++p->calls == p->fails ? DUVA_ERR_TLS : 0;
}

static int update(duva_signer *s, enum duva_hash hash, const void *data,
                  size_t len)
{
    struct pen *p = (struct pen *)s;

    assert_true(len > 0 && p->len[hash] + len < sizeof p->text[hash]);
    memcpy(p->text[hash] + p->len[hash], data, len);
    p->len[hash] += len;
    p->text[hash][p->len[hash]] = '\0';
    return ++p->calls == p->fails ? DUVA_ERR_TLS : 0;
}

static int finish(duva_signer *s, enum duva_hash hash, uint8_t digest[32])
{
    struct pen *p = (struct pen *)s;

    memset(digest, hash == DUVA_HASH_BODY ? 'b' : 'f', 32);
    return ++p->calls == p->fails ? DUVA_ERR_TLS : 0;
}

static int sign(duva_signer *s, const uint8_t digest[32], uint8_t *signature,
                size_t cap)
{
    struct pen *p = (struct pen *)s;

    assert_int_equal(cap, 512);
    assert_memory_equal(digest, "ffffffffffffffffffffffffffffffff", 32);
    if (p->signature > 0)
        memset(signature, 's', (size_t)p->signature);
    return ++p->calls == p->fails ? DUVA_ERR_TLS : p->signature;
}

struct desk {
    struct letter letter;
    struct pen    pen;
    duva_dkim     dkim;
    char          behind[2048]; /* stays 0 */
    char          out[8192];
};

static struct desk *desk(const char *text)
{
    static struct desk d;

    memset(&d, 0, sizeof d);
    d.letter.text = text;
    d.pen.signer.algorithm = "test-sha256";
    d.pen.signer.start = start;
    d.pen.signer.update = update;
    d.pen.signer.finish = finish;
    d.pen.signer.sign = sign;
    d.pen.signature = 3;
    d.dkim.source = read_letter;
    d.dkim.source_ctx = &d.letter;
    d.dkim.signer = &d.pen.signer;
    d.dkim.domain = "example.net";
    d.dkim.selector = "s1";
    return &d;
}

/* All of it, by pulls of `step`; returns the octets or the error. */
static int pull(struct desk *d, size_t step)
{
    int n, got = 0;

    while ((n = duva_dkim_read(&d->dkim, d->out + got, step)) > 0)
        got += n;
    d->out[got] = '\0';
    return n < 0 ? n : got;
}

#define PLAIN "From: a@example.net\r\n\r\nbody\r\n"
/* "bbb..." in base64, as the digest of a body stands in its line. */
#define BH "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI="
#define HEAD(h)                                                               \
    "DKIM-Signature: v=1; a=test-sha256; c=relaxed/relaxed;\r\n"              \
    " d=example.net;\r\n s=s1;\r\n h=" h ":from;\r\n bh=\r\n " BH             \
    ";\r\n b=\r\n c3Nz\r\n"
#define HASHED(h)                                                             \
    "dkim-signature:v=1; a=test-sha256; c=relaxed/relaxed; d=example.net; "   \
    "s=s1; h=" h ":from; bh= " BH "; b="

/* What is hashed of the fields and of the body, and what goes out. */
static void hashed(void **state)
{
    static const struct {
        const char *message, *fields, *body, *names;
    } cases[] = {
        { PLAIN, "from:a@example.net\r\n", "body\r\n", "from" },
        { "From: a\r\n\r\n", "from:a\r\n", "", "from" },
        { "From: a\r\n\r\n\r\n\r\n", "from:a\r\n", "", "from" },
        { "From: a\r\n\r\n \t\r\n", "from:a\r\n", "", "from" },
        { "From: a\r\n\r\nx", "from:a\r\n", "x\r\n", "from" },
        { "From: a\r\n\r\nx\r\n\r\n", "from:a\r\n", "x\r\n", "from" },
        { "From: a\r\n\r\nx\r\n\r\n\r\ny", "from:a\r\n", "x\r\n\r\n\r\ny\r\n",
          "from" },
        { "From: a\r\n\r\n \tx\t y  \r\nz \r\n", "from:a\r\n",
          " x y\r\nz\r\n", "from" },
        { "From: a\r\n\r\nx \r\n \r\n", "from:a\r\n", "x\r\n", "from" },
        { "From: a\r\n\r\nx\ry\r\n", "from:a\r\n", "x\ry\r\n", "from" },
        { "From: a\r\n\r\nx\r\r\n", "from:a\r\n", "x\r\r\n", "from" },
        { "From: a\r\n\r\nx \ry\r\n", "from:a\r\n", "x \ry\r\n", "from" },
        { "From: a\n\nx\ny\n", "from:a\r\n", "x\r\ny\r\n", "from" },
        { "From :\t a \t b\r\n\tc \r\n\r\n", "from:a b c\r\n", "", "from" },
        { "FROM: A\r\nFromX: b\r\nFro: c\r\n\r\n", "from:A\r\n", "", "from" },
        { "X-A: b\r\n folded: x\r\nFrom: a\r\nX-B: c\r\n\r\n", "from:a\r\n",
          "", "from" },
        { "From:\r\nSubject: \r\n\tx:y\r\n\r\n", "from:\r\nsubject:x:y\r\n",
          "", "from:subject" },
        { "Subject: @`[{ a\r\nFrom: b\r\n\r\n", "subject:@`[{ a\r\nfrom:b\r\n",
          "", "subject:from" },
        { "[ubject: a\r\nFrom: b\r\nX: c\r\n", "from:b\r\n", "", "from" },
        { "Reply\rTo: b\r\nFrom: a\r\n\r\n", "from:a\r\n", "", "from" },
        { "From: a\r\n: b\r\n\r\n", "from:a\r\n", "", "from" },
        { "X-A-name-that-is-longer-than-any-that-is-signed: x\r\nFrom: a\r\n"
          "\r\n", "from:a\r\n", "", "from" },
    };
    size_t i, step;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (step = 1; step < 600; step = step * 3 + 1) {
            struct desk *d = desk(cases[i].message);
            char         want[2000];

            d->letter.step = step;
            assert_true(pull(d, step) > 0);
            snprintf(want, sizeof want, "%s%s", cases[i].fields,
                     HASHED("*"));
            /* The star stands for the names. */
            snprintf(strchr(want, '*'), 900, "%s:from; bh= " BH "; b=",
                     cases[i].names);
            assert_string_equal(d->pen.text[DUVA_HASH_FIELDS], want);
            assert_string_equal(d->pen.text[DUVA_HASH_BODY], cases[i].body);
            snprintf(want, sizeof want, "%s", HEAD("*"));
            snprintf(strchr(want, '*'), 900,
                     "%s:from;\r\n bh=\r\n " BH ";\r\n b=\r\n c3Nz\r\n%s",
                     cases[i].names, cases[i].message);
            assert_string_equal(d->out, want);
        }
}

/* However much is held of a field, all of it is hashed. */
static void lengths_of_fields(void **state)
{
    char   text[300], want[300];
    size_t n;

    (void)state;
    for (n = 0; n < 200; n++) {
        struct desk *d = desk(text);

        memset(want, 'x', sizeof want);
        memcpy(want, "from:", 5);
        strcpy(want + 5 + n, "\r\ndkim-signature:v=1;");
        snprintf(text, sizeof text, "From: %.*s\r\n\r\n", (int)n, want + 5);
        assert_true(pull(d, 500) > 0);
        assert_memory_equal(d->pen.text[DUVA_HASH_FIELDS], want, strlen(want));
        assert_int_equal(d->pen.len[DUVA_HASH_FIELDS],
                         n + 7 + strlen(HASHED("from")));
    }
}

/* All names, in lines of five; a date; a signature in lines of 72. */
static void layout(void **state)
{
    struct desk *d = desk(
        "Received: x\r\nFrom: 1\r\nSender: 2\r\nReply-To: 3\r\nTo: 4\r\n"
        "Cc: 5\r\nSubject: 6\r\nDate: 7\r\nMessage-ID: 8\r\n"
        "In-Reply-To: 9\r\nReferences: 10\r\nMIME-Version: 11\r\n"
        "Content-Type: 12\r\nContent-Transfer-Encoding: 13\r\n\r\n");
    char         line[100];
    const char  *at;

    (void)state;
    d->pen.signature = 109;
    d->dkim.date = 4294967295u;
    assert_true(pull(d, 1) > 0);
    assert_non_null(strstr(d->out, "\r\n s=s1; t=4294967295;\r\n h=from:sender:"
        "reply-to:to:cc:\r\n subject:date:message-id:in-reply-to:references:"
        "\r\n mime-version:content-type:content-transfer-encoding:from;\r\n "
        "bh=\r\n "));
    at = strstr(d->out, " b=\r\n ");
    assert_non_null(at);
    memset(line, 'c', sizeof line);
    assert_memory_equal(at + 6, "c3Nzc3Nzc3Nz", 12);
    assert_memory_equal(at + 6 + 72, "\r\n c3Nz", 7);
    assert_string_equal(at + 6 + 75 + 72, "\r\n cw==\r\nReceived: x\r\n"
                        "From: 1\r\nSender: 2\r\nReply-To: 3\r\nTo: 4\r\n"
        "Cc: 5\r\nSubject: 6\r\nDate: 7\r\nMessage-ID: 8\r\n"
        "In-Reply-To: 9\r\nReferences: 10\r\nMIME-Version: 11\r\n"
        "Content-Type: 12\r\nContent-Transfer-Encoding: 13\r\n\r\n");
    d = desk(PLAIN);
    d->dkim.date = 1;
    assert_true(pull(d, 500) > 0);
    assert_non_null(strstr(d->out, "; t=1;\r\n"));
    d = desk(PLAIN);
    d->dkim.date = 10;
    assert_true(pull(d, 500) > 0);
    assert_non_null(strstr(d->out, "; t=10;\r\n"));
}

static void refused(struct desk *d, int err, duva_reason reason)
{
    uint64_t size = 1;
    char     octet = 'x';

    assert_int_equal(duva_dkim_read(&d->dkim, &octet, 1), err);
    assert_int_equal(octet, 'x');
    assert_int_equal(d->dkim.reason, reason);
    assert_int_equal(duva_dkim_size(&d->dkim, &size), err);
    assert_int_equal(size, 0);
}

static void missing(void **state)
{
    struct desk *d;
    int          c;

    (void)state;
    for (c = 0; c < 4; c++) {
        d = desk(PLAIN);
        if (c == 0)
            d->dkim.source = NULL;
        else if (c == 1)
            d->dkim.signer = NULL;
        else if (c == 2)
            d->dkim.domain = NULL;
        else
            d->dkim.selector = NULL;
        refused(d, DUVA_ERR_ARG, DUVA_REASON_MISSING);
        assert_int_equal(d->pen.calls + d->letter.calls, 0);
    }
    d = desk(PLAIN);
    d->dkim.source = NULL;
    assert_int_equal(duva_dkim_read(&d->dkim, NULL, 0), DUVA_ERR_ARG);
}

static void letters_of_names(void **state)
{
    struct desk *d;
    char         name[3];
    int          c;

    (void)state;
    for (c = 1; c < 256; c++) {
        const int is_good = strchr("-._", c) != NULL || (c >= '0' && c <= '9')
                            || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');

        name[0] = 'x';
        name[1] = (char)c;
        name[2] = '\0';
        d = desk(PLAIN);
        d->dkim.domain = name;
        if (is_good)
            assert_true(pull(d, 99) > 0);
        else
            refused(d, DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
        d = desk(PLAIN);
        d->dkim.selector = name + 1;
        if (is_good)
            assert_true(pull(d, 99) > 0);
        else
            refused(d, DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
    }
}

static void lengths_of_names(void **state)
{
    struct desk *d = desk(PLAIN);
    char         name[258];

    (void)state;
    memset(name, 'x', sizeof name);
    name[255] = '\0';
    d->dkim.domain = name;
    d->dkim.selector = name + 255 - 63;
    assert_true(pull(d, 99) > 0);
    assert_non_null(strstr(d->out, name));
    assert_int_equal(duva_dkim_read(&d->dkim, NULL, 0), 0);
    d->dkim.selector = name + 255 - 64;
    refused(d, DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
    d->dkim.selector = "";
    refused(d, DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
    d->dkim.selector = "x";
    d->dkim.domain = "";
    refused(d, DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
    name[255] = 'x';
    name[256] = '\0';
    d->dkim.domain = name;
    refused(d, DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
    d->dkim.domain = "x";
    assert_true(pull(d, 99) > 0);
    assert_int_equal(d->dkim.reason, DUVA_REASON_NONE);
}

static void messages(void **state)
{
    static const char *const names[] = {
        "From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date",
        "Message-ID", "In-Reply-To", "References", "MIME-Version",
        "Content-Type", "Content-Transfer-Encoding"
    };
    char   text[200];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(text, sizeof text, "%s: a\r\n%s: b\r\nFrom: x\r\n\r\n",
                 names[i], names[i]);
        refused(desk(text), DUVA_ERR_ARG, DUVA_REASON_REPEATED);
        snprintf(text, sizeof text, "%s: a\r\nX%s: b\r\n%s\r\n", names[i],
                 names[i], i > 0 ? "From: x\r\n" : "");
        assert_true(pull(desk(text), 99) > 0);
    }
    refused(desk(""), DUVA_ERR_BODY, DUVA_REASON_SOURCE);
    refused(desk("\r\nFrom: a\r\n\r\n"), DUVA_ERR_BODY, DUVA_REASON_SOURCE);
    refused(desk("To: a\r\n\r\nFrom: a\r\n\r\n"), DUVA_ERR_BODY,
            DUVA_REASON_SOURCE);
    /* Whether the field has ended cannot be known. */
    refused(desk("From: a\r\n"), DUVA_ERR_BODY, DUVA_REASON_SOURCE);
    refused(desk("From: a"), DUVA_ERR_BODY, DUVA_REASON_SOURCE);
}

/* Whatever call fails, nothing goes out, and what is tried again is whole. */
static void failing_signer(void **state)
{
    static const char text[] =
        "From: somebody with a name that is rather long <a@example.net>\r\n"
        "Subject: and a subject of more than the 64 octets that are held\r\n"
        ": a field without a name\r\n\r\n"
        "two  words\r\n\r\na \r b\r\n";
    struct desk *d = desk(text);
    const int    whole = pull(d, 100), calls = d->pen.calls;
    char         want[2000];
    uint64_t     size;
    int          n;

    (void)state;
    assert_true(whole > 0 && calls >= 18);
    memcpy(want, d->out, (size_t)whole);
    for (n = 1; n <= calls; n++) {
        d = desk(text);
        d->pen.fails = n;
        assert_int_equal(pull(d, 100), DUVA_ERR_TLS);
        assert_string_equal(d->out, "");
        assert_int_equal(d->pen.calls, n);
        assert_int_equal(d->letter.at, n > 1 ? 0 : d->letter.at);
        assert_int_equal(pull(d, 100), whole);
        assert_memory_equal(d->out, want, (size_t)whole);
        /* The first time is good, the second is not. */
        d = desk(text);
        assert_int_equal(duva_dkim_size(&d->dkim, &size), DUVA_OK);
        d->pen.fails = calls + n;
        assert_int_equal(duva_dkim_size(&d->dkim, &size), DUVA_ERR_TLS);
        assert_int_equal(size, 0);
        d->pen.fails = d->pen.calls + n;
        assert_int_equal(pull(d, 100), DUVA_ERR_TLS);
        assert_string_equal(d->out, "");
    }
    d = desk(text);
    d->pen.signature = 0;
    refused(d, DUVA_ERR_TLS, DUVA_REASON_NONE);
}

static void failing_source(void **state)
{
    struct desk *d = desk(PLAIN);
    int          calls, n;

    (void)state;
    d->letter.step = 5;
    assert_true(pull(d, 1000) > 0);
    calls = d->letter.calls;
    for (n = 1; n <= calls; n++) {
        d = desk(PLAIN);
        d->letter.step = 5;
        d->letter.fails = n;
        if (n <= 8) {           /* six reads, the end, the start */
            assert_int_equal(pull(d, 1000), DUVA_ERR_BODY);
            assert_int_equal(d->dkim.reason, DUVA_REASON_SOURCE);
            assert_string_equal(d->out, "");
        } else {
            assert_int_equal(pull(d, 1000), -7);
        }
    }
    d = desk(PLAIN);
    d->letter.fails = 1;
    assert_int_equal(duva_dkim_read(&d->dkim, NULL, 0), -7);
}

static void again(void **state)
{
    struct desk *d = desk(PLAIN);
    char         want[2000];
    const int    whole = pull(d, 1000);
    uint64_t     size;

    (void)state;
    memcpy(want, d->out, sizeof want);
    assert_int_equal(duva_dkim_read(&d->dkim, NULL, 0), 0);
    assert_int_equal(pull(d, 7), whole);
    assert_string_equal(d->out, want);
    assert_int_equal(duva_dkim_read(&d->dkim, NULL, 0), 0);
    assert_int_equal(duva_dkim_size(&d->dkim, &size), DUVA_OK);
    assert_int_equal(size, whole);
    assert_int_equal(duva_dkim_size(&d->dkim, &size), DUVA_OK);
    assert_int_equal(size, whole);
    d->pen.calls = 0;
    assert_int_equal(pull(d, 1000), whole);
    assert_string_equal(d->out, want);
    assert_int_equal(d->pen.calls, 0); /* it is signed once */
    /* Another message, after a rewind: signed anew. */
    assert_int_equal(duva_dkim_read(&d->dkim, NULL, 0), 0);
    d->letter.text = "Subject: b\r\nFrom: c\r\n\r\n d";
    assert_true(pull(d, 3) > 0);
    assert_string_equal(d->out, HEAD("subject:from")
                        "Subject: b\r\nFrom: c\r\n\r\n d");
    assert_string_equal(d->pen.text[DUVA_HASH_BODY], " d\r\n");
}

/* The shortest algorithm that leaves no room for a signature, or 0; up to
 * there it is all right. */
static size_t longest_algorithm(int signature)
{
    static char  algorithm[2000];
    struct desk *d = desk(PLAIN);
    size_t       n, fits = 0;

    memset(algorithm, 'x', sizeof algorithm);
    d->pen.signer.algorithm = algorithm;
    d->pen.signature = signature;
    for (n = 600; n < sizeof algorithm; n++) {
        int got;

        algorithm[n] = '\0';
        assert_int_equal(duva_dkim_read(&d->dkim, NULL, 0), 0);
        got = pull(d, 2500);
        if (got > 0) {
            assert_int_equal(fits, 0);
            assert_non_null(strstr(d->out, " b=\r\n c3Nz"));
            assert_non_null(strstr(d->out, "\r\nFrom: "));
        } else {
            fits = fits > 0 ? fits : n;
            assert_int_equal(got, DUVA_ERR_SPACE);
            assert_string_equal(d->out, "");
        }
        algorithm[n] = 'x';
    }
    for (n = 0; n < sizeof d->behind; n++)
        assert_int_equal(d->behind[n], 0);
    return fits;
}

/* The field has 1792 octets; 75 are set aside for each line of a signature,
 * and 80 for its last one. */
static void space(void **state)
{
    /* With 11 letters of the algorithm. */
    const size_t field = strlen(HEAD("from")) - strlen("\r\n c3Nz\r\n") - 11;
    const size_t room = sizeof desk(PLAIN)->dkim.field - field + 1;

    (void)state;
    assert_int_equal(longest_algorithm(3), room - 80);
    assert_int_equal(longest_algorithm(53), room - 80);
    assert_int_equal(longest_algorithm(54), room - 75 - 80);
    assert_int_equal(longest_algorithm(512), room - 9 * 75 - 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashed), cmocka_unit_test(lengths_of_fields),
        cmocka_unit_test(layout),
        cmocka_unit_test(missing), cmocka_unit_test(letters_of_names),
        cmocka_unit_test(lengths_of_names), cmocka_unit_test(messages),
        cmocka_unit_test(failing_signer), cmocka_unit_test(failing_source),
        cmocka_unit_test(again), cmocka_unit_test(space),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
