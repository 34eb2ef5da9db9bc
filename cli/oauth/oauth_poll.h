/* oauth_poll.h - how often a device asks for its token. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_POLL_H
#define DUVA_CLI_OAUTH_POLL_H

#include <stdint.h>

#include "oauth/oauth_response.h"

/* RFC 8628 3.5: the intervals of token requests. */
struct oauth_poll {
    int64_t interval_ms, until; /* until: time of cli_now() */
    int failures;               /* requests without a response, in a row */
};

void oauth_poll_start(struct oauth_poll *p, const struct oauth_device *d,
                      int64_t now);
/* Takes the outcome of the last request, PENDING before the first.  Returns the
 * milliseconds to wait until the next one; or -1: *outcome is final, and is
 * EXPIRED when the time is over. */
int64_t oauth_poll_next(struct oauth_poll *p, enum oauth_outcome *outcome,
                        int64_t now);

#endif
