/* merge_message.c - a template and a row into the message of the row. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "envelope/mailbox.h"
#include "merge/merge_message.h"
#include "merge/merge_template.h"
#include "merge/merge_text.h"
#include "merge/rows.h"
#include "message/composed.h"
#include "system/input.h"
#include "text/escape.h"
#include "text/word_list.h"

#define SHORT 65536u /* octets: a longer message is a stream */

static int no_memory(char problem[CLI_PROBLEM_SIZE])
{
    snprintf(problem, CLI_PROBLEM_SIZE, "not enough memory");
    return EX_OSERR;
}

static int copy_draft(struct cli_merge_message *c,
                      const struct cli_merge_template *s)
{
    const struct cli_draft *d = s->draft;
    int what, failed = 0;
    size_t i;

    c->problem[0] = c->to[0] = '\0';
    c->is_signed = 0;
    c->text.len = 0;
    c->draft = *d;
    if (c->start == NULL) {
        c->start = calloc(s->count + 1, sizeof(*c->start));
        c->attachment = calloc(d->attachments + 1, sizeof(*c->attachment));
        c->file = calloc(d->attachments + 1, sizeof(*c->file));
    }
    if (c->start == NULL || c->attachment == NULL || c->file == NULL)
        return no_memory(c->problem);
    for (i = 0; i < d->attachments; i++)
        c->attachment[i] = d->attachment[i];
    c->draft.attachment = c->attachment;
    for (what = CLI_MERGE_TO; what < CLI_MERGE_TEXT; what++) {
        struct cli_texts *to
            = cli_merge_text_list(&c->draft, (enum cli_merge_text)what);
        const struct cli_texts from = *to;

        memset(to, 0, sizeof(*to));
        for (i = 0; failed == 0 && i < from.count; i++)
            failed = cli_texts_add(to, from.text[i]);
    }
    return failed != 0 ? no_memory(c->problem) : 0;
}

static int fill_fields(struct cli_merge_message *c,
                       const struct cli_merge_template *s,
                       const struct cli_rows *row)
{
    const struct cli_merge_field *f;
    size_t i;

    for (i = 0; i < s->count; i++) {
        f = &s->field[i];
        c->start[i] = c->text.len;
        if (cli_template_fill(&f->template, &row->csv, s->columns,
                              cli_merge_text_place(f->text), &c->text,
                              c->problem)
            != 0) {
            cli_merge_text_name_option(f->text, c->problem);
            return EX_DATAERR;
        }
        if (cli_text_put(&c->text, "", 1) != 0)
            return no_memory(c->problem);
    }
    c->start[i] = c->text.len;
    return 0;
}

/* Sets the texts of the draft, once they do not move any more. */
static void set_texts(struct cli_merge_message *c,
                      const struct cli_merge_template *s)
{
    const struct cli_merge_field *f;
    struct cli_input *in;
    const char *text, *slash;
    size_t i;

    for (i = 0; i < s->count; i++) {
        f = &s->field[i];
        text = c->text.text + c->start[i];
        if (f->text < CLI_MERGE_SINGLES) {
            *cli_merge_text_single(&c->draft, f->text) = text;
        } else if (f->text < CLI_MERGE_TEXT) {
            cli_merge_text_list(&c->draft, f->text)->text[f->index] = text;
        } else if (f->text < CLI_MERGE_CONTENTS) {
            in = &c->content[f->text - CLI_MERGE_TEXT];
            cli_input_text(in, cli_merge_text_option(f->text), text,
                           c->start[i + 1] - c->start[i] - 1);
            *cli_merge_text_content(&c->draft, f->text) = in;
        } else if (f->text == CLI_MERGE_FILE_PATH) {
            c->attachment[f->index].path = text;
        } else {
            slash = strrchr(text, '/');
            c->attachment[f->index].name = slash != NULL ? slash + 1 : text;
        }
    }
}

static int open_files(struct cli_merge_message *c)
{
    struct cli_attachment *e;
    size_t i;
    int failed;

    for (i = 0; i < c->draft.attachments; i++) {
        e = &c->attachment[i];
        if (e->path == NULL)
            continue;
        failed = cli_input_open(&c->file[c->files], e->path);
        if (failed != 0) {
            cli_input_problem(c->problem, sizeof(c->problem),
                              "--attach: ", e->path, failed);
            return failed;
        }
        e->content = &c->file[c->files++];
    }
    return 0;
}

static void list_mailboxes(struct cli_merge_message *c,
                           const struct cli_mailboxes *m)
{
    char shown[300];
    size_t i;

    for (i = 0; i < m->count; i++) {
        if (m->list[i].addr == NULL)
            continue;
        cli_escape(shown, sizeof(shown), m->list[i].addr,
                   strlen(m->list[i].addr));
        cli_word_list_add(c->to, sizeof(c->to), shown);
    }
}

static int copy_problem(struct cli_merge_message *c, int failed)
{
    if (failed != 0)
        snprintf(c->problem, sizeof(c->problem), "%.*s", CLI_PROBLEM_SIZE - 1,
                 c->composed.problem.text);
    return failed;
}

/* One message at a time can use the signer, so a signed one is read here as a
 * whole. */
static void sign(struct cli_merge_message *c,
                 const struct cli_merge_template *s)
{
    c->is_signed = 1;
    cli_composed_sign(&c->composed, s->signer, s->sign_domain,
                      s->sign_selector);
}

int cli_merge_message_make(struct cli_merge_message *c,
                           const struct cli_merge_template *s,
                           const struct cli_rows *row, const char *id)
{
    int failed = copy_draft(c, s);

    memset(&c->composed, 0, sizeof(c->composed));
    if (failed == 0 && !cli_rows_fit(row)) {
        snprintf(c->problem, sizeof(c->problem),
                 "line %" PRIu64 " has %zu fields, but there are %zu columns",
                 row->csv.line, row->csv.count, row->columns.count);
        return EX_DATAERR;
    }
    if (failed == 0)
        failed = fill_fields(c, s, row);
    if (failed != 0)
        return failed;
    set_texts(c, s);
    snprintf(c->unique, sizeof(c->unique), "%.32s.%" PRIu64, id, row->number);
    c->draft.unique = c->unique;
    failed = open_files(c);
    if (failed != 0)
        return failed;
    failed = copy_problem(c, cli_composed_start(&c->composed, &c->draft));
    if (failed == 0 && s->signer != NULL)
        sign(c, s);
    list_mailboxes(c, &c->composed.addresses.to);
    list_mailboxes(c, &c->composed.addresses.cc);
    list_mailboxes(c, &c->composed.addresses.bcc);
    if (c->draft.more != NULL)
        list_mailboxes(c, c->draft.more);
    return failed;
}

/* Reads a message to memory.  Returns 1; 0 when it is long and need not be; or
 * -1. */
static int read_whole(struct cli_merge_message *c)
{
    char piece[16384];
    int n;

    c->whole.len = c->at = 0;
    while ((n = cli_composed_read(&c->composed, piece, sizeof(piece))) > 0) {
        if (cli_text_put(&c->whole, piece, (size_t)n) != 0)
            return -1;
        if (c->whole.len > SHORT && !c->is_signed)
            return 0;
    }
    return n == 0 ? 1 : -1;
}

int cli_merge_message_fit(struct cli_merge_message *c, uint32_t caps,
                          duva_mail *mail)
{
    int done, failed = copy_problem(c, cli_composed_expect(&c->composed, caps));

    if (failed != 0)
        return failed;
    done = read_whole(c);
    c->streams = done == 0;
    if (done <= 0) {
        failed = copy_problem(c, cli_composed_fit(&c->composed, caps, mail));
        if (failed != 0 || c->streams)
            return failed;
        done = read_whole(c);
    }
    if (done < 0) {
        snprintf(c->problem, sizeof(c->problem), "the message cannot be read%s",
                 c->is_signed ? " or signed" : "");
        return EX_NOINPUT;
    }
    cli_composed_flags(&c->composed, mail);
    mail->size = c->whole.len;
    mail->flags |= DUVA_MAIL_EXACT;
    return 0;
}

int cli_merge_message_read(void *message, void *buf, size_t len)
{
    struct cli_merge_message *c = message;

    if (c->streams)
        return cli_composed_read(&c->composed, buf, len);
    if (buf == NULL) {
        c->at = 0;
        return 0;
    }
    if (len > c->whole.len - c->at)
        len = c->whole.len - c->at;
    memcpy(buf, c->whole.text + c->at, len);
    c->at += len;
    return (int)len;
}

void cli_merge_message_end(struct cli_merge_message *c)
{
    int what;

    cli_composed_free(&c->composed);
    memset(&c->composed, 0, sizeof(c->composed));
    while (c->files > 0)
        cli_input_close(&c->file[--c->files]);
    for (what = CLI_MERGE_TO; what < CLI_MERGE_TEXT; what++)
        cli_texts_free(
            cli_merge_text_list(&c->draft, (enum cli_merge_text)what));
}

void cli_merge_message_free(struct cli_merge_message *c)
{
    cli_text_free(&c->text);
    cli_text_free(&c->whole);
    free(c->start);
    free(c->attachment);
    free(c->file);
}
