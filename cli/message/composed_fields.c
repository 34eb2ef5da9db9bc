/* composed_fields.c - the addresses and other fields of a draft, checked. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "envelope/mailbox.h"
#include "envelope/idn_address.h"
#include "message/composed.h"
#include "message/composed_inner.h"

/* ---- addresses ---- */

/* "postmaster" alone is a recipient (RFC 5321 4.5.1), and so may be what a
 * server knows of its own, but no address of a header (RFC 5322 3.4.1).  It is
 * not for us to say whose domain was meant. */
static int no_domain(struct cli_composed *l, const struct cli_mailboxes *m,
                     const char *option, const char *addr)
{
    return cli_composed_wrong(
        l, option, addr,
        m == &l->to || m == &l->cc
            ? "it has no domain, and a header takes none without; write it as "
              "name@host, or give it by --bcc, which is in no header"
            : "it has no domain; write it as name@host");
}

static int spell(struct cli_composed *l, struct cli_mailboxes *m, size_t i,
                 const char *option)
{
    struct cli_idn_address s;
    const char *addr = m->list[i].addr, *problem;

    s.keep = l->draft->utf8;
    s.utf8 = l->utf8;
    problem = cli_idn_address_convert(&s, addr);
    l->utf8 = s.utf8;
    if (problem != NULL) {
        if (s.reason == DUVA_REASON_MEMORY)
            return cli_composed_no_memory(l);
        l->reason = s.reason;
        return cli_composed_wrong(l, option, addr, problem);
    }
    return s.addr == addr || cli_mailboxes_set(m, i, s.addr) == 0
               ? 0
               : cli_composed_no_memory(l);
}

/* A quoted string alone is a mistake: its "@" was meant for one, or quotes. */
static int needs_domain(const struct cli_composed *l,
                        const struct cli_mailboxes *m, const char *addr)
{
    return addr[0] == '"' || (l->composed && m != &l->bcc);
}

/* Of a list that was read: can each address be said in the header and in the
 * envelope? */
static int check_addresses(struct cli_composed *l, struct cli_mailboxes *m,
                           size_t i, const char *option)
{
    const char *addr;
    int failed = 0;

    for (; failed == 0 && i < m->count; i++) {
        addr = m->list[i].addr;
        if (addr == NULL)
            continue;
        failed = spell(l, m, i, option);
        addr = m->list[i].addr; /* as it is spelt now */
        if (failed == 0 && needs_domain(l, m, addr)
            && cli_address_domain(addr) == NULL)
            failed = no_domain(l, m, option, addr);
    }
    return failed;
}

static int add_list(struct cli_composed *l, struct cli_mailboxes *m,
                    const char *text, const char *option)
{
    const size_t before = m->count;
    const char *problem;

    if (text == NULL)
        return 0;
    problem = cli_mailboxes_add(m, text);
    if (problem == NULL && m != &l->bcc && m->count > UINT16_MAX)
        problem = "more than 65535 addresses; use --bcc for some of them";
    if (problem != NULL)
        return cli_composed_wrong(l, option, text, problem);
    return check_addresses(l, m, before, option);
}

int cli_composed_try(struct cli_composed *l, const char *text,
                     const char *place)
{
    cli_mailboxes_free(&l->bcc);
    return add_list(l, &l->bcc, text, place);
}

static int add_lists(struct cli_composed *l, struct cli_mailboxes *m,
                     const struct cli_texts *t, const char *option)
{
    size_t i;
    int failed = 0;

    for (i = 0; failed == 0 && i < t->count; i++)
        failed = add_list(l, m, t->text[i], option);
    return failed;
}

/* Who writes is no group. */
static int add_author(struct cli_composed *l, struct cli_mailboxes *m,
                      const char *text, const char *option)
{
    int    failed = add_list(l, m, text, option);
    size_t i;

    for (i = 0; failed == 0 && i < m->count; i++)
        if (m->list[i].addr == NULL)
            failed = cli_composed_wrong(l, option, text, "it is a group");
    return failed;
}

/* Where the mail comes from, and where it goes back to. */
static int make_return_path(struct cli_composed *l)
{
    const char *text = l->draft->envelope_from;
    const struct cli_mailboxes *m = l->sender.count > 0 ? &l->sender
                                                        : &l->from;
    int failed = 0;

    if (text != NULL && text[0] != '\0') {
        failed = add_author(l, &l->bounces, text, "--envelope-from");
        m = &l->bounces;
    }
    if (failed != 0)
        return failed;
    l->return_path = m->count > 0 && (text == NULL || text[0] != '\0')
                         ? m->list[0].addr
                         : "";
    return m == &l->bounces && m->count > 1 ? cli_composed_wrong(
               l, "--envelope-from", text, "more than one address")
                                            : 0;
}

static int make_lists(struct cli_composed *l)
{
    const struct cli_draft *d = l->draft;
    int failed = add_author(l, &l->from, d->from, "--from");

    if (failed == 0)
        failed = add_author(l, &l->sender, d->sender, "--sender");
    if (failed == 0 && l->from.count > 1 && l->sender.count != 1)
        failed = cli_composed_wrong(l, "--from", d->from,
                                    "more than one address needs a --sender");
    if (failed == 0)
        failed = add_list(l, &l->reply_to, d->reply_to, "--reply-to");
    if (failed == 0)
        failed = add_lists(l, &l->to, &d->to, "--to");
    if (failed == 0)
        failed = add_lists(l, &l->cc, &d->cc, "--cc");
    if (failed == 0)
        failed = add_lists(l, &l->bcc, &d->bcc, "--bcc");
    return failed;
}

int cli_composed_addresses(struct cli_composed *l)
{
    int failed = make_lists(l);

    if (failed == 0)
        failed = make_return_path(l);
    l->message.from = cli_mailboxes_list(&l->from);
    l->message.sender = cli_mailboxes_list(&l->sender);
    l->message.reply_to = cli_mailboxes_list(&l->reply_to);
    l->message.to = cli_mailboxes_list(&l->to);
    l->message.cc = cli_mailboxes_list(&l->cc);
    return failed;
}

static size_t put_recipients(const struct cli_mailboxes *m, duva_rcpt *rcpt)
{
    size_t i, n = 0;

    for (i = 0; i < m->count; i++)
        if (m->list[i].addr != NULL) {
            if (rcpt != NULL)
                rcpt[n].addr = m->list[i].addr;
            n++;
        }
    return n;
}

size_t cli_composed_recipients(const struct cli_composed *l, duva_rcpt *rcpt)
{
    size_t n = put_recipients(&l->to, rcpt);

    n += put_recipients(&l->cc, rcpt != NULL ? rcpt + n : NULL);
    return n + put_recipients(&l->bcc, rcpt != NULL ? rcpt + n : NULL);
}

/* ---- header fields ---- */

static size_t put_priority(const struct cli_composed *l, duva_header *h)
{
    static const char *const x[] = { NULL, "1 (Highest)", "3 (Normal)",
                                     "5 (Lowest)" };
    static const char *const importance[] = { NULL, "High", "Normal", "Low" };
    const uint8_t priority = l->draft->priority;

    if (priority == CLI_PRIORITY_UNSAID)
        return 0;
    h[0].name = "X-Priority";
    h[0].value = x[priority];
    h[1].name = "Importance";
    h[1].value = importance[priority];
    return 2;
}

/* "Name: value" cut in two; the name goes to *to. */
static int put_header(struct cli_composed *l, duva_header *h, const char *text,
                      char **to)
{
    const char *colon = strchr(text, ':');

    if (colon == NULL || colon == text)
        return cli_composed_wrong(l, "--header", text,
                                  "it must be 'Name: value'");
    h->name = *to;
    memcpy(*to, text, (size_t)(colon - text));
    *to += colon - text;
    *(*to)++ = '\0';
    h->value = colon + 1 + (colon[1] == ' ');
    return 0;
}

static int make_headers(struct cli_composed *l)
{
    const struct cli_texts *t = &l->draft->headers;
    size_t i, n, octets = 1;
    char *to;
    int failed = 0;

    if (t->count > UINT16_MAX - 2)
        return cli_composed_wrong(l, "--header", t->text[0],
                                  "there are too many");
    for (i = 0; i < t->count; i++)
        octets += strlen(t->text[i]) + 1;
    l->header = calloc(t->count + 2, sizeof(*l->header));
    l->names = to = malloc(octets);
    if (l->header == NULL || l->names == NULL)
        return cli_composed_no_memory(l);
    n = put_priority(l, l->header);
    for (i = 0; failed == 0 && i < t->count; i++)
        failed = put_header(l, &l->header[n++], t->text[i], &to);
    l->message.headers = l->header;
    l->message.header_count = (uint16_t)n;
    return failed;
}

/* An identity that can be told of before the message is read. */
static void make_message_id(struct cli_composed *l)
{
    const uint8_t *seed = l->message.seed;
    const char *at = l->from.count > 0 ? strrchr(l->from.list[0].addr, '@')
                                       : NULL;
    char  *to = l->own_id;
    size_t i, n;

    l->message.message_id = l->draft->message_id;
    if (l->draft->message_id != NULL || at == NULL)
        return;
    n = (size_t)snprintf(to, sizeof(l->own_id), "<%08lx.",
                         (unsigned long)l->message.date);
    for (i = 0; i < 8; i++, n += 2)
        snprintf(to + n, sizeof(l->own_id) - n, "%02x", seed[i]);
    snprintf(to + n, sizeof(l->own_id) - n, "%s>", at);
    l->message.message_id = l->own_id;
}

/* Random numbers, for several letters at a time. */
static int take_seed(uint8_t *seed, size_t len)
{
    static uint8_t ahead[256]; /* as many as getentropy() gives */
    static size_t used = sizeof(ahead);

    if (len > sizeof(ahead) - used) {
        if (getentropy(ahead, sizeof(ahead)) != 0)
            return -1;
        used = 0;
    }
    memcpy(seed, ahead + used, len);
    used += len;
    return 0;
}

int cli_composed_fields(struct cli_composed *l)
{
    const struct cli_draft *d = l->draft;
    const time_t now = time(NULL);
    struct tm local;

    l->message.subject = d->subject;
    l->message.in_reply_to = d->in_reply_to;
    l->message.references = d->references;
    l->message.date = (uint32_t)(d->dated ? d->date.at : now);
    if (d->dated)
        l->message.zone = d->date.zone;
    else if (localtime_r(&now, &local) != NULL)
        l->message.zone = (int16_t)(local.tm_gmtoff / 60);
    if (take_seed(l->message.seed, sizeof(l->message.seed)) != 0) {
        snprintf(l->problem, sizeof(l->problem), "no random numbers");
        return EX_OSERR;
    }
    make_message_id(l);
    return make_headers(l);
}
