/* server_reply.c - the replies of the server, and how a fault changes them. */
/* SPDX-License-Identifier: MIT */
#include "server_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put(struct octets *o, const char *data, size_t len)
{
    if (len == 0)
        return;
    if (o->len + len > o->room) {
        o->room = 2 * (o->len + len) + 512;
        o->data = realloc(o->data, o->room);
        if (o->data == NULL)
            abort();
    }
    memcpy(o->data + o->len, data, len);
    o->len += len;
}

void server_feed(struct server *s, const void *data, size_t len)
{
    put(&s->in, data, len);
    s->idle = 0;
}

/* ---- faults ---- */

const struct treatment *fault_at(const struct server *s, enum fault_stage at)
{
    const struct treatment *t = at < AT_MAIL || at == AT_QUIT ? &s->start
                                                              : &s->now;

    if (t->stage != at)
        return NULL;
    if (at == AT_RCPT && s->seen != 1u + t->at % 2)
        return NULL;
    if (at == AT_DATA && s->chunks > 0 && s->chunks != 1u + t->at % 3)
        return NULL;
    return t;
}

unsigned fault_code(const struct server *s, enum fault_stage at)
{
    const struct treatment *t = fault_at(s, at);

    return t != NULL && t->kind == DO_REPLY ? t->code : 0;
}

int waits(struct server *s, enum fault_stage at)
{
    const struct treatment *t = fault_at(s, at);

    if (t == NULL || t->kind != DO_SILENCE || s->paused)
        return 0;
    s->paused = 1;
    s->pause = s->time + t->ms;
    return 1;
}

void hang_up(struct server *s, const struct treatment *t)
{
    s->closing = t->reset ? CLOSE_RST : CLOSE_FIN;
    if (t->reset)
        s->out.len = 0;
}

/* ---- replies ---- */

/* Lines of words are parted by LF. */
static size_t format(const struct server *s, char *to, size_t room,
                     unsigned code, const char *words)
{
    const int   more = s->profile->multiline;
    char        status[8] = "";
    const char *lf;
    size_t      n = 0;

    if ((s->advertised & HAS_ENHANCED) && code / 100 != 3)
        sprintf(status, "%u.0.0 ", code / 100 % 10);
    if (more)
        n = (size_t)sprintf(to, "%u-%sfirst\r\n%u-\r\n", code, status, code);
    for (; (lf = strchr(words, '\n')) != NULL; words = lf + 1)
        n += (size_t)snprintf(to + n, room - n, "%u-%s%.*s\r\n", code, status,
                              (int)(lf - words), words);
    return n
           + (size_t)snprintf(to + n, room - n, "%u %s%s\r\n", code, status,
                              words);
}

static void put_out(struct server *s, const char *text, size_t len)
{
    put(&s->out, text, len);
    if (s->witness->trace != NULL)
        s->witness->trace(s->witness->ctx, 'S', text, len);
}

void say(struct server *s, unsigned code, const char *words)
{
    char text[1200];

    put_out(s, text, format(s, text, sizeof(text), code, words));
    if (code == 421)
        s->closing = CLOSE_FIN;
}

/* No reply of RFC 5321, whatever the command was.  The connection ends behind
 * the first: another reply would be its last line. */
void say_junk(struct server *s, const struct treatment *t)
{
    static const char *const junk[] = {
        "250-no end\r\n", "xyz\r\n", "25\r\n", "250ok\r\n", "999 no\r\n",
        "250-a\r\n251 b\r\n", "2500 ok\r\n", "\r\n", " 250 ok\r\n",
        "250 ok\n", "150 wait\r\n", "220-a\r\n\r\n", "354\n", "050 ok\r\n"
    };
    const unsigned kinds = sizeof(junk) / sizeof(junk[0]);
    const unsigned kind = t->junk % (kinds + 1);
    unsigned       i;

    if (kind < kinds)
        put_out(s, junk[kind], strlen(junk[kind]));
    for (i = 0; kind == kinds && i < 60; i++)
        put_out(s, "2507890123456789012345678901234567890123456789", 46);
    if (t->at & 1)
        hang_up(s, t);
    else if (kind == 0)
        s->closing = CLOSE_FIN;
}

/* Nobody can know a reply too many from the one to a message that is on its
 * way; but where it takes the place of an earlier one, it shows. */
static int is_told_apart(const struct server *s, enum fault_stage at)
{
    return at != AT_RCPT && at != AT_DATA
           && !(at == AT_END && s->profile->lmtp);
}

/* The reply, less what is cut off, and what comes behind it. */
void answer(struct server *s, enum fault_stage at, unsigned code,
            const char *words)
{
    const struct treatment *t = fault_at(s, at);
    char                    text[1200];
    const size_t            len = format(s, text, sizeof(text), code, words);

    switch (t != NULL ? t->kind : DO_REPLY) {
    case DO_HANG_UP:
        hang_up(s, t);
        return;
    case DO_CUT_REPLY:
        put_out(s, text, t->at % len);
        s->closing = CLOSE_FIN;
        return;
    case DO_JUNK:
        say_junk(s, t);
        return;
    default:
        put_out(s, text, len);
    }
    if (code == 421)
        s->closing = CLOSE_FIN;
    if (t == NULL)
        return;
    if (t->kind == DO_LATE_REPLY)
        s->pause = s->time + t->ms;
    if (t->kind == DO_STRAY && is_told_apart(s, at))
        say(s, 250, "stray");
    if (t->kind == DO_HANG_UP_AFTER || t->kind == DO_STRAY)
        s->closing = CLOSE_FIN;
}

/* ---- what leaves ---- */

size_t server_take(struct server *s, int64_t now, char *buf, size_t len)
{
    const unsigned pace = s->profile->pace;
    size_t         n = s->out.len < len ? s->out.len : len;

    if (n == 0 || now < s->pause || now < s->stall
        || (pace == PACE_JOINED && !s->idle && !s->closing))
        return 0;
    if (s->alone && s->in.len > 0)
        violation(s, "octets before the reply to", s->after);
    s->alone = 0;
    if (pace == PACE_OCTETS)
        n = 1;
    if (pace == PACE_PIECES)
        n = 1 + random_below(&s->random, (uint32_t)n);
    memcpy(buf, s->out.data, n);
    memmove(s->out.data, s->out.data + n, s->out.len - n);
    s->out.len -= n;
    s->idle = 0;
    if (s->out.len > 0 && pace >= PACE_PIECES)
        s->stall = now + 1;
    return n;
}

int64_t server_wakes(const struct server *s, int64_t now)
{
    if (now < s->pause)
        return s->pause;
    if (now < s->stall && s->out.len > 0)
        return s->stall;
    return -1;
}
