/* sockets.h - the documented socket calls of lwIP, by those of this machine. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_LWIP_SOCKETS_H
#define TEST_LWIP_SOCKETS_H

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define lwip_socket     socket
#define lwip_connect    connect
#define lwip_fcntl      fcntl
#define lwip_getsockopt getsockopt
#define lwip_setsockopt setsockopt
#define lwip_poll       poll
#define lwip_close      close
#define lwip_recv       recv
#define lwip_send(s, data, len, flags) \
    send(s, data, len, (flags) | MSG_NOSIGNAL)

#endif
