/* nxe.c - checks what a caller says of packets and IP instances. */
/* SPDX-License-Identifier: MIT */

#include "ip.h"
#include "nx_ip.h"
#include "packet.h"
#include "scheduler.h"

static int is_pool(const NX_PACKET_POOL *p)
{
    return p != NX_NULL && p->nx_packet_pool_id == NX_PACKET_POOL_ID;
}

static int is_packet(const NX_PACKET *p)
{
    return p != NX_NULL && is_pool(p->nx_packet_pool_owner);
}

static int is_ip(const NX_IP *ip)
{
    return ip != NX_NULL && ip->nx_ip_id == NX_IP_ID;
}

/* Have the packet's pointers run out of its buffer? */
static UINT bounds(const NX_PACKET *p)
{
    if (p->nx_packet_prepend_ptr < p->nx_packet_data_start)
        return NX_UNDERFLOW;
    if (p->nx_packet_append_ptr > p->nx_packet_data_end)
        return NX_OVERFLOW;
    return NX_SUCCESS;
}

UINT _nxe_packet_pool_create(NX_HOST_CREATE_POOL, UINT control_block_size)
{
    if (pool_ptr == NX_NULL || memory_ptr == NX_NULL
        || control_block_size != sizeof(NX_PACKET_POOL))
        return NX_PTR_ERROR;
    if (memory_size <= NX_PACKET_ALIGNMENT || payload_size == 0)
        return NX_SIZE_ERROR;
    if (duva__nx_pool_conflict(pool_ptr, memory_ptr, memory_size))
        return NX_PTR_ERROR;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nx_packet_pool_create(pool_ptr, name_ptr, payload_size, memory_ptr,
                                  memory_size);
}

UINT _nxe_packet_pool_delete(NX_PACKET_POOL *pool_ptr)
{
    if (!is_pool(pool_ptr))
        return NX_PTR_ERROR;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_packet_pool_delete(pool_ptr);
}

UINT _nxe_packet_pool_info_get(NX_PACKET_POOL *pool_ptr, ULONG *total_packets,
                               ULONG *free_packets, ULONG *empty_pool_requests,
                               ULONG *empty_pool_suspensions,
                               ULONG *invalid_packet_releases)
{
    if (!is_pool(pool_ptr))
        return NX_PTR_ERROR;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nx_packet_pool_info_get(pool_ptr, total_packets, free_packets,
                                    empty_pool_requests, empty_pool_suspensions,
                                    invalid_packet_releases);
}

UINT _nxe_packet_allocate(NX_PACKET_POOL *pool_ptr, NX_PACKET **packet_ptr,
                          ULONG packet_type, ULONG wait_option)
{
    if (!is_pool(pool_ptr) || packet_ptr == NX_NULL)
        return NX_PTR_ERROR;
    if (packet_type % sizeof(ULONG) != 0)
        return NX_OPTION_ERROR;
    NX_THREAD_WAIT_CALLER_CHECKING
    return _nx_packet_allocate(pool_ptr, packet_ptr, packet_type, wait_option);
}

UINT _nxe_packet_release(NX_PACKET **packet_ptr_ptr)
{
    UINT status;

    if (packet_ptr_ptr == NX_NULL || !is_packet(*packet_ptr_ptr))
        return NX_PTR_ERROR;
    status = bounds(*packet_ptr_ptr);
    if (status == NX_SUCCESS)
        status = _nx_packet_release(*packet_ptr_ptr);
    if (status == NX_SUCCESS)
        *packet_ptr_ptr = NX_NULL;
    return status;
}

UINT _nxe_packet_copy(NX_PACKET *packet_ptr, NX_PACKET **new_packet_ptr,
                      NX_PACKET_POOL *pool_ptr, ULONG wait_option)
{
    if (!is_pool(pool_ptr) || packet_ptr == NX_NULL
        || new_packet_ptr == NX_NULL)
        return NX_PTR_ERROR;
    if (bounds(packet_ptr) != NX_SUCCESS)
        return bounds(packet_ptr);
    NX_THREAD_WAIT_CALLER_CHECKING
    return _nx_packet_copy(packet_ptr, new_packet_ptr, pool_ptr, wait_option);
}

UINT _nxe_packet_data_append(NX_PACKET *packet_ptr, VOID *data_start,
                             ULONG data_size, NX_PACKET_POOL *pool_ptr,
                             ULONG wait_option)
{
    if (!is_pool(pool_ptr) || packet_ptr == NX_NULL || data_start == NX_NULL)
        return NX_PTR_ERROR;
    if (data_size == 0)
        return NX_SIZE_ERROR;
    if (bounds(packet_ptr) != NX_SUCCESS)
        return bounds(packet_ptr);
    NX_THREAD_WAIT_CALLER_CHECKING
    return _nx_packet_data_append(packet_ptr, data_start, data_size, pool_ptr,
                                  wait_option);
}

UINT _nxe_packet_data_extract_offset(NX_PACKET *packet_ptr, ULONG offset,
                                     VOID *buffer_start, ULONG buffer_length,
                                     ULONG *bytes_copied)
{
    if (packet_ptr == NX_NULL || buffer_start == NX_NULL
        || bytes_copied == NX_NULL)
        return NX_PTR_ERROR;
    return _nx_packet_data_extract_offset(packet_ptr, offset, buffer_start,
                                          buffer_length, bytes_copied);
}

UINT _nxe_packet_data_retrieve(NX_PACKET *packet_ptr, VOID *buffer_start,
                               ULONG *bytes_copied)
{
    if (packet_ptr == NX_NULL || buffer_start == NX_NULL
        || bytes_copied == NX_NULL)
        return NX_PTR_ERROR;
    return _nx_packet_data_retrieve(packet_ptr, buffer_start, bytes_copied);
}

UINT _nxe_packet_length_get(NX_PACKET *packet_ptr, ULONG *length)
{
    if (!is_packet(packet_ptr) || length == NX_NULL)
        return NX_PTR_ERROR;
    return _nx_packet_length_get(packet_ptr, length);
}

/* Classes A, B and C: an address that a host may have. */
static int is_host_address(ULONG address)
{
    return address < 0xE0000000u;
}

UINT _nxe_ip_create(NX_HOST_CREATE_IP, UINT control_block_size)
{
    if (ip_ptr == NX_NULL || !is_pool(default_pool) || ip_link_driver == NX_NULL
        || memory_ptr == NX_NULL || control_block_size != sizeof(NX_IP))
        return NX_PTR_ERROR;
    if (memory_size < TX_MINIMUM_STACK)
        return NX_SIZE_ERROR;
    if (priority >= TX_MAX_PRIORITIES)
        return NX_OPTION_ERROR;
    if (duva__nx_ip_conflict(ip_ptr, memory_ptr, memory_size))
        return NX_PTR_ERROR;
    if (!is_host_address(ip_address))
        return NX_IP_ADDRESS_ERROR;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nx_ip_create(ip_ptr, name, ip_address, network_mask, default_pool,
                         ip_link_driver, memory_ptr, memory_size, priority);
}

UINT _nxe_ip_delete(NX_IP *ip_ptr)
{
    if (!is_ip(ip_ptr))
        return NX_PTR_ERROR;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_ip_delete(ip_ptr);
}

UINT _nxe_ip_status_check(NX_IP *ip_ptr, ULONG needed_status,
                          ULONG *actual_status, ULONG wait_option)
{
    if (!is_ip(ip_ptr) || actual_status == NX_NULL)
        return NX_PTR_ERROR;
    if ((needed_status & ~(ULONG)0x1FF) != 0)
        return NX_OPTION_ERROR;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_ip_status_check(ip_ptr, needed_status, actual_status,
                               wait_option);
}

UINT _nxe_ip_address_get(NX_IP *ip_ptr, ULONG *ip_address, ULONG *network_mask)
{
    if (!is_ip(ip_ptr) || ip_address == NX_NULL || network_mask == NX_NULL)
        return NX_PTR_ERROR;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nx_ip_address_get(ip_ptr, ip_address, network_mask);
}

UINT _nxe_ip_gateway_address_set(NX_IP *ip_ptr, ULONG ip_address)
{
    if (!is_ip(ip_ptr))
        return NX_PTR_ERROR;
    if (ip_address == 0)
        return NX_IP_ADDRESS_ERROR;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nx_ip_gateway_address_set(ip_ptr, ip_address);
}

UINT _nxe_ip_interface_physical_address_get(NX_IP *ip_ptr,
                                            UINT interface_index,
                                            ULONG *physical_msw,
                                            ULONG *physical_lsw)
{
    if (!is_ip(ip_ptr) || physical_msw == NX_NULL || physical_lsw == NX_NULL)
        return NX_PTR_ERROR;
    if (interface_index >= NX_MAX_PHYSICAL_INTERFACES)
        return NX_INVALID_INTERFACE;
    return _nx_ip_interface_physical_address_get(ip_ptr, interface_index,
                                                 physical_msw, physical_lsw);
}

/* The size of one cache entry on a 32-bit target. */
#define ARP_ENTRY 52

UINT _nxe_arp_enable(NX_IP *ip_ptr, VOID *arp_cache_memory,
                     ULONG arp_cache_size)
{
    if (!is_ip(ip_ptr) || arp_cache_memory == NX_NULL)
        return NX_PTR_ERROR;
    if (ip_ptr->nx_ip_host_status & NX_IP_ARP_ENABLED)
        return NX_ALREADY_ENABLED;
    if (arp_cache_size < ARP_ENTRY)
        return NX_SIZE_ERROR;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nx_arp_enable(ip_ptr, arp_cache_memory, arp_cache_size);
}

UINT _nxe_icmp_enable(NX_IP *ip_ptr)
{
    if (!is_ip(ip_ptr))
        return NX_PTR_ERROR;
    if (ip_ptr->nx_ip_host_icmp)
        return NX_ALREADY_ENABLED;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nx_icmp_enable(ip_ptr);
}

UINT _nxde_icmp_enable(NX_IP *ip_ptr)
{
    if (!is_ip(ip_ptr))
        return NX_PTR_ERROR;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nxd_icmp_enable(ip_ptr);
}

UINT _nxe_tcp_enable(NX_IP *ip_ptr)
{
    if (!is_ip(ip_ptr))
        return NX_PTR_ERROR;
    if (ip_ptr->nx_ip_host_status & NX_IP_TCP_ENABLED)
        return NX_ALREADY_ENABLED;
    NX_NOT_ISR_CALLER_CHECKING
    return _nx_tcp_enable(ip_ptr);
}

UINT _nxde_ipv6_enable(NX_IP *ip_ptr)
{
    if (!is_ip(ip_ptr))
        return NX_PTR_ERROR;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nxd_ipv6_enable(ip_ptr);
}

/* Neither unspecified nor multicast. */
static int is_unicast(const ULONG *v6)
{
    return (v6[0] | v6[1] | v6[2] | v6[3]) != 0 && v6[0] >> 24 != 0xFF;
}

UINT _nxde_ipv6_address_set(NX_IP *ip_ptr, UINT interface_index,
                            NXD_ADDRESS *ip_address, ULONG prefix_length,
                            UINT *address_index)
{
    if (!is_ip(ip_ptr))
        return NX_PTR_ERROR;
    if (ip_address != NX_NULL && prefix_length != 10
        && ip_address->nxd_ip_version != NX_IP_VERSION_V6)
        return NX_IP_ADDRESS_ERROR;
    if (interface_index >= NX_MAX_PHYSICAL_INTERFACES)
        return NX_INVALID_INTERFACE;
    if (ip_address != NX_NULL && !is_unicast(ip_address->nxd_ip_address.v6))
        return NX_IP_ADDRESS_ERROR;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nxd_ipv6_address_set(ip_ptr, interface_index, ip_address,
                                 prefix_length, address_index);
}

UINT _nxde_ipv6_default_router_add(NX_IP *ip_ptr, NXD_ADDRESS *router_address,
                                   ULONG router_lifetime, UINT interface_index)
{
    if (!is_ip(ip_ptr) || router_address == NX_NULL)
        return NX_PTR_ERROR;
    if (router_address->nxd_ip_version != NX_IP_VERSION_V6)
        return NX_IP_ADDRESS_ERROR;
    if (interface_index >= NX_MAX_PHYSICAL_INTERFACES)
        return NX_INVALID_INTERFACE;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nxd_ipv6_default_router_add(ip_ptr, router_address, router_lifetime,
                                        interface_index);
}
