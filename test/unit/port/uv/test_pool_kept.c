/* test_pool_kept.c - results that concern a kept connection and decide nothing
 * about the mail: verdict.c of the pool. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "pool_world.h"

static void a_server_drops_what_follows(void **state)
{
    const uint64_t start = uv_hrtime();

    (void)state;
    w->to.connections = 1;
    w->server.drops = 1;
    open_server();
    send_mails(30);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 30);
    assert_int_equal(w->server.messages, 30);
    assert_int_equal(w->server.connections, 2); /* one trial */
    assert_int_equal(w->last.resent, 1);
    assert_true(uv_hrtime() - start < 5000000000u);
}

static void a_server_answers_503_to_what_follows(void **state)
{
    (void)state;
    w->to.connections = 1;
    w->server.drops = 1;
    w->server.behind = "503 5.5.1 not now";
    open_server();
    send_mails(30);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 30);
    assert_int_equal(w->server.messages, 30);
    assert_int_equal(w->server.connections, 1);
    assert_int_equal(w->last.resent, 0);
}

/* What one connection found out the others know. */
static void a_server_is_tried_once(void **state)
{
    (void)state;
    w->to.connections = 1;
    w->to.mails = 5;
    w->server.drops = 1;
    open_server();
    send_mails(30);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 30);
    assert_int_equal(w->server.messages, 30);
    assert_int_equal(w->last.resent, 1);
}

/* 4yz to MAIL on a connection that was good: a new one, once. */
static void a_kept_connection_defers(void **state)
{
    (void)state;
    w->to.connections = 1;
    w->server.at_next = "450 4.7.0 not on this one";
    open_server();
    send_mails(4);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 4);
    assert_int_equal(w->server.connections, 4);
    assert_int_equal(w->last.resent, 3);
}

/* It costs no time until its own end, nor the processor's. */
static void an_idle_connection_is_closed(void **state)
{
    const uint64_t start = uv_hrtime();
    unsigned       rounds = 0;

    (void)state;
    w->to.idle_ms = 60000;
    w->server.leaves_after = 1;
    open_server();
    send_mails(1);
    do {
        uv_run(&w->loop, UV_RUN_ONCE);
        rounds++;
        duva_pool_look(w->pool, &w->last);
    } while (w->last.accepted < 1 || w->last.connections > 0);
    assert_true(uv_hrtime() - start < 20000000000u);
    assert_true(rounds < 100);
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_server_drops_what_follows),
        TEST(a_server_answers_503_to_what_follows),
        TEST(a_server_is_tried_once),
        TEST(a_kept_connection_defers),
        TEST(an_idle_connection_is_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
