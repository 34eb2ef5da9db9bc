/* test_posix_unix.c - a link over a Unix socket: unix.c. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "duva/posix.h"

#include "cmocka_all.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[] = "/tmp/duva-unix-XXXXXX";
static char path[sizeof(folder) + 8];

static int begin(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/socket", folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void carries_octets(void **state)
{
    struct sockaddr_un at;
    duva_posix l;
    char       buf[8] = "";
    int        server, fd;

    (void)state;
    memset(&at, 0, sizeof(at));
    at.sun_family = AF_UNIX;
    memcpy(at.sun_path, path, strlen(path));
    server = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(server, (struct sockaddr *)&at, sizeof(at)), 0);
    assert_int_equal(listen(server, 1), 0);
    assert_int_equal(duva_posix_open_unix(&l, path), DUVA_OK);
    fd = accept(server, NULL, NULL);
    assert_true(fd >= 0);
    assert_int_equal(l.link.ops->read(&l.link, buf, sizeof(buf)), 0);
    assert_int_equal(l.link.ops->write(&l.link, "ping", 4), 4);
    assert_int_equal(read(fd, buf, sizeof(buf)), 4);
    assert_string_equal(buf, "ping");
    assert_int_equal(write(fd, "pong", 4), 4);
    assert_true(l.link.ops->wait(&l.link, DUVA_CAN_READ, 10000) > 0);
    assert_int_equal(l.link.ops->read(&l.link, buf, sizeof(buf)), 4);
    assert_string_equal(buf, "pong");
    close(fd);
    l.link.ops->close(&l.link);
    close(server);
    assert_int_equal(duva_posix_open_unix(&l, path), DUVA_ERR_CONNECT);
    assert_int_equal(l.link.cause, ECONNREFUSED);
}

static void nobody_there(void **state)
{
    char       text[200];
    duva_posix l;

    (void)state;
    snprintf(text, sizeof(text), "%s/none", folder);
    assert_int_equal(duva_posix_open_unix(&l, text), DUVA_ERR_CONNECT);
    assert_int_equal(l.link.cause, ENOENT);
    l.link.ops->close(&l.link);
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(duva_posix_open_unix(&l, text), DUVA_ERR_ARG);
    assert_int_equal(duva_posix_open_unix(&l, ""), DUVA_ERR_ARG);
    assert_int_equal(duva_posix_open_unix(&l, NULL), DUVA_ERR_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(carries_octets),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
