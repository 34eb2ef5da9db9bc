/* wire.c - moves bytes between NetX sockets and the host's own. */
/* SPDX-License-Identifier: MIT */

#include "connection.h"
#include "map.h"
#include "net.h"
#include "scheduler.h"
#include "wire.h"

/* How soon to look again at a socket for which packets were short. */
#define RETRY_MS 10

static NX_TCP_SOCKET *wired[DUVA_NET_WATCHES];
static TX_THREAD wire;
static int started;

static void put_word(unsigned char *to, ULONG word)
{
    to[0] = (unsigned char)(word >> 24);
    to[1] = (unsigned char)(word >> 16 & 0xFF);
    to[2] = (unsigned char)(word >> 8 & 0xFF);
    to[3] = (unsigned char)(word & 0xFF);
}

static void destination(const NX_TCP_SOCKET *s, struct duva__net_address *out)
{
    const NXD_ADDRESS *ip = &s->nx_tcp_socket_connect_ip;
    UINT i;

    memset(out, 0, sizeof *out);
    out->version = (int)ip->nxd_ip_version;
    out->port = s->nx_tcp_socket_connect_port;
    if (ip->nxd_ip_version == NX_IP_VERSION_V4) {
        put_word(out->ip, ip->nxd_ip_address.v4);
        return;
    }
    for (i = 0; i < 4; i++)
        put_word(out->ip + 4 * i, ip->nxd_ip_address.v6[i]);
}

int duva__nx_wire_mapped(const NX_TCP_SOCKET *socket)
{
    struct duva__net_address from;
    struct duva__net_address to;

    destination(socket, &from);
    return duva__nx_map_find(&from, &to);
}

/* Moves what has arrived into the socket's queue, as far as its window and
 * the packets reach. Returns 0 if packets are short. */
static int pull(NX_TCP_SOCKET *s)
{
    UCHAR segment[DUVA_NX_MSS_V4];

    while (s->nx_tcp_socket_host_fd >= 0 && duva__nx_window(s) != 0) {
        ULONG limit = s->nx_tcp_socket_connect_mss;
        long n;

        if (limit > duva__nx_window(s))
            limit = duva__nx_window(s);
        n = duva__net_peek(s->nx_tcp_socket_host_fd, segment, limit);
        if (n == DUVA_NET_NONE)
            return 1;
        if (n == DUVA_NET_END || n == DUVA_NET_BROKEN) {
            (n == DUVA_NET_END ? duva__nx_peer_fin : duva__nx_peer_rst)(s);
            return 1;
        }
        if ((ULONG)n > duva__nx_packets(s))
            n = (long)duva__nx_packets(s);
        if (n == 0)
            return 0;
        /* Before deliver: it may call the application, which may close. */
        duva__net_skip(s->nx_tcp_socket_host_fd, (size_t)n);
        duva__nx_deliver(s, segment, (ULONG)n);
    }
    return 1;
}

static int may_arrive(const NX_TCP_SOCKET *s)
{
    return s->nx_tcp_socket_state == NX_TCP_ESTABLISHED
           || s->nx_tcp_socket_state == NX_TCP_FIN_WAIT_1;
}

/* Brings one socket up to date and says what to wait for. Returns 0 if it
 * wants to be looked at again soon. */
static int service(NX_TCP_SOCKET *s, struct duva__net_watch *watch)
{
    const void *senders = &s->nx_tcp_socket_bytes_sent;
    int fine = 1;
    int up;

    if (s->nx_tcp_socket_state == NX_TCP_SYN_SENT) {
        up = duva__net_connected(s->nx_tcp_socket_host_fd);
        if (up > 0)
            duva__nx_established(s);
        else if (up < 0)
            duva__nx_closed(s);
    }
    if (may_arrive(s))
        fine = pull(s);
    if (s->nx_tcp_socket_host_fd >= 0 && duva__nx_waiter(senders, NULL) != NULL
        && duva__net_writable(s->nx_tcp_socket_host_fd))
        duva__nx_wake_all(senders, NX_SUCCESS);
    watch->fd = s->nx_tcp_socket_host_fd;
    watch->in = may_arrive(s) && fine && duva__nx_window(s) != 0;
    watch->out = s->nx_tcp_socket_state == NX_TCP_SYN_SENT
                 || duva__nx_waiter(senders, NULL) != NULL;
    return fine;
}

static VOID run(ULONG unused)
{
    struct duva__net_watch watch[DUVA_NET_WATCHES];

    NX_PARAMETER_NOT_USED(unused);
    for (;;) {
        size_t count = 0;
        int soon = 0;
        size_t i;

        for (i = 0; i < DUVA_NET_WATCHES; i++) {
            if (wired[i] == NULL)
                continue;
            if (!service(wired[i], &watch[count]))
                soon = 1;
            /* One that waits for nothing is left out: a hang-up on it would
             * be reported over and over. */
            if (watch[count].fd >= 0 && (watch[count].in || watch[count].out))
                count++;
        }
        duva__nx_leave();
        duva__net_wait(watch, count, soon ? RETRY_MS : -1);
        duva__nx_enter();
    }
}

static int start(void)
{
    if (started)
        return 1;
    if (duva__net_start() != 0
        || _tx_thread_create(&wire, "host wire", run, 0, NULL, 0, 0, 0,
                             TX_NO_TIME_SLICE, TX_DONT_START)
               != TX_SUCCESS)
        return 0;
    duva__nx_service(&wire);
    started = 1;
    return _tx_thread_resume(&wire) == TX_SUCCESS;
}

UINT duva__nx_wire_open(NX_TCP_SOCKET *socket)
{
    struct duva__net_address target;
    struct duva__net_address to;
    size_t i = 0;

    while (i < DUVA_NET_WATCHES && wired[i] != NULL)
        i++;
    if (i == DUVA_NET_WATCHES || !start())
        return NX_NOT_CONNECTED;
    destination(socket, &target);
    if (!duva__nx_map_find(&target, &to))
        to = target;
    socket->nx_tcp_socket_host_fd = duva__net_connect(&to);
    if (socket->nx_tcp_socket_host_fd < 0)
        return NX_NOT_CONNECTED;
    socket->nx_tcp_socket_host_close = duva__nx_wire_close;
    wired[i] = socket;
    duva__net_wake();
    return NX_SUCCESS;
}

UINT duva__nx_wire_send(NX_TCP_SOCKET *socket, const UCHAR *data, ULONG size,
                        ULONG64 deadline, ULONG *sent)
{
    while (*sent < size) {
        UINT status = NX_SUCCESS;
        long n = DUVA_NET_BROKEN;

        if (socket->nx_tcp_socket_host_fd >= 0)
            n = duva__net_send(socket->nx_tcp_socket_host_fd, data + *sent,
                               size - *sent);
        if (n == DUVA_NET_BROKEN) {
            /* What came before the end is still the application's. */
            pull(socket);
            if (socket->nx_tcp_socket_host_fd >= 0)
                duva__nx_peer_rst(socket);
            return NX_NOT_CONNECTED;
        }
        if (n == DUVA_NET_NONE) {
            duva__net_wake();
            status = duva__nx_wait(&socket->nx_tcp_socket_bytes_sent, NULL,
                                   deadline, NX_WINDOW_OVERFLOW);
        }
        if (status != NX_SUCCESS)
            return status;
        *sent += (ULONG)n;
    }
    return NX_SUCCESS;
}

void duva__nx_wire_fin(NX_TCP_SOCKET *socket)
{
    if (socket->nx_tcp_socket_host_fd < 0)
        return;
    duva__net_finish(socket->nx_tcp_socket_host_fd);
    duva__net_wake();
}

void duva__nx_wire_close(NX_TCP_SOCKET *socket, int reset)
{
    size_t i;

    if (socket->nx_tcp_socket_host_fd < 0)
        return;
    duva__net_close(socket->nx_tcp_socket_host_fd, reset);
    socket->nx_tcp_socket_host_fd = -1;
    for (i = 0; i < DUVA_NET_WATCHES; i++) {
        if (wired[i] == socket)
            wired[i] = NULL;
    }
    /* The kernel ends the connection when nobody polls it any more. */
    duva__net_wake();
}
