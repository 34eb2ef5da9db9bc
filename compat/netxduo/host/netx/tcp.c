/* tcp.c - a TCP socket's life: made, bound, connected, closed, deleted. */
/* SPDX-License-Identifier: MIT */

#include "connection.h"
#include "ip.h"
#include "scheduler.h"
#include "tcp.h"
#include "tcp_server.h"
#include "wire.h"

int duva__nx_socket_known(const NX_IP *ip, const NX_TCP_SOCKET *socket)
{
    const NX_TCP_SOCKET *s = ip->nx_ip_tcp_created_sockets_ptr;

    while (s != NX_NULL && s != socket)
        s = s->nx_tcp_socket_created_next;
    return s != NX_NULL;
}

UINT _nx_tcp_socket_create(NX_HOST_CREATE_SOCKET)
{
    NX_TCP_SOCKET *s = socket_ptr;

    if ((ip_ptr->nx_ip_host_status & NX_IP_TCP_ENABLED) == 0)
        return NX_NOT_ENABLED;
    memset(s, 0, sizeof *s);
    s->nx_tcp_socket_ip_ptr = ip_ptr;
    s->nx_tcp_socket_client_type = NX_TRUE;
    s->nx_tcp_socket_name = name;
    s->nx_tcp_socket_type_of_service = type_of_service;
    s->nx_tcp_socket_fragment_enable = fragment & NX_DONT_FRAGMENT;
    s->nx_tcp_socket_time_to_live = time_to_live;
    s->nx_tcp_socket_rx_window_default = window_size;
    s->nx_tcp_socket_rx_window_current = window_size;
    s->nx_tcp_urgent_data_callback = tcp_urgent_data_callback;
    s->nx_tcp_disconnect_callback = tcp_disconnect_callback;
    s->nx_tcp_socket_state = NX_TCP_CLOSED;
    s->nx_tcp_socket_transmit_queue_maximum = NX_TCP_MAXIMUM_TX_QUEUE;
    s->nx_tcp_socket_host_fd = -1;
    s->nx_tcp_socket_created_next = ip_ptr->nx_ip_tcp_created_sockets_ptr;
    ip_ptr->nx_ip_tcp_created_sockets_ptr = s;
    ip_ptr->nx_ip_tcp_created_sockets_count++;
    s->nx_tcp_socket_id = NX_TCP_ID;
    return NX_SUCCESS;
}

UINT _nx_tcp_socket_delete(NX_TCP_SOCKET *socket_ptr)
{
    NX_IP *ip = socket_ptr->nx_tcp_socket_ip_ptr;
    NX_TCP_SOCKET **link;

    if (socket_ptr->nx_tcp_socket_id != NX_TCP_ID)
        return NX_NOT_CREATED;
    if (socket_ptr->nx_tcp_socket_bound_next != NX_NULL
        || socket_ptr->nx_tcp_socket_state != NX_TCP_CLOSED)
        return NX_STILL_BOUND;
    link = &ip->nx_ip_tcp_created_sockets_ptr;
    while (*link != socket_ptr)
        link = &(*link)->nx_tcp_socket_created_next;
    *link = socket_ptr->nx_tcp_socket_created_next;
    ip->nx_ip_tcp_created_sockets_count--;
    socket_ptr->nx_tcp_socket_id = 0;
    return NX_SUCCESS;
}

static int port_taken(const NX_IP *ip, UINT port)
{
    const NX_TCP_SOCKET *s = ip->nx_ip_tcp_created_sockets_ptr;

    for (; s != NX_NULL; s = s->nx_tcp_socket_created_next) {
        if (s->nx_tcp_socket_bound_next != NX_NULL
            && s->nx_tcp_socket_port == port)
            return 1;
    }
    return 0;
}

/* Goes on from the last port given out, so that a peer does not take a new
 * connection for the old one. */
static UINT free_port(const NX_IP *ip, UINT *port)
{
    static UINT last = NX_MAX_PORT;
    UINT tried;

    for (tried = NX_SEARCH_PORT_START; tried <= NX_MAX_PORT; tried++) {
        last = last == NX_MAX_PORT ? NX_SEARCH_PORT_START : last + 1;
        if (!port_taken(ip, last)) {
            *port = last;
            return NX_SUCCESS;
        }
    }
    return NX_NO_FREE_PORTS;
}

UINT _nx_tcp_client_socket_bind(NX_TCP_SOCKET *socket_ptr, UINT port,
                                ULONG wait_option)
{
    const ULONG64 deadline = duva__nx_deadline(wait_option);
    NX_IP *ip = socket_ptr->nx_tcp_socket_ip_ptr;
    UINT status;

    if (socket_ptr->nx_tcp_socket_bound_next != NX_NULL)
        return NX_ALREADY_BOUND;
    if (port == NX_ANY_PORT) {
        status = free_port(ip, &port);
        if (status != NX_SUCCESS)
            return status;
    }
    while (port_taken(ip, port)) {
        status = duva__nx_wait(ip, NULL, deadline, NX_PORT_UNAVAILABLE);
        if (status != NX_SUCCESS)
            return status;
    }
    socket_ptr->nx_tcp_socket_port = port;
    socket_ptr->nx_tcp_socket_bound_next = socket_ptr;
    return NX_SUCCESS;
}

UINT _nx_tcp_client_socket_unbind(NX_TCP_SOCKET *socket_ptr)
{
    if (socket_ptr->nx_tcp_socket_state == NX_TCP_TIMED_WAIT)
        duva__nx_closed(socket_ptr);
    if (socket_ptr->nx_tcp_socket_state != NX_TCP_CLOSED)
        return NX_NOT_CLOSED;
    if (socket_ptr->nx_tcp_socket_bound_next == NX_NULL)
        return NX_NOT_BOUND;
    duva__nx_flush(socket_ptr);
    socket_ptr->nx_tcp_socket_bound_next = NX_NULL;
    duva__nx_wake_all(socket_ptr->nx_tcp_socket_ip_ptr, NX_SUCCESS);
    duva__nx_resched();
    return NX_SUCCESS;
}

UINT _nx_tcp_client_socket_port_get(NX_TCP_SOCKET *socket_ptr, UINT *port_ptr)
{
    if (socket_ptr->nx_tcp_socket_bound_next == NX_NULL)
        return NX_NOT_BOUND;
    *port_ptr = socket_ptr->nx_tcp_socket_port;
    return NX_SUCCESS;
}

/* Finds who answers at the server's address: a listener in this process, or
 * the host's network. */
static UINT find_server(NX_TCP_SOCKET *client, const NXD_ADDRESS *server)
{
    NX_IP *inside = duva__nx_owner(server);

    if (duva__nx_wire_mapped(client) || inside == NX_NULL)
        return duva__nx_wire_open(client);
    return duva__nx_connect_inside(client, inside);
}

static int connected(const NX_TCP_SOCKET *s)
{
    /* The peer may have sent its FIN before this thread ran again. */
    return s->nx_tcp_socket_state == NX_TCP_ESTABLISHED
           || s->nx_tcp_socket_state == NX_TCP_CLOSE_WAIT;
}

UINT _nxd_tcp_client_socket_connect(NX_TCP_SOCKET *socket_ptr,
                                    NXD_ADDRESS *server_ip, UINT server_port,
                                    ULONG wait_option)
{
    const ULONG64 deadline = duva__nx_deadline(wait_option);
    NX_TCP_SOCKET *s = socket_ptr;
    NXD_ADDRESS from;
    UINT status = duva__nx_route(s->nx_tcp_socket_ip_ptr, server_ip, &from);

    if (status != NX_SUCCESS)
        return status;
    if (s->nx_tcp_socket_bound_next == NX_NULL)
        return NX_NOT_BOUND;
    if (s->nx_tcp_socket_state != NX_TCP_CLOSED
        && s->nx_tcp_socket_state != NX_TCP_TIMED_WAIT)
        return NX_NOT_CLOSED;
    duva__nx_closed(s);
    duva__nx_flush(s);
    s->nx_tcp_socket_connect_ip = *server_ip;
    s->nx_tcp_socket_connect_port = server_port;
    duva__nx_state(s, NX_TCP_SYN_SENT);
    status = find_server(s, server_ip);
    if (status == NX_SUCCESS && wait_option == NX_NO_WAIT)
        return NX_IN_PROGRESS;
    while (status == NX_SUCCESS && s->nx_tcp_socket_state == NX_TCP_SYN_SENT)
        status = duva__nx_wait(&s->nx_tcp_socket_state, NULL, deadline,
                               NX_NOT_CONNECTED);
    if (status == NX_SUCCESS && connected(s))
        return NX_SUCCESS;
    duva__nx_closed(s);
    return status == NX_SUCCESS ? NX_NOT_CONNECTED : status;
}

UINT _nx_tcp_client_socket_connect(NX_TCP_SOCKET *socket_ptr, ULONG server_ip,
                                   UINT server_port, ULONG wait_option)
{
    NXD_ADDRESS server;

    memset(&server, 0, sizeof server);
    server.nxd_ip_version = NX_IP_VERSION_V4;
    server.nxd_ip_address.v4 = server_ip;
    return _nxd_tcp_client_socket_connect(socket_ptr, &server, server_port,
                                          wait_option);
}

/* Ends an established connection in order: our FIN, then the peer's. */
static UINT close_in_order(NX_TCP_SOCKET *s, ULONG wait_option)
{
    const ULONG64 deadline = duva__nx_deadline(wait_option);
    UINT status = NX_SUCCESS;

    duva__nx_state(s, NX_TCP_FIN_WAIT_1);
    if (s->nx_tcp_socket_host_peer != NX_NULL)
        duva__nx_peer_fin(s->nx_tcp_socket_host_peer);
    else
        duva__nx_wire_fin(s);
    while (status == NX_SUCCESS && s->nx_tcp_socket_state == NX_TCP_FIN_WAIT_1)
        status = duva__nx_wait(&s->nx_tcp_socket_state, NULL, deadline,
                               NX_DISCONNECT_FAILED);
    if (s->nx_tcp_socket_state == NX_TCP_TIMED_WAIT)
        return NX_SUCCESS;
    duva__nx_wire_close(s, 1);
    duva__nx_closed(s);
    return status == NX_SUCCESS ? NX_DISCONNECT_FAILED : status;
}

UINT _nx_tcp_socket_disconnect(NX_TCP_SOCKET *socket_ptr, ULONG wait_option)
{
    NX_TCP_SOCKET *s = socket_ptr;
    NX_TCP_SOCKET *peer = s->nx_tcp_socket_host_peer;
    UINT status = NX_SUCCESS;

    switch (s->nx_tcp_socket_state) {
    case NX_TCP_SYN_SENT:
    case NX_TCP_SYN_RECEIVED:
        duva__nx_closed(s);
        break;
    case NX_TCP_CLOSE_WAIT:
        if (wait_option != NX_NO_WAIT) {
            if (peer != NX_NULL)
                duva__nx_peer_fin(peer);
            duva__nx_closed(s);
            break;
        }
        /* fallthrough */
    case NX_TCP_ESTABLISHED:
        if (wait_option != NX_NO_WAIT)
            return close_in_order(s, wait_option);
        duva__nx_wire_close(s, 1);
        duva__nx_closed(s);
        if (peer != NX_NULL)
            duva__nx_peer_rst(peer);
        status = NX_IN_PROGRESS;
        break;
    default:
        return NX_NOT_CONNECTED;
    }
    duva__nx_resched();
    return status;
}

UINT _nx_tcp_socket_state_wait(NX_TCP_SOCKET *socket_ptr, UINT desired_state,
                               ULONG wait_option)
{
    const ULONG64 deadline = duva__nx_deadline(wait_option);
    UINT status = NX_SUCCESS;

    while (socket_ptr->nx_tcp_socket_id == NX_TCP_ID) {
        if (socket_ptr->nx_tcp_socket_state == desired_state)
            return NX_SUCCESS;
        if (status != NX_SUCCESS)
            return status;
        status = duva__nx_wait(&socket_ptr->nx_tcp_socket_state, NULL, deadline,
                               NX_NOT_SUCCESSFUL);
    }
    return NX_PTR_ERROR;
}

UINT _nxd_tcp_socket_peer_info_get(NX_TCP_SOCKET *socket_ptr,
                                   NXD_ADDRESS *peer_ip_address,
                                   ULONG *peer_port)
{
    if (socket_ptr->nx_tcp_socket_state <= NX_TCP_LISTEN_STATE
        || socket_ptr->nx_tcp_socket_state > NX_TCP_ESTABLISHED)
        return NX_NOT_CONNECTED;
    *peer_ip_address = socket_ptr->nx_tcp_socket_connect_ip;
    *peer_port = socket_ptr->nx_tcp_socket_connect_port;
    return NX_SUCCESS;
}

UINT _nx_tcp_socket_peer_info_get(NX_TCP_SOCKET *socket_ptr,
                                  ULONG *peer_ip_address, ULONG *peer_port)
{
    NXD_ADDRESS peer;
    UINT status = _nxd_tcp_socket_peer_info_get(socket_ptr, &peer, peer_port);

    if (status == NX_SUCCESS)
        *peer_ip_address = peer.nxd_ip_address.v4;
    return status;
}

UINT _nx_tcp_socket_receive_notify(NX_TCP_SOCKET *socket_ptr,
                                   VOID (*tcp_receive_notify)(NX_TCP_SOCKET *))
{
    socket_ptr->nx_tcp_receive_callback = tcp_receive_notify;
    return NX_SUCCESS;
}
