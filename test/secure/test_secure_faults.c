/* test_secure_faults.c - tests TLS when there is no packet, at each allocation.
 * */
/* SPDX-License-Identifier: MIT */
#include "test_secure.h"

/* The linker puts this in front of _nx_packet_allocate(). */
UINT __real__nx_packet_allocate(NX_PACKET_POOL *pool_ptr,
                                NX_PACKET **packet_ptr, ULONG packet_type,
                                ULONG wait_option);
UINT __wrap__nx_packet_allocate(NX_PACKET_POOL *pool_ptr,
                                NX_PACKET **packet_ptr, ULONG packet_type,
                                ULONG wait_option);

static unsigned count;         /* of the allocations until there is none */
static int      hit, for_ever;

UINT __wrap__nx_packet_allocate(NX_PACKET_POOL *pool_ptr,
                                NX_PACKET **packet_ptr, ULONG packet_type,
                                ULONG wait_option)
{
    if (tx_thread_identify() == &device_thread && count > 0
        && (--count == 0 || (hit && for_ever))) {
        hit = 1;
        count += (unsigned)for_ever;
        *packet_ptr = NX_NULL;
        return NX_NO_PACKET;
    }
    return __real__nx_packet_allocate(pool_ptr, packet_ptr, packet_type,
                                      wait_option);
}

/* However it ends, nothing can be read and nothing is lost.  A session that
 * could not receive for want of a packet is over; it says so. */
static void starve(UINT mode, const char *const *script)
{
    unsigned at, over = 0;
    UINT     status;

    CHECK_STATUS(0, nx_smtp_client_secure_set(&client, mode, HOST,
                                              device_setup));
    for (at = 1, hit = 1; hit; at++) {
        hit = 0;
        count = at;
        server.lenient = 1;
        server_plan(script);
        status = nx_smtp_mail_send(&client, TO, 2, "Hi", BODY,
                                   sizeof(BODY) - 1);
        count = 0;
        server_over();
        device_is_clean();
        over += status == NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
        CHECK(hit || (status == NX_SUCCESS && !server.failed));
    }
    CHECK(at > 10);
    CHECK(over > 0);
}

static const char *const by_starttls[] = { BY_STARTTLS };
static const char *const by_implicit[] = { BY_IMPLICIT };

SECURE_TEST(once)
{
    starve(NX_SMTP_CLIENT_TLS_STARTTLS, by_starttls);
    starve(NX_SMTP_CLIENT_TLS_IMPLICIT, by_implicit);
}

SECURE_TEST(from_then_on)
{
    for_ever = 1;
    starve(NX_SMTP_CLIENT_TLS_STARTTLS, by_starttls);
    starve(NX_SMTP_CLIENT_TLS_IMPLICIT, by_implicit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(once),
        cmocka_unit_test(from_then_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
