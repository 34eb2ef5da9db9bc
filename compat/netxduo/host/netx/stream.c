/* stream.c - packets to segments and back: a socket's send and receive. */
/* SPDX-License-Identifier: MIT */

#include "connection.h"
#include "packet.h"
#include "scheduler.h"
#include "wire.h"

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
        *packet_ptr = duva__nx_dequeue(socket_ptr);
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
