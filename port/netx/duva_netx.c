/* duva_netx.c - turns a TCP socket of NetX Duo into a duva_link. */
/* SPDX-License-Identifier: MIT */
#include "duva_netx.h"

#include "netx_socket.h"

#include <limits.h>
#include <string.h>

#define RATE ((ULONG)NX_IP_PERIODIC_RATE)
#define LONGEST ((ULONG)(NX_WAIT_FOREVER - 1))

/* A product of 64 bits would bring a division that small processors lack. */
ULONG duva_netx_ticks(uint32_t ms)
{
    const ULONG seconds = (ULONG)(ms / 1000u);
    const ULONG rest = ((ULONG)(ms % 1000u) * RATE + 999u) / 1000u;

    return seconds > (LONGEST - rest) / RATE ? LONGEST : seconds * RATE + rest;
}

uint32_t duva_netx_ms(ULONG ticks)
{
    const uint32_t seconds = (uint32_t)(ticks / RATE);
    const uint32_t rest = (uint32_t)((ticks % RATE * 1000u + RATE - 1) / RATE);

    return seconds > (UINT32_MAX - rest) / 1000u ? UINT32_MAX
                                                 : seconds * 1000u + rest;
}

static int failed(duva_netx *n, UINT status)
{
    n->link.cause = (int32_t)status;
    return status == NX_NOT_CONNECTED ? DUVA_ERR_CLOSED : DUVA_ERR_IO;
}

/* ---- packets, as TCP takes them ---- */

static UINT tcp_allocate(duva_netx *n, NX_PACKET **packet)
{
    return duva__netx_allocate(n->socket, n->pool, packet, n->packet_wait);
}

static UINT tcp_send(duva_netx *n, NX_PACKET *packet, ULONG wait)
{
    return nx_tcp_socket_send(n->socket, packet, wait);
}

static UINT tcp_receive(duva_netx *n, NX_PACKET **packet, ULONG wait)
{
    return nx_tcp_socket_receive(n->socket, packet, wait);
}

static VOID tcp_end(duva_netx *n, ULONG wait)
{
    (void)n;
    (void)wait;
}

/* ---- the link ---- */

static int flush(duva_netx *n, ULONG wait)
{
    NX_PACKET *packet = n->out;
    UINT       status;

    if (packet == NX_NULL)
        return DUVA_OK;
    n->out = NX_NULL;
    status = n->path->send(n, packet, wait);
    if (status == NX_SUCCESS)
        return DUVA_OK;
    nx_packet_release(packet); /* NetX Duo takes it only on success */
    return failed(n, status);
}

static UINT new_packet(duva_netx *n)
{
    const ULONG mss = n->socket->nx_tcp_socket_connect_mss;
    const ULONG head = n->path->head, tail = n->path->tail;
    NX_PACKET  *packet;
    ULONG       room;
    UINT        status = n->path->allocate(n, &packet);

    if (status != NX_SUCCESS)
        return status;
    room = (ULONG)(packet->nx_packet_data_end - packet->nx_packet_append_ptr);
    if (mss > head + tail && room > mss - head)
        room = mss - head;
    if (room <= tail) {
        nx_packet_release(packet);
        return NX_SIZE_ERROR;
    }
    n->out = packet;
    n->out_room = room - tail;
    return NX_SUCCESS;
}

static int netx_write(duva_link *l, const void *buf, size_t len)
{
    duva_netx *n = (duva_netx *)l;
    ULONG      size;
    UINT       status = NX_SUCCESS;

    if (len == 0)
        return 0;
    if (n->out == NX_NULL)
        status = new_packet(n);
    if (status != NX_SUCCESS)
        return failed(n, status);
    size = len < n->out_room ? (ULONG)len : n->out_room;
    status = nx_packet_data_append(n->out, (VOID *)buf, size, n->pool,
                                   n->packet_wait);
    if (status != NX_SUCCESS)
        return failed(n, status);
    n->out_room -= size;
    if (n->out_room == 0) {
        const int err = flush(n, n->send_wait);

        if (err != DUVA_OK)
            return err;
    }
    return (int)size;
}

/* Makes sure that there is something to read.  Returns 1, 0 when nothing came
 * in time, or a duva_err. */
static int receive(duva_netx *n, ULONG wait)
{
    const int err = flush(n, n->send_wait);
    UINT      status;

    if (err != DUVA_OK)
        return err;
    if (n->in != NX_NULL)
        return 1;
    status = n->path->receive(n, &n->in, wait);
    if (status == NX_SUCCESS) {
        n->in_read = 0;
        return 1;
    }
    n->in = NX_NULL;
    return status == NX_NO_PACKET ? 0 : failed(n, status);
}

static int netx_read(duva_link *l, void *buf, size_t len)
{
    duva_netx *n = (duva_netx *)l;
    ULONG      size = 0;
    const int  err = receive(n, NX_NO_WAIT);
    UINT       status = NX_SUCCESS;

    if (err <= 0)
        return err;
    if (len > INT_MAX)
        len = INT_MAX;
    if (n->in->nx_packet_length > 0)  /* a record of TLS may be empty */
        status = nx_packet_data_extract_offset(n->in, n->in_read, buf,
                                               (ULONG)len, &size);
    n->in_read += size;
    if (status != NX_SUCCESS || n->in_read >= n->in->nx_packet_length) {
        nx_packet_release(n->in);
        n->in = NX_NULL;
    }
    return status == NX_SUCCESS ? (int)size : failed(n, status);
}

static int netx_wait(duva_link *l, unsigned can, uint32_t ms)
{
    duva_netx *n = (duva_netx *)l;
    int        can_read;

    if (can & DUVA_CAN_WRITE)
        return DUVA_CAN_WRITE;
    can_read = receive(n, duva_netx_ticks(ms));
    return can_read > 0 ? DUVA_CAN_READ : can_read;
}

static void netx_close(duva_link *l)
{
    duva_netx *n = (duva_netx *)l;

    if (n->disconnect_wait != NX_NO_WAIT)
        flush(n, n->send_wait);
    if (n->out != NX_NULL)
        nx_packet_release(n->out);
    if (n->in != NX_NULL)
        nx_packet_release(n->in);
    n->out = n->in = NX_NULL;
    n->path->end(n, n->disconnect_wait);
    duva__netx_close(n->socket, n->disconnect_wait);
}

static void set_up(duva_netx *n, NX_TCP_SOCKET *socket, NX_PACKET_POOL *pool,
                   ULONG wait_option)
{
    static const duva_link_ops ops = {
        netx_read, netx_write, netx_wait, netx_close
    };
    static const duva_netx_path tcp = {
        tcp_allocate, tcp_send, tcp_receive, tcp_end, 0, 0
    };

    memset(n, 0, sizeof(*n));
    n->link.ops = &ops;
    n->path = &tcp;
    n->socket = socket;
    n->pool = pool;
    n->packet_wait = n->send_wait = n->disconnect_wait = wait_option;
}

UINT duva_netx_connect(duva_netx *n, NX_TCP_SOCKET *socket,
                       NX_PACKET_POOL *pool, NXD_ADDRESS *server, UINT port,
                       ULONG wait_option)
{
    const UINT status = duva__netx_connect(socket, pool, server, port,
                                           wait_option);

    if (status == NX_SUCCESS)
        set_up(n, socket, pool, wait_option);
    return status;
}

UINT duva_netx_open(duva_netx *n, NX_TCP_SOCKET *socket, NX_PACKET_POOL *pool,
                    NXD_ADDRESS *server, UINT port, ULONG wait_option)
{
    const UINT status = duva__netx_open(socket, pool, server, port,
                                        wait_option);

    if (status == NX_SUCCESS)
        set_up(n, socket, pool, wait_option);
    return status;
}
