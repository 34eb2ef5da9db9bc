/* nx_port.h - what NetX Duo takes from a processor, on POSIX. */
/* SPDX-License-Identifier: MIT */

#ifndef NX_PORT_H
#define NX_PORT_H

#ifdef NX_INCLUDE_USER_DEFINE_FILE
#include "nx_user.h"
#endif

/* Firmware counts on these three coming with nx_api.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef NX_IP_PERIODIC_RATE
#define NX_IP_PERIODIC_RATE TX_TIMER_TICKS_PER_SECOND
#endif

#ifndef NX_RAND
#define NX_RAND rand
#endif

#define NX_HOST_SWAP32(value)                                                  \
    ((((ULONG)(value)&0xFF000000u) >> 24)                                      \
     | (((ULONG)(value)&0x00FF0000u) >> 8)                                     \
     | (((ULONG)(value)&0x0000FF00u) << 8)                                     \
     | (((ULONG)(value)&0x000000FFu) << 24))
#define NX_HOST_SWAP16(value)                                                  \
    ((USHORT)((((UINT)(value)&0xFF00u) >> 8) | (((UINT)(value)&0x00FFu) << 8)))

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define NX_CHANGE_ULONG_ENDIAN(value)
#define NX_CHANGE_USHORT_ENDIAN(value)
#define NX_HOST_NET32(value) (value)
#define NX_HOST_NET16(value) (value)
#else
#define NX_LITTLE_ENDIAN 1
#define NX_CHANGE_ULONG_ENDIAN(value) ((value) = NX_HOST_SWAP32(value))
#define NX_CHANGE_USHORT_ENDIAN(value) ((value) = NX_HOST_SWAP16(value))
#define NX_HOST_NET32(value) NX_HOST_SWAP32(value)
#define NX_HOST_NET16(value) NX_HOST_SWAP16(value)
#endif

/* These would garble <arpa/inet.h>; a file that needs both includes that
 * header first. */
#ifndef htonl
#define htonl(value) NX_HOST_NET32(value)
#endif
#ifndef ntohl
#define ntohl(value) NX_HOST_NET32(value)
#endif
#ifndef htons
#define htons(value) NX_HOST_NET16(value)
#endif
#ifndef ntohs
#define ntohs(value) NX_HOST_NET16(value)
#endif

/* Who is calling? Add-ons write the first of these at file scope, one of the
 * others at the top of a service. */
#define NX_CALLER_CHECKING_EXTERNS                                             \
    extern TX_THREAD *_tx_thread_current_ptr;                                  \
    extern TX_THREAD _tx_timer_thread;                                         \
    extern volatile ULONG _tx_thread_system_state;
#define NX_THREADS_ONLY_CALLER_CHECKING                                        \
    if (!duva_nx_in_thread()) {                                                \
        return (NX_CALLER_ERROR);                                              \
    }
#define NX_INIT_AND_THREADS_CALLER_CHECKING                                    \
    if (!duva_nx_in_thread() && !duva_nx_in_define()) {                        \
        return (NX_CALLER_ERROR);                                              \
    }
#define NX_NOT_ISR_CALLER_CHECKING NX_INIT_AND_THREADS_CALLER_CHECKING
#define NX_THREAD_WAIT_CALLER_CHECKING                                         \
    if (wait_option != 0 && !duva_nx_in_thread()) {                            \
        return (NX_CALLER_ERROR);                                              \
    }

#endif
