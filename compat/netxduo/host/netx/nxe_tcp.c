/* nxe_tcp.c - checks what a caller says of TCP sockets. */
/* SPDX-License-Identifier: MIT */

#include "ip.h"
#include "nx_ip.h"
#include "scheduler.h"
#include "tcp.h"

static UINT check_ip(const NX_IP *ip)
{
    if (ip == NX_NULL || ip->nx_ip_id != NX_IP_ID)
        return NX_PTR_ERROR;
    return ip->nx_ip_host_status & NX_IP_TCP_ENABLED ? NX_SUCCESS
                                                     : NX_NOT_ENABLED;
}

static UINT check_socket(const NX_TCP_SOCKET *s)
{
    if (s == NX_NULL || s->nx_tcp_socket_id != NX_TCP_ID)
        return NX_PTR_ERROR;
    return check_ip(s->nx_tcp_socket_ip_ptr);
}

/* In every call below: a socket first, then its IP instance. */
#define CHECK_SOCKET                                                           \
    {                                                                          \
        const UINT wrong = check_socket(socket_ptr);                           \
                                                                               \
        if (wrong != NX_SUCCESS)                                               \
            return wrong;                                                      \
    }

UINT _nxe_tcp_socket_create(NX_HOST_CREATE_SOCKET, UINT control_block_size)
{
    if (ip_ptr == NX_NULL || ip_ptr->nx_ip_id != NX_IP_ID
        || socket_ptr == NX_NULL || control_block_size != sizeof(NX_TCP_SOCKET))
        return NX_PTR_ERROR;
    NX_INIT_AND_THREADS_CALLER_CHECKING
    if (duva__nx_socket_known(ip_ptr, socket_ptr))
        return NX_PTR_ERROR;
    if (check_ip(ip_ptr) != NX_SUCCESS)
        return NX_NOT_ENABLED;
    if ((type_of_service & ~NX_IP_TOS_MASK) != 0
        || (fragment != NX_FRAGMENT_OKAY && fragment != NX_DONT_FRAGMENT)
        || time_to_live > NX_IP_TIME_TO_LIVE_MASK || window_size == 0
        || window_size > 0xFFFF)
        return NX_OPTION_ERROR;
    return _nx_tcp_socket_create(
        ip_ptr, socket_ptr, name, type_of_service, fragment, time_to_live,
        window_size, tcp_urgent_data_callback, tcp_disconnect_callback);
}

UINT _nxe_tcp_socket_delete(NX_TCP_SOCKET *socket_ptr)
{
    CHECK_SOCKET
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_socket_delete(socket_ptr);
}

UINT _nxe_tcp_client_socket_bind(NX_TCP_SOCKET *socket_ptr, UINT port,
                                 ULONG wait_option)
{
    CHECK_SOCKET
    if (port > NX_MAX_PORT)
        return NX_INVALID_PORT;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_client_socket_bind(socket_ptr, port, wait_option);
}

UINT _nxe_tcp_client_socket_unbind(NX_TCP_SOCKET *socket_ptr)
{
    CHECK_SOCKET
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_client_socket_unbind(socket_ptr);
}

UINT _nxe_tcp_client_socket_port_get(NX_TCP_SOCKET *socket_ptr, UINT *port_ptr)
{
    if (port_ptr == NX_NULL)
        return NX_PTR_ERROR;
    CHECK_SOCKET
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_client_socket_port_get(socket_ptr, port_ptr);
}

/* Classes A, B and C: an address that a host may have. */
static int is_host_address(ULONG address)
{
    return address < 0xE0000000u;
}

UINT _nxe_tcp_client_socket_connect(NX_TCP_SOCKET *socket_ptr, ULONG server_ip,
                                    UINT server_port, ULONG wait_option)
{
    CHECK_SOCKET
    if (server_ip == 0 || !is_host_address(server_ip))
        return NX_IP_ADDRESS_ERROR;
    if (server_port > NX_MAX_PORT)
        return NX_INVALID_PORT;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_client_socket_connect(socket_ptr, server_ip, server_port,
                                         wait_option);
}

UINT _nxde_tcp_client_socket_connect(NX_TCP_SOCKET *socket_ptr,
                                     NXD_ADDRESS *server_ip, UINT server_port,
                                     ULONG wait_option)
{
    CHECK_SOCKET
    if (server_ip == NX_NULL)
        return NX_IP_ADDRESS_ERROR;
    if (server_ip->nxd_ip_version != NX_IP_VERSION_V4
        && server_ip->nxd_ip_version != NX_IP_VERSION_V6)
        return NX_IP_ADDRESS_ERROR;
    if (server_ip->nxd_ip_version == NX_IP_VERSION_V4
        && !is_host_address(server_ip->nxd_ip_address.v4))
        return NX_IP_ADDRESS_ERROR;
    if (server_port > NX_MAX_PORT)
        return NX_INVALID_PORT;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nxd_tcp_client_socket_connect(socket_ptr, server_ip, server_port,
                                          wait_option);
}

UINT _nxe_tcp_socket_send(NX_TCP_SOCKET *socket_ptr, NX_PACKET **packet_ptr_ptr,
                          ULONG wait_option)
{
    NX_PACKET *p = *packet_ptr_ptr;
    long headers;
    UINT status;

    if (socket_ptr == NX_NULL || socket_ptr->nx_tcp_socket_id != NX_TCP_ID)
        return NX_PTR_ERROR;
    if (p == NX_NULL
        || p->nx_packet_union_next.nx_packet_tcp_queue_next
               != (NX_PACKET *)NX_PACKET_ALLOCATED)
        return NX_INVALID_PACKET;
    CHECK_SOCKET
    switch (socket_ptr->nx_tcp_socket_connect_ip.nxd_ip_version) {
    case NX_IP_VERSION_V4:
        headers = 20 + 20;
        break;
    case NX_IP_VERSION_V6:
        headers = 40 + 20;
        break;
    default:
        return NX_NOT_CONNECTED;
    }
    if (p->nx_packet_prepend_ptr - p->nx_packet_data_start < headers)
        return NX_UNDERFLOW;
    if (p->nx_packet_append_ptr > p->nx_packet_data_end)
        return NX_OVERFLOW;
    NX_THREADS_ONLY_CALLER_CHECKING
    status = _nx_tcp_socket_send(socket_ptr, p, wait_option);
    if (status == NX_SUCCESS)
        *packet_ptr_ptr = NX_NULL;
    return status;
}

UINT _nxe_tcp_socket_receive(NX_TCP_SOCKET *socket_ptr, NX_PACKET **packet_ptr,
                             ULONG wait_option)
{
    if (packet_ptr == NX_NULL)
        return NX_PTR_ERROR;
    CHECK_SOCKET
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_socket_receive(socket_ptr, packet_ptr, wait_option);
}

UINT _nxe_tcp_socket_receive_notify(NX_TCP_SOCKET *socket_ptr,
                                    VOID (*tcp_receive_notify)(NX_TCP_SOCKET *))
{
    CHECK_SOCKET
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return _nx_tcp_socket_receive_notify(socket_ptr, tcp_receive_notify);
}

UINT _nxe_tcp_socket_disconnect(NX_TCP_SOCKET *socket_ptr, ULONG wait_option)
{
    CHECK_SOCKET
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_socket_disconnect(socket_ptr, wait_option);
}

UINT _nxe_tcp_socket_state_wait(NX_TCP_SOCKET *socket_ptr, UINT desired_state,
                                ULONG wait_option)
{
    CHECK_SOCKET
    if (desired_state < NX_TCP_CLOSED || desired_state > NX_TCP_LAST_ACK)
        return NX_OPTION_ERROR;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_socket_state_wait(socket_ptr, desired_state, wait_option);
}

UINT _nxe_tcp_socket_peer_info_get(NX_TCP_SOCKET *socket_ptr,
                                   ULONG *peer_ip_address, ULONG *peer_port)
{
    if (peer_ip_address == NX_NULL || peer_port == NX_NULL)
        return NX_PTR_ERROR;
    CHECK_SOCKET
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_socket_peer_info_get(socket_ptr, peer_ip_address, peer_port);
}

UINT _nxde_tcp_socket_peer_info_get(NX_TCP_SOCKET *socket_ptr,
                                    NXD_ADDRESS *peer_ip_address,
                                    ULONG *peer_port)
{
    if (peer_ip_address == NX_NULL || peer_port == NX_NULL)
        return NX_PTR_ERROR;
    CHECK_SOCKET
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nxd_tcp_socket_peer_info_get(socket_ptr, peer_ip_address,
                                         peer_port);
}

/* What listen and relisten are given, and unlisten in part. */
static UINT check_port(const NX_IP *ip, UINT port)
{
    const UINT wrong = check_ip(ip);

    if (wrong != NX_SUCCESS)
        return wrong;
    return port == 0 || port > NX_MAX_PORT ? NX_INVALID_PORT : NX_SUCCESS;
}

UINT _nxe_tcp_server_socket_listen(
    NX_IP *ip_ptr, UINT port, NX_TCP_SOCKET *socket_ptr, UINT listen_queue_size,
    VOID (*tcp_listen_callback)(NX_TCP_SOCKET *, UINT port))
{
    CHECK_SOCKET
    if (check_port(ip_ptr, port) != NX_SUCCESS)
        return check_port(ip_ptr, port);
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_server_socket_listen(ip_ptr, port, socket_ptr,
                                        listen_queue_size, tcp_listen_callback);
}

UINT _nxe_tcp_server_socket_accept(NX_TCP_SOCKET *socket_ptr, ULONG wait_option)
{
    CHECK_SOCKET
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_server_socket_accept(socket_ptr, wait_option);
}

UINT _nxe_tcp_server_socket_unaccept(NX_TCP_SOCKET *socket_ptr)
{
    CHECK_SOCKET
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_server_socket_unaccept(socket_ptr);
}

UINT _nxe_tcp_server_socket_relisten(NX_IP *ip_ptr, UINT port,
                                     NX_TCP_SOCKET *socket_ptr)
{
    CHECK_SOCKET
    if (check_port(ip_ptr, port) != NX_SUCCESS)
        return check_port(ip_ptr, port);
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_server_socket_relisten(ip_ptr, port, socket_ptr);
}

UINT _nxe_tcp_server_socket_unlisten(NX_IP *ip_ptr, UINT port)
{
    if (check_port(ip_ptr, port) != NX_SUCCESS)
        return check_port(ip_ptr, port);
    NX_THREADS_ONLY_CALLER_CHECKING
    return _nx_tcp_server_socket_unlisten(ip_ptr, port);
}
