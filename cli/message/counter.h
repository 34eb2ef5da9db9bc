/* counter.h - octets of a message, counted as they pass. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_COUNTER_H
#define DUVA_CLI_COUNTER_H

#include <stdint.h>

#include "duva/client.h"

/* A source over a source.  Zero it, then set read and ctx. */
struct cli_counter {
    duva_source_fn *read;
    void *ctx;
    /* Called after each read, with 0 after each rewind.  NULL: not called. */
    void (*tell)(void *tell_ctx, uint64_t octets);
    void *tell_ctx;
    uint64_t octets; /* read since the start */
    uint8_t started, ended;
};

/* A duva_source_fn. */
int cli_counter_read(void *counter, void *buf, size_t len);

#endif
