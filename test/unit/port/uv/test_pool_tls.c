/* test_pool_tls.c - a pool with TLS, and TLS contexts. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "duva/openssl.h"

#include "tls_authority.h"

#include "pool_world.h"

#include "pool_proxy.h"

#include <openssl/ssl.h>

static struct identity authority, self;
static duva_tls_config trust;
static duva_openssl    shared;
static unsigned        contexts;

/* What a context holds; ctx is the password, or NULL: nobody logs in. */
struct own {
    duva_openssl       tls;
    duva_sasl_password plain;
    duva_sasl         *auth[2];
};

static int make(void *ctx, duva_pool_context *context)
{
    struct own *own = calloc(1, sizeof(*own));
    int         err;

    if (own == NULL)
        return DUVA_ERR_SPACE;
    err = duva_openssl_init_like(&own->tls, &shared);
    if (err != DUVA_OK) {
        free(own);
        return err;
    }
    if (ctx != NULL) {
        duva_sasl_plain_init(&own->plain, "ada", ctx);
        own->auth[0] = &own->plain.base;
        context->auth = own->auth;
    }
    context->tls = &own->tls.tls;
    context->own = own;
    contexts++;
    return DUVA_OK;
}

static void unmake(void *ctx, duva_pool_context *context)
{
    struct own *own = context->own;

    (void)ctx;
    duva_openssl_free(&own->tls);
    free(own);
    contexts--;
}

/* ---- a server for one connection at a time ---- */

/* Zero it, set what matters, call secure_begin(). */
struct secure {
    const struct identity *self;
    const char *ehlo, *at_auth;
    unsigned    guests;        /* then it takes no more */
    int         starttls;
    int         hushes;        /* no answer to a message: abort the pool */
    /* what came of it: to be read after secure_end() */
    unsigned    auths, messages;
    char        port[8];
    int         fd;
    pthread_t   thread;
};

/* Octets over TLS or, ssl NULL, the socket itself. */
static int give(SSL *ssl, int fd, const char *buf, size_t len)
{
    return ssl != NULL ? SSL_write(ssl, buf, (int)len)
                       : (int)send(fd, buf, len, MSG_NOSIGNAL);
}

static int take(SSL *ssl, int fd, char *buf, size_t len)
{
    return ssl != NULL ? SSL_read(ssl, buf, (int)len)
                       : (int)recv(fd, buf, len, 0);
}

/* Until the peer has said its last word, or 220 to STARTTLS. */
static void converse(struct secure *s, struct peer *peer, SSL *ssl, int fd)
{
    char   buf[1024];
    size_t len;
    int    n = 1;

    while (n > 0 && !peer->closed) {
        while ((len = peer_give(peer, buf, sizeof(buf))) > 0)
            give(ssl, fd, buf, len);
        n = take(ssl, fd, buf, sizeof(buf));
        if (n > 0)
            peer_take(peer, buf, (size_t)n);
        if (n > 0 && ssl == NULL && memcmp(buf, "STARTTLS", 8) == 0)
            break;
        if (n > 0 && s->hushes && peer->messages > 0) {
            duva_pool_stop(w->pool, DUVA_POOL_ABORT, over, NULL);
            peer->out_len = peer->out_pos = 0;
        }
    }
    while ((len = peer_give(peer, buf, sizeof(buf))) > 0)
        give(ssl, fd, buf, len);
}

static void serve(struct secure *s, SSL *ssl, int fd)
{
    struct peer *peer = calloc(1, sizeof(*peer));

    assert_non_null(peer);
    peer->at_auth = s->at_auth;
    if (s->starttls) {
        peer->ehlo = "250-peer\r\n250 STARTTLS";
        peer_begin(peer);
        converse(s, peer, NULL, fd);
    }
    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) == 1) {
        peer->ehlo = s->ehlo;
        if (!s->starttls)
            peer_begin(peer);
        converse(s, peer, ssl, fd);
        SSL_shutdown(ssl);
    }
    s->auths += peer->auths;
    s->messages += peer->messages;
    free(peer->message);
    free(peer);
}

static void *secure_run(void *arg)
{
    struct secure *s = arg;
    SSL_CTX       *context = SSL_CTX_new(TLS_server_method());
    unsigned       i;

    SSL_CTX_use_certificate(context, s->self->cert);
    SSL_CTX_use_PrivateKey(context, s->self->key);
    for (i = 0; i < s->guests; i++) {
        const int fd = accept(s->fd, NULL, NULL);
        SSL      *ssl = SSL_new(context);

        serve(s, ssl, fd);
        SSL_free(ssl);
        close(fd);
    }
    SSL_CTX_free(context);
    return NULL;
}

static void secure_begin(struct secure *s)
{
    open_server();             /* which nobody visits */
    s->fd = listen_somewhere(s->port);
    if (s->self == NULL)
        s->self = &self;
    w->to.port = s->port;
    w->to.config.tls = s->starttls ? DUVA_TLS_REQUIRED : DUVA_TLS_IMPLICIT;
    w->to.make = make;
    w->to.unmake = unmake;
    w->to.connections = 1;
    assert_int_equal(pthread_create(&s->thread, NULL, secure_run, s), 0);
}

static void secure_end(struct secure *s)
{
    pthread_join(s->thread, NULL);
    close(s->fd);
    assert_int_equal(contexts, 0);
}

/* ---- tests ---- */

static void over_tls(void **state)
{
    struct secure s = { .guests = 2 };

    (void)state;
    w->to.mails = 3;
    secure_begin(&s);
    send_mails(6);
    finish();
    secure_end(&s);
    assert_int_equal(count(DUVA_ACCEPTED), 6);
    assert_int_equal(s.messages, 6);
}

static void logged_in(void **state)
{
    struct secure s = { .guests = 2, .starttls = 1,
                        .ehlo = "250-peer\r\n250-PIPELINING\r\n"
                                "250 AUTH PLAIN" };

    (void)state;
    w->to.mails = 3;
    secure_begin(&s);
    w->to.ctx = "right";
    send_mails(6);
    finish();
    secure_end(&s);
    assert_int_equal(count(DUVA_ACCEPTED), 6);
    assert_int_equal(s.auths, 2);
}

static void by_another_name(void **state)
{
    const struct wish wish = { .alt = "DNS:mail.example" };
    struct identity   other = make_identity(wish, &authority);
    struct secure     s = { .self = &other, .guests = 1 };

    (void)state;
    secure_begin(&s);
    w->to.tls_host = "mail.example";
    send_mails(2);
    finish();
    secure_end(&s);
    assert_int_equal(count(DUVA_ACCEPTED), 2);
    forget_identity(&other);
}

/* The certificate is to name the server, of which the proxy alone knows where
 * it is.  The greeting may come with the proxy's answer. */
static void behind_a_proxy(duva_proxy_kind kind, int starttls)
{
    const struct wish wish = { .alt = "DNS:mx.nowhere.invalid" };
    struct identity   named = make_identity(wish, &authority);
    struct secure     s = { .self = &named, .guests = 2, .starttls = starttls,
                            .ehlo = "250-peer\r\n250 AUTH PLAIN" };
    struct proxy      proxy = { .kind = kind, .user = "ada",
                                .pass = "sesame", .one_breath = starttls };
    duva_pool_proxy   by = { .kind = kind, .host = "127.0.0.1",
                             .user = "ada", .pass = "sesame" };
    void             *state = NULL;

    begin(&state);
    secure_begin(&s);
    proxy_begin(&proxy);
    by.port = proxy.port;
    w->to.host = "mx.nowhere.invalid";
    w->to.proxy = &by;
    w->to.mails = 3;
    w->to.ctx = "right";
    send_mails(6);
    finish();
    proxy_end(&proxy);
    secure_end(&s);
    assert_int_equal(count(DUVA_ACCEPTED), 6);
    assert_int_equal(s.messages, 6);
    assert_int_equal(s.auths, 2);
    assert_int_equal(proxy.opened, 2);
    forget_identity(&named);
    end(&state);
}

static void through_a_proxy(void **state)
{
    int starttls;

    (void)state;
    for (starttls = 0; starttls <= 1; starttls++) {
        behind_a_proxy(DUVA_PROXY_SOCKS5, starttls);
        behind_a_proxy(DUVA_PROXY_HTTP, starttls);
    }
}

/* Nobody tries it with the same password again. */
static void wrong_password(void **state)
{
    struct secure s = { .guests = 1, .starttls = 1,
                        .ehlo = "250-peer\r\n250 AUTH PLAIN",
                        .at_auth = "535 5.7.8 no" };
    unsigned      i;

    (void)state;
    secure_begin(&s);
    w->to.ctx = "wrong";
    w->to.tries = 3;
    send_mails(4);
    finish();
    secure_end(&s);
    assert_int_equal(count(DUVA_REFUSED), 4);
    assert_int_equal(s.auths, 1);
    for (i = 0; i < 4; i++) {
        const duva_result *r = &w->letter[i].m.job.mail.result;

        assert_int_equal(r->err, DUVA_ERR_REJECTED);
        assert_int_equal(r->status.code, 535);
        assert_int_equal(r->status.stage, DUVA_STAGE_AUTH);
    }
}

static void not_believed(void **state)
{
    const struct wish wish = { .alt = "IP:127.0.0.1" };
    struct identity   stranger = make_authority("stranger");
    struct identity   other = make_identity(wish, &stranger);
    struct secure     s = { .self = &other, .guests = 2 };
    unsigned          i;

    (void)state;
    secure_begin(&s);
    w->to.tries = 2;
    send_mails(3);
    finish();
    secure_end(&s);
    assert_int_equal(count(DUVA_RETRY), 3);
    for (i = 0; i < 3; i++) {
        const duva_result *r = &w->letter[i].m.job.mail.result;

        assert_int_equal(r->err, DUVA_ERR_TLS);
        assert_int_equal(r->reason, DUVA_REASON_CERT_UNTRUSTED);
    }
    assert_int_equal(s.messages, 0);
    forget_identity(&other);
    forget_identity(&stranger);
}

/* The message is out, its answer is not: nobody knows.  The others wait. */
static void aborted(void **state)
{
    struct secure s = { .guests = 1, .hushes = 1 };
    unsigned      i;

    (void)state;
    w->to.config.window = 0;
    secure_begin(&s);
    send_mails(3);
    run();
    secure_end(&s);
    assert_int_equal(w->letter[0].m.job.mail.result.verdict, DUVA_UNCERTAIN);
    for (i = 1; i < 3; i++) {
        assert_int_equal(w->letter[i].m.job.mail.result.verdict, DUVA_RETRY);
        assert_int_equal(w->letter[i].m.job.mail.result.err,
                         DUVA_ERR_CANCELLED);
    }
}

/* ---- all of them ---- */

static int set_up(void **state)
{
    const struct wish wish = { .alt = "IP:127.0.0.1" };
    static char       pem[4096];

    (void)state;
    authority = make_authority("pool");
    self = make_identity(wish, &authority);
    trust.ca.data = pem;
    trust.ca.len = pem_of(&authority, pem, sizeof(pem));
    return duva_openssl_init(&shared, &trust);
}

static int tear_down(void **state)
{
    (void)state;
    duva_openssl_free(&shared);
    forget_identity(&self);
    forget_identity(&authority);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(over_tls),
        TEST(logged_in),
        TEST(by_another_name),
        cmocka_unit_test(through_a_proxy),
        TEST(wrong_password),
        TEST(not_believed),
        TEST(aborted),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
