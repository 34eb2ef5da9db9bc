/* posix.c - turns a connected socket into a link. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "posix.h"

#ifndef MSG_NOSIGNAL           /* then there is SO_NOSIGPIPE */
#define MSG_NOSIGNAL 0
#endif

int64_t duva__posix_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int duva__posix_left(int64_t end)
{
    int64_t left = end - duva__posix_now();

    if (left < 0)
        return 0;
    return left < INT_MAX ? (int)left : INT_MAX;
}

int duva__posix_prepare(int fd)
{
    int on = 1;
    int flags = fcntl(fd, F_GETFL);

    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
        return errno;
    flags = fcntl(fd, F_GETFD);
    if (flags < 0 || fcntl(fd, F_SETFD, flags | FD_CLOEXEC) < 0)
        return errno;
#ifdef SO_NOSIGPIPE
    if (setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on) < 0)
        return errno;
#endif
    /* A Unix socket has no TCP_NODELAY. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return 0;
}

int duva__posix_failed(duva_link *link, int code)
{
    link->cause = code;
    if (code == ECONNRESET || code == EPIPE)
        return DUVA_ERR_CLOSED;
    return duva__is_short(code) ? DUVA_ERR_RESOURCES : DUVA_ERR_IO;
}

int duva__posix_is_over(duva_link *link)
{
    const duva_posix *l = (const duva_posix *)link;

    if (l->deadline == 0 || duva__posix_now() < l->deadline)
        return 0;
    link->cause = ETIMEDOUT;
    return 1;
}

static int is_not_now(int code)
{
    return code == EAGAIN || code == EWOULDBLOCK;
}

/* A server with Nagle's algorithm that writes each reply by itself keeps the
 * next back until this one is acknowledged, which may take the kernel 40 ms.
 * The option does not last. */
static void acknowledge(int fd)
{
#ifdef TCP_QUICKACK
    int on = 1;

    /* A Unix socket has no TCP_QUICKACK. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#else
    (void)fd;
#endif
}

static int read_some(duva_link *link, void *buf, size_t len)
{
    ssize_t n;

    if (duva__posix_is_over(link))
        return DUVA_ERR_TIMEOUT;
    if (len == 0)              /* recv() would answer as at the end */
        return 0;
    do
        n = recv(((duva_posix *)link)->fd, buf, len < INT_MAX ? len : INT_MAX,
                 0);
    while (n < 0 && errno == EINTR);
    if (n > 0) {
        acknowledge(((duva_posix *)link)->fd);
        return (int)n;
    }
    if (n == 0)
        return DUVA_ERR_CLOSED;
    return is_not_now(errno) ? 0 : duva__posix_failed(link, errno);
}

static int write_some(duva_link *link, const void *buf, size_t len)
{
    ssize_t n;

    if (duva__posix_is_over(link))
        return DUVA_ERR_TIMEOUT;
    do
        n = send(((duva_posix *)link)->fd, buf, len < INT_MAX ? len : INT_MAX,
                 MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return (int)n;
    return is_not_now(errno) ? 0 : duva__posix_failed(link, errno);
}

/* After an error or a hang-up there is something to read: the last words of
 * the server, then what happened. */
static int can_now(short events)
{
    int can = 0;

    if (events & (POLLIN | POLLERR | POLLHUP | POLLNVAL))
        can |= DUVA_CAN_READ;
    if (events & POLLOUT)
        can |= DUVA_CAN_WRITE;
    return can;
}

static int wait_for(duva_link *link, unsigned can, uint32_t ms)
{
    const duva_posix *l = (const duva_posix *)link;
    int64_t end = duva__posix_now() + ms;
    struct pollfd p = { l->fd, 0, 0 };
    int n;

    if (l->fd < 0)             /* poll() would sleep over it */
        return duva__posix_failed(link, EBADF);
    if (l->deadline != 0 && l->deadline < end)
        end = l->deadline;
    if (can & DUVA_CAN_READ)
        p.events |= POLLIN;
    if (can & DUVA_CAN_WRITE)
        p.events |= POLLOUT;
    do {
        n = poll(&p, 1, duva__posix_left(end));
        if (n < 0 && errno != EINTR)
            return duva__posix_failed(link, errno);
    } while (n <= 0 && duva__posix_now() < end);
    if (duva__posix_is_over(link))
        return DUVA_ERR_TIMEOUT;
    return n > 0 ? can_now(p.revents) : 0;
}

static void close_it(duva_link *link)
{
    duva_posix *l = (duva_posix *)link;

    if (l->fd >= 0)
        close(l->fd);          /* not again after EINTR: it may be reused */
    l->fd = -1;
}

static const duva_link_ops posix_ops = {
    read_some, write_some, wait_for, close_it
};

void duva__posix_init(duva_posix *l)
{
    l->link.ops = &posix_ops;
    l->link.cause = 0;
    l->fd = -1;
    l->deadline = 0;
    l->resolve_us = 0;
}

int duva_posix_adopt(duva_posix *l, int fd)
{
    int type;
    socklen_t len = sizeof type;
    int code;

    duva__posix_init(l);
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) < 0)
        return duva__posix_failed(&l->link, errno);
    if (type != SOCK_STREAM)
        return duva__posix_failed(&l->link, EPROTOTYPE);
    code = duva__posix_prepare(fd);
    if (code != 0)
        return duva__posix_failed(&l->link, code);
    l->fd = fd;
    return DUVA_OK;
}

void duva_posix_deadline(duva_posix *l, uint32_t ms)
{
    l->deadline = ms != 0 ? duva__posix_now() + ms : 0;
}
