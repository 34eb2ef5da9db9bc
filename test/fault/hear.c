/* hear.c - reads the replies of the server, and to which commands they belong.
 * */
/* SPDX-License-Identifier: MIT */
#include "observer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_OCTETS 2048u  /* of a reply, unless it is a challenge */
#define LINES_MAX 256u
#define OCTETS_MAX 32768u

struct transaction *present(const struct observer *b)
{
    return b->transactions > 0 ? &b->transaction[b->transactions - 1] : NULL;
}

static void leave(struct observer *b)
{
    b->gone = b->deaf = 1;
}

static void unasked(struct observer *b, int code)
{
    struct transaction *t = present(b);
    const int           in_message = b->in_message || b->chunk > 0;

    b->deaf = 1;
    if (in_message && code < 400)
        t->early = code < 300;
    else if (t != NULL && !t->judged && t->end_code == 0
             && (in_message || code == 421))
        t->end_code = code;
    if (code != 421)
        return;
    leave(b);
    if (!b->refused) {
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

/* What a piece of the message has come to is what all of it has. */
static void answer_end(struct observer *b, const struct command_said *c,
                       int code)
{
    struct transaction *t = c->of;

    if (b->lmtp)
        t->rcpt_end[c->rcpt] = code;
    else if (t->end_code == 0 && (c->last || code >= 400))
        t->end_code = code;
}

/* Does 552 to RCPT say that there are too many of them?  Then it is 452: RFC
 * 5321 4.5.3.1.10. */
static int is_about_number(const struct observer *b)
{
    unsigned subject = 0, detail = 0;

    return sscanf(b->words + 4, "5.%u.%u", &subject, &detail) != 2
           || (subject == 5 && detail == 3);
}

static void answer_mail(struct observer *b, const struct command_said *c,
                        int code)
{
    struct transaction *t = c->of;

    if (c->what == MAIL)
        t->mail_code = code;
    if (c->what == RCPT)
        t->rcpt_code[c->rcpt] = code == 552 && is_about_number(b) ? 452 : code;
    if (c->what == DATA) {
        t->data_code = code;
        b->in_message = code == 354;
        if (b->in_message)
            message_begin(b, t);
        b->line_start = 1;
    }
    if (c->what == END)
        answer_end(b, c, code);
}

/* Has the mail failed, so that what follows may earn any refusal? */
static int has_failed(const struct observer *b, const struct transaction *t)
{
    size_t i, left = 0, refused = 0;

    for (i = 0; i < t->mail->rcpt_count; i++) {
        refused += t->rcpt_code[i] >= 400;
        left += is_sent_to(b, t, i) && t->rcpt_code[i] < 400;
    }
    return t->mail_code >= 400 || t->data_code >= 400 || t->end_code >= 400
           || left == 0
           || (refused > 0 && t->mail->policy == DUVA_ALL_OR_NOTHING);
}

/* Is it a reply that only a server gives that has lost commands?  An address
 * earns 501 5.1.z. */
static int is_out_of_step(const struct observer *b,
                          const struct command_said *c, int code)
{
    const struct transaction *t = c->of;
    unsigned                  subject = 0;

    if (t == NULL || !t->ahead || t->trial || t->data_code == 354
        || has_failed(b, t) || code < 500 || code > 503)
        return 0;
    return code != 501 || sscanf(b->words + 4, "%*u.%u.", &subject) != 1
           || subject != 1;
}

/* A trial that is rejected says nothing of the mail. */
static int hear_trial(struct observer *b, struct transaction *t, int code)
{
    const struct transaction *before = t - 1;

    if (t == NULL || !t->trial)
        return 0;
    t->trial = t->ahead = 0;
    t->again = code >= 400 && code != 421;
    if (code < 300)
        b->overlap = DUVA_OVERLAP_SHOWN;
    else if (code >= 500 && code <= 503 && before->end_code < 300)
        b->overlap = DUVA_OVERLAP_NEVER;
    return t->again;
}

static void answer(struct observer *b, const struct command_said *c, int code)
{
    if (c->of != NULL)
        b->heard_at = b->sending;
    if (c->what == MAIL && hear_trial(b, c->of, code))
        return;
    if (c->what == MAIL && code == 503 && b->t->strict)
        played_fail(b->p, 0, "MAIL in a transaction");
    if (is_out_of_step(b, c, code)) {
        b->deaf = 1;
        return;
    }
    if (code == 421)
        leave(b);
    if (c->what == AUTH)
        b->in_auth = code == 334 && !c->cancels;
    if (refuses(c, code) && !b->refused) {
        b->refused = code;
        b->refused_at = c->what;
    }
    if (c->what == RSET && code >= 400)
        b->deaf = 1;           /* mails cannot be told apart any more */
    if (c->what >= RSET && c->what != QUIT && code < 400
        && (code >= 300) != (c->what == DATA)) {
        b->deaf = 1;           /* it means nothing there */
        if (c->what == END)
            return;
    }
    if (c->of != NULL)
        answer_mail(b, c, code);
}

static void server_reply(struct observer *b, int code)
{
    if (b->head == b->tail)
        unasked(b, code);
    else
        answer(b, &b->queue[b->head++], code);
}

/* RFC 9422, 6152: a line of the answer to EHLO. */
static void hear_offer(struct observer *b)
{
    const char *at = strstr(b->words, "LIMITS ");
    const char *rcpt = at != NULL ? strstr(at, "RCPTMAX=") : NULL;
    const char *mail = at != NULL ? strstr(at, "MAILMAX=") : NULL;

    if (rcpt != NULL)
        b->rcpt_max = strtoul(rcpt + 8, NULL, 10);
    if (mail != NULL)
        b->mail_max = strtoul(mail + 8, NULL, 10);
    b->eight |= strstr(b->words, "8BITMIME") != NULL;
}

static int bad_octet(struct observer *b, char c, uint32_t options)
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

void hear_octet(struct observer *b, char c)
{
    if (b->deaf)
        return;
    if (bad_octet(b, c, b->p->script->options)) {
        b->deaf = 1;
        return;
    }
    b->after_cr = c == '\r' && b->column > 3;
    if (b->column > 0 && b->column < sizeof(b->words))
        b->words[b->column - 1] = c;
    if (c != '\n' || b->column < 4)
        return;
    if (b->head < b->tail && b->queue[b->head].what == HELLO)
        hear_offer(b);
    b->column = 0;
    if (b->more) {
        b->deaf = ++b->lines == LINES_MAX;
    } else {
        b->lines = b->octets = 0;
        server_reply(b, (int)b->first_code);
    }
    memset(b->words, 0, sizeof(b->words));
}
