/* to_utf8.c - converts texts to UTF-8 that mail cannot carry. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "system/input.h"
#include "message/to_utf8.h"
#include "text/memory_stream.h"

static const iconv_t none = (iconv_t)-1;

struct mark {
    const char *charset;
    size_t      len;
    char        octets[4];
};

/* That of UTF-16 begins that of UTF-32. */
static const struct mark marks[] = {
    { "UTF-32LE", 4, { '\xFF', '\xFE', '\0', '\0' } },
    { "UTF-32BE", 4, { '\0', '\0', '\xFE', '\xFF' } },
    { "UTF-16LE", 2, { '\xFF', '\xFE', '\0', '\0' } },
    { "UTF-16BE", 2, { '\xFE', '\xFF', '\0', '\0' } },
};

/* The character set that its byte order mark names, or NULL. */
static const char *marked(const struct cli_input *c)
{
    struct cli_input_reader k;
    char   first[4] = { 0 };
    size_t i;
    int    n;

    cli_input_start(&k, c);
    n = cli_input_read(&k, first, sizeof(first));
    for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
        if (n >= (int)marks[i].len
            && memcmp(first, marks[i].octets, marks[i].len) == 0)
            return marks[i].charset;
    return NULL;
}

/* Are ASCII characters the same octets in it? */
static int is_like_ascii(iconv_t from)
{
    static const char plain[] = "\r\n\t !-.=<>AZaz09";
    char   in[sizeof(plain)], out[64], *src = in, *dst = out;
    size_t left = sizeof(plain) - 1, room = sizeof(out);

    memcpy(in, plain, sizeof(plain));
    return iconv(from, &src, &left, &dst, &room) != (size_t)-1 && left == 0
           && (size_t)(dst - out) == sizeof(plain) - 1
           && memcmp(out, plain, sizeof(plain) - 1) == 0;
}

/* Converts the whole characters of len octets.  Returns how many octets are
 * left, or -1. */
static ssize_t convert(iconv_t from, char *in, size_t len, FILE *out)
{
    char   piece[4096], *dst;
    size_t room, done;

    do {
        dst = piece;
        room = sizeof(piece);
        done = iconv(from, len > 0 ? &in : NULL, &len, &dst, &room);
        fwrite(piece, 1, sizeof(piece) - room, out);
    } while (done == (size_t)-1 && errno == E2BIG);
    return done != (size_t)-1 || errno == EINVAL ? (ssize_t)len : -1;
}

static int convert_all(struct cli_input *c, iconv_t from, FILE *out)
{
    struct cli_input_reader k;
    char    in[4096];
    ssize_t left = 0;
    int     n;

    cli_input_start(&k, c);
    while ((n = cli_input_read(&k, in + left, sizeof(in) - (size_t)left)) > 0) {
        const size_t len = (size_t)left + (size_t)n;

        left = convert(from, in, len, out);
        if (left < 0)
            return EX_DATAERR;
        memmove(in, in + len - (size_t)left, (size_t)left);
    }
    if (n < 0)
        return EX_NOINPUT;
    return left > 0 || convert(from, in, 0, out) != 0 ? EX_DATAERR : 0;
}

/* Puts the text in place of the octets of c. */
static void replace(struct cli_input *c, char *text, size_t len)
{
    const char *name = c->name;

    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        len -= 3;
        memmove(text, text + 3, len);
    }
    cli_input_close(c);
    cli_input_text(c, name, text, len);
    c->owned = 1;
}

static int convert_input(struct cli_input *c, iconv_t from,
                         const char **problem)
{
    char  *text = NULL;
    size_t len = 0;
    FILE  *out = open_memstream(&text, &len);
    int    failed = out != NULL ? convert_all(c, from, out) : EX_OSERR;

    if (out != NULL && cli_close_text(out, &text) != 0 && failed == 0)
        failed = EX_OSERR;
    *problem = failed == EX_OSERR     ? "not enough memory"
               : failed == EX_NOINPUT ? "it cannot be read"
                                      : "it is not in the character set that "
                                        "--charset or its byte order mark "
                                        "says";
    if (failed == 0)
        replace(c, text, len);
    else
        free(text);
    return failed;
}

int cli_to_utf8(struct cli_input *c, const char *charset, int *made,
                const char **problem)
{
    const char *by_mark = marked(c);
    iconv_t from;
    int     failed;

    *made = 0;
    if (charset == NULL)
        charset = by_mark;
    else if (by_mark == NULL && (strcasecmp(charset, "utf-16") == 0
                                 || strcasecmp(charset, "utf-32") == 0)) {
        *problem = "it has no byte order mark; use --charset utf-16le or "
                   "utf-16be (utf-32le, utf-32be)";
        return EX_DATAERR;
    }
    from = charset != NULL ? iconv_open("UTF-8", charset) : none;
    if (from == none)
        return 0;              /* unknown here, but perhaps to the reader */
    if (is_like_ascii(from)) {
        iconv_close(from);
        return 0;
    }
    (void)iconv(from, NULL, NULL, NULL, NULL); /* back to its first state */
    failed = convert_input(c, from, problem);
    iconv_close(from);
    *made = failed == 0;
    return failed;
}
