/* commands.c - the commands that a client may send next. */
/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static candidate *add(model *m, verb v, int rcpt)
{
    candidate *c = &m->next[m->next_count++];

    c->verb = v;
    c->rcpt = rcpt;
    c->any_length = 0;
    return c;
}

static void add_text(model *m, verb v, const char *text)
{
    candidate *c = add(m, v, -1);

    snprintf(c->text, LINE, "%.*s\r\n", LINE - 3, text);
}

static void add_mail(model *m, const transaction *a)
{
    const duva_mail *mail = a->mail;
    candidate *c = add(m, MAIL, -1);
    int n = snprintf(c->text, LINE, "MAIL FROM:<%s>", mail->from);

    if (m->bits & DUVA_CAP_SIZE && mail->size > 0)
        n += snprintf(c->text + n, LINE - (size_t)n, " SIZE=%llu",
                      (unsigned long long)mail->size);
    if (mail->flags & DUVA_MAIL_BINARY)
        n += snprintf(c->text + n, LINE - (size_t)n, " BODY=BINARYMIME");
    else if (mail->flags & DUVA_MAIL_8BIT && m->bits & DUVA_CAP_8BITMIME)
        n += snprintf(c->text + n, LINE - (size_t)n, " BODY=8BITMIME");
    snprintf(c->text + n, LINE - (size_t)n, "\r\n");
}

/* RFC 5321 4.1.4: MAIL is legal when no transaction is open.  RFC 3030 2:
 * after a refused BDAT there must be RSET.  While the envelope before is
 * unanswered and its message went by BDAT, RSET is no harm (decision 0012). */
static void mail_or_rset(model *m, transaction *a)
{
    transaction *before = a > m->transaction ? a - 1 : NULL;
    int under_way = before && !before->over;

    if (!under_way) {
        if (m->open && !a->rset_said)
            add_text(m, RSET, "RSET");
        if (m->open != 1 || a->rset_said)
            add_mail(m, a);
        return;
    }
    if (before->chunking && !a->rset_said)
        add_text(m, RSET, "RSET");
    if (a->rset_said || !(before->chunking && before->refused))
        add_mail(m, a);
}

/* RFC 2920 3.1 lets DATA follow unanswered RCPTs.  But then the message goes
 * to whoever is accepted, which the policy must allow. */
int model_may_begin_message(const model *m, const transaction *a)
{
    int asked = 0, open = 0, accepted = 0, refused = 0;

    for (int i = 0; i < RCPTS; i++) {
        const recipient *p = &a->recipient[i];
        if (!p->asked)
            continue;
        asked++;
        if (!p->said)
            return 0;
        open += !p->heard;
        accepted += p->accepted;
        refused += p->heard && !p->accepted;
    }
    if (!a->mail_said || a->stopped)
        return 0;
    if (a->bdat_end)
        return 1; /* until a piece is refused */
    if (a->refused)
        return 0;
    if (open == 0 && a->mail_heard)
        return accepted > 0
               && (refused == 0 || a->mail->policy != DUVA_ALL_OR_NOTHING);
    if (!model_pipelining(m))
        return 0;
    return a->mail->policy == DUVA_WHOEVER_IS_ACCEPTED || asked == 1;
}

static void message_commands(model *m, transaction *a)
{
    if (!model_may_begin_message(m, a))
        return;
    if (!a->chunking) {
        if (!a->data_said)
            add_text(m, DATA, "DATA");
        return;
    }
    candidate *c = add(m, PIECE, -1);
    if (a->exact)
        snprintf(c->text, LINE, "BDAT %llu LAST\r\n",
                 (unsigned long long)a->mail->size);
    else
        c->any_length = 1;
}

static int against_policy(const transaction *a)
{
    int refused = 0;

    for (int i = 0; i < RCPTS; i++)
        refused += a->recipient[i].heard && !a->recipient[i].accepted;
    return refused && a->mail->policy == DUVA_ALL_OR_NOTHING;
}

static void transaction_commands(model *m, transaction *a)
{
    if (!model_pipelining(m) && model_unanswered(m, -1) > 0)
        return;
    if (!a->mail_said) {
        mail_or_rset(m, a);
        return;
    }
    if (a->trial && !a->mail_heard)
        return;
    for (int i = 0; i < RCPTS; i++) {
        recipient *p = &a->recipient[i];
        if (!p->asked || p->said)
            continue;
        if (!a->refused && !a->stopped && !against_policy(a))
            snprintf(add(m, RCPT, i)->text, LINE, "RCPT TO:<%s>\r\n",
                     a->mail->rcpt[i].addr);
        return;
    }
    message_commands(m, a);
}

/* Fills in m->next: what may be said now. */
static void commands(model *m)
{
    char text[LINE];
    const char *name = m->config->name;
    int lmtp = (m->config->options & DUVA_LMTP) != 0;
    transaction *a = model_last(m);

    m->next_count = 0;
    if (m->closed || model_unanswered(m, -1) > 0) {
        if (m->closed || (!m->auth_over && !m->leaving))
            return;
    }
    verb last = m->said[m->said_count - 1].verb;
    if (m->leaving) {
        if (last != QUIT)
            add_text(m, QUIT, "QUIT");
    } else if (last == GREETING) {
        snprintf(text, sizeof text, "%s %s", lmtp ? "LHLO" : "EHLO", name);
        add_text(m, HELLO, text);
    } else if (m->hello_refused && last == HELLO) {
        snprintf(text, sizeof text, "HELO %s", name);
        add_text(m, HELO, text);
    } else if (a && !a->over && !a->ended && !a->stopped) {
        transaction_commands(m, a);
    } else if (m->query[0] && model_unanswered(m, -1) == 0) {
        add_text(m, QUERY, m->query);
    } else if (m->quit_asked && last != QUIT
               && (model_pipelining(m) || model_unanswered(m, -1) == 0)) {
        add_text(m, QUIT, "QUIT");
    }
}

int model_has_command(model *m)
{
    transaction *a = model_last(m);

    if (m->closed || m->line_begin != m->judged)
        return 0;
    if (a && !a->over && a->begun)
        return a->message_said < a->message_len;
    commands(m);
    for (int i = 0; i < m->next_count; i++)
        if (m->next[i].verb == PIECE || m->next[i].verb == DATA)
            return 0; /* they may wait: for octets, for replies */
    return m->next_count > 0;
}

static command *put(model *m, verb v, int rcpt)
{
    if (m->said_count == SAID)
        abort();
    command *c = &m->said[m->said_count++];
    transaction *a = model_last(m);

    c->verb = v;
    c->transaction = a && v < QUERY ? (int)(a - m->transaction) : -1;
    c->rcpt = rcpt;
    c->end = m->judged;
    c->expected = 1;
    return c;
}

/* No more messages may be unanswered than the window has. */
static void end_of_message(model *m, transaction *a)
{
    int unanswered = 0;

    a->ended = 1;
    a->begun = 0;
    put(m, END, -1);
    for (int i = 0; i < m->said_count; i++)
        unanswered += m->said[i].verb == END && m->said[i].expected > 0;
    if (unanswered > 1 && (uint32_t)unanswered > m->config->window)
        model_wrong(m, "%d messages unanswered, the window is %u", unanswered,
                    (unsigned)m->config->window);
}

static void chunk_begins(model *m, transaction *a, const candidate *c)
{
    const char *line = (const char *)m->wire + m->line_begin;
    char *rest;

    a->chunk = strtoul(line + 5, &rest, 10);
    int last = *rest == ' ';
    a->pieces += a->chunk;
    a->begun = 1;
    a->data_said = last;
    if (!a->bdat_end)
        a->bdat_end = m->judged;
    if (c->any_length && a->pieces > a->message_len)
        model_wrong(m, "BDAT of octets that are not there yet");
    if (c->any_length && last && (!a->complete || a->pieces != a->message_len))
        model_wrong(m, "BDAT LAST, and this is not all of the message");
    if (a->chunk > 0)
        return;
    if (!a->complete)
        model_wrong(m, "BDAT 0 before the end of the source");
    if (last) {
        end_of_message(m, a);
    } else {
        put(m, PIECE, -1);
        a->begun = 0;
    }
}

static int matches(const model *m, const candidate *c)
{
    size_t len = m->judged - m->line_begin;
    const char *line = (const char *)m->wire + m->line_begin;

    if (!c->any_length)
        return len <= strlen(c->text) && memcmp(c->text, line, len) == 0;

    char text[LINE];
    size_t i = 5;
    if (len <= 5)
        return memcmp("BDAT ", line, len) == 0;
    memcpy(text, "BDAT ", 5);
    while (i < len && i < 20 && line[i] >= '0' && line[i] <= '9') {
        text[i] = line[i];
        i++;
    }
    strcpy(text + i, i < len && line[i] == ' ' ? " LAST\r\n" : "\r\n");
    return len <= strlen(text) && memcmp(text, line, len) == 0;
}

static void line_over(model *m, const candidate *c)
{
    transaction *a = model_last(m);

    m->line_begin = m->judged;
    if (c->verb != PIECE)
        put(m, c->verb, c->rcpt);
    switch (c->verb) {
    case RSET:
        a->rset_said = 1;
        break;
    case MAIL:
        a->mail_said = 1;
        break;
    case RCPT:
        a->recipient[c->rcpt].said = 1;
        break;
    case DATA:
        a->data_said = 1;
        break;
    default:
        break;
    }
}

static void message_octet(model *m, transaction *a, uint8_t octet)
{
    m->judged++;
    m->line_begin = m->judged;
    if (a->message_said >= a->message_len) {
        model_wrong(m, "an octet of the message that the source has not given");
        return;
    }
    if (a->message[a->message_said++] != octet) {
        model_wrong(m, "octet %zu of the message is 0x%02X, must be 0x%02X",
                    a->message_said, octet, a->message[a->message_said - 1]);
        return;
    }
    if (!a->chunking) {
        if (a->complete && a->message_said == a->message_len)
            end_of_message(m, a);
        return;
    }
    if (--a->chunk > 0)
        return;
    if (a->exact && !a->complete)
        model_wrong(m, "the last octet is out before the source's end");
    if (a->data_said) {
        end_of_message(m, a);
    } else {
        put(m, PIECE, -1);
        a->begun = 0;
    }
}

/* Is a command of this mail said before the last mail is over? */
static void before_its_turn(model *m)
{
    transaction *a = model_last(m);

    if (!a || a->mail_said || a->ahead)
        return;
    for (const transaction *b = m->transaction; b < a; b++)
        a->ahead |= !b->over;
    a->trial = a->ahead && m->overlap == DUVA_OVERLAP_UNTRIED;
}

static void command_octet(model *m)
{
    if (m->line_begin == m->judged) {
        commands(m);
        before_its_turn(m);
    }
    m->judged++;

    candidate *found = NULL;
    int kept = 0;
    for (int i = 0; i < m->next_count; i++)
        if (matches(m, &m->next[i]))
            m->next[kept++] = m->next[i];
    if (kept == 0) {
        model_wrong(m, "said \"%.*s\": %s", (int)(m->judged - m->line_begin),
                    (const char *)m->wire + m->line_begin,
                    m->next_count ? m->next[0].text : "nothing may be said");
        return;
    }
    m->next_count = kept;
    found = &m->next[0];
    if (m->wire[m->judged - 1] != '\n')
        return;

    size_t begin = m->line_begin;
    candidate done = *found;
    line_over(m, &done);
    if (done.verb == PIECE) {
        m->line_begin = begin;
        chunk_begins(m, model_last(m), &done);
        m->line_begin = m->judged;
    }
}

static void judge(model *m)
{
    while (m->judged < m->wire_len && !m->wrong[0]) {
        transaction *a = model_last(m);
        if (a && !a->over && a->begun)
            message_octet(m, a, m->wire[m->judged]);
        else
            command_octet(m);
    }
}

void model_look(model *m, const uint8_t *pending, size_t len)
{
    size_t known = m->wire_len - m->taken;

    if (m->closed || m->wrong[0])
        return;
    if (len < known || memcmp(m->wire + m->taken, pending, known) != 0) {
        model_wrong(m, "octets that were shown have changed");
        return;
    }
    if (m->taken + len > WIRE)
        abort();
    memcpy(m->wire + m->taken, pending, len);
    m->wire_len = m->taken + len;
    judge(m);
}

void model_taken(model *m, size_t len)
{
    m->taken += len;
}

void model_directed(model *m, const uint8_t *data, size_t len)
{
    transaction *a = model_last(m);

    if (m->taken != m->wire_len)
        model_wrong(m, "octets may pass those that are pending");
    memcpy(a->message + a->message_len, data, len);
    a->message_len += len;
    if (a->message_len == a->mail->size)
        a->complete = 1;
    memcpy(m->wire + m->wire_len, data, len);
    m->wire_len += len;
    m->taken += len;
    judge(m);
}
