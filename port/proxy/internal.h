/* internal.h - what the files of this port share. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PROXY_INTERNAL_H
#define DUVA_PROXY_INTERNAL_H

#include "duva/proxy.h"

/* Appends to what the proxy is to be told; begin() has seen that it fits. */
void duva__proxy_put(duva_proxy *p, const void *data, size_t len);
void duva__proxy_put_text(duva_proxy *p, const char *text);

/* What has been heard is dealt with; what was put since is said, then need
 * octets are heard, or for HTTP as many as come. */
void duva__proxy_say(duva_proxy *p, uint16_t need);

/* The end, bad or good.  Both return what the step returns. */
int duva__proxy_fail(duva_proxy *p, duva_reason reason, uint16_t code);
int duva__proxy_done(duva_proxy *p);

/* Dotted digits, or groups of RFC 4291, to octets.  Returns 4 or 16, or 0: it
 * is no address. */
size_t duva__proxy_address(const char *text, uint8_t octets[16]);

/* For each kind: can this be said; the first words; and what has been heard,
 * buf[pos] to buf[len].  The last returns 0 to go on, or what the step
 * returns. */
int  duva__socks5_fits(const duva_proxy_route *route);
void duva__socks5_begin(duva_proxy *p);
int  duva__socks5_heard(duva_proxy *p);
int  duva__http_fits(const duva_proxy_route *route);
void duva__http_begin(duva_proxy *p);
int  duva__http_heard(duva_proxy *p);

#endif
