/* kernel.h - the documented calls of Zephyr's kernel. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_ZEPHYR_KERNEL_H
#define TEST_ZEPHYR_KERNEL_H

#include "host.h"

#include <stdio.h>

#define k_uptime_get_32 host_ms
#define printk          printf

#endif
