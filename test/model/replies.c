/* replies.c - reads replies as RFC 5321 4.2 has them, octet by octet. */
/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void capability(model *m, const char *line)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } known[] = { { "PIPELINING", DUVA_CAP_PIPELINING },
                  { "SIZE", DUVA_CAP_SIZE },
                  { "8BITMIME", DUVA_CAP_8BITMIME },
                  { "CHUNKING", DUVA_CAP_CHUNKING },
                  { "BINARYMIME", DUVA_CAP_BINARYMIME },
                  { "LIMITS", DUVA_CAP_LIMITS } };
    size_t len = strcspn(line, " ");
    const char *p;

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].name) == len
            && strncasecmp(line, known[i].name, len) == 0)
            m->bits |= known[i].bit;
    if (strncasecmp(line, "SIZE ", 5) == 0)
        m->size_max = (uint32_t)strtoul(line + 5, NULL, 10);
    if ((p = strstr(line, "RCPTMAX=")) != NULL)
        m->rcpt_max = (uint32_t)strtoul(p + 8, NULL, 10);
    if ((p = strstr(line, "RCPTDOMAINMAX=")) != NULL)
        m->domain_max = (uint32_t)strtoul(p + 14, NULL, 10);
}

static void hello(model *m)
{
    char *line = m->lines;
    int first = 1;

    m->bits = m->size_max = m->rcpt_max = m->domain_max = 0;
    m->lines[m->lines_len] = 0;
    while (*line) {
        char *end = strstr(line, "\r\n");
        *end = 0;
        if (m->said[m->said_count - 1].verb == HELLO)
            m->bits |= DUVA_CAP_EHLO;
        if (!first && strlen(line) > 4)
            capability(m, line + 4);
        first = 0;
        line = end + 2;
    }
}

/* RFC 3463 2: class, subject and detail, and the class must fit the code.
 * Returns its length with the space behind it, or 0. */
static size_t enhanced_code(const char *text, unsigned code, uint16_t out[3])
{
    int n = 0;
    unsigned a, b, c;

    out[0] = out[1] = out[2] = 0;
    if (sscanf(text, "%1u.%3u.%3u%n", &a, &b, &c, &n) < 3 || n == 0)
        return 0;
    if ((text[n] != ' ' && text[n] != '\r') || a != code / 100)
        return 0;
    out[0] = (uint16_t)a;
    out[1] = (uint16_t)b;
    out[2] = (uint16_t)c;
    return (size_t)n + (text[n] == ' ');
}

/* The words, without the codes, lines parted by LF. */
static answer read_answer(const model *m)
{
    answer reply = { .status.code = (uint16_t)m->code };
    const char *line = m->lines;
    size_t n = 0, all = 0;

    while (*line) {
        const char *end = strstr(line, "\r\n");
        const char *whole = line + 3 + (line[3] != '\r');
        uint16_t each[3];
        uint16_t *codes = line == m->lines ? reply.status.enhanced : each;
        const char *text = whole + enhanced_code(whole, m->code, codes);
        if (line != m->lines && all + 1 < TEXT)
            reply.text[n++] = reply.whole[all++] = '\n';
        for (; whole < end && all + 1 < TEXT; whole++) {
            reply.whole[all++] = *whole;
            if (whole >= text)
                reply.text[n++] = *whole;
        }
        line = end + 2;
    }
    return reply;
}

static void complete(model *m)
{
    const command *last = &m->said[m->said_count - 1];

    m->lines[m->lines_len] = 0;
    answer reply = read_answer(m);
    if (last->verb == HELLO && m->code / 100 == 2 && model_due(m))
        hello(m);
    m->lines_len = m->line = 0;
    m->two_codes = 0;
    model_answer(m, m->code, reply);
}

static void bad(model *m, duva_reason reason)
{
    m->lines_len = m->line = 0;
    m->two_codes = 0;
    model_abort(m, DUVA_ERR_PROTOCOL, reason);
}

static void octet(model *m, uint8_t c)
{
    if (m->lines_len + 2 >= sizeof m->lines)
        abort();
    m->lines[m->lines_len++] = (char)c;

    const char *line = m->lines + m->line;
    size_t column = m->lines_len - m->line; /* with this octet */
    if (column <= 3) {
        if (!isdigit(c) || (column == 1 && (c < '2' || c > '5'))) {
            bad(m, DUVA_REASON_REPLY_SYNTAX);
            return;
        }
        if (column < 3)
            return;
        unsigned code = (unsigned)(line[0] - '0') * 100
                        + (unsigned)(line[1] - '0') * 10
                        + (unsigned)(line[2] - '0');
        if (m->line == 0)
            m->code = code;
        else if (m->code != code)
            m->two_codes = 1;
        return;
    }
    if (column == 4 && c != ' ' && c != '-' && c != '\r') {
        bad(m, DUVA_REASON_REPLY_SYNTAX);
        return;
    }
    if (column == 4 && m->two_codes) {
        bad(m, DUVA_REASON_REPLY_CODES);
        return;
    }
    if (c != '\n')
        return;
    if (line[column - 2] != '\r') {
        bad(m, DUVA_REASON_REPLY_SYNTAX);
        return;
    }
    if (line[3] == '-')
        m->line = m->lines_len;
    else
        complete(m);
}

void model_feed(model *m, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len && !m->closed; i++)
        octet(m, data[i]);
}
