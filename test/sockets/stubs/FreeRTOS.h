/* FreeRTOS.h - the documented types of FreeRTOS that the port needs. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_FREERTOS_H
#define TEST_FREERTOS_H

#include <stddef.h>
#include <stdint.h>

typedef long     BaseType_t;
typedef uint32_t TickType_t;
typedef uint32_t EventBits_t;

#define pdTRUE             1
#define configTICK_RATE_HZ 1000u
#define ipconfigUSE_IPv6   1
#define pdMS_TO_TICKS(ms)  ((TickType_t)(ms))

#define pdFREERTOS_ERRNO_EINTR       4
#define pdFREERTOS_ERRNO_EWOULDBLOCK 11
#define pdFREERTOS_ERRNO_ENOMEM      12
#define pdFREERTOS_ERRNO_ENOBUFS     105
#define pdFREERTOS_ERRNO_EINPROGRESS 119
#define pdFREERTOS_ERRNO_ENOTCONN    128

#endif
