/* drive_pool.c - hands mails from several threads to one pool after another. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "drive.h"

#include <duva/pool.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uv.h>

enum { ROUTES = 8, PRODUCERS = 8, AT_A_TIME = 2000, POOL_MAILS = 1500 };

struct pooled {
    duva_pool_mail    pooled;
    struct test_mail *mail;
    struct pools     *pools;
};

/* The pools of a run, of which there is one at a time. */
struct pools {
    struct drive   *drive;
    duva_pool      *pool;
    duva_pool_route route[ROUTES];
    struct way      way[ROUTES];
    duva_pool_proxy proxy[2];
    struct random   random;
    pthread_mutex_t lock;
    unsigned        out;       /* mails in the pool, under the lock */
    unsigned        handed;    /* to this pool, under the lock */
    unsigned        most;      /* to this pool */
    int             over, stopped;
    unsigned        producers;
    pthread_t       producer[PRODUCERS], stopper;
    uint8_t         early, abort, finish; /* how it is stopped */
    struct timespec delay;
};

/* What a connection has for itself. */
struct own {
    duva_openssl       tls;
    duva_sasl_password password;
    duva_sasl         *auth[2];
};

static int make_context(void *ctx, duva_pool_context *context)
{
    struct own *own = calloc(1, sizeof(*own));
    struct pools *p = ctx;

    if (own == NULL)
        return DUVA_ERR_SPACE;
    if (duva_openssl_init_like(&own->tls, &p->drive->tls) != DUVA_OK) {
        free(own);
        return DUVA_ERR_TLS;
    }
    duva_sasl_plain_init(&own->password, "soak", "secret");
    own->auth[0] = &own->password.base;
    context->tls = &own->tls.tls;
    context->auth = NULL;
    context->own = own;
    return DUVA_OK;
}

static int make_context_with_login(void *ctx, duva_pool_context *context)
{
    const int err = make_context(ctx, context);

    if (err == DUVA_OK)
        context->auth = ((struct own *)context->own)->auth;
    return err;
}

static void unmake_context(void *ctx, duva_pool_context *context)
{
    struct own *own = context->own;

    (void)ctx;
    duva_openssl_free(&own->tls);
    free(own);
}

static void make_route(struct pools *p, unsigned i)
{
    duva_pool_route *r = &p->route[i];
    struct way      *w = &p->way[i];

    *w = way_random(&p->random);
    memset(r, 0, sizeof(*r));
    r->host = "127.0.0.1";
    r->tls_host = "localhost";
    r->port = p->drive->server->port[w->door];
    r->config = drive_config(p->drive, w, &p->random);
    if (w->door == DOOR_PROXY)
        r->proxy = &p->proxy[w->proxy];
    if (w->tls != DUVA_TLS_NEVER) {
        r->make = w->auth ? make_context_with_login : make_context;
        r->unmake = unmake_context;
        r->ctx = p;
    }
    r->connections = 4 + random_below(&p->random, 16);
    r->mails = random_chance(&p->random, 300) ? 1 + random_below(&p->random, 9)
                                              : 0;
    r->tries = 1 + random_below(&p->random, TRIES);
    r->backoff_ms = 1 + random_below(&p->random, 10);
    r->backoff_max_ms = 40;
    r->connect_ms = CONNECT_MS;
    r->idle_ms = 200;
    r->buffer = random_below(&p->random, 2) ? 512 : 0;
}

/* ---- mails ---- */

static void count_back(struct pools *p)
{
    pthread_mutex_lock(&p->lock);
    p->out--;
    pthread_mutex_unlock(&p->lock);
}

/* One mail more is in the pool: the how many-th. */
static unsigned count_out(struct pools *p)
{
    unsigned number;

    pthread_mutex_lock(&p->lock);
    p->out++;
    number = p->handed++;
    pthread_mutex_unlock(&p->lock);
    return number;
}

static void done(duva_pool_mail *pooled)
{
    struct pooled    *m = pooled->ctx;
    struct pools     *p = m->pools;
    struct test_mail *mail = m->mail;

    mail->job = pooled->job;
    drive_sent(p->drive, mail);
    if (mail->tries < TRIES && mail_wants_retry(mail)) {
        mail_begin(mail);
        pooled->job = mail->job;
        if (duva_pool_send(p->pool, pooled) == DUVA_OK)
            return;            /* it is in the pool again */
    }
    drive_done(p->drive, mail);
    free(m);
    count_back(p);
}

static int is_stopped(struct pools *p)
{
    int stopped;

    pthread_mutex_lock(&p->lock);
    stopped = p->stopped;
    pthread_mutex_unlock(&p->lock);
    return stopped;
}

/* Gives the mail to the pool, which may have been stopped. */
static int hand_in(struct pools *p, struct pooled *m, unsigned route)
{
    m->pools = p;
    m->pooled.job = m->mail->job;
    if (p->way[route].door == DOOR_PROXY
        && m->pooled.job.direct == duva_extent_direct)
        m->pooled.job.direct = NULL;
    m->pooled.to = &p->route[route];
    m->pooled.done = done;
    m->pooled.ctx = m;
    if (duva_pool_send(p->pool, &m->pooled) == DUVA_OK)
        return 1;
    p->drive->ledger->entry[m->mail->plan.id].handed = 0;
    drive_done(p->drive, m->mail);
    return 0;
}

/* 0: there is nothing left to do for a producer. */
static int produce_one(struct pools *p)
{
    const unsigned route = count_out(p) % ROUTES;
    struct pooled *m = calloc(1, sizeof(*m));

    if (m != NULL)
        m->mail = drive_next(p->drive, p->way[route].door == DOOR_LMTP);
    if (m != NULL && m->mail != NULL && hand_in(p, m, route))
        return 1;
    free(m);
    count_back(p);
    return !drive_is_over(p->drive) && !is_stopped(p);
}

static void *produce(void *arg)
{
    const struct timespec pause = { 0, 300000 };
    struct pools         *p = arg;
    unsigned              out, handed;

    do {
        pthread_mutex_lock(&p->lock);
        out = p->out;
        handed = p->handed;
        pthread_mutex_unlock(&p->lock);
        if (handed >= p->most)
            return NULL;
        if (out >= AT_A_TIME)
            nanosleep(&pause, NULL);
    } while (out >= AT_A_TIME || produce_one(p));
    return NULL;
}

/* ---- pools ---- */

static void is_over(void *ctx)
{
    ((struct pools *)ctx)->over++;
}

/* Ends the pool when the producers have ended, or earlier, in each way. */
static void *stop(void *arg)
{
    struct pools *p = arg;
    unsigned      i;

    if (!p->early)
        for (i = 0; i < p->producers; i++)
            pthread_join(p->producer[i], NULL);
    nanosleep(&p->delay, NULL);
    pthread_mutex_lock(&p->lock);
    p->stopped = 1;
    pthread_mutex_unlock(&p->lock);
    if (p->finish)
        duva_pool_stop(p->pool, DUVA_POOL_FINISH, is_over, p);
    if (p->abort)
        duva_pool_stop(p->pool, DUVA_POOL_ABORT, is_over, p);
    if (p->early)
        for (i = 0; i < p->producers; i++)
            pthread_join(p->producer[i], NULL);
    return NULL;
}

static int start_threads(struct pools *p)
{
    struct random *r = &p->random;
    unsigned       i;

    p->early = random_chance(r, 200);
    p->abort = random_chance(r, 300);
    p->finish = !p->abort || random_chance(r, 500);
    p->delay.tv_nsec = random_chance(r, 500) ? 0
                             : (long)random_below(r, 90000000);
    p->producers = p->drive->threads < PRODUCERS ? p->drive->threads
                                                 : PRODUCERS;
    for (i = 0; i < p->producers; i++)
        if (pthread_create(&p->producer[i], NULL, produce, p) != 0)
            return 0;
    return pthread_create(&p->stopper, NULL, stop, p) == 0;
}

/* One pool, from its making to its end. */
static int run_pool(struct pools *p, uv_loop_t *loop)
{
    unsigned i;

    for (i = 0; i < ROUTES; i++)
        make_route(p, i);
    p->pool = duva_pool_new(loop);
    if (p->pool == NULL)
        return 0;
    p->handed = p->out = 0;
    p->over = p->stopped = 0;
    p->most = 1 + random_below(&p->random, POOL_MAILS);
    if (!start_threads(p))
        return 0;
    if (soak_shim_enable != NULL)
        soak_shim_enable(1);
    uv_run(loop, UV_RUN_DEFAULT);
    if (soak_shim_enable != NULL)
        soak_shim_enable(0);
    pthread_join(p->stopper, NULL);
    uv_run(loop, UV_RUN_DEFAULT);
    if (p->over != 1 || p->out != 0)
        fprintf(stderr, "soak: a pool was over %d times, with %u mails\n",
                p->over, p->out);
    return duva_pool_free(p->pool) == DUVA_OK;
}

int drive_pool(struct drive *d)
{
    static struct pools p;
    uv_loop_t           loop;
    int                 good = 1;

    p.drive = d;
    p.random = random_of(d->seed, 900);
    pthread_mutex_init(&p.lock, NULL);
    p.proxy[0] = (duva_pool_proxy){ DUVA_PROXY_SOCKS5, "127.0.0.1",
                                    d->server->port[DOOR_PROXY], NULL, NULL };
    p.proxy[1] = p.proxy[0];
    p.proxy[1].kind = DUVA_PROXY_HTTP;
    if (uv_loop_init(&loop) != 0)
        return 0;
    while (good && !drive_is_over(d))
        good = run_pool(&p, &loop);
    uv_loop_close(&loop);
    uv_library_shutdown();
    return good;
}
