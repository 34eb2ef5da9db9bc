/* timeline.c - the events of the engine into where the time went. */
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

/* ---- the conversation ---- */

static const uint8_t step_of_stage[DUVA_STAGES] = {
    [DUVA_STAGE_CONNECT] = CLI_STEP_OTHER, [DUVA_STAGE_TLS] = CLI_STEP_OTHER,
    [DUVA_STAGE_GREETING] = CLI_STEP_GREETING,
    [DUVA_STAGE_EHLO] = CLI_STEP_EHLO,
    [DUVA_STAGE_STARTTLS] = CLI_STEP_STARTTLS,
    [DUVA_STAGE_AUTH] = CLI_STEP_AUTH, [DUVA_STAGE_IDLE] = CLI_STEP_OTHER,
    [DUVA_STAGE_RSET] = CLI_STEP_RSET, [DUVA_STAGE_MAIL] = CLI_STEP_MAIL,
    [DUVA_STAGE_RCPT] = CLI_STEP_RCPT, [DUVA_STAGE_DATA] = CLI_STEP_DATA,
    [DUVA_STAGE_BODY] = CLI_STEP_END, /* BDAT: its reply is that to the end */
    [DUVA_STAGE_END] = CLI_STEP_END, [DUVA_STAGE_QUIT] = CLI_STEP_QUIT
};

static void hear_command(struct cli_timeline *t, const duva_trace_event *event)
{
    if (event->stage == DUVA_STAGE_TLS)
        cli_timeline_mark(t, CLI_STEP_TLS);
    if (!event->ends)
        return;
    if (t->in_message)
        cli_timeline_mark(t, CLI_STEP_BODY);
    t->in_message = 0;
    t->waiting[step_of_stage[event->stage]]++;
}

/* A line that is not of a reply counts as one. */
static void hear_reply(struct cli_timeline *t, const duva_trace_event *event)
{
    unsigned step = step_of_stage[event->stage];

    if (!event->ends || (!event->last && event->code != 0))
        return;
    if (t->waiting[step] > 0)
        t->waiting[step]--;
    else
        step = CLI_STEP_OTHER;
    add(t, step, cli_timeline_now(), event->code);
    t->in_message = event->stage == DUVA_STAGE_DATA && event->code == 354;
}

void cli_timeline_hear(struct cli_timeline *t, const duva_trace_event *event)
{
    if (event->from == 'C')
        hear_command(t, event);
    else
        hear_reply(t, event);
}

void cli_timeline_connected(struct cli_timeline *t)
{
    memset(t->waiting, 0, sizeof(t->waiting));
    t->in_message = 0;
    t->waiting[CLI_STEP_GREETING] = 1;
}

void cli_timeline_end(struct cli_timeline *t)
{
    unsigned step = 0;

    while (step <= CLI_STEP_OTHER && t->waiting[step] == 0)
        step++;
    if (step <= CLI_STEP_OTHER)
        cli_timeline_mark(t, (enum cli_step)step);
    else if (t->in_message)
        cli_timeline_mark(t, CLI_STEP_BODY);
    memset(t->waiting, 0, sizeof(t->waiting));
}
