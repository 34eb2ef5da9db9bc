/* header.c - the header that somebody wrote into fields that can be changed. */
/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include <time.h>

#include "envelope/mailbox.h"
#include "envelope/idn_address.h"
#include "message/header.h"
#include "system/shortage.h"
#include "text/utf8.h"

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
        failed = wrong(r, "the header is over 4 MB");
    else if (h->count == 0 && is_utf16(line))
        failed = wrong(r, "it is UTF-16; a message begins with a header in "
                          "ASCII");
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

static int is_called(const struct cli_field *field, const char *name)
{
    return strlen(name) == field->name
           && strncasecmp(field->text, name, field->name) == 0;
}

const struct cli_field *cli_header_find(const struct cli_header *h,
                                        const char *name)
{
    size_t i;

    for (i = 0; i < h->count; i++)
        if (is_called(&h->field[i], name))
            return &h->field[i];
    return NULL;
}

void cli_header_drop(struct cli_header *h, const char *name)
{
    size_t i, kept = 0;

    for (i = 0; i < h->count; i++)
        if (is_called(&h->field[i], name))
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

/* ---- addresses ---- */

static const char *add_addresses(const struct cli_field *field,
                                 struct cli_mailboxes *m)
{
    char *text = strdup(strchr(field->text, ':') + 1), *p;
    const char *problem;

    if (text == NULL)
        return "not enough memory";
    for (p = text; *p != '\0'; p++)
        if (*p == '\n')
            *p = ' ';
    m->lenient = 1;
    problem = text[strspn(text, " \t")] != '\0' ? cli_mailboxes_add(m, text)
                                                : NULL;
    free(text);
    return problem;
}

static int is_one_of(const struct cli_field *field, const char *const *names)
{
    while (*names != NULL && !is_called(field, *names))
        names++;
    return *names != NULL;
}

static int is_resent(const struct cli_field *field)
{
    return field->name > 7 && strncasecmp(field->text, "Resent-", 7) == 0;
}

/* The block of the last resending comes first.  It ends at a field of another
 * kind, and where one that is in each block once comes again. */
static size_t end_of_block(const struct cli_header *h, size_t start)
{
    static const char *const once[] = {
        "Resent-Date", "Resent-From", "Resent-Sender", "Resent-Message-ID",
        NULL
    };
    size_t i, k;

    for (i = start; i < h->count && is_resent(&h->field[i]); i++)
        for (k = 0; once[k] != NULL; k++)
            if (is_called(&h->field[i], once[k])
                && i > start
                && cli_header_find(&(struct cli_header){
                       h->field + start, i - start, 0, 0, 0, NULL }, once[k])
                       != NULL)
                return i;
    return i;
}

const char *cli_header_recipients(const struct cli_header *h,
                                  struct cli_mailboxes *m,
                                  const char **field)
{
    static const char *const sent[] = { "To", "Cc", "Bcc", NULL };
    static const char *const resent[] = {
        "Resent-To", "Resent-Cc", "Resent-Bcc", NULL
    };
    const char *problem = NULL;
    size_t start = 0, end = h->count;
    int again;

    while (start < end && !is_resent(&h->field[start]))
        start++;
    again = start < end;
    if (again)
        end = end_of_block(h, start);
    else
        start = 0;
    for (; start < end && problem == NULL; start++)
        if (is_one_of(&h->field[start], again ? resent : sent)) {
            *field = h->field[start].text;
            problem = add_addresses(&h->field[start], m);
        }
    return problem;
}

const char *cli_header_author(const struct cli_header *h,
                              struct cli_mailboxes *m)
{
    const struct cli_field *from = cli_header_find(h, "From");

    return from != NULL ? add_addresses(from, m) : NULL;
}

/* ---- domains ---- */

/* A-labels are longer than what they stand for, and SMTP has lines of 998
 * octets: a line that is longer than this ends at the next address. */
#define FOLD 64

/* Where in a list of addresses the reading is. */
struct place {
    size_t depth;              /* of comments */
    int    quoted;
    int    beyond;             /* the word until here is beyond ASCII */
};

/* Octets of what stands at text, one or two; *p goes on behind them. */
static size_t go_on(struct place *p, const char *text)
{
    if ((unsigned char)*text >= 0x80)
        p->beyond = 1;
    else if (!p->quoted && strchr(" \t\n,:;<", *text) != NULL)
        p->beyond = 0;
    if (*text == '\\' && text[1] != '\0')
        return 2;
    if (*text == '"' && p->depth == 0)
        p->quoted = !p->quoted;
    else if (*text == '(' && !p->quoted)
        p->depth++;
    else if (*text == ')' && p->depth > 0)
        p->depth--;
    return 1;
}

/* Writes the domain at text as MAIL and RCPT have it, and adds what it writes
 * to *column.  Returns the octets of it, 0 when it is none, or -1 when there is
 * no memory. */
static int put_domain(FILE *out, const char *text, size_t *column)
{
    const size_t len = strcspn(text, " \t\n\"(),:;<>@[\\]");
    struct cli_idn_address s = { 0 };
    char addr[DUVA_IDN_SIZE];

    if (len + sizeof("x@") > sizeof(addr))
        return 0;
    snprintf(addr, sizeof(addr), "x@%.*s", (int)len, text);
    if (cli_idn_address_convert(&s, addr) != NULL)
        return s.reason == DUVA_REASON_MEMORY ? -1 : 0;
    fputs(cli_address_domain(s.addr), out);
    *column += strlen(cli_address_domain(s.addr));
    return (int)len;
}

/* Writes a list of addresses. */
static int put_domains(FILE *out, const char *text, uint8_t *utf8)
{
    struct place p = { 0, 0, 0 };
    size_t n, column = 0;
    int len = 0;

    for (; *text != '\0' && len >= 0; text += n) {
        const char c = p.quoted || p.depth > 0 ? '\0' : *text;

        n = go_on(&p, text);
        fwrite(text, 1, n, out);
        column = *text == '\n' ? 0 : column + n;
        len = c == '@' && !p.beyond ? put_domain(out, text + 1, &column) : 0;
        if (c == '@' && p.beyond)
            *utf8 = 1;
        if (c == ',' && column > FOLD && text[1] != '\n') {
            column = text[1] != ' ' && text[1] != '\t';
            fputs(column > 0 ? "\n " : "\n", out);
        }
        n += len > 0 ? (size_t)len : 0;
    }
    return len < 0 ? EX_OSERR : 0;
}

static int spell_field(struct cli_field *field, uint8_t *utf8)
{
    char  *text = NULL;
    size_t len = 0;
    FILE  *out = open_memstream(&text, &len);
    int    failed;

    if (out == NULL)
        return EX_OSERR;
    failed = put_domains(out, field->text, utf8);
    if (cli_close_text(out, &text) != 0)
        failed = EX_OSERR;
    if (failed != 0) {
        free(text);
        return failed;
    }
    free(field->text);
    field->text = text;
    field->len = len;
    field->room = len + 1;
    return 0;
}

static int is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80)
        text++;
    return *text == '\0';
}

int cli_header_convert_domains(struct cli_header *h, uint8_t *utf8)
{
    static const char *const people[] = {
        "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Resent-From",
        "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Bcc", NULL
    };
    size_t i;
    int failed = 0;

    if (cli_header_find(h, "DKIM-Signature") != NULL)
        return 0;              /* it would no longer hold */
    for (i = 0; i < h->count && failed == 0; i++)
        if (is_one_of(&h->field[i], people) && !is_ascii(h->field[i].text))
            failed = spell_field(&h->field[i], utf8);
    return failed;
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

void cli_header_put_date(FILE *out, time_t now)
{
    struct tm local;
    char text[64];

    /* English names whatever the locale: nobody calls setlocale(). */
    if (localtime_r(&now, &local) != NULL
        && strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S %z", &local) > 0)
        fprintf(out, "Date: %s\r\n", text);
}

/* Encoded-words of RFC 2047 with "Q", a few characters in each. */
static void put_encoded(FILE *out, const char *name)
{
    size_t left = strlen(name), n, used = 0, i;
    uint32_t point;

    fputs("=?utf-8?q?", out);
    for (; left > 0; name += n, left -= n) {
        n = cli_utf8_next(name, left, &point);
        if (n == 0)
            n = 1;
        if (used + 3 * n > 60) {
            fputs("?=\r\n =?utf-8?q?", out);
            used = 0;
        }
        for (i = 0; i < n; i++, used += 3)
            fprintf(out, "=%02X", (unsigned char)name[i]);
    }
    fputs("?=", out);
}

static void put_quoted(FILE *out, const char *name)
{
    putc('"', out);
    for (; *name != '\0'; name++) {
        if (*name == '"' || *name == '\\')
            putc('\\', out);
        putc(*name, out);
    }
    putc('"', out);
}

void cli_header_put_from(FILE *out, const char *name, const char *addr)
{
    const char *p = name;

    if (name == NULL || name[0] == '\0') {
        fprintf(out, "From: %s\r\n", addr);
        return;
    }
    while (*p >= ' ' && *p < 127)
        p++;
    fputs("From: ", out);
    if (*p == '\0' && p - name < 200)
        put_quoted(out, name);
    else
        put_encoded(out, name);
    fprintf(out, "\r\n <%s>\r\n", addr);
}
