/* intake.c - octets that programs write into lines that SMTP can carry. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <string.h>
#include <sys/types.h>

#include "intake.h"

/* An octet, or EOF; CRLF and a CR alone are LF. */
static int next(struct cli_intake *i)
{
    int c = getc_unlocked(i->in), after;

    if (c == '\0')
        return ' ';
    if (c != '\r')
        return c;
    after = getc_unlocked(i->in);
    if (after != '\n' && after != EOF)
        ungetc(after, i->in);
    return '\n';
}

/* A dot at the start of a line: what the line is then. */
enum { GOES_ON, IS_THERE, IS_END };

static int dot(struct cli_intake *i)
{
    int c = getc_unlocked(i->in);

    if (c == '\r') {
        c = getc_unlocked(i->in);
        if (c != '\n' && c != EOF) {
            ungetc(c, i->in);
            memcpy(i->line, ".\n", 2);
            i->len = 2;
            return IS_THERE;
        }
    }
    if (c == '\n' || c == EOF)
        return IS_END;
    ungetc(c, i->in);
    if (!i->stuffed)
        i->line[i->len++] = '.';
    return GOES_ON;
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
static void split(struct cli_intake *i)
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

static void fill(struct cli_intake *i)
{
    int c, is = GOES_ON;

    memmove(i->line, i->line + i->len, i->kept);
    i->len = i->kept;
    i->kept = i->pos = 0;
    c = next(i);
    if (!i->within && i->dot_ends && c == '.') {
        is = dot(i);
        c = is == GOES_ON ? next(i) : EOF;
    }
    i->within = 0;
    if (is == IS_THERE)
        return;
    for (; c != EOF; c = next(i)) {
        i->line[i->len++] = (char)c;
        if (c == '\n')
            return;
        if (i->len > CLI_LINE) {
            split(i);
            return;
        }
    }
    i->ended = 1;
    i->cut_off = is != IS_END;
}

static ssize_t give(void *intake, char *buf, size_t len)
{
    struct cli_intake *i = intake;

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

FILE *cli_intake_open(struct cli_intake *i)
{
    const cookie_io_functions_t functions = { give, NULL, NULL, NULL };

    return fopencookie(i, "r", functions);
}
