/* sockets_posix.h - the sockets of POSIX, for duva_sockets.h. */
/* SPDX-License-Identifier: MIT */
/* On a host port/posix does more.  This is the model for other systems, and
 * what the tests use.  It needs _POSIX_C_SOURCE 200809L. */
#ifndef DUVA_SOCKETS_POSIX_H
#define DUVA_SOCKETS_POSIX_H

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DUVA_SOCKET_CALL(name)        name
#define DUVA_SOCKET_ADDRESS           struct addrinfo
#define DUVA_SOCKET_IN_PROGRESS(code) ((code) == EINPROGRESS || (code) == EINTR)
#define DUVA_SOCKET_SET_UP(s) \
    (fcntl(s, F_SETFL, O_NONBLOCK) < 0 ? -1 : fcntl(s, F_SETFD, FD_CLOEXEC))
#define duva_socket_close(s)          ((void)close(s))

#include "sockets_bsd.h"

#define duva_socket_send(s, data, len) \
    duva_socket_code((int)send(s, data, len, MSG_NOSIGNAL))
#define duva_socket_recv(s, buf, len) \
    duva_socket_code((int)recv(s, buf, len, 0))

static inline int duva_socket_kind(int code)
{
    switch (code) {
    case EAGAIN: case EINTR:
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
        return DUVA_OK;
    case ECONNRESET: case EPIPE:
        return DUVA_ERR_CLOSED;
    case ENOMEM: case ENOBUFS: case EMFILE: case ENFILE:
        return DUVA_ERR_RESOURCES;
    default:
        return DUVA_ERR_IO;
    }
}

static inline uint32_t duva_socket_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)t.tv_sec * 1000u + (uint32_t)(t.tv_nsec / 1000000);
}

#endif
