/* tcp_server.c - listening and accepting between IP instances in a process. */
/* SPDX-License-Identifier: MIT */

#include "connection.h"
#include "ip.h"
#include "scheduler.h"
#include "tcp_server.h"

static ULONG64 requests;

static struct duva_nx_listen *listener(NX_IP *ip, UINT port)
{
    UINT i;

    for (i = 0; i < NX_MAX_LISTEN_REQUESTS; i++) {
        if (ip->nx_ip_host_listen[i].port == port)
            return &ip->nx_ip_host_listen[i];
    }
    return NULL;
}

static void establish(NX_TCP_SOCKET *server)
{
    duva__nx_established(server);
    duva__nx_established(server->nx_tcp_socket_host_peer);
}

/* Gives a client's request to the listening socket. If that is in accept
 * already, the connection stands; otherwise it does when it accepts. */
static void attach(struct duva_nx_listen *entry, NX_TCP_SOCKET *client)
{
    NX_TCP_SOCKET *s = entry->socket;

    entry->socket = NULL;
    s->nx_tcp_socket_bound_next = s;
    s->nx_tcp_socket_host_peer = client;
    client->nx_tcp_socket_host_peer = s;
    duva__nx_route(client->nx_tcp_socket_ip_ptr,
                   &client->nx_tcp_socket_connect_ip,
                   &s->nx_tcp_socket_connect_ip);
    s->nx_tcp_socket_connect_port = client->nx_tcp_socket_port;
    if (entry->callback != NULL)
        entry->callback(s, entry->port);
    if (s->nx_tcp_socket_state == NX_TCP_SYN_RECEIVED
        && s->nx_tcp_socket_host_peer != NULL)
        establish(s);
}

/* The oldest request for this port that no socket has taken. */
static NX_TCP_SOCKET *oldest_request(const NX_IP *server, UINT port)
{
    NX_TCP_SOCKET *oldest = NULL;
    NX_TCP_SOCKET *s;
    const NX_IP *ip;

    for (ip = duva__nx_ip_first(); ip != NULL; ip = ip->nx_ip_created_next) {
        s = ip->nx_ip_tcp_created_sockets_ptr;
        for (; s != NULL; s = s->nx_tcp_socket_created_next) {
            if (s->nx_tcp_socket_state == NX_TCP_SYN_SENT
                && s->nx_tcp_socket_host_direct
                && s->nx_tcp_socket_host_peer == NULL
                && s->nx_tcp_socket_connect_port == port
                && duva__nx_owner(&s->nx_tcp_socket_connect_ip) == server
                && (oldest == NULL
                    || s->nx_tcp_socket_host_order
                           < oldest->nx_tcp_socket_host_order))
                oldest = s;
        }
    }
    return oldest;
}

UINT duva__nx_connect_inside(NX_TCP_SOCKET *client, NX_IP *server)
{
    struct duva_nx_listen *entry
        = listener(server, client->nx_tcp_socket_connect_port);

    if (entry == NULL)
        return NX_NOT_CONNECTED;
    client->nx_tcp_socket_host_direct = NX_TRUE;
    client->nx_tcp_socket_host_order = ++requests;
    /* Without a socket the request stays in the queue: the client waits. */
    if (entry->socket != NULL)
        attach(entry, client);
    return NX_SUCCESS;
}

UINT _nx_tcp_server_socket_listen(
    NX_IP *ip_ptr, UINT port, NX_TCP_SOCKET *socket_ptr, UINT listen_queue_size,
    VOID (*tcp_listen_callback)(NX_TCP_SOCKET *, UINT port))
{
    struct duva_nx_listen *entry;

    /* A request that overflows a target's queue is dropped and comes again;
     * here it waits, which is the same to both ends. */
    NX_PARAMETER_NOT_USED(listen_queue_size);
    if (socket_ptr->nx_tcp_socket_state != NX_TCP_CLOSED)
        return NX_NOT_CLOSED;
    if (socket_ptr->nx_tcp_socket_bound_next != NX_NULL)
        return NX_ALREADY_BOUND;
    if (listener(ip_ptr, port) != NULL)
        return NX_DUPLICATE_LISTEN;
    entry = listener(ip_ptr, 0);
    if (entry == NULL)
        return NX_MAX_LISTEN;
    entry->port = port;
    entry->socket = socket_ptr;
    entry->callback = tcp_listen_callback;
    socket_ptr->nx_tcp_socket_client_type = NX_FALSE;
    socket_ptr->nx_tcp_socket_port = port;
    duva__nx_state(socket_ptr, NX_TCP_LISTEN_STATE);
    return NX_SUCCESS;
}

UINT _nx_tcp_server_socket_accept(NX_TCP_SOCKET *socket_ptr, ULONG wait_option)
{
    const ULONG64 deadline = duva__nx_deadline(wait_option);
    NX_TCP_SOCKET *s = socket_ptr;
    UINT status = NX_SUCCESS;

    if (s->nx_tcp_socket_state == NX_TCP_ESTABLISHED)
        return NX_SUCCESS;
    if (s->nx_tcp_socket_state != NX_TCP_LISTEN_STATE
        && s->nx_tcp_socket_state != NX_TCP_SYN_RECEIVED)
        return NX_NOT_LISTEN_STATE;
    if (s->nx_tcp_socket_bound_next != NX_NULL) {
        /* The client that asked has given up. */
        if (s->nx_tcp_socket_host_peer == NX_NULL)
            return NX_NOT_CONNECTED;
        establish(s);
    } else if (s->nx_tcp_socket_state == NX_TCP_LISTEN_STATE) {
        duva__nx_state(s, NX_TCP_SYN_RECEIVED);
    }
    if (deadline == 0)
        return NX_IN_PROGRESS;
    while (status == NX_SUCCESS
           && s->nx_tcp_socket_state == NX_TCP_SYN_RECEIVED)
        status = duva__nx_wait(&s->nx_tcp_socket_state, NULL, deadline,
                               NX_NOT_CONNECTED);
    if (s->nx_tcp_socket_state == NX_TCP_SYN_RECEIVED)
        duva__nx_state(s, NX_TCP_LISTEN_STATE);
    if (status != NX_SUCCESS)
        return status;
    duva__nx_resched();
    /* A client may have come and gone again before this thread ran. */
    return s->nx_tcp_socket_state == NX_TCP_ESTABLISHED
                   || s->nx_tcp_socket_state == NX_TCP_CLOSE_WAIT
               ? NX_SUCCESS
               : NX_NOT_CONNECTED;
}

UINT _nx_tcp_server_socket_unaccept(NX_TCP_SOCKET *socket_ptr)
{
    NX_TCP_SOCKET *s = socket_ptr;
    UINT i;

    if (s->nx_tcp_socket_state >= NX_TCP_CLOSE_WAIT)
        duva__nx_closed(s);
    if (s->nx_tcp_socket_state != NX_TCP_LISTEN_STATE)
        return NX_NOT_LISTEN_STATE;
    duva__nx_closed(s);
    for (i = 0; i < NX_MAX_LISTEN_REQUESTS; i++) {
        if (s->nx_tcp_socket_ip_ptr->nx_ip_host_listen[i].socket == s)
            s->nx_tcp_socket_ip_ptr->nx_ip_host_listen[i].socket = NULL;
    }
    duva__nx_flush(s);
    s->nx_tcp_socket_bound_next = NX_NULL;
    s->nx_tcp_socket_client_type = NX_TRUE;
    duva__nx_state(s, NX_TCP_CLOSED);
    duva__nx_wake_all(s->nx_tcp_socket_ip_ptr, NX_SUCCESS);
    duva__nx_resched();
    return NX_SUCCESS;
}

UINT _nx_tcp_server_socket_relisten(NX_IP *ip_ptr, UINT port,
                                    NX_TCP_SOCKET *socket_ptr)
{
    struct duva_nx_listen *entry = listener(ip_ptr, port);
    NX_TCP_SOCKET *client;

    if (socket_ptr->nx_tcp_socket_state != NX_TCP_CLOSED)
        return NX_NOT_CLOSED;
    if (socket_ptr->nx_tcp_socket_bound_next != NX_NULL)
        return NX_ALREADY_BOUND;
    if (entry == NULL || entry->socket != NULL)
        return NX_INVALID_RELISTEN;
    entry->socket = socket_ptr;
    socket_ptr->nx_tcp_socket_client_type = NX_FALSE;
    socket_ptr->nx_tcp_socket_port = port;
    duva__nx_state(socket_ptr, NX_TCP_LISTEN_STATE);
    client = oldest_request(ip_ptr, port);
    if (client == NULL)
        return NX_SUCCESS;
    attach(entry, client);
    return NX_CONNECTION_PENDING;
}

UINT _nx_tcp_server_socket_unlisten(NX_IP *ip_ptr, UINT port)
{
    struct duva_nx_listen *entry = listener(ip_ptr, port);

    if (entry == NULL)
        return NX_ENTRY_NOT_FOUND;
    if (entry->socket != NULL) {
        if (entry->socket->nx_tcp_socket_state != NX_TCP_LISTEN_STATE)
            return NX_NOT_LISTEN_STATE;
        duva__nx_state(entry->socket, NX_TCP_CLOSED);
    }
    memset(entry, 0, sizeof *entry);
    return NX_SUCCESS;
}
