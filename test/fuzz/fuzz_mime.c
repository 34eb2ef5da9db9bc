/* fuzz_mime.c - octets into fields and parts, and what is composed of them
 * back: it must be refused clearly, or read back equal. */
/* SPDX-License-Identifier: MIT */
/*
 * What must hold: a refusal names a field and a reason and comes before the
 * first octet.  Otherwise: the same octets for pulls of any size; the size
 * said beforehand; lines ended by CRLF, of 998 octets at most; one field for
 * each that was given, in order, and no other; subject, header values, file
 * names' absence of line ends, and every content equal.
 */
#include "duva/mime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOLDS(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
            abort(); \
        } \
    } while (0)

enum { PARTS = 4, HEADERS = 3, ROOM = 1 << 18 };

static const uint8_t *data;
static size_t         left;

struct given {
    duva_message message;
    duva_address from[2], to[3];
    duva_header  headers[HEADERS];
    duva_part    parts[PARTS];
    size_t       pos[PARTS];
};

static uint8_t take(void)
{
    return left > 0 ? (left--, *data++) : 0;
}

/* All strings of a message. */
static char    *texts[256];
static unsigned text_count;

static void drop_texts(void)
{
    while (text_count > 0)
        free(texts[--text_count]);
}

/* A string of its own size, so that a step beside it is seen. */
static char *take_text(size_t most)
{
    size_t n = take() % (most + 1), i;
    char  *text;

    n = n < left ? n : left;
    text = malloc(n + 1);
    HOLDS(text != NULL && text_count < sizeof texts / sizeof texts[0]);
    texts[text_count++] = text;
    memcpy(text, data, n);
    text[n] = '\0';
    for (i = 0; i < n; i++)
        if (text[i] == '\0')
            text[i] = '0';
    data += n;
    left -= n;
    return text;
}

static char *take_maybe(size_t most)
{
    return take() % 3 ? NULL : take_text(most);
}

struct source {
    const uint8_t *data;
    size_t         len, pos, step;
};
static struct source sources[PARTS];

static int read_source(void *ctx, void *buf, size_t len)
{
    struct source *s = ctx;
    size_t         n = s->len - s->pos;

    if (buf == NULL) {
        s->pos = 0;
        return 0;
    }
    n = n < len ? n : len;
    n = n < s->step ? n : s->step;
    memcpy(buf, s->data + s->pos, n);
    s->pos += n;
    return (int)n;
}

static void take_part(struct given *g, unsigned i)
{
    duva_part *p = &g->parts[i];
    size_t     n = (size_t)take() * (take() % 8);

    p->place = take() % 6;
    p->encoding = take() % 4 ? 0 : take() % 4;
    p->type = take() % 4 ? NULL : take_text(40);
    p->charset = take() % 8 ? NULL : take_text(12);
    p->name = take_maybe(200);
    p->cid = take_maybe(20);
    p->method = take_maybe(10);
    p->len = n = n < left ? n : left;
    p->data = data;
    sources[i] = (struct source){ data, n, 0, 1u + take() };
    if (take() % 2)
        p->read = read_source;
    p->ctx = &sources[i];
    data += n < left ? n : left;
    left -= n < left ? n : left;
    sources[i].len = p->len = (size_t)(data - (const uint8_t *)p->data);
}

static void take_message(struct given *g, const uint8_t seed[16])
{
    unsigned i;

    memset(g, 0, sizeof *g);
    memcpy(g->message.seed, seed, 16);
    g->from[0].name = take_maybe(100);
    g->from[0].addr = take() % 2 ? "a@b.example" : take_text(90);
    g->message.from = (duva_addresses){ g->from, 1 };
    g->message.to = (duva_addresses){ g->to, (uint16_t)(take() % 4) };
    for (i = 0; i < g->message.to.count; i++) {
        g->to[i].name = take_maybe(100);
        g->to[i].addr = take() % 4 ? "c@d.example" : take_maybe(60);
        g->to[i].members = take() % 3;
    }
    g->message.subject = take_maybe(250);
    g->message.message_id = take_maybe(100);
    g->message.references = take_maybe(250);
    g->message.date = (uint32_t)take() << 24 | take();
    g->message.zone = (int16_t)(take() * 8 - 1024);
    g->message.headers = g->headers;
    g->message.header_count = (uint16_t)(take() % (HEADERS + 1));
    for (i = 0; i < g->message.header_count; i++) {
        g->headers[i].name = take() % 2 ? "X-Test" : take_text(100);
        g->headers[i].value = take_text(250);
    }
    g->message.parts = g->parts;
    g->message.part_count = (uint16_t)(take() % (PARTS + 1));
    for (i = 0; i < g->message.part_count; i++)
        take_part(g, i);
}

/* ---- reading back ---- */

static int value_of(int c)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                  "qrstuvwxyz0123456789+/";
    const char *at = c != '\0' ? strchr(letters, c) : NULL;

    HOLDS(at != NULL);
    return (int)(at - letters);
}

static size_t from_base64(uint8_t *to, const char *s, size_t len)
{
    size_t n = 0, i, line = 0;

    for (i = 0; i < len;) {
        uint32_t v;
        int      pad;

        if (s[i] == '\r') {
            HOLDS(i + 1 < len && s[i + 1] == '\n' && line <= 76 && line > 0);
            i += 2;
            line = 0;
            continue;
        }
        HOLDS(len - i >= 4);
        pad = (s[i + 3] == '=') + (s[i + 2] == '=');
        v = (uint32_t)value_of(s[i]) << 18
            | (uint32_t)value_of(s[i + 1]) << 12
            | (pad < 2 ? (uint32_t)value_of(s[i + 2]) << 6 : 0)
            | (pad < 1 ? (uint32_t)value_of(s[i + 3]) : 0);
        to[n++] = (uint8_t)(v >> 16);
        if (pad < 2)
            to[n++] = (uint8_t)(v >> 8);
        if (pad < 1)
            to[n++] = (uint8_t)v;
        i += 4;
        line += 4;
    }
    return n;
}

static uint8_t hex(const char *s)
{
    static const char digits[] = "0123456789ABCDEF";

    HOLDS(s[0] != '\0' && strchr(digits, s[0]) != NULL && s[1] != '\0'
          && strchr(digits, s[1]) != NULL);
    return (uint8_t)((strchr(digits, s[0]) - digits) << 4
                     | (strchr(digits, s[1]) - digits));
}

static size_t from_qp(uint8_t *to, const char *s, size_t len, int word)
{
    size_t n = 0, i;

    for (i = 0; i < len; i++) {
        if (s[i] == '=' && !word && s[i + 1] == '\r') {
            i += 2;
        } else if (s[i] == '=') {
            to[n++] = hex(s + i + 1);
            i += 2;
        } else {
            to[n++] = (uint8_t)(word && s[i] == '_' ? ' ' : s[i]);
        }
    }
    return n;
}

/* The text of a field: unfolded and, unless it is an identifier, in which
 * nobody looks for them, encoded-words decoded. */
static size_t from_field(uint8_t *to, const char *s, size_t len, int has_words)
{
    char   flat[ROOM / 8];
    size_t n = 0, i, flat_len = 0;
    int    after_word = 0;

    HOLDS(len < sizeof flat);
    for (i = 0; i < len; i++)
        if (s[i] != '\r' && s[i] != '\n')
            flat[flat_len++] = s[i];
    flat[flat_len] = '\0';
    for (i = flat[0] == ' '; i < flat_len;) {
        const char *end;

        if (!has_words || strncmp(flat + i, "=?utf-8?", 8) != 0) {
            after_word = after_word && flat[i] == ' ';
            to[n++] = (uint8_t)flat[i++];
            continue;
        }
        n -= (size_t)after_word;        /* the space between two words */
        end = strstr(flat + i + 10, "?=");
        HOLDS(end != NULL && end - flat - (long)i + 2 <= 75);
        n += flat[i + 8] == 'B'
             ? from_base64(to + n, flat + i + 10,
                           (size_t)(end - flat) - i - 10)
             : from_qp(to + n, flat + i + 10, (size_t)(end - flat) - i - 10,
                       1);
        i = (size_t)(end - flat) + 2;
        after_word = 1;
        if (flat[i] == ' ')
            to[n++] = (uint8_t)flat[i++];
        else
            after_word = 0;
    }
    return n;
}

/* The field of that name at *at, which then stands behind it. */
static void expect_field(const char **at, const char *name, const char *text)
{
    const size_t len = strlen(name);
    const char  *end = *at;
    uint8_t      found[ROOM / 4];
    size_t       n;

    HOLDS(strncmp(*at, name, len) == 0 && (*at)[len] == ':');
    do
        end = strstr(end, "\r\n") + 2;
    while (*end == ' ');
    if (text != NULL) {
        n = from_field(found, *at + len + 1, (size_t)(end - *at) - len - 3,
                       strcmp(name, "Message-ID") != 0
                           && strcmp(name, "References") != 0);
        HOLDS(n == strlen(text) && memcmp(found, text, n) == 0);
    }
    *at = end;
}

static int is_text(const duva_part *p)
{
    return p->place == DUVA_PLACE_TEXT || p->place == DUVA_PLACE_HTML
           || p->place == DUVA_PLACE_CALENDAR;
}

static void expect_content(const duva_part *p, const char *s, size_t len)
{
    static uint8_t found[ROOM], want[ROOM];
    const uint8_t *raw = p->data;
    size_t         n = len, wants = 0, i;
    const int      lines = p->chosen >= DUVA_ENCODING_7BIT
                           && p->chosen != DUVA_ENCODING_BINARY;

    if (p->chosen == DUVA_ENCODING_BASE64)
        n = from_base64(found, s, len);
    else if (p->chosen == DUVA_ENCODING_QP)
        n = from_qp(found, s, len, 0);
    else
        memcpy(found, s, len);
    for (i = 0; i < p->len; i++) {
        if ((lines || is_text(p)) && raw[i] == '\n'
            && (i == 0 || raw[i - 1] != '\r'))
            want[wants++] = '\r';
        want[wants++] = raw[i];
    }
    HOLDS(n == wants && memcmp(found, want, n) == 0);
}

/* Reads one entity, with as many parts as it has, in their order. */
static void read_entity(const duva_part **parts, size_t *count, const char *s,
                        size_t len)
{
    const char *body = strstr(s, "\r\n\r\n"), *end = s + len, *next;
    const char *type = strstr(s, "Content-Type:");
    char        boundary[64];

    HOLDS(body != NULL && body < end && type != NULL && type < body);
    body += 4;
    if (strncmp(type, "Content-Type: multipart/", 24) != 0) {
        HOLDS(*count > 0);
        expect_content(*parts, body, (size_t)(end - body));
        ++*parts;
        --*count;
        return;
    }
    HOLDS(sscanf(strstr(type, "boundary=\""), "boundary=\"%40[^\"]\"",
                 boundary + 4) == 1);
    memcpy(boundary, "\r\n--", 4);
    HOLDS(memcmp(body, boundary + 2, strlen(boundary) - 2) == 0);
    body += strlen(boundary) - 2;
    while (strncmp(body, "--", 2) != 0) {
        HOLDS(strncmp(body, "\r\n", 2) == 0);
        body += 2;
        for (next = body; next < end; next++)
            if (memcmp(next, boundary, strlen(boundary)) == 0)
                break;
        HOLDS(next < end);
        read_entity(parts, count, body, (size_t)(next - body));
        body = next + strlen(boundary);
    }
    HOLDS(end - body == 2 || (end - body == 4
                              && memcmp(body, "--\r\n", 4) == 0));
}

static void read_back(const struct given *g, const char *s, size_t len,
                      int binary)
{
    const duva_message *const m = &g->message;
    const duva_part          *ordered[PARTS];
    duva_part                 flat[PARTS];
    const duva_part          *first = flat;
    const char               *at = s;
    size_t                    i, count = 0, column = 0, place, html = 0;

    for (i = 0; i < len && !binary; i++) {
        column = s[i] == '\n' ? 0 : column + 1;
        HOLDS(column <= 999);
        HOLDS(s[i] != '\n' || (i > 0 && s[i - 1] == '\r'));
        HOLDS(s[i] != '\r' || (i + 1 < len && s[i + 1] == '\n'));
        HOLDS(s[i] != '\0');
    }
    if (m->date != 0)
        expect_field(&at, "Date", NULL);
    expect_field(&at, "From", NULL);
    if (m->to.count > 0)
        expect_field(&at, "To", NULL);
    if (m->subject != NULL)
        expect_field(&at, "Subject", m->subject);
    expect_field(&at, "Message-ID", m->message_id);
    if (m->references != NULL)
        expect_field(&at, "References", m->references);
    for (i = 0; i < m->header_count; i++)
        expect_field(&at, m->headers[i].name, m->headers[i].value);
    if (m->part_count == 0) {
        HOLDS(strcmp(at, "\r\n") == 0);
        return;
    }
    expect_field(&at, "MIME-Version", "1.0");
    for (i = 0; i < m->part_count; i++)
        html |= m->parts[i].place == DUVA_PLACE_HTML;
    for (place = 0; place < 5; place++)
        for (i = 0; i < m->part_count; i++) {
            const duva_part *p = &m->parts[i];

            if ((p->place == DUVA_PLACE_RELATED && !html
                 ? DUVA_PLACE_ATTACHED : p->place) == place)
                ordered[count++] = p;
        }
    for (i = 0; i < count; i++)
        flat[i] = *ordered[i];
    read_entity(&first, &count, at, len - (size_t)(at - s));
    HOLDS(count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t len)
{
    static const uint8_t seed[16] = { 1, 2, 3 };
    static char          whole[ROOM], again[ROOM];
    struct given         g;
    duva_mime            m = { .message = &g.message };
    size_t               step, got = 0;
    uint64_t             size;
    int                  n;

    data = input;
    left = len;
    m.takes = take() & 7;
    step = 1u + take();
    take_message(&g, seed);
    n = duva_mime_read(&m, whole, sizeof whole - 1);
    if (n < 0) {
        HOLDS(m.error.reason != DUVA_REASON_NONE && m.error.field != NULL);
        HOLDS(duva_mime_size(&m) == 0);
    } else {
        whole[n] = '\0';
        size = duva_mime_size(&m);
        HOLDS(size == (uint64_t)n);
        while (got < sizeof again - step) {
            const int more = duva_mime_read(&m, again + got, step);

            HOLDS(more >= 0);
            if (more == 0)
                break;
            got += (size_t)more;
        }
        HOLDS(got == (size_t)n && memcmp(whole, again, got) == 0);
        read_back(&g, whole, got, (m.needs & DUVA_MIME_BINARY) != 0);
    }
    drop_texts();
    return 0;
}
