/* internal.h - what the files of this port share. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_POSIX_INTERNAL_H
#define DUVA_POSIX_INTERNAL_H

#include "duva/posix.h"

#include "../resources.h"

struct addrinfo;

/* Milliseconds of CLOCK_MONOTONIC, which no one can set. */
int64_t duva__posix_now(void);

/* poll() wants an int: the milliseconds from now until end, 0 when it has
 * passed.  INT_MAX is not for ever, so callers look at the clock again. */
int duva__posix_left(int64_t end);

/* Notes the errno as the cause, and returns the error that it is. */
int duva__posix_failed(duva_link *link, int code);

/* Has the link's deadline passed?  Then the cause is ETIMEDOUT. */
int duva__posix_is_over(duva_link *link);

/* Sets up l as a link without a socket. */
void duva__posix_init(duva_posix *l);

/* Makes fd what every socket of this port is: non-blocking, silent, its own,
 * and prompt.  Returns 0 or an errno. */
int duva__posix_prepare(int fd);

/* The race of duva_posix_open() over the addresses in list, until end. */
int duva__posix_connect(duva_posix *l, const struct addrinfo *list,
                        int64_t end);

#endif
