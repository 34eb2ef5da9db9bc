/* test_host_map.c - DUVA_NX_MAP: valid and invalid values. */
/* SPDX-License-Identifier: MIT */

#define _POSIX_C_SOURCE 200809L

#include <string.h>

#include "test_host_run.h"

#include "duva_nx_host.h"
#include "map.h"

static struct duva__net_address address(const char *text, unsigned int port)
{
    struct duva__net_address a;

    assert_int_equal(duva__net_parse(text, strlen(text), &a), 0);
    a.port = port;
    return a;
}

static void assert_maps(const char *from, unsigned int port, const char *to,
                        unsigned int to_port)
{
    const struct duva__net_address key = address(from, port);
    const struct duva__net_address want = address(to, to_port);
    struct duva__net_address got;

    assert_int_equal(duva__nx_map_find(&key, &got), 1);
    assert_int_equal(got.version, want.version);
    assert_int_equal(got.port, want.port);
    assert_memory_equal(got.ip, want.ip, sizeof got.ip);
}

static void test_accepted(void **state)
{
    struct duva__net_address key;
    struct duva__net_address got;

    (void)state;
    assert_null(duva_nx_map(NULL));
    assert_null(duva_nx_map(""));
    assert_null(duva_nx_map("192.0.2.25:25=127.0.0.1:2525,"
                            "[2001:db8::25]:25=[::1]:2526"));
    assert_maps("192.0.2.25", 25, "127.0.0.1", 2525);
    assert_maps("2001:db8::25", 25, "::1", 2526);
    key = address("192.0.2.25", 26);
    assert_int_equal(duva__nx_map_find(&key, &got), 0);
    key = address("192.0.2.26", 25);
    assert_int_equal(duva__nx_map_find(&key, &got), 0);
    /* Across families, added to what is there, the last one counting. */
    assert_null(duva_nx_map("192.0.2.26:1=[::1]:65535"));
    assert_null(duva_nx_map("192.0.2.25:25=127.0.0.2:1"));
    assert_maps("192.0.2.26", 1, "::1", 65535);
    assert_maps("192.0.2.25", 25, "127.0.0.2", 1);
    assert_maps("2001:db8::25", 25, "::1", 2526);
}

static void test_bad_part_is_named(void **state)
{
    static const struct {
        const char *map;
        size_t at;
    } bad[] = {
        { "nonsense", 0 },
        { "=", 0 },
        { ",", 0 },
        { "10.0.0.1:25", 0 },
        { "10.0.0.1=10.0.0.2:25", 0 },
        { "10.0.0.1:25=", 12 },
        { "10.0.0.1:25=10.0.0.2", 12 },
        { "10.0.0.1:25=10.0.0.2:", 12 },
        { "10.0.0.1:25=10.0.0.2:0", 12 },
        { "10.0.0.1:25=10.0.0.2:65536", 12 },
        { "10.0.0.1:25=10.0.0.2:123456", 12 },
        { "10.0.0.1:25=10.0.0.2:-1", 12 },
        { "10.0.0.1:25=10.0.0.2:2 ", 12 },
        { "10.0.0.256:25=10.0.0.2:25", 0 },
        { "10.0.0:25=10.0.0.2:25", 0 },
        { "localhost:25=10.0.0.2:25", 0 },
        { " 10.0.0.1:25=10.0.0.2:25", 0 },
        { "::1:25=10.0.0.2:25", 0 },
        { "[::1:25=10.0.0.2:25", 0 },
        { "[10.0.0.1]:25=10.0.0.2:25", 0 },
        { "[]:25=10.0.0.2:25", 0 },
        { "[::g]:25=10.0.0.2:25", 0 },
        { "10.0.0.1:25=10.0.0.2:25,", 24 },
        { "10.0.0.1:25=10.0.0.2:25,,", 24 },
        { "10.0.0.1:25=10.0.0.2:25,10.0.0.3:25=x:25", 36 },
        { "10.0.0.1:25=10.0.0.2:25=10.0.0.3:25", 12 },
    };
    const struct duva__net_address key = address("10.0.0.1", 25);
    struct duva__net_address got;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *at = duva_nx_map(bad[i].map);

        if (at != bad[i].map + bad[i].at)
            fail_msg("%s: %s", bad[i].map, at != NULL ? at : "accepted");
    }
    /* All or nothing. */
    assert_int_equal(duva__nx_map_find(&key, &got), 0);
}

static void test_room_for_32(void **state)
{
    char map[64];
    int i;

    (void)state;
    for (i = 0; i < 40; i++) {
        snprintf(map, sizeof map, "10.9.9.%d:1=127.0.0.1:9", i);
        if (duva_nx_map(map) != NULL)
            break;
    }
    /* Three are taken by the test above. */
    assert_int_equal(i, 32 - 3);
    assert_ptr_equal(duva_nx_map(map), map);
    assert_null(duva_nx_map("10.9.9.0:1=127.0.0.1:10"));
    assert_maps("10.9.9.0", 1, "127.0.0.1", 10);
}

static void define_reached(void *first)
{
    (void)first;
    passed();
}

static void test_environment(void **state)
{
    char text[256] = "";
    int out[2];
    int keep;

    (void)state;
    assert_int_equal(pipe(out), 0);
    keep = dup(2);
    dup2(out[1], 2);
    close(out[1]);
    setenv("DUVA_NX_MAP", "10.9.9.0:1=127.0.0.1:11,10.0.0.1:25=here:25", 1);
    assert_int_equal(run(define_reached), 64);
    dup2(keep, 2);
    close(keep);
    assert_true(read(out[0], text, sizeof text - 1) > 0);
    close(out[0]);
    assert_string_equal(text, "DUVA_NX_MAP: bad part 'here:25' at character "
                              "37\n");
    setenv("DUVA_NX_MAP", "10.9.9.0:1=127.0.0.1:11", 1);
    assert_int_equal(run(define_reached), PASSED);
    unsetenv("DUVA_NX_MAP");
    assert_int_equal(run(define_reached), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_bad_part_is_named),
        cmocka_unit_test(test_room_for_32),
        cmocka_unit_test(test_environment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
