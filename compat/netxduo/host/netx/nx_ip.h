/* nx_ip.h - the header that programs include beside nx_api.h. */
/* SPDX-License-Identifier: MIT */

#ifndef NX_IP_H
#define NX_IP_H

#include "nx_api.h"

#define NX_IP_ID ((ULONG)0x49502020)

#endif
