/* server_message.c - messages by DATA and BDAT, and their ends. */
/* SPDX-License-Identifier: MIT */
#include "server_inner.h"

#include <string.h>

/* Most octets of a message that are read at a time. */
enum { PIECE = 700, LINE_MAX = 1002, ID_END = 6 + 8 };

void consume(struct server *s, size_t len)
{
    s->in.len -= len;
    memmove(s->in.data, s->in.data + len, s->in.len);
}

/* ---- storing ---- */

static void store(struct server *s, unsigned rcpts)
{
    const struct stored stored = { s->id, rcpts, s->sum, s->mixed };

    s->witness->stored(s->witness->ctx, &stored);
}

static void store_all(struct server *s)
{
    unsigned i, rcpts = 0;

    for (i = 0; i < s->takes; i++)
        rcpts |= 1u << s->order[i];
    store(s, rcpts);
}

/* Is the message lost together with the reply? */
static int is_lost(const struct treatment *t)
{
    return t != NULL && (t->kind == DO_HANG_UP || t->kind == DO_JUNK)
           && (t->at & 1);
}

/* LMTP: a reply for each recipient (RFC 2033 4.2).  The fault strikes one. */
static void end_for_each(struct server *s)
{
    const struct treatment *t = fault_at(s, AT_END);
    const unsigned          victim = s->now.at % s->takes;
    unsigned                i, code;

    for (i = 0; i < s->takes && !s->closing; i++) {
        const int is_struck = t != NULL && i == victim;

        code = is_struck ? fault_code(s, AT_END) : 0;
        if (code == 0)
            code = s->now.end[s->order[i]];
        note_cause(s, code, 1u << s->order[i]);
        if (code == 0 && !(is_struck && is_lost(t)))
            store(s, 1u << s->order[i]);
        answer(s, is_struck ? AT_END : AT_NOTHING, code != 0 ? code : 250,
               "recipient");
    }
}

static void end_for_all(struct server *s)
{
    const unsigned code = fault_code(s, AT_END);

    note_cause(s, code, CAUSE_MAIL);
    if (code == 0 && !is_lost(fault_at(s, AT_END)))
        store_all(s);
    answer(s, AT_END, code != 0 ? code : 250, "message");
}

/* What comes behind the reply to the end of data. */
static void after_end(struct server *s)
{
    const struct treatment *t = fault_at(s, AT_AFTER);

    if (t == NULL || s->closing)
        return;
    switch (t->kind) {
    case DO_REPLY:
        say(s, t->code, "closing");
        s->closing = CLOSE_FIN;
        break;
    case DO_JUNK:
        say_junk(s, t);
        break;
    case DO_SILENCE:
    case DO_LATE_REPLY:
        s->pause = s->time + t->ms;
        break;
    default:
        s->closing = t->kind == DO_HANG_UP && t->reset ? CLOSE_RST : CLOSE_FIN;
    }
}

/* What arrived behind the end of data, in the same read. */
static void look_behind(struct server *s)
{
    if (s->in.len > 0 && !(s->advertised & HAS_PIPELINING))
        violation(s, "pipelined", "behind the end of data");
    if (s->in.len == 0 || s->profile->tail == TAIL_READ)
        return;
    if (s->profile->tail != TAIL_DROP) {
        s->refuse = s->in.len;
        return;
    }
    s->dropped = s->in.data[s->in.len - 1] != '\n';
    s->in.len = 0;
}

static void finish(struct server *s)
{
    look_behind(s);
    if (s->takes == 0)
        say(s, 554, "no valid recipients");
    else if (s->profile->lmtp)
        end_for_each(s);
    else
        end_for_all(s);
    if (s->profile->slow_ms > 0 && s->pause <= s->time)
        s->pause = s->time + random_below(&s->random, s->profile->slow_ms);
    after_end(s);
    reset(s);
}

/* ---- reading ---- */

/* The fault in the middle of the message: 1 when it has struck. */
static int strikes(struct server *s)
{
    const struct treatment *t = fault_at(s, AT_BODY);

    if (t == NULL || s->octets < t->at || s->paused || !s->in_mail)
        return 0;
    s->paused = 1;
    switch (t->kind) {
    case DO_SILENCE:
    case DO_LATE_REPLY:
        s->pause = s->time + t->ms;
        break;
    case DO_REPLY:
        note_cause(s, t->code, CAUSE_MAIL);
        say(s, t->code, "stop");
        s->closing = CLOSE_FIN;
        break;
    case DO_JUNK:
        say_junk(s, t);
        s->closing = CLOSE_FIN;
        break;
    default:
        hang_up(s, t);
    }
    return 1;
}

/* Looks for the number of the mail in its message: "X-Id: 0000beef". */
static void look_for_id(struct server *s, const char *data, size_t len)
{
    static const char  field[] = "X-Id: ";
    static const char  digits[] = "0123456789abcdef";
    const char        *digit;

    for (; len > 0 && s->id_at < ID_END; len--, data++) {
        if (s->id_at < sizeof(field) - 1) {
            s->id_at = *data == field[s->id_at] ? s->id_at + 1
                                                : *data == field[0];
            continue;
        }
        digit = memchr(digits, *data, 16);
        s->id_at = digit != NULL ? s->id_at + 1 : 0;
        if (digit != NULL)
            s->id_seen = s->id_seen << 4 | (uint32_t)(digit - digits);
        if (s->id_at == ID_END)
            s->mixed += s->id_seen != s->id;
    }
}

static void take(struct server *s, const char *data, size_t len)
{
    look_for_id(s, data, len);
    s->sum = sum_add(s->sum, data, len);
    s->octets += len;
}

static int has_8bit(const char *data, size_t len)
{
    while (len > 0 && !(*data & 0x80)) {
        data++;
        len--;
    }
    return len > 0;
}

int read_data(struct server *s)
{
    const char *lf = s->in.len > 0 ? memchr(s->in.data, '\n', s->in.len) : NULL;
    size_t      len, dot;

    if (strikes(s))
        return 1;
    if (lf == NULL) {
        if (s->in.len > LINE_MAX + 1)
            violation(s, "long line", "in a message");
        return 0;
    }
    len = (size_t)(lf - s->in.data) + 1;
    if (len < 2 || lf[-1] != '\r' || memchr(s->in.data, '\r', len) != lf - 1)
        violation(s, "bare CR or LF", "in a message");
    if (len == 3 && s->in.data[0] == '.') {
        if (waits(s, AT_END))
            return 1;
        consume(s, len);
        s->mode = MODE_COMMAND;
        finish(s);
        return 1;
    }
    if (!(s->advertised & HAS_8BITMIME) && has_8bit(s->in.data, len))
        violation(s, "octet above 127", "in a message");
    dot = s->in.data[0] == '.';
    take(s, s->in.data + dot, len - dot);
    consume(s, len);
    return 1;
}

/* A failed chunk ends the transaction, or leaves it to RSET. */
static void fail_chunk(struct server *s)
{
    if (s->profile->keeps_failed
        && (!s->last_chunk || s->profile->keeps_failed_last))
        s->failed = 1;
    else
        reset(s);
}

/* All octets of a BDAT are here.  0: its reply has to wait. */
static int chunk_ends(struct server *s)
{
    unsigned code;

    if (!s->in_mail || s->failed) {
        s->mode = MODE_COMMAND;
        say(s, 503, "MAIL first");
        return 1;
    }
    if (waits(s, AT_DATA) || (s->last_chunk && waits(s, AT_END)))
        return 0;
    s->mode = MODE_COMMAND;
    code = s->takes == 0 ? 554 : fault_code(s, AT_DATA);
    if (s->takes > 0)
        note_cause(s, code, CAUSE_MAIL);
    if (code != 0) {
        fail_chunk(s);
        say(s, code, "chunk");
    } else if (s->last_chunk) {
        finish(s);
    } else {
        answer(s, AT_DATA, 250, "chunk");
    }
    return 1;
}

void chunk_begins(struct server *s, size_t len, int last)
{
    s->mode = MODE_CHUNK;
    s->chunk_left = len;
    s->last_chunk = (uint8_t)last;
    if (s->in_mail)
        s->chunks++;
}

int read_chunk(struct server *s)
{
    size_t len = s->chunk_left < s->in.len ? s->chunk_left : s->in.len;

    if (strikes(s))
        return 1;
    if (s->chunk_left == 0)
        return chunk_ends(s);
    if (len == 0)
        return 0;
    if (len > PIECE)
        len = PIECE;
    take(s, s->in.data, len);
    consume(s, len);
    s->chunk_left -= len;
    return 1;
}
