/* test_pool_tls.c - a pool whose connections are secured, and wear kits. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "duva/openssl.h"

#include "tls_authority.h"

#include "pool_world.h"

#include <openssl/ssl.h>

static struct identity authority, self;
static duva_tls_config trust;
static unsigned        kits;

static int make(void *ctx, duva_kit *kit)
{
    duva_openssl *t = malloc(sizeof(*t));
    int           err;

    (void)ctx;
    if (t == NULL)
        return DUVA_ERR_SPACE;
    err = duva_openssl_init(t, &trust);
    if (err != DUVA_OK) {
        free(t);
        return err;
    }
    kit->tls = &t->tls;
    kit->own = t;
    kits++;
    return DUVA_OK;
}

static void unmake(void *ctx, duva_kit *kit)
{
    (void)ctx;
    duva_openssl_free(kit->own);
    free(kit->own);
    kits--;
}

static void converse(SSL *ssl)
{
    struct peer *peer = calloc(1, sizeof(*peer));
    char         buf[1024];
    size_t       len;
    int          n = 1;

    peer_begin(peer);
    while (n > 0) {
        while ((len = peer_give(peer, buf, sizeof(buf))) > 0)
            SSL_write(ssl, buf, (int)len);
        if (peer->closed)
            break;
        n = SSL_read(ssl, buf, sizeof(buf));
        if (n > 0)
            peer_take(peer, buf, (size_t)n);
    }
    SSL_shutdown(ssl);
    free(peer->message);
    free(peer);
}

/* Two connections, one after the other. */
static void *secure_server(void *arg)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    int      i;

    SSL_CTX_use_certificate(context, self.cert);
    SSL_CTX_use_PrivateKey(context, self.key);
    for (i = 0; i < 2; i++) {
        const int fd = accept(*(int *)arg, NULL, NULL);
        SSL      *ssl = SSL_new(context);

        SSL_set_fd(ssl, fd);
        if (SSL_accept(ssl) == 1)
            converse(ssl);
        SSL_free(ssl);
        close(fd);
    }
    SSL_CTX_free(context);
    return NULL;
}

static void over_tls(void **state)
{
    const struct wish wish = { .alt = "IP:127.0.0.1" };
    char      port[8], pem[4096];
    int       fd = listen_somewhere(port);
    pthread_t thread;

    (void)state;
    authority = make_authority("pool");
    self = make_identity(wish, &authority);
    trust.ca.data = pem;
    trust.ca.len = pem_of(&authority, pem, sizeof(pem));
    open_server();
    assert_int_equal(pthread_create(&thread, NULL, secure_server, &fd), 0);
    w->to.port = port;
    w->to.config.tls = DUVA_TLS_IMPLICIT;
    w->to.make = make;
    w->to.unmake = unmake;
    w->to.connections = 1;
    w->to.mails = 3;
    send_mails(6);
    finish();
    pthread_join(thread, NULL);
    close(fd);
    assert_int_equal(count(DUVA_ACCEPTED), 6);
    assert_int_equal(kits, 0);
    forget_identity(&self);
    forget_identity(&authority);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(over_tls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
