/* endpoint.h - what a route connects to, the server or a proxy. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_UV_ENDPOINT_H
#define DUVA_UV_ENDPOINT_H

#include "types.h"

/* NULL: there is no memory. */
struct endpoint *duva__endpoint_of(duva_pool *pool,
                                   const duva_pool_route *route);
void duva__endpoint_release(struct endpoint *endpoint);

/* 1 when there are addresses.  0 when the look-up goes on, or has failed: the
 * queues that use it are scheduled, after a failure with look_up_failed. */
int duva__endpoint_resolve(struct endpoint *endpoint,
                           const duva_pool_route *to);

#endif
