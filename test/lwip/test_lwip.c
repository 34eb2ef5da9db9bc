/* test_lwip.c - the link on lwIP, against peers on lwIP's loopback. */
/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <lwip/tcp.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 60000 };

static size_t    before;
static duva_lwip l;

static int begin(void **state)
{
    (void)state;
    before = world_memory();
    memset(&l, 0, sizeof l);
    l.poll = world_poll;
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_give_memory();
    world_end();
    return world_memory() == before ? 0 : -1;
}

static int rd(void *buf, size_t len)
{
    return l.link.ops->read(&l.link, buf, len);
}

static int wr(const void *buf, size_t len)
{
    return l.link.ops->write(&l.link, buf, len);
}

static int wt(unsigned can, uint32_t ms)
{
    return l.link.ops->wait(&l.link, can, ms);
}

static void cl(void)
{
    l.link.ops->close(&l.link);
    assert_null(l.pcb);
    assert_null(l.in);
}

static int open_to(const char *host)
{
    return duva_lwip_open(&l, host, WORLD_PORT, PATIENCE_MS);
}

/* Connected, and the server knows it. */
static void connected(const char *host)
{
    assert_int_equal(open_to(host), DUVA_OK);
    world_pass(20);
    assert_non_null(world_server.pcb);
}

static void fill(uint8_t *block, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        block[i] = (uint8_t)(i * 7 + i / 251);
}

/* ---- connecting ---- */

static void converse(const char *host)
{
    char buf[16];

    connected(host);
    assert_int_equal(rd(buf, sizeof buf), 0);
    assert_int_equal(tcp_write(world_server.pcb, "220 hi", 6, 1), ERR_OK);
    tcp_output(world_server.pcb);
    assert_int_equal(wt(DUVA_CAN_READ, PATIENCE_MS), DUVA_CAN_READ);
    assert_int_equal(rd(buf, 4), 4);
    assert_int_equal(rd(buf + 4, sizeof buf - 4), 2);
    assert_memory_equal(buf, "220 hi", 6);
    assert_int_equal(wr("QU", 2), 2);
    assert_int_equal(wr("IT", 2), 2);
    world_pass(20);
    assert_int_equal(world_server.len, 0); /* not before the link is read */
    assert_int_equal(rd(buf, sizeof buf), 0);
    world_pass(20);
    assert_int_equal(world_server.len, 4);
    assert_memory_equal(world_server.got, "QUIT", 4);
    cl();
    world_pass(50);
    assert_int_equal(world_server.ended, 1);
}

static void connects_over_ipv4(void **state)
{
    (void)state;
    world_listen(1, 0);
    converse("127.0.0.1");
}

static void connects_over_ipv6(void **state)
{
    (void)state;
    world_listen(0, 1);
    converse("::1");
}

static void is_refused(void **state)
{
    (void)state;
    world_listen(0, 0);
    assert_int_equal(open_to("127.0.0.1"), DUVA_ERR_CONNECT);
    assert_int_equal(l.link.cause, ERR_RST);
    assert_null(l.pcb);
}

static void gives_up_a_silent_server(void **state)
{
    (void)state;
    world_listen(0, 0);
    assert_int_equal(duva_lwip_open(&l, "192.0.2.9", WORLD_PORT, 500),
                     DUVA_ERR_TIMEOUT);
    assert_null(l.pcb);
    assert_int_equal(duva_lwip_open(&l, "192.0.2.9", WORLD_PORT, 600000),
                     DUVA_ERR_CONNECT);
    assert_int_equal(l.link.cause, ERR_ABRT);
}

static void is_cancelled_while_it_connects(void **state)
{
    (void)state;
    world_listen(0, 0);
    assert_int_equal(duva_lwip_start(&l, "192.0.2.9", WORLD_PORT), DUVA_OK);
    assert_int_equal(duva_lwip_step(&l), 0);
    world_pass(100);
    assert_int_equal(duva_lwip_step(&l), 0);
    duva_lwip_cancel(&l);
    memset(&l, 0xAA, sizeof l);
    world_pass(20000);
}

/* ---- names ---- */

static void prefers_ipv6(void **state)
{
    (void)state;
    world_listen(1, 1);
    world_names.ipv4 = "127.0.0.1";
    world_names.ipv6 = "::1";
    assert_int_equal(open_to("both.example"), DUVA_OK);
    assert_true(IP_IS_V6(&l.address));
    assert_int_equal(world_names.asked, 1);
    cl();
}

static void takes_ipv4_when_there_is_no_ipv6(void **state)
{
    (void)state;
    world_listen(1, 0);
    world_names.ipv4 = "127.0.0.1";
    assert_int_equal(open_to("four.example"), DUVA_OK);
    assert_true(IP_IS_V4(&l.address));
    cl();
}

static void takes_ipv4_when_ipv6_is_refused(void **state)
{
    (void)state;
    world_listen(1, 0);
    world_names.ipv4 = "127.0.0.1";
    world_names.ipv6 = "::1";
    assert_int_equal(open_to("refused.example"), DUVA_OK);
    assert_true(IP_IS_V4(&l.address));
    cl();
}

static void takes_ipv4_when_ipv6_is_silent(void **state)
{
    (void)state;
    world_listen(1, 0);
    world_names.ipv4 = "127.0.0.1";
    world_names.ipv6 = "2001:db8::9";
    assert_int_equal(duva_lwip_open(&l, "silent6.example", WORLD_PORT,
                                    DUVA_LWIP_IPV6_MS + 500), DUVA_OK);
    assert_true(IP_IS_V4(&l.address));
    cl();
}

static void tells_why_both_failed(void **state)
{
    (void)state;
    world_listen(0, 0);
    world_names.ipv6 = "::1";  /* and no IPv4 address */
    assert_int_equal(open_to("nobody6.example"), DUVA_ERR_CONNECT);
    world_names.ipv6 = NULL;
    world_names.ipv4 = "127.0.0.1";
    assert_int_equal(open_to("nobody4.example"), DUVA_ERR_CONNECT);
    world_names.ipv4 = NULL;
    assert_int_equal(open_to("nowhere.example"), DUVA_ERR_RESOLVE);
    world_names.silent = 1;
    assert_int_equal(open_to("unheard.example"), DUVA_ERR_RESOLVE);
    assert_int_equal(open_to(""), DUVA_ERR_RESOLVE);
}

static void is_cancelled_while_it_resolves(void **state)
{
    uint8_t wiped[sizeof l];

    (void)state;
    world_listen(1, 0);
    world_names.ipv4 = "127.0.0.1";
    assert_int_equal(duva_lwip_start(&l, "late.example", WORLD_PORT), DUVA_OK);
    assert_int_equal(duva_lwip_step(&l), 0);
    duva_lwip_cancel(&l);
    memset(&l, 0xAA, sizeof l);
    memset(wiped, 0xAA, sizeof wiped);
    world_pass(5000);
    assert_int_not_equal(world_names.asked, 0);
    assert_memory_equal(&l, wiped, sizeof l);
}

/* The answer to the first look-up comes while the second one is pending. */
static void is_used_again_after_a_cancel(void **state)
{
    (void)state;
    world_listen(1, 0);
    world_names.ipv4 = "127.0.0.1";
    world_names.ipv6 = "::1";
    assert_int_equal(duva_lwip_start(&l, "old.example", WORLD_PORT), DUVA_OK);
    duva_lwip_cancel(&l);
    assert_int_equal(open_to("new.example"), DUVA_OK);
    cl();
    assert_int_equal(duva_lwip_start(&l, "Case.example", WORLD_PORT), DUVA_OK);
    duva_lwip_cancel(&l);
    assert_int_equal(open_to("cASE.example"), DUVA_OK);
    cl();
}

/* ---- back-pressure ---- */

static void does_not_write_more_than_the_server_reads(void **state)
{
    static uint8_t block[40000];
    size_t         sent = 0;
    int            n;

    (void)state;
    fill(block, sizeof block);
    world_listen(1, 0);
    connected("127.0.0.1");
    world_server.reads = 0;
    do {
        while ((n = wr(block + sent, sizeof block - sent)) > 0)
            sent += (size_t)n;
        assert_int_equal(n, 0);
    } while (wt(DUVA_CAN_WRITE, 1000) != 0);
    assert_in_range(sent, TCP_WND, TCP_WND + TCP_SND_BUF);
    assert_int_equal(wt(DUVA_CAN_READ | DUVA_CAN_WRITE, 100), 0);
    world_server.reads = 1;
    tcp_recved(world_server.pcb, TCP_WND);
    while (sent < sizeof block) {
        assert_int_equal(wt(DUVA_CAN_WRITE, PATIENCE_MS), DUVA_CAN_WRITE);
        n = wr(block + sent, sizeof block - sent);
        assert_true(n >= 0);
        sent += (size_t)n;
    }
    cl();                      /* what was written still goes out */
    world_pass(1000);
    assert_int_equal(world_server.len, sizeof block);
    assert_memory_equal(world_server.got, block, sizeof block);
    assert_int_equal(world_server.ended, 1);
}

static void does_not_take_more_than_is_read(void **state)
{
    static uint8_t block[20000], got[20000];
    size_t         sent = 0, len = 0, most = 0;
    int            n;

    (void)state;
    fill(block, sizeof block);
    world_listen(0, 1);
    connected("::1");
    while (len < sizeof block) {
        while (sent < sizeof block && tcp_sndbuf(world_server.pcb) >= 100
               && tcp_write(world_server.pcb, block + sent, 100, 1) == ERR_OK)
            sent += 100;
        tcp_output(world_server.pcb);
        world_pass(50);
        if (l.in != NULL && l.in->tot_len > most)
            most = l.in->tot_len;
        n = rd(got + len, 7 + len % 300);
        assert_true(n >= 0);
        len += (size_t)n;
    }
    assert_in_range(most, 1, TCP_WND);
    assert_memory_equal(got, block, sizeof block);
    cl();
}

/* ---- ends ---- */

static void tells_an_orderly_end(void **state)
{
    char buf[8];

    (void)state;
    world_listen(1, 0);
    connected("127.0.0.1");
    assert_int_equal(tcp_write(world_server.pcb, "bye", 3, 1), ERR_OK);
    tcp_close(world_server.pcb);
    world_server.pcb = NULL;
    world_pass(100);
    assert_int_equal(wt(DUVA_CAN_READ, PATIENCE_MS), DUVA_CAN_READ);
    assert_int_equal(rd(buf, sizeof buf), 3);
    assert_int_equal(wt(DUVA_CAN_READ, PATIENCE_MS), DUVA_CAN_READ);
    assert_int_equal(rd(buf, sizeof buf), DUVA_ERR_CLOSED);
    assert_int_equal(l.link.cause, 0);
    assert_int_equal(wr("QUIT", 4), 4);
    cl();
}

static void tells_a_reset(void **state)
{
    char buf[8];

    (void)state;
    world_listen(1, 0);
    connected("127.0.0.1");
    assert_int_equal(tcp_write(world_server.pcb, "421", 3, 1), ERR_OK);
    tcp_output(world_server.pcb);
    world_pass(50);
    tcp_abort(world_server.pcb);
    world_pass(50);
    assert_null(l.pcb);
    assert_int_equal(wt(DUVA_CAN_READ | DUVA_CAN_WRITE, 0),
                     DUVA_CAN_READ | DUVA_CAN_WRITE);
    assert_int_equal(rd(buf, sizeof buf), 3); /* its last words first */
    assert_int_equal(rd(buf, sizeof buf), DUVA_ERR_CLOSED);
    assert_int_equal(wr("x", 1), DUVA_ERR_CLOSED);
    assert_int_equal(l.link.cause, ERR_RST);
    cl();
}

static void gives_up_a_server_that_is_gone(void **state)
{
    char c;

    (void)state;
    world_listen(1, 0);
    connected("127.0.0.1");
    assert_int_equal(wr("x", 1), 1);
    assert_int_equal(wt(DUVA_CAN_READ, 0), 0); /* it has left */
    world_is_cut = 1;
    assert_int_equal(wt(DUVA_CAN_READ, 5000), 0);
    assert_int_equal(wt(DUVA_CAN_READ, 10000000), DUVA_CAN_READ);
    world_is_cut = 0;
    assert_int_equal(rd(&c, 1), DUVA_ERR_IO);
    assert_int_equal(l.link.cause, ERR_ABRT);
    cl();
}

/* ---- memory ---- */

static void has_no_memory_to_connect(void **state)
{
    struct tcp_pcb *all[MEMP_NUM_TCP_PCB];
    size_t          i, count = 0;

    (void)state;
    world_listen(1, 0);
    world_take_memory(16);
    assert_int_equal(open_to("127.0.0.1"), DUVA_ERR_RESOURCES);
    assert_int_equal(l.link.cause, ERR_MEM);
    world_give_memory();
    while (count < MEMP_NUM_TCP_PCB && (all[count] = tcp_new()) != NULL)
        count++;
    assert_int_equal(count, MEMP_NUM_TCP_PCB);
    assert_int_equal(open_to("127.0.0.1"), DUVA_ERR_RESOURCES);
    for (i = 0; i < count; i++)
        tcp_abort(all[i]);
    connected("127.0.0.1");
    cl();
}

static void has_no_memory_to_write(void **state)
{
    static const char block[1000];

    (void)state;
    world_listen(1, 0);
    connected("127.0.0.1");
    assert_int_equal(wr("x", 1), 1);
    world_take_memory(16);
    assert_int_equal(wr(block, sizeof block), 0); /* x is on its way: later */
    assert_int_equal(wt(DUVA_CAN_WRITE, 0), 0);
    world_give_memory();
    assert_int_equal(wt(DUVA_CAN_WRITE, PATIENCE_MS), DUVA_CAN_WRITE);
    assert_int_equal(wr(block, sizeof block), sizeof block);
    assert_int_equal(rd(NULL, 0), 0);
    world_pass(1000);
    assert_int_equal(world_server.len, 1001);
    world_take_memory(16);     /* and nothing is on its way */
    assert_int_equal(wr(block, sizeof block), DUVA_ERR_RESOURCES);
    assert_int_equal(l.link.cause, ERR_MEM);
    world_give_memory();
    cl();
}

static void has_no_memory_to_resolve(void **state)
{
    (void)state;
    world_listen(1, 0);
    world_names.ipv4 = "127.0.0.1";
    world_take_memory(16);
    assert_true(duva_lwip_open(&l, "hungry.example", WORLD_PORT, PATIENCE_MS)
                < 0);
    world_give_memory();
    assert_int_equal(open_to("fed.example"), DUVA_OK);
    cl();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(connects_over_ipv4), TEST(connects_over_ipv6), TEST(is_refused),
        TEST(gives_up_a_silent_server), TEST(is_cancelled_while_it_connects),
        TEST(prefers_ipv6), TEST(takes_ipv4_when_there_is_no_ipv6),
        TEST(takes_ipv4_when_ipv6_is_refused),
        TEST(takes_ipv4_when_ipv6_is_silent), TEST(tells_why_both_failed),
        TEST(is_cancelled_while_it_resolves),
        TEST(is_used_again_after_a_cancel),
        TEST(does_not_write_more_than_the_server_reads),
        TEST(does_not_take_more_than_is_read), TEST(tells_an_orderly_end),
        TEST(tells_a_reset), TEST(gives_up_a_server_that_is_gone),
        TEST(has_no_memory_to_connect), TEST(has_no_memory_to_write),
        TEST(has_no_memory_to_resolve)
    };

    world_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
