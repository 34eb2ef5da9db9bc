/* composed.c - composes the message of a draft, or says what is wrong. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "duva/config.h"
#include "envelope/mailbox.h"
#include "system/input.h"
#include "message/composed.h"
#include "message/composed_inner.h"

int cli_texts_add(struct cli_texts *t, const char *text)
{
    const size_t room = t->room > 0 ? 2 * t->room : 4;
    const char **more;

    if (t->count == t->room) {
        more = realloc(t->text, room * sizeof(*more));
        if (more == NULL)
            return -1;
        t->text = more;
        t->room = room;
    }
    t->text[t->count++] = text;
    return 0;
}

void cli_texts_free(struct cli_texts *t)
{
    free(t->text);
    memset(t, 0, sizeof(*t));
}

/* ---- what is wrong ---- */

int cli_composed_no_memory(struct cli_composed *l)
{
    snprintf(l->problem, sizeof(l->problem), "not enough memory");
    return EX_OSERR;
}

int cli_composed_wrong(struct cli_composed *l, const char *option,
                       const char *text, const char *why)
{
    snprintf(l->problem, sizeof(l->problem), "%s '%.400s': %s", option, text,
             why);
    return EX_USAGE;
}

/* The option that says a field; NULL: it is one of --header. */
static const char *option_of(const char *field)
{
    static const char *const option[][2] = {
        { "From", "--from" }, { "Sender", "--sender" },
        { "Reply-To", "--reply-to" }, { "To", "--to" }, { "Cc", "--cc" },
        { "Subject", "--subject" }, { "Message-ID", "--message-id" },
        { "In-Reply-To", "--in-reply-to" }, { "References", "--references" },
        { "Date", "--date" }
    };
    size_t i;

    for (i = 0; i < sizeof(option) / sizeof(option[0]); i++)
        if (strcmp(field, option[i][0]) == 0)
            return option[i][1];
    return NULL;
}

static int is_of_part(const char *field)
{
    static const char *const name[] = {
        "content", "file name", "type", "charset", "method", "Content-ID"
    };
    size_t i;

    for (i = 0; i < sizeof(name) / sizeof(name[0]); i++)
        if (strcmp(field, name[i]) == 0)
            return 1;
    return 0;
}

/* What to do about it, where the reason does not say. */
static const char *advice(const struct cli_composed *l)
{
    const duva_mime_error *e = &l->mime.error;
    const char *field = e->field;

    if (e->reason == DUVA_REASON_REPEATED && option_of(field) == NULL)
        return "; there is an option for it, or it is not for you to say";
    if (strcmp(field, "Content-ID") == 0)
        return "; it must be like logo@example.org, and so in the HTML";
    if (strcmp(field, "type") == 0)
        return "; it must be like image/png";
    if (strcmp(field, "Message-ID") == 0 || strcmp(field, "In-Reply-To") == 0
        || strcmp(field, "References") == 0)
        return "; it must be like <id@example.org>";
    if (e->reason == DUVA_REASON_NOT_UTF8 && strcmp(field, "content") == 0)
        return "; name its --charset";
    if (e->reason == DUVA_REASON_NOT_ASCII && strcmp(field, "content") == 0)
        return ", which this server does not take in a message that is "
               "attached; attach it as application/octet-stream";
    return "";
}

static int exit_code(int err, duva_reason reason)
{
    if (err == DUVA_ERR_ARG)
        return EX_USAGE;
    return reason == DUVA_REASON_SOURCE || reason == DUVA_REASON_LENGTH
               ? EX_NOINPUT
               : EX_DATAERR;
}

/* Says what the composer has found; returns the exit code. */
static int tell(struct cli_composed *l, int err)
{
    const duva_mime_error *e = &l->mime.error;
    const char *option = option_of(e->field);
    char  *to = l->problem;
    size_t size = sizeof(l->problem), n;

    l->reason = e->reason;
    if (is_of_part(e->field) && e->number > 0)
        n = (size_t)snprintf(to, size, "%.300s: ",
                             l->origin[e->number - 1]->name);
    else
        n = (size_t)snprintf(to, size, "%s: ",
                             option != NULL ? option : "--header");
    if (strcmp(e->field, "content") != 0 && option == NULL)
        n += (size_t)snprintf(to + n, size - n, "%.80s: ", e->field);
    else if (e->where > 0 && option == NULL)
        n += (size_t)snprintf(to + n, size - n, "line %lu: ",
                              (unsigned long)e->where);
    snprintf(to + n, size - n, "%s%s", duva_reason_text(e->reason), advice(l));
    return exit_code(err, e->reason);
}

/* ---- all of it ---- */

/* Looks at all of it.  Text that is not the UTF-8 that it was thought to be
 * is sent as what nobody knows (RFC 1428). */
static int look(struct cli_composed *l)
{
    const duva_mime_error *e = &l->mime.error;
    duva_part *p;
    int err;

    while ((err = duva_mime_read(&l->mime, NULL, 0)) != DUVA_OK) {
        if (e->reason != DUVA_REASON_NOT_UTF8 || !is_of_part(e->field))
            return tell(l, err);
        p = &l->part[e->number - 1];
        if (p->charset != NULL || p->place == DUVA_PLACE_CALENDAR
            || strcmp(e->field, "content") != 0)
            return tell(l, err);
        p->charset = "unknown-8bit";
    }
    return 0;
}

void cli_composed_begin(struct cli_composed *l, const struct cli_draft *draft)
{
    memset(l, 0, sizeof(*l));
    l->draft = draft;
    l->utf8 = draft->utf8;
    l->return_path = "";
}

int cli_composed_envelope(struct cli_composed *l, const struct cli_draft *draft)
{
    cli_composed_begin(l, draft);
    return cli_composed_addresses(l);
}

int cli_composed_start(struct cli_composed *l, const struct cli_draft *draft)
{
    int failed;

    cli_composed_begin(l, draft);
    l->composed = 1;
    failed = cli_composed_addresses(l);
    if (failed == 0)
        failed = cli_composed_fields(l);
    if (failed == 0)
        failed = cli_composed_parts(l);
    if (failed != 0)
        return failed;
    l->mime.message = &l->message;
    l->mime.takes = DUVA_MIME_8BIT;
    if (l->utf8)
        l->mime.takes |= DUVA_MIME_UTF8;
    return 0;
}

int cli_composed_make(struct cli_composed *l, const struct cli_draft *draft)
{
    const int failed = cli_composed_start(l, draft);

    if (failed != 0)
        return failed;
    l->fresh = 1;
    return look(l);
}

/* What the last line lacks, once the encodings are chosen.  Only a part that is
 * alone and is not encoded away can end in the middle of a line. */
static const char *tail_of(const struct cli_composed *l)
{
    const duva_part *p = l->part;
    struct cli_input_reader k;
    char last = '\n';

    if (l->message.part_count != 1 || l->origin[0]->len == 0
        || p->chosen == DUVA_ENCODING_BASE64
        || p->chosen == DUVA_ENCODING_BINARY)
        return "";
    cli_input_start(&k, l->origin[0]);
    k.at = k.content->len - 1;
    return cli_input_read(&k, &last, 1) == 1 && last != '\n' ? "\r\n" : "";
}

/* The message, with an end to its last line. */
static int read_message(void *letter, void *buf, size_t len)
{
    struct cli_composed *l = letter;
    int n = duva_mime_read(&l->mime, buf, len);

    if (buf == NULL)
        l->tail = NULL;
    if (buf == NULL || n != 0 || len == 0)
        return n;
    if (l->tail == NULL)
        l->tail = tail_of(l);
    for (; (size_t)n < len && *l->tail != '\0'; n++)
        ((char *)buf)[n] = *l->tail++;
    return n;
}

void cli_composed_sign(struct cli_composed *l, duva_signer *signer,
                       const char *domain, const char *selector)
{
    l->dkim.source = read_message;
    l->dkim.source_ctx = l;
    l->dkim.signer = signer;
    l->dkim.domain = domain;
    l->dkim.selector = selector;
    l->dkim.date = (uint32_t)time(NULL); /* whatever date the message has */
}

int cli_composed_read(void *letter, void *buf, size_t len)
{
    struct cli_composed *l = letter;

    return l->dkim.signer != NULL ? duva_dkim_read(&l->dkim, buf, len)
                                  : read_message(l, buf, len);
}

/* The octets of all of it, or 0: nobody knows.  A signature has to be made to
 * be measured.  Returns 0, or an exit code. */
static int measure(struct cli_composed *l, uint64_t *size)
{
    int err;

    if (l->dkim.signer == NULL) {
        *size = duva_mime_size(&l->mime);
        *size += *size > 0 ? strlen(tail_of(l)) : 0;
        return 0;
    }
    err = duva_dkim_size(&l->dkim, size);
    if (err == DUVA_OK)
        return 0;
    l->reason = l->dkim.reason;
    snprintf(l->problem, sizeof(l->problem), "it cannot be signed: %s",
             l->reason != DUVA_REASON_NONE ? duva_reason_text(l->reason)
                                           : duva_err_text((duva_err)err));
    return exit_code(err, l->reason);
}

int cli_composed_expect(struct cli_composed *l, uint32_t caps)
{
    const uint32_t binary = DUVA_CAP_BINARYMIME | DUVA_CAP_CHUNKING;
    const uint8_t before = l->mime.takes;

    l->mime.takes &= DUVA_MIME_UTF8;
    if (caps & DUVA_CAP_8BITMIME)
        l->mime.takes |= DUVA_MIME_8BIT;
    if ((caps & binary) == binary)
        l->mime.takes |= DUVA_MIME_BINARY;
    return before & ~l->mime.takes ? look(l) : 0;
}

void cli_composed_flags(const struct cli_composed *l, duva_mail *mail)
{
    mail->flags &= (uint8_t)~(DUVA_MAIL_8BIT | DUVA_MAIL_UTF8 | DUVA_MAIL_EXACT
                              | DUVA_MAIL_AS_IS | DUVA_MAIL_BINARY);
    mail->flags |= DUVA_MAIL_AS_IS;
    if (l->mime.needs & DUVA_MIME_8BIT)
        mail->flags |= DUVA_MAIL_8BIT;
    if (l->mime.needs & DUVA_MIME_BINARY)
        mail->flags |= DUVA_MAIL_BINARY;
    if (l->utf8)
        mail->flags |= DUVA_MAIL_UTF8;
}

int cli_composed_fit(struct cli_composed *l, uint32_t caps, duva_mail *mail)
{
    const uint8_t before = l->mime.takes;
    int failed = 0;

    failed = cli_composed_expect(l, caps);
    if (failed == 0 && (!l->fresh || (l->mime.takes & ~before) != 0))
        failed = look(l);
    if (failed != 0)
        return failed;
    l->fresh = 0;
    l->tail = NULL;
    cli_composed_flags(l, mail);
    failed = measure(l, &mail->size);
    if (failed == 0 && mail->size > 0)
        mail->flags |= DUVA_MAIL_EXACT;
    return failed;
}

void cli_composed_free(struct cli_composed *l)
{
    cli_mailboxes_free(&l->from);
    cli_mailboxes_free(&l->sender);
    cli_mailboxes_free(&l->reply_to);
    cli_mailboxes_free(&l->to);
    cli_mailboxes_free(&l->cc);
    cli_mailboxes_free(&l->bcc);
    cli_mailboxes_free(&l->bounces);
    free(l->origin);
    free(l->part);
    free(l->sources);
    free(l->header);
    free(l->names);
    memset(l, 0, sizeof(*l));
}
