/* dkim.c - message octets into the same with a DKIM-Signature before them. */
/* SPDX-License-Identifier: MIT */
#include "duva/dkim.h"
#include "../encode/base64.h"

#include <limits.h>
#include <string.h>

/* What is signed, in lower case as it is hashed. */
static const char names[][26] = {
    "from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id",
    "in-reply-to", "references", "mime-version", "content-type",
    "content-transfer-encoding"
};
enum { NAMES = sizeof names / sizeof names[0] };

enum { LINE_START, NAME, VALUE, SKIPPED };

static int refuse(duva_dkim *d, duva_err err, duva_reason reason)
{
    d->reason = reason;
    return err;
}

static int hash(duva_dkim *d, enum duva_hash which, const void *data,
                size_t len)
{
    const int err = d->signer->update(d->signer, which, data, len);

    return err < 0 ? refuse(d, (duva_err)err, DUVA_REASON_NONE) : DUVA_OK;
}

static int flush(duva_dkim *d)
{
    const size_t n = d->held;

    d->held = 0;
    return n > 0 ? hash(d, DUVA_HASH_FIELDS, d->hold, n) : DUVA_OK;
}

static int hash_char(duva_dkim *d, char c)
{
    d->hold[d->held++] = (uint8_t)c;
    return d->held == sizeof d->hold ? flush(d) : DUVA_OK;
}

/* A value without line ends, with one space for many and none at its ends. */
static int hash_value(duva_dkim *d, char c)
{
    int err = DUVA_OK;

    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        d->space = 1;
        return err;
    }
    if (d->space && d->begun)
        err = hash_char(d, ' ');
    d->space = 0;
    d->begun = 1;
    return err < 0 ? err : hash_char(d, c);
}

/* The name is complete: is it one to be signed? */
static int begin_value(duva_dkim *d)
{
    unsigned i;
    size_t   k;
    int      err = DUVA_OK;

    d->state = SKIPPED;
    for (i = 0; i < NAMES; i++)
        if (strlen(names[i]) == d->len && memcmp(names[i], d->name, d->len)
            == 0)
            break;
    if (i == NAMES)
        return DUVA_OK;
    /* Of two the verifier would begin with the last one. */
    if (d->seen & 1u << i)
        return refuse(d, DUVA_ERR_ARG, DUVA_REASON_REPEATED);
    d->seen = (uint16_t)(d->seen | 1u << i);
    d->order[d->order_len++] = (uint8_t)i;
    d->state = VALUE;
    d->space = d->begun = 0;
    for (k = 0; k < d->len && err == DUVA_OK; k++)
        err = hash_char(d, d->name[k]);
    return err < 0 ? err : hash_char(d, ':');
}

static int feed_fields(duva_dkim *d, char c)
{
    int err = DUVA_OK;

    if (d->column == 0) {
        if (c == '\r')
            return DUVA_OK;
        if (c != ' ' && c != '\t') {
            if (d->state == VALUE) {
                err = hash_char(d, '\r');
                err = err < 0 ? err : hash_char(d, '\n');
                if (err < 0)
                    return err;
            }
            d->state = NAME;
            d->len = 0;
        }
        if (c == '\n') {
            d->in_body = 1;
            d->space = d->begun = 0;
            return DUVA_OK;
        }
    }
    d->column = c != '\n';
    if (d->state == VALUE)
        return hash_value(d, c);
    if (d->state != NAME || c == ' ' || c == '\t')
        return DUVA_OK;
    if (c == ':')
        return begin_value(d);
    if (d->len < sizeof d->name)
        d->name[d->len++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    return DUVA_OK;
}

/* The line ends and the space that were held back. */
static int hash_gap(duva_dkim *d)
{
    int err = DUVA_OK;

    for (; d->line_ends > 0 && err == DUVA_OK; d->line_ends--)
        err = hash(d, DUVA_HASH_BODY, "\r\n", 2);
    if (d->space && err == DUVA_OK)
        err = hash(d, DUVA_HASH_BODY, " ", 1);
    d->space = 0;
    d->begun = 1;
    return err;
}

static int feed_body(duva_dkim *d, const char *s, size_t len)
{
    int    err = DUVA_OK;
    size_t n;

    for (; len > 0 && err == DUVA_OK; s += n, len -= n) {
        n = 1;
        if (*s == '\n') {
            d->line_ends++;
            d->seen_cr = d->space = 0;
        } else if (d->seen_cr) {
            d->seen_cr = 0;
            err = hash_gap(d);
            err = err < 0 ? err : hash(d, DUVA_HASH_BODY, "\r", 1);
            n = 0;
        } else if (*s == '\r') {
            d->seen_cr = 1;
        } else if (*s == ' ' || *s == '\t') {
            d->space = 1;
        } else {
            while (n < len && s[n] != '\n' && s[n] != '\r' && s[n] != ' '
                   && s[n] != '\t')
                n++;
            err = hash_gap(d);
            err = err < 0 ? err : hash(d, DUVA_HASH_BODY, s, n);
        }
    }
    return err;
}

/* What does not fit leaves the field full, which is an error at its end. */
static void put(duva_dkim *d, const char *text, size_t len)
{
    if (len > sizeof d->field - d->len) {
        d->len = sizeof d->field;
        return;
    }
    memcpy(d->field + d->len, text, len);
    d->len = (uint16_t)(d->len + len);
}

static void puts_(duva_dkim *d, const char *text)
{
    put(d, text, strlen(text));
}

/* In lines, so that none is over 78. */
static void put_base64(duva_dkim *d, const uint8_t *s, size_t len)
{
    uint8_t line[72];
    size_t  n;

    for (; len > 0; s += n, len -= n) {
        n = len < 54 ? len : 54;
        puts_(d, "\r\n ");
        put(d, (const char *)line, duva__base64(line, s, n));
    }
}

static void put_number(duva_dkim *d, uint32_t n)
{
    char   text[10];
    size_t i = sizeof text;

    do
        text[--i] = (char)('0' + n % 10);
    while ((n /= 10) > 0);
    put(d, text + i, sizeof text - i);
}

/* The field but for the signature itself. */
static void put_field(duva_dkim *d, const uint8_t body[32])
{
    unsigned i;

    d->len = 0;
    puts_(d, "DKIM-Signature: v=1; a=");
    puts_(d, d->signer->algorithm);
    puts_(d, "; c=relaxed/relaxed;\r\n d=");
    puts_(d, d->domain);
    puts_(d, ";\r\n s=");
    puts_(d, d->selector);
    if (d->date > 0) {
        puts_(d, "; t=");
        put_number(d, d->date);
    }
    puts_(d, ";\r\n h=");
    for (i = 0; i < d->order_len; i++) {
        puts_(d, names[d->order[i]]);
        puts_(d, i % 5 == 4 ? ":\r\n " : ":");
    }
    puts_(d, "from;\r\n bh=");
    put_base64(d, body, 32);
    puts_(d, ";\r\n b=");
}

static int sign(duva_dkim *d)
{
    uint8_t digest[32], signature[512];
    size_t  i;
    int     err = DUVA_OK, n;

    if (d->state == VALUE && !d->in_body)
        return refuse(d, DUVA_ERR_BODY, DUVA_REASON_SOURCE);
    if ((d->seen & 1) == 0)
        return refuse(d, DUVA_ERR_BODY, DUVA_REASON_SOURCE);
    if (d->in_body && d->begun)
        err = hash(d, DUVA_HASH_BODY, "\r\n", 2);
    if (err >= 0)
        err = d->signer->finish(d->signer, DUVA_HASH_BODY, digest);
    if (err < 0)
        return refuse(d, (duva_err)err, DUVA_REASON_NONE);
    put_field(d, digest);
    for (i = 0; i < 15 && err == DUVA_OK; i++)
        err = hash_char(d, "dkim-signature:"[i]);
    d->space = d->begun = 0;
    for (i = 15; i < d->len && err == DUVA_OK; i++)
        err = hash_value(d, d->field[i]);
    err = err < 0 ? err : flush(d);
    if (err >= 0)
        err = d->signer->finish(d->signer, DUVA_HASH_FIELDS, digest);
    if (err < 0)
        return refuse(d, (duva_err)err, DUVA_REASON_NONE);
    n = d->signer->sign(d->signer, digest, signature, sizeof signature);
    if (n <= 0)
        return refuse(d, n < 0 ? (duva_err)n : DUVA_ERR_TLS, DUVA_REASON_NONE);
    if (d->len + (size_t)n / 54 * 75 + 80 > sizeof d->field)
        return refuse(d, DUVA_ERR_SPACE, DUVA_REASON_NONE);
    put_base64(d, signature, (size_t)n);
    puts_(d, "\r\n");
    return DUVA_OK;
}

/* Letters, digits, hyphens and dots cannot leave their place. */
static int is_name(const char *s, size_t most)
{
    size_t i;

    for (i = 0; s[i] != '\0'; i++)
        if (!((s[i] | 0x20) >= 'a' && (s[i] | 0x20) <= 'z')
            && !(s[i] >= '0' && s[i] <= '9')
            && (s[i] == '\0' || strchr("-._", s[i]) == NULL))
            return 0;
    return i > 0 && i <= most;
}

/* The message, from its start to its end, into the two hashes. */
static int scan(duva_dkim *d)
{
    char   octets[512];
    size_t i;
    int    got, err = DUVA_OK;

    while ((got = d->source(d->source_ctx, octets, sizeof octets)) > 0) {
        d->octets += (uint64_t)got;
        for (i = 0; i < (size_t)got && !d->in_body && err == DUVA_OK; i++)
            err = feed_fields(d, octets[i]);
        if (err == DUVA_OK)
            err = feed_body(d, octets + i, (size_t)got - i);
        if (err < 0)
            return err;
    }
    return got < 0 ? refuse(d, DUVA_ERR_BODY, DUVA_REASON_SOURCE) : DUVA_OK;
}

/* Leaves the source at its start, whatever happens. */
static int prepare(duva_dkim *d)
{
    int err;

    d->ready = 0;
    if (d->source == NULL || d->signer == NULL || d->domain == NULL
        || d->selector == NULL)
        return refuse(d, DUVA_ERR_ARG, DUVA_REASON_MISSING);
    if (!is_name(d->domain, 255) || !is_name(d->selector, 63))
        return refuse(d, DUVA_ERR_ARG, DUVA_REASON_CHARACTER);
    d->in_body = d->state = d->seen_cr = d->space = d->begun = d->held = 0;
    d->seen = d->order_len = d->len = d->at = d->column = 0;
    d->line_ends = 0;
    d->octets = 0;
    d->reason = DUVA_REASON_NONE;
    err = d->signer->start(d->signer);
    if (err < 0)
        return refuse(d, (duva_err)err, DUVA_REASON_NONE);
    err = scan(d);
    if (d->source(d->source_ctx, NULL, 0) < 0 && err == DUVA_OK)
        err = refuse(d, DUVA_ERR_BODY, DUVA_REASON_SOURCE);
    if (err == DUVA_OK)
        err = sign(d);
    d->ready = err == DUVA_OK;
    return err;
}

int duva_dkim_size(duva_dkim *d, uint64_t *size)
{
    const int err = prepare(d);

    *size = err == DUVA_OK ? d->len + d->octets : 0;
    return err;
}

int duva_dkim_read(void *dkim, void *buf, size_t len)
{
    duva_dkim *const d = dkim;
    size_t           n;
    int              err;

    if (buf == NULL) {
        d->ready = 0;
        return d->source != NULL ? d->source(d->source_ctx, NULL, 0)
                                 : DUVA_ERR_ARG;
    }
    if (!d->ready && (err = prepare(d)) < 0)
        return err;
    n = (size_t)(d->len - d->at);
    if (n == 0)
        return d->source(d->source_ctx, buf, len < INT_MAX ? len : INT_MAX);
    n = n < len ? n : len;
    memcpy(buf, d->field + d->at, n);
    d->at = (uint16_t)(d->at + n);
    return (int)n;
}
