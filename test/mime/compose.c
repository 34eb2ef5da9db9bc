/* compose.c - records on stdin, as test_generated.py writes them, into the
 * message that they describe, on stdout. */
/* SPDX-License-Identifier: MIT */
/*
 * A record is "key length", a line end, that many octets, a line end.  The
 * message is composed with pulls of many sizes, which must all give the same;
 * what is refused is told on stderr, with exit code 1.
 */
#include <duva/mime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64, ROOM = 8 << 20 };

struct blob {
    const char *data;
    size_t      len, pos, step;
};

static duva_address   lists[5][MOST];
static duva_addresses *heads[5];
static duva_header    headers[MOST];
static duva_part      parts[MOST];
static struct blob    blobs[MOST];
static duva_message   message;
static duva_mime      composer;
static char           first[ROOM], other[ROOM];
static char          *values[1024];

static int blob_read(void *ctx, void *buf, size_t len)
{
    struct blob *b = ctx;
    size_t       n = b->len - b->pos;

    if (buf == NULL) {
        b->pos = 0;
        return 0;
    }
    n = n < len ? n : len;
    n = n < b->step ? n : b->step;
    memcpy(buf, b->data + b->pos, n);
    b->pos += n;
    return (int)n;
}

static void set_part(const char *key, const char *value, size_t len)
{
    duva_part   *p = &parts[message.part_count - 1];
    struct blob *b = &blobs[message.part_count - 1];

    if (strcmp(key, "type") == 0)
        p->type = value;
    else if (strcmp(key, "charset") == 0)
        p->charset = value;
    else if (strcmp(key, "name") == 0)
        p->name = value;
    else if (strcmp(key, "cid") == 0)
        p->cid = value;
    else if (strcmp(key, "method") == 0)
        p->method = value;
    else if (strcmp(key, "encoding") == 0)
        p->encoding = (uint8_t)atoi(value);
    else if (strcmp(key, "flags") == 0)
        p->flags = (uint8_t)atoi(value);
    else if (strcmp(key, "len") == 0)
        p->len = strtoull(value, NULL, 10);
    else if (strcmp(key, "data") == 0)
        p->data = b->data = value, p->len = b->len = len;
    else if (strcmp(key, "read") == 0)
        p->read = blob_read, p->ctx = b, b->step = (size_t)atoi(value);
    else if (strcmp(key, "unknown") == 0)
        p->len = DUVA_LEN_UNKNOWN;
    else
        exit(64);
}

static void set_address(const char *key, const char *value)
{
    static const char *const names[] = { "from", "sender", "reply_to", "to",
                                         "cc" };
    const char *dot = strchr(key, '.');
    size_t      i;

    for (i = 0; i < 5; i++)
        if (strncmp(key, names[i], (size_t)(dot - key)) == 0)
            break;
    if (i == 5)
        exit(64);
    if (strcmp(dot, ".name") == 0) {
        lists[i][heads[i]->count++].name = value;
    } else if (strcmp(dot, ".addr") == 0) {
        lists[i][heads[i]->count - 1].addr = value;
    } else {
        lists[i][heads[i]->count - 1].members = (uint16_t)atoi(value);
    }
}

static void set(const char *key, const char *value, size_t len)
{
    if (strncmp(key, "part.", 5) == 0)
        set_part(key + 5, value, len);
    else if (strcmp(key, "part") == 0)
        parts[message.part_count++].place = (uint8_t)atoi(value);
    else if (strcmp(key, "header") == 0)
        headers[message.header_count++].name = value;
    else if (strcmp(key, "value") == 0)
        headers[message.header_count - 1].value = value;
    else if (strcmp(key, "subject") == 0)
        message.subject = value;
    else if (strcmp(key, "message_id") == 0)
        message.message_id = value;
    else if (strcmp(key, "in_reply_to") == 0)
        message.in_reply_to = value;
    else if (strcmp(key, "references") == 0)
        message.references = value;
    else if (strcmp(key, "date") == 0)
        message.date = (uint32_t)strtoul(value, NULL, 10);
    else if (strcmp(key, "zone") == 0)
        message.zone = (int16_t)atoi(value);
    else if (strcmp(key, "seed") == 0)
        memcpy(message.seed, value, len < 16 ? len : 16);
    else if (strcmp(key, "takes") == 0)
        composer.takes = (uint8_t)atoi(value);
    else
        set_address(key, value);
}

static void read_records(void)
{
    char   key[32], *value;
    size_t len, count = 0;

    heads[0] = &message.from;
    heads[1] = &message.sender;
    heads[2] = &message.reply_to;
    heads[3] = &message.to;
    heads[4] = &message.cc;
    for (len = 0; len < 5; len++)
        heads[len]->list = lists[len];
    message.headers = headers;
    message.parts = parts;
    composer.message = &message;
    while (scanf("%31s %zu", key, &len) == 2) {
        /* Exactly as long as it is, so that a sanitizer sees an overrun. */
        value = values[count++] = malloc(len + 1);
        if (count == 1024 || value == NULL || getchar() != '\n'
            || fread(value, 1, len, stdin) != len)
            exit(64);
        value[len] = '\0';
        set(key, value, len);
    }
}

static size_t pull(char *to, size_t step)
{
    size_t got = 0;
    int    n;

    while ((n = duva_mime_read(&composer, to + got, step)) > 0)
        got += (size_t)n;
    if (n < 0) {
        fprintf(stderr, "%d %d %u %u %s\n", n, (int)composer.error.reason,
                (unsigned)composer.error.number,
                (unsigned)composer.error.where, composer.error.field);
        exit(got > 0 ? 2 : 1);
    }
    return got;
}

int main(void)
{
    static const size_t steps[] = { 1, 2, 3, 7, 64, 79, 80, 1000, 65536 };
    size_t   len, i;
    uint64_t size;

    read_records();
    len = pull(first, ROOM);
    for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (duva_mime_read(&composer, NULL, 0) != 0
            || pull(other, steps[i]) != len || memcmp(first, other, len) != 0) {
            fprintf(stderr, "pulls of %zu give something else\n", steps[i]);
            return 3;
        }
    }
    size = duva_mime_size(&composer);
    if (size != 0 && size != len) {
        fprintf(stderr, "size %lu, not %zu\n", (unsigned long)size, len);
        return 4;
    }
    fwrite(first, 1, len, stdout);
    fprintf(stderr, "%u %u\n", (unsigned)composer.needs, size != 0);
    return 0;
}
