/* server.c - a server with random behaviour. */
/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void raw(server *s, const char *text)
{
    size_t len = strlen(text);

    if (s->hung_up)
        return;
    if (s->out_len + len > SERVER_OUT)
        abort();
    memcpy(s->out + s->out_len, text, len);
    s->out_len += len;
}

static void malformed(server *s)
{
    static const char *const bad[] = { "25",
                                       "ok\r\n",
                                       "250 a\n",
                                       "250-a\r\n2",
                                       "250-a\r\n251 b\r\n",
                                       "25x ok\r\n",
                                       "2500 ok\r\n",
                                       "650 a\r\n" };

    raw(s, bad[choose(s->choices, 8)]);
}

static void say(server *s, unsigned code)
{
    static const char *const enhanced[]
        = { "", "%u.1.2 ", "%u.0.0 ", "2.5.0 ", "%u.123.999 ", "%u.1 " };
    char text[64], line[128];
    unsigned lines = chance(s->choices, 12) ? 1 + choose(s->choices, 3) : 0;

    snprintf(text, sizeof text, enhanced[choose(s->choices, 6)], code / 100);
    for (unsigned i = 0; i < lines; i++) {
        snprintf(line, sizeof line, "%u-%sline %u\r\n", code, text, i);
        raw(s, line);
    }
    snprintf(line, sizeof line, "%u %sreply %u\r\n", code, text, ++s->replies);
    raw(s, line);
}

/* The usual code, or another; what was said is returned. */
static unsigned reply(server *s, unsigned usual)
{
    static const unsigned refusals[]
        = { 550, 450, 451, 452, 500, 502, 503, 530, 552, 554 };
    static const unsigned others[]
        = { 250, 421, 354, 251, 252, 220, 221, 235, 334, 299 };
    unsigned code = usual;

    if (chance(s->choices, s->trouble)) {
        unsigned way = choose(s->choices, 16);
        if (way == 15) {
            s->hung_up = 1;
            return 0;
        }
        if (way == 14) {
            malformed(s);
            return 0;
        }
        code = way > 11 ? others[choose(s->choices, 10)]
                        : refusals[choose(s->choices, 10)];
    }
    say(s, code);
    return code;
}

static int offers(server *s, const char *keyword, unsigned in)
{
    if (choose(s->choices, in) == 0)
        return 0;
    raw(s, "250-");
    raw(s, keyword);
    raw(s, "\r\n");
    return 1;
}

static void hello(server *s)
{
    static const char *const sizes[]
        = { "SIZE", "SIZE 0", "SIZE 100", "SIZE 100000" };
    static const char *const limits[]
        = { "LIMITS RCPTMAX=1", "LIMITS RCPTMAX=2", "LIMITS RCPTDOMAINMAX=1",
            "LIMITS RCPTMAX=4 RCPTDOMAINMAX=2" };

    if (chance(s->choices, s->trouble)) {
        reply(s, 500);
        return;
    }
    raw(s, "250-server.example\r\n");
    s->pipelining = offers(s, "PIPELINING", 6);
    s->chunking = offers(s, "CHUNKING", 3);
    offers(s, "BINARYMIME", 2);
    offers(s, "8BITMIME", 2);
    if (chance(s->choices, 3))
        offers(s, sizes[choose(s->choices, 4)], 4);
    if (chance(s->choices, 6))
        offers(s, limits[choose(s->choices, 4)], 4);
    raw(s, "250 HELP\r\n");
}

static void end(server *s)
{
    int replies = s->lmtp && s->accepted > 0 ? s->accepted : 1;

    for (int i = 0; i < replies; i++)
        if (s->accepted == 0 || s->failed)
            reply(s, 554);
        else
            reply(s, chance(s->choices, 16) ? 450 + 100 * choose(s->choices, 2)
                                            : 250);
    s->open = s->accepted = 0;
    s->ended = 1;
}

static void chunk_over(server *s)
{
    unsigned code;

    if (!s->last) {
        code = reply(s, s->open && !s->failed && s->accepted ? 250 : 503);
        if (code / 100 != 2)
            s->failed = 1;
        return;
    }
    int replies = s->lmtp && s->accepted > 0 ? s->accepted : 1;
    int good = 0;
    for (int i = 0; i < replies; i++) {
        code = reply(s, s->open && !s->failed && s->accepted ? 250 : 503);
        good += code / 100 == 2;
    }
    if (good > 0 || !s->keeps)
        s->open = s->failed = 0;
    else if (s->open)
        s->failed = 1;
    s->ended = 1;
    if (!s->open)
        s->accepted = 0;
}

static void bdat(server *s)
{
    char *rest;

    s->chunk = strtoul(s->line + 5, &rest, 10);
    s->last = strncmp(rest, " LAST", 5) == 0;
    if (s->chunk == 0)
        chunk_over(s);
}

static void mail(server *s)
{
    if (s->open && !s->nests) {
        reply(s, 503);
        return;
    }
    if (reply(s, 250) / 100 == 2) {
        s->open = 1;
        s->accepted = s->failed = 0;
    }
}

static void command(server *s)
{
    if (s->ended && s->behind == 2) {
        say(s, 503);
    } else if (strncmp(s->line, "EHLO", 4) == 0
               || strncmp(s->line, "LHLO", 4) == 0) {
        hello(s);
    } else if (strncmp(s->line, "RSET", 4) == 0) {
        if (reply(s, 250) == 250)
            s->open = s->accepted = s->failed = 0;
    } else if (strncmp(s->line, "MAIL", 4) == 0) {
        mail(s);
    } else if (strncmp(s->line, "RCPT", 4) == 0) {
        if (reply(s, s->open ? 250 : 503) / 100 == 2 && s->open)
            s->accepted++;
    } else if (strncmp(s->line, "DATA", 4) == 0) {
        unsigned usual = s->open && s->accepted ? 354 : 503;
        if (usual == 503 && chance(s->choices, 2) && !s->lmtp)
            usual = 354;
        s->in_data = reply(s, usual) / 100 == 3;
        memcpy(s->tail, "...\r\n", 5);
    } else if (strncmp(s->line, "BDAT", 4) == 0) {
        bdat(s);
    } else if (strncmp(s->line, "QUIT", 4) == 0) {
        reply(s, 221);
        s->hung_up = 1;
    } else if (strchr("HNV", s->line[0])) {
        reply(s, 250); /* HELO, HELP, NOOP, VRFY */
    } else {
        reply(s, 500);
    }
}

static void octet(server *s, uint8_t c)
{
    if (s->chunk > 0) {
        if (--s->chunk == 0)
            chunk_over(s);
        return;
    }
    if (s->in_data) {
        memmove(s->tail, s->tail + 1, 4);
        s->tail[4] = c;
        if (memcmp(s->tail, "\r\n.\r\n", 5) == 0) {
            s->in_data = 0;
            end(s);
        }
        return;
    }
    if (s->line_len + 1 == sizeof s->line)
        abort();
    s->line[s->line_len++] = (char)c;
    if (c != '\n')
        return;
    s->line[s->line_len] = 0;
    s->line_len = 0;
    command(s);
}

void server_init(server *s, choices *c, int lmtp)
{
    static const unsigned trouble[] = { 1000, 4, 12, 40 };

    memset(s, 0, offsetof(server, out));
    s->choices = c;
    s->lmtp = lmtp;
    s->out_len = s->out_pos = 0;
    s->trouble = trouble[choose(c, 4)];
    s->keeps = (int)choose(c, 2);
    s->nests = chance(c, 8);
    s->behind = chance(c, 6) ? 1 + (int)choose(c, 2) : 0;
}

void server_greets(server *s)
{
    if (chance(s->choices, 40))
        reply(s, 554);
    else
        say(s, 220);
}

void server_reads(server *s, const uint8_t *data, size_t len)
{
    s->ended = 0;
    for (size_t i = 0; i < len && !s->hung_up; i++) {
        if (s->ended && s->behind == 1)
            break;
        octet(s, data[i]);
    }
}

void server_acts(server *s)
{
    switch (choose(s->choices, 6)) {
    case 0:
        say(s, 421);
        break;
    case 1:
        s->hung_up = 1;
        break;
    case 2:
        malformed(s);
        break;
    case 3:
        say(s, 554);
        break;
    case 4:
        say(s, 452);
        break;
    default:
        say(s, 250);
    }
}
