/* exchange.h - what is sent to a proxy, and how its dialogue ends. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PROXY_EXCHANGE_H
#define DUVA_PROXY_EXCHANGE_H

#include "duva/proxy.h"

/* duva_proxy.phase */
enum {
    DUVA__PROXY_SENDING,
    DUVA__PROXY_RECEIVING,
    DUVA__PROXY_OPEN,
    DUVA__PROXY_FAILED
};

/* Appends to what is sent next; begin() has seen that it fits. */
void duva__proxy_put(duva_proxy *p, const void *data, size_t len);
void duva__proxy_put_text(duva_proxy *p, const char *text);

/* Sends what was put, then receives `need` octets, or for HTTP as many as
 * come. */
void duva__proxy_send(duva_proxy *p, uint16_t need);

/* The end of the dialogue.  Both return what the step returns. */
int duva__proxy_fail(duva_proxy *p, duva_reason reason, uint16_t code);
int duva__proxy_done(duva_proxy *p);

#endif
