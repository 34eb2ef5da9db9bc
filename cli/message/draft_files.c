/* draft_files.c - opens the files that options name for a draft. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "duva/mime_more.h"
#include "envelope/recipients_file.h"
#include "message/draft_files.h"
#include "message/to_utf8.h"
#include "system/input.h"

static const char no_memory[] = "not enough memory";

/* ---- names ---- */

/* What follows the last slash; standard input has no name. */
static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (cli_is_stdin(path))
        return NULL;
    return slash != NULL ? slash + 1 : path;
}

static int make_room(struct cli_draft_files *f)
{
    const size_t count = f->attachments + 1;
    struct cli_attachment *more = realloc(f->attachment, count * sizeof(*more));
    struct cli_named **named;

    if (more == NULL)
        return -1;
    f->attachment = more;
    named = realloc(f->named, count * sizeof(*named));
    if (named == NULL)
        return -1;
    f->named = named;
    return 0;
}

const char *cli_draft_files_add(struct cli_draft_files *f, const char *text,
                                int cid)
{
    const char *equal = cid ? strchr(text, '=') : NULL;
    struct cli_named *n;

    if (cid && equal == NULL)
        return "it must be CID=FILE";
    n = make_room(f) == 0 ? calloc(1, sizeof(*n)) : NULL;
    if (n == NULL)
        return no_memory;
    if (cid) {
        n->cid = strndup(text, (size_t)(equal - text));
        text = equal + 1;
    }
    if (cid && n->cid == NULL) {
        free(n);
        return no_memory;
    }
    n->path = text;
    n->content.fd = -1;
    f->named[f->attachments] = n;
    f->attachment[f->attachments++]
        = (struct cli_attachment){ &n->content, name_of(text), NULL, n->cid,
                                   NULL };
    return text[0] != '\0' ? NULL : "the file is missing";
}

const char *cli_draft_files_describe(struct cli_draft_files *f,
                                     const char *type, const char *name)
{
    struct cli_attachment *e;

    if (f->attachments == 0)
        return "it must follow the --attach or --inline that it is for";
    e = &f->attachment[f->attachments - 1];
    if (type != NULL)
        e->type = type;
    if (name != NULL)
        e->name = name;
    return NULL;
}

size_t cli_draft_files_from_stdin(const struct cli_draft_files *f)
{
    size_t n = (size_t)(cli_is_stdin(f->body) + cli_is_stdin(f->html)
                        + cli_is_stdin(f->calendar));
    size_t i;

    for (i = 0; i < f->recipients.count; i++)
        n += (size_t)cli_is_stdin(f->recipients.text[i]);
    for (i = 0; i < f->attachments; i++)
        n += (size_t)cli_is_stdin(f->named[i]->path);
    return n;
}

/* ---- contents ---- */

static int open_one(struct cli_input *c, const char *path, char *problem)
{
    const int failed = cli_input_open(c, path);

    if (failed != 0)
        cli_input_problem(problem, CLI_DRAFT_PROBLEM, "",
                          cli_is_stdin(path) ? "standard input" : path, failed);
    return failed;
}

/* Opens a part that the draft may have. */
static int open_part(const struct cli_input **part, struct cli_input *c,
                     const char *path, char *problem)
{
    if (path == NULL)
        return 0;
    *part = c;
    return open_one(c, path, problem);
}

/* In a merge an address with {{fields}} is for each row to fill in. */
static int take_templates(struct cli_draft_files *f, struct cli_draft *d)
{
    struct cli_mailboxes *m = &f->more;
    size_t i, kept = 0;
    int failed = 0;

    for (i = 0; failed == 0 && i < m->count; i++)
        if (m->list[i].addr != NULL && strstr(m->list[i].addr, "{{") != NULL)
            failed = cli_texts_add(&d->bcc, m->list[i].addr);
        else
            m->list[kept++] = m->list[i];
    m->count = kept;
    return failed;
}

static int open_recipients(struct cli_draft_files *f, struct cli_draft *d,
                           char *problem)
{
    const struct cli_texts *t = &f->recipients;
    int failed = 0;
    size_t i;

    for (i = 0; failed == 0 && i < t->count; i++)
        failed = cli_recipients_file_read(&f->more, t->text[i], d->utf8,
                                          problem, CLI_DRAFT_PROBLEM);
    if (failed == 0 && f->merges && take_templates(f, d) != 0) {
        snprintf(problem, CLI_DRAFT_PROBLEM, "%s", no_memory);
        failed = EX_OSERR;
    }
    d->more = &f->more;
    return failed;
}

/* The types are looked up here, once for all messages. */
static int open_attachments(struct cli_draft_files *f, char *problem)
{
    int failed = 0;
    size_t i;

    for (i = 0; failed == 0 && i < f->attachments; i++) {
        struct cli_named *n = f->named[i];
        struct cli_attachment *e = &f->attachment[i];

        if (f->merges && strstr(n->path, "{{") != NULL) {
            e->path = n->path;
            e->content = NULL;
            continue;
        }
        failed = open_one(&n->content, n->path, problem);
        if (e->type == NULL)
            e->type = duva_mime_type(e->name != NULL ? e->name : "", n->type,
                                     sizeof(n->type));
    }
    return failed;
}

/* Texts in a character set that mail cannot carry. */
static int convert_texts(struct cli_draft_files *f, struct cli_draft *d,
                        char *problem)
{
    struct cli_input *const text[]
        = { d->text != NULL ? &f->text_in : NULL,
            d->html != NULL ? &f->html_in : NULL,
            d->calendar != NULL ? &f->calendar_in : NULL };
    const char *why;
    size_t i;
    int failed = 0, made, any = 0;

    for (i = 0; failed == 0 && i < 3; i++) {
        if (text[i] == NULL)
            continue;
        /* --charset is not of the calendar. */
        failed = cli_to_utf8(text[i], i < 2 ? d->charset : NULL, &made, &why);
        any |= made && i < 2;
        if (failed != 0)
            snprintf(problem, CLI_DRAFT_PROBLEM, "%.500s: %s", text[i]->name,
                     why);
    }
    if (any)
        d->charset = NULL;
    return failed;
}

int cli_draft_files_open(struct cli_draft_files *f, struct cli_draft *d,
                         char problem[CLI_DRAFT_PROBLEM])
{
    int failed = open_recipients(f, d, problem);

    if (failed == 0)
        failed = open_part(&d->text, &f->text_in, f->body, problem);
    if (failed == 0)
        failed = open_part(&d->html, &f->html_in, f->html, problem);
    if (failed == 0)
        failed = open_part(&d->calendar, &f->calendar_in, f->calendar,
                           problem);
    if (failed == 0)
        failed = open_attachments(f, problem);
    if (f->text != NULL) {
        cli_input_text(&f->text_in, "--text", f->text, strlen(f->text));
        d->text = &f->text_in;
    }
    if (failed == 0)
        failed = convert_texts(f, d, problem);
    d->attachment = f->attachment;
    d->attachments = f->attachments;
    return failed;
}

void cli_draft_files_close(struct cli_draft_files *f)
{
    size_t i;

    for (i = 0; i < f->attachments; i++) {
        cli_input_close(&f->named[i]->content);
        free(f->named[i]->cid);
        free(f->named[i]);
    }
    cli_input_close(&f->text_in);
    cli_input_close(&f->html_in);
    cli_input_close(&f->calendar_in);
    cli_texts_free(&f->recipients);
    cli_mailboxes_free(&f->more);
    free(f->attachment);
    free(f->named);
    memset(f, 0, sizeof(*f));
}
