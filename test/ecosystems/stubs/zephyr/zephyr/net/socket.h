/* socket.h - the documented calls of Zephyr, by those of this machine. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_ZEPHYR_SOCKET_H
#define TEST_ZEPHYR_SOCKET_H

#include "host.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ZSOCK_POLLIN  POLLIN
#define ZSOCK_POLLOUT POLLOUT

#define zsock_addrinfo     addrinfo
#define zsock_pollfd       pollfd
#define zsock_socket       socket
#define zsock_connect      connect
#define zsock_fcntl        fcntl
#define zsock_getsockopt   getsockopt
#define zsock_setsockopt   setsockopt
#define zsock_poll         poll
#define zsock_close        close
#define zsock_recv         recv
#define zsock_send(s, data, len, flags) \
    send(s, data, len, (flags) | MSG_NOSIGNAL)
#define zsock_getaddrinfo  host_getaddrinfo
#define zsock_freeaddrinfo freeaddrinfo

#endif
