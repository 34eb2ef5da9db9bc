/* address.c - turns a socket's addresses into text. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "posix.h"

struct endpoint {
    int           family;      /* AF_INET, AF_INET6, or 0: neither */
    unsigned      port;
    unsigned char addr[16];
};

typedef int which_fn(int fd, struct sockaddr *addr, socklen_t *len);

/* which: getpeername() or getsockname(). */
static struct endpoint look_up(const duva_posix *l, which_fn *which)
{
    static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
    struct endpoint e = { 0, 0, { 0 } };
    union {
        struct sockaddr     any;
        struct sockaddr_in  in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage room;
    } u;
    socklen_t len = sizeof u;

    if (which(l->fd, &u.any, &len) < 0)
        return e;
    if (u.any.sa_family == AF_INET) {
        e.family = AF_INET;
        e.port = ntohs(u.in.sin_port);
        memcpy(e.addr, &u.in.sin_addr, 4);
    } else if (u.any.sa_family == AF_INET6) {
        e.family = AF_INET6;
        e.port = ntohs(u.in6.sin6_port);
        memcpy(e.addr, &u.in6.sin6_addr, 16);
        /* An adopted socket may speak IPv4 behind an IPv6 face. */
        if (memcmp(e.addr, mapped, sizeof mapped) == 0) {
            e.family = AF_INET;
            memmove(e.addr, e.addr + sizeof mapped, 4);
        }
    }
    return e;
}

static int give(char *buf, size_t len, const char *text)
{
    size_t need = strlen(text) + 1;

    if (need > len) {
        if (len > 0)
            buf[0] = '\0';
        return DUVA_ERR_SPACE;
    }
    memcpy(buf, text, need);
    return DUVA_OK;
}

int duva_posix_peer(const duva_posix *l, char *buf, size_t len)
{
    struct endpoint e = look_up(l, getpeername);
    char addr[INET6_ADDRSTRLEN] = "", text[sizeof addr + sizeof "[]:65535"];
    int v6 = e.family == AF_INET6;

    if (e.family == 0) {
        give(buf, len, "");
        return DUVA_ERR_IO;
    }
    inet_ntop(e.family, e.addr, addr, sizeof addr);
    snprintf(text, sizeof text, "%s%s%s:%u", v6 ? "[" : "", addr,
             v6 ? "]" : "", e.port);
    return give(buf, len, text);
}

static int literal(const duva_posix *l, char *buf, size_t len)
{
    struct endpoint e = look_up(l, getsockname);
    char addr[INET6_ADDRSTRLEN] = "", text[sizeof addr + sizeof "[IPv6:]"];

    if (e.family == 0) {
        give(buf, len, "");
        return DUVA_ERR_IO;
    }
    inet_ntop(e.family, e.addr, addr, sizeof addr);
    snprintf(text, sizeof text, "[%s%s]",
             e.family == AF_INET6 ? "IPv6:" : "", addr);
    return give(buf, len, text);
}

/* "localhost.localdomain" is every host's, so it names none. */
static int is_qualified(const char *name)
{
    return strchr(name, '.') != NULL
        && strncmp(name, "localhost.", sizeof "localhost." - 1) != 0
        && duva_name_check(name) == DUVA_REASON_NONE;
}

int duva_posix_name(const duva_posix *l, char *buf, size_t len)
{
    char host[DUVA_POSIX_NAME_SIZE] = "";
    struct addrinfo hints, *list;
    int found;

    if (gethostname(host, sizeof host - 1) < 0 || host[0] == '\0')
        return literal(l, buf, len);
    if (is_qualified(host))
        return give(buf, len, host);
    memset(&hints, 0, sizeof hints);
    hints.ai_flags = AI_CANONNAME;
    hints.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(host, NULL, &hints, &list) != 0)
        return literal(l, buf, len);
    found = list->ai_canonname != NULL && is_qualified(list->ai_canonname);
    if (found)
        snprintf(host, sizeof host, "%s", list->ai_canonname);
    freeaddrinfo(list);
    return found ? give(buf, len, host) : literal(l, buf, len);
}

int duva_posix_is_loopback(const duva_posix *l)
{
    static const unsigned char one[16] = { [15] = 1 };
    struct endpoint e = look_up(l, getpeername);

    if (e.family == AF_INET)
        return e.addr[0] == 127;
    return e.family == AF_INET6 && memcmp(e.addr, one, sizeof one) == 0;
}
