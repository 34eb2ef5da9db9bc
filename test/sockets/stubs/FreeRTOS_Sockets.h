/* FreeRTOS_Sockets.h - the documented socket calls that the port makes. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_FREERTOS_SOCKETS_H
#define TEST_FREERTOS_SOCKETS_H

#define FREERTOS_AF_INET       2
#define FREERTOS_AF_INET6      10
#define FREERTOS_SOCK_STREAM   1
#define FREERTOS_IPPROTO_TCP   6
#define FREERTOS_SO_RCVTIMEO   0
#define FREERTOS_SO_SNDTIMEO   1
#define FREERTOS_MSG_DONTWAIT  16
#define FREERTOS_SHUT_RDWR     2
#define FREERTOS_INVALID_SOCKET ((Socket_t)~(size_t)0)

typedef struct xSOCKET     *Socket_t;
typedef struct xSOCKET_SET *SocketSet_t;
enum { eSELECT_READ = 1, eSELECT_WRITE = 2, eSELECT_EXCEPT = 4,
       eSELECT_ALL = 15 };
struct freertos_sockaddr {
    uint8_t  sin_len, sin_family;
    uint16_t sin_port;
};
struct freertos_addrinfo {
    BaseType_t                ai_family;
    struct freertos_sockaddr *ai_addr;
    struct freertos_addrinfo *ai_next;
};

Socket_t    FreeRTOS_socket(BaseType_t domain, BaseType_t type,
                            BaseType_t protocol);
BaseType_t  FreeRTOS_connect(Socket_t s, const struct freertos_sockaddr *to,
                             uint32_t len);
BaseType_t  FreeRTOS_recv(Socket_t s, void *buf, size_t len, BaseType_t flags);
BaseType_t  FreeRTOS_send(Socket_t s, const void *data, size_t len,
                          BaseType_t flags);
BaseType_t  FreeRTOS_setsockopt(Socket_t s, int32_t level, int32_t name,
                                const void *value, size_t len);
BaseType_t  FreeRTOS_issocketconnected(Socket_t s);
BaseType_t  FreeRTOS_shutdown(Socket_t s, BaseType_t how);
BaseType_t  FreeRTOS_closesocket(Socket_t s);
SocketSet_t FreeRTOS_CreateSocketSet(void);
void        FreeRTOS_DeleteSocketSet(SocketSet_t set);
void        FreeRTOS_FD_SET(Socket_t s, SocketSet_t set, EventBits_t bits);
void        FreeRTOS_FD_CLR(Socket_t s, SocketSet_t set, EventBits_t bits);
EventBits_t FreeRTOS_FD_ISSET(Socket_t s, SocketSet_t set);
BaseType_t  FreeRTOS_select(SocketSet_t set, TickType_t ticks);

#endif
