/* connect.c - turns a host name into a connected socket (RFC 8305). */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../race.h"
#include "connect.h"
#include "posix.h"

#ifndef SOCK_CLOEXEC           /* duva__posix_prepare() then does it alone */
#define SOCK_CLOEXEC 0
#endif

struct race {
    struct duva__order order;
    struct pollfd lane[DUVA__ATTEMPTS]; /* the oldest attempt first */
    int           lanes;
    int64_t       due;         /* when another attempt may begin */
    int           cause;       /* the errno of the last one that failed */
};

static void leave(struct race *r, int i)
{
    r->lanes--;
    memmove(&r->lane[i], &r->lane[i + 1],
            (size_t)(r->lanes - i) * sizeof r->lane[0]);
}

static void give_up(struct race *r, int i)
{
    close(r->lane[i].fd);
    leave(r, i);
}

/* A shortage of memory or descriptors hides the failure of an address. */
static void note(struct race *r, int cause)
{
    if (!duva__is_short(r->cause))
        r->cause = cause;
}

/* A socket on its way to ai, or -1 with the errno noted. */
static int set_off(struct race *r, const struct addrinfo *ai)
{
    int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    int cause;

    if (fd < 0) {
        note(r, errno);
        return -1;
    }
    cause = duva__posix_prepare(fd);
    if (cause == 0 && connect(fd, ai->ai_addr, ai->ai_addrlen) < 0)
        cause = errno;
    /* Interrupted, it goes on by itself like any other (POSIX). */
    if (cause == 0 || cause == EINPROGRESS || cause == EINTR)
        return fd;
    note(r, cause);
    close(fd);
    return -1;
}

/* Begins what is due.  Returns 0 when there is nothing left to begin. */
static int begin(struct race *r)
{
    while (duva__posix_now() >= r->due) {
        const struct addrinfo *ai = duva__order_take(&r->order);
        struct pollfd p = { -1, POLLOUT, 0 };

        if (ai == NULL)
            return 0;
        p.fd = set_off(r, ai);
        if (p.fd < 0)
            continue;
        if (r->lanes == DUVA__ATTEMPTS) /* the oldest had seconds */
            give_up(r, 0);
        r->lane[r->lanes++] = p;
        r->due = duva__posix_now() + DUVA__STAGGER_MS;
    }
    return 1;
}

/* The socket that is connected, or -1. */
static int look(struct race *r)
{
    int i = 0;

    while (i < r->lanes) {
        int fd = r->lane[i].fd;
        int code = 0;
        socklen_t len = sizeof code;

        if (r->lane[i].revents == 0) {
            i++;
            continue;
        }
        if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
            code = errno;
        if (code == 0) {
            leave(r, i);
            return fd;
        }
        note(r, code);
        r->due = duva__posix_now();
        give_up(r, i);
    }
    return -1;
}

static int race(struct race *r, int64_t end, int *fd)
{
    do {
        int more = begin(r);
        int n;

        if (r->lanes == 0)
            return DUVA_ERR_CONNECT;
        n = poll(r->lane, (nfds_t)r->lanes,
                 duva__posix_left(more && r->due < end ? r->due : end));
        if (n < 0 && errno != EINTR) {
            note(r, errno);
            return DUVA_ERR_CONNECT;
        }
        *fd = n > 0 ? look(r) : -1;
        if (*fd >= 0)
            return DUVA_OK;
    } while (duva__posix_now() < end);
    r->cause = ETIMEDOUT;
    return DUVA_ERR_TIMEOUT;
}

int duva__posix_connect(duva_posix *l, const struct addrinfo *list,
                        int64_t end)
{
    struct race r;
    int err;

    memset(&r, 0, sizeof r);
    duva__order_init(&r.order, list, list);
    err = race(&r, end, &l->fd);
    while (r.lanes > 0)
        give_up(&r, 0);
    l->link.cause = err != DUVA_OK ? r.cause : 0;
    return err == DUVA_ERR_CONNECT && duva__is_short(r.cause)
               ? DUVA_ERR_RESOURCES
               : err;
}

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* A resolver without descriptors reports a name that does not exist; errno has
 * the reason. */
static int unresolved(duva_posix *l, int code, int cause)
{
    if (code == EAI_MEMORY)
        cause = ENOMEM;
    if (duva__is_short(cause)) {
        l->link.cause = cause;
        return DUVA_ERR_RESOURCES;
    }
    l->link.cause = code;
    return DUVA_ERR_RESOLVE;
}

int duva_posix_open(duva_posix *l, const char *host, const char *port,
                    uint32_t ms)
{
    int64_t end = duva__posix_now() + ms;
    struct addrinfo hints, *list;
    int code, cause;

    duva__posix_init(l);
    if (host == NULL || port == NULL)
        return DUVA_ERR_ARG;
    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_protocol = IPPROTO_TCP;
    if (!duva__is_port(port))
        return unresolved(l, EAI_SERVICE, 0);
    l->resolve_us = -now_us();
    do {
        errno = 0;
        code = getaddrinfo(host, port, &hints, &list);
        cause = errno;
    } while (code == EAI_SYSTEM && cause == EINTR && duva__posix_now() < end);
    l->resolve_us += now_us();
    if (code != 0)
        return unresolved(l, code, cause);
    code = duva__posix_connect(l, list, end);
    freeaddrinfo(list);
    return code;
}
