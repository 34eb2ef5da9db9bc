/* resolve.c - turns a route's host into addresses, without blocking. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "internal.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { GOOD_FOR_MS = 60000 };

void duva__lane_forget(struct lane *lane)
{
    if (lane->addresses == NULL)
        return;
    if (lane->by_uv)
        uv_freeaddrinfo(lane->addresses);
    else
        freeaddrinfo(lane->addresses);
    lane->addresses = NULL;
    lane->good = NULL;
}

static void keep(struct lane *lane, struct addrinfo *list, int by_uv)
{
    lane->addresses = list;
    lane->good = list;
    lane->by_uv = (uint8_t)by_uv;
    lane->looked_up = uv_now(lane->pool->loop);
}

static void failed(struct lane *lane, int code)
{
    duva_result why;

    memset(&why, 0, sizeof(why));
    why.err = DUVA_ERR_RESOLVE;
    why.cause = code;
    why.verdict = DUVA_RETRY;
    duva__lane_failed(lane, &why, 0);
}

static void on_answer(uv_getaddrinfo_t *request, int status,
                      struct addrinfo *list)
{
    struct lane *lane = request->data;
    duva_pool   *pool = lane->pool;

    uv_update_time(pool->loop);
    duva__pool_enter(pool);
    pool->handles--;
    lane->looking_up = 0;
    if (status == 0)
        keep(lane, list, 1);
    else
        failed(lane, status);
    duva__lane_unsettle(lane);
    duva__pool_leave(pool);
}

int duva__lane_resolve(struct lane *lane)
{
    const duva_pool_route *to = lane->route;
    const char      *port = to->port != NULL ? to->port : "25";
    struct addrinfo  hints, *list;
    int              code;

    if (lane->addresses != NULL && lane->connecting == 0
        && uv_now(lane->pool->loop) - lane->looked_up > GOOD_FOR_MS)
        duva__lane_forget(lane);
    if (lane->addresses != NULL)
        return 1;
    if (lane->looking_up)
        return 0;
    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    if (getaddrinfo(to->host, port, &hints, &list) == 0) {
        keep(lane, list, 0);   /* nobody had to be asked */
        return 1;
    }
    hints.ai_flags = 0;
    lane->request.data = lane;
    code = uv_getaddrinfo(lane->pool->loop, &lane->request, on_answer,
                          to->host, port, &hints);
    if (code != 0) {
        failed(lane, code);
        return 0;
    }
    lane->looking_up = 1;
    lane->pool->handles++;
    return 0;
}
