/* counter.c - a source of octets into the same, counted. */
/* SPDX-License-Identifier: MIT */
#include "message/counter.h"

int cli_counter_read(void *counter, void *buf, size_t len)
{
    struct cli_counter *c = counter;
    const int n = c->read(c->ctx, buf, len);

    c->started = buf != NULL;
    c->ended = buf != NULL && n == 0;
    c->octets = buf == NULL ? 0 : c->octets + (n > 0 ? (unsigned)n : 0);
    if (c->tell != NULL)
        c->tell(c->tell_ctx, c->octets);
    return n;
}
