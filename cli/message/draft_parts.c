/* draft_parts.c - the texts and files of a draft as parts of a message. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "duva/mime_more.h"
#include "message/draft_parts.h"
#include "system/input.h"

/* What a part is read through, and its type if that was looked up. */
struct cli_recipient_result_reader {
    struct cli_input_reader input;
    char type[80];
};

/* Its content, of which memory needs no reader. */
static void put_content(duva_part *part, struct cli_recipient_result_reader *r,
                        const struct cli_input *content)
{
    part->len = content->len;
    cli_input_start(&r->input, content);
    part->data = content->memory;
    if (content->memory == NULL) {
        part->read = cli_input_read;
        part->ctx = &r->input;
    }
}

/* Wraps the text; its length is found out by doing so. */
static int wrap(struct cli_draft_parts *p, duva_part *part,
                struct cli_recipient_result_reader *r,
                struct cli_problem *problem)
{
    char piece[4096];
    int  n;

    p->flowed = calloc(1, sizeof(*p->flowed));
    if (p->flowed == NULL)
        return cli_problem_no_memory(problem);
    p->flowed->read = cli_input_read;
    p->flowed->ctx = &r->input;
    part->data = NULL;
    part->read = duva_flowed_read;
    part->ctx = p->flowed;
    part->flags = DUVA_PART_FLOWED;
    part->len = 0;
    while ((n = duva_flowed_read(p->flowed, piece, sizeof(piece))) > 0)
        part->len += (unsigned)n;
    if (n == 0)
        return 0;
    snprintf(problem->text, sizeof(problem->text), "%.400s: it cannot be read",
             r->input.input->name);
    return EX_NOINPUT;
}

/* The METHOD of a calendar stands in a line of its own, near the start (RFC
 * 5546 1.4); NULL: there is none. */
static const char *find_method(struct cli_draft_parts *p,
                               const struct cli_input *content)
{
    struct cli_input_reader r;
    char   piece[4096];
    char  *at = piece;
    size_t n;
    int got;

    cli_input_start(&r, content);
    got = cli_input_read(&r, piece, sizeof(piece) - 1);
    piece[got > 0 ? got : 0] = '\0';
    while (at != NULL && strncasecmp(at, "METHOD:", 7) != 0) {
        at = strchr(at, '\n');
        at += at != NULL;
    }
    n = at != NULL ? strcspn(at + 7, "\r\n") : 0;
    if (n == 0 || n >= sizeof(p->method))
        return NULL;
    memcpy(p->method, at + 7, n);
    p->method[n] = '\0';
    return p->method;
}

static duva_part *add_part(struct cli_draft_parts *p, duva_message *m,
                           const struct cli_input *content, duva_place place)
{
    const size_t i = m->part_count++;
    duva_part *part = &p->part[i];

    p->origin[i] = content;
    part->place = (uint8_t)place;
    put_content(part, &p->reader[i], content);
    return part;
}

static void add_attachment(struct cli_draft_parts *p, duva_message *m,
                           const struct cli_attachment *a)
{
    struct cli_recipient_result_reader *r = &p->reader[m->part_count];
    duva_part *part = add_part(p, m, a->content,
                               a->cid != NULL ? DUVA_PLACE_RELATED
                                              : DUVA_PLACE_ATTACHED);

    part->name = a->name;
    part->cid = a->cid;
    part->type = a->type;
    if (part->type == NULL)
        part->type = duva_mime_type(a->name != NULL ? a->name : "", r->type,
                                    sizeof(r->type));
}

/* Room for `most` parts.  The readers are not cleared: they are large. */
static int make_room(struct cli_draft_parts *p, size_t most)
{
    p->part = calloc(most + 1, sizeof(*p->part)); /* never of nothing */
    p->origin = calloc(most + 1, sizeof(*p->origin));
    p->reader = malloc((most + 1) * sizeof(*p->reader));
    return p->part != NULL && p->origin != NULL && p->reader != NULL ? 0 : -1;
}

int cli_draft_parts_make(struct cli_draft_parts *p,
                         const struct cli_draft *draft, duva_message *m,
                         struct cli_problem *problem)
{
    const size_t most = draft->attachments + (draft->text != NULL)
                        + (draft->html != NULL) + (draft->calendar != NULL);
    duva_part *part;
    size_t i;

    if (most > UINT16_MAX)
        return cli_problem_option(problem, "--attach",
                                  draft->attachment[0].content->name,
                                  "there are too many");
    if (make_room(p, most) != 0)
        return cli_problem_no_memory(problem);
    m->parts = p->part;
    for (i = 0; i < draft->attachments; i++)
        add_attachment(p, m, &draft->attachment[i]);
    if (draft->html != NULL)
        add_part(p, m, draft->html, DUVA_PLACE_HTML)->charset = draft->charset;
    if (draft->calendar != NULL) {
        part = add_part(p, m, draft->calendar, DUVA_PLACE_CALENDAR);
        part->method = find_method(p, draft->calendar);
    }
    if (draft->text == NULL)
        return 0;
    i = m->part_count;
    part = add_part(p, m, draft->text, DUVA_PLACE_TEXT);
    part->charset = draft->charset;
    return draft->flowed ? wrap(p, part, &p->reader[i], problem) : 0;
}

void cli_draft_parts_free(struct cli_draft_parts *p)
{
    free(p->part);
    free(p->origin);
    free(p->reader);
    free(p->flowed);
}
