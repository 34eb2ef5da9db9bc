/* route.h - a first session into a route for the connections of a pool. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ROUTE_H
#define DUVA_CLI_ROUTE_H

#include <stdint.h>

#include "duva/pool.h"
#include "session/session.h"
#include "trace/connection_chart.h"

struct cli_route {
    struct cli_session *session;
    duva_pool_route to;        /* for the pool */
    duva_pool_proxy proxy;
    uint32_t caps; /* DUVA_CAP_* that are advertised, out of those */
    uint32_t may;  /* that the options permit */
    struct cli_connection_chart *chart;     /* of its connections; NULL: none */
    char     address[DUVA_POSIX_NAME_SIZE]; /* for to.host, of this machine */
};

/* Opens a session as for one mail, to learn what the server advertises and
 * whether it accepts the login; then makes the route.  The secret has been
 * read; s is borrowed as long as the route is used, and the caller wipes it.
 * The chart, if one is set, begins with this session.  Returns 0; or -1, and
 * the outcome of s has a result. */
int cli_route_open(struct cli_route *r, struct cli_session *s);

#endif
