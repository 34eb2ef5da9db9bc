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

/* Writes the header of m to f->text, from len on.  Returns 0; or not, when an
 * address or name cannot be in a header, or is very long. */
static int compose(struct cli_added_fields *f, const duva_message *m,
                   size_t len)
{
    const size_t most = sizeof(f->text) - 1;
    duva_mime mime;
    int n;

    memset(&mime, 0, sizeof(mime));
    mime.message = m;
    mime.takes = is_ascii(f->from) ? 0 : DUVA_MIME_UTF8;
    do {
        n = duva_mime_read(&mime, f->text + len, most - len);
        len += n > 0 ? (size_t)n : 0;
    } while (n > 0);
    f->text[len] = '\0';
    return n != 0 || len == most;
}

void cli_added_fields_compose(struct cli_added_fields *f)
{
    duva_address from = { f->name, f->from, 0 };
    struct cli_date now;
    duva_message m;

    memset(&m, 0, sizeof(m));
    cli_date_now(&now);
    m.date = (uint32_t)now.at;
    m.zone = now.zone;
    m.message_id = f->message_id;
    m.seed[0] = 1;             /* for boundaries, and there are none */
    m.from.list = &from;
    m.from.count = 1;
    if (compose(f, &m, 0) == 0)
        return;
    from.name = NULL;
    if (compose(f, &m, 0) == 0)
        return;
    from.addr = "x@localhost"; /* behind a name without a domain */
    compose(f, &m, (size_t)snprintf(f->text, sizeof(f->text),
                                    "From: %.1000s\r\n", f->from));
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
