/* sockets_freertos.h - the sockets of FreeRTOS+TCP 4, for duva_sockets.h. */
/* SPDX-License-Identifier: MIT */
/* Written by the documentation of FreeRTOS+TCP, and not built with it by this
 * project.  FreeRTOSIPConfig.h has ipconfigUSE_TCP, ipconfigUSE_DNS and
 * ipconfigSUPPORT_SELECT_FUNCTION.
 *
 * Each wait makes a socket set, which takes memory.  Against link.h, closing
 * may block for a second: FreeRTOS_closesocket() alone resets the connection.
 */
#ifndef DUVA_SOCKETS_FREERTOS_H
#define DUVA_SOCKETS_FREERTOS_H

#include <FreeRTOS.h>
#include <task.h>
#include <FreeRTOS_IP.h>
#include <FreeRTOS_Sockets.h>
#include <FreeRTOS_DNS.h>

#include <string.h>

#define DUVA_SOCKET         Socket_t
#define DUVA_SOCKET_NONE    FREERTOS_INVALID_SOCKET
#define DUVA_SOCKET_ADDRESS struct freertos_addrinfo
#define DUVA_SOCKET_IPV6    FREERTOS_AF_INET6

/* One look-up finds addresses of one family only, and sets no port. */
static inline int duva_socket_look_up(const char *host, unsigned port,
                                      BaseType_t family,
                                      struct freertos_addrinfo **at)
{
    struct freertos_addrinfo hints;
    int                      n;

    memset(&hints, 0, sizeof hints);
    hints.ai_family = family;
    n = (int)FreeRTOS_getaddrinfo(host, NULL, &hints, at);
    for (; n == 0 && *at != NULL; at = &(*at)->ai_next)
        (*at)->ai_addr->sin_port = FreeRTOS_htons((uint16_t)port);
    return n;
}

static inline int duva_socket_resolve(const char *host, unsigned port,
                                      struct freertos_addrinfo **list)
{
    struct freertos_addrinfo **at = list;
    int                        n;

    *list = NULL;
#if ipconfigUSE_IPv6
    if (duva_socket_look_up(host, port, FREERTOS_AF_INET6, at) != 0)
        *at = NULL;
    while (*at != NULL)
        at = &(*at)->ai_next;
#endif
    n = duva_socket_look_up(host, port, FREERTOS_AF_INET, at);
    if (n != 0)
        *at = NULL;
    return *list != NULL ? 0 : n;
}

#define duva_socket_free(list) FreeRTOS_freeaddrinfo(list)

static inline int duva_socket_open(const struct freertos_addrinfo *a,
                                   Socket_t *s)
{
    const TickType_t now = 0;

    *s = FreeRTOS_socket(a->ai_family, FREERTOS_SOCK_STREAM,
                         FREERTOS_IPPROTO_TCP);
    if (*s == FREERTOS_INVALID_SOCKET)
        return -pdFREERTOS_ERRNO_ENOMEM;
    FreeRTOS_setsockopt(*s, 0, FREERTOS_SO_RCVTIMEO, &now, sizeof now);
    FreeRTOS_setsockopt(*s, 0, FREERTOS_SO_SNDTIMEO, &now, sizeof now);
    return 0;
}

static inline int duva_socket_connect(Socket_t s,
                                      const struct freertos_addrinfo *a)
{
    const int n = (int)FreeRTOS_connect(s, a->ai_addr, sizeof *a->ai_addr);

    return n == -pdFREERTOS_ERRNO_EWOULDBLOCK
                   || n == -pdFREERTOS_ERRNO_EINPROGRESS
               ? 0
               : n;
}

#define duva_socket_connected(s) \
    (FreeRTOS_issocketconnected(s) == pdTRUE ? 0 : -pdFREERTOS_ERRNO_ENOTCONN)

/* It says 0 when there is no room, where others say EWOULDBLOCK. */
#define duva_socket_send(s, data, len) ((int)FreeRTOS_send(s, data, len, 0))

/* And 0 when nothing has come; an error when the server has closed. */
static inline int duva_socket_recv(Socket_t s, void *buf, size_t len)
{
    const int n = (int)FreeRTOS_recv(s, buf, len, FREERTOS_MSG_DONTWAIT);

    if (n == 0)
        return -pdFREERTOS_ERRNO_EWOULDBLOCK;
    return n == -pdFREERTOS_ERRNO_ENOTCONN ? 0 : n;
}

static inline int duva_socket_wait(Socket_t s, unsigned can, uint32_t ms)
{
    SocketSet_t set = FreeRTOS_CreateSocketSet();
    EventBits_t bits = eSELECT_EXCEPT, now;

    if (set == NULL)
        return -pdFREERTOS_ERRNO_ENOMEM;
    if (can & DUVA_CAN_READ)
        bits |= eSELECT_READ;
    if (can & DUVA_CAN_WRITE)
        bits |= eSELECT_WRITE;
    FreeRTOS_FD_SET(s, set, bits);
    FreeRTOS_select(set, pdMS_TO_TICKS(ms));
    now = FreeRTOS_FD_ISSET(s, set);
    FreeRTOS_FD_CLR(s, set, eSELECT_ALL);
    FreeRTOS_DeleteSocketSet(set);
    return (now & (eSELECT_READ | eSELECT_EXCEPT) ? DUVA_CAN_READ : 0)
           | (now & eSELECT_WRITE ? DUVA_CAN_WRITE : 0);
}

static inline void duva_socket_close(Socket_t s)
{
    char left[32];
    int  tries = 20;

    FreeRTOS_shutdown(s, FREERTOS_SHUT_RDWR);
    while (tries-- > 0 && FreeRTOS_recv(s, left, sizeof left, 0) >= 0)
        vTaskDelay(pdMS_TO_TICKS(50));
    FreeRTOS_closesocket(s);
}

static inline int duva_socket_kind(int code)
{
    switch (code) {
    case pdFREERTOS_ERRNO_EWOULDBLOCK: case pdFREERTOS_ERRNO_EINTR:
        return DUVA_OK;
    case pdFREERTOS_ERRNO_ENOTCONN:
        return DUVA_ERR_CLOSED;
    case pdFREERTOS_ERRNO_ENOMEM: case pdFREERTOS_ERRNO_ENOBUFS:
        return DUVA_ERR_RESOURCES;
    default:
        return DUVA_ERR_IO;
    }
}

#define duva_socket_ms() \
    ((uint32_t)((uint64_t)xTaskGetTickCount() * 1000u / configTICK_RATE_HZ))

#endif
