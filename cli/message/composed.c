/* composed.c - composes the message of a draft, or says what is wrong. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "duva/config.h"
#include "envelope/mailbox.h"
#include "message/composed.h"
#include "system/input.h"

/* ---- what is wrong ---- */

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
static const char *advice(const struct cli_composed *c)
{
    const duva_mime_error *e = &c->mime.error;
    const char *field = e->field;

    if (e->reason == DUVA_REASON_REPEATED && option_of(field) == NULL)
        return "; use the option for this field, or leave it out";
    if (strcmp(field, "Content-ID") == 0)
        return "; write it as logo@example.org, and in the HTML as "
               "cid:logo@example.org";
    if (strcmp(field, "type") == 0)
        return "; write it as TYPE/SUBTYPE, such as image/png";
    if (strcmp(field, "Message-ID") == 0 || strcmp(field, "In-Reply-To") == 0
        || strcmp(field, "References") == 0)
        return "; write it as <id@example.org>";
    if (e->reason == DUVA_REASON_NOT_UTF8 && strcmp(field, "content") == 0)
        return "; give its character set with --charset";
    if (e->reason == DUVA_REASON_NOT_ASCII && strcmp(field, "content") == 0)
        return ", which this server does not accept in an attached message; "
               "attach it as application/octet-stream";
    return "";
}

static int exit_code_of(int err, duva_reason reason)
{
    if (err == DUVA_ERR_ARG)
        return EX_USAGE;
    return reason == DUVA_REASON_SOURCE || reason == DUVA_REASON_LENGTH
               ? EX_NOINPUT
               : EX_DATAERR;
}

/* Says what the composer found; returns the exit code. */
static int explain(struct cli_composed *c, int err)
{
    const duva_mime_error *e = &c->mime.error;
    const char *option = option_of(e->field);
    char  *to = c->problem.text;
    size_t size = sizeof(c->problem.text), n;

    c->problem.reason = e->reason;
    if (is_of_part(e->field) && e->number > 0)
        n = (size_t)snprintf(to, size, "%.300s: ",
                             c->parts.origin[e->number - 1]->name);
    else
        n = (size_t)snprintf(to, size, "%s: ",
                             option != NULL ? option : "--header");
    if (strcmp(e->field, "content") != 0 && option == NULL)
        n += (size_t)snprintf(to + n, size - n, "%.80s: ", e->field);
    else if (e->where > 0 && option == NULL)
        n += (size_t)snprintf(to + n, size - n, "line %lu: ",
                              (unsigned long)e->where);
    snprintf(to + n, size - n, "%s%s", duva_reason_text(e->reason), advice(c));
    return exit_code_of(err, e->reason);
}

/* ---- composing ---- */

/* Has the composer read all of it.  Text that is not UTF-8, as it should be, is
 * sent as unknown-8bit (RFC 1428). */
static int check(struct cli_composed *c)
{
    const duva_mime_error *e = &c->mime.error;
    duva_part *p;
    int err;

    while ((err = duva_mime_read(&c->mime, NULL, 0)) != DUVA_OK) {
        if (e->reason != DUVA_REASON_NOT_UTF8 || !is_of_part(e->field))
            return explain(c, err);
        p = &c->parts.part[e->number - 1];
        if (p->charset != NULL || p->place == DUVA_PLACE_CALENDAR
            || strcmp(e->field, "content") != 0)
            return explain(c, err);
        p->charset = "unknown-8bit";
    }
    return 0;
}

static int read_addresses(struct cli_composed *c,
                          const struct cli_draft *draft, int is_composed)
{
    memset(c, 0, sizeof(*c));
    c->is_composed = (uint8_t)is_composed;
    return cli_draft_addresses_read(&c->addresses, draft, is_composed,
                                    &c->problem);
}

int cli_composed_envelope(struct cli_composed *c,
                          const struct cli_draft *draft)
{
    return read_addresses(c, draft, 0);
}

static void set_addresses(duva_message *m, const struct cli_draft_addresses *a)
{
    m->from = cli_mailboxes_list(&a->from);
    m->sender = cli_mailboxes_list(&a->sender);
    m->reply_to = cli_mailboxes_list(&a->reply_to);
    m->to = cli_mailboxes_list(&a->to);
    m->cc = cli_mailboxes_list(&a->cc);
}

int cli_composed_start(struct cli_composed *c, const struct cli_draft *draft)
{
    const struct cli_mailboxes *from = &c->addresses.from;
    int failed = read_addresses(c, draft, 1);

    set_addresses(&c->message, &c->addresses);
    if (failed == 0)
        failed = cli_draft_fields_make(
            &c->fields, draft, from->count > 0 ? from->list[0].addr : NULL,
            &c->message, &c->problem);
    if (failed == 0)
        failed = cli_draft_parts_make(&c->parts, draft, &c->message,
                                      &c->problem);
    if (failed != 0)
        return failed;
    c->mime.message = &c->message;
    c->mime.takes = DUVA_MIME_8BIT;
    if (c->addresses.utf8)
        c->mime.takes |= DUVA_MIME_UTF8;
    return 0;
}

int cli_composed_make(struct cli_composed *c, const struct cli_draft *draft)
{
    const int failed = cli_composed_start(c, draft);

    if (failed != 0)
        return failed;
    c->fresh = 1;
    return check(c);
}

/* What the last line lacks, once the encodings are chosen.  Only a part that is
 * alone and is not encoded away can end in the middle of a line. */
static const char *tail_of(const struct cli_composed *c)
{
    const duva_part *p = c->parts.part;
    struct cli_input_reader r;
    char last = '\n';

    if (c->message.part_count != 1 || c->parts.origin[0]->len == 0
        || p->chosen == DUVA_ENCODING_BASE64
        || p->chosen == DUVA_ENCODING_BINARY)
        return "";
    cli_input_start(&r, c->parts.origin[0]);
    r.at = r.input->len - 1;
    return cli_input_read(&r, &last, 1) == 1 && last != '\n' ? "\r\n" : "";
}

/* The message, with an end to its last line. */
static int read_message(void *composed, void *buf, size_t len)
{
    struct cli_composed *c = composed;
    int n = duva_mime_read(&c->mime, buf, len);

    if (buf == NULL)
        c->tail = NULL;
    if (buf == NULL || n != 0 || len == 0)
        return n;
    if (c->tail == NULL)
        c->tail = tail_of(c);
    for (; (size_t)n < len && *c->tail != '\0'; n++)
        ((char *)buf)[n] = *c->tail++;
    return n;
}

const char *cli_composed_message_id(const struct cli_composed *c)
{
    return c->message.message_id;
}

const char *cli_composed_domain(const struct cli_composed *c)
{
    return cli_address_domain(c->addresses.from.list[0].addr);
}

void cli_composed_sign(struct cli_composed *c, duva_signer *signer,
                       const char *domain, const char *selector)
{
    c->dkim.source = read_message;
    c->dkim.source_ctx = c;
    c->dkim.signer = signer;
    c->dkim.domain = domain != NULL ? domain : cli_composed_domain(c);
    c->dkim.selector = selector;
    c->dkim.date = (uint32_t)time(NULL); /* whatever date the message has */
}

int cli_composed_read(void *composed, void *buf, size_t len)
{
    struct cli_composed *c = composed;

    return c->dkim.signer != NULL ? duva_dkim_read(&c->dkim, buf, len)
                                  : read_message(c, buf, len);
}

/* The octets of all of it, or 0: unknown.  A signature has to be made to
 * be measured.  Returns 0, or an exit code. */
static int measure(struct cli_composed *c, uint64_t *size)
{
    int err;

    if (c->dkim.signer == NULL) {
        *size = duva_mime_size(&c->mime);
        *size += *size > 0 ? strlen(tail_of(c)) : 0;
        return 0;
    }
    err = duva_dkim_size(&c->dkim, size);
    if (err == DUVA_OK)
        return 0;
    c->problem.reason = c->dkim.reason;
    snprintf(c->problem.text, sizeof(c->problem.text),
             "it cannot be signed: %s",
             c->problem.reason != DUVA_REASON_NONE
                 ? duva_reason_text(c->problem.reason)
                 : duva_err_text((duva_err)err));
    return exit_code_of(err, c->problem.reason);
}

int cli_composed_expect(struct cli_composed *c, uint32_t caps)
{
    const uint32_t binary = DUVA_CAP_BINARYMIME | DUVA_CAP_CHUNKING;
    const uint8_t before = c->mime.takes;

    c->mime.takes &= DUVA_MIME_UTF8;
    if (caps & DUVA_CAP_8BITMIME)
        c->mime.takes |= DUVA_MIME_8BIT;
    if ((caps & binary) == binary)
        c->mime.takes |= DUVA_MIME_BINARY;
    return before & ~c->mime.takes ? check(c) : 0;
}

void cli_composed_flags(const struct cli_composed *c, duva_mail *mail)
{
    mail->flags &= (uint8_t)~(DUVA_MAIL_8BIT | DUVA_MAIL_UTF8 | DUVA_MAIL_EXACT
                              | DUVA_MAIL_AS_IS | DUVA_MAIL_BINARY);
    mail->flags |= DUVA_MAIL_AS_IS;
    if (c->mime.needs & DUVA_MIME_8BIT)
        mail->flags |= DUVA_MAIL_8BIT;
    if (c->mime.needs & DUVA_MIME_BINARY)
        mail->flags |= DUVA_MAIL_BINARY;
    if (c->addresses.utf8)
        mail->flags |= DUVA_MAIL_UTF8;
}

int cli_composed_fit(struct cli_composed *c, uint32_t caps, duva_mail *mail)
{
    const uint8_t before = c->mime.takes;
    int failed = 0;

    failed = cli_composed_expect(c, caps);
    if (failed == 0 && (!c->fresh || (c->mime.takes & ~before) != 0))
        failed = check(c);
    if (failed != 0)
        return failed;
    c->fresh = 0;
    c->tail = NULL;
    cli_composed_flags(c, mail);
    failed = measure(c, &mail->size);
    if (failed == 0 && mail->size > 0)
        mail->flags |= DUVA_MAIL_EXACT;
    return failed;
}

void cli_composed_free(struct cli_composed *c)
{
    cli_draft_addresses_free(&c->addresses);
    cli_draft_fields_free(&c->fields);
    cli_draft_parts_free(&c->parts);
    memset(c, 0, sizeof(*c));
}
