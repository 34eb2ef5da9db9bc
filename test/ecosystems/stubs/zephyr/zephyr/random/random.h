/* random.h - the documented call of Zephyr. */
/* SPDX-License-Identifier: MIT */
#include "host.h"

#define sys_csrand_get host_random
