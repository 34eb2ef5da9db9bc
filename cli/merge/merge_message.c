/* merge_message.c - a draft with {{fields}} and a row into a message. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "envelope/mailbox.h"
#include "merge/merge_message.h"
#include "merge/rows.h"
#include "message/composed.h"
#include "system/input.h"
#include "system/shortage.h"
#include "text/escape.h"

/* A text longer than this is no mail. */
#define CONTENT_MAX (64u * 1024u * 1024u)
#define SHORT       65536u

/* The texts of a draft, one by one. */
enum what {
    FROM, SENDER, REPLY_TO, ENVELOPE_FROM, SUBJECT, MESSAGE_ID, IN_REPLY_TO,
    REFERENCES, SINGLES,
    TO = SINGLES, CC, BCC, HEADER,
    TEXT, HTML, CALENDAR, CONTENTS,
    FILE_PATH = CONTENTS, FILE_NAME, WHATS
};

static const struct {
    const char *option;
    enum cli_place place;
} about[WHATS] = {
    { "--from", CLI_PLACE_ADDRESS },
    { "--sender", CLI_PLACE_ADDRESS },
    { "--reply-to", CLI_PLACE_ADDRESS },
    { "--envelope-from", CLI_PLACE_ADDRESS },
    { "--subject", CLI_PLACE_LINE },
    { "--message-id", CLI_PLACE_LINE },
    { "--in-reply-to", CLI_PLACE_LINE },
    { "--references", CLI_PLACE_LINE },
    { "--to", CLI_PLACE_ADDRESS },
    { "--cc", CLI_PLACE_ADDRESS },
    { "--bcc", CLI_PLACE_ADDRESS },
    { "--header", CLI_PLACE_LINE },
    { "the text", CLI_PLACE_TEXT },
    { "--html", CLI_PLACE_HTML },
    { "--calendar", CLI_PLACE_TEXT },
    { "--attach", CLI_PLACE_LINE },
    { "--attach-name", CLI_PLACE_LINE }
};

struct cli_merge_field {
    struct cli_template template;
    enum what what;
    size_t    index;           /* in its list */
};

/* ---- the parts of a draft ---- */

static const char **single(struct cli_draft *d, enum what what)
{
    switch (what) {
    case FROM:
        return &d->from;
    case SENDER:
        return &d->sender;
    case REPLY_TO:
        return &d->reply_to;
    case ENVELOPE_FROM:
        return &d->envelope_from;
    case SUBJECT:
        return &d->subject;
    case MESSAGE_ID:
        return &d->message_id;
    case IN_REPLY_TO:
        return &d->in_reply_to;
    default:
        return &d->references;
    }
}

static struct cli_texts *list(struct cli_draft *d, enum what what)
{
    switch (what) {
    case TO:
        return &d->to;
    case CC:
        return &d->cc;
    case BCC:
        return &d->bcc;
    default:
        return &d->headers;
    }
}

static const struct cli_input **content(struct cli_draft *d, enum what what)
{
    switch (what) {
    case TEXT:
        return &d->text;
    case HTML:
        return &d->html;
    default:
        return &d->calendar;
    }
}

/* ---- the draft with fields ---- */

static int no_memory(char problem[CLI_PROBLEM_SIZE])
{
    snprintf(problem, CLI_PROBLEM_SIZE, "not enough memory");
    return EX_OSERR;
}

/* Puts the option before the problem. */
static void blame(const char *option, char problem[CLI_PROBLEM_SIZE])
{
    char text[CLI_PROBLEM_SIZE];

    memcpy(text, problem, sizeof(text));
    snprintf(problem, CLI_PROBLEM_SIZE, "%s: %.*s", option,
             CLI_PROBLEM_SIZE - 20, text);
}

/* What has no fields is not kept: the draft has it. */
static int add(struct cli_merge_message *s, enum what what, size_t index,
               const char *text, size_t len, char problem[CLI_PROBLEM_SIZE])
{
    const size_t size = s->size > 0 ? 2 * s->size : 16;
    struct cli_merge_field *f = s->field;

    if (s->count == s->size) {
        f = realloc(s->field, size * sizeof(*f));
        if (f == NULL)
            return no_memory(problem);
        s->field = f;
        s->size = size;
    }
    f = &s->field[s->count];
    f->what = what;
    f->index = index;
    if (cli_template_parse(&f->template, text, len, s->columns, problem)
        != 0) {
        cli_template_free(&f->template);
        blame(about[what].option, problem);
        return EX_USAGE;
    }
    if (f->template.has_fields)
        s->count++;
    else
        cli_template_free(&f->template);
    return 0;
}

/* All of a content in memory, or NULL with what is wrong. */
static char *load(const struct cli_input *c, char problem[CLI_PROBLEM_SIZE])
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

static int add_content(struct cli_merge_message *s, enum what what,
                       const struct cli_input *c,
                       char problem[CLI_PROBLEM_SIZE])
{
    const size_t before = s->count;
    char *text = load(c, problem);
    int failed;

    if (text == NULL) {
        blame(about[what].option, problem);
        return cli_file_code(EX_NOINPUT);
    }
    failed = add(s, what, 0, text, (size_t)c->len, problem);
    if (s->count > before)
        s->kept[what - TEXT] = text;
    else
        free(text);
    return failed;
}

/* Files that each row names.  Its name for the reader has fields too, unless
 * it was given. */
static int add_files(struct cli_merge_message *s, const struct cli_draft *d,
                     char problem[CLI_PROBLEM_SIZE])
{
    const struct cli_attachment *e;
    int failed = 0;
    size_t i;

    for (i = 0; failed == 0 && i < d->attachments; i++) {
        e = &d->attachment[i];
        if (e->path != NULL)
            failed = add(s, FILE_PATH, i, e->path, strlen(e->path), problem);
        if (failed == 0 && e->name != NULL)
            failed = add(s, FILE_NAME, i, e->name, strlen(e->name), problem);
    }
    return failed;
}

static int add_all(struct cli_merge_message *s, struct cli_draft *d,
                   char problem[CLI_PROBLEM_SIZE])
{
    const struct cli_input *c;
    const struct cli_texts *t;
    const char *text;
    int what, failed = 0;
    size_t i;

    for (what = 0; failed == 0 && what < SINGLES; what++) {
        text = *single(d, (enum what)what);
        if (text != NULL)
            failed = add(s, (enum what)what, 0, text, strlen(text), problem);
    }
    for (; failed == 0 && what < TEXT; what++) {
        t = list(d, (enum what)what);
        for (i = 0; failed == 0 && i < t->count; i++)
            failed = add(s, (enum what)what, i, t->text[i],
                         strlen(t->text[i]), problem);
    }
    for (; failed == 0 && what < CONTENTS; what++) {
        c = *content(d, (enum what)what);
        if (c != NULL)
            failed = add_content(s, (enum what)what, c, problem);
    }
    return failed == 0 ? add_files(s, d, problem) : failed;
}

int cli_merge_message_open(struct cli_merge_message *s,
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

void cli_merge_message_close(struct cli_merge_message *s)
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

int cli_merge_message_digest(const struct cli_merge_message *s,
                             struct cli_digest *d)
{
    struct cli_draft copy = *s->draft;
    const struct cli_texts *t;
    const int64_t ways[] = { copy.priority, copy.flowed, copy.utf8, copy.dated,
                             copy.date.at, copy.date.zone };
    int what, failed = cli_digest_add(d, ways, sizeof(ways));
    size_t i;

    for (what = 0; failed == 0 && what < SINGLES; what++)
        failed = digest_text(d, *single(&copy, (enum what)what));
    for (; failed == 0 && what < TEXT; what++) {
        t = list(&copy, (enum what)what);
        failed = cli_digest_add(d, &t->count, sizeof(t->count));
        for (i = 0; failed == 0 && i < t->count; i++)
            failed = digest_text(d, t->text[i]);
    }
    for (i = 0; failed == 0 && copy.more != NULL && i < copy.more->count; i++)
        failed = digest_text(d, copy.more->list[i].addr);
    for (; failed == 0 && what < CONTENTS; what++)
        failed = digest_content(d, *content(&copy, (enum what)what));
    for (i = 0; failed == 0 && i < copy.attachments; i++)
        failed = digest_attachment(d, &copy.attachment[i]);
    return failed;
}

/* ---- a copy ---- */

static int begin(struct cli_merge_mail *c, const struct cli_merge_message *s)
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
    for (what = TO; what < TEXT; what++) {
        struct cli_texts *to = list(&c->draft, (enum what)what);
        const struct cli_texts from = *to;

        memset(to, 0, sizeof(*to));
        for (i = 0; failed == 0 && i < from.count; i++)
            failed = cli_texts_add(to, from.text[i]);
    }
    return failed != 0 ? no_memory(c->problem) : 0;
}

static int fill(struct cli_merge_mail *c, const struct cli_merge_message *s,
                const struct cli_rows *row)
{
    const struct cli_merge_field *f;
    size_t i;

    for (i = 0; i < s->count; i++) {
        f = &s->field[i];
        c->start[i] = c->text.len;
        if (cli_template_fill(&f->template, &row->csv, s->columns,
                              about[f->what].place, &c->text, c->problem)
            != 0) {
            blame(about[f->what].option, c->problem);
            return EX_DATAERR;
        }
        if (cli_text_put(&c->text, "", 1) != 0)
            return no_memory(c->problem);
    }
    c->start[i] = c->text.len;
    return 0;
}

/* Now that the texts do not move any more. */
static void point(struct cli_merge_mail *c, const struct cli_merge_message *s)
{
    const struct cli_merge_field *f;
    struct cli_input *in;
    const char *text, *slash;
    size_t i;

    for (i = 0; i < s->count; i++) {
        f = &s->field[i];
        text = c->text.text + c->start[i];
        if (f->what < SINGLES) {
            *single(&c->draft, f->what) = text;
        } else if (f->what < TEXT) {
            list(&c->draft, f->what)->text[f->index] = text;
        } else if (f->what < CONTENTS) {
            in = &c->content[f->what - TEXT];
            cli_input_text(in, about[f->what].option, text,
                           c->start[i + 1] - c->start[i] - 1);
            *content(&c->draft, f->what) = in;
        } else if (f->what == FILE_PATH) {
            c->attachment[f->index].path = text;
        } else {
            slash = strrchr(text, '/');
            c->attachment[f->index].name = slash != NULL ? slash + 1 : text;
        }
    }
}

static int open_files(struct cli_merge_mail *c)
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

void cli_list(char *dst, size_t cap, const char *word)
{
    const size_t n = strlen(dst), len = strlen(word);

    if (n + len + 6 < cap) {
        dst[n] = ' ';
        memcpy(dst + n + (n > 0), word, len + 1);
    } else if (n + 5 < cap && (n < 3 || strcmp(dst + n - 3, "...") != 0))
        strcpy(dst + n, " ...");
}

static void list_mailboxes(struct cli_merge_mail *c,
                           const struct cli_mailboxes *m)
{
    char shown[300];
    size_t i;

    for (i = 0; i < m->count; i++) {
        if (m->list[i].addr == NULL)
            continue;
        cli_escape(shown, sizeof(shown), m->list[i].addr,
                   strlen(m->list[i].addr));
        cli_list(c->to, sizeof(c->to), shown);
    }
}

static int judge(struct cli_merge_mail *c, int failed)
{
    if (failed != 0)
        snprintf(c->problem, sizeof(c->problem), "%.*s", CLI_PROBLEM_SIZE - 1,
                 c->letter.problem.text);
    return failed;
}

/* The signer is one at a time's: so these are never streams. */
static void sign(struct cli_merge_mail *c, const struct cli_merge_message *s)
{
    c->is_signed = 1;
    cli_composed_sign(&c->letter, s->signer, s->sign_domain,
                      s->sign_selector);
}

int cli_merge_mail_make(struct cli_merge_mail *c,
                        const struct cli_merge_message *s,
                        const struct cli_rows *row, const char *id)
{
    int failed = begin(c, s);

    memset(&c->letter, 0, sizeof(c->letter));
    if (failed == 0 && !cli_rows_fit(row)) {
        snprintf(c->problem, sizeof(c->problem),
                 "line %" PRIu64 " has %zu fields, the first line %zu",
                 row->csv.line, row->csv.count, row->columns.count);
        return EX_DATAERR;
    }
    if (failed == 0)
        failed = fill(c, s, row);
    if (failed != 0)
        return failed;
    point(c, s);
    snprintf(c->unique, sizeof(c->unique), "%.32s.%" PRIu64, id, row->number);
    c->draft.unique = c->unique;
    failed = open_files(c);
    if (failed != 0)
        return failed;
    failed = judge(c, cli_composed_start(&c->letter, &c->draft));
    if (failed == 0 && s->signer != NULL)
        sign(c, s);
    list_mailboxes(c, &c->letter.addresses.to);
    list_mailboxes(c, &c->letter.addresses.cc);
    list_mailboxes(c, &c->letter.addresses.bcc);
    if (c->draft.more != NULL)
        list_mailboxes(c, c->draft.more);
    return failed;
}

/* Reads a message that is not long.  Returns 1; 0: it is; or -1. */
static int read_all(struct cli_merge_mail *c)
{
    char piece[16384];
    int n;

    c->message.len = c->at = 0;
    while ((n = cli_composed_read(&c->letter, piece, sizeof(piece))) > 0) {
        if (cli_text_put(&c->message, piece, (size_t)n) != 0)
            return -1;
        if (c->message.len > SHORT && !c->is_signed)
            return 0;
    }
    return n == 0 ? 1 : -1;
}

int cli_merge_mail_fit(struct cli_merge_mail *c, uint32_t caps, duva_mail *mail)
{
    int done, failed = judge(c, cli_composed_expect(&c->letter, caps));

    if (failed != 0)
        return failed;
    done = read_all(c);
    c->streams = done == 0;
    if (done <= 0) {
        failed = judge(c, cli_composed_fit(&c->letter, caps, mail));
        if (failed != 0 || c->streams)
            return failed;
        done = read_all(c);
    }
    if (done < 0) {
        snprintf(c->problem, sizeof(c->problem), "it cannot be read%s",
                 c->is_signed ? ", or not be signed" : "");
        return EX_NOINPUT;
    }
    cli_composed_flags(&c->letter, mail);
    mail->size = c->message.len;
    mail->flags |= DUVA_MAIL_EXACT;
    return 0;
}

int cli_merge_mail_read(void *copy, void *buf, size_t len)
{
    struct cli_merge_mail *c = copy;

    if (c->streams)
        return cli_composed_read(&c->letter, buf, len);
    if (buf == NULL) {
        c->at = 0;
        return 0;
    }
    if (len > c->message.len - c->at)
        len = c->message.len - c->at;
    memcpy(buf, c->message.text + c->at, len);
    c->at += len;
    return (int)len;
}

void cli_merge_mail_end(struct cli_merge_mail *c)
{
    int what;

    cli_composed_free(&c->letter);
    memset(&c->letter, 0, sizeof(c->letter));
    while (c->files > 0)
        cli_input_close(&c->file[--c->files]);
    for (what = TO; what < TEXT; what++)
        cli_texts_free(list(&c->draft, (enum what)what));
}

void cli_merge_mail_free(struct cli_merge_mail *c)
{
    cli_text_free(&c->text);
    cli_text_free(&c->message);
    free(c->start);
    free(c->attachment);
    free(c->file);
}
