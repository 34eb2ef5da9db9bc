/* posix_peers.h - loopback peers, a clock and leak checks for the tests. */
/* SPDX-License-Identifier: MIT */
#ifndef POSIX_PEERS_H
#define POSIX_PEERS_H

#include <arpa/inet.h>
#include <dirent.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../../port/posix/connect.h"
#include "../../../port/posix/posix.h"

#ifdef DUVA_TEST_SOCKETS       /* the same tests for port/sockets */
#include "duva_sockets.h"
typedef duva_sockets test_link;
#define SOCKET_OF(l) ((l)->socket)
#else
typedef duva_posix test_link;
#define SOCKET_OF(l) ((l)->fd)
#endif

#define PATIENCE_MS 20000      /* what a busy machine may take for anything */

struct address {
    struct addrinfo         ai;
    struct sockaddr_storage ss;
};

/* A loopback address with a free port. */
static inline void address_init(struct address *a, int family)
{
    struct sockaddr_in  in;
    struct sockaddr_in6 in6;

    memset(a, 0, sizeof *a);
    memset(&in, 0, sizeof in);
    memset(&in6, 0, sizeof in6);
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in6.sin6_family = AF_INET6;
    in6.sin6_addr = in6addr_loopback;
    a->ai.ai_family = family;
    a->ai.ai_addr = (struct sockaddr *)&a->ss;
    if (family == AF_INET) {
        a->ai.ai_addrlen = sizeof in;
        memcpy(&a->ss, &in, sizeof in);
    } else {
        a->ai.ai_addrlen = sizeof in6;
        memcpy(&a->ss, &in6, sizeof in6);
    }
}

static inline int listen_at(struct address *a, int family, int backlog)
{
    int fd = socket(family, SOCK_STREAM, 0);

    address_init(a, family);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, a->ai.ai_addr, a->ai.ai_addrlen), 0);
    assert_int_equal(listen(fd, backlog), 0);
    assert_int_equal(getsockname(fd, a->ai.ai_addr, &a->ai.ai_addrlen), 0);
    return fd;
}

/* An address where nobody listens. */
static inline void nobody_at(struct address *a, int family)
{
    close(listen_at(a, family, 1));
}

/* An address that does not answer: its queue of connections is full, so that
 * the kernel drops every further SYN. */
struct hole {
    struct address at;
    int listener;
    int plug[8];
    int plugs;
};

static inline void hole_dig(struct hole *h, int family)
{
    struct pollfd p;

    h->listener = listen_at(&h->at, family, 0);
    for (h->plugs = 0; h->plugs < 8; h->plugs++) {
        p.fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
        p.events = POLLOUT;
        h->plug[h->plugs] = p.fd;
        connect(p.fd, h->at.ai.ai_addr, h->at.ai.ai_addrlen);
        /* The first is taken for sure, if not at once. */
        if (poll(&p, 1, h->plugs == 0 ? PATIENCE_MS : 40) == 0) {
            h->plugs++;
            return;
        }
    }
    fail_msg("the queue of a listener is never full here");
}

static inline void hole_fill(struct hole *h)
{
    while (h->plugs > 0)
        close(h->plug[--h->plugs]);
    if (h->listener >= 0)
        close(h->listener);
}

static inline const char *host_of(int family)
{
    return family == AF_INET ? "127.0.0.1" : "::1";
}

static inline void port_text(const struct address *a, char text[8])
{
    struct sockaddr_in in;     /* the port is at the same place in both */

    memcpy(&in, &a->ss, sizeof in);
    snprintf(text, 8, "%u", (unsigned)ntohs(in.sin_port));
}

/* A link and the other end of its connection. */
static inline int connected(test_link *l, int family)
{
    struct address a;
    char port[8];
    int listener = listen_at(&a, family, 1), fd;

    port_text(&a, port);
#ifdef DUVA_TEST_SOCKETS
    assert_int_equal(duva_sockets_open(l, host_of(family),
                                       (uint16_t)atoi(port), PATIENCE_MS),
                     DUVA_OK);
#else
    assert_int_equal(duva_posix_open(l, host_of(family), port, PATIENCE_MS),
                     DUVA_OK);
#endif
    fd = accept(listener, NULL, NULL);
    assert_true(fd >= 0);
    close(listener);
    return fd;
}

static inline int rd(test_link *l, void *buf, size_t len)
{
    return l->link.ops->read(&l->link, buf, len);
}

static inline int wr(test_link *l, const void *buf, size_t len)
{
    return l->link.ops->write(&l->link, buf, len);
}

static inline int wt(test_link *l, unsigned can, uint32_t ms)
{
    return l->link.ops->wait(&l->link, can, ms);
}

static inline void cl(test_link *l)
{
    l->link.ops->close(&l->link);
    assert_int_equal(SOCKET_OF(l), -1);
}

/* ---- signals, clock, descriptors ---- */

static volatile sig_atomic_t signals;

static inline void count_signal(int number)
{
    (void)number;
    signals++;
}

/* Interrupts whatever is under way, every so many microseconds; 0 stops. */
static inline void storm(long us)
{
    struct itimerval t = { { 0, us }, { 0, us } };
    struct sigaction a;

    memset(&a, 0, sizeof a);
    a.sa_handler = count_signal; /* and no SA_RESTART */
    sigaction(SIGALRM, &a, NULL);
    if (us != 0)
        signals = 0;
    setitimer(ITIMER_REAL, &t, NULL);
}

static int64_t started;

static inline void start_clock(void)
{
    started = duva__posix_now();
}

/* Never early, and late only as a busy machine is: both ends read the clock in
 * whole milliseconds, hence the 1. */
static inline int64_t took_ms(void)
{
    return duva__posix_now() - started;
}

static inline void assert_took(int64_t ms)
{
    int64_t took = took_ms();

    if (took < ms - 1 || took > ms + PATIENCE_MS)
        fail_msg("took %ld ms instead of %ld", (long)took, (long)ms);
}

static inline int open_files(void)
{
    DIR *d = opendir("/proc/self/fd");
    int n = 0;

    if (d == NULL)
        return -1;
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n;
}

static int files_before;

static inline int remember_files(void **state)
{
    (void)state;
    files_before = open_files();
    return 0;
}

static inline int compare_files(void **state)
{
    (void)state;
    storm(0);
    return open_files() == files_before ? 0 : -1;
}

#define TEST(f) \
    cmocka_unit_test_setup_teardown(f, remember_files, compare_files)

#endif
