/* srv.c - a domain into the server that its DNS names (RFC 6186). */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>

#include "account/srv.h"

#define SRV_HEAD 6             /* priority, weight, port */

static int is_better(const struct cli_srv *a, const struct cli_srv *b)
{
    return a->priority < b->priority
           || (a->priority == b->priority && a->weight > b->weight);
}

static unsigned number(const u_char *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

/* One record.  Returns 1 when it names a host, which may be none: ".". */
static int read_record(struct cli_srv *srv, const ns_msg *answer,
                       const ns_rr *record)
{
    const u_char *data = ns_rr_rdata(*record);

    if (ns_rr_type(*record) != ns_t_srv || ns_rr_rdlen(*record) <= SRV_HEAD)
        return 0;
    srv->priority = (uint16_t)number(data);
    srv->weight = (uint16_t)number(data + 2);
    srv->port = (uint16_t)number(data + 4);
    return dn_expand(ns_msg_base(*answer), ns_msg_end(*answer),
                     data + SRV_HEAD, srv->host, sizeof(srv->host)) >= 0;
}

int cli_srv_parse(struct cli_srv *best, const uint8_t *answer, size_t len)
{
    struct cli_srv one;
    ns_msg message;
    ns_rr  record;
    int    i, found = 0;

    if (len > 65535 || ns_initparse(answer, (int)len, &message) != 0)
        return -1;
    for (i = 0; i < ns_msg_count(message, ns_s_an); i++) {
        if (ns_parserr(&message, ns_s_an, i, &record) != 0)
            return -1;
        if (!read_record(&one, &message, &record)
            || (found && !is_better(&one, best)))
            continue;
        *best = one;
        found = 1;
    }
    return found && best->host[0] != '\0' && strcmp(best->host, ".") != 0
           && best->port != 0;
}

/* Asks one name server instead of those of the system. */
static int ask_only(struct __res_state *state, const char *server)
{
    struct sockaddr_in *to = &state->nsaddr_list[0];
    char host[64];
    const char *colon = strchr(server, ':');
    const unsigned long port = colon != NULL ? strtoul(colon + 1, NULL, 10)
                                             : NS_DEFAULTPORT;

    if (port == 0 || port > 65535)
        return -1;
    snprintf(host, sizeof(host), "%.*s", (int)strcspn(server, ":"), server);
    memset(to, 0, sizeof(*to));
    to->sin_family = AF_INET;
    to->sin_port = htons((uint16_t)port);
    state->nscount = 1;
    return inet_pton(AF_INET, host, &to->sin_addr) == 1 ? 0 : -1;
}

int cli_srv_find(struct cli_srv *best, const char *service,
                 const char *domain, const char *server)
{
    static uint8_t answer[16384];
    struct __res_state state;
    char name[512];
    int  len = -1;

    memset(&state, 0, sizeof(state));
    if (res_ninit(&state) != 0)
        return -1;
    snprintf(name, sizeof(name), "%s.%s", service, domain);
    if (server == NULL || ask_only(&state, server) == 0)
        len = res_nquery(&state, name, ns_c_in, ns_t_srv, answer,
                         (int)sizeof(answer));
    res_nclose(&state);
    if (len < 0 || len > (int)sizeof(answer))
        return -1;
    return cli_srv_parse(best, answer, (size_t)len);
}

int cli_srv_is_within(const char *host, const char *domain)
{
    const size_t len = strlen(host), part = strlen(domain);

    return len >= part && strcasecmp(host + len - part, domain) == 0
           && (len == part || host[len - part - 1] == '.');
}
