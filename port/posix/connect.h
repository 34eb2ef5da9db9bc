/* connect.h - connection attempts (RFC 8305), inside this port. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PORT_POSIX_CONNECT_H
#define DUVA_PORT_POSIX_CONNECT_H

#include "duva/posix.h"

struct addrinfo;

/* The attempts of duva_posix_open() to the addresses in list, until end. */
int duva__posix_connect(duva_posix *l, const struct addrinfo *list,
                        int64_t end);

#endif
