/* server.c - one connection: what is read, and when. */
/* SPDX-License-Identifier: MIT */
#include "server_inner.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_MAX = 1000 };

void server_open(struct server *s, const struct profile *p,
                 const struct witness *w, const struct treatment *start,
                 uint64_t seed)
{
    memset(s, 0, sizeof(*s));
    s->profile = p;
    s->witness = w;
    s->start = *start;
    s->random = random_of(seed, 77);
    s->sum = SUM_BEGIN;
    expect_alone(s, "the greeting");
    s->mode = MODE_GREETING;
}

void server_free(struct server *s)
{
    free(s->in.data);
    free(s->out.data);
}

static void greeting(struct server *s)
{
    const unsigned code = fault_code(s, AT_CONNECT);

    if (waits(s, AT_CONNECT))
        return;
    s->mode = MODE_COMMAND;
    if (code >= 500)
        s->witness->session_refused(s->witness->ctx);
    answer(s, AT_CONNECT, code != 0 ? code : 220, "soak.example");
}

/* Commands that may be followed at once have to be of a server that says so;
 * what follows BDAT is its message. */
static void check_order(struct server *s, const char *line, size_t behind)
{
    if (!(s->advertised & HAS_PIPELINING) && behind > 0
        && strncmp(line, "BDAT", 4) != 0)
        violation(s, "pipelined", line);
}

/* Removes a line.  0: there is none. */
static int read_line(struct server *s)
{
    const char *lf = s->in.len > 0 ? memchr(s->in.data, '\n', s->in.len) : NULL;
    char        line[LINE_MAX + 1];
    size_t      len, text;

    if (lf == NULL)
        return 0;
    len = (size_t)(lf - s->in.data) + 1;
    text = len - 1;
    if (len < 2 || lf[-1] != '\r')
        violation(s, "bare LF", "in a command");
    else
        text--;
    if (text > LINE_MAX) {
        violation(s, "long line", "in a command");
        text = LINE_MAX;
    }
    memcpy(line, s->in.data, text);
    line[text] = '\0';
    if (s->refuse > 0) {
        s->refuse -= len < s->refuse ? len : s->refuse;
        consume(s, len);
        say(s, s->profile->tail == TAIL_503 ? 503 : 500, "out of order");
        return 1;
    }
    if (!command(s, line))
        return 1;
    consume(s, len);
    s->dropped = 0;
    check_order(s, line, s->in.len);
    return 1;
}

int server_work(struct server *s, int64_t now)
{
    int worked;

    s->time = now;
    if (s->closing || s->mode == MODE_TLS || now < s->pause) {
        s->idle = 1;
        return 0;
    }
    switch (s->mode) {
    case MODE_GREETING:
        greeting(s);
        return 1;
    case MODE_DATA:
        worked = read_data(s);
        break;
    case MODE_CHUNK:
        worked = read_chunk(s);
        break;
    default:
        worked = read_line(s);
    }
    s->idle = !worked;
    return worked;
}

int server_wants_tls(const struct server *s)
{
    return s->mode == MODE_TLS && s->out.len == 0;
}

void server_secured(struct server *s)
{
    if (s->mode == MODE_TLS)   /* else TLS was there before the greeting */
        s->mode = MODE_COMMAND;
    s->tls = 1;
}
