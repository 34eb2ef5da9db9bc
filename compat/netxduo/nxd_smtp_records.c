/* nxd_smtp_records.c - turns octets of the smaller client into TCP or TLS. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_packets.h"

#if !DUVA_NETX_MORE && DUVA__NX_TLS

enum { READ_SIZE = 64 };       /* octets that go to the engine at once */

UINT duva__nx_open(NX_SMTP_CLIENT *c)
{
    duva_netx *n = &c->nx_smtp_client_session.link;
    UINT       status = duva_netx_open(n, &c->nx_smtp_client_socket,
                                       c->nx_smtp_client_packet_pool_ptr,
                                       &c->nx_smtp_server_address,
                                       c->nx_smtp_server_port,
                                       NX_SMTP_CLIENT_CONNECTION_TIMEOUT);

    if (status == NX_SUCCESS) {
        n->packet_wait = NX_SMTP_CLIENT_PACKET_TIMEOUT;
        n->send_wait = NX_SMTP_CLIENT_SEND_TIMEOUT;
    }
    return status;
}

/* A link has failed: its status. */
static UINT failed(const duva_netx *n)
{
    return (UINT)n->link.cause;
}

/* NX Secure has taken the place of TCP in the link, once there is TLS. */
UINT duva__nx_put(NX_SMTP_CLIENT *c, const void *data, size_t *len)
{
    duva_netx *n = &c->nx_smtp_client_session.link;
    const int  taken = n->link.ops->write(&n->link, data, *len);

    *len = taken > 0 ? (size_t)taken : 0;
    return taken > 0 ? NX_SUCCESS : failed(n);
}

UINT duva__nx_take(NX_SMTP_CLIENT *c, ULONG wait)
{
    duva_netx *n = &c->nx_smtp_client_session.link;
    UCHAR      octets[READ_SIZE];
    int        got = n->link.ops->wait(&n->link, DUVA_CAN_READ,
                                       duva_netx_ms(wait));

    if (got == 0)
        return NX_NO_PACKET;
    if (got > 0)
        got = n->link.ops->read(&n->link, octets, sizeof(octets));
    if (got < 0)
        return failed(n);
    duva_feed(&c->nx_smtp_client_session.engine, octets, (size_t)got);
    return NX_SUCCESS;
}

VOID duva__nx_close(NX_SMTP_CLIENT *c, ULONG wait)
{
    duva_netx *n = &c->nx_smtp_client_session.link;

    n->disconnect_wait = wait;
    n->link.ops->close(&n->link);
}

#else
typedef int duva__nx_no_records; /* a file must not be empty */
#endif
