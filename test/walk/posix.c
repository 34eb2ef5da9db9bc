/* posix.c - walks posix.h. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "walk.h"

#include "duva/posix.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static duva_posix l;

static void close_it(void)
{
    l.link.ops->close(&l.link);
}

static int pair[2];

static void connect_it(void)
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(duva_posix_adopt(&l, pair[0]), DUVA_OK);
}

static void disconnect(void)
{
    close_it();
    close(pair[1]);
}

static void walk_duva_posix_open(void **state)
{
    (void)state;
    assert_int_equal(duva_posix_open(&l, NULL, "25", 1), DUVA_ERR_ARG);
    assert_int_equal(duva_posix_open(&l, "127.0.0.1", NULL, 1), DUVA_ERR_ARG);
    assert_int_equal(duva_posix_open(&l, walk_bad[8], "25", 1),
                     DUVA_ERR_RESOLVE);
    assert_int_equal(duva_posix_open(&l, "127.0.0.1", "\n", 1),
                     DUVA_ERR_RESOLVE);
    assert_int_equal(duva_posix_open(&l, "127.0.0.1", "99999999999", 1),
                     DUVA_ERR_RESOLVE);
    close_it();
}

static void walk_duva_posix_open_unix(void **state)
{
    (void)state;
    assert_int_equal(duva_posix_open_unix(&l, NULL), DUVA_ERR_ARG);
    assert_int_equal(duva_posix_open_unix(&l, ""), DUVA_ERR_ARG);
    assert_int_equal(duva_posix_open_unix(&l, walk_bad[8]), DUVA_ERR_ARG);
    assert_int_equal(duva_posix_open_unix(&l, "/nonexistent/x"),
                     DUVA_ERR_CONNECT);
    close_it();
}

static void walk_duva_posix_adopt(void **state)
{
    const int file = open("/dev/null", O_RDONLY);

    (void)state;
    assert_int_equal(duva_posix_adopt(&l, -1), DUVA_ERR_IO);
    assert_int_equal(duva_posix_adopt(&l, file), DUVA_ERR_IO);
    close_it();                /* it is still ours */
    assert_int_equal(close(file), 0);
}

static void walk_duva_posix_deadline(void **state)
{
    char c;

    (void)state;
    duva_posix_adopt(&l, -1);
    duva_posix_deadline(&l, 1);
    duva_posix_deadline(&l, UINT32_MAX);
    duva_posix_deadline(&l, 0);
    assert_true(l.link.ops->read(&l.link, &c, 1) < 0);
    assert_int_equal(l.link.ops->read(&l.link, NULL, 0), 0);
}

static void walk_names(int (*name)(const duva_posix *l, char *buf, size_t len))
{
    char buf[4] = "###";

    duva_posix_adopt(&l, -1);
    assert_int_equal(name(&l, buf, sizeof(buf)), DUVA_ERR_IO);
    assert_string_equal(buf, "");
    connect_it();
    buf[0] = '#';
    assert_true(name(&l, buf, 0) < 0);
    assert_int_equal(buf[0], '#');
    assert_true(name(&l, NULL, 0) < 0);
    assert_true(name(&l, buf, 1) < 0);
    assert_int_equal(buf[0], '\0');
    disconnect();
}

static void walk_duva_posix_peer(void **state)
{
    (void)state;
    walk_names(duva_posix_peer);
}

static void walk_duva_posix_name(void **state)
{
    char buf[4] = "###";

    (void)state;
    duva_posix_adopt(&l, -1);  /* and yet this host may have a name */
    assert_true(duva_posix_name(&l, buf, 0) < 0);
    assert_int_equal(buf[0], '#');
    assert_true(duva_posix_name(&l, NULL, 0) < 0);
    assert_true(duva_posix_name(&l, buf, 1) < 0);
    assert_string_equal(buf, "");
}

static void walk_duva_posix_is_loopback(void **state)
{
    (void)state;
    duva_posix_adopt(&l, -1);
    assert_int_equal(duva_posix_is_loopback(&l), 0);
    connect_it();
    assert_int_equal(duva_posix_is_loopback(&l), 0);
    disconnect();
}

static duva_rcpt  rcpt;
static duva_mail  mail;
static duva_route route;

static void set_up(void)
{
    memset(&mail, 0, sizeof(mail));
    memset(&rcpt, 0, sizeof(rcpt));
    memset(&route, 0, sizeof(route));
    rcpt.addr = "ada@example.org";
    mail.from = "bob@example.org";
    mail.rcpt = &rcpt;
    mail.rcpt_count = 1;
    route.host = "127.0.0.1";
    route.config.tls = DUVA_TLS_NEVER;
}

static void refused(duva_source_fn *source, duva_reason reason)
{
    assert_int_equal(duva_send(&route, &mail, source, NULL), DUVA_ERR_ARG);
    if (reason != DUVA_REASON_NONE)
        assert_int_equal(mail.result.reason, reason);
    assert_int_equal(mail.result.verdict, DUVA_RETRY);
    set_up();
}

static void walk_duva_send(void **state)
{
    size_t at = 0, i;

    (void)state;
    set_up();
    assert_int_equal(duva_send(NULL, &mail, walk_source, &at), DUVA_ERR_ARG);
    assert_int_equal(duva_send(&route, NULL, walk_source, &at),
                     DUVA_ERR_ARG);
    refused(NULL, DUVA_REASON_MISSING);
    route.host = NULL;
    refused(walk_source, DUVA_REASON_MISSING);
    route.config.tls = DUVA_TLS_REQUIRED;
    refused(walk_source, DUVA_REASON_NO_TLS_LINK);
    route.config.tls = (duva_tls_mode)WALK_NONE;
    refused(walk_source, DUVA_REASON_NO_TLS_LINK);
    for (i = 0; i < WALK_BAD; i++) {
        route.config.name = walk_bad[i];
        refused(walk_source, DUVA_REASON_NONE);
    }
    route.port = "no such port";
    rcpt.text_size = 9;        /* and no text */
    assert_int_equal(duva_send(&route, &mail, walk_source, &at),
                     DUVA_ERR_RESOLVE);
    assert_int_equal(rcpt.verdict, DUVA_RETRY);
    mail.rcpt = NULL;
    assert_int_equal(duva_send(&route, &mail, walk_source, &at),
                     DUVA_ERR_RESOLVE);
}

static void walk_duva_result_text(void **state)
{
    static const duva_result none;
    char buf[4] = "###";

    (void)state;
    assert_string_equal(duva_result_text(NULL, buf, sizeof(buf)), "");
    assert_string_equal(duva_result_text(&none, NULL, 9), "");
    buf[0] = '#';
    assert_string_equal(duva_result_text(&none, buf, 0), "");
    assert_int_equal(buf[0], '#');
    assert_string_equal(duva_result_text(&none, buf, 1), "");
}

static void walk_duva_extent_read(void **state)
{
    duva_extent x = { .fd = -1, .end = 5 };
    char        buf[8];

    (void)state;
    assert_int_equal(duva_extent_read(&x, NULL, 0), 0);
    assert_true(duva_extent_read(&x, buf, sizeof(buf)) < 0);
    x = (duva_extent) { .fd = open("/dev/zero", O_RDONLY), .start = 9,
                        .end = 5, .at = 9 };
    assert_int_equal(duva_extent_read(&x, buf, sizeof(buf)), 0);
    x = (duva_extent) { .fd = x.fd, .end = 5 };
    assert_int_equal(duva_extent_read(&x, buf, 0), 0);
    assert_int_equal(duva_extent_read(&x, buf, SIZE_MAX), 5);
    close(x.fd);
}

static void walk_duva_extent_direct(void **state)
{
    duva_extent x = { .fd = -1, .end = 5 };

    (void)state;
    connect_it();
    assert_true(duva_extent_direct(&x, &l.link, 5) < 0);
    x = (duva_extent) { .fd = open("/dev/null", O_RDONLY), .end = 5 };
    assert_true(duva_extent_direct(&x, &l.link, 5) < 0);
    x = (duva_extent) { .fd = x.fd, .start = 9, .end = 5, .at = 9 };
    assert_true(duva_extent_direct(&x, &l.link, 5) <= 0);
    close(x.fd);
    disconnect();
}

static void walk_duva_file_read(void **state)
{
    FILE *file = tmpfile();
    char  buf[8];

    (void)state;
    assert_non_null(file);
    assert_int_equal(duva_file_read(file, buf, sizeof(buf)), 0);
    assert_int_equal(duva_file_read(file, NULL, 0), 0);
    fputs("xyz", file);
    rewind(file);
    assert_int_equal(duva_file_read(file, buf, 0), 0);
    assert_int_equal(duva_file_read(file, buf, 2), 2);
    fclose(file);
    file = fopen("/dev/null", "w");
    assert_true(duva_file_read(file, buf, sizeof(buf)) < 0);
    fclose(file);
}

static const struct CMUnitTest tests[] = {
    WALK(duva_posix_open), WALK(duva_posix_open_unix),
    WALK(duva_posix_adopt), WALK(duva_posix_deadline),
    WALK(duva_posix_peer), WALK(duva_posix_name),
    WALK(duva_posix_is_loopback), WALK(duva_send), WALK(duva_result_text),
    WALK(duva_extent_read), WALK(duva_extent_direct), WALK(duva_file_read)
};

const struct walk walk_posix = WALKED(tests);
