/* proxy_connect.h - the dialogue with a proxy on a new connection. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_UV_PROXY_CONNECT_H
#define DUVA_UV_PROXY_CONNECT_H

#include "types.h"

/* Makes s->proxy when the route has a proxy: DUVA_OK, or a duva_err. */
int duva__proxy_connect_prepare(struct session *s);
/* As duva_proxy_step() and duva_proxy_why(). */
int duva__proxy_connect_step(struct session *s, uint8_t *want);
void duva__proxy_connect_why(const struct session *s, int err,
                             duva_result *why);
/* Reads what the server sent together with the proxy's last reply; 0: no
 * more. */
int duva__proxy_connect_left(struct session *s, void *buf, size_t len);
void duva__proxy_connect_forget(struct session *s);

#endif
