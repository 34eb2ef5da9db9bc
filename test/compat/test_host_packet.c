/* test_host_packet.c - packet pools: counts, chains, waiting. */
/* SPDX-License-Identifier: MIT */

#define _POSIX_C_SOURCE 200809L

#include "test_host_run.h"

static TX_THREAD one;
static TX_THREAD two;
static NX_PACKET_POOL pool;
static NX_PACKET_POOL other;
static char *memory;

static UINT make_pool(NX_PACKET_POOL *p, ULONG payload, ULONG size)
{
    UINT status
        = nx_packet_pool_create(p, (CHAR *)"pool", payload, memory, size);

    memory += size;
    return status;
}

/* What a pool of that many packets takes, whatever the size of a pointer. */
static ULONG memory_of(ULONG payload, ULONG packets)
{
    const ULONG unit = NX_PACKET_ALIGNMENT;
    const ULONG each =
        (ULONG)((sizeof(NX_PACKET) + payload + unit - 1) / unit * unit);

    return packets * each;
}

static void define_capacity(void *first)
{
    NX_PACKET *p;
    int i;

    memory = first;
    /* One packet less than the memory divided by the payload. */
    CHECK_STATUS(NX_SUCCESS, make_pool(&pool, 1536, 10 * 1536));
    CHECK(pool.nx_packet_pool_total == 9);
    CHECK(pool.nx_packet_pool_total
          == 10 * 1536 / ((sizeof(NX_PACKET) + 1536 + 3) / 4 * 4));
    CHECK(pool.nx_packet_pool_id == NX_PACKET_POOL_ID);
    CHECK(pool.nx_packet_pool_payload_size == 1536);
    for (i = 9; i > 0; i--) {
        CHECK(pool.nx_packet_pool_available == (ULONG)i);
        CHECK_STATUS(NX_SUCCESS,
                     nx_packet_allocate(&pool, &p, NX_TCP_PACKET, NX_NO_WAIT));
        CHECK(p->nx_packet_prepend_ptr - p->nx_packet_data_start == 76);
        CHECK(p->nx_packet_append_ptr == p->nx_packet_prepend_ptr);
        CHECK(p->nx_packet_data_end - p->nx_packet_data_start == 1536);
        CHECK(p->nx_packet_length == 0 && p->nx_packet_pool_owner == &pool);
    }
    CHECK_STATUS(NX_NO_PACKET,
                 nx_packet_allocate(&pool, &p, NX_TCP_PACKET, NX_NO_WAIT));
    CHECK(p == NULL);
    CHECK(pool.nx_packet_pool_available == 0);
    CHECK(pool.nx_packet_pool_empty_requests == 1);
    CHECK(pool.nx_packet_pool_empty_suspensions == 0);
    passed();
}

static void test_capacity(void **state)
{
    (void)state;
    assert_int_equal(run(define_capacity), PASSED);
}

static void define_unaligned(void *first)
{
    const ULONG size = memory_of(101, 5) - 1;
    NX_PACKET *p;

    memory = (char *)first + 3;
    CHECK_STATUS(NX_SUCCESS, make_pool(&pool, 101, size));
    CHECK(pool.nx_packet_pool_total == 4);
    while (nx_packet_allocate(&pool, &p, 0, NX_NO_WAIT) == NX_SUCCESS) {
        memset(p->nx_packet_data_start, 0xFF, 101);
        CHECK((char *)p >= (char *)first + 3);
        CHECK((char *)p->nx_packet_data_end <= (char *)first + 3 + size);
    }
    passed();
}

static void test_unaligned_memory(void **state)
{
    (void)state;
    assert_int_equal(run(define_unaligned), PASSED);
}

static void define_release(void *first)
{
    NX_PACKET *p;
    NX_PACKET *again;
    ULONG total;
    ULONG available;
    ULONG empty;
    ULONG suspended;
    ULONG invalid;

    memory = first;
    CHECK_STATUS(NX_SUCCESS, make_pool(&pool, 100, memory_of(100, 4)));
    CHECK_STATUS(NX_SUCCESS, nx_packet_allocate(&pool, &p, 0, NX_NO_WAIT));
    CHECK(p->nx_packet_union_next.nx_packet_tcp_queue_next
          == (NX_PACKET *)NX_PACKET_ALLOCATED);
    again = p;
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    CHECK(p == NULL);
    CHECK(pool.nx_packet_pool_available == pool.nx_packet_pool_total);
    CHECK_STATUS(NX_PTR_ERROR, nx_packet_release(again));
    CHECK(again != NULL);
    CHECK_STATUS(NX_PTR_ERROR, _nx_packet_release(again));
    CHECK_STATUS(NX_PTR_ERROR, nx_packet_release(p));
    CHECK_STATUS(NX_SUCCESS, _nx_packet_release(NULL));
    CHECK(pool.nx_packet_pool_available == pool.nx_packet_pool_total);
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_pool_info_get(&pool, &total, &available, &empty,
                                         &suspended, &invalid));
    CHECK(total == 4 && available == 4 && empty == 0 && suspended == 0);
    CHECK(invalid == 2);
    /* Pointers that ran out of the buffer. */
    CHECK_STATUS(NX_SUCCESS, nx_packet_allocate(&pool, &p, 0, NX_NO_WAIT));
    p->nx_packet_append_ptr = p->nx_packet_data_end + 1;
    CHECK_STATUS(NX_OVERFLOW, nx_packet_release(p));
    p->nx_packet_append_ptr = p->nx_packet_data_end;
    p->nx_packet_prepend_ptr = p->nx_packet_data_start - 1;
    CHECK_STATUS(NX_UNDERFLOW, nx_packet_release(p));
    passed();
}

static void test_release_counts(void **state)
{
    (void)state;
    assert_int_equal(run(define_release), PASSED);
}

static void fill(unsigned char *bytes, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        bytes[i] = (unsigned char)(i * 7 + i / 256);
}

static void define_chain(void *first)
{
    unsigned char want[700];
    unsigned char got[700];
    NX_PACKET *p;
    NX_PACKET *q;
    ULONG n = 0;
    ULONG length;

    memory = first;
    fill(want, sizeof want);
    CHECK_STATUS(NX_SUCCESS, make_pool(&pool, 128, memory_of(128, 10)));
    CHECK_STATUS(NX_SUCCESS, make_pool(&other, 256, 2400));
    CHECK(pool.nx_packet_pool_total == 10);
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_allocate(&pool, &p, NX_IPv4_TCP_PACKET, NX_NO_WAIT));
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_data_append(p, want, 72, &pool, NX_NO_WAIT));
    CHECK(p->nx_packet_next == NULL);
    CHECK_STATUS(NX_SUCCESS, nx_packet_data_append(p, want + 72, 1, &pool, 0));
    CHECK(p->nx_packet_next != NULL
          && p->nx_packet_next->nx_packet_next == NULL);
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_data_append(p, want + 73, 627, &pool, 0));
    CHECK(pool.nx_packet_pool_available == 4);
    CHECK(p->nx_packet_length == 700);
    CHECK(p->nx_packet_last->nx_packet_next == NULL);
    CHECK_STATUS(NX_SUCCESS, nx_packet_length_get(p, &length));
    CHECK(length == 700);

    CHECK_STATUS(NX_SUCCESS, nx_packet_data_retrieve(p, got, &n));
    CHECK(n == 700 && memcmp(want, got, 700) == 0);
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_data_extract_offset(p, 71, got, 300, &n));
    CHECK(n == 300 && memcmp(want + 71, got, 300) == 0);
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_data_extract_offset(p, 699, got, 300, &n));
    CHECK(n == 1 && got[0] == want[699]);
    CHECK_STATUS(NX_PACKET_OFFSET_ERROR,
                 nx_packet_data_extract_offset(p, 700, got, 300, &n));
    CHECK(n == 0);

    CHECK_STATUS(NX_SUCCESS, nx_packet_copy(p, &q, &other, NX_NO_WAIT));
    CHECK(q->nx_packet_pool_owner == &other && q->nx_packet_length == 700);
    CHECK(q->nx_packet_prepend_ptr - q->nx_packet_data_start == 56);
    CHECK_STATUS(NX_SUCCESS, nx_packet_data_retrieve(q, got, &n));
    CHECK(n == 700 && memcmp(want, got, 700) == 0);
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(q));
    CHECK(pool.nx_packet_pool_available == 10);
    CHECK(other.nx_packet_pool_available == other.nx_packet_pool_total);
    passed();
}

static void define_too_much(void *first)
{
    unsigned char bytes[700] = { 0 };
    NX_PACKET *p;

    memory = first;
    CHECK_STATUS(NX_SUCCESS, make_pool(&pool, 128, memory_of(128, 10)));
    CHECK_STATUS(NX_SUCCESS, nx_packet_allocate(&pool, &p, 0, NX_NO_WAIT));
    CHECK_STATUS(NX_SUCCESS, nx_packet_data_append(p, bytes, 600, &pool, 0));
    CHECK(pool.nx_packet_pool_available == 5);
    CHECK_STATUS(NX_NO_PACKET, nx_packet_data_append(p, bytes, 700, &pool, 0));
    CHECK(p->nx_packet_length == 600);
    CHECK(pool.nx_packet_pool_available == 5);
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    CHECK(pool.nx_packet_pool_available == 10);
    passed();
}

static void test_chains(void **state)
{
    (void)state;
    assert_int_equal(run(define_chain), PASSED);
}

static void test_append_is_all_or_nothing(void **state)
{
    (void)state;
    assert_int_equal(run(define_too_much), PASSED);
}

/* --- waiting --- */

static NX_PACKET *held[16];

static void drain(void)
{
    int i = 0;

    while (nx_packet_allocate(&pool, &held[i], 0, NX_NO_WAIT) == NX_SUCCESS)
        i++;
    CHECK(i == 4);
}

static VOID wait_for_packet(ULONG unused)
{
    ULONG begin;
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    drain();
    begin = tx_time_get();
    CHECK_STATUS(NX_NO_PACKET, nx_packet_allocate(&pool, &p, 0, 20));
    CHECK(tx_time_get() - begin >= 20);
    CHECK(p == NULL && pool.nx_packet_pool_empty_suspensions == 1);
    note('w');
    /* The other thread releases one and at once wants it back; but we came
     * first. */
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_allocate(&pool, &p, 56, NX_WAIT_FOREVER));
    CHECK(p->nx_packet_prepend_ptr == p->nx_packet_data_start + 56);
    CHECK(pool.nx_packet_pool_available == 0);
    note('d');
    CHECK_STATUS(NX_POOL_DELETED,
                 nx_packet_allocate(&other, &held[9], 0, NX_WAIT_FOREVER));
    passed();
}

static VOID release_one(ULONG unused)
{
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    await('w');
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(held[2]));
    CHECK_STATUS(NX_NO_PACKET, nx_packet_allocate(&pool, &p, 0, NX_NO_WAIT));
    await('d');
    CHECK_STATUS(NX_SUCCESS, nx_packet_pool_delete(&other));
}

static void define_wait(void *first)
{
    NX_PACKET *p;

    memory = first;
    CHECK_STATUS(NX_SUCCESS, make_pool(&pool, 100, memory_of(100, 4)));
    CHECK_STATUS(NX_SUCCESS, make_pool(&other, 100, memory_of(100, 1)));
    CHECK_STATUS(NX_SUCCESS, nx_packet_allocate(&other, &p, 0, NX_NO_WAIT));
    spawn(&two, release_one, 5, &memory);
    spawn(&one, wait_for_packet, 6, &memory);
}

static void test_waiting(void **state)
{
    (void)state;
    assert_int_equal(run(define_wait), PASSED);
}

/* --- what is refused --- */

static VOID refuse_in_thread(ULONG unused)
{
    char bytes[8] = "";
    NX_PACKET *p;
    NX_PACKET *q;
    ULONG n;

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(NX_PTR_ERROR, nx_packet_allocate(NULL, &p, 0, 0));
    CHECK_STATUS(NX_PTR_ERROR, nx_packet_allocate(&other, &p, 0, 0));
    CHECK_STATUS(NX_PTR_ERROR, nx_packet_allocate(&pool, NULL, 0, 0));
    CHECK_STATUS(NX_OPTION_ERROR, nx_packet_allocate(&pool, &p, 2, 0));
    CHECK_STATUS(NX_INVALID_PARAMETERS, nx_packet_allocate(&pool, &p, 104, 0));
    CHECK_STATUS(NX_SUCCESS, nx_packet_allocate(&pool, &p, 100, 0));
    CHECK_STATUS(NX_SIZE_ERROR, nx_packet_data_append(p, bytes, 0, &pool, 0));
    CHECK_STATUS(NX_PTR_ERROR, nx_packet_data_append(p, NULL, 1, &pool, 0));
    CHECK_STATUS(NX_PTR_ERROR, nx_packet_data_append(p, bytes, 1, &other, 0));
    CHECK_STATUS(NX_INVALID_PACKET, nx_packet_copy(p, &q, &pool, 0));
    CHECK_STATUS(NX_INVALID_PACKET, nx_packet_data_retrieve(p, bytes, &n));
    CHECK_STATUS(NX_SUCCESS, nx_packet_data_extract_offset(p, 0, bytes, 8, &n));
    CHECK(n == 0);
    CHECK_STATUS(NX_SUCCESS, nx_packet_pool_delete(&pool));
    CHECK_STATUS(NX_PTR_ERROR, nx_packet_release(p));
    CHECK_STATUS(NX_PTR_ERROR, nx_packet_pool_delete(&pool));
    passed();
}

static void define_refused(void *first)
{
    char *start = first;
    NX_PACKET *p;

    memory = start + 4096;
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_packet_pool_create(NULL, (CHAR *)"p", 100, start, 1024));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_packet_pool_create(&pool, (CHAR *)"p", 100, NULL, 1024));
    CHECK_STATUS(NX_PTR_ERROR, _nxe_packet_pool_create(&pool, (CHAR *)"p", 100,
                                                       start, 1024, 1));
    CHECK_STATUS(NX_SIZE_ERROR,
                 nx_packet_pool_create(&pool, (CHAR *)"p", 0, start, 1024));
    CHECK_STATUS(NX_SIZE_ERROR,
                 nx_packet_pool_create(&pool, (CHAR *)"p", 1024, start, 1024));
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_pool_create(&pool, (CHAR *)"p", 100, start, 1024));
    CHECK_STATUS(NX_PTR_ERROR, nx_packet_pool_create(&pool, (CHAR *)"p", 100,
                                                     start + 2048, 1024));
    CHECK_STATUS(NX_PTR_ERROR, nx_packet_pool_create(&other, (CHAR *)"p", 100,
                                                     start + 512, 1024));
    /* There is no thread yet that could wait, or delete. */
    CHECK_STATUS(NX_CALLER_ERROR, nx_packet_allocate(&pool, &p, 0, 1));
    CHECK_STATUS(NX_CALLER_ERROR, nx_packet_pool_delete(&pool));
    spawn(&one, refuse_in_thread, 5, &memory);
}

static void test_refused(void **state)
{
    (void)state;
    assert_int_equal(run(define_refused), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capacity),
        cmocka_unit_test(test_unaligned_memory),
        cmocka_unit_test(test_release_counts),
        cmocka_unit_test(test_chains),
        cmocka_unit_test(test_append_is_all_or_nothing),
        cmocka_unit_test(test_waiting),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
