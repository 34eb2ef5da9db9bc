/* message.c - compares the messages that were sent with those of the mails. */
/* SPDX-License-Identifier: MIT */
/*
 * How a message has to look on the wire is told here once more, octet by
 * octet: nothing of the engine's encoder is used.
 */
#include "observer.h"

#include <string.h>

enum { LINE_OCTETS = 998 };    /* RFC 5321 4.5.3.1.6, without its CRLF */

static const char final_dot[] = ".\r\n";

static size_t mail_number(const struct observer *b,
                          const struct transaction *t)
{
    return (size_t)(t->mail - b->p->mail);
}

static int is_line_end(const struct text *body, size_t at)
{
    return body->data[at] == '\n'
           || (body->data[at] == '\r' && at + 1 < body->len
               && body->data[at + 1] == '\n');
}

/* The next octet of a message in lines, as it is sent; -1 at its end, or where
 * it must not be sent. */
static int next_in_lines(struct walk *w, const struct text *body, int dots)
{
    const int at_end = w->at == body->len;
    const int c = at_end ? '\r' : (unsigned char)body->data[w->at];

    if (w->owed != 0) {
        const int owed = w->owed;

        w->owed = 0;
        return owed;
    }
    if (at_end && w->column == 0)
        return -1;
    if (at_end || is_line_end(body, w->at)) {
        w->at += at_end ? 0 : c == '\r' ? 2 : 1;
        w->column = 0;
        w->owed = '\n';
        return '\r';
    }
    if (c == '\r' || c == '\0' || w->column == LINE_OCTETS)
        return -1;
    w->at++;
    if (w->column++ == 0 && c == '.' && dots)
        w->owed = '.';
    return c;
}

/* The next octet that is to come, or -1. */
static int next_octet(const struct observer *b, struct transaction *t)
{
    const struct text *body = &b->p->script->mail[mail_number(b, t)].body;
    struct walk       *w = &t->walk;
    int                c = -1;

    if (t->chunked
        && ((t->mail->flags & DUVA_MAIL_BINARY)
            || (b->eight && (t->mail->flags & DUVA_MAIL_AS_IS))))
        return w->at < body->len ? (unsigned char)body->data[w->at++] : -1;
    if (!t->empty && w->dot == 0)
        c = next_in_lines(w, body, !t->chunked);
    if (c >= 0 || t->chunked || (!t->empty && w->at < body->len))
        return c;
    return w->dot < sizeof(final_dot) - 1 ? final_dot[w->dot++] : -1;
}

/* How many of those who are sent to have no answer yet, are taken, are not? */
static void count(const struct observer *b, const struct transaction *t,
                  size_t *waiting, size_t *taken, size_t *refused)
{
    size_t i;

    *waiting = *taken = *refused = 0;
    for (i = 0; i < t->mail->rcpt_count; i++) {
        const int code = t->rcpt_code[i];

        *taken += code >= 200 && code < 300;
        *refused += code >= 400;
        *waiting += code == 0 && is_sent_to(b, t, i);
    }
}

/* Has somebody been refused for good, in an earlier transaction? */
static int is_for_a_part(const struct observer *b,
                         const struct transaction *t)
{
    size_t i;

    for (i = 0; i < t->mail->rcpt_count; i++)
        if (b->rcpt[mail_number(b, t)][i] == DUVA_REFUSED)
            return 1;
    return 0;
}

void message_begin(struct observer *b, struct transaction *t)
{
    const int all = t->mail->policy == DUVA_ALL_OR_NOTHING;
    size_t    waiting, taken, refused;

    count(b, t, &waiting, &taken, &refused);
    if (!t->chunked)
        t->empty = t->mail_code >= 400 || taken == 0 || (all && refused > 0);
    if (all && !b->lmtp && is_for_a_part(b, t))
        played_fail(b->p, 0, "for all or nobody, and goes to a part");
    if (all && t->chunked && waiting + taken > 0
        && (refused > 0 || (waiting > 0 && waiting + taken > 1)))
        played_fail(b->p, 0, "for all or nobody, and said for a part: %s",
                    b->line);
}

void message_octet(struct observer *b, struct transaction *t, char c)
{
    const int wanted = next_octet(b, t);

    if (wanted != (unsigned char)c)
        played_fail(b->p, b->p->script->mail[mail_number(b, t)].line,
                    "octet %zu of its message is 0x%02X, expected %d",
                    t->octets, (unsigned char)c, wanted);
    t->octets++;
}

void message_end(struct observer *b, struct transaction *t)
{
    const duva_mail_extras *extras = t->mail->extras;

    if (extras != NULL && extras->burl != NULL)
        return;                /* nothing of it was sent */
    if (next_octet(b, t) >= 0)
        played_fail(b->p, b->p->script->mail[mail_number(b, t)].line,
                    "its message ends after %zu octets, too early",
                    t->octets);
}
