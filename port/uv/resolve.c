/* resolve.c - turns a server's name into addresses, without blocking. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "internal.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

enum { GOOD_FOR_MS = 60000 };

void duva__server_forget(struct server *server)
{
    if (server->addresses == NULL)
        return;
    if (server->by_uv)
        uv_freeaddrinfo(server->addresses);
    else
        freeaddrinfo(server->addresses);
    server->addresses = NULL;
    server->good = NULL;
}

static void keep(struct server *server, struct addrinfo *list, int by_uv)
{
    server->addresses = list;
    server->good = list;
    server->by_uv = (uint8_t)by_uv;
    server->looked_up = uv_now(server->pool->loop);
}

/* All who wait for it have to hear of it. */
static void failed(struct server *server, int code)
{
    struct lane *lane = NULL;
    duva_result  why;

    memset(&why, 0, sizeof(why));
    why.err = DUVA_ERR_RESOLVE;
    why.cause = code;
    why.verdict = DUVA_RETRY;
    while ((lane = duva__server_lane(server, lane)) != NULL)
        duva__lane_unknown(lane, &why);
}

static void on_answer(uv_getaddrinfo_t *request, int status,
                      struct addrinfo *list)
{
    struct server *server = request->data;
    duva_pool     *pool = server->pool;

    uv_update_time(pool->loop);
    duva__pool_enter(pool);
    pool->handles--;
    server->looking_up = 0;
    if (status == 0)
        keep(server, list, 1);
    else
        failed(server, status);
    duva__server_unsettle(server);
    duva__pool_leave(pool);
}

int duva__server_resolve(struct server *server, const duva_pool_route *to)
{
    const char      *port = duva__port_of(to);
    struct addrinfo  hints, *list;
    int              code;

    if (server->addresses != NULL && server->connecting == 0
        && uv_now(server->pool->loop) - server->looked_up > GOOD_FOR_MS)
        duva__server_forget(server);
    if (server->addresses != NULL)
        return 1;
    if (server->looking_up)
        return 0;
    memset(&hints, 0, sizeof(hints));
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    if (getaddrinfo(to->host, port, &hints, &list) == 0) {
        keep(server, list, 0); /* nobody had to be asked */
        return 1;
    }
    hints.ai_flags = 0;
    server->request.data = server;
    code = uv_getaddrinfo(server->pool->loop, &server->request, on_answer,
                          to->host, port, &hints);
    if (code != 0) {
        failed(server, code);
        return 0;
    }
    server->looking_up = 1;
    server->pool->handles++;
    return 0;
}
