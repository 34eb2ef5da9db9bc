/* calls.c - what the caller may do, and what each call returns. */
/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int under_way(const model *m)
{
    int n = 0;

    for (int i = 0; i < m->transaction_count; i++)
        n += !m->transaction[i].over;
    return n;
}

int model_idle(const model *m)
{
    return !m->query[0] && m->auth_over && !m->closed && !m->quit_asked
           && under_way(m) == 0 && model_unanswered(m, -1) == 0;
}

/* Behind the end of a message, before its answer. */
static int behind_message(const model *m)
{
    const transaction *a = model_last((model *)m);

    return m->auth_over && !m->closed && !m->quit_asked && a && !a->over
           && a->ended && model_pipelining(m);
}

int model_may_start(const model *m)
{
    return model_idle(m)
           || (behind_message(m) && m->config->window > 0
               && (uint32_t)under_way(m) <= m->config->window
               && (m->overlap == DUVA_OVERLAP_SHOWN
                   || (m->overlap == DUVA_OVERLAP_UNTRIED && m->carried
                       && under_way(m) == 1
                       && !model_end_is_out(m, model_last((model *)m))
                       && !model_gone(model_last((model *)m)))));
}

int model_may_quit(const model *m)
{
    return model_idle(m)
           || (m->asked_auth && !m->auth_over && !m->closed && !m->quit_asked);
}

void model_query(model *m, const char *line)
{
    static const answer none;

    snprintf(m->query, LINE, "%s", line);
    m->query_reply = none;
}

int model_wants_body(const model *m)
{
    const transaction *a = model_last((model *)m);

    if (!a || m->closed || a->over || a->complete || a->ended)
        return 0;
    return a->begun || (a->chunking && model_may_begin_message(m, a));
}

static const char *domain(const char *address)
{
    const char *at = strrchr(address, '@');

    return at ? at : "";
}

/* LIMITS (RFC 9422): who is over what the server takes stays out. */
static int over_limits(const model *m, const duva_mail *mail, int *out)
{
    uint32_t rcpts = 0, domains = 0;
    int over = 0;

    for (size_t i = 0; i < mail->rcpt_count; i++) {
        out[i] = 0;
        if (mail->rcpt[i].verdict != DUVA_PENDING
            && mail->rcpt[i].verdict != DUVA_RETRY)
            continue;
        int new_domain = 1;
        for (size_t k = 0; k < i; k++)
            if (!out[k]
                && (mail->rcpt[k].verdict == DUVA_PENDING
                    || mail->rcpt[k].verdict == DUVA_RETRY)
                && strcmp(domain(mail->rcpt[k].addr),
                          domain(mail->rcpt[i].addr))
                       == 0)
                new_domain = 0;
        if ((m->rcpt_max && rcpts >= m->rcpt_max)
            || (m->domain_max && new_domain && domains >= m->domain_max)) {
            out[i] = 1;
            over++;
            continue;
        }
        rcpts++;
        domains += (uint32_t)new_domain;
    }
    return over;
}

static int chunking(const model *m)
{
    return m->bits & DUVA_CAP_CHUNKING
           && !(m->config->options & (DUVA_NO_CHUNKING | DUVA_LMTP));
}

/* Which errors may duva_mail_start() return?  1: err is right. */
static int start_error(model *m, const duva_mail *mail, int err, int over)
{
    int undecided = 0, refused = 0;

    for (size_t i = 0; i < mail->rcpt_count; i++)
        refused += mail->rcpt[i].verdict == DUVA_REFUSED;
    for (size_t i = 0; i < mail->rcpt_count; i++)
        undecided += mail->rcpt[i].verdict == DUVA_PENDING
                     || mail->rcpt[i].verdict == DUVA_RETRY;
    if (undecided == 0 || (refused && mail->policy == DUVA_ALL_OR_NOTHING))
        return err == DUVA_ERR_ARG;
    int too_big = m->size_max && mail->size > m->size_max;
    int lacks = (mail->flags & DUVA_MAIL_BINARY
                 && !(chunking(m) && m->bits & DUVA_CAP_BINARYMIME))
                || (mail->flags & DUVA_MAIL_8BIT
                    && !(m->bits & DUVA_CAP_8BITMIME));
    int limits = over && mail->policy == DUVA_ALL_OR_NOTHING;
    if (too_big || lacks || limits)
        return err == DUVA_ERR_UNSUPPORTED;
    return err == DUVA_OK;
}

/* The engine is asked first; err is its answer.  The recipients' verdicts are
 * those of before. */
int model_start(model *m, duva_mail *mail, int err)
{
    int out[RCPTS];
    static const answer none;
    int over = over_limits(m, mail, out);

    if (!start_error(m, mail, err, over)) {
        model_wrong(m, "duva_mail_start() returned %d", err);
        return 0;
    }
    if (err != DUVA_OK)
        return 0;
    if (m->transaction_count == TRANSACTIONS)
        abort();
    transaction *a = &m->transaction[m->transaction_count++];
    memset(a, 0, sizeof *a);
    a->mail = mail;
    a->exact = (mail->flags & DUVA_MAIL_EXACT) != 0;
    a->chunking
        = chunking(m) && mail->flags & (DUVA_MAIL_EXACT | DUVA_MAIL_BINARY);
    a->ascii = !(m->bits & DUVA_CAP_8BITMIME)
               && !(mail->flags & DUVA_MAIL_BINARY);
    a->raw = a->chunking && !a->ascii
             && mail->flags & (DUVA_MAIL_AS_IS | DUVA_MAIL_BINARY);
    a->line = 1;
    for (size_t i = 0; i < mail->rcpt_count; i++) {
        recipient *p = &a->recipient[i];
        p->asked = !out[i]
                   && (mail->rcpt[i].verdict == DUVA_PENDING
                       || mail->rcpt[i].verdict == DUVA_RETRY);
        p->verdict = p->asked ? DUVA_PENDING : mail->rcpt[i].verdict;
        p->reply.status = mail->rcpt[i].status;
        if (mail->rcpt[i].text_size > 0)
            snprintf(p->reply.text, TEXT, "%s", mail->rcpt[i].text);
        if (p->asked)
            p->reply = none;
        p->left_out = out[i];
        if (out[i]) {
            p->verdict = DUVA_RETRY;
            p->reply = none;
        }
    }
    return 1;
}

/* The session ends, and with it the mails under way. */
static duva_err unfit(model *m, transaction *a, duva_reason reason)
{
    model_abort(m, DUVA_ERR_BODY, reason);
    for (int i = 0; i < m->transaction_count; i++)
        if (m->transaction[i].err == DUVA_ERR_BODY) {
            m->transaction[i].where = (uint32_t)a->line;
            m->transaction[i].or_reason = a->or_reason;
        }
    if (a->err != DUVA_ERR_BODY)
        return DUVA_ERR_BODY; /* refused before */
    a->verdict = DUVA_REFUSED;
    for (int i = 0; i < RCPTS; i++)
        if (a->recipient[i].by_mail)
            a->recipient[i].verdict = DUVA_REFUSED;
    return DUVA_ERR_BODY;
}

static void put(transaction *a, uint8_t c)
{
    if (a->message_len == MESSAGE)
        abort();
    a->message[a->message_len++] = c;
}

static void line_end(transaction *a)
{
    put(a, '\r');
    put(a, '\n');
    a->line++;
    a->column = 0;
    a->after_cr = 0;
}

static duva_reason text_octet(transaction *a, uint8_t c)
{
    if (a->after_cr && c != '\n')
        return DUVA_REASON_LONE_CR;
    if (c == '\n') {
        line_end(a);
        return DUVA_REASON_NONE;
    }
    if (c == '\r') {
        a->after_cr = 1;
        return DUVA_REASON_NONE;
    }
    if (c == 0)
        return DUVA_REASON_NUL;
    if (c >= 0x80 && a->ascii)
        return DUVA_REASON_NOT_ASCII; /* RFC 6152 3 */
    if (a->column == 998)
        return DUVA_REASON_LINE_LONG;
    if (a->column == 0 && c == '.' && !a->chunking)
        put(a, '.');
    put(a, c);
    a->column++;
    return DUVA_REASON_NONE;
}

static int too_long(const transaction *a)
{
    return a->chunking && a->exact && a->message_len > a->mail->size;
}

duva_err model_filled(model *m, const uint8_t *data, size_t len)
{
    transaction *a = model_last(m);

    for (size_t i = 0; i < len; i++) {
        duva_reason reason = DUVA_REASON_NONE;
        if (a->raw)
            put(a, data[i]);
        else
            reason = text_octet(a, data[i]);
        if (reason) {
            if (a->chunking && a->exact)
                a->or_reason = DUVA_REASON_SIZE;
            return unfit(m, a, reason);
        }
    }
    return too_long(a) ? unfit(m, a, DUVA_REASON_SIZE) : DUVA_OK;
}

duva_err model_body_end(model *m)
{
    transaction *a = model_last(m);

    size_t line = a->line;

    if (a->after_cr) {
        a->or_reason
            = a->chunking && a->exact ? DUVA_REASON_SIZE : DUVA_REASON_NONE;
        return unfit(m, a, DUVA_REASON_LONE_CR);
    }
    if (!a->raw && a->column > 0)
        line_end(a);
    if (a->chunking && a->exact && a->message_len != a->mail->size) {
        a->line = line;
        return unfit(m, a, DUVA_REASON_SIZE);
    }
    a->complete = 1;
    if (!a->chunking) {
        put(a, '.');
        put(a, '\r');
        put(a, '\n');
    }
    return DUVA_OK;
}
