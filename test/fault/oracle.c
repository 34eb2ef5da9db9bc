/* oracle.c - turns the octets of a connection into what an observer knows. */
/* SPDX-License-Identifier: MIT */
/*
 * An observer reads both streams in the order in which they were sent.
 * Commands wait in a queue for their replies.  After octets that cannot be a
 * reply no reply counts (deaf), because the session ends there.
 */
#include "oracle.h"

#include "observer.h"

#include <stdlib.h>
#include <string.h>

/* ---- the client ---- */

/* Was the mail turned down by the client itself? */
static int is_left_out(const duva_mail *m)
{
    return m->result.err == DUVA_ERR_ARG
           || m->result.reason >= DUVA_REASON_NOT_OFFERED;
}

/* With mails under way together, the n-th MAIL is that of the n-th mail that
 * could be begun; else the wire belongs to one entry of the plan at a time. */
static size_t next_mail(const struct observer *b)
{
    const struct script *s = b->p->script;
    size_t               i;

    if (!b->many)
        return b->sending;
    i = b->transactions > 0 ? present(b)->sending + !present(b)->again : 0;
    while (i + 1 < s->plan_count
           && is_left_out(&b->p->mail[s->plan[i] - 1]))
        i++;
    return i;
}

/* Are all commands of the transaction answered? */
static int is_answered(const struct observer *b, const struct transaction *t)
{
    size_t i;

    for (i = b->head; i < b->tail; i++)
        if (b->queue[i].of == t)
            return 0;
    return 1;
}

static void *zeroed(size_t count, size_t size)
{
    void *p = calloc(count + 1, size);

    if (p == NULL)
        exit(1);
    return p;
}

/* Those beyond what LIMITS has are not in it (RFC 9422). */
static void leave_off(const struct observer *b, struct transaction *t)
{
    size_t i, n = 0;

    for (i = 0; b->rcpt_max > 0 && i < t->mail->rcpt_count; i++) {
        const int wanted = is_wanted(b, t->sending, i);

        t->rcpt_off[i] = wanted && n >= b->rcpt_max;
        n += wanted ? 1u : 0u;
    }
}

/* Is the mail begun before the one before it is over?  Then the first time is
 * a trial (overlap.h). */
static void note_ahead(struct observer *b, struct transaction *t)
{
    const struct transaction *before = t - 1;

    if (!b->many || b->transactions < 2 || before->again)
        return;
    t->ahead = b->heard_at >= t->sending || !is_answered(b, before);
    t->trial = t->ahead && b->overlap == DUVA_OVERLAP_UNTRIED;
    if (t->ahead && b->overlap == DUVA_OVERLAP_NEVER)
        played_fail(b->p, 0, "ahead, though the server cannot: %s", b->line);
}

static void begin_transaction(struct observer *b)
{
    const struct script *s = b->p->script;
    const size_t         sending = next_mail(b);
    struct transaction  *t;
    size_t               len;

    if (sending >= s->plan_count) {
        played_fail(b->p, 0, "more mails than there are: %s", b->line);
        return;
    }
    if (!b->many)
        judge_transactions(b); /* the same mail again, for whom it is not */
    t = &b->transaction[b->transactions++];
    t->sending = sending;
    t->mail = &b->p->mail[s->plan[sending] - 1];
    t->rcpt_code = zeroed(t->mail->rcpt_count, sizeof(*t->rcpt_code));
    t->rcpt_end = zeroed(t->mail->rcpt_count, sizeof(*t->rcpt_end));
    t->rcpt_off = zeroed(t->mail->rcpt_count, 1);
    leave_off(b, t);
    note_ahead(b, t);
    b->reset = 0;
    len = strlen(t->mail->from);
    if (strncmp(b->line + 11, t->mail->from, len) != 0
        || b->line[11 + len] != '>')
        played_fail(b->p, 0, "not from this sender: %s", b->line);
}

/* RSET is for a transaction that may be open.  The end of a message by DATA
 * closes it, whatever the answer (RFC 5321 4.1.1.4); and so does that of one
 * by BDAT that was accepted, if the client knew when it handed in the next. */
static void check_reset(struct observer *b)
{
    const struct transaction *t = present(b);

    if (t != NULL && t->again)
        ;                      /* it may be why MAIL was rejected */
    else if (t == NULL || b->reset)
        played_fail(b->p, 0, "RSET without a transaction");
    else if (t->end_out && (!t->chunked || b->p->script->window == 0)
             && t->end_code < 300 && (t->end_code > 0 || !t->chunked)
             && !b->lmtp)
        played_fail(b->p, 0, "RSET behind a transaction that is over");
    b->reset = 1;
}

static struct command_said *expect(struct observer *b, enum command what)
{
    struct command_said *c = &b->queue[b->tail++];

    c->what = what;
    c->of = what >= MAIL && what <= END ? present(b) : NULL;
    if (what == HELLO)
        c->again = b->line[0] == 'E';
    if (what == AUTH && strncmp(b->line, "AUTH ", 5) == 0)
        c->again = strchr(b->line + 5, ' ') != NULL;
    c->cancels = what == AUTH && b->line[0] == '*';
    return c;
}

/* The message, or a piece of it, is out: one answer will come, or by LMTP one
 * for each recipient. */
static void expect_end(struct observer *b, int last)
{
    struct transaction *t = present(b);
    size_t              i;

    t->end_out = last;
    if (last)
        message_end(b, t);
    if (!b->lmtp)
        expect(b, END)->last = last;
    for (i = 0; b->lmtp && i < t->mail->rcpt_count; i++)
        if (t->rcpt_code[i] >= 200 && t->rcpt_code[i] < 300) {
            struct command_said *c = expect(b, END);

            c->rcpt = i;
            c->last = 1;
        }
}

/* RFC 3030 2: BDAT, a length, and LAST or not; that many octets follow.  RFC
 * 4468 3.2: BURL and a URL, and none do. */
static void begin_chunk(struct observer *b)
{
    struct transaction *t = present(b);
    char               *end = b->line;

    t->chunked = 1;
    message_begin(b, t);
    if (strncmp(b->line, "BURL ", 5) == 0) {
        expect_end(b, strstr(b->line, " LAST\r\n") != NULL);
        return;
    }
    if (b->line[5] >= '0' && b->line[5] <= '9')
        b->chunk = strtoul(b->line + 5, &end, 10);
    b->last_chunk = strcmp(end, " LAST\r\n") == 0;
    if (!b->last_chunk && (strcmp(end, "\r\n") != 0 || b->chunk == 0))
        played_fail(b->p, 0, "no chunk: %s", b->line);
    if (b->chunk == 0)
        expect_end(b, b->last_chunk);
}

static size_t rcpt_of_line(struct observer *b)
{
    const struct transaction *t = present(b);
    size_t                    i;

    for (i = 0; i < t->mail->rcpt_count; i++) {
        const char  *addr = t->mail->rcpt[i].addr;
        const size_t len = strlen(addr);

        if (is_sent_to(b, t, i)
            && strncmp(addr, b->line + 9, len) == 0 && b->line[9 + len] == '>')
            return i;
    }
    played_fail(b->p, 0, "sent to a stranger: %s", b->line);
    return 0;
}

static void client_command(struct observer *b, enum command what)
{
    struct command_said *c;

    if (what == MAIL)
        begin_transaction(b);
    if (what >= MAIL && what <= END && present(b) == NULL) {
        played_fail(b->p, 0, "before MAIL: %s", b->line);
    } else if (what == END) {
        begin_chunk(b);
    } else {
        if (what == RSET)
            check_reset(b);
        if (what == QUIT && b->head < b->tail && !b->deaf)
            played_fail(b->p, 0, "QUIT before a reply");
        c = expect(b, what);
        if (what == RCPT)
            c->rcpt = rcpt_of_line(b);
    }
}

static void client_line(struct observer *b)
{
    static const struct {
        const char  *verb;
        enum command what;
    } verbs[] = {
        { "EHLO ", HELLO }, { "HELO ", HELLO }, { "LHLO ", HELLO },
        { "STARTTLS\r\n", STARTTLS },
        { "AUTH ", AUTH }, { "RSET\r\n", RSET }, { "MAIL FROM:<", MAIL },
        { "RCPT TO:<", RCPT }, { "DATA\r\n", DATA },
        { "BDAT ", END }, { "BURL ", END },
        { "QUIT\r\n", QUIT }
    };
    size_t i;

    if (b->in_auth) {
        b->in_auth = 0;
        expect(b, AUTH);
        return;
    }
    for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strncmp(b->line, verbs[i].verb, strlen(verbs[i].verb)) == 0) {
            client_command(b, verbs[i].what);
            return;
        }
    played_fail(b->p, 0, "no command: \"%s\"", shown(b->line, b->length));
}

/* Ends at a line that is a dot, alone. */
static void client_message(struct observer *b, char c)
{
    static const char end[] = ".\r\n";

    if (b->line_start && c == '.')
        b->dot = 1;
    else if (b->dot > 0 && c == end[b->dot])
        b->dot++;
    else
        b->dot = 0;
    b->line_start = c == '\n';
    if (b->dot == 3) {
        b->in_message = b->dot = 0;
        expect_end(b, 1);
    }
}

/* Has DATA been said, or MAIL on trial, and not been answered? */
static int has_to_wait(const struct observer *b)
{
    const struct command_said *last = &b->queue[b->tail - 1];

    return b->head < b->tail
           && (last->what == DATA || (last->what == MAIL && last->of->trial));
}

static void client_octet(struct observer *b, char c)
{
    if (has_to_wait(b) && !b->deaf) /* then QUIT is all that may follow */
        played_fail(b->p, 0, "an octet behind %s before its reply",
                    b->queue[b->tail - 1].what == DATA ? "DATA" : "a trial");
    if (b->in_message || b->chunk > 0)
        message_octet(b, present(b), c);
    if (b->in_message) {
        client_message(b, c);
        return;
    }
    if (b->chunk > 0) {
        if (--b->chunk == 0)
            expect_end(b, b->last_chunk);
        return;
    }
    if (b->length + 1 < sizeof(b->line))
        b->line[b->length++] = c;
    b->line[b->length] = '\0';
    if (c == '\n') {
        client_line(b);
        b->length = 0;
    }
}

/* ---- all of it ---- */

static void watch(struct observer *b)
{
    size_t i;

    for (i = 0; i < b->t->events; i++) {
        const struct event *e = &b->t->event[i];

        if (e->sending != b->sending && !b->many)
            judge_transactions(b); /* the next entry of the plan has begun */
        b->sending = e->sending;
        if (e->from == 'C')
            client_octet(b, e->octet);
        else if (e->from == 'S')
            hear_octet(b, e->octet);
    }
}

static size_t client_lines(const struct traffic *t)
{
    size_t i, n = 0;

    for (i = 0; i < t->events; i++)
        n += t->event[i].from == 'C' && t->event[i].octet == '\n';
    return n;
}

static void forget(struct observer *b)
{
    size_t i;

    for (i = 0; i < b->transactions; i++) {
        free(b->transaction[i].rcpt_code);
        free(b->transaction[i].rcpt_end);
        free(b->transaction[i].rcpt_off);
    }
    for (i = 0; i < b->p->script->mail_count; i++)
        free(b->rcpt[i]);
    free(b->rcpt);
    free(b->transaction);
    free(b->verdict);
    free(b->queue);
}

void oracle_judge(struct played *p, const struct traffic *t, duva_err fault)
{
    const struct script *s = p->script;
    const size_t         lines = client_lines(t);
    struct observer     b;
    size_t               i;

    memset(&b, 0, sizeof(b));
    b.p = p;
    b.t = t;
    b.fault = fault;
    b.lmtp = !!(s->options & DUVA_LMTP);
    b.many = t->together;
    b.overlap = (duva_overlap)s->overlap;
    b.queue = zeroed(2 * lines + 1, sizeof(*b.queue));
    b.transaction = zeroed(lines, sizeof(*b.transaction));
    b.rcpt = zeroed(s->mail_count, sizeof(*b.rcpt));
    b.verdict = zeroed(s->plan_count, sizeof(*b.verdict));
    for (i = 0; i < s->mail_count; i++)
        b.rcpt[i] = zeroed(s->mail[i].to_count, sizeof(**b.rcpt));
    expect(&b, GREETING);
    watch(&b);
    judge_mails(&b);
    forget(&b);
}
