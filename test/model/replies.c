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
    char *line = m->reply;
    int first = 1;

    m->bits = m->size_max = m->rcpt_max = m->domain_max = 0;
    m->reply[m->reply_len] = 0;
    while (*line) {
        char *end = strstr(line, "\r\n");
        *end = 0;
        if (!first && strlen(line) > 4)
            capability(m, line + 4);
        first = 0;
        line = end + 2;
    }
}

/* RFC 3463 2: class, subject and detail, and the class must fit the code. */
static void enhanced_code(const char *text, unsigned code, unsigned out[3])
{
    int n = 0;
    unsigned a, b, c;

    out[0] = out[1] = out[2] = 0;
    if (sscanf(text, "%1u.%3u.%3u%n", &a, &b, &c, &n) < 3 || n == 0)
        return;
    if (text[n] != ' ' && text[n] != '\r')
        return;
    if (a == code / 100) {
        out[0] = a;
        out[1] = b;
        out[2] = c;
    }
}

static void complete(model *m)
{
    unsigned enhanced[3] = { 0, 0, 0 };
    const command *last = &m->said[m->said_count - 1];

    m->reply[m->reply_len] = 0;
    if (strlen(m->reply) > 4)
        enhanced_code(m->reply + 4, m->code, enhanced);
    if (last->verb == HELLO && m->code / 100 == 2 && model_due(m))
        hello(m);
    m->reply_len = m->reply_line = 0;
    m->two_codes = 0;
    model_answer(m, m->code, enhanced);
}

static void bad(model *m, duva_reason reason)
{
    m->reply_len = m->reply_line = 0;
    m->two_codes = 0;
    model_abort(m, DUVA_ERR_PROTOCOL, reason);
}

static void octet(model *m, uint8_t c)
{
    if (m->reply_len + 2 >= sizeof m->reply)
        abort();
    m->reply[m->reply_len++] = (char)c;

    const char *line = m->reply + m->reply_line;
    size_t column = m->reply_len - m->reply_line; /* with this octet */
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
        if (m->reply_line == 0)
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
        m->reply_line = m->reply_len;
    else
        complete(m);
}

void model_feed(model *m, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len && !m->closed; i++)
        octet(m, data[i]);
}
