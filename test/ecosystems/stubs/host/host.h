/* host.h - what this machine is to a device: a clock, a resolver that knows the
 * server of the test only, at DUVA_PORT, and random octets. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_HOST_H
#define TEST_HOST_H

#include <netdb.h>
#include <stddef.h>
#include <stdint.h>

uint32_t host_ms(void);
int host_random(void *buf, size_t len);
int host_getaddrinfo(const char *host, const char *port,
                     const struct addrinfo *hints, struct addrinfo **list);

#endif
