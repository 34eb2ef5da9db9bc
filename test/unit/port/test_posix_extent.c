/* test_posix_extent.c - a part of a file as a message: extent.c. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "duva/posix.h"

enum { SIZE = 1000000 };

static FILE       *file;
static char        content[SIZE];
static duva_extent extent;
static duva_posix  link_;
static int         peer;

static void begin(uint64_t start, uint64_t end)
{
    extent.fd = fileno(file);
    extent.start = extent.at = start;
    extent.end = end;
}

static int prepare(void **state)
{
    int    fd[2];
    size_t i;

    (void)state;
    for (i = 0; i < SIZE; i++)
        content[i] = (char)(i * 7 + i / 251);
    file = tmpfile();
    if (file == NULL || fwrite(content, 1, SIZE, file) != SIZE
        || fflush(file) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, fd) != 0)
        return -1;
    peer = fd[1];
    return duva_posix_adopt(&link_, fd[0]);
}

static int done(void **state)
{
    (void)state;
    link_.link.ops->close(&link_.link);
    fclose(file);
    return peer < 0 ? 0 : close(peer);
}

static int direct(size_t len)
{
    return duva_extent_direct(&extent, &link_.link, len);
}

/* Takes len octets, which must be those of the file from there on. */
static void take(size_t from, size_t len)
{
    char   got[5000];
    size_t n = 0;

    while (n < len) {
        const size_t some = len - n < sizeof got ? len - n : sizeof got;
        const long   more = (long)recv(peer, got, some, 0);

        assert_true(more > 0);
        assert_memory_equal(got, content + from + n, (size_t)more);
        n += (size_t)more;
    }
}

/* ---- as a source ---- */

static void reads_its_part(void **state)
{
    char   got[1000];
    size_t at = 10;
    int    n;

    (void)state;
    begin(10, 2510);
    while ((n = duva_extent_read(&extent, got, sizeof got)) > 0) {
        assert_memory_equal(got, content + at, (size_t)n);
        at += (size_t)n;
    }
    assert_int_equal(n, 0);
    assert_int_equal(at, 2510);
    assert_int_equal(duva_extent_read(&extent, got, sizeof got), 0);
    assert_int_equal(duva_extent_read(&extent, NULL, 0), 0);
    assert_int_equal(duva_extent_read(&extent, got, 3), 3);
    assert_memory_equal(got, content + 10, 3);
    assert_int_equal(lseek(fileno(file), 0, SEEK_CUR), SIZE);
}

static void reads_an_empty_part(void **state)
{
    char got[10];

    (void)state;
    begin(SIZE, SIZE);
    assert_int_equal(duva_extent_read(&extent, got, sizeof got), 0);
    begin(7, 7);
    assert_int_equal(duva_extent_read(&extent, got, sizeof got), 0);
}

/* The file has shrunk, or is none. */
static void cannot_read(void **state)
{
    char got[100];

    (void)state;
    begin(SIZE - 10, SIZE + 1);
    assert_int_equal(duva_extent_read(&extent, got, sizeof got), 10);
    assert_int_equal(duva_extent_read(&extent, got, sizeof got), -1);
    begin(0, 10);
    extent.fd = -1;
    assert_int_equal(duva_extent_read(&extent, got, sizeof got), -1);
}

/* ---- past the engine ---- */

static void sends_its_part(void **state)
{
    char octet[4];

    (void)state;
    begin(10, 2510);
    assert_int_equal(direct(1000), 1000);
    assert_int_equal(direct(9000), 1500);
    take(10, 2500);
    assert_int_equal(extent.at, 2510);
    assert_int_equal(duva_extent_read(&extent, octet, 4), 0);
    assert_int_equal(recv(peer, octet, 1, MSG_DONTWAIT), -1);
    assert_int_equal(lseek(fileno(file), 0, SEEK_CUR), SIZE);
}

/* What went one way does not come the other. */
static void takes_turns(void **state)
{
    char got[100];

    (void)state;
    begin(0, 300);
    assert_int_equal(duva_extent_read(&extent, got, 100), 100);
    assert_int_equal(direct(100), 100);
    take(100, 100);
    assert_int_equal(duva_extent_read(&extent, got, 100), 100);
    assert_memory_equal(got, content + 200, 100);
}

/* A socket that is full takes nothing, and goes on when there is room. */
static void full_socket(void **state)
{
    size_t sent = 0, taken = 0, full = 0;

    (void)state;
    begin(0, SIZE);
    while (sent < SIZE) {
        const int n = direct(SIZE);

        assert_true(n >= 0);
        sent += (size_t)n;
        assert_int_equal(extent.at, sent);
        if (n > 0)
            continue;
        full++;
        take(taken, sent - taken);
        taken = sent;
        assert_int_equal(link_.link.ops->wait(&link_.link, DUVA_CAN_WRITE,
                                              20000), DUVA_CAN_WRITE);
    }
    take(taken, sent - taken);
    assert_true(full > 0);
}

static void short_file(void **state)
{
    (void)state;
    begin(SIZE - 10, SIZE + 1);
    assert_int_equal(direct(100), 10);
    assert_int_equal(direct(100), DUVA_ERR_BODY);
    assert_int_equal(extent.at, SIZE);
}

static void no_file(void **state)
{
    (void)state;
    begin(0, 10);
    extent.fd = -1;
    assert_true(direct(10) < 0);
    assert_int_equal(extent.at, 0);
}

/* ---- a peer that has gone ---- */

static volatile sig_atomic_t signals;

static void count(int number)
{
    (void)number;
    signals++;
}

/* No signal comes of it, and those of others stay as they are. */
static void closed_peer(void **state)
{
    struct sigaction action, before;
    sigset_t         pipe, mask, pending;
    int              blocked;

    (void)state;
    memset(&action, 0, sizeof action);
    action.sa_handler = count;
    sigemptyset(&action.sa_mask);
    assert_int_equal(sigaction(SIGPIPE, &action, &before), 0);
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    close(peer);
    peer = -1;
    for (blocked = 0; blocked < 2; blocked++) {
        signals = 0;
        if (blocked) {
            sigprocmask(SIG_BLOCK, &pipe, NULL);
            raise(SIGPIPE);    /* somebody else's: it stays */
        }
        begin(0, 100);
        assert_int_equal(direct(100), DUVA_ERR_CLOSED);
        assert_int_equal(link_.link.cause, EPIPE);
        assert_int_equal(extent.at, 0);
        assert_int_equal(signals, 0);
        sigpending(&pending);
        assert_int_equal(sigismember(&pending, SIGPIPE), blocked);
        sigprocmask(SIG_SETMASK, NULL, &mask);
        assert_int_equal(sigismember(&mask, SIGPIPE), blocked);
    }
    sigprocmask(SIG_UNBLOCK, &pipe, NULL);
    assert_int_equal(signals, 1);
    sigaction(SIGPIPE, &before, NULL);
}

/* The life of the link is over for this way, too. */
static void past_the_deadline(void **state)
{
    static const struct timespec a_while = { 0, 2000000 };

    (void)state;
    begin(0, 100);
    duva_posix_deadline(&link_, 1);
    nanosleep(&a_while, NULL);
    assert_int_equal(direct(100), DUVA_ERR_TIMEOUT);
    assert_int_equal(extent.at, 0);
    duva_posix_deadline(&link_, 0);
    assert_int_equal(direct(100), 100);
    take(0, 100);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, prepare, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_its_part), TEST(reads_an_empty_part), TEST(cannot_read),
        TEST(sends_its_part), TEST(takes_turns), TEST(full_socket),
        TEST(short_file),     TEST(no_file),      TEST(closed_peer),
        TEST(past_the_deadline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
