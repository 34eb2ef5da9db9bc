/* parts.c - takes mails, and the replies to them, from dialogues. */
/* SPDX-License-Identifier: MIT */
#include "mix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUEUE = 64, REPLY = 400, BODY = 3000 };

enum said { OTHER, RSET, MAIL, RCPT, DATA, PIECE, END };

/* Where the reading of a conversation stands. */
struct listener {
    struct script *s;
    struct part   *part;       /* of each mail */
    struct {
        enum said what;
        size_t    mail, rcpt;
        unsigned  piece;
    }              queue[QUEUE];
    size_t         head, tail;
    size_t         mail, rcpt; /* the present one, from 1, and its next RCPT */
    unsigned       piece;
    size_t         chunk;      /* octets to come */
    int            last;       /* behind them comes the answer to the end */
    int            in_message;
    int            taken[RCPTS_MAX]; /* LMTP */
    char           reply[REPLY];
    int            lost;       /* nothing can be learned from here on */
};

static int begins(const struct text *t, const char *verb)
{
    return strncmp(t->data, verb, strlen(verb)) == 0;
}

static void expect(struct listener *l, enum said what)
{
    if (l->tail == QUEUE) {
        l->lost = 1;
        return;
    }
    l->queue[l->tail].what = what;
    l->queue[l->tail].mail = l->mail + (what == RSET);
    l->queue[l->tail].piece = l->piece;
    l->queue[l->tail++].rcpt = l->rcpt;
}

static void expect_end(struct listener *l)
{
    const size_t count = l->s->mail[l->mail - 1].to_count;

    if (!(l->s->options & DUVA_LMTP)) {
        l->rcpt = 0;
        expect(l, END);
        return;
    }
    for (l->rcpt = 0; l->rcpt < count && l->rcpt < RCPTS_MAX; l->rcpt++)
        if (l->taken[l->rcpt])
            expect(l, END);
}

static void piece_is_out(struct listener *l)
{
    if (l->last) {
        expect_end(l);
    } else {
        expect(l, PIECE);
        l->piece++;
    }
}

static void begin_mail(struct listener *l)
{
    if (l->mail == l->s->mail_count) {
        l->lost = 1;           /* again */
        return;
    }
    l->mail++;
    l->rcpt = 0;
    l->piece = 0;
    memset(l->taken, 0, sizeof(l->taken));
    expect(l, MAIL);
}

static void client_says(struct listener *l, const struct text *t)
{
    if (l->chunk > 0) {
        l->chunk -= t->len < l->chunk ? t->len : l->chunk;
        if (l->chunk == 0)
            piece_is_out(l);
    } else if (l->in_message) {
        l->in_message = strcmp(t->data, ".\r\n") != 0;
        if (!l->in_message)
            expect_end(l);
    } else if (begins(t, "MAIL ")) {
        begin_mail(l);
    } else if (begins(t, "RSET")) {
        expect(l, RSET);
    } else if (l->mail == 0 || begins(t, "QUIT")) {
        expect(l, OTHER);
    } else if (begins(t, "RCPT ")) {
        expect(l, RCPT);
        l->rcpt++;
    } else if (begins(t, "DATA")) {
        expect(l, DATA);
    } else if (begins(t, "BDAT ") || begins(t, "BURL ")) {
        l->last = strstr(t->data, "LAST") != NULL;
        l->chunk = strtoul(t->data + 5, NULL, 10);
        if (l->chunk == 0)
            piece_is_out(l);
    } else {
        expect(l, OTHER);
    }
}

/* The answer stands for itself when it is not the usual one. */
static const char *kept(struct listener *l, const char *usual)
{
    char *copy;

    if (strncmp(l->reply, usual, 3) == 0 && l->reply[3] != '-')
        return NULL;
    copy = script_alloc(l->s, strlen(l->reply) + 1);
    return strcpy(copy, l->reply);
}

static void answered(struct listener *l)
{
    const enum said what = l->queue[l->head].what;
    const size_t    mail = l->queue[l->head].mail;
    const size_t    rcpt = l->queue[l->head].rcpt;
    struct answers *a;

    l->in_message = what == DATA && strncmp(l->reply, "354", 3) == 0;
    if (what == OTHER || mail > l->s->mail_count || rcpt >= RCPTS_MAX)
        return;
    a = &l->part[mail - 1].answers;
    if (what == RSET)
        a->rset = kept(l, "250");
    if (what == MAIL)
        a->mail = kept(l, "250");
    if (what == RCPT)
        a->rcpt[rcpt] = kept(l, "250");
    if (what == RCPT && mail == l->mail)
        l->taken[rcpt] = l->reply[0] == '2';
    if (what == DATA)
        a->data = kept(l, "354");
    if (what == END)
        a->end[rcpt] = kept(l, "250");
    if (what == PIECE && l->reply[0] != '2' && a->piece == NULL) {
        a->piece = kept(l, "250");
        a->piece_number = l->queue[l->head].piece;
    }
}

/* Is it a line of a reply, as RFC 5321 4.2 has it? */
static int is_reply(const struct text *t)
{
    return t->len > 4 && strlen(t->data) == t->len && t->len < REPLY
           && t->data[0] >= '2' && t->data[0] <= '5'
           && strchr(" -\r", t->data[3]) != NULL
           && strspn(t->data, "0123456789") == 3
           && strcmp(t->data + t->len - 2, "\r\n") == 0
           && strcspn(t->data, "\r\n") == t->len - 2;
}

static void server_says(struct listener *l, const struct text *t)
{
    const size_t len = strlen(l->reply);

    if (!is_reply(t) || len + t->len >= REPLY
        || (len > 0 && strncmp(t->data, l->reply, 3) != 0)) {
        l->lost = 1;
        return;
    }
    memcpy(l->reply + len, t->data, t->len + 1);
    if (t->data[3] == '-')
        return;
    l->reply[len + t->len - 2] = '\0';
    if (l->head == l->tail) {
        l->lost = l->mail > 0; /* else it is the greeting */
    } else {
        answered(l);
        if (++l->head == l->tail)
            l->head = l->tail = 0;
    }
    l->reply[0] = '\0';
}

static void listen(struct script *s, struct part *part)
{
    struct listener l;
    size_t          i;

    memset(&l, 0, sizeof(l));
    l.s = s;
    l.part = part;
    for (i = 0; i < s->item_count && !l.lost; i++) {
        const struct item *it = &s->item[i];

        if (it->kind == CLIENT_SAYS)
            client_says(&l, &it->text);
        else if (it->kind == SERVER_SAYS)
            server_says(&l, &it->text);
        else if (it->kind == HANGUP || it->kind == LINK_FAILS)
            l.lost = 1;
    }
}

/* ---- which of them are worth it ---- */

static int same_answer(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strncmp(a, b, 4) == 0;
}

static int same_answers(const struct answers *a, const struct answers *b)
{
    size_t i;

    for (i = 0; i < RCPTS_MAX; i++)
        if (!same_answer(a->rcpt[i], b->rcpt[i])
            || !same_answer(a->end[i], b->end[i]))
            return 0;
    return same_answer(a->rset, b->rset) && same_answer(a->mail, b->mail)
           && same_answer(a->data, b->data) && same_answer(a->piece, b->piece);
}

static int is_address(const char *addr)
{
    return duva_address_check(addr) == DUVA_REASON_NONE;
}

static int same_shape(const struct part *a, const struct part *b)
{
    const struct given_mail *x = a->mail, *y = b->mail;
    size_t                   i;

    for (i = 0; i < x->to_count && i < y->to_count; i++)
        if (is_address(x->to[i]) != is_address(y->to[i])
            || x->to_asks[i] != y->to_asks[i])
            return 0;
    return x->to_count == y->to_count && x->policy == y->policy
           && x->flags == y->flags && x->asks == y->asks
           && x->size == y->size && x->size_auto == y->size_auto
           && x->source_fails == y->source_fails
           && x->body.len / 64 == y->body.len / 64
           && is_address(x->from) == is_address(y->from)
           && same_answers(&a->answers, &b->answers);
}

/* A 503 to MAIL is for the client that says it ahead of its turn. */
static int is_fit(const struct parts *p, const struct part *one)
{
    size_t i;

    if (one->mail->to_count > RCPTS_MAX || one->mail->body.len > BODY
        || (one->answers.mail != NULL
            && strncmp(one->answers.mail, "503", 3) == 0))
        return 0;
    for (i = 0; i < p->count; i++)
        if (same_shape(&p->part[i], one))
            return 0;
    return 1;
}

static void add_parts(struct parts *p, struct script *s)
{
    struct part *part;
    size_t       i;

    p->part = realloc(p->part, (p->count + s->mail_count + 1) * sizeof(*part));
    part = calloc(s->mail_count + 1, sizeof(*part));
    if (p->part == NULL || part == NULL)
        exit(1);
    listen(s, part);
    for (i = 0; i < s->mail_count; i++) {
        part[i].script = s;
        part[i].number = (unsigned)i + 1;
        part[i].mail = &s->mail[i];
        if (is_fit(p, &part[i]))
            p->part[p->count++] = part[i];
    }
    free(part);
}

int parts_read(struct parts *p, char *const *path, int count)
{
    memset(p, 0, sizeof(*p));
    p->script = calloc((size_t)count + 1, sizeof(struct script *));
    if (p->script == NULL)
        exit(1);
    for (; count > 0; count--) {
        struct script *s = script_read(*path++);

        if (s == NULL)
            return 0;
        p->script[p->scripts++] = s;
        add_parts(p, s);
    }
    return 1;
}

void parts_free(struct parts *p)
{
    while (p->scripts > 0)
        script_free(p->script[--p->scripts]);
    free(p->script);
    free(p->part);
}
