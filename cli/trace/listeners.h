/* listeners.h - those who follow the conversation. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LISTENERS_H
#define DUVA_CLI_LISTENERS_H

#include <stdint.h>
#include <stdio.h>

#include "duva/config.h"
#include "trace/timeline.h"
#include "trace/trace.h"

struct cli_listeners {
    struct cli_trace trace; /* with its counter and octets set */
    uint8_t traces;         /* it is shown */
    struct cli_timeline timeline;
    FILE *timeline_file;   /* for its chart; NULL: none */
    duva_trace_fn *listen; /* NULL: nobody else */
    void *listener;
};

#endif
