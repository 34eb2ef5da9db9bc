/* pipe_link.h - a link to a server in memory, and TLS without encryption, for
 * tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_PIPE_LINK_H
#define DUVA_TEST_PIPE_LINK_H

#include "duva/client.h"

#include "peer.h"

#define PIPE_KEY 0x5A

/* The peer speaks in the clear, or octets are XORed with PIPE_KEY on the way
 * once the handshake, an 'H' and an 'h', is over. */
struct pipe_link {
    duva_link   link;
    struct peer peer;
    int         secured;       /* at the peer's end */
    int         shaken;        /* 'H' was said, 'h' waits to be read */
    size_t      write_max;     /* octets that can still be written */
    duva_err    write_err;     /* and what is said then; 0: not now */
    duva_err    read_err;      /* when there is nothing to read; 0: not now */
    const char *last_words;    /* said when it can be written no more */
    duva_err    handshake_err;
    size_t      clear;         /* octets written before the handshake */
    unsigned    waits, closes;
    uint32_t    ms;            /* of the last wait */
};

static inline int pipe_read(duva_link *l, void *buf, size_t len)
{
    struct pipe_link *p = (struct pipe_link *)l;
    char             *at = buf;
    size_t            i;

    if (p->shaken) {
        p->shaken = 0;
        *at = 'h';
        return 1;
    }
    len = peer_give(&p->peer, buf, len);
    for (i = 0; p->secured && i < len; i++)
        at[i] ^= PIPE_KEY;
    if (len == 0 && p->peer.closed)
        return DUVA_ERR_CLOSED;
    return len > 0 ? (int)len : (int)p->read_err;
}

static inline int pipe_write(duva_link *l, const void *buf, size_t len)
{
    struct pipe_link *p = (struct pipe_link *)l;
    const char       *at = buf;
    size_t            i;

    if (len > p->write_max)
        len = p->write_max;
    if (len == 0) {
        if (p->last_words != NULL)
            peer_say(&p->peer, p->last_words);
        p->last_words = NULL;
        return (int)p->write_err;
    }
    p->write_max -= len;
    for (i = 0; i < len; i++) {
        const char c = (char)(p->secured ? at[i] ^ PIPE_KEY : at[i]);

        peer_take(&p->peer, &c, 1);
    }
    p->clear += p->secured ? 0 : len;
    return (int)len;
}

static inline int pipe_wait(duva_link *l, unsigned can, uint32_t ms)
{
    struct pipe_link *p = (struct pipe_link *)l;

    p->waits++;
    p->ms = ms;
    if ((can & DUVA_CAN_WRITE) && p->write_max > 0)
        return DUVA_CAN_WRITE;
    return p->peer.out_len > 0 ? DUVA_CAN_READ : 0;
}

static inline void pipe_close(duva_link *l)
{
    ((struct pipe_link *)l)->closes++;
}

/* Zero p and set what matters of p->peer before. */
static inline void pipe_open(struct pipe_link *p)
{
    static const duva_link_ops ops = {
        pipe_read, pipe_write, pipe_wait, pipe_close
    };

    p->link.ops = &ops;
    p->write_max = (size_t)-1;
    peer_begin(&p->peer);
}

/* ---- TLS ---- */

struct xor_tls {
    duva_tls   tls;
    duva_link *under;
    int        said;           /* 'H' */
    unsigned   calls;
};

static inline int xor_read(duva_link *l, void *buf, size_t len)
{
    duva_link *under = ((struct xor_tls *)l)->under;
    char      *at = buf;
    int        i, n = under->ops->read(under, buf, len);

    for (i = 0; i < n; i++)
        at[i] ^= PIPE_KEY;
    return n;
}

static inline int xor_write(duva_link *l, const void *buf, size_t len)
{
    duva_link  *under = ((struct xor_tls *)l)->under;
    const char *at = buf;
    char        hidden[50];
    size_t      i;

    if (len > sizeof(hidden))
        len = sizeof(hidden);
    for (i = 0; i < len; i++)
        hidden[i] = (char)(at[i] ^ PIPE_KEY);
    return under->ops->write(under, hidden, len);
}

static inline int xor_wait(duva_link *l, unsigned can, uint32_t ms)
{
    duva_link *under = ((struct xor_tls *)l)->under;

    return under->ops->wait(under, can, ms);
}

static inline void xor_close(duva_link *l)
{
    duva_link *under = ((struct xor_tls *)l)->under;

    under->ops->close(under);
}

static inline int xor_handshake(duva_tls *t, duva_link *under,
                                const char *host, duva_tls_info *info)
{
    struct xor_tls   *x = (struct xor_tls *)t;
    struct pipe_link *p = (struct pipe_link *)under;
    char              c;

    x->calls++;
    x->under = under;
    if (strcmp(host, "mx.example") != 0)
        return DUVA_ERR_ARG;
    if (p->handshake_err != DUVA_OK) {
        t->link.cause = 77;
        t->reason = DUVA_REASON_CERT_EXPIRED;
        return p->handshake_err;
    }
    if (!x->said) {
        x->said = 1;
        t->want = DUVA_CAN_WRITE;
        p->secured = p->shaken = 1;
        return 0;
    }
    if (under->ops->read(under, &c, 1) != 1 || c != 'h')
        return DUVA_ERR_TLS;
    info->verified = 1;
    return 1;
}

static inline void xor_open(struct xor_tls *x)
{
    static const duva_link_ops ops = {
        xor_read, xor_write, xor_wait, xor_close
    };

    memset(x, 0, sizeof(*x));
    x->tls.link.ops = &ops;
    x->tls.handshake = xor_handshake;
}

#endif
