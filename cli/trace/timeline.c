/* timeline.c - the conversation, piece by piece, into where the time went. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <string.h>
#include <time.h>

#include "trace/timeline.h"

int64_t cli_timeline_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

const char *cli_step_name(enum cli_step step)
{
    static const char *const name[] = {
        "DNS", "connect", "proxy", "getting ready", "greeting", "EHLO",
        "STARTTLS", "TLS", "AUTH", "RSET", "MAIL", "RCPT", "DATA", "message",
        "end of message", "QUIT", "other"
    };

    return name[step];
}

void cli_timeline_start(struct cli_timeline *t)
{
    memset(t, 0, sizeof(*t));
    t->start = t->mark = cli_timeline_now();
}

/* ---- spans ---- */

static void add(struct cli_timeline *t, unsigned step, int64_t when,
                uint16_t code)
{
    struct cli_span *s = t->spans > 0 ? &t->span[t->spans - 1] : NULL;
    const int full = t->spans == CLI_SPANS;

    if (s == NULL || (s->step != step && !full)) {
        s = &t->span[t->spans++];
        s->step = (uint8_t)step;
        s->from = t->mark - t->start;
    } else if (s->step != step) {
        s->step = CLI_STEP_OTHER;
    }
    s->to = when - t->start;
    s->code = code;
    s->count++;
    t->mark = when;
}

void cli_timeline_mark_at(struct cli_timeline *t, enum cli_step step,
                          int64_t when)
{
    add(t, step, when, 0);
}

void cli_timeline_mark(struct cli_timeline *t, enum cli_step step)
{
    add(t, step, cli_timeline_now(), 0);
}

/* ---- what was asked, in its order ---- */

static void ask(struct cli_timeline *t, unsigned step)
{
    const size_t last = (t->first + t->waiting + CLI_ASKED - 1) % CLI_ASKED;

    if (t->waiting == 0
        || (t->asked[last].step != step && t->waiting < CLI_ASKED)) {
        const size_t next = (t->first + t->waiting++) % CLI_ASKED;

        t->asked[next].step = (uint8_t)step;
        t->asked[next].count = 1;
    } else {
        t->asked[last].count++;
    }
}

static unsigned answered(struct cli_timeline *t)
{
    const size_t first = t->first;

    if (t->waiting == 0)
        return CLI_STEP_OTHER;
    if (--t->asked[first].count == 0) {
        t->first = (first + 1) % CLI_ASKED;
        t->waiting--;
    }
    return t->asked[first].step;
}

int cli_timeline_is_quiet(const struct cli_timeline *t)
{
    return t->waiting == 0;
}

/* ---- lines ---- */

static unsigned step_of(const struct cli_timeline *t)
{
    static const struct {
        char verb[6];
        uint8_t step;
    } known[] = {
        { "EHLO", CLI_STEP_EHLO }, { "HELO", CLI_STEP_EHLO },
        { "START", CLI_STEP_STARTTLS }, { "AUTH", CLI_STEP_AUTH },
        { "RSET", CLI_STEP_RSET }, { "MAIL", CLI_STEP_MAIL },
        { "RCPT", CLI_STEP_RCPT }, { "DATA", CLI_STEP_DATA },
        { "BDAT", CLI_STEP_END }, { "QUIT", CLI_STEP_QUIT }
    };
    size_t i;

    if (t->code == 334)        /* whatever it is, it goes on with that */
        return CLI_STEP_AUTH;
    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strncmp(t->command, known[i].verb, strlen(known[i].verb)) == 0)
            return known[i].step;
    return CLI_STEP_OTHER;
}

/* After 354 there is nothing to be heard of but the dot. */
static void take_command(struct cli_timeline *t)
{
    if (t->code == 354) {
        cli_timeline_mark(t, CLI_STEP_BODY);
        ask(t, CLI_STEP_END);
        t->code = 0;
    } else {
        ask(t, step_of(t));
    }
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : 0;
}

static void take_line(struct cli_timeline *t)
{
    if (t->heard > 3 && t->line[3] == '-')
        return;
    t->code = (uint16_t)(100 * digit(t->line[0]) + 10 * digit(t->line[1])
                         + digit(t->line[2]));
    add(t, answered(t), cli_timeline_now(), t->code);
}

static void keep(char *line, size_t size, size_t *len, char c)
{
    if (*len < size)
        line[(*len)++] = c;
}

static void begin(struct cli_timeline *t)
{
    t->first = t->waiting = t->said = t->heard = 0;
    t->code = 0;
    ask(t, CLI_STEP_GREETING);
}

void cli_timeline_piece(struct cli_timeline *t, char from, const char *text,
                        size_t len)
{
    if (from == 0)
        begin(t);
    for (; len > 0; text++, len--)
        if (from == 'C') {
            if (*text != '\n') {
                keep(t->command, sizeof(t->command) - 1, &t->said, *text);
                continue;
            }
            t->command[t->said] = '\0';
            take_command(t);
            t->said = 0;
        } else if (*text != '\n') {
            keep(t->line, sizeof(t->line), &t->heard, *text);
        } else {
            take_line(t);
            memset(t->line, 0, sizeof(t->line));
            t->heard = 0;
        }
}

void cli_timeline_end(struct cli_timeline *t)
{
    if (t->waiting > 0)
        cli_timeline_mark(t, (enum cli_step)t->asked[t->first].step);
    else if (t->code == 354)
        cli_timeline_mark(t, CLI_STEP_BODY);
    t->waiting = 0;
}
