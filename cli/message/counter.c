/* counter.c - a source of octets into the same, counted. */
/* SPDX-License-Identifier: MIT */
#include "message/counter.h"

int cli_counter_read(void *meter, void *buf, size_t len)
{
    struct cli_counter *m = meter;
    const int n = m->read(m->ctx, buf, len);

    m->started = buf != NULL;
    m->ended = buf != NULL && n == 0;
    m->octets = buf == NULL ? 0 : m->octets + (n > 0 ? (unsigned)n : 0);
    if (m->tell != NULL)
        m->tell(m->tell_ctx, m->octets);
    return n;
}
