/* duva_sockets.c - turns a socket into a duva_link. */
/* SPDX-License-Identifier: MIT */
#include "duva_sockets.h"

/* ---- the link ---- */

/* n is what a call has returned: -code.  Returns the error, or 0: not now. */
static int failed(duva_link *link, int n)
{
    const int kind = duva_socket_kind(-n);

    if (kind != DUVA_OK)
        link->cause = -n;
    return kind;
}

static int read_some(duva_link *link, void *buf, size_t len)
{
    const DUVA_SOCKET s = ((duva_sockets *)link)->socket;
    int               n;

    if (len == 0)              /* recv() would answer as at the end */
        return 0;
    if (s == DUVA_SOCKET_NONE)
        return DUVA_ERR_IO;
    n = duva_socket_recv(s, buf, len < 0x7FFF ? len : 0x7FFF);
    if (n > 0)
        return n;
    return n == 0 ? DUVA_ERR_CLOSED : failed(link, n);
}

static int write_some(duva_link *link, const void *buf, size_t len)
{
    const DUVA_SOCKET s = ((duva_sockets *)link)->socket;
    int               n;

    if (s == DUVA_SOCKET_NONE)
        return DUVA_ERR_IO;
    n = duva_socket_send(s, buf, len < 0x7FFF ? len : 0x7FFF);
    return n >= 0 ? n : failed(link, n);
}

/* A wait that ends early goes on. */
static int wait_for(duva_link *link, unsigned can, uint32_t ms)
{
    const DUVA_SOCKET s = ((duva_sockets *)link)->socket;
    const uint32_t    start = duva_socket_ms();
    uint32_t          gone = 0;
    int               n, err;

    if (s == DUVA_SOCKET_NONE)
        return DUVA_ERR_IO;
    do {
        n = duva_socket_wait(s, can, ms - gone);
        if (n > 0)
            return n;
        err = n < 0 ? failed(link, n) : DUVA_OK;
        if (err != DUVA_OK)
            return err;
        gone = duva_socket_ms() - start;
    } while (gone < ms);
    return 0;
}

static void close_it(duva_link *link)
{
    duva_sockets *l = (duva_sockets *)link;

    if (l->socket != DUVA_SOCKET_NONE)
        duva_socket_close(l->socket);
    l->socket = DUVA_SOCKET_NONE;
}

void duva_sockets_adopt(duva_sockets *l, DUVA_SOCKET socket)
{
    static const duva_link_ops ops = { read_some, write_some, wait_for,
                                       close_it };

    l->link.ops = &ops;
    l->link.cause = 0;
    l->socket = socket;
}

/* ---- connecting ---- */

/* Returns DUVA_OK, or why not. */
static int attempt(duva_sockets *l, const DUVA_SOCKET_ADDRESS *address,
                   uint32_t ms)
{
    int n = duva_socket_open(address, &l->socket);

    if (n == 0)
        n = duva_socket_connect(l->socket, address);
    if (n == 0) {
        n = wait_for(&l->link, DUVA_CAN_WRITE, ms);
        if (n == 0)
            return DUVA_ERR_TIMEOUT;
        if (n < 0)
            return n;
        n = duva_socket_connected(l->socket);
    }
    if (n == 0)
        return DUVA_OK;
    l->link.cause = -n;
    return duva_socket_kind(-n) == DUVA_ERR_RESOURCES ? DUVA_ERR_RESOURCES
                                                      : DUVA_ERR_CONNECT;
}

/* The next address of IPv6, or of another family. */
static const DUVA_SOCKET_ADDRESS *find(const DUVA_SOCKET_ADDRESS *at, int ipv6)
{
    while (at != NULL && (at->ai_family == DUVA_SOCKET_IPV6) != ipv6)
        at = at->ai_next;
    return at;
}

static const DUVA_SOCKET_ADDRESS *next(const DUVA_SOCKET_ADDRESS *list,
                                       const DUVA_SOCKET_ADDRESS *at)
{
    const int                  ipv6 = at->ai_family == DUVA_SOCKET_IPV6;
    const DUVA_SOCKET_ADDRESS *found = find(at->ai_next, ipv6);

    return found == NULL && ipv6 ? find(list, 0) : found;
}

static int attempt_all(duva_sockets *l, const DUVA_SOCKET_ADDRESS *list,
                       uint32_t start, uint32_t ms)
{
    const DUVA_SOCKET_ADDRESS *at = find(list, 1), *then;
    int                        err = DUVA_ERR_CONNECT;
    uint32_t                   gone, left;

    for (at = at != NULL ? at : list; at != NULL; at = then) {
        then = next(list, at);
        gone = duva_socket_ms() - start;
        if (gone >= ms)
            return DUVA_ERR_TIMEOUT;
        left = ms - gone;
        if (then != NULL && left > DUVA_SOCKETS_ATTEMPT_MS)
            left = DUVA_SOCKETS_ATTEMPT_MS;
        err = attempt(l, at, left);
        if (err == DUVA_OK)
            return DUVA_OK;
        close_it(&l->link);
        if (err == DUVA_ERR_RESOURCES)
            return err;
    }
    return err;
}

int duva_sockets_open(duva_sockets *l, const char *host, uint16_t port,
                      uint32_t ms)
{
    const uint32_t       start = duva_socket_ms();
    DUVA_SOCKET_ADDRESS *list = NULL;
    int                  n;

    duva_sockets_adopt(l, DUVA_SOCKET_NONE);
    n = duva_socket_resolve(host, port, &list);
    if (n != 0) {
        l->link.cause = n;
        return DUVA_ERR_RESOLVE;
    }
    n = attempt_all(l, list, start, ms);
    duva_socket_free(list);
    return n;
}
