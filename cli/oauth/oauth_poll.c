/* oauth_poll.c - outcomes of token requests into the time of the next one. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>

#include "oauth/oauth_response.h"
#include "oauth/oauth_poll.h"

#define SLOWER_MS  5000        /* RFC 8628 3.5 */
#define SLOWEST_MS 60000

void oauth_poll_start(struct oauth_poll *p, const struct oauth_device *d,
                      int64_t now)
{
    p->interval_ms = d->interval_s > 0 ? d->interval_s * 1000 : 1000;
    p->until = now + d->expires_s * 1000;
    p->failures = 0;
}

/* Exponential backoff while the server does not respond (RFC 8628 3.5). */
static int64_t pause_of(const struct oauth_poll *p)
{
    int64_t ms = p->interval_ms;
    int i;

    for (i = 0; i < p->failures && ms < SLOWEST_MS; i++)
        ms *= 2;
    return p->failures > 0 && ms > SLOWEST_MS && p->interval_ms < SLOWEST_MS
               ? SLOWEST_MS
               : ms;
}

int64_t oauth_poll_next(struct oauth_poll *p, enum oauth_outcome *outcome,
                        int64_t now)
{
    switch (*outcome) {
    case OAUTH_PENDING:
        p->failures = 0;
        break;
    case OAUTH_SLOW_DOWN:
        p->failures = 0;
        p->interval_ms += SLOWER_MS;
        break;
    case OAUTH_LATER:
        p->failures++;
        break;
    default:
        return -1;
    }
    if (now + pause_of(p) >= p->until) {
        *outcome = OAUTH_EXPIRED;
        return -1;
    }
    return pause_of(p);
}
