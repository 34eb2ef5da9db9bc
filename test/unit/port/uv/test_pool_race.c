/* test_pool_race.c - connection attempts in parallel, for each connection of a
 * pool. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "posix_peers.h"
#undef TEST
#include "pool_world.h"

#include <errno.h>
#include <stdlib.h>

enum { MOST = 12 };

/* ---- the resolver ---- */

static struct address *answer[MOST];
static size_t          answers;

/* Instead of the system's, for this program and for libuv: "many.test" has the
 * addresses of the answer, each with its own port; and nothing else is known
 * but numbers that are not needed here. */
int getaddrinfo(const char *host, const char *port,
                const struct addrinfo *hints, struct addrinfo **list)
{
    struct address *copy = calloc(answers, sizeof(*copy));
    size_t          i;

    (void)port;
    if (strcmp(host, "many.test") != 0 || (hints->ai_flags & AI_NUMERICHOST)
        || copy == NULL) {
        free(copy);
        return EAI_NONAME;
    }
    for (i = 0; i < answers; i++) {
        copy[i] = *answer[i];
        copy[i].ai.ai_addr = (struct sockaddr *)&copy[i].ss;
        copy[i].ai.ai_next = i + 1 < answers ? &copy[i + 1].ai : NULL;
    }
    *list = &copy->ai;
    return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
    free(list);
}

static void resolve(struct address *const list[], size_t n)
{
    answers = n;
    memcpy(answer, list, n * sizeof(list[0]));
    w->to.host = "many.test";
    w->to.tries = 1;
}

#define RESOLVE(list) resolve(list, sizeof(list) / sizeof((list)[0]))

/* ---- who listens there ---- */

static struct address good;

static void open_good(int family)
{
    server_begin_on(&w->server, listen_at(&good, family, 64));
}

/* A slow address: as long as a listener's queue is full its SYN are dropped;
 * that after a second is taken.  From then on it is the server. */
static struct hole slow;
static uv_timer_t  drain;

static void on_drain(uv_timer_t *timer)
{
    assert_int_equal(listen(slow.listener, 64), 0);
    server_begin_on(&w->server, slow.listener);
    uv_close((uv_handle_t *)timer, NULL);
}

static void drain_after(uint64_t ms)
{
    uv_timer_init(&w->loop, &drain);
    uv_timer_start(&drain, on_drain, ms, 0);
}

static void fill_slow(void)
{
    slow.listener = -1;        /* the server has closed it */
    hole_fill(&slow);
}

/* The server is not needed. */
static void open_none(void)
{
    struct address unused;

    server_begin_on(&w->server, listen_at(&unused, AF_INET, 1));
}

static void send_all(unsigned n)
{
    start_clock();
    send_mails(n);
    finish();
}

/* For whatever must be quick: a busy machine has more than one chance. */
static void try_quickly(void (*test)(void), int64_t ms)
{
    void *state = NULL;
    int   tries = 5;

    do {
        assert_int_equal(begin(&state), 0);
        test();
        end(&state);
    } while (took_ms() >= ms && --tries > 0);
    assert_true(tries > 0);
}

/* ---- what wins ---- */

/* As many mails as connections, and more: none is lost to the dead one. */
static void slow_then_dead(void)
{
    struct hole           dead;
    struct address *const list[] = { &slow.at, &dead.at };

    hole_dig(&slow, AF_INET);
    hole_dig(&dead, AF_INET);
    RESOLVE(list);
    w->to.connections = 3;
    drain_after(300);
    send_all(20);
    assert_int_equal(count(DUVA_ACCEPTED), 20);
    assert_int_equal(w->last.failed, 0);
    hole_fill(&dead);
    fill_slow();
}

static void a_slow_first_and_a_dead_last(void **state)
{
    (void)state;
    try_quickly(slow_then_dead, 3000);
}

static void dead_then_good(void)
{
    struct hole           dead;
    struct address *const list[] = { &dead.at, &good };

    hole_dig(&dead, AF_INET);
    open_good(AF_INET);
    RESOLVE(list);
    w->to.connections = 2;
    w->to.mails = 5;           /* so that there are four, or more */
    send_all(20);
    assert_true(took_ms() >= 249);
    assert_int_equal(count(DUVA_ACCEPTED), 20);
    assert_true(w->server.connections >= 4);
    assert_true(w->server.most <= 2);
    assert_int_equal(w->last.connected, w->server.connections);
    hole_fill(&dead);
}

/* Those after the first two know better than to begin with the dead one. */
static void a_dead_first(void **state)
{
    (void)state;
    try_quickly(dead_then_good, 480);
}

static void refused_then_good(void)
{
    struct address        nobody[3];
    struct address *const list[] = { &nobody[0], &nobody[1], &nobody[2],
                                     &good };
    size_t                i;

    for (i = 0; i < 3; i++)
        nobody_at(&nobody[i], AF_INET);
    open_good(AF_INET);
    RESOLVE(list);
    send_all(1);
    assert_int_equal(count(DUVA_ACCEPTED), 1);
    assert_int_equal(w->last.failed, 0);
}

static void refusals_take_no_time(void **state)
{
    (void)state;
    try_quickly(refused_then_good, 240);
}

static void six_six_four(void)
{
    struct hole           six[2];
    struct address *const list[] = { &six[0].at, &six[1].at, &good };

    hole_dig(&six[0], AF_INET6);
    hole_dig(&six[1], AF_INET6);
    open_good(AF_INET);
    RESOLVE(list);
    send_all(1);
    assert_int_equal(count(DUVA_ACCEPTED), 1);
    assert_true(took_ms() >= 249);
    hole_fill(&six[0]);
    hole_fill(&six[1]);
}

static void families_take_turns(void **state)
{
    (void)state;
    try_quickly(six_six_four, 480);
}

/* A server that connects at once and is silent for a while has won. */
static void a_server_that_is_late_to_speak(void **state)
{
    struct address        other;
    struct address *const list[] = { &good, &other };
    const int             fd = listen_at(&other, AF_INET, 8);
    struct pollfd         p = { fd, POLLIN, 0 };

    (void)state;
    w->server.mute = 1;
    open_good(AF_INET);
    RESOLVE(list);
    w->to.config.timeout_ms = (uint32_t[DUVA_STAGES]) {
        [DUVA_STAGE_GREETING] = 400
    };
    send_all(1);
    assert_int_equal(count(DUVA_RETRY), 1);
    assert_int_equal(w->letter[0].m.job.mail.result.err, DUVA_ERR_TIMEOUT);
    assert_int_equal(w->letter[0].m.job.mail.result.status.stage,
                     DUVA_STAGE_GREETING);
    assert_int_equal(w->server.connections, 1);
    assert_int_equal(poll(&p, 1, 0), 0); /* nobody has come */
    close(fd);
}

static void the_tenth_of_ten(void **state)
{
    struct hole     dead[9];
    struct address *list[10];
    size_t          i;

    (void)state;
    for (i = 0; i < 9; i++) {
        hole_dig(&dead[i], AF_INET);
        list[i] = &dead[i].at;
    }
    list[9] = &good;
    open_good(AF_INET);
    RESOLVE(list);
    send_all(1);
    assert_int_equal(count(DUVA_ACCEPTED), 1);
    assert_took(9 * 250);
    for (i = 0; i < 9; i++)
        hole_fill(&dead[i]);
}

/* ---- nobody wins ---- */

static void check_failure(unsigned mails, duva_err err, int32_t cause)
{
    unsigned i;

    assert_int_equal(count(DUVA_RETRY), mails);
    for (i = 0; i < mails; i++) {
        const duva_result *r = &w->letter[i].m.job.mail.result;

        assert_int_equal(r->err, err);
        assert_int_equal(r->cause, cause);
        assert_int_equal(r->status.stage, DUVA_STAGE_CONNECT);
    }
}

static void all_are_dead(void **state)
{
    struct hole           dead[3];
    struct address        nobody;
    struct address *const list[] = { &dead[0].at, &nobody, &dead[1].at,
                                     &dead[2].at };
    size_t                i;

    (void)state;
    for (i = 0; i < 3; i++)
        hole_dig(&dead[i], i == 1 ? AF_INET6 : AF_INET);
    nobody_at(&nobody, AF_INET);
    open_none();
    RESOLVE(list);
    w->to.connections = 2;
    w->to.connect_ms = 600;
    send_all(5);
    assert_took(600);
    check_failure(5, DUVA_ERR_TIMEOUT, ETIMEDOUT);
    for (i = 0; i < 3; i++)
        hole_fill(&dead[i]);
}

static void all_refuse(void)
{
    struct sockaddr_in all = { .sin_family = AF_INET };
    struct address     nobody[3];
    struct address *const list[] = { &nobody[0], &nobody[1], &nobody[2] };
    size_t             i;

    for (i = 0; i < 3; i++)
        nobody_at(&nobody[i], i == 0 ? AF_INET6 : AF_INET);
    all.sin_addr.s_addr = htonl(INADDR_BROADCAST);
    memcpy(&nobody[1].ss, &all, sizeof(all)); /* connect() itself does */
    open_none();
    RESOLVE(list);
    send_all(3);
    check_failure(3, DUVA_ERR_CONNECT, ECONNREFUSED);
}

static void all_are_refused(void **state)
{
    (void)state;
    try_quickly(all_refuse, 240);
}

/* The first fails without a wait, before anything else could happen. */
static void the_only_one_cannot_be(void **state)
{
    struct sockaddr_in    all = { .sin_family = AF_INET };
    struct address        nobody;
    struct address *const list[] = { &nobody };

    (void)state;
    address_init(&nobody, AF_INET);
    all.sin_addr.s_addr = htonl(INADDR_BROADCAST);
    memcpy(&nobody.ss, &all, sizeof(all));
    open_none();
    RESOLVE(list);
    w->to.tries = 3;
    send_all(3);
    assert_int_equal(count(DUVA_RETRY), 3);
    assert_int_equal(w->letter[0].m.job.mail.result.err, DUVA_ERR_CONNECT);
}

/* ---- the end ---- */

static void on_late(uv_timer_t *timer)
{
    send_mails(1);
    assert_int_equal(duva_pool_stop(w->pool, DUVA_POOL_FINISH, over, NULL),
                     DUVA_OK);
    uv_close((uv_handle_t *)timer, NULL);
}

/* The connection for the second mail is under way when that for the first is
 * made, which takes both: nobody waits for the second one, whose next SYN is
 * out a second after the first. */
static void one_is_not_needed(void)
{
    struct address *const list[] = { &slow.at };
    uv_timer_t            late;

    hole_dig(&slow, AF_INET);
    RESOLVE(list);
    uv_timer_init(&w->loop, &late);
    uv_timer_start(&late, on_late, 850, 0);
    drain_after(925);
    start_clock();
    send_mails(1);
    run();
    assert_int_equal(count(DUVA_ACCEPTED), 2);
    assert_int_equal(w->last.failed, 0);
    fill_slow();
}

static void the_end_waits_for_nobody(void **state)
{
    (void)state;
    try_quickly(one_is_not_needed, 1700);
}

static void aborted_on_the_way(void **state)
{
    struct hole           dead[2];
    struct address *const list[] = { &dead[0].at, &dead[1].at };

    (void)state;
    hole_dig(&dead[0], AF_INET);
    hole_dig(&dead[1], AF_INET);
    open_none();
    RESOLVE(list);
    send_mails(3);
    uv_run(&w->loop, UV_RUN_ONCE); /* looked up, */
    uv_run(&w->loop, UV_RUN_ONCE); /* and set off */
    assert_int_equal(duva_pool_stop(w->pool, DUVA_POOL_ABORT, over, NULL),
                     DUVA_OK);
    run();
    check_failure(3, DUVA_ERR_CANCELLED, 0);
    hole_fill(&dead[0]);
    hole_fill(&dead[1]);
}

static int setup(void **state)
{
    files_before = open_files();
    return begin(state);
}

static int teardown(void **state)
{
    end(state);
    return open_files() == files_before ? 0 : -1;
}

#define WORLD(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define QUICK(f)                                                              \
    cmocka_unit_test_setup_teardown(f, remember_files, compare_files)

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUICK(a_slow_first_and_a_dead_last),
        QUICK(a_dead_first),
        QUICK(refusals_take_no_time),
        QUICK(families_take_turns),
        WORLD(a_server_that_is_late_to_speak),
        WORLD(the_tenth_of_ten),
        WORLD(all_are_dead),
        QUICK(all_are_refused),
        WORLD(the_only_one_cannot_be),
        QUICK(the_end_waits_for_nobody),
        WORLD(aborted_on_the_way)
    };
    uv_loop_t loop;

    uv_loop_init(&loop);       /* the first opens a pipe for all */
    uv_loop_close(&loop);
    alarm(100);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
