/* check.c - turns a message into a verdict on whether it can be sent. */
/* SPDX-License-Identifier: MIT */
#include "body.h"

static int checked(const duva_body *b)
{
    return b->reason == DUVA_REASON_NONE ? DUVA_OK : DUVA_ERR_BODY;
}

#if DUVA_WITH_SIZE
/* RFC 1870 3: line ends count, as CRLF; stuffed dots do not. */
static void count(duva_body *b, const uint8_t *at, size_t len)
{
    for (; len > 0; len--, at++)
        b->octets += *at == '\n' ? 2 : *at != '\r';
}
#else
#define count(b, at, len) ((void)0)
#endif

int duva_body_check(duva_body *b, const void *data, size_t len)
{
    const uint8_t *at = data;
    uint8_t        wire[DUVA__FULL ? 256 : 64];

    while (len > 0 && b->reason == DUVA_REASON_NONE) {
        const size_t n = len < sizeof(wire) / 2 ? len : sizeof(wire) / 2;

        duva__body_encode(b, wire, at, n);
        count(b, at, n);
        at += n;
        len -= n;
    }
    return checked(b);
}

int duva_body_check_end(duva_body *b)
{
    uint8_t wire[DUVA__BODY_END];

    if (b->reason == DUVA_REASON_NONE) {
        duva__body_end(b, wire);
#if DUVA_WITH_SIZE
        b->octets += b->column > 0 ? 2 : 0;
#endif
        b->column = 0;
    }
    return checked(b);
}
