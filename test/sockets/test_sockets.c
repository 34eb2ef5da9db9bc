/* test_sockets.c - how the link of port/sockets is opened. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "posix_peers.h"

#include <errno.h>

struct addrinfo *faked_list;
int              faked_result, faked_lists, faked_code;
unsigned         faked_short;

static int open_for(duva_sockets *l, uint32_t ms)
{
    const int n = duva_sockets_open(l, "mail.example", 25, ms);

    assert_int_equal(faked_lists, 0);
    if (n != DUVA_OK)
        assert_int_equal(l->socket, DUVA_SOCKET_NONE);
    return n;
}

static void opens_each_family(void **state)
{
    static const int families[] = { AF_INET, AF_INET6 };
    struct address   a;
    duva_sockets     l;
    char             c;
    int              listener, fd, i;

    (void)state;
    for (i = 0; i < 2; i++) {
        listener = listen_at(&a, families[i], 1);
        faked_list = &a.ai;
        faked_short = 3;
        assert_int_equal(open_for(&l, PATIENCE_MS), DUVA_OK);
        fd = accept(listener, NULL, NULL);
        assert_int_equal(rd(&l, &c, 1), 0);
        assert_int_equal(wr(&l, "x", 1), 1);
        assert_int_equal(recv(fd, &c, 1, 0), 1);
        assert_int_equal(send(fd, "y", 1, 0), 1);
        faked_short = 5;
        assert_int_equal(wt(&l, DUVA_CAN_READ, PATIENCE_MS), DUVA_CAN_READ);
        assert_int_equal(rd(&l, &c, 1), 1);
        cl(&l);
        cl(&l);
        assert_int_equal(wr(&l, "x", 1), DUVA_ERR_IO);
        close(fd);
        close(listener);
    }
}

/* The family that was accepted, of a list of IPv4 and then IPv6. */
static int opened(struct address *four, struct address *six, uint32_t ms)
{
    struct sockaddr_storage peer;
    socklen_t               len = sizeof peer;
    duva_sockets            l;

    four->ai.ai_next = &six->ai;
    faked_list = &four->ai;
    assert_int_equal(open_for(&l, ms), DUVA_OK);
    assert_int_equal(getpeername(l.socket, (struct sockaddr *)&peer, &len), 0);
    cl(&l);
    return peer.ss_family;
}

static void prefers_ipv6(void **state)
{
    struct address four, six;
    int            listeners[2] = { listen_at(&four, AF_INET, 1),
                                    listen_at(&six, AF_INET6, 1) };

    (void)state;
    assert_int_equal(opened(&four, &six, PATIENCE_MS), AF_INET6);
    close(listeners[1]);
    assert_int_equal(opened(&four, &six, PATIENCE_MS), AF_INET);
    close(listeners[0]);
}

static void goes_on_after_a_silent_address(void **state)
{
    struct address four;
    struct hole    six;
    int            listener = listen_at(&four, AF_INET, 1);

    (void)state;
    hole_dig(&six, AF_INET6);
    assert_int_equal(opened(&four, &six.at, PATIENCE_MS), AF_INET);
    hole_fill(&six);
    close(listener);
}

static void tells_why_it_failed(void **state)
{
    struct address a;
    struct hole    h;
    duva_sockets   l;

    (void)state;
    nobody_at(&a, AF_INET);
    faked_list = &a.ai;
    assert_int_equal(open_for(&l, PATIENCE_MS), DUVA_ERR_CONNECT);
    assert_int_equal(l.link.cause, ECONNREFUSED);
    faked_code = ENOBUFS;
    assert_int_equal(open_for(&l, PATIENCE_MS), DUVA_ERR_RESOURCES);
    assert_int_equal(l.link.cause, ENOBUFS);
    faked_code = ENETUNREACH;
    assert_int_equal(open_for(&l, PATIENCE_MS), DUVA_ERR_CONNECT);
    faked_code = 0;
    faked_result = 7;
    assert_int_equal(open_for(&l, PATIENCE_MS), DUVA_ERR_RESOLVE);
    assert_int_equal(l.link.cause, 7);
    faked_result = 0;
    hole_dig(&h, AF_INET);
    faked_list = &h.at.ai;
    start_clock();
    assert_int_equal(open_for(&l, 100), DUVA_ERR_TIMEOUT);
    assert_took(100);
    assert_int_equal(open_for(&l, 0), DUVA_ERR_TIMEOUT);
    hole_fill(&h);
    a.ai.ai_family = 9999;
    faked_list = &a.ai;
    assert_int_equal(open_for(&l, PATIENCE_MS), DUVA_ERR_CONNECT);
    assert_int_equal(l.link.cause, EAFNOSUPPORT);
}

static void adopts_a_socket(void **state)
{
    duva_sockets l;
    int          pair[2];
    char         c;

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    duva_sockets_adopt(&l, pair[0]);
    assert_int_equal(wr(&l, "x", 1), 1);
    assert_int_equal(recv(pair[1], &c, 1, 0), 1);
    close(pair[1]);
    assert_int_equal(wt(&l, DUVA_CAN_READ, PATIENCE_MS), DUVA_CAN_READ);
    assert_int_equal(rd(&l, &c, 0), 0);
    assert_int_equal(rd(&l, &c, 1), DUVA_ERR_CLOSED);
    cl(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(opens_each_family), TEST(prefers_ipv6),
        TEST(goes_on_after_a_silent_address), TEST(tells_why_it_failed),
        TEST(adopts_a_socket)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
