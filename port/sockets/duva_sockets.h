/* duva_sockets.h - a TCP connection of any socket API, as a link. */
/* SPDX-License-Identifier: MIT */
/*
 * For operating systems whose sockets are like those of BSD.  What differs
 * between them stands in one header, whose name is DUVA_SOCKETS_HEADER; every
 * file that includes this one must be compiled with the same.  There are
 *
 *   "sockets_posix.h"     POSIX, and the model for one of your own
 *   "sockets_lwip.h"      lwIP with LWIP_SOCKET
 *   "sockets_zephyr.h"    Zephyr's zsock_ calls
 *   "sockets_freertos.h"  FreeRTOS+TCP 4
 *   "sockets_netx.h"      the BSD add-on of NetX Duo, on ThreadX
 *
 * That header defines, as macros or static functions; calls that fail return
 * -code, and the codes are > 0:
 *
 *   DUVA_SOCKET            the type of a socket
 *   DUVA_SOCKET_NONE       a value of it that is no socket
 *   DUVA_SOCKET_ADDRESS    the type of an address in a list; it has ai_family
 *                          and ai_next
 *   DUVA_SOCKET_IPV6       the ai_family of IPv6
 *   duva_socket_resolve(host, port, &list)  0, or a code of the resolver; port
 *                          is a number
 *   duva_socket_free(list)
 *   duva_socket_open(address, &s)  makes a non-blocking TCP socket: 0, or -code
 *   duva_socket_connect(s, address)  0: connected, or under way; or -code
 *   duva_socket_connected(s)  once it can be written to: 0, or -code: it is not
 *                          connected
 *   duva_socket_send(s, data, len), duva_socket_recv(s, buf, len)
 *                          octets, at least 1; 0 from recv: the server has
 *                          closed; or -code.  They do not block.
 *   duva_socket_wait(s, can, ms)  sleeps until one of can (DUVA_CAN_*) is
 *                          possible: those that are, 0 after ms, or -code
 *   duva_socket_close(s)
 *   duva_socket_kind(code) what a code means: DUVA_OK when it only says "not
 *                          now"; DUVA_ERR_CLOSED, _RESOURCES or _IO
 *   duva_socket_ms()       milliseconds, as a uint32_t that wraps
 */
#ifndef DUVA_SOCKETS_H
#define DUVA_SOCKETS_H

#include "duva/link.h"

#ifndef DUVA_SOCKETS_HEADER
#error "Define DUVA_SOCKETS_HEADER as the header of your sockets"
#endif
#include DUVA_SOCKETS_HEADER

#ifdef __cplusplus
extern "C" {
#endif

/* How long one address of several may take to answer, in milliseconds.  A build
 * may set another value. */
#ifndef DUVA_SOCKETS_ATTEMPT_MS
#define DUVA_SOCKETS_ATTEMPT_MS 5000
#endif

/* After DUVA_OK of a constructor, l->link.ops->close() must follow once. */
typedef struct duva_sockets {
    duva_link   link;
    DUVA_SOCKET socket;        /* DUVA_SOCKET_NONE when there is none */
} duva_sockets;

/* Resolves host, a name or an address, and connects to the first address that
 * answers, IPv6 before IPv4.  It blocks for ms at the longest, but while the
 * resolver works: that takes as long as its own settings say.
 *
 * DUVA_ERR_RESOLVE: link.cause is the code of the resolver.  DUVA_ERR_CONNECT:
 * no address accepts a connection, cause is the code of the last one.
 * DUVA_ERR_TIMEOUT: ms have passed.  DUVA_ERR_RESOURCES: no memory or no socket
 * for it.  After an error there is nothing to close. */
int duva_sockets_open(duva_sockets *l, const char *host, uint16_t port,
                      uint32_t ms);

/* Makes a link of a socket that is connected and non-blocking. */
void duva_sockets_adopt(duva_sockets *l, DUVA_SOCKET socket);

#ifdef __cplusplus
}
#endif
#endif
