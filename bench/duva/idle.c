/* idle.c - the memory of connections that wait for mails, in octets. */
/* SPDX-License-Identifier: MIT */
/*
 *     duva_idle HOST PORT CONNECTIONS [AUTHORITY]
 *
 * Sends a mail on each connection of a pool and, when all of them are idle,
 * prints how much each has added to the program's resident memory.  With an
 * authority (PEM) they are secured by STARTTLS.
 */
#define _GNU_SOURCE

#include <duva/openssl.h>
#include <duva/pool.h>
#include <duva/posix.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

struct letter {
    duva_pool_mail m;
    duva_rcpt      rcpt;
    duva_memory    text;
};

static duva_openssl    first;
static duva_tls_config trust;
static long            before;
static unsigned long   refused;

static long resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long  all, pages = 0;

    if (file == NULL || fscanf(file, "%ld %ld", &all, &pages) != 2)
        exit(1);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static int make(void *ctx, duva_pool_context *context)
{
    duva_openssl *t = malloc(sizeof(*t));

    (void)ctx;
    if (t == NULL)
        return DUVA_ERR_SPACE;
    context->tls = &t->tls;
    context->own = t;
    return duva_openssl_init_like(t, &first);
}

static void unmake(void *ctx, duva_pool_context *context)
{
    (void)ctx;
    duva_openssl_free(context->own);
    free(context->own);
}

static void done(duva_pool_mail *m)
{
    refused += m->job.mail.result.verdict != DUVA_ACCEPTED;
}

static void hand_in(duva_pool *pool, struct letter *l, duva_pool_route *to)
{
    l->text.data = "Subject: idle\r\n\r\nidle\r\n";
    l->text.len = strlen(l->text.data);
    l->rcpt.addr = "ada@server.example";
    l->m.job.mail.from = "idle@client.example";
    l->m.job.mail.rcpt = &l->rcpt;
    l->m.job.mail.rcpt_count = 1;
    l->m.job.source = duva_memory_read;
    l->m.job.source_ctx = &l->text;
    l->m.to = to;
    l->m.done = done;
    if (duva_pool_send(pool, &l->m) != DUVA_OK)
        exit(1);
}

int main(int argc, char **argv)
{
    const unsigned long count = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
    duva_pool_route     to = { .config = { .name = "client.example",
                                           .tls = DUVA_TLS_NEVER } };
    duva_pool_progress  now = { 0 };
    struct letter      *letters = calloc(count + 1, sizeof(*letters));
    duva_pool          *pool = duva_pool_new(uv_default_loop());
    unsigned long       i;

    if (count == 0 || letters == NULL || pool == NULL)
        return 64;
    to.host = argv[1];
    to.port = argv[2];
    to.connections = (uint32_t)count;
    to.idle_ms = 600000;
    if (argc > 4) {
        trust.ca_file = argv[4];
        if (duva_openssl_init(&first, &trust) != DUVA_OK)
            return 1;
        to.config.tls = DUVA_TLS_REQUIRED;
        to.make = make;
        to.unmake = unmake;
    }
    memset(letters, 1, count * sizeof(*letters)); /* they are not counted */
    memset(letters, 0, count * sizeof(*letters));
    before = resident();
    for (i = 0; i < count; i++)
        hand_in(pool, &letters[i], &to);
    while (now.idle < count && refused == 0) {
        uv_run(uv_default_loop(), UV_RUN_ONCE);
        duva_pool_look(pool, &now);
    }
    if (refused > 0)
        return 1;
    printf("%ld\n", (resident() - before) / (long)count);
    duva_pool_stop(pool, DUVA_POOL_FINISH, NULL, NULL);
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    return duva_pool_free(pool) != DUVA_OK;
}
