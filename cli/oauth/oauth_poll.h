/* oauth_poll.h - how often a device asks for its token. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_POLL_H
#define DUVA_CLI_OAUTH_POLL_H

#include <stdint.h>

#include "oauth/oauth_answer.h"

/* RFC 8628 3.5: how often a device asks whether it may. */
struct oauth_poll {
    int64_t interval_ms, until; /* of cli_now() */
    int     lost;              /* answers, in a row */
};

void oauth_poll_start(struct oauth_poll *p, const struct oauth_device *d,
                      int64_t now);
/* Milliseconds to wait until the next question; -1: there is none, for
 * *outcome is final. */
int64_t oauth_poll_next(struct oauth_poll *p, enum oauth_outcome *outcome,
                        int64_t now);

#endif
