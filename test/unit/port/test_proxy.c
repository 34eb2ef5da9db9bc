/* test_proxy.c - proxies, with valid and invalid replies. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "duva/proxy.h"

/* A proxy in memory: it says all of what it says as soon as it is asked, in
 * pieces, and hangs up behind it.  After a piece it has nothing for once. */
struct fake {
    duva_link   link;
    const char *says;
    size_t      says_len, at;
    size_t      piece;         /* octets at a time, both ways */
    int         rest;          /* it pauses */
    int         silent;        /* at the end, in place of hanging up */
    char        heard[4096];
    size_t      heard_len;
    unsigned    closed;
};

static int fake_read(duva_link *l, void *buf, size_t len)
{
    struct fake *f = (struct fake *)l;

    f->rest = !f->rest;
    if (f->rest)
        return 0;
    if (f->at == f->says_len) {
        l->cause = 42;
        return f->silent ? 0 : DUVA_ERR_CLOSED;
    }
    if (len > f->piece)
        len = f->piece;
    if (len > f->says_len - f->at)
        len = f->says_len - f->at;
    memcpy(buf, f->says + f->at, len);
    f->at += len;
    return (int)len;
}

static int fake_write(duva_link *l, const void *buf, size_t len)
{
    struct fake *f = (struct fake *)l;

    f->rest = !f->rest;
    if (f->rest)
        return 0;
    if (len > f->piece)
        len = f->piece;
    assert_true(f->heard_len + len <= sizeof f->heard);
    memcpy(f->heard + f->heard_len, buf, len);
    f->heard_len += len;
    return (int)len;
}

static int fake_wait(duva_link *l, unsigned can, uint32_t ms)
{
    (void)l;
    (void)ms;
    return (int)can;
}

static void fake_close(duva_link *l)
{
    ((struct fake *)l)->closed++;
}

static const duva_link_ops fake_ops = {
    fake_read, fake_write, fake_wait, fake_close
};

static struct fake fake;
static duva_proxy proxy;
static duva_proxy_route route;

static void set_up(duva_proxy_kind kind, const char *host, const char *user,
                   const char *pass)
{
    memset(&route, 0, sizeof route);
    route.kind = kind;
    route.host = host;
    route.port = 587;
    route.user = user;
    route.pass = pass;
}

/* Asks a proxy that says this, in pieces of that size. */
static int ask(const char *says, size_t len, size_t piece)
{
    int n, waits = 0;

    memset(&fake, 0, sizeof fake);
    fake.link.ops = &fake_ops;
    fake.says = says;
    fake.says_len = len;
    fake.piece = piece;
    assert_int_equal(duva_proxy_begin(&proxy, &fake.link, &route), DUVA_OK);
    while ((n = duva_proxy_step(&proxy)) == 0) {
        assert_true(proxy.want == DUVA_CAN_READ
                    || proxy.want == DUVA_CAN_WRITE);
        assert_true(++waits < 100000);
    }
    assert_int_equal(duva_proxy_step(&proxy), n); /* it stays so */
    return n;
}

static int holds(const void *data, size_t len, const char *text)
{
    size_t i;

    for (i = 0; i + strlen(text) <= len; i++)
        if (memcmp((const char *)data + i, text, strlen(text)) == 0)
            return 1;
    return 0;
}

/* What comes behind the answer is the host's, and none of it is lost. */
static void assert_greeted(const char *greeting)
{
    char got[64];
    size_t len = 0;
    int n;

    assert_string_equal(duva_proxy_text(&proxy), "no error");
    while ((n = proxy.link.ops->read(&proxy.link, got + len, 3)) >= 0)
        len += (size_t)n;
    assert_int_equal(n, DUVA_ERR_CLOSED);
    assert_int_equal(proxy.link.cause, 42);
    assert_int_equal(len, strlen(greeting));
    assert_memory_equal(got, greeting, len);
}

#define OCTETS(text) text, sizeof(text) - 1

static void assert_heard(const char *octets, size_t len)
{
    assert_int_equal(fake.heard_len, len);
    assert_memory_equal(fake.heard, octets, len);
}

/* An answer, whole, in all pieces, and broken off at every octet. */
static void play(const char *says, size_t len, const char *heard,
                 size_t heard_len)
{
    char with[600];
    size_t i;

    assert_true(len + 5 < sizeof with);
    memcpy(with, says, len);
    memcpy(with + len, "220 x", 5);
    for (i = 1; i <= len + 5; i++) {
        assert_int_equal(ask(with, len + 5, i), 1);
        assert_heard(heard, heard_len);
        assert_greeted("220 x");
    }
    for (i = 0; i < len; i++) {
        assert_int_equal(ask(says, i, 1), DUVA_ERR_CLOSED);
        assert_int_equal(proxy.reason, DUVA_REASON_NONE);
        assert_int_equal(proxy.link.cause, 42);
        assert_false(holds(&proxy.buf, sizeof proxy.buf, "secret"));
    }
}

static void test_socks5(void **state)
{
    (void)state;
    set_up(DUVA_PROXY_SOCKS5, "mx.example", NULL, NULL);
    play(OCTETS("\5\0\5\0\0\1\1\2\3\4\0\31"),
         OCTETS("\5\1\0\5\1\0\3\12mx.example\2\113"));
    play(OCTETS("\5\0\5\0\0\3\4name\0\31"),
         OCTETS("\5\1\0\5\1\0\3\12mx.example\2\113"));
    play(OCTETS("\5\0\5\0\0\3\0\0\31"),
         OCTETS("\5\1\0\5\1\0\3\12mx.example\2\113"));
    play(OCTETS("\5\0\5\0\0\4""0123456789abcdef\0\31"),
         OCTETS("\5\1\0\5\1\0\3\12mx.example\2\113"));
}

static void test_socks5_login(void **state)
{
    (void)state;
    set_up(DUVA_PROXY_SOCKS5, "a", "ada", "secret");
    play(OCTETS("\5\2\1\0\5\0\0\1\1\2\3\4\0\31"),
         OCTETS("\5\2\0\2\1\3ada\6secret\5\1\0\3\1a\2\113"));
    play(OCTETS("\5\0\5\0\0\1\1\2\3\4\0\31"),
         OCTETS("\5\2\0\2\5\1\0\3\1a\2\113"));
    assert_int_equal(ask(OCTETS("\5\2\1\1"), 1), DUVA_ERR_REJECTED);
    assert_int_equal(proxy.reason, DUVA_REASON_PROXY_LOGIN);
    assert_false(holds(&proxy, sizeof proxy, "secret"));
}

static void test_socks5_addresses(void **state)
{
    static const struct {
        const char *host;
        uint8_t     octets[16];
        size_t      len;
    } given[] = {
        { "192.0.2.255", { 192, 0, 2, 255 }, 4 },
        { "::", { 0 }, 16 },
        { "::1", { [15] = 1 }, 16 },
        { "1::", { [1] = 1 }, 16 },
        { "2001:db8::a:b", { 0x20, 1, 0x0d, 0xb8, [13] = 10, [15] = 11 }, 16 },
        { "1:2:3:4:5:6:7:8",
          { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8 }, 16 },
        { "::ffff:192.0.2.1",
          { [10] = 255, [11] = 255, [12] = 192, [14] = 2, [15] = 1 }, 16 },
        { "1:2:3:4:5:6:1.2.3.4",
          { 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 1, 2, 3, 4 }, 16 },
        { "ABCD:ef::", { 0xAB, 0xCD, 0, 0xEF }, 16 }
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof given / sizeof given[0]; i++) {
        set_up(DUVA_PROXY_SOCKS5, given[i].host, NULL, NULL);
        assert_int_equal(ask(OCTETS("\5\0\5\0\0\1\1\2\3\4\0\31"), 9), 1);
        assert_int_equal(fake.heard_len, 3 + 4 + given[i].len + 2);
        assert_int_equal(fake.heard[6], given[i].len == 4 ? 1 : 4);
        assert_memory_equal(fake.heard + 7, given[i].octets, given[i].len);
    }
    set_up(DUVA_PROXY_SOCKS5, "1.2.3.256", NULL, NULL);
    assert_int_equal(ask(OCTETS("\5\0\5\0\0\1\1\2\3\4\0\31"), 9), 1);
    assert_int_equal(fake.heard[6], 3); /* a name, then */
}

static void test_socks5_refusals(void **state)
{
    char says[4] = "\5\0\5";
    unsigned code;

    (void)state;
    set_up(DUVA_PROXY_SOCKS5, "mx.example", NULL, NULL);
    for (code = 1; code < 256; code++) {
        const int no = code == 2 || code == 7 || code == 8;

        says[3] = (char)code;
        assert_int_equal(ask(says, 4, 1),
                         no ? DUVA_ERR_REJECTED : DUVA_ERR_CONNECT);
        assert_int_equal(proxy.reason,
                         no ? DUVA_REASON_PROXY_FORBIDDEN
                            : DUVA_REASON_PROXY_UNREACHED);
        assert_int_equal(proxy.code, code);
        assert_true(strlen(duva_proxy_text(&proxy)) > 10);
    }
    says[3] = 5;
    ask(says, 4, 9);
    assert_string_equal(duva_proxy_text(&proxy), "connection refused");
    assert_int_equal(ask(OCTETS("\5\377"), 9), DUVA_ERR_REJECTED);
    assert_int_equal(proxy.reason, DUVA_REASON_PROXY_METHOD);
    assert_string_equal(duva_proxy_text(&proxy), "it wants a user");
    set_up(DUVA_PROXY_SOCKS5, "mx.example", "ada", "secret");
    assert_int_equal(ask(OCTETS("\5\377"), 9), DUVA_ERR_REJECTED);
    assert_string_equal(duva_proxy_text(&proxy),
                        "it does not take user and password");
}

static void assert_strange(const char *says, size_t len)
{
    assert_int_equal(ask(says, len, 1), DUVA_ERR_PROTOCOL);
    assert_int_equal(proxy.reason, DUVA_REASON_PROXY_STRANGE);
    assert_string_equal(duva_proxy_text(&proxy),
                        "it does not answer like such a proxy");
}

static void test_socks5_strange(void **state)
{
    (void)state;
    set_up(DUVA_PROXY_SOCKS5, "mx.example", NULL, NULL);
    assert_strange(OCTETS("\4\0"));
    assert_strange(OCTETS("220 mx.example"));
    assert_strange(OCTETS("\5\2"));            /* that was not offered */
    assert_strange(OCTETS("\5\1"));
    assert_strange(OCTETS("\5\0\4\0\0\1\1\2\3\4\0\31"));
    assert_strange(OCTETS("\5\0\5\0\0\2\1\2\3\4\0\31"));
    set_up(DUVA_PROXY_SOCKS5, "mx.example", "ada", "secret");
    assert_strange(OCTETS("\5\2\5\0"));        /* RFC 1929 is version 1 */
}

#define CONNECT "CONNECT mx.example:587 HTTP/1.1\r\nHost: mx.example:587\r\n"

static void test_http(void **state)
{
    (void)state;
    set_up(DUVA_PROXY_HTTP, "mx.example", NULL, NULL);
    play(OCTETS("HTTP/1.1 200 Connection established\r\n\r\n"),
         OCTETS(CONNECT "\r\n"));
    play(OCTETS("HTTP/1.0 200\r\nVia: x\r\nContent-Length: 4\r\n\r\n"),
         OCTETS(CONNECT "\r\n"));
    play(OCTETS("HTTP/1.1 299 Ok\n\n"), OCTETS(CONNECT "\r\n"));
    play(OCTETS("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 X\r\nY: z\r\n\r\n"
                "HTTP/1.1 200 Ok\r\n\r\n"), OCTETS(CONNECT "\r\n"));
    set_up(DUVA_PROXY_HTTP, "2001:db8::1", NULL, NULL);
    play(OCTETS("HTTP/1.1 200 Ok\r\n\r\n"),
         OCTETS("CONNECT [2001:db8::1]:587 HTTP/1.1\r\n"
                "Host: [2001:db8::1]:587\r\n\r\n"));
}

static void test_http_login(void **state)
{
    (void)state;
    set_up(DUVA_PROXY_HTTP, "mx.example", "ada", "secret");
    play(OCTETS("HTTP/1.1 200 Ok\r\n\r\n"),
         OCTETS(CONNECT "Proxy-Authorization: Basic YWRhOnNlY3JldA==\r\n"
                "\r\n"));
    set_up(DUVA_PROXY_HTTP, "mx.example", "ada", "secret:");
    play(OCTETS("HTTP/1.1 200 Ok\r\n\r\n"),
         OCTETS(CONNECT "Proxy-Authorization: Basic YWRhOnNlY3JldDo=\r\n"
                "\r\n"));
    set_up(DUVA_PROXY_HTTP, "mx.example", "ad", "\377secret\376\375");
    play(OCTETS("HTTP/1.1 200 Ok\r\n\r\n"),
         OCTETS(CONNECT "Proxy-Authorization: Basic YWQ6/3NlY3JldP79\r\n"
                "\r\n"));
}

static void refused_by_http(const char *says, int err, unsigned reason,
                            unsigned code, const char *words)
{
    duva_result why;

    assert_int_equal(ask(says, strlen(says), 1), err);
    assert_int_equal(proxy.reason, reason);
    duva_proxy_why(&proxy, (duva_err)err, &why);
    assert_int_equal(why.verdict, DUVA_RETRY);
    assert_int_equal(why.err, err);
    assert_int_equal(why.reason, reason);
    assert_int_equal(why.where, code);
    assert_string_equal(why.text, words);
    assert_int_equal(proxy.code, code);
    assert_string_equal(duva_proxy_text(&proxy), words);
}

static void test_http_refusals(void **state)
{
    (void)state;
    set_up(DUVA_PROXY_HTTP, "mx.example", NULL, NULL);
    refused_by_http("HTTP/1.1 407 Who\r\n", DUVA_ERR_REJECTED,
                    DUVA_REASON_PROXY_LOGIN, 407, "Who");
    refused_by_http("HTTP/1.1 407\r\n", DUVA_ERR_REJECTED,
                    DUVA_REASON_PROXY_LOGIN,
                    407, "it wants a user");
    refused_by_http("HTTP/1.0 401 Not you\r\n", DUVA_ERR_REJECTED,
                    DUVA_REASON_PROXY_LOGIN, 401, "Not you"); /* some say so */
    refused_by_http("HTTP/1.1 403 Not \033[1m\377 port\r\n",
                    DUVA_ERR_REJECTED, DUVA_REASON_PROXY_FORBIDDEN, 403,
                    "Not ?[1m? port");
    refused_by_http("HTTP/1.1 302 \r\n", DUVA_ERR_REJECTED,
                    DUVA_REASON_PROXY_FORBIDDEN, 302, "it gives no reason");
    refused_by_http("HTTP/1.0 504 Too late\n", DUVA_ERR_CONNECT,
                    DUVA_REASON_PROXY_UNREACHED, 504, "Too late");
}

static void test_http_strange(void **state)
{
    (void)state;
    set_up(DUVA_PROXY_HTTP, "mx.example", NULL, NULL);
    assert_strange(OCTETS("\5\0"));
    assert_strange(OCTETS("220 mx.example ESMTP\r\n"));
    assert_strange(OCTETS("\r\nHTTP/1.1 200 Ok\r\n\r\n"));
    assert_strange(OCTETS("HTTP/2.0 200 Ok\r\n\r\n"));
    assert_strange(OCTETS("HTTP/1.1 2000 Ok\r\n\r\n"));
    assert_strange(OCTETS("HTTP/1.1 20\r\n\r\n"));
    assert_strange(OCTETS("HTTP/1.1 099 X\r\n\r\n"));
    assert_strange(OCTETS("HTTP/1.1 600 X\r\n\r\n"));
    assert_strange(OCTETS("HTTP/1.1 101 Switching\r\n\r\n"));
    assert_strange(OCTETS("http/1.1 200 Ok\r\n\r\n"));
}

/* 200, or a line of it, that never ends. */
static void test_http_endless(void **state)
{
    static char says[100000];
    static const char begin[] = "HTTP/1.1 200 Ok\r\n";
    size_t i;

    (void)state;
    set_up(DUVA_PROXY_HTTP, "mx.example", NULL, NULL);
    memset(says, 'x', sizeof says);
    memcpy(says, begin, sizeof begin - 1);
    assert_int_equal(ask(says, sizeof says, 1000), DUVA_ERR_PROTOCOL);
    assert_int_equal(proxy.reason, DUVA_REASON_PROXY_LONG);
    assert_string_equal(duva_proxy_text(&proxy), "its answer is too long");
    memset(says, 'x', sizeof says);
    memcpy(says, begin, sizeof begin - 3);
    assert_int_equal(ask(says, sizeof says, 1), DUVA_ERR_PROTOCOL);
    assert_int_equal(proxy.reason, DUVA_REASON_PROXY_LONG);
    for (i = 0; i + 16 <= sizeof says; i += 16)
        memcpy(says + i, "HTTP/1.1 100\r\n\r\n", 16);
    assert_int_equal(ask(says, sizeof says, 1408), DUVA_ERR_PROTOCOL);
    assert_int_equal(proxy.reason, DUVA_REASON_PROXY_LONG);
}

static int begins(const char *host, unsigned port, const char *user,
                  const char *pass, duva_proxy_kind kind)
{
    set_up(kind, host, user, pass);
    route.port = (uint16_t)port;
    return duva_proxy_begin(&proxy, &fake.link, &route) == DUVA_OK;
}

static void test_what_cannot_be_said(void **state)
{
    static char longest[257];
    static const char *const odd[] = {
        "", "a b", "a\r\nHost: b", "a/b", "a:1", "[::1]", "fe80::1%eth0",
        "\303\244.example", "1::2::3", "1:::2", ":1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", "12345::", "::1.2.3",
        "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:6:7:", "::1.2.3.4:5", NULL
    };
    duva_proxy_kind kind;
    size_t i;

    (void)state;
    for (kind = DUVA_PROXY_SOCKS5; kind <= DUVA_PROXY_HTTP; kind++) {
        for (i = 0; odd[i] != NULL; i++)
            assert_false(begins(odd[i], 25, NULL, NULL, kind));
        assert_false(begins(NULL, 25, NULL, NULL, kind));
        assert_false(begins("a", 0, NULL, NULL, kind));
        assert_false(begins("a", 25, "u", NULL, kind));
        memset(longest, 'a', 256);
        assert_false(begins(longest, 25, NULL, NULL, kind));
        assert_false(begins("a", 25, longest, "x", kind));
        assert_false(begins("a", 25, "x", longest, kind));
        longest[255] = '\0';
        assert_true(begins(longest, 65535, longest, longest, kind));
        assert_int_equal(ask(OCTETS(""), 4000), DUVA_ERR_CLOSED);
    }
    assert_false(begins("a", 25, "", "x", DUVA_PROXY_SOCKS5));
    assert_false(begins("a", 25, "x", "", DUVA_PROXY_SOCKS5));
    assert_false(begins("a", 25, "a:b", "x", DUVA_PROXY_HTTP));
    assert_false(begins("a", 25, "a\n", "x", DUVA_PROXY_HTTP));
    assert_false(begins("a", 25, "a", "x\r\ny", DUVA_PROXY_HTTP));
    assert_int_equal(duva_proxy_begin(NULL, &fake.link, &route),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_proxy_begin(&proxy, NULL, &route), DUVA_ERR_ARG);
    assert_int_equal(duva_proxy_begin(&proxy, &fake.link, NULL),
                     DUVA_ERR_ARG);
}

/* As a link it does what the one below does. */
static void test_link(void **state)
{
    duva_link *l = &proxy.link;

    (void)state;
    set_up(DUVA_PROXY_HTTP, "mx.example", NULL, NULL);
    assert_int_equal(ask(OCTETS("HTTP/1.1 200 Ok\r\n\r\nab"), 100), 1);
    fake.silent = 1;
    assert_int_equal(l->ops->wait(l, DUVA_CAN_READ | DUVA_CAN_WRITE, 1),
                     DUVA_CAN_READ);
    assert_int_equal(l->ops->wait(l, DUVA_CAN_WRITE, 1), DUVA_CAN_WRITE);
    fake.heard_len = 0;
    fake.rest = 1;
    assert_int_equal(l->ops->write(l, "EHLO", 4), 4);
    assert_memory_equal(fake.heard, "EHLO", 4);
    l->ops->close(l);
    assert_int_equal(fake.closed, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_socks5),
        cmocka_unit_test(test_socks5_login),
        cmocka_unit_test(test_socks5_addresses),
        cmocka_unit_test(test_socks5_refusals),
        cmocka_unit_test(test_socks5_strange),
        cmocka_unit_test(test_http),
        cmocka_unit_test(test_http_login),
        cmocka_unit_test(test_http_refusals),
        cmocka_unit_test(test_http_strange),
        cmocka_unit_test(test_http_endless),
        cmocka_unit_test(test_what_cannot_be_said),
        cmocka_unit_test(test_link)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
