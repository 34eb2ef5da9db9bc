/* scram.h - mechanisms that prove a password without showing it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SCRAM_H
#define DUVA_SCRAM_H

#include "duva/crypto.h"
#include "duva/sasl.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How often a server may let the password be hashed: less proves too little,
 * more would keep the client busy for its whole life. */
#define DUVA_SCRAM_ITERATIONS_MIN 4096u /* RFC 7677 4 */
#if defined(__unix__) || defined(__APPLE__) || defined(_WIN32)
#define DUVA_SCRAM_ITERATIONS_MAX 1000000u
#else
#define DUVA_SCRAM_ITERATIONS_MAX 100000u
#endif

/* Room for our first message, the binding in base64, the server's answer and
 * its salt.  A name that does not fit is DUVA_ERR_SPACE, an answer that does
 * not fit DUVA_REASON_CHALLENGE.  Every file of the program must agree. */
#ifndef DUVA_SCRAM_SIZE
#define DUVA_SCRAM_SIZE 512
#endif
/* Characters of our own nonce, a multiple of four. */
#ifndef DUVA_SCRAM_NONCE
#define DUVA_SCRAM_NONCE 24
#endif

/* SCRAM (RFC 5802, 7677).  The server proves that it knows the password too:
 * success counts only then.  The plain form says "y" when the link could bind
 * and the server does not offer the -PLUS form of the same hash, so that a
 * server which did offer it knows that somebody took it away.  Where it is
 * offered, and the caller chose the plain form all the same, it says "n", and
 * whoever sits between goes unseen: put -PLUS first.
 *
 * user and pass must be prepared by SASLprep (RFC 4013), which changes no
 * ASCII but refuses control characters: text beyond ASCII is DUVA_ERR_ARG
 * unless prepared is 1 (see saslprep.h).
 *
 * What is derived from the password is wiped before each step returns, but for
 * the proof that is being sent and the signature that is waited for; these go
 * with the next step. */
typedef struct duva_sasl_scram {
    duva_sasl          base;
    const duva_crypto *crypto;
    duva_digest        digest;
    const char        *authzid;  /* act as this identity; NULL: as user */
    const char        *user;
    const char        *pass;
    uint8_t            prepared; /* 1: user and pass are SASLprepped UTF-8 */
    uint32_t           iterations_min, iterations_max;
    uint8_t            state;    /* private, from here on */
    uint16_t           header_len, first_len, text_len;
    uint8_t            signature[DUVA_DIGEST_MAX];
    char               text[DUVA_SCRAM_SIZE];
} duva_sasl_scram;

/* digest is DUVA_SHA1, DUVA_SHA256 or DUVA_SHA512; with another it is a
 * mechanism that no server offers (NO_AUTH).  plus chooses the -PLUS form.
 * crypto must outlive the struct; NULL is MISSING. */
void duva_sasl_scram_init(duva_sasl_scram *s, const duva_crypto *crypto,
                          duva_digest digest, int plus, const char *user,
                          const char *pass);

/* Room for the challenge of CRAM-MD5: two numbers and a host name. */
#ifndef DUVA_CRAM_MD5_SIZE
#define DUVA_CRAM_MD5_SIZE 256
#endif

/* CRAM-MD5 (RFC 2195).  It does not show the password, but whoever listens can
 * try passwords as fast as he likes: use it where there is nothing better. */
typedef struct duva_sasl_cram_md5 {
    duva_sasl          base;
    const duva_crypto *crypto;
    const char        *user;
    const char        *pass;
    char               text[DUVA_CRAM_MD5_SIZE]; /* private */
} duva_sasl_cram_md5;

void duva_sasl_cram_md5_init(duva_sasl_cram_md5 *s, const duva_crypto *crypto,
                             const char *user, const char *pass);

#ifdef __cplusplus
}
#endif
#endif
