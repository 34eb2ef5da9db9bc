/* exchange.c - what is sent to a proxy, and how its dialogue ends. */
/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include "duva/sasl.h"

#include <string.h>

void duva__proxy_put(duva_proxy *p, const void *data, size_t len)
{
    memcpy(p->buf + p->len, data, len);
    p->len = (uint16_t)(p->len + len);
}

void duva__proxy_put_text(duva_proxy *p, const char *text)
{
    duva__proxy_put(p, text, strlen(text));
}

void duva__proxy_send(duva_proxy *p, uint16_t need)
{
    p->phase = DUVA__PROXY_SENDING;
    p->need = need;
}

int duva__proxy_fail(duva_proxy *p, duva_reason reason, uint16_t code)
{
    duva_wipe(p->buf, sizeof(p->buf));
    p->pos = p->len = 0;
    p->phase = DUVA__PROXY_FAILED;
    p->reason = (uint8_t)reason;
    p->code = code;
    switch (reason) {
    case DUVA_REASON_PROXY_STRANGE: case DUVA_REASON_PROXY_LONG:
        return p->err = DUVA_ERR_PROTOCOL;
    case DUVA_REASON_PROXY_UNREACHED:
        return p->err = DUVA_ERR_CONNECT;
    default:
        return p->err = DUVA_ERR_REJECTED;
    }
}

int duva__proxy_done(duva_proxy *p)
{
    p->phase = DUVA__PROXY_OPEN;
    return 1;
}
