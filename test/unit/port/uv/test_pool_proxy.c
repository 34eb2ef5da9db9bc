/* test_pool_proxy.c - a pool whose connections go through a proxy. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "pool_world.h"

#include "pool_proxy.h"

#include <errno.h>

static struct proxy    proxy;
static duva_pool_proxy by;

static void open_proxy(duva_proxy_kind kind)
{
    proxy.kind = kind;
    proxy_begin(&proxy);
    by.kind = kind;
    by.host = "127.0.0.1";
    by.port = proxy.port;
    w->to.proxy = &by;
}

/* Each connection through the proxy, and by the server's name, which nobody
 * here could find. */
static void through(duva_proxy_kind kind, const char *user, const char *pass)
{
    void *state = NULL;

    begin(&state);
    memset(&proxy, 0, sizeof(proxy));
    memset(&by, 0, sizeof(by));
    proxy.user = by.user = user;
    proxy.pass = by.pass = pass;
    open_server();
    open_proxy(kind);
    w->to.host = "mx.nowhere.invalid";
    w->to.connections = 3;
    w->to.mails = 4;
    send_mails(24);
    finish();
    proxy_end(&proxy);
    assert_int_equal(count(DUVA_ACCEPTED), 24);
    assert_int_equal(w->server.messages, 24);
    assert_true(w->server.connections >= 6);
    /* The last ones may have been given up on their way. */
    assert_true(proxy.connections >= w->server.connections);
    assert_in_range(w->last.connected, 6, w->server.connections);
    assert_int_equal(w->last.failed, 0);
    assert_true(w->server.most <= 3);
    assert_string_equal(proxy.host, "mx.nowhere.invalid");
    end(&state);
}

static void let_through(void **state)
{
    (void)state;
    through(DUVA_PROXY_SOCKS5, NULL, NULL);
    through(DUVA_PROXY_SOCKS5, "ada", "sesame");
    through(DUVA_PROXY_HTTP, NULL, NULL);
    through(DUVA_PROXY_HTTP, "ada", "sesame");
}

static void the_server_speaks_in_the_same_breath(void **state)
{
    duva_proxy_kind kind;

    for (kind = DUVA_PROXY_SOCKS5; kind <= DUVA_PROXY_HTTP; kind++) {
        begin(state);
        memset(&proxy, 0, sizeof(proxy));
        proxy.one_breath = 1;
        open_server();
        open_proxy(kind);
        w->to.connections = 2;
        send_mails(10);
        finish();
        proxy_end(&proxy);
        assert_int_equal(count(DUVA_ACCEPTED), 10);
        assert_int_equal(proxy.opened, w->server.connections);
        end(state);
    }
}

/* ---- what goes wrong ---- */

struct failure {
    duva_proxy_kind kind;
    const char *says;          /* NULL: it refuses */
    size_t      len;
    unsigned    refuses;
    const char *user;
    int         err, reason;
    unsigned    where;
};

#define SAYS(text) text, sizeof(text) - 1, 0, NULL

static const struct failure failures[] = {
    { DUVA_PROXY_SOCKS5, NULL, 0, 2, NULL, DUVA_ERR_REJECTED,
      DUVA_REASON_PROXY_FORBIDDEN, 2 },
    { DUVA_PROXY_SOCKS5, NULL, 0, 5, NULL, DUVA_ERR_CONNECT,
      DUVA_REASON_PROXY_UNREACHED, 5 },
    { DUVA_PROXY_SOCKS5, NULL, 0, 0, "eve", DUVA_ERR_REJECTED,
      DUVA_REASON_PROXY_LOGIN, 0 },
    { DUVA_PROXY_SOCKS5, SAYS("\5\xff"), DUVA_ERR_REJECTED,
      DUVA_REASON_PROXY_METHOD, 0 },
    { DUVA_PROXY_SOCKS5, SAYS("220 peer\r\n"), DUVA_ERR_PROTOCOL,
      DUVA_REASON_PROXY_STRANGE, 0 },
    { DUVA_PROXY_SOCKS5, SAYS(""), DUVA_ERR_CLOSED, DUVA_REASON_NONE, 0 },
    { DUVA_PROXY_HTTP, NULL, 0, 403, NULL, DUVA_ERR_REJECTED,
      DUVA_REASON_PROXY_FORBIDDEN, 403 },
    { DUVA_PROXY_HTTP, NULL, 0, 502, NULL, DUVA_ERR_CONNECT,
      DUVA_REASON_PROXY_UNREACHED, 502 },
    { DUVA_PROXY_HTTP, NULL, 0, 0, "eve", DUVA_ERR_REJECTED,
      DUVA_REASON_PROXY_LOGIN, 407 },
    { DUVA_PROXY_HTTP, SAYS("220 peer\r\n"), DUVA_ERR_PROTOCOL,
      DUVA_REASON_PROXY_STRANGE, 0 },
    { DUVA_PROXY_HTTP, SAYS("HTTP/1.1 200 Ok\r\n"), DUVA_ERR_CLOSED,
      DUVA_REASON_NONE, 0 },
};

static void assert_failed(int err, int reason, unsigned where)
{
    unsigned i;

    for (i = 0; i < w->sent; i++) {
        const duva_result *r = &w->letter[i].m.job.mail.result;

        assert_int_equal(r->verdict, DUVA_RETRY);
        assert_int_equal(r->err, err);
        assert_int_equal(r->reason, reason);
        assert_int_equal(r->where, where);
        assert_int_equal(r->status.stage, DUVA_STAGE_CONNECT);
        assert_int_equal(r->status.code, 0);
        assert_true((r->text[0] != '\0') == (reason != DUVA_REASON_NONE));
        assert_int_equal(w->letter[i].rcpt.verdict, DUVA_RETRY);
    }
    assert_int_equal(w->server.connections == 0 || proxy.opened == 0, 1);
    assert_int_equal(w->last.connected, 0);
}

static void not_let_through(void **state)
{
    size_t i;

    for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        const struct failure *f = &failures[i];

        begin(state);
        memset(&proxy, 0, sizeof(proxy));
        memset(&by, 0, sizeof(by));
        proxy.says = f->says;
        proxy.says_len = f->len;
        proxy.refuses = f->refuses;
        if (f->user != NULL) {
            proxy.user = "ada";
            proxy.pass = by.pass = "sesame";
            by.user = f->user;
        }
        open_server();
        open_proxy(f->kind);
        w->to.tries = 2;
        w->to.connections = 1;
        send_mails(3);
        finish();
        proxy_end(&proxy);
        assert_int_equal(proxy.connections, 2);
        assert_int_equal(w->last.failed, 2);
        assert_failed(f->err, f->reason, f->where);
        end(state);
    }
}

static void it_says_nothing(void **state)
{
    duva_proxy_kind kind;

    for (kind = DUVA_PROXY_SOCKS5; kind <= DUVA_PROXY_HTTP; kind++) {
        begin(state);
        memset(&proxy, 0, sizeof(proxy));
        proxy.mute = 1;
        open_server();
        open_proxy(kind);
        w->to.connect_ms = 50;
        send_mails(2);
        finish();
        proxy_end(&proxy);
        assert_failed(DUVA_ERR_TIMEOUT, DUVA_REASON_NONE, 0);
        end(state);
    }
}

static void nobody_is_there(void **state)
{
    int fd;

    (void)state;
    memset(&by, 0, sizeof(by));
    open_server();
    fd = listen_somewhere(proxy.port);
    close(fd);
    by.host = "127.0.0.1";
    by.port = proxy.port;
    w->to.proxy = &by;
    send_mails(2);
    finish();
    proxy.opened = 0;
    assert_failed(DUVA_ERR_CONNECT, DUVA_REASON_NONE, 0);
    assert_int_equal(w->letter[0].m.job.mail.result.cause, ECONNREFUSED);
}

/* A name that no proxy can be told, a port that is no number. */
static void what_cannot_be_told(void **state)
{
    static const char *const told[][2] = {
        { "mx example", "25" }, { "mx.example", "smtp" },
        { "mx.example", "0" }, { "mx.example", "65536" }, { "", "25" }
    };
    size_t i;

    for (i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
        begin(state);
        open_server();
        by = (duva_pool_proxy) { .host = "127.0.0.1", .port = "1" };
        w->to.proxy = &by;
        w->to.host = told[i][0];
        w->to.port = told[i][1];
        w->to.tries = 3;
        send_mails(2);
        finish();
        assert_int_equal(count(DUVA_REFUSED), 2);
        assert_int_equal(w->letter[1].m.job.mail.result.err, DUVA_ERR_ARG);
        end(state);
    }
}

static void misuse_is_returned(void **state)
{
    struct letter *l = &w->letter[0];

    (void)state;
    open_server();
    memset(&by, 0, sizeof(by));
    w->to.proxy = &by;
    write_letter(l, "ada@server.example");
    assert_int_equal(duva_pool_send(w->pool, &l->m), DUVA_ERR_ARG);
    w->to.proxy = NULL;
    finish();
}

static void give_up(void)
{
    duva_pool_stop(w->pool, DUVA_POOL_ABORT, over, NULL);
}

static void given_up_while_it_is_asked(void **state)
{
    (void)state;
    memset(&proxy, 0, sizeof(proxy));
    memset(&by, 0, sizeof(by));
    by.user = "ada";
    by.pass = "sesame";
    proxy.mute = 1;
    proxy.asked = give_up;
    open_server();
    open_proxy(DUVA_PROXY_SOCKS5);
    w->to.connections = 1;
    send_mails(3);
    run();
    proxy_end(&proxy);
    assert_failed(DUVA_ERR_CANCELLED, DUVA_REASON_NONE, 0);
}

/* ---- limits are the server's ---- */

static void whatever_the_way_it_is_one_server(void **state)
{
    static duva_pool_route direct;

    (void)state;
    memset(&proxy, 0, sizeof(proxy));
    open_server();
    w->to.connections = 2;
    direct = w->to;
    open_proxy(DUVA_PROXY_SOCKS5);
    send_mails(60);
    send_by(&direct, 60);
    finish();
    proxy_end(&proxy);
    assert_int_equal(count(DUVA_ACCEPTED), 120);
    assert_true(w->server.most <= 2);
    assert_true(proxy.opened > 0 && proxy.opened < w->server.connections);
}

static void two_servers_behind_one_proxy(void **state)
{
    static duva_pool_route other;
    struct server          second = { .ehlo = piping, .hold = 2 };

    (void)state;
    memset(&proxy, 0, sizeof(proxy));
    w->server.hold = 2;
    open_server();
    server_begin(&second);
    open_proxy(DUVA_PROXY_HTTP);
    w->to.connections = 2;
    other = w->to;
    other.port = second.port;
    send_mails(20);
    send_by(&other, 20);
    finish();
    server_end(&second);
    proxy_end(&proxy);
    assert_int_equal(count(DUVA_ACCEPTED), 40);
    assert_int_equal(w->server.most, 2);
    assert_int_equal(second.most, 2);
    assert_int_equal(w->server.messages, 20);
    assert_int_equal(second.messages, 20);
}

/* ---- what is told of each connection ---- */

static char told[8][200];

static void note(void *ctx, uint64_t connection, duva_pool_event event,
                 const duva_pool_mail *mail)
{
    static const char letters[] = "DPORBEG";
    char *const       line = told[connection];
    const size_t      len = strlen(line);

    assert_ptr_equal(ctx, told);
    assert_in_range(connection, 1, 7);
    assert_true(len < sizeof(told[0]) - 1);
    assert_int_equal(mail != NULL,
                     event == DUVA_POOL_BEGIN || event == DUVA_POOL_END);
    if (event == DUVA_POOL_END)
        assert_int_not_equal(mail->job.mail.result.verdict, DUVA_PENDING);
    line[len] = letters[event - DUVA_POOL_CONNECTING];
}

static void be_watched(void)
{
    memset(told, 0, sizeof(told));
    memset(&proxy, 0, sizeof(proxy));
    w->to.watch = note;
    w->to.ctx = told;
    w->to.connections = 1;
    open_server();
}

static void assert_told(const char *way, unsigned mails)
{
    unsigned    begun = 0, ended = 0, i;
    const char *c;

    for (i = 1; told[i][0] != '\0'; i++) {
        assert_memory_equal(told[i], way, strlen(way));
        for (c = told[i] + strlen(way); *c == 'B' || *c == 'E'; c++) {
            begun += *c == 'B';
            ended += *c == 'E';
            assert_true(ended <= begun);
        }
        assert_string_equal(c, "G");
    }
    assert_int_equal(begun, mails);
    assert_int_equal(ended, mails);
}

static void watched(void **state)
{
    (void)state;
    be_watched();
    w->to.mails = 4;
    send_mails(10);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 10);
    assert_told("DOR", 10);
    assert_true(told[3][0] != '\0');
}

static void watched_through_a_proxy(void **state)
{
    (void)state;
    be_watched();
    open_proxy(DUVA_PROXY_SOCKS5);
    send_mails(10);
    finish();
    proxy_end(&proxy);
    assert_told("DPOR", 10);
}

static void watched_when_it_fails(void **state)
{
    (void)state;
    be_watched();
    proxy.refuses = 5;
    open_proxy(DUVA_PROXY_SOCKS5);
    w->to.tries = 2;
    send_mails(2);
    finish();
    proxy_end(&proxy);
    assert_string_equal(told[1], "DPG");
    assert_string_equal(told[2], "DPG");
    assert_string_equal(told[3], "");
}

/* ---- files ---- */

/* Behind the proxy's answer the socket is as good as one to the server. */
static void a_file_goes_past(void **state)
{
    enum { SIZE = 1 << 20 };
    FILE       *file = make_file(SIZE);
    duva_extent extent;

    (void)state;
    memset(&proxy, 0, sizeof(proxy));
    proxy.one_breath = 1;
    w->server.ehlo = "250-peer\r\n250-8BITMIME\r\n250 CHUNKING";
    open_server();
    open_proxy(DUVA_PROXY_SOCKS5);
    send_file(&extent, file, SIZE);
    finish();
    proxy_end(&proxy);
    fclose(file);
    assert_int_equal(count(DUVA_ACCEPTED), 1);
    assert_int_equal(w->server.octets, SIZE);
    assert_true(passed_by > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(let_through),
        cmocka_unit_test(the_server_speaks_in_the_same_breath),
        cmocka_unit_test(not_let_through),
        cmocka_unit_test(it_says_nothing),
        TEST(nobody_is_there),
        cmocka_unit_test(what_cannot_be_told),
        TEST(misuse_is_returned),
        TEST(given_up_while_it_is_asked),
        TEST(whatever_the_way_it_is_one_server),
        TEST(two_servers_behind_one_proxy),
        TEST(watched),
        TEST(watched_through_a_proxy),
        TEST(watched_when_it_fails),
        TEST(a_file_goes_past),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
