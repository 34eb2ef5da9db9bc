/* nxd_bsd.h - the documented calls of NetX Duo's BSD add-on that the port
 * makes, and ThreadX's clock. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_NXD_BSD_H
#define TEST_NXD_BSD_H

typedef int            INT;
typedef char           CHAR;
typedef short          SHORT;
typedef unsigned long  ULONG;

#define VOID void
#define TX_TIMER_TICKS_PER_SECOND 100
#define AF_INET6     3
#define SOCK_STREAM  1
#define IPPROTO_TCP  6
#define SOL_SOCKET   1
#define SO_ERROR     4
#define TCP_NODELAY  1
#define F_SETFL      4
#define O_NONBLOCK   0x4000
#define POLLIN       0x0100
#define POLLOUT      0x0010
#define EAGAIN       11
#define ENOMEM       12
#define ENFILE       23
#define EMFILE       24
#define EPIPE        32
#define ECONNABORTED 103
#define ECONNRESET   104
#define ENOBUFS      105
#define ENOTCONN     107
#define EINPROGRESS  115

struct nx_bsd_sockaddr;
struct nx_bsd_addrinfo {
    INT                     ai_family, ai_socktype;
    ULONG                   ai_addrlen;
    struct nx_bsd_sockaddr *ai_addr;
    struct nx_bsd_addrinfo *ai_next;
};
struct nx_bsd_pollfd {
    INT   fd;
    SHORT events, revents;
};

INT   nx_bsd_socket(INT family, INT type, INT protocol);
INT   nx_bsd_soc_close(INT sock);
INT   nx_bsd_connect(INT sock, struct nx_bsd_sockaddr *address, INT len);
INT   nx_bsd_send(INT sock, const CHAR *data, INT len, INT flags);
INT   nx_bsd_recv(INT sock, VOID *buf, INT len, INT flags);
INT   nx_bsd_fcntl(INT sock, unsigned type, unsigned options);
INT   nx_bsd_poll(struct nx_bsd_pollfd *fds, ULONG count, INT timeout);
INT   nx_bsd_getsockopt(INT sock, INT level, INT name, VOID *value, INT *len);
INT   nx_bsd_setsockopt(INT sock, INT level, INT name, const VOID *value,
                        INT len);
INT   nx_bsd_getaddrinfo(const CHAR *node, const CHAR *service,
                         const struct nx_bsd_addrinfo *hints,
                         struct nx_bsd_addrinfo **list);
VOID  nx_bsd_freeaddrinfo(struct nx_bsd_addrinfo *list);
INT   _nxd_get_errno(VOID);
ULONG tx_time_get(VOID);

#endif
