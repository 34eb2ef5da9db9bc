/* composed_parts.c - contents and files of a draft into parts of a message. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "duva/mime_more.h"
#include "system/input.h"
#include "message/composed.h"
#include "message/composed_inner.h"

/* What one part reads its content through, and its type if it was looked
 * up. */
struct source {
    struct cli_input_reader cursor;
    char type[80];
};

struct cli_sources {
    duva_flowed   flowed;
    struct source part[];
};

/* Its content, of which memory needs no cursor. */
static void put_content(duva_part *p, struct source *s,
                        const struct cli_input *content)
{
    p->len = content->len;
    cli_input_start(&s->cursor, content);
    p->data = content->memory;
    if (content->memory == NULL) {
        p->read = cli_input_read;
        p->ctx = &s->cursor;
    }
}

/* Wraps the text; its length is found out by doing so. */
static int flow(struct cli_composed *l, duva_part *p, struct source *s)
{
    duva_flowed *f = &l->sources->flowed;
    char piece[4096];
    int  n;

    f->read = cli_input_read;
    f->ctx = &s->cursor;
    p->data = NULL;
    p->read = duva_flowed_read;
    p->ctx = f;
    p->flags = DUVA_PART_FLOWED;
    for (p->len = 0; (n = duva_flowed_read(f, piece, sizeof(piece))) > 0;)
        p->len += (unsigned)n;
    if (n == 0)
        return 0;
    snprintf(l->problem, sizeof(l->problem), "%.400s: it cannot be read",
             s->cursor.content->name);
    return EX_NOINPUT;
}

/* An invitation says what it is for in a line of its own, near its start. */
static const char *find_method(struct cli_composed *l,
                               const struct cli_input *content)
{
    struct cli_input_reader k;
    char   piece[4096];
    char  *at = piece;
    size_t n;
    int got;

    cli_input_start(&k, content);
    got = cli_input_read(&k, piece, sizeof(piece) - 1);
    piece[got > 0 ? got : 0] = '\0';
    while (at != NULL && strncasecmp(at, "METHOD:", 7) != 0) {
        at = strchr(at, '\n');
        at += at != NULL;
    }
    n = at != NULL ? strcspn(at + 7, "\r\n") : 0;
    if (n == 0 || n >= sizeof(l->method))
        return NULL;
    memcpy(l->method, at + 7, n);
    l->method[n] = '\0';
    return l->method;
}

static duva_part *new_part(struct cli_composed *l,
                           const struct cli_input *content, duva_place place)
{
    const size_t i = l->message.part_count++;
    duva_part *p = &l->part[i];

    l->origin[i] = content;
    p->place = (uint8_t)place;
    put_content(p, &l->sources->part[i], content);
    return p;
}

static void add_attachment(struct cli_composed *l,
                           const struct cli_attachment *e)
{
    struct source *s = &l->sources->part[l->message.part_count];
    duva_part *p = new_part(l, e->content, e->cid != NULL
                                               ? DUVA_PLACE_RELATED
                                               : DUVA_PLACE_ATTACHED);

    p->name = e->name;
    p->cid = e->cid;
    p->type = e->type;
    if (p->type == NULL)
        p->type = duva_mime_type(e->name != NULL ? e->name : "", s->type,
                                 sizeof(s->type));
}

int cli_composed_parts(struct cli_composed *l)
{
    const struct cli_draft *d = l->draft;
    const size_t most = d->attachments + (d->text != NULL) + (d->html != NULL)
                        + (d->calendar != NULL);
    duva_part *p;
    size_t i;

    if (most > UINT16_MAX)
        return cli_composed_wrong(l, "--attach", d->attachment[0].content->name,
                                  "there are too many");
    l->part = calloc(most + 1, sizeof(*l->part)); /* never of nothing */
    l->origin = calloc(most + 1, sizeof(*l->origin));
    l->sources = malloc(sizeof(*l->sources)
                        + most * sizeof(l->sources->part[0]));
    if (l->part == NULL || l->origin == NULL || l->sources == NULL)
        return cli_composed_no_memory(l);
    memset(&l->sources->flowed, 0, sizeof(l->sources->flowed));
    l->message.parts = l->part;
    for (i = 0; i < d->attachments; i++)
        add_attachment(l, &d->attachment[i]);
    if (d->html != NULL)
        new_part(l, d->html, DUVA_PLACE_HTML)->charset = d->charset;
    if (d->calendar != NULL) {
        p = new_part(l, d->calendar, DUVA_PLACE_CALENDAR);
        p->method = find_method(l, d->calendar);
    }
    if (d->text == NULL)
        return 0;
    p = new_part(l, d->text, DUVA_PLACE_TEXT);
    p->charset = d->charset;
    return d->flowed ? flow(l, p, &l->sources->part[p - l->part]) : 0;
}
