/* timeline.h - where the time of a session went. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TIMELINE_H
#define DUVA_CLI_TIMELINE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "duva/config.h"

enum cli_step {
    CLI_STEP_DNS, CLI_STEP_CONNECT, CLI_STEP_PROXY, CLI_STEP_READY,
    CLI_STEP_GREETING, CLI_STEP_EHLO, CLI_STEP_STARTTLS, CLI_STEP_TLS,
    CLI_STEP_AUTH, CLI_STEP_RSET, CLI_STEP_MAIL, CLI_STEP_RCPT, CLI_STEP_DATA,
    CLI_STEP_BODY, CLI_STEP_END, CLI_STEP_QUIT, CLI_STEP_OTHER
};

/* Times are microseconds of a clock that no one can set. */
struct cli_span {
    uint8_t  step;             /* enum cli_step */
    uint16_t code;             /* of the last answer; 0: there was none */
    uint32_t count;            /* answers of this kind in a row */
    int64_t  from, to;         /* since the start */
};

#define CLI_SPANS 128          /* more are one with the last */

/* Each span begins where the last one ended, so together they are all of the
 * time: one lasts until a thing is done, or a command is answered.  Answers
 * that come together share the wait with the first of them. */
struct cli_timeline {
    int64_t start, mark;
    struct cli_span span[CLI_SPANS];
    size_t  spans;
    /* private */
    uint32_t waiting[CLI_STEP_OTHER + 1]; /* commands without a reply */
    uint8_t  in_message;       /* 354 came, and the end of data did not */
};

int64_t cli_timeline_now(void);
void cli_timeline_start(struct cli_timeline *t);

/* That step has ended now, or at that time. */
void cli_timeline_mark(struct cli_timeline *t, enum cli_step step);
void cli_timeline_mark_at(struct cli_timeline *t, enum cli_step step,
                          int64_t when);

/* A new connection begins. */
void cli_timeline_connected(struct cli_timeline *t);

/* A piece of the conversation. */
void cli_timeline_hear(struct cli_timeline *t, const duva_trace_event *event);

/* Nothing more comes: what is being waited for has taken until now. */
void cli_timeline_end(struct cli_timeline *t);

const char *cli_step_name(enum cli_step step);

#endif
