/* test_pool.c - many sessions on one loop: limits, pauses, ends. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "pool_world.h"

enum { THREADS = 4 };

/* ---- connections ---- */

static void connections_are_reused(void **state)
{
    (void)state;
    w->to.connections = 2;
    open_server();
    send_mails(60);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 60);
    assert_int_equal(w->last.accepted, 60);
    assert_int_equal(w->server.messages, 60);
    assert_true(w->server.connections <= 2);
    assert_int_equal(w->server.quits, w->server.connections);
    assert_int_equal(w->last.connected, w->server.connections);
    assert_int_equal(w->last.failed, 0);
}

/* Tells by the size that it was asked, and refuses one. */
static int fit(void *ctx, uint32_t caps, duva_mail *mail)
{
    assert_int_equal(caps & DUVA_CAP_PIPELINING, DUVA_CAP_PIPELINING);
    mail->size = ((duva_memory *)ctx)->len;
    mail->result.reason = DUVA_REASON_NOT_ASCII;
    return ctx == &w->letter[1].text ? DUVA_ERR_UNSUPPORTED : DUVA_OK;
}

static void messages_are_made_to_fit(void **state)
{
    unsigned i;

    (void)state;
    open_server();
    send_mails(3);
    for (i = 0; i < 3; i++)
        w->letter[i].m.job.fit = fit;
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 2);
    assert_int_equal(w->server.messages, 2);
    for (i = 0; i < 3; i++)
        assert_int_equal(w->letter[i].m.job.mail.size, w->letter[i].text.len);
    assert_int_equal(w->letter[1].rcpt.verdict, DUVA_REFUSED);
    assert_int_equal(w->letter[1].m.job.mail.result.reason,
                     DUVA_REASON_NOT_ASCII);
}

static void without_pipelining_too(void **state)
{
    (void)state;
    w->server.ehlo = NULL;
    w->to.config.window = 0;
    w->to.connections = 3;
    w->to.mails = 2;
    open_server();
    send_mails(12);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 12);
    assert_true(w->server.connections >= 6);
    assert_int_equal(w->server.quits, w->server.connections);
}

static void a_connection_carries_so_many_mails(void **state)
{
    (void)state;
    w->to.connections = 1;
    w->to.mails = 3;
    open_server();
    send_mails(10);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 10);
    assert_int_equal(w->server.connections, 4);
    assert_int_equal(w->server.quits, 4);
}

static void no_more_connections_than_allowed(void **state)
{
    (void)state;
    w->to.connections = 5;
    w->to.mails = 1;
    open_server();
    send_mails(60);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 60);
    assert_int_equal(w->server.connections, 60);
    assert_true(w->server.most <= 5);
}

static void two_hundred_sessions(void **state)
{
    (void)state;
    w->to.connections = 200;
    w->server.hold = 200;
    open_server();
    send_mails(400);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 400);
    assert_int_equal(w->server.most, 200);
}

static void an_idle_connection_ends(void **state)
{
    (void)state;
    w->to.idle_ms = 20;
    open_server();
    send_mails(1);
    do {
        uv_run(&w->loop, UV_RUN_ONCE);
        duva_pool_look(w->pool, &w->last);
    } while (w->last.accepted < 1 || w->last.connections > 0);
    send_mails(1);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 2);
    assert_int_equal(w->server.connections, 2);
    assert_int_equal(w->server.quits, 2);
}

static void a_name_is_looked_up(void **state)
{
    (void)state;
    w->to.host = "localhost";
    open_server();
    send_mails(3);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 3);
}

static void so_many_mails_a_second(void **state)
{
    uint64_t began;

    (void)state;
    w->to.rate = 100;
    open_server();
    began = uv_hrtime();
    send_mails(20);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 20);
    assert_true(uv_hrtime() - began > 170 * 1000000u);
}

/* ---- messages past the engine ---- */

/* The kernel sends the file, the connection goes on. */
static void files_go_past(void **state)
{
    enum { SIZE = 1 << 20, FILES = 3 };
    FILE       *file = make_file(SIZE);
    duva_extent extent[FILES];
    size_t      i;

    (void)state;
    w->server.ehlo = "250-peer\r\n250-PIPELINING\r\n250-8BITMIME\r\n"
                     "250 CHUNKING";
    w->to.connections = 1;
    open_server();
    for (i = 0; i < FILES; i++)
        send_file(&extent[i], file, SIZE);
    send_mails(1);
    finish();
    fclose(file);
    assert_int_equal(count(DUVA_ACCEPTED), FILES + 1);
    assert_int_equal(w->server.connections, 1);
    assert_int_equal(w->server.octets, FILES * SIZE + 26);
    assert_true(passed_by >= FILES);
}

/* ---- several routes to one server ---- */

static duva_pool_route *another_route(void)
{
    static duva_pool_route other;

    other = w->to;
    other.state = NULL;
    return &other;
}

static void wait_for_reports(unsigned n)
{
    while (w->reported < n)
        uv_run(&w->loop, UV_RUN_ONCE);
}

static void connections_are_counted_together(void **state)
{
    duva_pool_route *other;
    unsigned         i;

    (void)state;
    w->to.connections = 3;
    w->to.mails = 2;
    open_server();
    other = another_route();
    for (i = 0; i < 30; i++) {
        send_by(other, 1);
        send_mails(1);
    }
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 60);
    assert_true(w->server.most <= 3);
    assert_null(other->state);
}

/* With one place for two they take turns: a few connections, none starves. */
static void a_place_is_shared(void **state)
{
    duva_pool_route *other;

    (void)state;
    w->to.connections = 1;
    open_server();
    other = another_route();
    send_mails(100);
    send_by(other, 100);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 200);
    assert_int_equal(w->server.most, 1);
    assert_true(w->server.connections >= 9 && w->server.connections <= 12);
    assert_int_equal(w->last.failed, 0);
}

static void an_idle_place_is_given_up(void **state)
{
    duva_pool_route *other;

    (void)state;
    w->to.connections = 1;
    w->to.idle_ms = 60000;
    open_server();
    other = another_route();
    send_mails(1);
    wait_for_reports(1);
    send_by(other, 1);
    wait_for_reports(2);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 2);
    assert_int_equal(w->server.connections, 2);
    assert_int_equal(w->server.quits, 2);
}

static void a_second_is_shared(void **state)
{
    duva_pool_route *other;
    uint64_t         began;

    (void)state;
    w->to.rate = 100;
    open_server();
    other = another_route();
    began = uv_hrtime();
    send_mails(10);
    send_by(other, 10);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 20);
    assert_true(uv_hrtime() - began > 170 * 1000000u);
}

static void a_pause_is_for_all(void **state)
{
    duva_pool_route *other;
    uint64_t         began;

    (void)state;
    w->to.backoff_ms = 400;
    w->server.busy = 1;
    open_server();
    other = another_route();
    send_mails(1);
    began = uv_hrtime();
    wait_for_reports(1);
    send_by(other, 1);
    finish();
    assert_int_equal(count(DUVA_RETRY), 1);
    assert_int_equal(count(DUVA_ACCEPTED), 1);
    assert_true(uv_hrtime() - began > 200 * 1000000u);
}

static void all_hear_that_a_name_is_unknown(void **state)
{
    duva_pool_route *other;
    unsigned         i;

    (void)state;
    w->to.host = "no such host";
    w->to.port = "25";
    server_begin(&w->server);
    other = another_route();
    send_mails(2);
    send_by(other, 2);
    finish();
    assert_int_equal(count(DUVA_RETRY), 4);
    for (i = 0; i < 4; i++) {
        const duva_result *r = &w->letter[i].m.job.mail.result;

        assert_int_equal(r->err, DUVA_ERR_RESOLVE);
        assert_true(r->cause == EAI_NONAME || r->cause == EAI_AGAIN);
    }
}

/* ---- failures ---- */

static void a_busy_server_is_left_alone_for_a_while(void **state)
{
    uint64_t began;

    (void)state;
    w->to.connections = 1;
    w->to.tries = 5;
    w->server.busy = 3;
    open_server();
    began = uv_hrtime();
    send_mails(4);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 4);
    assert_int_equal(w->server.connections, 4);
    assert_int_equal(w->last.failed, 3);
    /* halves of 20, 40 and 80 ms at the least */
    assert_true(uv_hrtime() - began > 65 * 1000000u);
}

/* As servers that count the connections of each client: no pause of a minute
 * for the mails. */
static void a_full_server_goes_on_with_those_it_has(void **state)
{
    const uint64_t began = uv_hrtime();

    (void)state;
    w->to.connections = 8;
    w->to.backoff_ms = 60000;
    w->server.places = 1;
    open_server();
    send_mails(1);
    wait_for_reports(1);
    send_mails(40);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 41);
    assert_true(uv_hrtime() - began < 20 * 1000000000ull);
    assert_in_range(w->server.connections, 2, 8);
    assert_int_equal(w->last.failed, w->server.connections - 1);
}

static void nobody_listens(void **state)
{
    char      port[8];
    const int fd = listen_somewhere(port);

    (void)state;
    close(fd);
    open_server();
    w->to.port = port;
    send_mails(3);
    finish();
    assert_int_equal(count(DUVA_RETRY), 3);
    assert_int_equal(w->letter[0].m.job.mail.result.err, DUVA_ERR_CONNECT);
    assert_int_equal(w->server.connections, 0);
}

static void tries_are_used_up(void **state)
{
    (void)state;
    w->to.tries = 2;
    w->server.at_end = "451 4.3.0 not now";
    open_server();
    send_mails(2);
    finish();
    assert_int_equal(count(DUVA_RETRY), 2);
    assert_int_equal(w->letter[1].m.job.mail.result.status.code, 451);
    assert_int_equal(w->last.resent, 2);
    assert_int_equal(w->server.messages, 4);
}

static void the_server_says_421_first(void **state)
{
    (void)state;
    w->to.connections = 1;
    w->server.busy = 1;
    open_server();
    send_mails(2);
    finish();
    assert_int_equal(count(DUVA_RETRY), 2);
    assert_int_equal(w->letter[0].rcpt.status.code, 421);
}

/* With the next envelope on its way: only one is in doubt. */
static void the_server_dies_behind_the_dot(void **state)
{
    (void)state;
    w->to.connections = 1;
    w->to.tries = 2;
    w->server.cut = 1;
    open_server();
    send_mails(5);
    finish();
    assert_int_equal(count(DUVA_UNCERTAIN), 1);
    assert_int_equal(count(DUVA_ACCEPTED), 4);
    assert_int_equal(w->letter[0].m.job.mail.result.verdict, DUVA_UNCERTAIN);
    assert_int_equal(w->server.messages, 4);
}

static void a_server_that_leaves_costs_no_try(void **state)
{
    (void)state;
    w->to.connections = 1;
    w->server.leaves_after = 2;
    open_server();
    send_mails(4);
    finish();
    assert_int_equal(count(DUVA_ACCEPTED), 4);
    assert_int_equal(w->server.messages, 4);
    assert_true(w->server.connections >= 2);
}

static void a_recipient_is_refused(void **state)
{
    (void)state;
    open_server();
    write_letter(&w->letter[w->sent++], "nobody@server.example");
    assert_int_equal(duva_pool_send(w->pool, &w->letter[0].m), DUVA_OK);
    write_letter(&w->letter[w->sent++], "not an address");
    assert_int_equal(duva_pool_send(w->pool, &w->letter[1].m), DUVA_OK);
    send_mails(1);
    finish();
    assert_int_equal(w->letter[0].m.job.mail.result.verdict, DUVA_REFUSED);
    assert_int_equal(w->letter[0].m.job.mail.result.status.code, 550);
    assert_int_equal(w->letter[1].m.job.mail.result.verdict, DUVA_REFUSED);
    assert_int_equal(w->letter[1].m.job.mail.result.err, DUVA_ERR_ARG);
    assert_int_equal(w->letter[2].m.job.mail.result.verdict, DUVA_ACCEPTED);
    assert_int_equal(w->last.refused, 2);
}

/* ---- the end ---- */

static void abort_soon(uv_timer_t *timer)
{
    duva_pool_look(w->pool, &w->last);
    if (w->last.connected < 2)
        return;
    assert_int_equal(duva_pool_stop(w->pool, DUVA_POOL_ABORT, NULL, NULL),
                     DUVA_OK);
    assert_int_equal(duva_pool_stop(w->pool, DUVA_POOL_FINISH, NULL, NULL),
                     DUVA_ERR_STATE);
    uv_close((uv_handle_t *)timer, NULL);
}

static void all_is_given_up(void **state)
{
    uv_timer_t timer;

    (void)state;
    w->to.connections = 2;
    w->server.mute = 1;
    open_server();
    send_mails(5);
    assert_int_equal(duva_pool_stop(w->pool, DUVA_POOL_FINISH, over, NULL),
                     DUVA_OK);
    uv_timer_init(&w->loop, &timer);
    uv_timer_start(&timer, abort_soon, 1, 1);
    run();
    assert_int_equal(count(DUVA_RETRY), 5);
    assert_int_equal(w->letter[0].m.job.mail.result.err, DUVA_ERR_CANCELLED);
    assert_int_equal(w->server.messages, 0);
}

static void in_the_middle_of_things(void **state)
{
    (void)state;
    w->stop_at = 50;
    w->how = DUVA_POOL_ABORT;
    w->to.connections = 7;
    open_server();
    send_mails(300);
    run();
    assert_int_equal(count(DUVA_ACCEPTED) + count(DUVA_RETRY)
                         + count(DUVA_UNCERTAIN), 300);
    assert_int_equal(count(DUVA_REFUSED), 0);
    assert_true(count(DUVA_ACCEPTED) >= 50);
    /* The server has what it accepted, and at most what is in doubt beside. */
    assert_true(w->server.messages >= count(DUVA_ACCEPTED));
    assert_true(w->server.messages
                <= count(DUVA_ACCEPTED) + count(DUVA_UNCERTAIN));
}

static void misuse_is_returned(void **state)
{
    struct letter *l = &w->letter[0];

    (void)state;
    open_server();
    assert_null(duva_pool_new(NULL));
    assert_int_equal(duva_pool_send(w->pool, NULL), DUVA_ERR_ARG);
    write_letter(l, "ada@server.example");
    l->m.job.source = NULL;
    assert_int_equal(duva_pool_send(w->pool, &l->m), DUVA_ERR_ARG);
    write_letter(l, "ada@server.example");
    l->m.done = NULL;
    assert_int_equal(duva_pool_send(w->pool, &l->m), DUVA_ERR_ARG);
    write_letter(l, "ada@server.example");
    w->to.config.tls = DUVA_TLS_REQUIRED;
    assert_int_equal(duva_pool_send(w->pool, &l->m), DUVA_ERR_ARG);
    w->to.config.tls = DUVA_TLS_NEVER;
    w->to.config.name = "not a name";
    assert_int_equal(duva_pool_send(w->pool, &l->m), DUVA_ERR_ARG);
    w->to.config.name = "client.example";
    w->to.buffer = DUVA_BUFFER_MIN - 1;
    assert_int_equal(duva_pool_send(w->pool, &l->m), DUVA_ERR_ARG);
    w->to.buffer = DUVA_BUFFER_MIN;
    assert_int_equal(duva_pool_stop(w->pool, (duva_pool_how)3, over, NULL),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_pool_stop(w->pool, DUVA_POOL_FINISH, over, NULL),
                     DUVA_OK);
    assert_int_equal(duva_pool_send(w->pool, &l->m), DUVA_ERR_STATE);
    run();
}

/* ---- threads ---- */

static void *hand_in(void *arg)
{
    const size_t me = *(size_t *)arg;
    size_t       i;

    for (i = me; i < MAILS; i += THREADS)
        if (duva_pool_send(w->pool, &w->letter[i].m) != DUVA_OK)
            abort();
    return NULL;
}

static void many_threads_hand_in(void **state)
{
    pthread_t thread[THREADS];
    size_t    i, number[THREADS];

    (void)state;
    w->to.connections = 8;
    w->stop_at = w->sent = MAILS;
    open_server();
    for (i = 0; i < MAILS; i++)
        write_letter(&w->letter[i], "ada@server.example");
    for (i = 0; i < THREADS; i++) {
        number[i] = i;
        assert_int_equal(pthread_create(&thread[i], NULL, hand_in,
                                        &number[i]),
                         0);
    }
    run();
    for (i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    assert_int_equal(count(DUVA_ACCEPTED), MAILS);
    assert_int_equal(w->server.messages, MAILS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(connections_are_reused),
        TEST(messages_are_made_to_fit),
        TEST(without_pipelining_too),
        TEST(a_connection_carries_so_many_mails),
        TEST(no_more_connections_than_allowed),
        TEST(two_hundred_sessions),
        TEST(an_idle_connection_ends),
        TEST(a_name_is_looked_up),
        TEST(so_many_mails_a_second),
        TEST(files_go_past),
        TEST(connections_are_counted_together),
        TEST(a_place_is_shared),
        TEST(an_idle_place_is_given_up),
        TEST(a_second_is_shared),
        TEST(a_pause_is_for_all),
        TEST(all_hear_that_a_name_is_unknown),
        TEST(a_busy_server_is_left_alone_for_a_while),
        TEST(a_full_server_goes_on_with_those_it_has),
        TEST(nobody_listens),
        TEST(tries_are_used_up),
        TEST(the_server_says_421_first),
        TEST(the_server_dies_behind_the_dot),
        TEST(a_server_that_leaves_costs_no_try),
        TEST(a_recipient_is_refused),
        TEST(all_is_given_up),
        TEST(in_the_middle_of_things),
        TEST(misuse_is_returned),
        TEST(many_threads_hand_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
