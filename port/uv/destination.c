/* server.c - turns what all routes do at one server into what each may do. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "types.h"

#include <stdlib.h>
#include <string.h>

enum {
    CONNECTIONS = 10, BACKOFF_MS = 1000, BACKOFF_MAX_MS = 300000,
    SLACK_US = 5000,           /* the loop wakes us late: then catch up */
    FAIR_SHARE = 20            /* mails on a connection that others wait for */
};

static uint32_t or_else(uint32_t number, uint32_t usual)
{
    return number != 0 ? number : usual;
}

static uint64_t now_ms(const struct lane *lane)
{
    return uv_now(lane->pool->loop);
}

const char *duva__port_of(const duva_pool_route *route)
{
    return route->port != NULL ? route->port : "25";
}

static struct server *find(duva_pool *pool, const duva_pool_route *route)
{
    struct ring *r;

    for (r = pool->lanes.next; r != &pool->lanes; r = r->next) {
        const struct lane *lane = (struct lane *)r;

        if (strcmp(lane->route->host, route->host) == 0
            && strcmp(duva__port_of(lane->route), duva__port_of(route)) == 0)
            return lane->server;
    }
    return NULL;
}

struct server *duva__server_of(duva_pool *pool, const duva_pool_route *route)
{
    struct server *server = find(pool, route);

    if (server == NULL)
        server = calloc(1, sizeof(*server));
    if (server != NULL && server->lanes++ == 0)
        server->pool = pool;
    return server;
}

void duva__server_release(struct server *server)
{
    if (--server->lanes > 0)
        return;
    free(server);
}

/* ---- the next one of its lanes ---- */

struct lane *duva__server_lane(const struct server *server,
                               const struct lane *after)
{
    const struct ring *end = &server->pool->lanes;
    struct ring       *r = after != NULL ? after->ring.next : end->next;

    while (r != end && ((struct lane *)r)->server != server)
        r = r->next;
    return r != end ? (struct lane *)r : NULL;
}

void duva__server_unsettle(const struct server *server)
{
    struct lane *lane = NULL;

    while ((lane = duva__server_lane(server, lane)) != NULL)
        duva__lane_unsettle(lane);
}

/* ---- connections ---- */

int duva__server_has_room(const struct lane *lane)
{
    const struct server *server = lane->server;

    return server->sessions < or_else(lane->route->connections, CONNECTIONS)
           && (server->sessions < server->places
               || server->full_until <= now_ms(lane));
}

/* The next route, behind that one, that has mails and no connection. */
static const struct lane *who_waits(const struct lane *lane,
                                    const struct lane *after)
{
    while ((after = duva__server_lane(lane->server, after)) != NULL)
        if (after != lane && after->length > 0 && after->sessions == 0)
            break;
    return after;
}

/* Is there another route that waits for one of this one's connections? */
static int is_waited_for(const struct lane *lane)
{
    const struct lane *other = NULL;

    while ((other = who_waits(lane, other)) != NULL)
        if (!duva__server_has_room(other))
            return 1;
    return 0;
}

/* Those who wait go first, by how long ago they had a connection. */
int duva__server_is_turn(const struct lane *lane)
{
    const struct lane *other = NULL;

    if (lane->server->lanes == 1)
        return 1;
    while ((other = who_waits(lane, other)) != NULL)
        if (lane->sessions > 0 || other->turn < lane->turn)
            return 0;
    return 1;
}

void duva__server_took_turn(struct lane *lane)
{
    lane->turn = ++lane->server->turn;
    duva__server_unsettle(lane->server);
}

int duva__server_had_enough(const struct session *s)
{
    return s->lane->server->lanes > 1 && s->mails >= FAIR_SHARE
           && is_waited_for(s->lane);
}

void duva__server_make_room(const struct lane *lane)
{
    struct lane *other = NULL;

    while ((other = duva__server_lane(lane->server, other)) != NULL)
        if (other != lane && other->idle.next != &other->idle) {
            duva__session_quit((struct session *)other->idle.next);
            return;
        }
}

/* ---- mails ---- */

uint64_t duva__server_due(const struct lane *lane)
{
    const struct server *server = lane->server;

    if (server->until > now_ms(lane))
        return server->until;
    if (lane->route->rate != 0 && server->slot > now_ms(lane) * 1000)
        return server->slot / 1000 + 1;
    return 0;
}

void duva__server_count_mail(const struct lane *lane)
{
    struct server *server = lane->server;
    const uint32_t rate = lane->route->rate;
    const uint64_t now = now_ms(lane) * 1000;

    if (rate == 0)
        return;
    if (server->slot + SLACK_US < now)
        server->slot = now - SLACK_US;
    server->slot += 1000000 / rate + (1000000 % rate != 0);
}

/* ---- pauses ---- */

int duva__server_is_paused(const struct lane *lane)
{
    return lane->server->until > now_ms(lane);
}

/* The end of a pause after one more failure. */
static uint64_t back_off(const struct lane *lane, unsigned *failures)
{
    const duva_pool_route *route = lane->route;
    const uint64_t most = or_else(route->backoff_max_ms, BACKOFF_MAX_MS);
    uint64_t       ms = or_else(route->backoff_ms, BACKOFF_MS);
    unsigned       i;

    for (i = 0; i < *failures && ms < most; i++)
        ms *= 2;
    if (ms > most)
        ms = most;
    ++*failures;
    return now_ms(lane) + ms - duva__pool_random(lane->pool) % (ms / 2 + 1);
}

/* Failures in a pause are those of sessions that began before it. */
void duva__server_pause(struct lane *lane)
{
    struct server *server = lane->server;

    if (duva__server_is_paused(lane))
        return;
    server->until = back_off(lane, &server->failures);
    duva__server_unsettle(server);
}

/* Is there a connection that can carry mails? */
static int is_reached(const struct server *server)
{
    const struct lane *lane = NULL;

    while ((lane = duva__server_lane(server, lane)) != NULL)
        if (lane->sessions > lane->connecting)
            return 1;
    return 0;
}

void duva__server_refused(struct lane *lane)
{
    struct server *server = lane->server;

    if (!is_reached(server)) {
        duva__server_pause(lane);
        return;
    }
    server->places = server->sessions;
    if (server->full_until <= now_ms(lane))
        server->full_until = back_off(lane, &server->refusals);
}
