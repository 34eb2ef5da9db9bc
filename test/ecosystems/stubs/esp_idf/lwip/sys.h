/* sys.h - the documented clock of lwIP. */
/* SPDX-License-Identifier: MIT */
#include "host.h"

#define sys_now host_ms
