/* sockets_bsd.h - what the headers of BSD-like sockets have in common. */
/* SPDX-License-Identifier: MIT */
/* Included by one of them, which says how its system differs:
 *
 *   DUVA_SOCKET_CALL(name)   the call whose name in POSIX is name
 *   DUVA_SOCKET_ADDRESS      as duva_sockets.h says
 *   duva_socket_close(s)     likewise
 *
 * and, where they are not those of POSIX, what the #ifndef below define. */
#ifndef DUVA_SOCKETS_BSD_H
#define DUVA_SOCKETS_BSD_H

#include <stdio.h>
#include <string.h>

/* The code of the last call that failed. */
#ifndef DUVA_SOCKET_ERRNO
#define DUVA_SOCKET_ERRNO errno
#endif

/* The type of the length of an address and of an option. */
#ifndef DUVA_SOCKET_LEN
#define DUVA_SOCKET_LEN socklen_t
#endif

/* Does the code of connect() say that it goes on? */
#ifndef DUVA_SOCKET_IN_PROGRESS
#define DUVA_SOCKET_IN_PROGRESS(code) ((code) == EINPROGRESS)
#endif

/* Makes a new socket non-blocking: < 0 when it cannot. */
#ifndef DUVA_SOCKET_SET_UP
#define DUVA_SOCKET_SET_UP(s) DUVA_SOCKET_CALL(fcntl)(s, F_SETFL, O_NONBLOCK)
#endif

#ifndef DUVA_SOCKET_POLLFD
#define DUVA_SOCKET_POLLFD struct pollfd
#endif
#ifndef DUVA_SOCKET_POLLIN
#define DUVA_SOCKET_POLLIN  POLLIN
#define DUVA_SOCKET_POLLOUT POLLOUT
#endif

#define DUVA_SOCKET      int
#define DUVA_SOCKET_NONE (-1)
#define DUVA_SOCKET_IPV6 AF_INET6

static inline int duva_socket_code(int n)
{
    return n < 0 ? -DUVA_SOCKET_ERRNO : n;
}

static inline int duva_socket_resolve(const char *host, unsigned port,
                                      DUVA_SOCKET_ADDRESS **list)
{
    DUVA_SOCKET_ADDRESS hints;
    char text[8];

    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    snprintf(text, sizeof text, "%u", port);
    return DUVA_SOCKET_CALL(getaddrinfo)(host, text, &hints, list);
}

#define duva_socket_free(list) DUVA_SOCKET_CALL(freeaddrinfo)(list)

static inline int duva_socket_open(const DUVA_SOCKET_ADDRESS *a, int *s)
{
    int on = 1, code;

    *s = DUVA_SOCKET_CALL(socket)(a->ai_family, SOCK_STREAM, IPPROTO_TCP);
    if (*s < 0)
        return -DUVA_SOCKET_ERRNO;
    if (DUVA_SOCKET_SET_UP(*s) < 0) {
        code = DUVA_SOCKET_ERRNO;
        duva_socket_close(*s);
        *s = DUVA_SOCKET_NONE;
        return -code;
    }
    /* Nagle's algorithm would only cost time; without this it still works. */
    (void)DUVA_SOCKET_CALL(setsockopt)(*s, IPPROTO_TCP, TCP_NODELAY, &on,
                                       sizeof on);
    return 0;
}

static inline int duva_socket_connect(int s, const DUVA_SOCKET_ADDRESS *a)
{
    int code;

    if (DUVA_SOCKET_CALL(connect)(s, a->ai_addr,
                                  (DUVA_SOCKET_LEN)a->ai_addrlen) == 0)
        return 0;
    code = DUVA_SOCKET_ERRNO;
    return DUVA_SOCKET_IN_PROGRESS(code) ? 0 : -code;
}

static inline int duva_socket_connected(int s)
{
    int             code = 0;
    DUVA_SOCKET_LEN len = sizeof code;

    if (DUVA_SOCKET_CALL(getsockopt)(s, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
        return -DUVA_SOCKET_ERRNO;
    return -code;
}

/* After an error or a hang-up there is something to read. */
static inline int duva_socket_wait(int s, unsigned can, uint32_t ms)
{
    DUVA_SOCKET_POLLFD p = { s, 0, 0 };
    int n;

    if (can & DUVA_CAN_READ)
        p.events |= DUVA_SOCKET_POLLIN;
    if (can & DUVA_CAN_WRITE)
        p.events |= DUVA_SOCKET_POLLOUT;
    n = DUVA_SOCKET_CALL(poll)(&p, 1, ms < 0x7FFFFFFF ? (int)ms : 0x7FFFFFFF);
    if (n <= 0)
        return duva_socket_code(n);
    return (p.revents & ~DUVA_SOCKET_POLLOUT ? DUVA_CAN_READ : 0)
           | (p.revents & DUVA_SOCKET_POLLOUT ? DUVA_CAN_WRITE : 0);
}

#endif
