/* oracle.c - turns what was on the wire into the verdicts it allows. */
/* SPDX-License-Identifier: MIT */
/*
 * A bystander reads both streams in the order in which they went.  Commands
 * wait in a queue for their replies; what cannot be a reply ends his interest
 * in the server (he is deaf then), as it ends the session.
 */
#include "oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum command { GREETING, HELLO, STARTTLS, AUTH, RSET, MAIL, RCPT, DATA, END,
               QUIT };

#define LINE_MAX_OCTETS 2048u  /* of a reply, unless it is a challenge */
#define LINES_MAX 256u
#define OCTETS_MAX 32768u

struct bystander {
    struct wire   *w;
    /* the server's side */
    char           code[4];
    unsigned       first_code, column, lines, octets, after_cr, more;
    int            deaf;
    /* the client's side */
    char           line[600];
    size_t         length;
    int            in_auth, in_message, line_start, dot;
    /* commands without a reply */
    struct command_said {
        enum command what;
        size_t       rcpt;
        int          again;    /* there is another way to say it */
        int          cancels;
    }             *queue;
    size_t         head, tail;
    /* a session that is refused, and the stage */
    int            refused;
    enum command   refused_at;
    /* the present entry of the plan, and its transaction */
    size_t         sending;
    const duva_mail *mail;
    int            open;       /* MAIL was said for this entry */
    int            accepted_before;
    int           *rcpt_code;  /* answers in this transaction */
    int           *rcpt_end;   /* LMTP: after the message */
    int            lmtp;
    int            first_refusal;
    int            mail_code, data_code, end_code;
    int            early;      /* 2yz in the middle of the message */
    int            dot_out;
    /* the result */
    duva_verdict **rcpt;       /* of every mail */
    duva_verdict  *verdict;
};

static duva_verdict class_of(int code, int at_rcpt)
{
    return code >= 500 && !(at_rcpt && code == 552) ? DUVA_REFUSED
                                                    : DUVA_RETRY;
}

/* ---- the end of a transaction ---- */

/* LMTP: has the server left, with somebody still to be answered? */
static int left_early(const struct bystander *b)
{
    size_t i;

    for (i = 0; i < b->mail->rcpt_count; i++)
        if (b->rcpt_end[i] == 421)
            return 1;
    return 0;
}

static duva_verdict verdict_by_lmtp(const struct bystander *b, size_t i)
{
    if (b->rcpt_end[i] >= 400)
        return class_of(b->rcpt_end[i], 0);
    if (b->rcpt_end[i] >= 200)
        return DUVA_ACCEPTED;
    return left_early(b) ? DUVA_RETRY : DUVA_UNCERTAIN;
}

/* The mail after the message: by its policy. */
static duva_verdict mail_by_lmtp(const struct bystander *b)
{
    const int    all = b->mail->policy == DUVA_ALL_OR_NOTHING;
    duva_verdict last = DUVA_RETRY, first = DUVA_PENDING;
    size_t       i;
    int          accepted = 0, unanswered = 0;

    for (i = 0; i < b->mail->rcpt_count; i++) {
        if (b->rcpt_code[i] < 200 || b->rcpt_code[i] >= 300)
            continue;
        last = verdict_by_lmtp(b, i);
        accepted |= last == DUVA_ACCEPTED;
        unanswered |= b->rcpt_end[i] == 0;
        if (b->rcpt_end[i] >= 400 && first == DUVA_PENDING)
            first = last;
    }
    if (left_early(b))
        return DUVA_RETRY;
    if (unanswered)
        return DUVA_UNCERTAIN;
    if (all && first != DUVA_PENDING)
        return first;
    return accepted ? DUVA_ACCEPTED : last;
}

static duva_verdict verdict_of_rcpt(const struct bystander *b, size_t i,
                                    int taken)
{
    const int code = b->rcpt_code[i];

    if (b->mail_code >= 400)
        return class_of(b->mail_code, 0);
    if (code >= 400)
        return class_of(code, 1);
    if (b->first_refusal != 0 && b->mail->policy == DUVA_ALL_OR_NOTHING)
        return DUVA_RETRY;
    if (b->early)
        return DUVA_UNCERTAIN;
    if (b->lmtp && b->dot_out && code >= 200 && code < 300)
        return verdict_by_lmtp(b, i);
    if (b->end_code >= 400)
        return class_of(b->end_code, 0);
    if (b->data_code >= 400)
        return class_of(b->data_code, 0);
    if (b->dot_out && taken && code >= 200 && code < 300)
        return b->end_code >= 200 ? DUVA_ACCEPTED : DUVA_UNCERTAIN;
    return b->mail->result.err == DUVA_ERR_BODY
                   && b->mail->result.reason != DUVA_REASON_SOURCE
               ? DUVA_REFUSED
               : DUVA_RETRY;
}

/* Who is sent to in this transaction? */
static int to_send(const struct bystander *b, size_t i)
{
    const duva_verdict v = b->rcpt[b->w->p->script->plan[b->sending] - 1][i];

    return v == DUVA_PENDING || v == DUVA_RETRY;
}

static void end_transaction(struct bystander *b)
{
    duva_verdict all = DUVA_REFUSED, mine = DUVA_RETRY;
    size_t       m, i, taken = 0, refused = 0, sent_to = 0;

    if (!b->open)
        return;
    b->open = 0;
    m = b->w->p->script->plan[b->sending] - 1;
    for (i = 0; i < b->mail->rcpt_count; i++) {
        sent_to += to_send(b, i) ? 1u : 0u;
        taken += b->rcpt_code[i] >= 200 && b->rcpt_code[i] < 300;
        refused += b->rcpt_code[i] >= 400;
        if (b->rcpt_code[i] >= 400 && class_of(b->rcpt_code[i], 1) != all)
            all = DUVA_RETRY;
    }
    for (i = 0; i < b->mail->rcpt_count; i++)
        if (to_send(b, i)) {
            b->rcpt[m][i] = verdict_of_rcpt(b, i, taken > 0);
            if (b->rcpt_code[i] < 400)
                mine = b->rcpt[m][i];
        }
    if (b->lmtp && b->dot_out && !b->early)
        mine = mail_by_lmtp(b);
    if (b->mail_code < 400 && b->first_refusal != 0
        && b->mail->policy == DUVA_ALL_OR_NOTHING)
        mine = class_of(b->first_refusal, 1);
    else if (b->mail_code < 400 && refused == sent_to)
        mine = all;
    if (b->mail_code >= 400)
        mine = class_of(b->mail_code, 0);
    if (!b->accepted_before || mine == DUVA_ACCEPTED)
        b->verdict[b->sending] = mine;
    b->accepted_before |= mine == DUVA_ACCEPTED;
}

static void begin_transaction(struct bystander *b)
{
    end_transaction(b);
    b->open = 1;
    memset(b->rcpt_code, 0, b->mail->rcpt_count * sizeof(*b->rcpt_code));
    memset(b->rcpt_end, 0, b->mail->rcpt_count * sizeof(*b->rcpt_end));
    b->first_refusal = b->mail_code = b->data_code = b->end_code = 0;
    b->early = b->dot_out = 0;
}

/* ---- the client ---- */

static void expect(struct bystander *b, enum command what, size_t rcpt)
{
    struct command_said *c = &b->queue[b->tail++];

    c->what = what;
    c->rcpt = rcpt;
    c->again = 0;
    if (what == HELLO)
        c->again = b->line[0] == 'E';
    if (what == AUTH && strncmp(b->line, "AUTH ", 5) == 0)
        c->again = strchr(b->line + 5, ' ') != NULL;
    c->cancels = what == AUTH && b->line[0] == '*';
}

static void client_line(struct bystander *b)
{
    static const struct {
        const char  *verb;
        enum command what;
    } verbs[] = {
        { "EHLO ", HELLO }, { "HELO ", HELLO }, { "LHLO ", HELLO },
        { "STARTTLS\r\n", STARTTLS },
        { "AUTH ", AUTH }, { "RSET\r\n", RSET }, { "MAIL FROM:<", MAIL },
        { "RCPT TO:<", RCPT }, { "DATA\r\n", DATA }, { "QUIT\r\n", QUIT }
    };
    enum command what = AUTH;
    size_t       i, rcpt = 0;

    for (i = 0; !b->in_auth && i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strncmp(b->line, verbs[i].verb, strlen(verbs[i].verb)) == 0)
            break;
    if (!b->in_auth && i == sizeof(verbs) / sizeof(verbs[0])) {
        played_fail(b->w->p, 0, "no command: \"%s\"",
                    shown(b->line, b->length));
        return;
    }
    if (!b->in_auth)
        what = verbs[i].what;
    b->in_auth = 0;
    if (what == MAIL)
        begin_transaction(b);
    if (what == RCPT) {
        for (rcpt = 0; rcpt < b->mail->rcpt_count; rcpt++) {
            const char  *addr = b->mail->rcpt[rcpt].addr;
            const size_t len = strlen(addr);

            if (to_send(b, rcpt) && strncmp(addr, b->line + 9, len) == 0
                && b->line[9 + len] == '>')
                break;
        }
        if (rcpt == b->mail->rcpt_count) {
            played_fail(b->w->p, 0, "sent to a stranger: %s", b->line);
            return;
        }
    }
    expect(b, what, rcpt);
}

/* The dot is out: one answer will come, or by LMTP one for each recipient. */
static void expect_end(struct bystander *b)
{
    size_t i;

    if (!b->lmtp)
        expect(b, END, 0);
    for (i = 0; b->lmtp && i < b->mail->rcpt_count; i++)
        if (b->rcpt_code[i] >= 200 && b->rcpt_code[i] < 300)
            expect(b, END, i);
}

/* Ends at a line that is a dot, alone. */
static void client_message(struct bystander *b, char c)
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
        b->dot_out = 1;
        expect_end(b);
    }
}

static void client_octet(struct bystander *b, char c)
{
    if (b->in_message) {
        client_message(b, c);
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

/* ---- the server ---- */

static void answer_rcpt(struct bystander *b, size_t rcpt, int code)
{
    b->rcpt_code[rcpt] = code;
    if (code >= 400 && b->first_refusal == 0)
        b->first_refusal = code;
}

static void unasked(struct bystander *b, int code)
{
    b->deaf = 1;
    if (b->in_message && code < 400)
        b->early = code < 300;
    else if (b->open && (b->in_message || code == 421))
        b->end_code = b->end_code != 0 ? b->end_code : code;
    if (code == 421 && !b->refused) {
        b->refused = code;
        b->refused_at = QUIT;
    }
}

/* Is it a refusal of the whole session? */
static int refuses(const struct command_said *c, int code)
{
    if (code < 400 || c->cancels)
        return 0;
    if (c->what == HELLO && c->again && (code == 500 || code == 502))
        return 0;
    if (c->what == AUTH && c->again && code == 501)
        return 0;
    return c->what < RSET || code == 421;
}

static void answer(struct bystander *b, const struct command_said *c, int code)
{
    if (code == 421)
        b->deaf = 1;
    switch (c->what) {
    case MAIL:
        b->mail_code = code;
        break;
    case RCPT:
        answer_rcpt(b, c->rcpt, code);
        break;
    case DATA:
        b->data_code = code;
        b->in_message = code == 354;
        b->line_start = 1;
        break;
    case END:
        if (b->lmtp)
            b->rcpt_end[c->rcpt] = code;
        else
            b->end_code = code;
        break;
    case AUTH:
        b->in_auth = code == 334 && !c->cancels;
        break;
    default:
        break;
    }
    if (refuses(c, code) && !b->refused) {
        b->refused = code;
        b->refused_at = c->what;
    }
    if (c->what < RSET || c->what == QUIT || code >= 400)
        return;
    if ((code >= 300) != (c->what == DATA)) { /* it means nothing there */
        b->deaf = 1;
        if (c->what == END)
            b->end_code = b->rcpt_end[c->rcpt] = 0;
    }
}

static void server_reply(struct bystander *b, int code)
{
    if (b->in_message || b->head == b->tail)
        unasked(b, code);
    else
        answer(b, &b->queue[b->head++], code);
}

static int bad_octet(struct bystander *b, char c, uint32_t options)
{
    if (++b->octets > OCTETS_MAX
        || (++b->column > LINE_MAX_OCTETS && memcmp(b->code, "334", 3) != 0))
        return 1;
    if (b->column == 1 && c == ' ' && (options & DUVA_QUIRK_LEADING_SPACE)) {
        b->column = 0;
        return 0;
    }
    if (b->column <= 3) {
        b->code[b->column - 1] = c;
        return c < '0' || c > '9' || (b->column == 1 && (c < '2' || c > '5'));
    }
    if (b->column == 4) {
        if (b->lines > 0 && (unsigned)atoi(b->code) != b->first_code)
            return 1;
        b->first_code = (unsigned)atoi(b->code);
        b->more = c == '-';
        if (strchr(" -\r\n", c) == NULL || c == '\0')
            return 1;
    }
    if (c == '\n')
        return !b->after_cr && !(options & DUVA_QUIRK_BARE_LF);
    return b->column == 5 && b->after_cr;
}

static void server_octet(struct bystander *b, char c)
{
    if (b->deaf)
        return;
    if (bad_octet(b, c, b->w->p->script->options)) {
        b->deaf = 1;
        return;
    }
    b->after_cr = c == '\r' && b->column > 3;
    if (c != '\n' || b->column < 4)
        return;
    b->column = 0;
    if (b->more) {
        b->deaf = ++b->lines == LINES_MAX;
        return;
    }
    b->lines = b->octets = 0;
    server_reply(b, (int)b->first_code);
}

/* ---- all of it ---- */

/* The wire belongs to the next entry of the plan from here on. */
static void next_sending(struct bystander *b, size_t sending)
{
    const struct script *s = b->w->p->script;

    end_transaction(b);
    b->sending = sending;
    b->mail = &b->w->p->mail[s->plan[sending] - 1];
    b->accepted_before = 0;
}

static void watch(struct bystander *b)
{
    size_t i;

    for (i = 0; i < b->w->events; i++) {
        const struct event *e = &b->w->event[i];

        if (e->sending != b->sending
            && e->sending < b->w->p->script->plan_count)
            next_sending(b, e->sending);
        if (e->from == 'C')
            client_octet(b, e->octet);
        else if (e->from == 'S')
            server_octet(b, e->octet);
    }
    if (b->w->p->script->plan_count > 0)
        end_transaction(b);
}

/* A mail that was never begun: why not? */
static duva_verdict not_begun(const struct bystander *b, const duva_result *r)
{
    const int own = r->status.stage != DUVA_STAGE_AUTH; /* or a secret's */

    if ((r->err == DUVA_ERR_ARG && own)
        || r->reason >= DUVA_REASON_NOT_OFFERED)
        return DUVA_REFUSED;
    return b->refused && b->refused_at != STARTTLS ? class_of(b->refused, 0)
                                                   : DUVA_RETRY;
}

static void want(struct played *p, size_t mail, const char *who,
                 duva_verdict got, duva_verdict wanted)
{
    if (got != wanted)
        played_fail(p, p->script->mail[mail].line,
                    "%s: the client says %s, the wire says %s", who,
                    duva_verdict_name(got), duva_verdict_name(wanted));
}

static void judge_error(const struct bystander *b, const duva_result *r,
                        unsigned line)
{
    const struct wire *w = b->w;
    const duva_err     err = fault_err(&w->fault);

    if ((r->verdict == DUVA_ACCEPTED) != (r->err == DUVA_OK))
        played_fail(w->p, line, "%s and error %s",
                    duva_verdict_name(r->verdict), duva_err_name(r->err));
    if (!w->fired || b->deaf || w->raced || err == DUVA_OK
        || r->err == DUVA_ERR_REJECTED || r->err == DUVA_ERR_BODY)
        return;
    if ((r->verdict == DUVA_UNCERTAIN || r->verdict == DUVA_RETRY)
        && r->err != err)
        played_fail(w->p, line, "error %s, the fault is %s",
                    duva_err_name(r->err), duva_err_name(err));
}

static void judge_mail(struct bystander *b, size_t sending)
{
    struct played   *p = b->w->p;
    const size_t     m = p->script->plan[sending] - 1;
    const duva_mail *mail = &p->mail[m];
    const int        begun = b->verdict[sending] != DUVA_PENDING;
    size_t           i;

    if (!begun)
        b->verdict[sending] = not_begun(b, &mail->result);
    want(p, m, "mail", mail->result.verdict, b->verdict[sending]);
    for (i = 0; i < mail->rcpt_count; i++) {
        if (!begun && b->rcpt[m][i] == DUVA_PENDING)
            b->rcpt[m][i] = b->verdict[sending];
        want(p, m, mail->rcpt[i].addr, mail->rcpt[i].verdict, b->rcpt[m][i]);
    }
    if (begun)
        judge_error(b, &mail->result, p->script->mail[m].line);
}

static size_t client_lines(const struct wire *w)
{
    size_t i, n = 0;

    for (i = 0; i < w->events; i++)
        n += w->event[i].from == 'C' && w->event[i].octet == '\n';
    return n;
}

void oracle_judge(struct wire *w)
{
    const struct script *s = w->p->script;
    struct bystander     b;
    size_t               i, most = 0;

    memset(&b, 0, sizeof(b));
    b.w = w;
    b.sending = (size_t)-1;
    b.lmtp = !!(s->options & DUVA_LMTP);
    b.queue = calloc(2 * client_lines(w) + 2, sizeof(*b.queue));
    b.rcpt = calloc(s->mail_count + 1, sizeof(*b.rcpt));
    b.verdict = calloc(s->plan_count + 1, sizeof(*b.verdict));
    for (i = 0; i < s->mail_count; i++) {
        b.rcpt[i] = calloc(s->mail[i].to_count + 1, sizeof(**b.rcpt));
        if (s->mail[i].to_count > most)
            most = s->mail[i].to_count;
    }
    b.rcpt_code = calloc(most + 1, sizeof(*b.rcpt_code));
    b.rcpt_end = calloc(most + 1, sizeof(*b.rcpt_end));
    expect(&b, GREETING, 0);
    if (s->plan_count > 0)
        next_sending(&b, 0);
    watch(&b);
    for (i = 0; i < s->mail_count; i++)
        if (w->p->begun[i])
            judge_mail(&b, w->p->begun[i] - 1u);
    for (i = 0; i < s->mail_count; i++)
        free(b.rcpt[i]);
    free(b.rcpt);
    free(b.rcpt_code);
    free(b.rcpt_end);
    free(b.verdict);
    free(b.queue);
}
