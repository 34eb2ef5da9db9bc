/* drive_steps.c - many connections in an event loop around duva_step(). */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "drive.h"
#include "report.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTIONS = 24, MAILS = 20 };

struct slot {
    struct drive  *drive;
    struct way     way;
    duva_config    config;
    duva_posix     socket;
    duva_client    client;
    duva_openssl   tls;
    uint8_t        buffer[2048];
    struct random  random;
    struct test_mail *mail[MAILS]; /* begun in this session */
    unsigned       count, most;
    uint64_t       deadline;
    int            is_open;
};

static duva_job *more(void *ctx)
{
    struct slot      *s = ctx;
    const uint32_t    limit = duva_server(&s->client.engine)->mail_max;
    struct test_mail *m;

    if (s->count == s->most || (limit > 0 && s->client.mails >= limit))
        return NULL;
    m = drive_next(s->drive, s->way.door == DOOR_LMTP);
    if (m == NULL)
        return NULL;
    s->mail[s->count++] = m;
    return &m->job;
}

static void wait_from_now(struct slot *s)
{
    s->deadline = report_clock_ms() + duva_timeout_ms(&s->client.engine);
}

static void begin(struct slot *s)
{
    struct drive *d = s->drive;

    do
        s->way = way_random(&s->random);
    while (s->way.door == DOOR_PROXY || s->way.auth);
    s->config = drive_config(d, &s->way, &s->random);
    if (duva_posix_open(&s->socket, "127.0.0.1", d->server->port[s->way.door],
                        CONNECT_MS) != DUVA_OK)
        return;
    memset(&s->client, 0, sizeof(s->client));
    s->client.link = &s->socket.link;
    s->client.tls = &s->tls.tls;
    s->client.host = "localhost";
    s->client.more = more;
    s->client.more_ctx = s;
    s->count = 0;
    s->most = 1 + random_below(&s->random, MAILS);
    duva_client_init(&s->client, &s->config, s->buffer, sizeof(s->buffer));
    s->is_open = 1;
    wait_from_now(s);
}

/* A session is over: what it has begun is decided.  What comes back for
 * another try goes alone, on a connection of its own. */
static void end(struct slot *s)
{
    unsigned i;

    duva_close(&s->client);
    s->is_open = 0;
    for (i = 0; i < s->count; i++) {
        struct test_mail *m = s->mail[i];

        drive_sent(s->drive, m);
        drive_done(s->drive, m);
    }
    s->count = 0;
}

static void step(struct slot *s)
{
    duva_client *c = &s->client;

    while (s->is_open && duva_step(c) == 1) {
        if (duva_next(&c->engine) == DUVA_CLOSED)
            end(s);
        else
            duva_quit(&c->engine);
    }
    if (s->is_open)
        wait_from_now(s);
}

/* Waits for any of them.  Returns how many there are. */
static unsigned wait_for_all(struct slot *slot)
{
    struct pollfd  polled[CONNECTIONS];
    struct slot   *of[CONNECTIONS];
    unsigned       i, count = 0;
    uint64_t       now;

    for (i = 0; i < CONNECTIONS; i++) {
        const uint8_t want = slot[i].client.want;

        if (!slot[i].is_open)
            continue;
        of[count] = &slot[i];
        polled[count].fd = slot[i].socket.fd;
        polled[count].events = (short)((want & DUVA_CAN_READ ? POLLIN : 0)
                                       | (want & DUVA_CAN_WRITE ? POLLOUT : 0));
        polled[count++].revents = 0;
    }
    poll(polled, count, 20);
    now = report_clock_ms();
    for (i = 0; i < count; i++) {
        if (polled[i].revents == 0 && now < of[i]->deadline)
            continue;
        if (polled[i].revents == 0)
            duva_abort(&of[i]->client.engine, DUVA_ERR_TIMEOUT, 0);
        else if (random_chance(&of[i]->random, 2))
            duva_abort(&of[i]->client.engine, DUVA_ERR_CANCELLED, 0);
        step(of[i]);
    }
    return count;
}

int drive_steps(struct drive *d)
{
    struct slot *slot = calloc(CONNECTIONS, sizeof(*slot));
    unsigned     i;

    if (slot == NULL)
        return 0;
    for (i = 0; i < CONNECTIONS; i++) {
        slot[i].drive = d;
        slot[i].random = random_of(d->seed, 500 + i);
        if (duva_openssl_init_like(&slot[i].tls, &d->tls) != DUVA_OK)
            return 0;
    }
    do {
        for (i = 0; i < CONNECTIONS; i++) {
            if (slot[i].is_open || drive_is_over(d))
                continue;
            begin(&slot[i]);
            if (slot[i].is_open)
                step(&slot[i]);
        }
    } while (wait_for_all(slot) > 0 || !drive_is_over(d));
    for (i = 0; i < CONNECTIONS; i++)
        duva_openssl_free(&slot[i].tls);
    free(slot);
    return 1;
}
