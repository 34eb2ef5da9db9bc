/* connection.c - the states of a TCP connection, and its receive queue. */
/* SPDX-License-Identifier: MIT */

#include "connection.h"
#include "net.h"
#include "packet.h"
#include "scheduler.h"

void duva__nx_state(NX_TCP_SOCKET *socket, UINT state)
{
    socket->nx_tcp_socket_state = state;
    duva__nx_wake_all(&socket->nx_tcp_socket_state, NX_SUCCESS);
    duva__nx_wake_all(&socket->nx_tcp_socket_receive_queue_head, NX_SUCCESS);
    duva__nx_wake_all(&socket->nx_tcp_socket_bytes_sent, NX_SUCCESS);
}

/* A connection to another program has a socket of the host. */
static void close_outside(NX_TCP_SOCKET *socket)
{
    if (socket->nx_tcp_socket_host_fd >= 0)
        socket->nx_tcp_socket_host_close(socket, 0);
}

void duva__nx_closed(NX_TCP_SOCKET *socket)
{
    NX_TCP_SOCKET *peer = socket->nx_tcp_socket_host_peer;

    if (peer != NX_NULL) {
        peer->nx_tcp_socket_host_peer = NX_NULL;
        socket->nx_tcp_socket_host_peer = NX_NULL;
    }
    close_outside(socket);
    socket->nx_tcp_socket_host_direct = NX_FALSE;
    memset(&socket->nx_tcp_socket_connect_ip, 0,
           sizeof socket->nx_tcp_socket_connect_ip);
    socket->nx_tcp_socket_connect_port = 0;
    duva__nx_state(socket, socket->nx_tcp_socket_client_type
                               ? NX_TCP_CLOSED
                               : NX_TCP_LISTEN_STATE);
}

/* On a target it is the peer's, which nobody can foretell. */
static ULONG first_sequence(void)
{
    FILE *random = fopen("/dev/urandom", "rb");
    ULONG sequence = 0;

    if (random == NULL)
        return sequence;
    if (fread(&sequence, sizeof sequence, 1, random) != 1)
        sequence = 0;
    fclose(random);
    return sequence;
}

void duva__nx_established(NX_TCP_SOCKET *socket)
{
    const ULONG mss
        = socket->nx_tcp_socket_connect_ip.nxd_ip_version == NX_IP_VERSION_V6
              ? DUVA_NX_MSS_V6
              : DUVA_NX_MSS_V4;

    socket->nx_tcp_socket_mss = mss;
    socket->nx_tcp_socket_peer_mss = mss;
    socket->nx_tcp_socket_connect_mss = mss;
    socket->nx_tcp_socket_rx_sequence = first_sequence();
    socket->nx_tcp_socket_packets_sent = 0;
    socket->nx_tcp_socket_bytes_sent = 0;
    socket->nx_tcp_socket_packets_received = 0;
    socket->nx_tcp_socket_bytes_received = 0;
    duva__nx_state(socket, NX_TCP_ESTABLISHED);
}

static void tell_application(NX_TCP_SOCKET *socket)
{
    if (socket->nx_tcp_disconnect_callback != NX_NULL)
        socket->nx_tcp_disconnect_callback(socket);
}

void duva__nx_peer_fin(NX_TCP_SOCKET *socket)
{
    if (socket->nx_tcp_socket_state == NX_TCP_ESTABLISHED) {
        duva__nx_state(socket, NX_TCP_CLOSE_WAIT);
        tell_application(socket);
    } else if (socket->nx_tcp_socket_state == NX_TCP_FIN_WAIT_1
               || socket->nx_tcp_socket_state == NX_TCP_FIN_WAIT_2) {
        close_outside(socket);
        duva__nx_state(socket, NX_TCP_TIMED_WAIT);
    }
}

void duva__nx_peer_rst(NX_TCP_SOCKET *socket)
{
    const UINT state = socket->nx_tcp_socket_state;

    duva__nx_closed(socket);
    if (state == NX_TCP_ESTABLISHED)
        tell_application(socket);
}

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

NX_PACKET *duva__nx_dequeue(NX_TCP_SOCKET *socket)
{
    NX_TCP_SOCKET *s = socket;
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
        duva__net_wake();
    return packet;
}

void duva__nx_flush(NX_TCP_SOCKET *socket)
{
    NX_PACKET *packet;

    while ((packet = duva__nx_dequeue(socket)) != NX_NULL)
        _nx_packet_release(packet);
}
