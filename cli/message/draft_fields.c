/* draft_fields.c - the header fields of a draft, but its addresses. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "envelope/date.h"
#include "message/draft_fields.h"
#include "message/message_id.h"
#include "system/random.h"

static size_t put_priority(uint8_t priority, duva_header *h)
{
    static const char *const x[] = { NULL, "1 (Highest)", "3 (Normal)",
                                     "5 (Lowest)" };
    static const char *const importance[] = { NULL, "High", "Normal", "Low" };

    if (priority == CLI_PRIORITY_UNSAID)
        return 0;
    h[0].name = "X-Priority";
    h[0].value = x[priority];
    h[1].name = "Importance";
    h[1].value = importance[priority];
    return 2;
}

/* "Name: value" cut in two; the name goes to *to. */
static int put_header(duva_header *h, const char *text, char **to,
                      struct cli_problem *problem)
{
    const char *colon = strchr(text, ':');

    if (colon == NULL || colon == text)
        return cli_problem_option(problem, "--header", text,
                                  "it must be 'Name: value'");
    h->name = *to;
    memcpy(*to, text, (size_t)(colon - text));
    *to += colon - text;
    *(*to)++ = '\0';
    h->value = colon + 1 + (colon[1] == ' ');
    return 0;
}

static int make_headers(struct cli_draft_fields *f,
                        const struct cli_draft *draft, duva_message *m,
                        struct cli_problem *problem)
{
    const struct cli_texts *t = &draft->headers;
    size_t i, n, octets = 1;
    char *to;
    int failed = 0;

    if (t->count > UINT16_MAX - 2)
        return cli_problem_option(problem, "--header", t->text[0],
                                  "there are too many");
    for (i = 0; i < t->count; i++)
        octets += strlen(t->text[i]) + 1;
    f->header = calloc(t->count + 2, sizeof(*f->header));
    f->names = to = malloc(octets);
    if (f->header == NULL || f->names == NULL)
        return cli_problem_no_memory(problem);
    n = put_priority(draft->priority, f->header);
    for (i = 0; failed == 0 && i < t->count; i++)
        failed = put_header(&f->header[n++], t->text[i], &to, problem);
    m->headers = f->header;
    m->header_count = (uint16_t)n;
    return failed;
}

static void set_date(const struct cli_draft *draft, duva_message *m)
{
    struct cli_date date = draft->date;

    if (!draft->dated)
        cli_date_now(&date);
    m->date = (uint32_t)date.at;
    m->zone = date.zone;
}

/* The composer could make one, but ours is known before the message is read. */
static void set_message_id(struct cli_draft_fields *f,
                           const struct cli_draft *draft, const char *author,
                           duva_message *m)
{
    char unique[40];
    size_t i, n;

    m->message_id = draft->message_id;
    if (draft->message_id != NULL || author == NULL)
        return;
    n = (size_t)snprintf(unique, sizeof(unique), "%08lx.",
                         (unsigned long)m->date);
    for (i = 0; i < 8; i++, n += 2)
        snprintf(unique + n, sizeof(unique) - n, "%02x", m->seed[i]);
    cli_message_id(f->message_id,
                   draft->unique != NULL ? draft->unique : unique, author);
    m->message_id = f->message_id;
}

int cli_draft_fields_make(struct cli_draft_fields *f,
                          const struct cli_draft *draft, const char *author,
                          duva_message *m, struct cli_problem *problem)
{
    m->subject = draft->subject;
    m->in_reply_to = draft->in_reply_to;
    m->references = draft->references;
    set_date(draft, m);
    if (cli_random(m->seed, sizeof(m->seed)) != 0) {
        snprintf(problem->text, sizeof(problem->text),
                 "the system has no random numbers");
        return EX_OSERR;
    }
    set_message_id(f, draft, author, m);
    return make_headers(f, draft, m, problem);
}

void cli_draft_fields_free(struct cli_draft_fields *f)
{
    free(f->header);
    free(f->names);
}
