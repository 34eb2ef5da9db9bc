/* socket.h - the documented socket calls of Zephyr that the port makes. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_ZEPHYR_SOCKET_H
#define TEST_ZEPHYR_SOCKET_H

#include <stddef.h>
#include <sys/types.h>

#define AF_INET6     2
#define SOCK_STREAM  1
#define IPPROTO_TCP  6
#define SOL_SOCKET   1
#define SO_ERROR     4
#define TCP_NODELAY  1
#define ZSOCK_POLLIN  1
#define ZSOCK_POLLOUT 4

typedef size_t socklen_t;
struct sockaddr;
struct zsock_pollfd {
    int   fd;
    short events, revents;
};
struct zsock_addrinfo {
    struct zsock_addrinfo *ai_next;
    int                    ai_family, ai_socktype;
    socklen_t              ai_addrlen;
    struct sockaddr       *ai_addr;
};

int     zsock_socket(int family, int type, int proto);
int     zsock_close(int sock);
int     zsock_connect(int sock, const struct sockaddr *addr, socklen_t len);
ssize_t zsock_send(int sock, const void *buf, size_t len, int flags);
ssize_t zsock_recv(int sock, void *buf, size_t len, int flags);
int     zsock_fcntl(int sock, int cmd, int flags);
int     zsock_poll(struct zsock_pollfd *fds, int nfds, int timeout);
int     zsock_getsockopt(int sock, int level, int name, void *value,
                         socklen_t *len);
int     zsock_setsockopt(int sock, int level, int name, const void *value,
                         socklen_t len);
int     zsock_getaddrinfo(const char *host, const char *service,
                          const struct zsock_addrinfo *hints,
                          struct zsock_addrinfo **res);
void    zsock_freeaddrinfo(struct zsock_addrinfo *ai);

#endif
