/* http.h - the dialogue of an HTTP CONNECT (RFC 9110 9.3.6). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PROXY_HTTP_H
#define DUVA_PROXY_HTTP_H

#include "duva/proxy.h"

/* Can user and password be sent so? */
int  duva__http_fits(const duva_proxy_route *route);
/* Puts the first request. */
void duva__http_begin(duva_proxy *p);
/* Reads what was received, buf[pos] to buf[len].  1: the dialogue goes on; or
 * what duva__proxy_fail() and duva__proxy_done() return. */
int  duva__http_received(duva_proxy *p);

#endif
