/* packet.c - a caller's memory to packets, chains and honest counts. */
/* SPDX-License-Identifier: MIT */

#include "packet.h"
#include "scheduler.h"

#define MARK(value) ((NX_PACKET *)(value))

static NX_PACKET_POOL *pools;

static ULONG padding(const void *address)
{
    return (ULONG)(-(ALIGN_TYPE)address % NX_PACKET_ALIGNMENT);
}

/* What one packet takes of a pool's memory. */
static ULONG64 packet_size(ULONG payload)
{
    const ULONG64 size = sizeof(NX_PACKET) + (ULONG64)payload;

    return (size + NX_PACKET_ALIGNMENT - 1) / NX_PACKET_ALIGNMENT
           * NX_PACKET_ALIGNMENT;
}

NX_PACKET *duva__nx_next(const NX_PACKET *packet)
{
#ifdef NX_DISABLE_PACKET_CHAIN
    NX_PARAMETER_NOT_USED(packet);
    return NX_NULL;
#else
    return packet->nx_packet_next;
#endif
}

static ULONG used(const NX_PACKET *packet)
{
    return (ULONG)(packet->nx_packet_append_ptr
                   - packet->nx_packet_prepend_ptr);
}

static ULONG unused(const NX_PACKET *packet)
{
    return (ULONG)(packet->nx_packet_data_end - packet->nx_packet_append_ptr);
}

int duva__nx_pool_conflict(const NX_PACKET_POOL *pool, const void *memory,
                           ULONG size)
{
    const CHAR *start = memory;
    const NX_PACKET_POOL *p;

    for (p = pools; p != NX_NULL; p = p->nx_packet_pool_created_next) {
        if (p == pool
            || (start < p->nx_packet_pool_start + p->nx_packet_pool_size
                && p->nx_packet_pool_start < start + size))
            return 1;
    }
    return 0;
}

UINT _nx_packet_pool_create(NX_HOST_CREATE_POOL)
{
    const ULONG skipped = padding(memory_ptr);
    const ULONG64 each = packet_size(payload_size);
    UCHAR *at = (UCHAR *)memory_ptr + skipped;
    NX_PACKET **link = &pool_ptr->nx_packet_pool_available_list;
    ULONG64 left;

    if (payload_size == 0 || memory_size < skipped
        || memory_size - skipped < each)
        return NX_SIZE_ERROR;
    memset(pool_ptr, 0, sizeof *pool_ptr);
    pool_ptr->nx_packet_pool_name = name_ptr;
    pool_ptr->nx_packet_pool_payload_size = payload_size;
    pool_ptr->nx_packet_pool_start = (CHAR *)at;
    pool_ptr->nx_packet_pool_size = memory_size - skipped;
    for (left = memory_size - skipped; left >= each; left -= each) {
        NX_PACKET *packet = (NX_PACKET *)(void *)at;

        memset(packet, 0, sizeof *packet);
        packet->nx_packet_pool_owner = pool_ptr;
        packet->nx_packet_union_next.nx_packet_tcp_queue_next
            = MARK(NX_PACKET_FREE);
        packet->nx_packet_data_start = at + sizeof(NX_PACKET);
        packet->nx_packet_data_end
            = packet->nx_packet_data_start + payload_size;
        *link = packet;
        link = &packet->nx_packet_queue_next;
        pool_ptr->nx_packet_pool_total++;
        at += each;
    }
    pool_ptr->nx_packet_pool_available = pool_ptr->nx_packet_pool_total;
    pool_ptr->nx_packet_pool_created_next = pools;
    pools = pool_ptr;
    pool_ptr->nx_packet_pool_id = NX_PACKET_POOL_ID;
    return NX_SUCCESS;
}

UINT _nx_packet_pool_delete(NX_PACKET_POOL *pool_ptr)
{
    NX_PACKET_POOL **link = &pools;

    while (*link != NX_NULL && *link != pool_ptr)
        link = &(*link)->nx_packet_pool_created_next;
    if (*link == NX_NULL)
        return NX_PTR_ERROR;
    *link = pool_ptr->nx_packet_pool_created_next;
    pool_ptr->nx_packet_pool_id = 0;
    duva__nx_wake_all(pool_ptr, NX_POOL_DELETED);
    duva__nx_resched();
    return NX_SUCCESS;
}

UINT _nx_packet_pool_info_get(NX_PACKET_POOL *pool_ptr, ULONG *total_packets,
                              ULONG *free_packets, ULONG *empty_pool_requests,
                              ULONG *empty_pool_suspensions,
                              ULONG *invalid_packet_releases)
{
    if (total_packets != NX_NULL)
        *total_packets = pool_ptr->nx_packet_pool_total;
    if (free_packets != NX_NULL)
        *free_packets = pool_ptr->nx_packet_pool_available;
    if (empty_pool_requests != NX_NULL)
        *empty_pool_requests = pool_ptr->nx_packet_pool_empty_requests;
    if (empty_pool_suspensions != NX_NULL)
        *empty_pool_suspensions = pool_ptr->nx_packet_pool_empty_suspensions;
    if (invalid_packet_releases != NX_NULL)
        *invalid_packet_releases = pool_ptr->nx_packet_pool_invalid_releases;
    return NX_SUCCESS;
}

ULONG duva__nx_pool_room(const NX_PACKET_POOL *pool, ULONG headroom)
{
    const ULONG64 room = (ULONG64)pool->nx_packet_pool_available
                         * pool->nx_packet_pool_payload_size;

    if (room <= headroom)
        return 0;
#ifdef NX_DISABLE_PACKET_CHAIN
    return pool->nx_packet_pool_payload_size - headroom;
#else
    return room - headroom > 0xFFFF ? 0xFFFF : (ULONG)(room - headroom);
#endif
}

/* Makes a packet ready for its new owner, data `type` bytes from the start. */
static void prepare(NX_PACKET *packet, ULONG type)
{
#ifndef NX_DISABLE_PACKET_CHAIN
    packet->nx_packet_next = NX_NULL;
    packet->nx_packet_last = NX_NULL;
#endif
    packet->nx_packet_queue_next = NX_NULL;
    packet->nx_packet_length = 0;
    packet->nx_packet_prepend_ptr = packet->nx_packet_data_start + type;
    packet->nx_packet_append_ptr = packet->nx_packet_prepend_ptr;
    packet->nx_packet_ip_version = NX_IP_VERSION_V4;
    packet->nx_packet_union_next.nx_packet_tcp_queue_next
        = MARK(NX_PACKET_ALLOCATED);
}

UINT _nx_packet_allocate(NX_PACKET_POOL *pool_ptr, NX_PACKET **packet_ptr,
                         ULONG packet_type, ULONG wait_option)
{
    NX_PACKET *packet = pool_ptr->nx_packet_pool_available_list;
    UINT status;

    *packet_ptr = NX_NULL;
    if (pool_ptr->nx_packet_pool_payload_size < packet_type)
        return NX_INVALID_PARAMETERS;
    if (packet == NX_NULL) {
        pool_ptr->nx_packet_pool_empty_requests++;
        if (wait_option == NX_NO_WAIT)
            return NX_NO_PACKET;
        pool_ptr->nx_packet_pool_empty_suspensions++;
        status = duva__nx_wait(pool_ptr, &packet,
                               duva__nx_deadline(wait_option), NX_NO_PACKET);
        if (status != NX_SUCCESS)
            return status;
    } else {
        pool_ptr->nx_packet_pool_available_list = packet->nx_packet_queue_next;
        pool_ptr->nx_packet_pool_available--;
    }
    prepare(packet, packet_type);
    *packet_ptr = packet;
    return NX_SUCCESS;
}

/* Hands a packet to the thread that has waited longest, or to the pool. */
static void give_back(NX_PACKET *packet)
{
    NX_PACKET_POOL *pool = packet->nx_packet_pool_owner;
    TX_THREAD *next;

    while ((next = duva__nx_waiter(pool, NULL)) != NULL) {
        if (duva__nx_wake(next, NX_SUCCESS)) {
            NX_PACKET **slot = duva__nx_slot(next);

            *slot = packet;
            return;
        }
    }
    packet->nx_packet_union_next.nx_packet_tcp_queue_next
        = MARK(NX_PACKET_FREE);
    packet->nx_packet_queue_next = pool->nx_packet_pool_available_list;
    pool->nx_packet_pool_available_list = packet;
    pool->nx_packet_pool_available++;
}

UINT _nx_packet_release(NX_PACKET *packet_ptr)
{
    NX_PACKET *next;

    for (; packet_ptr != NX_NULL; packet_ptr = next) {
        NX_PACKET_POOL *pool = packet_ptr->nx_packet_pool_owner;

        if (packet_ptr->nx_packet_union_next.nx_packet_tcp_queue_next
            != MARK(NX_PACKET_ALLOCATED)) {
            if (pool != NX_NULL && pool->nx_packet_pool_id == NX_PACKET_POOL_ID)
                pool->nx_packet_pool_invalid_releases++;
            return NX_PTR_ERROR;
        }
        next = duva__nx_next(packet_ptr);
        give_back(packet_ptr);
    }
    duva__nx_resched();
    return NX_SUCCESS;
}

#ifdef NX_DISABLE_PACKET_CHAIN
static UINT extend(NX_PACKET *head, ULONG size, NX_PACKET_POOL *pool,
                   ULONG wait_option)
{
    NX_PARAMETER_NOT_USED(pool);
    NX_PARAMETER_NOT_USED(wait_option);
    return unused(head) < size ? NX_SIZE_ERROR : NX_SUCCESS;
}
#else
/* Chains packets to `head` until `size` more bytes fit, or changes nothing.
 * Ones that an earlier call has chained and not filled count too. */
static UINT extend(NX_PACKET *head, ULONG size, NX_PACKET_POOL *pool,
                   ULONG wait_option)
{
    NX_PACKET *tail = head->nx_packet_last ? head->nx_packet_last : head;
    NX_PACKET *more = NX_NULL;
    NX_PACKET **link = &more;
    ULONG64 room = unused(tail);

    while (tail->nx_packet_next != NX_NULL) {
        tail = tail->nx_packet_next;
        room += unused(tail);
    }
    while (room < size) {
        UINT status = _nx_packet_allocate(pool, link, 0, wait_option);

        if (status != NX_SUCCESS) {
            _nx_packet_release(more);
            return status;
        }
        room += unused(*link);
        link = &(*link)->nx_packet_next;
    }
    tail->nx_packet_next = more;
    return NX_SUCCESS;
}
#endif

UINT _nx_packet_data_append(NX_PACKET *packet_ptr, VOID *data_start,
                            ULONG data_size, NX_PACKET_POOL *pool_ptr,
                            ULONG wait_option)
{
    const UCHAR *from = data_start;
    NX_PACKET *to = packet_ptr;
    UINT status = extend(packet_ptr, data_size, pool_ptr, wait_option);

    if (status != NX_SUCCESS)
        return status;
    packet_ptr->nx_packet_length += data_size;
#ifndef NX_DISABLE_PACKET_CHAIN
    if (packet_ptr->nx_packet_last != NX_NULL)
        to = packet_ptr->nx_packet_last;
#endif
    for (;;) {
        const ULONG piece = data_size < unused(to) ? data_size : unused(to);

        memcpy(to->nx_packet_append_ptr, from, piece);
        to->nx_packet_append_ptr += piece;
        from += piece;
        data_size -= piece;
        if (data_size == 0)
            return NX_SUCCESS;
        to = duva__nx_next(to);
#ifndef NX_DISABLE_PACKET_CHAIN
        packet_ptr->nx_packet_last = to;
#endif
    }
}

UINT _nx_packet_data_extract_offset(NX_PACKET *packet_ptr, ULONG offset,
                                    VOID *buffer_start, ULONG buffer_length,
                                    ULONG *bytes_copied)
{
    const NX_PACKET *p;
    UCHAR *to = buffer_start;
    ULONG left = buffer_length;

    *bytes_copied = 0;
    if (offset >= packet_ptr->nx_packet_length)
        return offset == 0 ? NX_SUCCESS : NX_PACKET_OFFSET_ERROR;
    for (p = packet_ptr; p != NX_NULL && left != 0; p = duva__nx_next(p)) {
        ULONG piece = used(p);

        if (offset >= piece) {
            offset -= piece;
            continue;
        }
        piece = piece - offset < left ? piece - offset : left;
        memcpy(to, p->nx_packet_prepend_ptr + offset, piece);
        offset = 0;
        to += piece;
        left -= piece;
    }
    *bytes_copied = buffer_length - left;
    return NX_SUCCESS;
}

UINT _nx_packet_data_retrieve(NX_PACKET *packet_ptr, VOID *buffer_start,
                              ULONG *bytes_copied)
{
    *bytes_copied = 0;
    if (packet_ptr->nx_packet_length == 0)
        return NX_INVALID_PACKET;
    return _nx_packet_data_extract_offset(packet_ptr, 0, buffer_start,
                                          packet_ptr->nx_packet_length,
                                          bytes_copied);
}

UINT _nx_packet_length_get(NX_PACKET *packet_ptr, ULONG *length)
{
    *length = packet_ptr->nx_packet_length;
    return NX_SUCCESS;
}

UINT _nx_packet_copy(NX_PACKET *packet_ptr, NX_PACKET **new_packet_ptr,
                     NX_PACKET_POOL *pool_ptr, ULONG wait_option)
{
    const ULONG headroom = (ULONG)(packet_ptr->nx_packet_prepend_ptr
                                   - packet_ptr->nx_packet_data_start);
    NX_PACKET *copy;
    NX_PACKET *p;
    UINT status;

    *new_packet_ptr = NX_NULL;
    if (packet_ptr->nx_packet_length == 0)
        return NX_INVALID_PACKET;
    status = _nx_packet_allocate(pool_ptr, &copy, headroom, wait_option);
    if (status != NX_SUCCESS)
        return status;
    for (p = packet_ptr; p != NX_NULL; p = duva__nx_next(p)) {
        if (used(p) == 0)
            continue;
        status = _nx_packet_data_append(copy, p->nx_packet_prepend_ptr, used(p),
                                        pool_ptr, wait_option);
        if (status != NX_SUCCESS) {
            _nx_packet_release(copy);
            return status;
        }
    }
    copy->nx_packet_ip_version = packet_ptr->nx_packet_ip_version;
    *new_packet_ptr = copy;
    return NX_SUCCESS;
}
