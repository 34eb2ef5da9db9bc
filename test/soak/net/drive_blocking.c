/* drive_blocking.c - threads that send over connections of their own. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "drive.h"

#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 64, GROUP = 12 };

struct worker {
    struct drive *drive;
    struct random random;
    duva_openssl  tls;
    duva_sasl_password password;
    duva_sasl    *auth[2];
    struct test_mail *mail[GROUP];
    unsigned      count;
    int           lmtp;        /* the mails are for LMTP */
};

/* A connection with what is under it. */
struct connection {
    struct way       way;
    duva_config      config;
    duva_posix       socket;
    duva_proxy       proxy;
    duva_proxy_route route;
    duva_client      client;
    uint8_t          buffer[4096];
};

static duva_sasl *const *auth_of(struct worker *w, int auth)
{
    if (auth == 0)
        return NULL;
    if (auth == 1)
        duva_sasl_plain_init(&w->password, "soak", "secret");
    else
        duva_sasl_login_init(&w->password, "soak", "secret");
    w->auth[0] = &w->password.base;
    return w->auth;
}

static int pass_proxy(struct connection *c)
{
    duva_link *under = &c->socket.link;
    int        n;

    memset(&c->route, 0, sizeof(c->route));
    c->route.kind = c->way.proxy;
    c->route.host = "localhost";
    c->route.port = 25;
    if (duva_proxy_begin(&c->proxy, under, &c->route) != DUVA_OK)
        return 0;
    while ((n = duva_proxy_step(&c->proxy)) == 0)
        if (under->ops->wait(under, c->proxy.want, CONNECT_MS) <= 0)
            return 0;
    c->client.link = &c->proxy.link;
    return n == 1;
}

/* 0: nobody is there. */
static int open_connection(struct worker *w, struct connection *c)
{
    static const uint16_t buffer[] = { 64, 256, 1024, 4096 };
    struct drive         *d = w->drive;

    memset(c, 0, sizeof(*c));
    do
        c->way = way_random(&w->random);
    while ((c->way.door == DOOR_LMTP) != w->lmtp);
    c->config = drive_config(d, &c->way, &w->random);
    if (duva_posix_open(&c->socket, "127.0.0.1", d->server->port[c->way.door],
                        CONNECT_MS) != DUVA_OK)
        return 0;
    c->client.link = &c->socket.link;
    c->client.tls = &w->tls.tls;
    c->client.host = "localhost";
    c->client.auth = auth_of(w, c->way.auth);
    if ((c->way.door == DOOR_PROXY && !pass_proxy(c))
        || duva_client_init(&c->client, &c->config, c->buffer,
                            buffer[random_below(&w->random, 4)])
               != DUVA_OK) {
        c->socket.link.ops->close(&c->socket.link);
        return 0;
    }
    return 1;
}

/* ---- groups of mails ---- */

static void fill(struct worker *w, unsigned count)
{
    while (w->count < count) {
        struct test_mail *m = drive_next(w->drive, w->lmtp);

        if (m == NULL)
            return;
        w->mail[w->count++] = m;
    }
}

/* Those that are to be sent again stay, ready for that. */
static void settle(struct worker *w)
{
    unsigned i, left = 0;

    for (i = 0; i < w->count; i++) {
        struct test_mail *m = w->mail[i];

        drive_sent(w->drive, m);
        if (m->tries < TRIES && mail_wants_retry(m)) {
            mail_begin(m);
            w->mail[left++] = m;
        } else {
            drive_done(w->drive, m);
        }
    }
    w->count = left;
}

/* Over a proxy the kernel cannot send a file by itself. */
static void plain_sources(struct worker *w, const struct connection *c)
{
    unsigned i;

    for (i = 0; i < w->count; i++)
        if (c->way.door == DOOR_PROXY
            && w->mail[i]->job.direct == duva_extent_direct)
            w->mail[i]->job.direct = NULL; /* from now on */
}

static void send_all(struct worker *w, struct connection *c)
{
    duva_job job[GROUP];
    unsigned i;

    for (i = 0; i < w->count; i++)
        job[i] = w->mail[i]->job;
    duva_send_mails(&c->client, job, w->count);
    for (i = 0; i < w->count; i++)
        w->mail[i]->job = job[i];
}

static void send_each(struct worker *w, struct connection *c)
{
    unsigned i;

    for (i = 0; i < w->count; i++) {
        duva_job *job = &w->mail[i]->job;

        c->client.direct = job->direct;
        duva_send_mail(&c->client, &job->mail, job->source, job->source_ctx);
    }
}

/* By duva_send(), which opens its connection itself. */
static void send_alone(struct worker *w)
{
    struct drive *d = w->drive;
    struct way    way = { DOOR_LMTP, DUVA_TLS_IF_OFFERED, DUVA_PROXY_HTTP, 0 };
    duva_route    to;
    duva_job     *job = &w->mail[0]->job;

    if (!w->lmtp && random_below(&w->random, 2)) {
        way.door = DOOR_SMTPS;
        way.tls = DUVA_TLS_IMPLICIT;
    } else if (!w->lmtp) {
        way.door = DOOR_SMTP;
    }
    memset(&to, 0, sizeof(to));
    to.host = "localhost";
    to.port = d->server->port[way.door];
    to.tls = &w->tls.tls;
    to.connect_ms = CONNECT_MS;
    to.session_ms = random_chance(&w->random, 100) ? 300 : 0;
    to.config = drive_config(d, &way, &w->random);
    duva_send(&to, &job->mail, job->source, job->source_ctx);
}

static void send_group(struct worker *w)
{
    struct connection *c = malloc(sizeof(*c));

    if (c == NULL)
        return;
    while (!open_connection(w, c))
        ;
    plain_sources(w, c);
    if (random_below(&w->random, 2))
        send_all(w, c);
    else
        send_each(w, c);
    duva_close(&c->client);
    free(c);
}

static void *work(void *arg)
{
    struct worker *w = arg;

    for (;;) {
        if (w->count == 0) {
            w->lmtp = random_chance(&w->random, 200);
            fill(w, 1 + random_below(&w->random, GROUP));
        }
        if (w->count == 0)
            break;
        if (w->count == 1 && random_below(&w->random, 2))
            send_alone(w);
        else
            send_group(w);
        settle(w);
    }
    duva_openssl_free(&w->tls);
    return NULL;
}

int drive_blocking(struct drive *d)
{
    static struct worker worker[THREADS_MAX];
    pthread_t            thread[THREADS_MAX];
    unsigned             i, count = d->threads;

    if (count > THREADS_MAX)
        count = THREADS_MAX;
    for (i = 0; i < count; i++) {
        worker[i].drive = d;
        worker[i].random = random_of(d->seed, 300 + i);
        if (duva_openssl_init_like(&worker[i].tls, &d->tls) != DUVA_OK
            || pthread_create(&thread[i], NULL, work, &worker[i]) != 0)
            return 0;
    }
    for (i = 0; i < count; i++)
        pthread_join(thread[i], NULL);
    return 1;
}
