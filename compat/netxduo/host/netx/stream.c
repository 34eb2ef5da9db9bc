/* host_stream.c - packets to segments and back: a socket's send and receive. */
/* SPDX-License-Identifier: MIT */

#include "host.h"

static ULONG headroom(const NX_TCP_SOCKET *s)
{
    const ULONG type
        = s->nx_tcp_socket_connect_ip.nxd_ip_version == NX_IP_VERSION_V6
              ? NX_IPv6_TCP_PACKET
              : NX_IPv4_TCP_PACKET;
    const NX_PACKET_POOL *pool
        = s->nx_tcp_socket_ip_ptr->nx_ip_default_packet_pool;

    return pool->nx_packet_pool_payload_size > type ? type : 0;
}

ULONG duva__nx_window(const NX_TCP_SOCKET *socket)
{
    return socket->nx_tcp_socket_rx_window_current;
}

ULONG duva__nx_packets(const NX_TCP_SOCKET *socket)
{
    return duva__nx_pool_room(
        socket->nx_tcp_socket_ip_ptr->nx_ip_default_packet_pool,
        headroom(socket));
}

/* On a target, too, what arrives fills packets of the IP instance's pool. */
int duva__nx_deliver(NX_TCP_SOCKET *socket, const UCHAR *data, ULONG size)
{
    NX_TCP_SOCKET *s = socket;
    NX_PACKET_POOL *pool = s->nx_tcp_socket_ip_ptr->nx_ip_default_packet_pool;
    NX_PACKET *packet;

    if (_nx_packet_allocate(pool, &packet, headroom(s), NX_NO_WAIT))
        return 0;
    if (_nx_packet_data_append(packet, (VOID *)data, size, pool, NX_NO_WAIT)) {
        _nx_packet_release(packet);
        return 0;
    }
    packet->nx_packet_ip_version
        = (UCHAR)s->nx_tcp_socket_connect_ip.nxd_ip_version;
    packet->nx_packet_union_next.nx_packet_tcp_queue_next
        = (NX_PACKET *)NX_PACKET_ENQUEUED;
    if (s->nx_tcp_socket_receive_queue_head == NX_NULL)
        s->nx_tcp_socket_receive_queue_head = packet;
    else
        s->nx_tcp_socket_receive_queue_tail->nx_packet_queue_next = packet;
    s->nx_tcp_socket_receive_queue_tail = packet;
    s->nx_tcp_socket_receive_queue_count++;
    s->nx_tcp_socket_rx_window_current -= size;
    s->nx_tcp_socket_packets_received++;
    s->nx_tcp_socket_bytes_received += size;
    duva__nx_wake_all(&s->nx_tcp_socket_receive_queue_head, NX_SUCCESS);
    if (s->nx_tcp_receive_callback != NX_NULL)
        s->nx_tcp_receive_callback(s);
    return 1;
}

/* Takes the oldest packet off the queue and lets the sender go on. */
static NX_PACKET *dequeue(NX_TCP_SOCKET *s)
{
    NX_PACKET *packet = s->nx_tcp_socket_receive_queue_head;

    if (packet == NX_NULL)
        return NX_NULL;
    s->nx_tcp_socket_receive_queue_head = packet->nx_packet_queue_next;
    s->nx_tcp_socket_receive_queue_count--;
    s->nx_tcp_socket_rx_window_current += packet->nx_packet_length;
    packet->nx_packet_queue_next = NX_NULL;
    packet->nx_packet_union_next.nx_packet_tcp_queue_next
        = (NX_PACKET *)NX_PACKET_ALLOCATED;
    if (s->nx_tcp_socket_host_peer != NX_NULL)
        duva__nx_wake_all(&s->nx_tcp_socket_host_peer->nx_tcp_socket_bytes_sent,
                          NX_SUCCESS);
    else if (s->nx_tcp_socket_host_fd >= 0)
        duva__nx_wire_kick();
    return packet;
}

void duva__nx_flush(NX_TCP_SOCKET *socket)
{
    NX_PACKET *packet;

    while ((packet = dequeue(socket)) != NX_NULL)
        _nx_packet_release(packet);
}

/* More may come in these states, so that waiting makes sense. */
static int may_arrive(const NX_TCP_SOCKET *s)
{
    const UINT state = s->nx_tcp_socket_state;

    return state >= NX_TCP_SYN_SENT && state < NX_TCP_CLOSING
           && state != NX_TCP_CLOSE_WAIT;
}

UINT _nx_tcp_socket_receive(NX_TCP_SOCKET *socket_ptr, NX_PACKET **packet_ptr,
                            ULONG wait_option)
{
    const ULONG64 deadline = duva__nx_deadline(wait_option);
    UINT status = NX_SUCCESS;

    *packet_ptr = NX_NULL;
    for (;;) {
        if (socket_ptr->nx_tcp_socket_bound_next == NX_NULL)
            return NX_NOT_BOUND;
        *packet_ptr = dequeue(socket_ptr);
        if (*packet_ptr != NX_NULL) {
            duva__nx_resched();
            return NX_SUCCESS;
        }
        if (!may_arrive(socket_ptr))
            return NX_NOT_CONNECTED;
        if (status != NX_SUCCESS)
            return status;
        status = duva__nx_wait(&socket_ptr->nx_tcp_socket_receive_queue_head,
                               NULL, deadline, NX_NO_PACKET);
    }
}

/* To a socket of this process: as one segment, when the peer has the window
 * and the packets for it. A peer without packets would drop the segment and
 * get it again a little later; so we look again after a tick. */
static UINT send_inside(NX_TCP_SOCKET *s, const UCHAR *data, ULONG size,
                        ULONG64 deadline, ULONG *sent)
{
    for (;;) {
        NX_TCP_SOCKET *peer = s->nx_tcp_socket_host_peer;
        ULONG64 until = deadline;
        UINT status;

        if (peer == NX_NULL)
            return NX_NOT_CONNECTED;
        if (duva__nx_window(peer) >= size) {
            if (duva__nx_packets(peer) >= size
                && duva__nx_deliver(peer, data, size)) {
                *sent = size;
                return NX_SUCCESS;
            }
            if (deadline > duva__nx_deadline(1))
                until = duva__nx_deadline(1);
        }
        status = duva__nx_wait(&s->nx_tcp_socket_bytes_sent, NULL, until,
                               NX_WINDOW_OVERFLOW);
        if (status != NX_SUCCESS && until == deadline)
            return status;
    }
}

/* Drops the first bytes of a chain: what has gone is not sent twice. */
static void trim(NX_PACKET *packet, ULONG size)
{
    NX_PACKET *p;

    packet->nx_packet_length -= size;
    for (p = packet; p != NX_NULL && size != 0; p = duva__nx_next(p)) {
        const ULONG here
            = (ULONG)(p->nx_packet_append_ptr - p->nx_packet_prepend_ptr);
        const ULONG piece = here < size ? here : size;

        p->nx_packet_prepend_ptr += piece;
        size -= piece;
    }
}

static UINT send_segment(NX_TCP_SOCKET *s, NX_PACKET *packet, ULONG64 deadline)
{
    UCHAR segment[DUVA_NX_MSS_V4];
    ULONG limit = s->nx_tcp_socket_connect_mss;
    ULONG size;
    ULONG sent = 0;
    UINT status;

    if (s->nx_tcp_socket_host_peer != NX_NULL
        && s->nx_tcp_socket_host_peer->nx_tcp_socket_rx_window_default < limit)
        limit = s->nx_tcp_socket_host_peer->nx_tcp_socket_rx_window_default;
    if (limit > sizeof segment)
        limit = sizeof segment;
    _nx_packet_data_extract_offset(packet, 0, segment, limit, &size);
    if (s->nx_tcp_socket_host_fd >= 0)
        status = duva__nx_wire_send(s, segment, size, deadline, &sent);
    else
        status = send_inside(s, segment, size, deadline, &sent);
    trim(packet, sent);
    s->nx_tcp_socket_bytes_sent += sent;
    return status;
}

static int may_send(const NX_TCP_SOCKET *s)
{
    return s->nx_tcp_socket_state == NX_TCP_ESTABLISHED
           || s->nx_tcp_socket_state == NX_TCP_CLOSE_WAIT;
}

UINT _nx_tcp_socket_send(NX_TCP_SOCKET *socket_ptr, NX_PACKET *packet_ptr,
                         ULONG wait_option)
{
    const ULONG64 deadline = duva__nx_deadline(wait_option);
    UINT status;

    if (packet_ptr->nx_packet_length == 0)
        return NX_INVALID_PACKET;
    if (socket_ptr->nx_tcp_socket_bound_next == NX_NULL)
        return NX_NOT_BOUND;
    if (socket_ptr->nx_tcp_socket_state == NX_TCP_SYN_SENT
        || socket_ptr->nx_tcp_socket_state == NX_TCP_SYN_RECEIVED)
        _nx_tcp_socket_state_wait(socket_ptr, NX_TCP_ESTABLISHED, wait_option);
    while (packet_ptr->nx_packet_length != 0) {
        if (!may_send(socket_ptr))
            return NX_NOT_CONNECTED;
        status = send_segment(socket_ptr, packet_ptr, deadline);
        if (status != NX_SUCCESS)
            return status;
    }
    socket_ptr->nx_tcp_socket_packets_sent++;
    _nx_packet_release(packet_ptr);
    duva__nx_resched();
    return NX_SUCCESS;
}
