/* hop.c - turns the name of a first hop into addresses, without blocking. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "types.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { GOOD_FOR_MS = 60000 };

/* ---- which one it is ---- */

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

static struct hop *find(duva_pool *pool, const duva_pool_route *route)
{
    const char  *host = host_of(route);
    const char  *port = port_of(route);
    struct ring *r;

    for (r = pool->lanes.next; r != &pool->lanes; r = r->next) {
        const struct lane *lane = (struct lane *)r;

        if (strcmp(host_of(lane->route), host) == 0
            && strcmp(port_of(lane->route), port) == 0)
            return lane->hop;
    }
    return NULL;
}

struct hop *duva__hop_of(duva_pool *pool, const duva_pool_route *route)
{
    struct hop *hop = find(pool, route);

    if (hop == NULL)
        hop = calloc(1, sizeof(*hop));
    if (hop != NULL && hop->lanes++ == 0)
        hop->pool = pool;
    return hop;
}

/* ---- its addresses ---- */

static void forget(struct hop *hop)
{
    if (hop->addresses == NULL)
        return;
    if (hop->by_uv)
        uv_freeaddrinfo(hop->addresses);
    else
        freeaddrinfo(hop->addresses);
    hop->addresses = NULL;
    hop->good = NULL;
}

void duva__hop_release(struct hop *hop)
{
    if (--hop->lanes > 0)
        return;
    forget(hop);
    free(hop);
}

static void keep(struct hop *hop, struct addrinfo *list, int by_uv)
{
    hop->addresses = list;
    hop->good = list;
    hop->by_uv = (uint8_t)by_uv;
    hop->looked_up = uv_now(hop->pool->loop);
}

/* All who wait for it have to hear of it; why NULL: there are addresses. */
static void tell(const struct hop *hop, const duva_result *why)
{
    const struct ring *end = &hop->pool->lanes;
    struct ring       *r;

    for (r = end->next; r != end; r = r->next) {
        struct lane *lane = (struct lane *)r;

        if (lane->hop != hop)
            continue;
        if (why != NULL)
            duva__lane_unknown(lane, why);
        duva__lane_unsettle(lane);
    }
}

/* The resolver's code, of which libuv has made one of its own. */
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
    case UV_EAI_NONAME: case UV_EAI_NODATA: case UV_EINVAL: case UV_E2BIG:
        return EAI_NONAME;     /* there is none, or it cannot be one */
    default:
        return EAI_SYSTEM;
    }
}

static void failed(const struct hop *hop, int code)
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
    tell(hop, &why);
}

static void on_answer(uv_getaddrinfo_t *request, int status,
                      struct addrinfo *list)
{
    struct hop *hop = request->data;
    duva_pool  *pool = hop->pool;

    uv_update_time(pool->loop);
    duva__pool_enter(pool);
    pool->handles--;
    hop->looking_up = 0;
    if (status == 0) {
        keep(hop, list, 1);
        tell(hop, NULL);
    } else {
        failed(hop, status);
    }
    duva__pool_leave(pool);
}

int duva__hop_resolve(struct hop *hop, const duva_pool_route *to)
{
    const char      *host = host_of(to);
    const char      *port = port_of(to);
    struct addrinfo  hints, *list;
    int              code;

    if (hop->addresses != NULL && hop->connecting == 0
        && uv_now(hop->pool->loop) - hop->looked_up > GOOD_FOR_MS)
        forget(hop);
    if (hop->addresses != NULL)
        return 1;
    if (hop->looking_up)
        return 0;
    if (!duva__is_port(port)) {
        failed(hop, UV_EAI_SERVICE);
        return 0;
    }
    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    if (getaddrinfo(host, port, &hints, &list) == 0) {
        keep(hop, list, 0);    /* nobody had to be asked */
        return 1;
    }
    hints.ai_flags = 0;
    hop->request.data = hop;
    code = uv_getaddrinfo(hop->pool->loop, &hop->request, on_answer, host,
                          port, &hints);
    if (code != 0) {
        failed(hop, code);
        return 0;
    }
    hop->looking_up = 1;
    hop->pool->handles++;
    return 0;
}
