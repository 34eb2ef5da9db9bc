/* nxd_smtp_packets.c - turns octets of the smaller client into TCP packets. */
/* SPDX-License-Identifier: MIT */
/* port/netx does this for others, as a duva_link; this is a third of it. */
#include "nxd_smtp_packets.h"

#include "netx_socket.h"

#if !DUVA_NETX_MORE && !DUVA__NX_TLS

#ifdef NX_DISABLE_PACKET_CHAIN
#define next_of(packet) ((NX_PACKET *)NX_NULL)
#else
#define next_of(packet) ((packet)->nx_packet_next)
#endif

UINT duva__nx_open(NX_SMTP_CLIENT *c)
{
    return duva__netx_open(&c->nx_smtp_client_socket,
                           c->nx_smtp_client_packet_pool_ptr,
                           &c->nx_smtp_server_address, c->nx_smtp_server_port,
                           NX_SMTP_CLIENT_CONNECTION_TIMEOUT);
}

static UINT flush(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    NX_PACKET              *packet = s->out;
    UINT                    status = NX_SUCCESS;

    s->out = NX_NULL;
    if (packet != NX_NULL) {
        status = nx_tcp_socket_send(&c->nx_smtp_client_socket, packet,
                                    NX_SMTP_CLIENT_SEND_TIMEOUT);
        if (status != NX_SUCCESS)
            nx_packet_release(packet); /* NetX Duo takes it only on success */
    }
    return status;
}

/* Octets that the packet still takes: no more than a segment has. */
static ULONG room_of(const NX_SMTP_CLIENT *c)
{
    const NX_PACKET *packet = c->nx_smtp_client_session.out;
    const ULONG      mss = c->nx_smtp_client_socket.nx_tcp_socket_connect_mss;
    const ULONG      room = (ULONG)(packet->nx_packet_data_end
                                    - packet->nx_packet_append_ptr);
    const ULONG      left = mss - packet->nx_packet_length;

    return room < left ? room : left;
}

UINT duva__nx_put(NX_SMTP_CLIENT *c, const void *data, size_t *len)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    UINT                    status = NX_SUCCESS;
    ULONG                   room;

    if (s->out == NX_NULL)
        status = duva__netx_allocate(&c->nx_smtp_client_socket,
                                     c->nx_smtp_client_packet_pool_ptr, &s->out,
                                     NX_SMTP_CLIENT_PACKET_TIMEOUT);
    if (status != NX_SUCCESS) {
        s->out = NX_NULL;
        return status;
    }
    room = room_of(c);
    if (*len > room)
        *len = room;
    if (*len == 0)
        return NX_SIZE_ERROR;
    status = nx_packet_data_append(s->out, (VOID *)data, (ULONG)*len,
                                   c->nx_smtp_client_packet_pool_ptr,
                                   NX_SMTP_CLIENT_PACKET_TIMEOUT);
    return status == NX_SUCCESS && *len == room ? flush(c) : status;
}

UINT duva__nx_take(NX_SMTP_CLIENT *c, ULONG wait)
{
    NX_PACKET *packet, *part;
    UINT       status = flush(c);

    if (status == NX_SUCCESS)
        status = nx_tcp_socket_receive(&c->nx_smtp_client_socket, &packet,
                                       wait);
    if (status != NX_SUCCESS)
        return status;
    for (part = packet; part != NX_NULL; part = next_of(part))
        duva_feed(&c->nx_smtp_client_session.engine,
                  part->nx_packet_prepend_ptr,
                  (size_t)(part->nx_packet_append_ptr
                           - part->nx_packet_prepend_ptr));
    nx_packet_release(packet);
    return NX_SUCCESS;
}

VOID duva__nx_close(NX_SMTP_CLIENT *c, ULONG wait)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;

    if (wait != NX_NO_WAIT)
        flush(c);
    if (s->out != NX_NULL)
        nx_packet_release(s->out);
    duva__netx_close(&c->nx_smtp_client_socket, wait);
}

#else
typedef int duva__nx_no_packets; /* a file must not be empty */
#endif
