/* dkim.h - signs a message: a source that begins with DKIM-Signature. */
/* SPDX-License-Identifier: MIT */
/*
 * DKIM (RFC 6376, RFC 8463), relaxed/relaxed: a source over a source.  The
 * message is read twice, so its source must be able to go back to its start.  A
 * library does hashing and signing, behind duva_signer.
 */
#ifndef DUVA_DKIM_H
#define DUVA_DKIM_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

enum duva_hash { DUVA_HASH_FIELDS, DUVA_HASH_BODY, DUVA_HASHES };

/* Two SHA-256 at a time and a key.  Each call returns 0, or a duva_err, which
 * the source then returns. */
typedef struct duva_signer duva_signer;
struct duva_signer {
    const char *algorithm;     /* "rsa-sha256" or "ed25519-sha256" */
    int (*start)(duva_signer *s);
    int (*update)(duva_signer *s, enum duva_hash hash, const void *data,
                  size_t len);
    int (*finish)(duva_signer *s, enum duva_hash hash, uint8_t digest[32]);
    /* Signs a digest; returns the octets of the signature, cap at most. */
    int (*sign)(duva_signer *s, const uint8_t digest[32], uint8_t *signature,
                size_t cap);
};

/* Zero it, then set the first fields. */
typedef struct duva_dkim {
    int       (*source)(void *ctx, void *buf, size_t len); /* the message */
    void       *source_ctx;
    duva_signer *signer;
    const char *domain;        /* d=, 255 octets at most, ASCII */
    const char *selector;      /* s=, 63 octets at most */
    uint32_t    date;          /* t=, seconds since 1970; 0: left out */
    duva_reason reason;        /* out, after an error */
    /* private */
    uint8_t  ready, in_body, state, seen_cr, space, begun, held;
    uint16_t seen, order_len, len, at, column;
    uint32_t line_ends;
    uint64_t octets;
    uint8_t  order[16];
    char     name[32];
    uint8_t  hold[64];
    char     field[1792];      /* DKIM-Signature; RSA of 4096 bits fits */
} duva_dkim;

/* A source as in client.h.  The first call reads the whole message once and
 * signs it.  The fields that are signed: From, Sender, Reply-To,
 * To, Cc, Subject, Date, Message-ID, In-Reply-To, References, MIME-Version,
 * Content-Type, Content-Transfer-Encoding, and the absence of a second From.
 *
 * Errors: DUVA_ERR_ARG with reason MISSING (something is not set), CHARACTER
 * (in domain or selector), or REPEATED (one of those fields comes twice);
 * DUVA_ERR_BODY with SOURCE (the source failed, or has no From); DUVA_ERR_SPACE
 * (the signature is too long); what the signer returned, as DUVA_ERR_TLS. */
int duva_dkim_read(void *dkim, void *buf, size_t len);

/* The octets that duva_dkim_read() will return, for mail.size.  The source must
 * be at its start; it is read and signed now, and not again by the first
 * duva_dkim_read().  Returns DUVA_OK, or the same errors. */
int duva_dkim_size(duva_dkim *d, uint64_t *size);

#ifdef __cplusplus
}
#endif
#endif
