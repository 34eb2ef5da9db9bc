/* socks5.h - the dialogue of SOCKS 5 (RFC 1928). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PROXY_SOCKS5_H
#define DUVA_PROXY_SOCKS5_H

#include "duva/proxy.h"

/* Can user and password be sent so? */
int  duva__socks5_fits(const duva_proxy_route *route);
/* Puts the first request. */
void duva__socks5_begin(duva_proxy *p);
/* Reads what was received, buf[pos] to buf[len].  1: the dialogue goes on; or
 * what duva__proxy_fail() and duva__proxy_done() return. */
int  duva__socks5_received(duva_proxy *p);

#endif
