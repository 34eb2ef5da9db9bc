/* net.c - the host's TCP sockets, non-blocking and free of surprises. */
/* SPDX-License-Identifier: MIT */

#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net.h"

/* A target keeps about twenty segments of unacknowledged data, so a peer
 * that does not read stops it after some 30 KB, not after megabytes. */
#define SEND_BUFFER (20 * 1460)

static int wake_pipe[2] = { -1, -1 };

int duva__net_parse(const char *text, size_t size,
                    struct duva__net_address *out)
{
    char name[INET6_ADDRSTRLEN];

    if (size >= sizeof name)
        return -1;
    memcpy(name, text, size);
    name[size] = '\0';
    memset(out->ip, 0, sizeof out->ip);
    if (inet_pton(AF_INET, name, out->ip) == 1)
        out->version = 4;
    else if (inet_pton(AF_INET6, name, out->ip) == 1)
        out->version = 6;
    else
        return -1;
    return 0;
}

static int non_blocking(int fd)
{
    return fcntl(fd, F_SETFL, O_NONBLOCK) == 0
           && fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

static socklen_t socket_address(const struct duva__net_address *from,
                                struct sockaddr_storage *to)
{
    struct sockaddr_in6 v6;
    struct sockaddr_in v4;

    memset(to, 0, sizeof *to);
    if (from->version == 6) {
        memset(&v6, 0, sizeof v6);
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons((unsigned short)from->port);
        memcpy(&v6.sin6_addr, from->ip, 16);
        memcpy(to, &v6, sizeof v6);
        return (socklen_t)sizeof v6;
    }
    memset(&v4, 0, sizeof v4);
    v4.sin_family = AF_INET;
    v4.sin_port = htons((unsigned short)from->port);
    memcpy(&v4.sin_addr, from->ip, 4);
    memcpy(to, &v4, sizeof v4);
    return (socklen_t)sizeof v4;
}

int duva__net_connect(const struct duva__net_address *to)
{
    const int buffer = SEND_BUFFER;
    const int on = 1;
    struct sockaddr_storage address;
    const socklen_t size = socket_address(to, &address);
    int fd = socket(address.ss_family, SOCK_STREAM, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    if (non_blocking(fd)
        && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0
        && (connect(fd, (struct sockaddr *)&address, size) == 0
            || errno == EINPROGRESS || errno == EINTR))
        return fd;
    close(fd);
    return -1;
}

static int ready(int fd, short events)
{
    struct pollfd p;

    p.fd = fd;
    p.events = events;
    p.revents = 0;
    return poll(&p, 1, 0) == 1;
}

int duva__net_writable(int fd)
{
    return ready(fd, POLLOUT);
}

int duva__net_connected(int fd)
{
    socklen_t size = sizeof(int);
    int failure = 0;

    if (!ready(fd, POLLOUT))
        return 0;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failure, &size) != 0)
        return -1;
    return failure == 0 ? 1 : -1;
}

long duva__net_peek(int fd, void *buffer, size_t size)
{
    ssize_t n;

    do {
        n = recv(fd, buffer, size, MSG_PEEK);
    } while (n < 0 && errno == EINTR);
    if (n > 0)
        return (long)n;
    if (n == 0)
        return DUVA_NET_END;
    return errno == EAGAIN || errno == EWOULDBLOCK ? DUVA_NET_NONE
                                                   : DUVA_NET_BROKEN;
}

void duva__net_skip(int fd, size_t size)
{
    char buffer[2048];

    while (size > 0) {
        const size_t want = size < sizeof buffer ? size : sizeof buffer;
        const ssize_t n = recv(fd, buffer, want, 0);

        if (n > 0)
            size -= (size_t)n;
        else if (n == 0 || errno != EINTR)
            return;
    }
}

long duva__net_send(int fd, const void *data, size_t size)
{
    ssize_t n;

    do {
        n = send(fd, data, size, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n >= 0)
        return (long)n;
    return errno == EAGAIN || errno == EWOULDBLOCK ? DUVA_NET_NONE
                                                   : DUVA_NET_BROKEN;
}

void duva__net_finish(int fd)
{
    shutdown(fd, SHUT_WR);
}

void duva__net_close(int fd, int reset)
{
    struct linger cut;

    if (reset) {
        cut.l_onoff = 1;
        cut.l_linger = 0;
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &cut, sizeof cut);
    }
    close(fd);
}

int duva__net_start(void)
{
    if (pipe(wake_pipe) != 0)
        return -1;
    return non_blocking(wake_pipe[0]) && non_blocking(wake_pipe[1]) ? 0 : -1;
}

void duva__net_wake(void)
{
    /* A full pipe is a pending wake; nothing is lost. */
    if (write(wake_pipe[1], "", 1) < 0)
        return;
}

void duva__net_wait(const struct duva__net_watch *watch, size_t count,
                    int milliseconds)
{
    struct pollfd p[DUVA_NET_WATCHES + 1];
    char drain[64];
    size_t i;

    p[0].fd = wake_pipe[0];
    p[0].events = POLLIN;
    for (i = 0; i < count; i++) {
        p[i + 1].fd = watch[i].fd;
        p[i + 1].events = (short)((watch[i].in ? POLLIN : 0)
                                  | (watch[i].out ? POLLOUT : 0));
    }
    poll(p, (nfds_t)(count + 1), milliseconds);
    while (read(wake_pipe[0], drain, sizeof drain) > 0)
        continue;
}
