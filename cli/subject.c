/* subject.c - a subject into the header field that carries it. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <string.h>

#include "cli.h"

#define FIELD      "Subject: "
#define LINE       76u         /* RFC 2047 2: a line with encoded words */
#define LINE_HARD  998u        /* RFC 5322 2.1.1 */
#define WORD_OPEN  "=?utf-8?B?"
#define WORD_CLOSE "?="
#define WORD_FRAME (sizeof WORD_OPEN + sizeof WORD_CLOSE - 2)

const char *cli_subject_check(const char *text)
{
    size_t left = strlen(text), n;
    uint32_t point;

    for (; left > 0; text += n, left -= n) {
        n = cli_utf8_next(text, left, &point);
        if (n == 0)
            return "it is not UTF-8";
        if (point < 0x20 || (point >= 0x7F && point < 0xA0))
            return "a control character";
    }
    return NULL;
}

/* Octets up to the place where the line may be folded: a single space, since
 * a fold among several could leave a line of nothing but spaces. */
static size_t foldable(const char *text)
{
    size_t n = 1;

    while (text[n] != '\0' &&
           (text[n] != ' ' || text[n - 1] == ' ' || text[n + 1] == ' ' ||
            text[n + 1] == '\0'))
        n++;
    return n;
}

/* Plain is what arrives as it was typed: no character beyond ASCII, nothing
 * that reads as an encoded word, no space at an end, no line too long. */
static int is_plain(const char *text)
{
    size_t len = strlen(text), n;
    const char *p;

    for (p = text; *p != '\0'; p++)
        if (*p < 0x20 || *p > 0x7E)
            return 0;
    if (strstr(text, "=?") != NULL)
        return 0;
    if (len > 0 && (text[0] == ' ' || text[len - 1] == ' '))
        return 0;
    for (p = text; *p != '\0'; p += n) {
        n = foldable(p);
        if (n > LINE_HARD - strlen(FIELD))
            return 0;
    }
    return 1;
}

static void put_plain(FILE *out, const char *text)
{
    size_t column = strlen(FIELD), n;
    int first = 1;

    for (; *text != '\0'; text += n) {
        n = foldable(text);
        if (!first && column + n > LINE) {
            fputs("\r\n", out);
            column = 0;
        }
        fwrite(text, 1, n, out);
        column += n;
        first = 0;
    }
}

static void put_base64(FILE *out, const char *text, size_t len)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *p = (const unsigned char *)text;
    unsigned long bits;
    size_t i, n;

    for (i = 0; i < len; i += 3) {
        n = len - i < 3 ? len - i : 3;
        bits = (unsigned long)p[i] << 16;
        if (n > 1)
            bits |= (unsigned long)p[i + 1] << 8;
        if (n > 2)
            bits |= p[i + 2];
        putc(digit[bits >> 18 & 63], out);
        putc(digit[bits >> 12 & 63], out);
        putc(n > 1 ? digit[bits >> 6 & 63] : '=', out);
        putc(n > 2 ? digit[bits & 63] : '=', out);
    }
}

/* Octets of whole characters, at most room of them. */
static size_t whole(const char *text, size_t room)
{
    size_t left = strnlen(text, room), len = 0, n;
    uint32_t point;

    while (len < left) {
        n = cli_utf8_next(text + len, left - len, &point);
        if (n == 0)
            break;
        len += n;
    }
    return len;
}

static void put_encoded(FILE *out, const char *text)
{
    size_t column = strlen(FIELD), n;

    for (; *text != '\0'; text += n) {
        if (column == 0) {
            fputs("\r\n ", out);
            column = 1;
        }
        n = whole(text, (LINE - column - WORD_FRAME) / 4 * 3);
        fputs(WORD_OPEN, out);
        put_base64(out, text, n);
        fputs(WORD_CLOSE, out);
        column = 0;
    }
}

void cli_subject(FILE *out, const char *text)
{
    fputs(FIELD, out);
    if (is_plain(text))
        put_plain(out, text);
    else
        put_encoded(out, text);
    fputs("\r\n", out);
}
