/* link.h - a byte pipe.  A TCP socket is one; so is TLS over another link. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_LINK_H
#define DUVA_LINK_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct duva_link duva_link;

/* What wait() may be asked for, and what it answers. */
enum { DUVA_CAN_READ = 1, DUVA_CAN_WRITE = 2 };

/* What a port implements.  Nothing but wait() blocks.
 *
 * read, write   octets moved, len at most; 0 means "not now, ask again",
 *               never "closed": that is DUVA_ERR_CLOSED.  Other failures are
 *               DUVA_ERR_IO, DUVA_ERR_TIMEOUT, DUVA_ERR_RESOURCES or
 *               DUVA_ERR_TLS, with the system's code in link->cause.
 * wait          sleeps until one of the things in can (DUVA_CAN_*) is
 *               possible, ms at the longest; returns those that are, 0 when
 *               the time is up, or a duva_err.
 * close         gives everything back.  Called once, also after a failure.
 *
 * Connecting is not here: each port has a constructor of its own. */
typedef struct duva_link_ops {
    int  (*read)(duva_link *l, void *buf, size_t len);
    int  (*write)(duva_link *l, const void *buf, size_t len);
    int  (*wait)(duva_link *l, unsigned can, uint32_t ms);
    void (*close)(duva_link *l);
} duva_link_ops;

struct duva_link {             /* first member of every port's struct */
    const duva_link_ops *ops;
    int32_t              cause;
};

/* TLS is a link made of another link.
 *
 * handshake() is called until it no longer returns 0: 1 means secured, and
 * info is filled; a duva_err means failed.  After a 0 the caller waits, on the
 * link below, for what want says.  host is the name that the certificate must
 * carry.  Once secured, all reading and writing goes through this link.
 *
 * From the first handshake() to close() the adapter keeps the link below in
 * under.  While it is there closing this link closes that one too, also when
 * the handshake failed or was left unfinished. */
typedef struct duva_tls duva_tls;
struct duva_tls {              /* first member of every adapter's struct */
    duva_link link;
    uint8_t   want;            /* DUVA_CAN_READ or DUVA_CAN_WRITE */
    uint8_t   reason;          /* duva_reason of an ERR_TLS of any call */
    duva_link *under;          /* NULL: no connection */
    int (*handshake)(duva_tls *t, duva_link *under, const char *host,
                     duva_tls_info *info);
};

#ifdef __cplusplus
}
#endif
#endif
