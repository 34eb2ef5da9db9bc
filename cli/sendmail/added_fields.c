/* added_fields.c - fields for a header that lacks them. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "duva/mime.h"
#include "envelope/date.h"
#include "sendmail/added_fields.h"

static int is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80)
        text++;
    return *text == '\0';
}

/* An address that stands in for one that the composer rejects. */
#define VALID "x@localhost"

/* Writes the header of m to text.  Returns its length; 0: a value cannot be in
 * a header, or it is very long. */
static size_t compose(char *text, size_t size, const duva_message *m,
                      const duva_address *from, uint8_t takes)
{
    duva_message with = *m;
    duva_mime mime;
    size_t len = 0;
    int n;

    with.from.list = from;
    with.from.count = 1;
    memset(&mime, 0, sizeof(mime));
    mime.message = &with;
    mime.takes = takes;
    do {
        n = duva_mime_read(&mime, text + len, size - 1 - len);
        len += n > 0 ? (size_t)n : 0;
    } while (n > 0);
    text[len] = '\0';
    return n == 0 && len < size - 1 ? len : 0;
}

/* The line From alone, with an address that the composer rejects: a name of
 * this machine, an empty sender, an odd domain.  The name is kept. */
static size_t put_odd_from(char *text, size_t size, const duva_message *m,
                           const char *name, const char *addr, uint8_t takes)
{
    const duva_address from = { name, VALID, 0 };
    char header[2048];
    const char *at, *end;

    if (name == NULL || compose(header, sizeof(header), m, &from, takes) == 0
        || (at = strstr(header, "<" VALID ">")) == NULL
        || (end = strstr(header, "From: ")) == NULL || end > at)
        return (size_t)snprintf(text, size, "From: %.1000s\r\n", addr);
    return (size_t)snprintf(text, size, "%.*s<%.1000s>\r\n", (int)(at - end),
                            end, addr);
}

void cli_added_fields_compose(struct cli_added_fields *f)
{
    const uint8_t takes = is_ascii(f->from) ? 0 : DUVA_MIME_UTF8;
    duva_address from = { f->name, f->from, 0 };
    const duva_address valid = { NULL, VALID, 0 };
    struct cli_date now;
    duva_message m;
    size_t len;

    memset(&m, 0, sizeof(m));
    cli_date_now(&now);
    m.date = (uint32_t)now.at;
    m.zone = now.zone;
    m.message_id = f->message_id;
    m.seed[0] = 1;             /* for boundaries, and there are none */
    if (compose(f->text, sizeof(f->text), &m, &valid, 0) == 0)
        m.zone = 0;            /* RFC 5322 3.3 has none like that */
    if (compose(f->text, sizeof(f->text), &m, &from, takes) > 0)
        return;
    from.name = NULL;
    if (compose(f->text, sizeof(f->text), &m, &from, takes) > 0)
        return;
    len = put_odd_from(f->text, sizeof(f->text), &m, f->name, f->from, takes);
    compose(f->text + len, sizeof(f->text) - len, &m, &valid, 0);
}

/* The first line that begins a field of that name, or NULL. */
static const char *find(const char *line, const char *name)
{
    const size_t len = strlen(name);

    while (line != NULL
           && (strncasecmp(line, name, len) != 0 || line[len] != ':')) {
        line = strchr(line, '\n');
        line += line != NULL;
    }
    return line;
}

void cli_added_fields_write(const struct cli_added_fields *f, FILE *out,
                            const char *name)
{
    const char *line = find(f->text, name);
    size_t len = 0;

    if (line == NULL)
        return;
    do {
        len += strcspn(line + len, "\n");
        len += line[len] == '\n';
    } while (line[len] == ' ');
    fwrite(line, 1, len, out);
}
