/* header_addresses.c - the addresses in the header of a message. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "envelope/idn_address.h"
#include "envelope/mailbox.h"
#include "sendmail/header_addresses.h"
#include "text/memory_stream.h"

static const char *add_addresses(const struct cli_field *field,
                                 struct cli_mailboxes *m)
{
    char *text = strdup(strchr(field->text, ':') + 1), *p;
    const char *problem;

    if (text == NULL)
        return "not enough memory";
    for (p = text; *p != '\0'; p++)
        if (*p == '\n')
            *p = ' ';
    m->lenient = 1;
    problem = text[strspn(text, " \t")] != '\0' ? cli_mailboxes_add(m, text)
                                                : NULL;
    free(text);
    return problem;
}

static int is_one_of(const struct cli_field *field, const char *const *names)
{
    while (*names != NULL && !cli_field_is(field, *names))
        names++;
    return *names != NULL;
}

static int is_resent(const struct cli_field *field)
{
    return field->name > 7 && strncasecmp(field->text, "Resent-", 7) == 0;
}

/* The block of the last resending comes first.  It ends at a field of another
 * kind, and where one that is in each block once comes again. */
static size_t end_of_block(const struct cli_header *h, size_t start)
{
    static const char *const once[] = {
        "Resent-Date", "Resent-From", "Resent-Sender", "Resent-Message-ID",
        NULL
    };
    size_t i, k;

    for (i = start; i < h->count && is_resent(&h->field[i]); i++)
        for (k = 0; once[k] != NULL; k++)
            if (cli_field_is(&h->field[i], once[k])
                && i > start
                && cli_header_find(&(struct cli_header){
                       h->field + start, i - start, 0, 0, 0, NULL }, once[k])
                       != NULL)
                return i;
    return i;
}

const char *cli_header_recipients(const struct cli_header *h,
                                  struct cli_mailboxes *m,
                                  const char **field)
{
    static const char *const sent[] = { "To", "Cc", "Bcc", NULL };
    static const char *const resent[] = {
        "Resent-To", "Resent-Cc", "Resent-Bcc", NULL
    };
    const char *problem = NULL;
    size_t start = 0, end = h->count;
    int again;

    while (start < end && !is_resent(&h->field[start]))
        start++;
    again = start < end;
    if (again)
        end = end_of_block(h, start);
    else
        start = 0;
    for (; start < end && problem == NULL; start++)
        if (is_one_of(&h->field[start], again ? resent : sent)) {
            *field = h->field[start].text;
            problem = add_addresses(&h->field[start], m);
        }
    return problem;
}

const char *cli_header_author(const struct cli_header *h,
                              struct cli_mailboxes *m)
{
    const struct cli_field *from = cli_header_find(h, "From");

    return from != NULL ? add_addresses(from, m) : NULL;
}

/* ---- domains ---- */

/* A-labels are longer than what they stand for, and SMTP has lines of 998
 * octets: a line that is longer than this ends at the next address. */
#define FOLD 64

/* Where in a list of addresses the next octet stands. */
struct place {
    size_t depth;              /* of comments */
    int    quoted;
    int    beyond;             /* the word until here is beyond ASCII */
};

/* Octets of what stands at text, one or two; *p goes on behind them. */
static size_t go_on(struct place *p, const char *text)
{
    if ((unsigned char)*text >= 0x80)
        p->beyond = 1;
    else if (!p->quoted && strchr(" \t\n,:;<", *text) != NULL)
        p->beyond = 0;
    if (*text == '\\' && text[1] != '\0')
        return 2;
    if (*text == '"' && p->depth == 0)
        p->quoted = !p->quoted;
    else if (*text == '(' && !p->quoted)
        p->depth++;
    else if (*text == ')' && p->depth > 0)
        p->depth--;
    return 1;
}

/* Writes the domain at text as MAIL and RCPT have it, and adds what it writes
 * to *column.  Returns the octets of it, 0 when it is none, or -1 when there is
 * no memory. */
static int put_domain(FILE *out, const char *text, size_t *column)
{
    const size_t len = strcspn(text, " \t\n\"(),:;<>@[\\]");
    struct cli_idn_address a = { 0 };
    char addr[DUVA_IDN_SIZE];

    if (len + sizeof("x@") > sizeof(addr))
        return 0;
    snprintf(addr, sizeof(addr), "x@%.*s", (int)len, text);
    if (cli_idn_address_convert(&a, addr) != NULL)
        return a.reason == DUVA_REASON_MEMORY ? -1 : 0;
    fputs(cli_address_domain(a.addr), out);
    *column += strlen(cli_address_domain(a.addr));
    return (int)len;
}

/* Writes a list of addresses. */
static int put_domains(FILE *out, const char *text, uint8_t *utf8)
{
    struct place p = { 0, 0, 0 };
    size_t n, column = 0;
    int len = 0;

    for (; *text != '\0' && len >= 0; text += n) {
        const char c = p.quoted || p.depth > 0 ? '\0' : *text;

        n = go_on(&p, text);
        fwrite(text, 1, n, out);
        column = *text == '\n' ? 0 : column + n;
        len = c == '@' && !p.beyond ? put_domain(out, text + 1, &column) : 0;
        if (c == '@' && p.beyond)
            *utf8 = 1;
        if (c == ',' && column > FOLD && text[1] != '\n') {
            column = text[1] != ' ' && text[1] != '\t';
            fputs(column > 0 ? "\n " : "\n", out);
        }
        n += len > 0 ? (size_t)len : 0;
    }
    return len < 0 ? EX_OSERR : 0;
}

static int convert_field(struct cli_field *field, uint8_t *utf8)
{
    char  *text = NULL;
    size_t len = 0;
    FILE  *out = open_memstream(&text, &len);
    int    failed;

    if (out == NULL)
        return EX_OSERR;
    failed = put_domains(out, field->text, utf8);
    if (cli_close_text(out, &text) != 0)
        failed = EX_OSERR;
    if (failed != 0) {
        free(text);
        return failed;
    }
    free(field->text);
    field->text = text;
    field->len = len;
    field->room = len + 1;
    return 0;
}

static int is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80)
        text++;
    return *text == '\0';
}

int cli_header_convert_domains(struct cli_header *h, uint8_t *utf8)
{
    static const char *const names[] = {
        "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Resent-From",
        "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Bcc", NULL
    };
    size_t i;
    int failed = 0;

    if (cli_header_find(h, "DKIM-Signature") != NULL)
        return 0;              /* it would no longer hold */
    for (i = 0; i < h->count && failed == 0; i++)
        if (is_one_of(&h->field[i], names) && !is_ascii(h->field[i].text))
            failed = convert_field(&h->field[i], utf8);
    return failed;
}
