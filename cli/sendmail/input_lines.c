/* input_lines.c - reads a message as lines that SMTP can carry. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include "sendmail/input_lines.h"

static int get(struct cli_input_lines *i)
{
    return i->holds > 0 ? (unsigned char)i->held[--i->holds]
                        : getc_unlocked(i->in);
}

static void put_back(struct cli_input_lines *i, int c)
{
    if (c != EOF)
        i->held[i->holds++] = (char)c;
}

/* Octets of CR from here on; *after is what follows them. */
static size_t count_cr(struct cli_input_lines *i, int c, int *after)
{
    size_t n = 0;

    for (; c == '\r'; c = get(i))
        n++;
    *after = c;
    return n;
}

/* The octet in place of a CR or an LF that is no line end. */
static int repair(struct cli_input_lines *i)
{
    i->within = 1;
    return i->in_header ? ' ' : '\n';
}

static int is_exact(const struct cli_input_lines *i)
{
    return i->exact && !i->in_header;
}

/* May a dot behind an LF not end the message, by what is before that LF? */
static int is_within(const struct cli_input_lines *i, int has_cr)
{
    return i->line_end == CLI_CRLF_END ? !has_cr
                                       : has_cr && i->line_end == CLI_LF_END;
}

static int next_exact(struct cli_input_lines *i)
{
    int c = '\r';

    if (i->lone > 0)
        i->lone--;
    else
        c = get(i);
    if (c == '\n') {
        i->within = (uint8_t)is_within(i, i->after_cr);
        i->lines++;
    }
    i->after_cr = c == '\r';
    return c;
}

static int note_nul(struct cli_input_lines *i)
{
    if (i->nul_line == 0)
        i->nul_line = i->lines + 1;
    return ' ';
}

/* An octet, or EOF; LF is the end of a line. */
static int next(struct cli_input_lines *i)
{
    size_t cr;
    int c;

    if (is_exact(i))
        return next_exact(i);
    if (i->lone > 0) {
        i->lone--;
        return repair(i);
    }
    c = get(i);
    if (c != '\r' && c != '\n')
        return c != '\0' ? c : note_nul(i);
    cr = count_cr(i, c, &c);
    i->lines += c == '\n';
    if (c == '\n' && (cr > 0 || i->line_end != CLI_CRLF_END)) {
        i->within = (uint8_t)is_within(i, cr > 0);
        return '\n';
    }
    if (cr > 0) {
        put_back(i, c);
        i->lone = cr - 1;
    }
    return repair(i);
}

/* Does the dot that was read end the message?  If not, what is behind it will
 * be read again. */
static int is_end(struct cli_input_lines *i)
{
    int after, ends;
    const size_t cr = count_cr(i, get(i), &after);

    ends = after == '\n' && (i->line_end == CLI_ANY_END
                             || cr == (i->line_end == CLI_CRLF_END));
    if (ends || (after == EOF && !i->stuffed))
        return 1;
    put_back(i, after);
    if (after == '\n' && cr > 0 && !is_exact(i))
        put_back(i, '\r');
    else
        i->lone = cr;
    return 0;
}

/* Where a line that is too long should end: before its last space, else
 * before a character. */
static size_t cut(const char *line)
{
    size_t at = CLI_LINE - 1;

    while (at > 0 && line[at] != ' ')
        at--;
    if (at > 0 && line[at - 1] != ' ')
        return at;
    at = CLI_LINE - 1;
    while (at > CLI_LINE - 4 && ((unsigned char)line[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* Puts the end of a line that is too long aside for the next one. */
static void split(struct cli_input_lines *i)
{
    char rest[CLI_LINE + 1];
    const size_t at = cut(i->line);

    i->kept = i->len - at;
    memcpy(rest + 1, i->line + at, i->kept);
    rest[0] = ' ';
    i->line[at] = '\n';
    i->len = at + 1;
    i->within = 1;
    if (rest[1] == ' ')
        memmove(rest, rest + 1, i->kept);
    else
        i->kept++;
    memcpy(i->line + i->len, rest, i->kept);
}

/* Is the line of a Content-Transfer-Encoding that says binary? */
static void note_encoding(struct cli_input_lines *i)
{
    static const char name[] = "Content-Transfer-Encoding";

    i->line[i->len] = '\0';
    if (i->line[0] != ' ' && i->line[0] != '\t')
        i->in_label = strncasecmp(i->line, name, sizeof(name) - 1) == 0;
    if (i->in_label && strcasestr(i->line, "binary") != NULL)
        i->exact = 1;
}

static void fill(struct cli_input_lines *i)
{
    const int may_end = i->dot_ends && !i->within;
    int c, at_end = 0;

    memmove(i->line, i->line + i->len, i->kept);
    i->len = i->kept;
    i->kept = i->pos = 0;
    c = next(i);
    if (may_end && c == '.') {
        at_end = is_end(i);
        if (!at_end && !i->stuffed)
            i->line[i->len++] = '.';
        c = at_end ? EOF : next(i);
    }
    for (; c != EOF; c = next(i)) {
        i->line[i->len++] = (char)c;
        if (c == '\n') {
            note_encoding(i);
            return;
        }
        if (i->len > CLI_LINE && is_exact(i)) {
            i->within = 1;
            return;
        }
        if (i->len > CLI_LINE) {
            split(i);
            return;
        }
    }
    i->ended = 1;
    i->cut_off = !at_end;
}

static ssize_t read_lines(void *lines, char *buf, size_t len)
{
    struct cli_input_lines *i = lines;

    if (i->pos == i->len && i->ended)
        return ferror(i->in) ? -1 : 0;
    if (i->pos == i->len)
        fill(i);
    if (len > i->len - i->pos)
        len = i->len - i->pos;
    memcpy(buf, i->line + i->pos, len);
    i->pos += len;
    return len > 0 || !ferror(i->in) ? (ssize_t)len : -1;
}

void cli_input_lines_drain(struct cli_input_lines *i)
{
    while (!i->ended)
        fill(i);
}

FILE *cli_input_lines_open(struct cli_input_lines *i)
{
    const cookie_io_functions_t functions = { read_lines, NULL, NULL, NULL };

    return fopencookie(i, "r", functions);
}
