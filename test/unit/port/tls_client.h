/* tls_client.h - a TLS adapter and a server for it, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_TLS_CLIENT_H
#define DUVA_TEST_TLS_CLIENT_H

#include "tls_adapter.h"
#include "duva/posix.h"

#include "cmocka_all.h"
#include "tls_server.h"

#include <signal.h>
#include <stdlib.h>

#define HOST "mail.example.org"
#define PEM_SIZE 4096

static struct identity authority, stranger, good;
static char            pem[PEM_SIZE];
static size_t          pem_len;

/* ---- a link that moves little at a time, now and then ---- */

struct slow {
    duva_link  link;
    duva_posix under;
    int        one;            /* an octet at a time, every other call */
    unsigned   calls;
    int        limited;        /* no more than left can be read for now */
    size_t     left;
};

static inline int slow_read(duva_link *l, void *buf, size_t len)
{
    struct slow *s = (struct slow *)l;
    int          n;

    if (s->one && s->calls++ % 2 == 0)
        return 0;
    if (s->one && len > 1)
        len = 1;
    if (s->limited && len > s->left)
        len = s->left;
    if (len == 0)
        return 0;
    n = s->under.link.ops->read(&s->under.link, buf, len);
    if (s->limited && n > 0)
        s->left -= (size_t)n;
    return n;
}

static inline int slow_write(duva_link *l, const void *buf, size_t len)
{
    struct slow *s = (struct slow *)l;

    if (s->one && s->calls++ % 2 == 0)
        return 0;
    return s->under.link.ops->write(&s->under.link, buf, s->one ? 1 : len);
}

static inline int slow_wait(duva_link *l, unsigned can, uint32_t ms)
{
    struct slow *s = (struct slow *)l;

    if (s->limited && s->left == 0)
        can &= ~(unsigned)DUVA_CAN_READ;
    return s->under.link.ops->wait(&s->under.link, can, ms);
}

static inline void slow_close(duva_link *l)
{
    struct slow *s = (struct slow *)l;

    s->under.link.ops->close(&s->under.link);
}

/* ---- one connection ---- */

static duva_tls_config config;
static adapter         tls;
static duva_tls_info   info;
static struct slow     wire;
static unsigned        waits;

static inline void adopt(int fd)
{
    static const duva_link_ops ops = {
        slow_read, slow_write, slow_wait, slow_close
    };

    assert_true(fd >= 0);
    wire.link.ops = &ops;
    assert_int_equal(duva_posix_adopt(&wire.under, fd), DUVA_OK);
}

static inline int shake(struct tls_server *s, const char *host)
{
    int n;

    adopt(server_begin(s));
    memset(&info, 0, sizeof(info));
    waits = 0;
    while ((n = tls.tls.handshake(&tls.tls, &wire.link, host, &info)) == 0) {
        assert_true(++waits < 100000);
        n = wire.link.ops->wait(&wire.link, tls.tls.want, 10000);
        assert_true(n > 0);
    }
    return n;
}

static inline void hang_up(struct tls_server *s)
{
    tls.tls.link.ops->close(&tls.tls.link);
    assert_null(tls.tls.under);
    server_end(s);
}

static inline int read_some(char *buf, size_t len)
{
    int n;

    while ((n = tls.tls.link.ops->read(&tls.tls.link, buf, len)) == 0)
        assert_true(tls.tls.link.ops->wait(&tls.tls.link, DUVA_CAN_READ, 10000)
                    > 0);
    return n;
}

static inline void write_all(const char *text, size_t len)
{
    size_t done = 0;
    int    n;

    while (done < len) {
        n = tls.tls.link.ops->write(&tls.tls.link, text + done, len - done);
        assert_true(n >= 0);
        done += (size_t)n;
        if (n == 0)
            assert_true(tls.tls.link.ops->wait(&tls.tls.link, DUVA_CAN_WRITE,
                                               10000) > 0);
    }
}

static inline void talk(size_t len)
{
    char  *sent = malloc(len), *got = malloc(len);
    size_t done = 0, i;
    int    n;

    for (i = 0; i < len; i++)
        sent[i] = (char)('a' + i % 23);
    write_all(sent, len);
    while (done < len) {
        n = read_some(got + done, len - done);
        assert_true(n > 0);
        done += (size_t)n;
    }
    assert_memory_equal(sent, got, len);
    free(sent);
    free(got);
}

/* ---- before and after each test ---- */

static inline void trust_authority(void)
{
    memset(&config, 0, sizeof(config));
    config.ca.data = pem;
    config.ca.len = pem_len;
}

static inline void begin(void)
{
    memset(&wire, 0, sizeof(wire));
    assert_int_equal(adapter_init(&tls, &config), DUVA_OK);
}

static inline void expect_good(struct tls_server *s, const char *host)
{
    assert_int_equal(shake(s, host), 1);
    talk(100);
    hang_up(s);
    assert_true(s->shaken);
}

/* Nothing but the handshake reaches a server that is not believed. */
static inline void expect_bad(struct tls_server *s, const char *host,
                              duva_reason reason)
{
    assert_int_equal(shake(s, host), DUVA_ERR_TLS);
    assert_int_equal(tls.tls.reason, reason);
    assert_int_equal(info.verified, 0);
    hang_up(s);
    assert_int_equal(s->heard, 0);
}

static inline int set_up(void **state)
{
    const struct wish w = { .name = HOST, .alt = "DNS:" HOST };

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    authority = make_authority("An authority");
    stranger = make_authority("A stranger");
    good = make_identity(w, &authority);
    pem_len = pem_of(&authority, pem, sizeof(pem));
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    forget_identity(&authority);
    forget_identity(&stranger);
    forget_identity(&good);
    return 0;
}

#endif
