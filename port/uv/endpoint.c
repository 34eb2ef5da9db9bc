/* endpoint.c - the name of an endpoint to its addresses, without blocking. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "endpoint.h"

#include "destination.h"
#include "loop.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { GOOD_FOR_MS = 60000 };

/* ---- the endpoint of a route ---- */

static const char *host_of(const duva_pool_route *route)
{
    return route->proxy != NULL ? route->proxy->host : route->host;
}

static const char *port_of(const duva_pool_route *route)
{
    if (route->proxy == NULL)
        return duva__port_of(route);
    return route->proxy->port != NULL ? route->proxy->port : "1080";
}

static struct endpoint *find(duva_pool *pool, const duva_pool_route *route)
{
    const char *host = host_of(route);
    const char *port = port_of(route);
    struct ring *r;

    for (r = pool->queues.next; r != &pool->queues; r = r->next) {
        const struct queue *queue = (struct queue *)r;

        if (strcmp(host_of(queue->route), host) == 0
            && strcmp(port_of(queue->route), port) == 0)
            return queue->endpoint;
    }
    return NULL;
}

struct endpoint *duva__endpoint_of(duva_pool *pool,
                                   const duva_pool_route *route)
{
    struct endpoint *endpoint = find(pool, route);

    if (endpoint == NULL)
        endpoint = calloc(1, sizeof(*endpoint));
    if (endpoint != NULL && endpoint->queues++ == 0)
        endpoint->pool = pool;
    return endpoint;
}

/* ---- its addresses ---- */

static void forget(struct endpoint *endpoint)
{
    if (endpoint->addresses == NULL)
        return;
    if (endpoint->by_uv)
        uv_freeaddrinfo(endpoint->addresses);
    else
        freeaddrinfo(endpoint->addresses);
    endpoint->addresses = NULL;
    endpoint->good = NULL;
}

void duva__endpoint_release(struct endpoint *endpoint)
{
    if (--endpoint->queues > 0)
        return;
    forget(endpoint);
    free(endpoint);
}

static void keep(struct endpoint *endpoint, struct addrinfo *list, int by_uv)
{
    endpoint->addresses = list;
    endpoint->good = list;
    endpoint->by_uv = (uint8_t)by_uv;
    endpoint->looked_up = uv_now(endpoint->pool->loop);
}

/* Schedules the queues that use it; why NULL: there are addresses. */
static void tell_queues(struct endpoint *endpoint, const duva_result *why)
{
    const struct ring *end = &endpoint->pool->queues;
    struct ring *r;

    if (why != NULL)
        endpoint->failure = *why;
    for (r = end->next; r != end; r = r->next) {
        struct queue *queue = (struct queue *)r;

        if (queue->endpoint != endpoint)
            continue;
        queue->look_up_failed = why != NULL;
        duva__queue_schedule(queue);
    }
}

/* libuv's code to the resolver's. */
static int code_of(int uv_code)
{
    switch (uv_code) {
    case UV_EAI_AGAIN:
        return EAI_AGAIN;
    case UV_EAI_FAIL:
        return EAI_FAIL;
    case UV_EAI_FAMILY:
        return EAI_FAMILY;
    case UV_EAI_SERVICE:
        return EAI_SERVICE;
    case UV_EAI_NONAME:
    case UV_EAI_NODATA:
    case UV_EINVAL:
    case UV_E2BIG:
        return EAI_NONAME; /* no such name, or not valid */
    default:
        return EAI_SYSTEM;
    }
}

static void failed(struct endpoint *endpoint, int code)
{
    duva_result why;

    memset(&why, 0, sizeof(why));
    why.err = DUVA_ERR_RESOLVE;
    why.cause = code_of(code);
    if (code == UV_EAI_MEMORY)
        code = UV_ENOMEM;
    if (duva__is_short(-code)) {
        why.err = DUVA_ERR_RESOURCES;
        why.cause = -code;
    }
    why.verdict = DUVA_RETRY;
    tell_queues(endpoint, &why);
}

static void on_answer(uv_getaddrinfo_t *request, int status,
                      struct addrinfo *list)
{
    struct endpoint *endpoint = request->data;
    duva_pool *pool = endpoint->pool;

    uv_update_time(pool->loop);
    duva__pool_enter(pool);
    pool->handles--;
    endpoint->looking_up = 0;
    if (status == 0) {
        keep(endpoint, list, 1);
        tell_queues(endpoint, NULL);
    } else {
        failed(endpoint, status);
    }
    duva__pool_leave(pool);
}

int duva__endpoint_resolve(struct endpoint *endpoint, const duva_pool_route *to)
{
    const char *host = host_of(to);
    const char *port = port_of(to);
    struct addrinfo hints, *list;
    int code;

    if (endpoint->addresses != NULL && endpoint->connecting == 0
        && uv_now(endpoint->pool->loop) - endpoint->looked_up > GOOD_FOR_MS)
        forget(endpoint);
    if (endpoint->addresses != NULL)
        return 1;
    if (endpoint->looking_up)
        return 0;
    if (!duva__is_port(port)) {
        failed(endpoint, UV_EAI_SERVICE);
        return 0;
    }
    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    if (getaddrinfo(host, port, &hints, &list) == 0) {
        keep(endpoint, list, 0); /* it was numeric */
        return 1;
    }
    hints.ai_flags = 0;
    endpoint->request.data = endpoint;
    code = uv_getaddrinfo(endpoint->pool->loop, &endpoint->request, on_answer,
                          host, port, &hints);
    if (code != 0) {
        failed(endpoint, code);
        return 0;
    }
    endpoint->looking_up = 1;
    endpoint->pool->handles++;
    return 0;
}
