/* posix.h - a socket as a link, inside this port. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PORT_POSIX_H
#define DUVA_PORT_POSIX_H

#include "duva/posix.h"

#include "../resources.h"

/* Milliseconds of CLOCK_MONOTONIC, which nobody can set. */
int64_t duva__posix_now(void);

/* An int for poll(): the milliseconds from now until end, 0 when it has
 * passed.  INT_MAX is not for ever, so callers look at the clock again. */
int duva__posix_left(int64_t end);

/* Stores the errno as the cause, and returns the error for it. */
int duva__posix_failed(duva_link *link, int code);

/* Has the link's deadline passed?  Then the cause is ETIMEDOUT. */
int duva__posix_is_over(duva_link *link);

/* Sets up l as a link without a socket. */
void duva__posix_init(duva_posix *l);

/* Prepares the socket: non-blocking, no SIGPIPE, closed by exec(), no delay.
 * Returns 0 or an errno. */
int duva__posix_prepare(int fd);

#endif
