/* link.h - a byte pipe.  A TCP socket is one; so is TLS over another link. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_LINK_H
#define DUVA_LINK_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct duva_link duva_link;

/* Bits of the argument and the result of wait(). */
enum { DUVA_CAN_READ = 1, DUVA_CAN_WRITE = 2 };

/* The functions of a port.  Only wait() blocks.
 *
 * read, write   return the octets moved, len at most.  0 means "not now", never
 *               "closed": that is DUVA_ERR_CLOSED.  Other errors are
 *               DUVA_ERR_IO, DUVA_ERR_TIMEOUT, DUVA_ERR_RESOURCES and
 *               DUVA_ERR_TLS, with the system's code in link->cause.
 * wait          blocks until one of the bits of can (DUVA_CAN_*) is possible,
 *               for ms milliseconds at most.  Returns the bits that are
 *               possible, 0 after a timeout, or a duva_err.
 * close         frees everything.  Called once, also after an error.
 *
 * Connecting is not in the interface: each port has its own constructor. */
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

/* TLS is a link over another link.
 *
 * Call handshake() again while it returns 0, after waiting on the link below
 * for what want has.  1: done, and info is filled; from then on read and write
 * through this link.  A duva_err: failed.  host is the name that the
 * certificate must have (RFC 9525).
 *
 * From the first handshake() to close() the adapter keeps the link below in
 * under; closing this link closes that one too, also after a handshake that
 * failed or was not completed. */
typedef struct duva_tls duva_tls;
struct duva_tls {              /* first member of every adapter's struct */
    duva_link link;
    uint8_t   want;            /* DUVA_CAN_READ or DUVA_CAN_WRITE */
    uint8_t   reason;          /* duva_reason of the last DUVA_ERR_TLS */
    duva_link *under;          /* NULL: no connection */
    int (*handshake)(duva_tls *t, duva_link *under, const char *host,
                     duva_tls_info *info);
};

#ifdef __cplusplus
}
#endif
#endif
