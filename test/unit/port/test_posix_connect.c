/* test_posix_connect.c - connection attempts, one after another and in
 * parallel. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>

#include "posix_peers.h"

/* ---- opening ---- */

static void check_open(int family, const char *format)
{
    duva_posix l;
    char port[8], want[64], peer[64], c = 0;
    struct address a;
    int listener = listen_at(&a, family, 1), fd, on = 0;
    socklen_t len = sizeof on;

    port_text(&a, port);
    assert_int_equal(duva_posix_open(&l, host_of(family), port, PATIENCE_MS),
                     DUVA_OK);
    assert_int_equal(l.link.cause, 0);
    fd = accept(listener, NULL, NULL);
    assert_true(fcntl(l.fd, F_GETFL) & O_NONBLOCK);
    assert_true(fcntl(l.fd, F_GETFD) & FD_CLOEXEC);
    getsockopt(l.fd, IPPROTO_TCP, TCP_NODELAY, &on, &len);
    assert_int_not_equal(on, 0);
    snprintf(want, sizeof want, format, port);
    assert_int_equal(duva_posix_peer(&l, peer, sizeof peer), DUVA_OK);
    assert_string_equal(peer, want);
    assert_int_equal(duva_posix_is_loopback(&l), 1);
    assert_int_equal(wr(&l, "x", 1), 1);
    assert_int_equal(recv(fd, &c, 1, 0), 1);
    assert_int_equal(c, 'x');
    assert_int_equal(rd(&l, &c, 1), 0);
    assert_int_equal(send(fd, "y", 1, 0), 1);
    assert_int_equal(wt(&l, DUVA_CAN_READ, PATIENCE_MS), DUVA_CAN_READ);
    assert_int_equal(rd(&l, &c, 1), 1);
    assert_int_equal(c, 'y');
    cl(&l);
    close(fd);
    close(listener);
}

static void opens_ipv4(void **state)
{
    (void)state;
    check_open(AF_INET, "127.0.0.1:%s");
}

static void opens_ipv6(void **state)
{
    (void)state;
    check_open(AF_INET6, "[::1]:%s");
}

static void says_that_nobody_listens(void **state)
{
    duva_posix l;
    struct address a;
    char port[8];

    (void)state;
    nobody_at(&a, AF_INET);
    port_text(&a, port);
    assert_int_equal(duva_posix_open(&l, "127.0.0.1", port, PATIENCE_MS),
                     DUVA_ERR_CONNECT);
    assert_int_equal(l.link.cause, ECONNREFUSED);
    cl(&l);
}

static void says_that_a_name_is_unknown(void **state)
{
    duva_posix l;
    char host[400];

    (void)state;
    memset(host, 'a', sizeof host - 1); /* no question for a name server */
    host[sizeof host - 1] = '\0';
    assert_int_equal(duva_posix_open(&l, host, "25", 1), DUVA_ERR_RESOLVE);
    assert_int_not_equal(l.link.cause, 0);
    assert_in_range(l.resolve_us, 0, 60 * 1000000);
    assert_int_equal(duva_posix_open(&l, "127.0.0.1", "no-such-port", 1),
                     DUVA_ERR_RESOLVE);
    assert_int_equal(l.link.cause, EAI_SERVICE);
    assert_int_equal(duva_posix_open(&l, NULL, "25", 1), DUVA_ERR_ARG);
    assert_int_equal(duva_posix_open(&l, "127.0.0.1", NULL, 1), DUVA_ERR_ARG);
    assert_int_equal(l.resolve_us, 0);
    cl(&l);
}

static void gives_up_when_nobody_answers(void **state)
{
    duva_posix l;
    struct hole h;
    char port[8];

    (void)state;
    hole_dig(&h, AF_INET);
    port_text(&h.at, port);
    start_clock();
    assert_int_equal(duva_posix_open(&l, "127.0.0.1", port, 300),
                     DUVA_ERR_TIMEOUT);
    assert_took(300);
    assert_int_equal(l.link.cause, ETIMEDOUT);
    hole_fill(&h);
}

/* ---- the race ---- */

static void chain(struct address *const list[], size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        list[i]->ai.ai_next = i + 1 < n ? &list[i + 1]->ai : NULL;
}

static int run_race(duva_posix *l, struct address *const list[], size_t n,
                    int64_t ms)
{
    chain(list, n);
    duva__posix_init(l);
    start_clock();
    return duva__posix_connect(l, &list[0]->ai, started + ms);
}

static void is_not_stopped_by_signals(void **state)
{
    struct hole silent;
    struct address *const list[] = { &silent.at };
    duva_posix l;

    (void)state;
    hole_dig(&silent, AF_INET);
    storm(500);
    assert_int_equal(run_race(&l, list, 1, 200), DUVA_ERR_TIMEOUT);
    assert_took(200);
    storm(0);
    assert_true(signals > 3);
    hole_fill(&silent);
}

static void goes_round_a_silent_address(void **state)
{
    struct hole silent;
    struct address good;
    int listener = listen_at(&good, AF_INET, 1), files;
    struct address *const list[] = { &silent.at, &good };
    duva_posix l;

    (void)state;
    hole_dig(&silent, AF_INET6);
    files = open_files();
    assert_int_equal(run_race(&l, list, 2, PATIENCE_MS), DUVA_OK);
    assert_took(250);
    assert_int_equal(open_files(), files + 1);
    assert_int_equal(l.link.cause, 0);
    cl(&l);
    hole_fill(&silent);
    close(listener);
}

/* The answers are 6a 6b 4a 4b, so the race must be 6a 4a 6b 4b. */
static void lets_the_families_take_turns(void **state)
{
    int who;

    (void)state;
    for (who = 0; who < 2; who++) {
        struct hole h[3];
        struct address good;
        int family = who == 0 ? AF_INET6 : AF_INET;
        int listener = listen_at(&good, family, 1), i;
        struct address *const six_b[] = {
            &h[0].at, &good, &h[1].at, &h[2].at
        };
        struct address *const four_b[] = {
            &h[0].at, &h[1].at, &h[2].at, &good
        };
        duva_posix l;

        hole_dig(&h[0], AF_INET6);
        hole_dig(&h[1], who == 0 ? AF_INET : AF_INET6);
        hole_dig(&h[2], AF_INET);
        assert_int_equal(run_race(&l, who == 0 ? six_b : four_b, 4,
                                  PATIENCE_MS), DUVA_OK);
        assert_took(who == 0 ? 500 : 750);
        cl(&l);
        for (i = 0; i < 3; i++)
            hole_fill(&h[i]);
        close(listener);
    }
}

static void does_not_wait_after_a_failure(void **state)
{
    struct address dead[4], good;
    struct address *const list[] = {
        &dead[0], &dead[1], &dead[2], &dead[3], &good
    };
    const struct sockaddr_in all = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_BROADCAST)
    };
    int listener = listen_at(&good, AF_INET, 16), i, tries = 5;
    duva_posix l;

    (void)state;
    for (i = 0; i < 4; i++)
        nobody_at(&dead[i], i < 3 ? AF_INET6 : AF_INET);
    memcpy(&dead[3].ss, &all, sizeof all); /* connect() itself refuses it */
    do {                       /* a busy machine gets more than one chance */
        assert_int_equal(run_race(&l, list, 5, PATIENCE_MS), DUVA_OK);
        cl(&l);
    } while (took_ms() >= 500 && --tries > 0);
    assert_true(tries > 0);
    close(listener);
}

static struct hole closing;

static void close_hole(int number)
{
    (void)number;
    close(closing.listener);
    closing.listener = -1;
}

/* The listener goes away while the race is on, so that the kernel's next SYN
 * is refused: a failure that comes late. */
static void sees_a_late_refusal(void **state)
{
    struct itimerval t = { { 0, 0 }, { 0, 50000 } };
    struct address *const list[] = { &closing.at };
    struct sigaction a;
    duva_posix l;

    (void)state;
    hole_dig(&closing, AF_INET);
    memset(&a, 0, sizeof a);
    a.sa_handler = close_hole;
    sigaction(SIGALRM, &a, NULL);
    setitimer(ITIMER_REAL, &t, NULL);
    assert_int_equal(run_race(&l, list, 1, PATIENCE_MS), DUVA_ERR_CONNECT);
    assert_int_equal(l.link.cause, ECONNREFUSED);
    hole_fill(&closing);
}

static void reaches_the_ninth_address(void **state)
{
    struct hole h[8];
    struct address good;
    struct address *list[9];
    int listener = listen_at(&good, AF_INET, 1), files, i;
    duva_posix l;

    (void)state;
    for (i = 0; i < 8; i++) {
        hole_dig(&h[i], AF_INET);
        list[i] = &h[i].at;
    }
    list[8] = &good;
    files = open_files();
    assert_int_equal(run_race(&l, list, 9, PATIENCE_MS), DUVA_OK);
    assert_took(8 * 250);
    assert_int_equal(open_files(), files + 1);
    cl(&l);
    for (i = 0; i < 8; i++)
        hole_fill(&h[i]);
    close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(opens_ipv4), TEST(opens_ipv6), TEST(says_that_nobody_listens),
        TEST(says_that_a_name_is_unknown), TEST(gives_up_when_nobody_answers),
        TEST(is_not_stopped_by_signals), TEST(goes_round_a_silent_address),
        TEST(lets_the_families_take_turns),
        TEST(does_not_wait_after_a_failure), TEST(sees_a_late_refusal),
        TEST(reaches_the_ninth_address)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
