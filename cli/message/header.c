/* header.c - reads, changes and writes the header of a message. */
/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include <time.h>

#include "message/header.h"
#include "system/shortage.h"

/* ---- reading ---- */

/* Octets of the name that a field begins with, or 0: it is none. */
static size_t name_of(const char *line)
{
    size_t len = 0, end;

    while (line[len] > 32 && line[len] < 127 && line[len] != ':')
        len++;
    end = len + strspn(line + len, " \t"); /* RFC 5322 4.5 */
    return line[end] == ':' ? len : 0;
}

static int add(struct cli_header *h, char *line, size_t len)
{
    const size_t room = 2 * h->room + 16;
    struct cli_field *more = h->field;

    if (h->count == h->room)
        more = realloc(h->field, room * sizeof(*more));
    if (more == NULL) {
        free(line);
        return EX_OSERR;
    }
    if (h->count == h->room)
        h->room = room;
    h->field = more;
    h->field[h->count++] = (struct cli_field){ line, len, len + 1,
                                               name_of(line), h->lines };
    return 0;
}

/* Adds a line to a text that grows. */
static int append(struct cli_field *field, const char *line, size_t len)
{
    const size_t room = 2 * (field->len + len + 1);
    char *text = field->text;

    if (field->len + len + 1 > field->room) {
        text = realloc(text, room);
        if (text == NULL)
            return EX_OSERR;
        field->text = text;
        field->room = room;
    }
    memcpy(text + field->len, line, len + 1);
    field->len += len;
    return 0;
}

/* ---- before the first field ---- */

/* A line before a message in a mailbox, perhaps. */
static int is_from_line(const char *line)
{
    line += *line == '>';
    return strncmp(line, "From ", 5) == 0 && name_of(line) == 0;
}

/* Of a text that only begins with that word it has no date. */
static int has_date(const char *line)
{
    struct tm date;

    while ((line = strchr(line, ' ')) != NULL)
        if (strptime(++line, "%a %b %d %H:%M", &date) != NULL)
            return 1;
    return 0;
}

static void skip_mark(char *line)
{
    if (strncmp(line, "\xEF\xBB\xBF", 3) == 0)
        memmove(line, line + 3, strlen(line + 3) + 1);
}

static int is_utf16(const char *line)
{
    return strncmp(line, "\xFF\xFE", 2) == 0
           || strncmp(line, "\xFE\xFF", 2) == 0;
}

/* ---- lines ---- */

/* A reading of a header, with the lines before its first field that may be of
 * a text. */
struct reading {
    struct cli_header *h;
    struct cli_field   before;
    const char        *problem;
};

/* No field and no empty line: the text has begun, with what was held back. */
static int begin_text(struct reading *r, char *line, size_t len)
{
    int failed = 0;

    if (r->h->count > 0 || r->before.text == NULL) {
        r->h->behind = line;
        return -1;
    }
    failed = append(&r->before, line, len);
    free(line);
    r->h->behind = r->before.text;
    r->before.text = NULL;
    return failed != 0 ? failed : -1;
}

static int hold(struct reading *r, const char *line, size_t len)
{
    return has_date(line) ? 0 : append(&r->before, line, len);
}

static int wrong(struct reading *r, const char *problem)
{
    r->problem = problem;
    return EX_DATAERR;
}

/* Takes a line.  Returns 0 to go on, -1 at the end, or an exit code. */
static int take(struct reading *r, char *line)
{
    struct cli_header *h = r->h;
    size_t len;
    int failed = 0;

    h->lines++;
    if (h->count == 0)
        skip_mark(line);
    len = strlen(line);
    h->octets += len;
    if (h->octets > CLI_HEADER_MAX)
        failed = wrong(r, "the header is longer than 4 MB");
    else if (h->count == 0 && is_utf16(line))
        failed = wrong(r, "it is UTF-16; a message must begin with a header "
                          "in ASCII");
    else if (line[0] == '\n' && (h->count > 0 || r->before.text == NULL))
        failed = -1;
    else if (h->count == 0 && is_from_line(line))
        failed = hold(r, line, len);
    else if ((line[0] == ' ' || line[0] == '\t') && h->count > 0)
        failed = append(&h->field[h->count - 1], line, len);
    else if (name_of(line) > 0)
        return add(h, line, len);
    else
        return begin_text(r, line, len);
    free(line);
    return failed;
}

static unsigned long count_lines(const char *text)
{
    unsigned long lines = 0;

    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

int cli_header_read(struct cli_header *h, FILE *in, const char **problem)
{
    struct reading r = { h, { NULL, 0, 0, 0, 0 }, NULL };
    char  *line;
    size_t room;
    int    done = 0;

    while (done == 0) {
        line = NULL;
        room = 0;
        if (getline(&line, &room, in) >= 0) {
            done = take(&r, line);
            continue;
        }
        free(line);
        done = feof(in) ? -1 : cli_file_code(EX_NOINPUT);
        h->behind = h->count == 0 ? r.before.text : NULL;
    }
    if (h->behind != r.before.text)
        free(r.before.text);
    if (h->behind != NULL)
        h->lines -= count_lines(h->behind);
    *problem = r.problem;
    return done < 0 ? 0 : done;
}

void cli_header_free(struct cli_header *h)
{
    while (h->count > 0)
        free(h->field[--h->count].text);
    free(h->field);
    free(h->behind);
    memset(h, 0, sizeof(*h));
}

/* ---- looking, changing ---- */

int cli_field_is(const struct cli_field *field, const char *name)
{
    return strlen(name) == field->name
           && strncasecmp(field->text, name, field->name) == 0;
}

const struct cli_field *cli_header_find(const struct cli_header *h,
                                        const char *name)
{
    size_t i;

    for (i = 0; i < h->count; i++)
        if (cli_field_is(&h->field[i], name))
            return &h->field[i];
    return NULL;
}

void cli_header_drop(struct cli_header *h, const char *name)
{
    size_t i, kept = 0;

    for (i = 0; i < h->count; i++)
        if (cli_field_is(&h->field[i], name))
            free(h->field[i].text);
        else
            h->field[kept++] = h->field[i];
    h->count = kept;
}

void cli_header_drop_recipients(struct cli_header *h)
{
    static const char *const name[] = {
        "To", "Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc",
        "Apparently-To", "Delivered-To", "Envelope-To", "X-Envelope-To",
        "Original-Recipient", "X-Original-To", "Mail-Followup-To"
    };
    size_t i;

    for (i = 0; i < sizeof(name) / sizeof(name[0]); i++)
        cli_header_drop(h, name[i]);
}

/* ---- writing ---- */

void cli_header_put_lines(FILE *out, const char *text)
{
    size_t len;

    while (*text != '\0') {
        len = strcspn(text, "\n");
        fwrite(text, 1, len, out);
        fputs("\r\n", out);
        text += len + (text[len] == '\n');
    }
}

void cli_header_write(const struct cli_header *h, FILE *out)
{
    size_t i;

    for (i = 0; i < h->count; i++)
        cli_header_put_lines(out, h->field[i].text);
}

unsigned long cli_header_line(const struct cli_header *h, unsigned long number)
{
    unsigned long lines;
    size_t i;

    for (i = 0; i < h->count; i++, number -= lines) {
        lines = count_lines(h->field[i].text);
        if (number <= lines)
            return h->field[i].line + number - 1;
    }
    return h->lines + number - 1;
}
