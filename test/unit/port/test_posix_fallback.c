/* test_posix_fallback.c - when a mail is sent without TLS, and when never. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "duva/posix.h"

/* ---- a server that offers STARTTLS, for some connections ---- */

struct server {
    int       listener, connections;
    char      port[8];
    int       stay_away;       /* 1: no second connection */
    char      heard[2][2048];
    pthread_t thread;
};

static void say(int fd, const char *line)
{
    send(fd, line, strlen(line), MSG_NOSIGNAL);
}

/* Returns 0 when it is over. */
static int answer(int fd, const char *line, int *body)
{
    if (*body) {
        *body = strcmp(line, ".\r\n") != 0;
        if (!*body)
            say(fd, "250 kept\r\n");
    } else if (strncmp(line, "EHLO ", 5) == 0) {
        say(fd, "250-pigeons\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n");
    } else if (strcmp(line, "STARTTLS\r\n") == 0) {
        say(fd, "220 go\r\n");
    } else if (strcmp(line, "DATA\r\n") == 0) {
        *body = 1;
        say(fd, "354 go\r\n");
    } else {
        say(fd, "250 ok\r\n");
    }
    return strcmp(line, "QUIT\r\n") != 0;
}

static void converse(int fd, char *heard, size_t size)
{
    char  *line = heard;
    size_t len = 0;
    int    body = 0;

    say(fd, "220 pigeons\r\n");
    while (len < size - 1 && recv(fd, heard + len, 1, 0) == 1) {
        if (heard[len++] != '\n')
            continue;
        if (!answer(fd, line, &body))
            break;
        line = heard + len;
    }
}

static void *serve(void *arg)
{
    struct server *s = arg;
    int fd;

    while (s->connections < 2
           && (fd = accept(s->listener, NULL, NULL)) >= 0) {
        if (s->stay_away)
            shutdown(s->listener, SHUT_RDWR);
        converse(fd, s->heard[s->connections], sizeof s->heard[0]);
        s->connections++;
        close(fd);
    }
    return NULL;
}

/* ---- TLS that fails as it is told ---- */

struct failing {
    duva_tls tls;
    int      err;
};

static int fail_as_told(duva_tls *t, duva_link *under, const char *host,
                        duva_tls_info *info)
{
    (void)host;
    (void)info;
    t->under = under;
    return ((struct failing *)t)->err;
}

static void close_under(duva_link *l)
{
    duva_tls *t = (duva_tls *)l;

    t->under->ops->close(t->under);
    t->under = NULL;
}

static const duva_link_ops failing_ops = { NULL, NULL, NULL, close_under };

/* ---- fixtures ---- */

static struct server  server;
static struct failing failing;
static duva_route     route;
static duva_rcpt      rcpt;
static duva_mail      mail;

static void prepare(int err, duva_reason reason)
{
    struct sockaddr_in in;
    socklen_t len = sizeof in;

    memset(&server, 0, sizeof server);
    memset(&failing, 0, sizeof failing);
    memset(&route, 0, sizeof route);
    memset(&rcpt, 0, sizeof rcpt);
    memset(&mail, 0, sizeof mail);
    memset(&in, 0, sizeof in);
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    server.listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server.listener, (struct sockaddr *)&in, len), 0);
    assert_int_equal(listen(server.listener, 2), 0);
    assert_int_equal(getsockname(server.listener, (struct sockaddr *)&in,
                                 &len), 0);
    snprintf(server.port, sizeof server.port, "%u",
             (unsigned)ntohs(in.sin_port));
    failing.tls.link.ops = &failing_ops;
    failing.tls.handshake = fail_as_told;
    failing.tls.reason = (uint8_t)reason;
    failing.err = err;
    route.host = "127.0.0.1";
    route.port = server.port;
    route.tls = &failing.tls;
    route.config.tls = DUVA_TLS_IF_OFFERED;
    rcpt.addr = "ada@example.org";
    mail.from = "bob@example.org";
    mail.rcpt = &rcpt;
    mail.rcpt_count = 1;
}

static int go(void)
{
    static const char text[] = "Subject: Homing\n\nThe pigeon is back.\n";
    duva_memory message = { text, sizeof text - 1, 0 };
    int err;

    assert_int_equal(pthread_create(&server.thread, NULL, serve, &server), 0);
    err = duva_send(&route, &mail, duva_memory_read, &message);
    shutdown(server.listener, SHUT_RDWR);
    assert_int_equal(pthread_join(server.thread, NULL), 0);
    close(server.listener);
    assert_null(strstr(server.heard[0], "MAIL"));
    return err;
}

static void goes_on(int err, duva_reason reason)
{
    prepare(err, reason);
    assert_int_equal(go(), DUVA_OK);
    assert_int_equal(server.connections, 2);
    assert_int_equal(mail.result.verdict, DUVA_ACCEPTED);
    assert_int_equal(mail.result.fell_back, 1);
    assert_int_equal(rcpt.verdict, DUVA_ACCEPTED);
    assert_non_null(strstr(server.heard[0], "STARTTLS\r\n"));
    assert_null(strstr(server.heard[1], "STARTTLS"));
    assert_non_null(strstr(server.heard[1], "The pigeon is back."));
}

static void goes_on_in_clear(void **state)
{
    int reason;

    (void)state;
    goes_on(DUVA_ERR_CLOSED, DUVA_REASON_NONE);
    for (reason = DUVA_REASON_HANDSHAKE; reason <= DUVA_REASON_RENEGOTIATION;
         reason++)
        goes_on(DUVA_ERR_TLS, (duva_reason)reason);
}

static void not_when_somebody_lies(void **state)
{
    int reason;

    (void)state;
    for (reason = DUVA_REASON_CERT_UNTRUSTED; reason <= DUVA_REASON_CERT_OURS;
         reason++) {
        prepare(DUVA_ERR_TLS, (duva_reason)reason);
        assert_int_equal(go(), DUVA_ERR_TLS);
        assert_int_equal(mail.result.reason, reason);
        assert_int_equal(mail.result.fell_back, 0);
        assert_int_equal(server.connections, 1);
    }
}

static void not_for_other_failures(void **state)
{
    static const int err[] = { DUVA_ERR_IO, DUVA_ERR_TIMEOUT };
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        prepare(err[i], DUVA_REASON_NONE);
        assert_int_equal(go(), err[i]);
        assert_int_equal(mail.result.fell_back, 0);
        assert_int_equal(server.connections, 1);
    }
}

static void not_when_it_is_required(void **state)
{
    (void)state;
    prepare(DUVA_ERR_TLS, DUVA_REASON_HANDSHAKE);
    route.config.tls = DUVA_TLS_REQUIRED;
    assert_int_equal(go(), DUVA_ERR_TLS);
    assert_int_equal(mail.result.fell_back, 0);
    assert_int_equal(server.connections, 1);
}

static void shows_no_password(void **state)
{
    duva_sasl_password plain;
    duva_sasl *const any[] = { &plain.base, NULL };

    (void)state;
    prepare(DUVA_ERR_TLS, DUVA_REASON_HANDSHAKE);
    duva_sasl_plain_init(&plain, "ada", "secret");
    route.auth = any;
    assert_int_equal(go(), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(mail.result.reason, DUVA_REASON_CLEAR_LINK);
    assert_int_equal(mail.result.fell_back, 1);
    assert_null(strstr(server.heard[1], "AUTH"));
    assert_null(strstr(server.heard[1], "MAIL"));
}

static void tells_when_nobody_is_there_any_more(void **state)
{
    (void)state;
    prepare(DUVA_ERR_TLS, DUVA_REASON_HANDSHAKE);
    server.stay_away = 1;
    assert_int_equal(go(), DUVA_ERR_CONNECT);
    assert_int_equal(mail.result.err, DUVA_ERR_CONNECT);
    assert_int_equal(mail.result.verdict, DUVA_RETRY);
    assert_int_equal(mail.result.fell_back, 1);
    assert_int_equal(rcpt.verdict, DUVA_RETRY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_on_in_clear),
        cmocka_unit_test(not_when_somebody_lies),
        cmocka_unit_test(not_for_other_failures),
        cmocka_unit_test(not_when_it_is_required),
        cmocka_unit_test(shows_no_password),
        cmocka_unit_test(tells_when_nobody_is_there_any_more)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
