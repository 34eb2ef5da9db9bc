/* test_without.c - what TLS does on a device that lacks something. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "../unit/port/tls_client.h"

#include <time.h>

/* ---- a board ---- */

enum source { GOOD, BROKEN, STUCK, BROKEN_LATER };

#define NO_OCTETS (-77)        /* an error of the board's own */

static enum source source;
static unsigned    draws;
static int         unset;      /* the clock of the client, at 1970 */

static int draw(void *context, unsigned char *out, size_t len)
{
    static uint32_t state = 1;
    size_t          i;

    assert_ptr_equal(context, &source);
    draws++;
    if (source == BROKEN || (source == BROKEN_LATER && draws > 2))
        return NO_OCTETS;
    for (i = 0; i < len; i++) {
        state = state * 1103515245 + 12345;
        out[i] = source == STUCK ? 0 : (unsigned char)(state >> 16);
    }
    return 0;
}

#if defined(_TIME_BITS) && UINTPTR_MAX == UINT32_MAX
/* time() has another symbol with 64 bits: this is what mbedTLS calls. */
long narrow_time(long *out) __asm__("time");
long narrow_time(long *out)
{
    const long seconds = (long)time(NULL);

    if (out != NULL)
        *out = seconds;
    return seconds;
}
#endif

/* In place of that of the C library, for mbedTLS too. */
time_t time(time_t *out)
{
    struct timespec now;
    time_t          seconds = 1;

    if (!unset && clock_gettime(CLOCK_REALTIME, &now) == 0)
        seconds = now.tv_sec;
    if (out != NULL)
        *out = seconds;
    return seconds;
}

static int init(enum source from)
{
    trust_authority();
    memset(&wire, 0, sizeof(wire));
    source = from;
    draws = 0;
    return duva_mbedtls_init(&tls, &config, draw, &source);
}

/* ---- random octets ---- */

#if MBEDTLS_VERSION_NUMBER < 0x04000000
static void own_random(void **state)
{
    struct tls_server server = { .self = &good };

    (void)state;
    assert_int_equal(init(GOOD), DUVA_OK);
    expect_good(&server, HOST);
    assert_true(draws > 2);
    adapter_free(&tls);
    server_forget(&server);
}

static void broken_random(void **state)
{
    (void)state;
    assert_int_equal(init(BROKEN), DUVA_ERR_TLS);
    assert_int_equal(tls.tls.link.cause, NO_OCTETS);
    assert_int_equal(tls.tls.reason, DUVA_REASON_HANDSHAKE);
    assert_int_equal(init(STUCK), DUVA_ERR_TLS);
    assert_int_not_equal(tls.tls.link.cause, 0);
}

static int counted_write(duva_link *l, const void *buf, size_t len)
{
    (void)buf;
    waits++;
    return slow_write(l, buf, len);
}

/* It fails before the first octet is sent. */
static void random_that_breaks(void **state)
{
    static const duva_link_ops ops = {
        slow_read, counted_write, slow_wait, slow_close
    };
    int pair[2];

    (void)state;
    assert_int_equal(init(BROKEN_LATER), DUVA_OK);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    adopt(pair[0]);
    wire.link.ops = &ops;
    waits = 0;
    assert_int_equal(tls.tls.handshake(&tls.tls, &wire.link, HOST, &info),
                     DUVA_ERR_TLS);
    tls.tls.link.ops->close(&tls.tls.link);
    assert_int_equal(waits, 0);
    close(pair[1]);
    adapter_free(&tls);
}
#else
/* 4 has no place for it: it is not passed over in silence. */
static void own_random(void **state)
{
    (void)state;
    assert_int_equal(init(GOOD), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(draws, 0);
}
#endif

/* ---- the clock ---- */

static void clock_that_is_not_set(void **state)
{
    struct tls_server server = { .self = &good };

    (void)state;
    trust_authority();
    begin();
    server_context(&server);   /* by a clock that is set */
    unset = 1;
    expect_bad(&server, HOST, DUVA_REASON_CERT_NOT_YET);
    unset = 0;
    expect_good(&server, HOST);
    adapter_free(&tls);
    server_forget(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_random),
#if MBEDTLS_VERSION_NUMBER < 0x04000000
        cmocka_unit_test(broken_random),
        cmocka_unit_test(random_that_breaks),
#endif
        cmocka_unit_test(clock_that_is_not_set),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
