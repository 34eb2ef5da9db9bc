/* draft_addresses.c - the addresses of a draft, for header and envelope. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>
#include <sysexits.h>

#include "envelope/idn_address.h"
#include "envelope/mailbox.h"
#include "message/draft_addresses.h"

/* What the functions below pass on. */
struct reading {
    struct cli_draft_addresses *a;
    const struct cli_draft *draft;
    struct cli_problem *problem;
    struct cli_idn_address converted; /* the last one */
    int for_header;
};

static int wrong(struct reading *r, const char *option, const char *text,
                 const char *why)
{
    return cli_problem_option(r->problem, option, text, why);
}

static int convert(struct reading *r, struct cli_mailboxes *m, size_t i,
                   const char *option)
{
    const char *addr = m->list[i].addr;
    const char *problem = cli_mailboxes_convert(m, i, &r->converted);

    if (problem == NULL)
        return 0;
    if (r->converted.reason == DUVA_REASON_MEMORY)
        return cli_problem_no_memory(r->problem);
    r->problem->reason = r->converted.reason;
    return wrong(r, option, addr, problem);
}

/* "postmaster" alone is a recipient (RFC 5321 4.5.1), and so may be a name
 * that a server knows, but no address of a header (RFC 5322 3.4.1). */
static int check_domain(struct reading *r, const struct cli_mailboxes *m,
                        size_t i, const char *option)
{
    const struct cli_draft_addresses *a = r->a;
    const char *addr = m->list[i].addr;

    if (!r->for_header || m == &a->bcc || cli_address_domain(addr) != NULL)
        return 0;
    return wrong(r, option, addr,
                 m == &a->to || m == &a->cc
                     ? "it has no domain, which an address in a header needs; "
                       "write it as name@host, or use --bcc"
                     : "it has no domain; write it as name@host");
}

static int add_list(struct reading *r, struct cli_mailboxes *m,
                    const char *text, const char *option)
{
    size_t i = m->count;
    const char *problem;
    int failed = 0;

    if (text == NULL)
        return 0;
    problem = cli_mailboxes_add(m, text);
    if (problem == NULL && m != &r->a->bcc && m->count > UINT16_MAX)
        problem = "more than 65535 addresses; use --bcc for some of them";
    if (problem != NULL)
        return wrong(r, option, text, problem);
    for (; failed == 0 && i < m->count; i++) {
        if (m->list[i].addr == NULL)
            continue;          /* the name of a group */
        failed = convert(r, m, i, option);
        if (failed == 0)
            failed = check_domain(r, m, i, option);
    }
    return failed;
}

static int add_lists(struct reading *r, struct cli_mailboxes *m,
                     const struct cli_texts *t, const char *option)
{
    size_t i;
    int failed = 0;

    for (i = 0; failed == 0 && i < t->count; i++)
        failed = add_list(r, m, t->text[i], option);
    return failed;
}

/* A list without groups (RFC 5322 3.6.2). */
static int add_author(struct reading *r, struct cli_mailboxes *m,
                      const char *text, const char *option)
{
    int    failed = add_list(r, m, text, option);
    size_t i;

    for (i = 0; failed == 0 && i < m->count; i++)
        if (m->list[i].addr == NULL)
            failed = wrong(r, option, text, "it is a group, not a mailbox");
    return failed;
}

static int read_lists(struct reading *r)
{
    struct cli_draft_addresses *a = r->a;
    const struct cli_draft *d = r->draft;
    int failed = add_author(r, &a->from, d->from, "--from");

    if (failed == 0)
        failed = add_author(r, &a->sender, d->sender, "--sender");
    if (failed == 0 && a->from.count > 1 && a->sender.count != 1)
        failed = wrong(r, "--from", d->from,
                       "more than one author needs --sender");
    if (failed == 0)
        failed = add_list(r, &a->reply_to, d->reply_to, "--reply-to");
    if (failed == 0)
        failed = add_lists(r, &a->to, &d->to, "--to");
    if (failed == 0)
        failed = add_lists(r, &a->cc, &d->cc, "--cc");
    if (failed == 0)
        failed = add_lists(r, &a->bcc, &d->bcc, "--bcc");
    return failed;
}

/* The reverse-path: --envelope-from, else --sender, else --from. */
static int find_return_path(struct reading *r)
{
    struct cli_draft_addresses *a = r->a;
    const char *text = r->draft->envelope_from;
    const struct cli_mailboxes *m = a->sender.count > 0 ? &a->sender
                                                        : &a->from;
    int failed;

    if (text != NULL && text[0] == '\0')
        return 0;              /* the null reverse-path */
    if (text != NULL) {
        m = &a->envelope_from;
        failed = add_author(r, &a->envelope_from, text, "--envelope-from");
        if (failed == 0 && m->count > 1)
            failed = wrong(r, "--envelope-from", text,
                           "more than one address");
        if (failed != 0)
            return failed;
    }
    if (m->count > 0)
        a->return_path = m->list[0].addr;
    return 0;
}

int cli_draft_addresses_read(struct cli_draft_addresses *a,
                             const struct cli_draft *draft, int for_header,
                             struct cli_problem *problem)
{
    struct reading r;
    int failed;

    memset(a, 0, sizeof(*a));
    a->return_path = "";
    a->more = draft->more;
    r.a = a;
    r.draft = draft;
    r.problem = problem;
    r.for_header = for_header;
    r.converted.keep = draft->utf8;
    r.converted.utf8 = draft->utf8 || (a->more != NULL && a->more->utf8);
    failed = read_lists(&r);
    if (failed == 0)
        failed = find_return_path(&r);
    a->utf8 = r.converted.utf8;
    return failed;
}

void cli_draft_addresses_free(struct cli_draft_addresses *a)
{
    cli_mailboxes_free(&a->from);
    cli_mailboxes_free(&a->sender);
    cli_mailboxes_free(&a->reply_to);
    cli_mailboxes_free(&a->to);
    cli_mailboxes_free(&a->cc);
    cli_mailboxes_free(&a->bcc);
    cli_mailboxes_free(&a->envelope_from);
}

static size_t put(const struct cli_mailboxes *m, duva_rcpt *rcpt)
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

size_t cli_draft_addresses_recipients(const struct cli_draft_addresses *a,
                                      duva_rcpt *rcpt)
{
    const struct cli_mailboxes *const list[] = { &a->to, &a->cc, &a->bcc,
                                                 a->more };
    size_t i, n = 0;

    for (i = 0; i < sizeof(list) / sizeof(list[0]); i++)
        if (list[i] != NULL)
            n += put(list[i], rcpt != NULL ? rcpt + n : NULL);
    return n;
}
