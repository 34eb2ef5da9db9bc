/* nx_api.h - NetX Duo as a firmware names it, on POSIX. */
/* SPDX-License-Identifier: MIT */

#ifndef NX_API_H
#define NX_API_H

#include "tx_api.h"
#include "nx_port.h"

#ifndef __PRODUCT_NETXDUO__
#define __PRODUCT_NETXDUO__
#endif
#if !defined(NX_DISABLE_IPV6) && !defined(FEATURE_NX_IPV6)
#define FEATURE_NX_IPV6
#endif

#ifdef __cplusplus
extern "C" {
#endif

#include "nx_host_const.h"
#include "nx_host_types.h"
#include "nx_host_calls.h"

#ifdef __cplusplus
}
#endif

#endif
