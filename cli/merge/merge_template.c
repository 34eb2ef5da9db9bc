/* merge_template.c - a draft with {{fields}} into what each row fills in. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "envelope/mailbox.h"
#include "merge/array.h"
#include "merge/merge_template.h"
#include "merge/merge_text.h"
#include "message/draft.h"
#include "modules/digest.h"
#include "system/input.h"
#include "system/shortage.h"
#include "text/template.h"

#define CONTENT_MAX (64u * 1024u * 1024u) /* octets that have fields */

/* A text without fields is not added: the draft has it. */
static int add_text(struct cli_merge_template *s, enum cli_merge_text which,
                    size_t index, const char *text, size_t len,
                    char problem[CLI_PROBLEM_SIZE])
{
    struct cli_merge_field *f
        = cli_array_room(s->field, &s->size, s->count, sizeof(*f));

    if (f == NULL) {
        snprintf(problem, CLI_PROBLEM_SIZE, "not enough memory");
        return EX_OSERR;
    }
    s->field = f;
    f += s->count;
    f->text = which;
    f->index = index;
    if (cli_template_parse(&f->template, text, len, s->columns, problem)
        != 0) {
        cli_template_free(&f->template);
        cli_merge_text_name_option(which, problem);
        return EX_USAGE;
    }
    if (f->template.has_fields)
        s->count++;
    else
        cli_template_free(&f->template);
    return 0;
}

/* All of a content on the heap, or NULL with the problem. */
static char *load_content(const struct cli_input *c,
                          char problem[CLI_PROBLEM_SIZE])
{
    char *text;

    if (c->len > CONTENT_MAX) {
        snprintf(problem, CLI_PROBLEM_SIZE, "it is longer than 64 MB");
        return NULL;
    }
    text = cli_input_load(c);
    if (text == NULL)
        snprintf(problem, CLI_PROBLEM_SIZE, "%s",
                 errno == ENOMEM ? "not enough memory" : "it cannot be read");
    return text;
}

static int add_content(struct cli_merge_template *s, enum cli_merge_text which,
                       const struct cli_input *c,
                       char problem[CLI_PROBLEM_SIZE])
{
    const size_t before = s->count;
    char *text = load_content(c, problem);
    int failed;

    if (text == NULL) {
        cli_merge_text_name_option(which, problem);
        return cli_file_code(EX_NOINPUT);
    }
    failed = add_text(s, which, 0, text, (size_t)c->len, problem);
    if (s->count > before)
        s->kept[which - CLI_MERGE_TEXT] = text;
    else
        free(text);
    return failed;
}

/* Attachments whose path or name has fields. */
static int add_files(struct cli_merge_template *s, const struct cli_draft *d,
                     char problem[CLI_PROBLEM_SIZE])
{
    const struct cli_attachment *e;
    int failed = 0;
    size_t i;

    for (i = 0; failed == 0 && i < d->attachments; i++) {
        e = &d->attachment[i];
        if (e->path != NULL)
            failed = add_text(s, CLI_MERGE_FILE_PATH, i, e->path,
                              strlen(e->path), problem);
        if (failed == 0 && e->name != NULL)
            failed = add_text(s, CLI_MERGE_FILE_NAME, i, e->name,
                              strlen(e->name), problem);
    }
    return failed;
}

static int add_all(struct cli_merge_template *s, struct cli_draft *d,
                   char problem[CLI_PROBLEM_SIZE])
{
    const struct cli_input *c;
    const struct cli_texts *t;
    const char *text;
    int what, failed = 0;
    size_t i;

    for (what = 0; failed == 0 && what < CLI_MERGE_SINGLES; what++) {
        text = *cli_merge_text_single(d, (enum cli_merge_text)what);
        if (text != NULL)
            failed = add_text(s, (enum cli_merge_text)what, 0, text,
                              strlen(text), problem);
    }
    for (; failed == 0 && what < CLI_MERGE_TEXT; what++) {
        t = cli_merge_text_list(d, (enum cli_merge_text)what);
        for (i = 0; failed == 0 && i < t->count; i++)
            failed = add_text(s, (enum cli_merge_text)what, i, t->text[i],
                              strlen(t->text[i]), problem);
    }
    for (; failed == 0 && what < CLI_MERGE_CONTENTS; what++) {
        c = *cli_merge_text_content(d, (enum cli_merge_text)what);
        if (c != NULL)
            failed = add_content(s, (enum cli_merge_text)what, c, problem);
    }
    return failed == 0 ? add_files(s, d, problem) : failed;
}

int cli_merge_template_open(struct cli_merge_template *s,
                            const struct cli_draft *draft,
                            const struct cli_columns *columns,
                            char problem[CLI_PROBLEM_SIZE])
{
    struct cli_draft copy = *draft;

    memset(s, 0, sizeof(*s));
    s->draft = draft;
    s->columns = columns;
    return add_all(s, &copy, problem);
}

void cli_merge_template_close(struct cli_merge_template *s)
{
    size_t i;

    for (i = 0; i < s->count; i++)
        cli_template_free(&s->field[i].template);
    free(s->field);
    for (i = 0; i < sizeof(s->kept) / sizeof(s->kept[0]); i++)
        free(s->kept[i]);
}

/* ---- its digest ---- */

static int digest_text(struct cli_digest *d, const char *text)
{
    return text != NULL ? cli_digest_add(d, text, strlen(text) + 1)
                        : cli_digest_add(d, "-", 1);
}

static int digest_content(struct cli_digest *d, const struct cli_input *c)
{
    static struct cli_input_reader reader;
    static char piece[65536];
    int n = 0, failed;

    if (c == NULL)
        return digest_text(d, NULL);
    cli_input_start(&reader, c);
    failed = digest_text(d, c->name);
    while (failed == 0
           && (n = cli_input_read(&reader, piece, sizeof(piece))) > 0)
        failed = cli_digest_add(d, piece, (size_t)n);
    return failed != 0 || n < 0 ? -1 : 0;
}

static int digest_attachment(struct cli_digest *d,
                             const struct cli_attachment *e)
{
    return digest_text(d, e->name) != 0 || digest_text(d, e->type) != 0
                   || digest_text(d, e->cid) != 0
                   || digest_text(d, e->path) != 0
                   || digest_content(d, e->content) != 0
               ? -1
               : 0;
}

int cli_merge_template_digest(const struct cli_merge_template *s,
                              struct cli_digest *d)
{
    struct cli_draft copy = *s->draft;
    const struct cli_texts *t;
    const int64_t number[] = { copy.priority, copy.flowed,  copy.utf8,
                               copy.dated,    copy.date.at, copy.date.zone };
    int what, failed = cli_digest_add(d, number, sizeof(number));
    size_t i;

    for (what = 0; failed == 0 && what < CLI_MERGE_SINGLES; what++)
        failed = digest_text(
            d, *cli_merge_text_single(&copy, (enum cli_merge_text)what));
    for (; failed == 0 && what < CLI_MERGE_TEXT; what++) {
        t = cli_merge_text_list(&copy, (enum cli_merge_text)what);
        failed = cli_digest_add(d, &t->count, sizeof(t->count));
        for (i = 0; failed == 0 && i < t->count; i++)
            failed = digest_text(d, t->text[i]);
    }
    for (i = 0; failed == 0 && copy.more != NULL && i < copy.more->count; i++)
        failed = digest_text(d, copy.more->list[i].addr);
    for (; failed == 0 && what < CLI_MERGE_CONTENTS; what++)
        failed = digest_content(
            d, *cli_merge_text_content(&copy, (enum cli_merge_text)what));
    for (i = 0; failed == 0 && i < copy.attachments; i++)
        failed = digest_attachment(d, &copy.attachment[i]);
    return failed;
}
