/* srv.h - a domain into the server that its DNS names (RFC 6186). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SRV_H
#define DUVA_CLI_SRV_H

#include <stddef.h>
#include <stdint.h>

struct cli_srv {
    char     host[256];
    uint16_t port, priority, weight;
};

/* The best record of an answer of the DNS, len octets: the lowest priority,
 * and of those the heaviest.  Returns 1; 0: there is none, or the service is
 * said not to be there; -1: it is no answer. */
int cli_srv_parse(struct cli_srv *best, const uint8_t *answer, size_t len);

/* Asks for a service, such as "_submissions._tcp", of a domain.  server is the
 * name server to ask, an IPv4 address with ":port" or without; NULL: those of
 * the system.  Returns as cli_srv_parse() does, -1 also without an answer,
 * or when server is not an address. */
int cli_srv_find(struct cli_srv *best, const char *service,
                 const char *domain, const char *server);

/* Is host in the domain, or the domain itself?  What a DNS without signatures
 * says of others, a person should confirm (RFC 6186 6). */
int cli_srv_is_within(const char *host, const char *domain);

#endif
