/* ip.c - an IP instance: addresses, what is enabled, what is reached. */
/* SPDX-License-Identifier: MIT */

#include "ip.h"
#include "nx_ip.h"
#include "scheduler.h"

static NX_IP *instances;

void _nx_ram_network_driver(NX_IP_DRIVER *request)
{
    request->nx_ip_driver_status = NX_UNHANDLED_COMMAND;
}

void _nx_ram_network_driver_1024(NX_IP_DRIVER *request)
{
    request->nx_ip_driver_status = NX_UNHANDLED_COMMAND;
}

VOID _nx_system_initialize(VOID)
{
    /* Everything starts out as zeros; the call belongs to the API. */
}

int duva__nx_ip_conflict(const NX_IP *ip, const void *stack, ULONG size)
{
    const UCHAR *start = stack;
    const NX_IP *i;

    for (i = instances; i != NX_NULL; i = i->nx_ip_created_next) {
        const UCHAR *its = i->nx_ip_host_stack;

        if (i == ip
            || (start < its + i->nx_ip_host_stack_size && its < start + size))
            return 1;
    }
    return 0;
}

NX_IP *duva__nx_ip_first(void)
{
    return instances;
}

UINT _nx_ip_create(NX_HOST_CREATE_IP)
{
    NX_PARAMETER_NOT_USED(ip_link_driver);
    NX_PARAMETER_NOT_USED(priority);
    memset(ip_ptr, 0, sizeof *ip_ptr);
    ip_ptr->nx_ip_name = name;
    ip_ptr->nx_ip_address = ip_address;
    ip_ptr->nx_ip_network_mask = network_mask;
    ip_ptr->nx_ip_default_packet_pool = default_pool;
    ip_ptr->nx_ip_host_status = NX_IP_INITIALIZE_DONE | NX_IP_LINK_ENABLED
                                | NX_IP_INTERFACE_LINK_ENABLED;
    if (ip_address != 0)
        ip_ptr->nx_ip_host_status
            |= NX_IP_ADDRESS_RESOLVED | NX_IP_RARP_COMPLETE;
    ip_ptr->nx_ip_host_stack = memory_ptr;
    ip_ptr->nx_ip_host_stack_size = memory_size;
    ip_ptr->nx_ip_created_next = instances;
    instances = ip_ptr;
    ip_ptr->nx_ip_id = NX_IP_ID;
    return NX_SUCCESS;
}

UINT _nx_ip_delete(NX_IP *ip_ptr)
{
    NX_IP **link = &instances;

    if (ip_ptr->nx_ip_tcp_created_sockets_count != 0)
        return NX_SOCKETS_BOUND;
    while (*link != NX_NULL && *link != ip_ptr)
        link = &(*link)->nx_ip_created_next;
    if (*link == NX_NULL)
        return NX_PTR_ERROR;
    *link = ip_ptr->nx_ip_created_next;
    ip_ptr->nx_ip_id = 0;
    return NX_SUCCESS;
}

UINT _nx_ip_status_check(NX_IP *ip_ptr, ULONG needed_status,
                         ULONG *actual_status, ULONG wait_option)
{
    const ULONG64 deadline = duva__nx_deadline(wait_option);
    UINT status = NX_SUCCESS;

    for (;;) {
        *actual_status = ip_ptr->nx_ip_host_status & needed_status;
        if (*actual_status == needed_status)
            return NX_SUCCESS;
        if (status != NX_SUCCESS)
            return NX_NOT_SUCCESSFUL;
        status = duva__nx_wait(&ip_ptr->nx_ip_host_status, NULL, deadline,
                               NX_NOT_SUCCESSFUL);
    }
}

static UINT enable(NX_IP *ip, ULONG what)
{
    ip->nx_ip_host_status |= what;
    duva__nx_wake_all(&ip->nx_ip_host_status, NX_SUCCESS);
    duva__nx_resched();
    return NX_SUCCESS;
}

UINT _nx_arp_enable(NX_IP *ip_ptr, VOID *arp_cache_memory, ULONG arp_cache_size)
{
    memset(arp_cache_memory, 0, arp_cache_size);
    return enable(ip_ptr, NX_IP_ARP_ENABLED);
}

UINT _nx_tcp_enable(NX_IP *ip_ptr)
{
    return enable(ip_ptr, NX_IP_TCP_ENABLED);
}

UINT _nx_icmp_enable(NX_IP *ip_ptr)
{
    ip_ptr->nx_ip_host_icmp = NX_TRUE;
    return NX_SUCCESS;
}

UINT _nxd_icmp_enable(NX_IP *ip_ptr)
{
    return _nx_icmp_enable(ip_ptr);
}

UINT _nx_ip_address_get(NX_IP *ip_ptr, ULONG *ip_address, ULONG *network_mask)
{
    *ip_address = ip_ptr->nx_ip_address;
    *network_mask = ip_ptr->nx_ip_network_mask;
    return NX_SUCCESS;
}

static int same_net(const NX_IP *ip, ULONG address)
{
    return ((address ^ ip->nx_ip_address) & ip->nx_ip_network_mask) == 0;
}

UINT _nx_ip_gateway_address_set(NX_IP *ip_ptr, ULONG ip_address)
{
    if (!same_net(ip_ptr, ip_address))
        return NX_IP_ADDRESS_ERROR;
    ip_ptr->nx_ip_gateway_address = ip_address;
    return NX_SUCCESS;
}

/* A physical address that nobody else has, as long as the IPv4
 * address is its own. */
UINT _nx_ip_interface_physical_address_get(NX_IP *ip_ptr, UINT interface_index,
                                           ULONG *physical_msw,
                                           ULONG *physical_lsw)
{
    NX_PARAMETER_NOT_USED(interface_index);
    *physical_msw = 0x0200;
    *physical_lsw = ip_ptr->nx_ip_address;
    return NX_SUCCESS;
}

UINT _nxd_ipv6_enable(NX_IP *ip_ptr)
{
    if (ip_ptr->nx_ip_host_ipv6)
        return NX_ALREADY_ENABLED;
    ip_ptr->nx_ip_host_ipv6 = NX_TRUE;
    return NX_SUCCESS;
}

/* How many leading bits two addresses share. */
static ULONG common_bits(const ULONG *a, const ULONG *b)
{
    ULONG bits = 0;

    while (bits < 128
           && ((a[bits / 32] ^ b[bits / 32]) >> (31 - bits % 32) & 1) == 0)
        bits++;
    return bits;
}

static int link_local(const ULONG *address)
{
    return (address[0] & 0xFFC00000u) == 0xFE800000u;
}

UINT _nxd_ipv6_address_set(NX_IP *ip_ptr, UINT interface_index,
                           NXD_ADDRESS *ip_address, ULONG prefix_length,
                           UINT *address_index)
{
    const UINT count = ip_ptr->nx_ip_host_v6_count;
    NXD_IPV6_ADDRESS *own;
    NXD_ADDRESS address;
    UINT i;

    NX_PARAMETER_NOT_USED(interface_index);
    memset(&address, 0, sizeof address);
    address.nxd_ip_version = NX_IP_VERSION_V6;
    if (ip_address != NX_NULL) {
        address = *ip_address;
    } else if (prefix_length == 10) {
        /* No physical address to derive it from: the IPv4 one is as unique. */
        address.nxd_ip_address.v6[0] = 0xFE800000u;
        address.nxd_ip_address.v6[3] = ip_ptr->nx_ip_address;
    } else {
        return NX_IP_ADDRESS_ERROR;
    }
    for (i = 0; i < count; i++) {
        if (common_bits(ip_ptr->nx_ipv6_address[i].nxd_ipv6_address,
                        address.nxd_ip_address.v6)
            == 128)
            return NX_DUPLICATED_ENTRY;
    }
    if (count == NX_MAX_IPV6_ADDRESSES)
        return NX_NO_MORE_ENTRIES;
    own = &ip_ptr->nx_ipv6_address[count];
    memset(own, 0, sizeof *own);
    own->nxd_ipv6_address_valid = NX_TRUE;
    own->nxd_ipv6_address_state = NX_IPV6_ADDR_STATE_VALID;
    own->nxd_ipv6_address_prefix_length = (UCHAR)prefix_length;
    memcpy(own->nxd_ipv6_address, address.nxd_ip_address.v6,
           sizeof own->nxd_ipv6_address);
    ip_ptr->nx_ip_host_v6_count++;
    if (address_index != NX_NULL)
        *address_index = count;
    return NX_SUCCESS;
}

UINT _nxd_ipv6_default_router_add(NX_IP *ip_ptr, NXD_ADDRESS *router_address,
                                  ULONG router_lifetime, UINT interface_index)
{
    NX_PARAMETER_NOT_USED(router_address);
    NX_PARAMETER_NOT_USED(router_lifetime);
    NX_PARAMETER_NOT_USED(interface_index);
    ip_ptr->nx_ip_host_router = NX_TRUE;
    return NX_SUCCESS;
}

static int has_address(const NX_IP *ip, const NXD_ADDRESS *a)
{
    UINT i;

    if (a->nxd_ip_version == NX_IP_VERSION_V4)
        return ip->nx_ip_address != 0
               && ip->nx_ip_address == a->nxd_ip_address.v4;
    for (i = 0; i < ip->nx_ip_host_v6_count; i++) {
        if (common_bits(ip->nx_ipv6_address[i].nxd_ipv6_address,
                        a->nxd_ip_address.v6)
            == 128)
            return 1;
    }
    return 0;
}

NX_IP *duva__nx_owner(const NXD_ADDRESS *address)
{
    NX_IP *i;

    for (i = instances; i != NX_NULL; i = i->nx_ip_created_next) {
        if (has_address(i, address))
            return i;
    }
    return NX_NULL;
}

static UINT route_v6(const NX_IP *ip, const NXD_ADDRESS *to, NXD_ADDRESS *from)
{
    static const ULONG loopback[4] = { 0, 0, 0, 1 };
    const ULONG *target = to->nxd_ip_address.v6;
    UINT i;

    if (!ip->nx_ip_host_ipv6)
        return NX_NO_INTERFACE_ADDRESS;
    if (common_bits(target, loopback) == 128) {
        *from = *to;
        return NX_SUCCESS;
    }
    for (i = 0; i < ip->nx_ip_host_v6_count; i++) {
        const NXD_IPV6_ADDRESS *address = &ip->nx_ipv6_address[i];
        const ULONG *own = address->nxd_ipv6_address;

        from->nxd_ip_version = NX_IP_VERSION_V6;
        memcpy(from->nxd_ip_address.v6, own, sizeof from->nxd_ip_address.v6);
        if (common_bits(target, own)
            >= address->nxd_ipv6_address_prefix_length)
            return NX_SUCCESS;
        if (ip->nx_ip_host_router && !link_local(target) && !link_local(own))
            return NX_SUCCESS;
    }
    return NX_NO_INTERFACE_ADDRESS;
}

UINT duva__nx_route(const NX_IP *ip, const NXD_ADDRESS *to, NXD_ADDRESS *from)
{
    const ULONG target = to->nxd_ip_address.v4;

    if (to->nxd_ip_version == NX_IP_VERSION_V6)
        return route_v6(ip, to, from);
    memset(from, 0, sizeof *from);
    from->nxd_ip_version = NX_IP_VERSION_V4;
    from->nxd_ip_address.v4 = ip->nx_ip_address;
    if (target >> 24 == 127 || same_net(ip, target)
        || ip->nx_ip_gateway_address != 0)
        return NX_SUCCESS;
    return NX_IP_ADDRESS_ERROR;
}
