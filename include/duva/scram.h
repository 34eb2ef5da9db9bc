/* scram.h - SASL mechanisms that do not send the password. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SCRAM_H
#define DUVA_SCRAM_H

#include "duva/crypto.h"
#include "duva/sasl.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Iterations that a server may ask for.  Fewer make it easy to find the
 * password from the exchange; more would keep a client busy for too long. */
#define DUVA_SCRAM_ITERATIONS_MIN 4096u /* RFC 7677 4 */
#if defined(__unix__) || defined(__APPLE__) || defined(_WIN32)
#define DUVA_SCRAM_ITERATIONS_MAX 1000000u
#else
#define DUVA_SCRAM_ITERATIONS_MAX 100000u
#endif

/* Octets for the client's first message, the channel binding in base64, the
 * server's first message and its salt.  A user name that does not fit is
 * DUVA_ERR_SPACE, a challenge that does not fit DUVA_REASON_CHALLENGE.  Every
 * file of the program must use the same size. */
#ifndef DUVA_SCRAM_SIZE
#define DUVA_SCRAM_SIZE 512
#endif
/* Characters of the client's nonce, a multiple of four. */
#ifndef DUVA_SCRAM_NONCE
#define DUVA_SCRAM_NONCE 24
#endif

/* SCRAM (RFC 5802, 7677).  The server must prove that it knows the password
 * too; without that proof 235 is an error, DUVA_REASON_UNPROVEN.
 *
 * The form without -PLUS sends the flag "y" when the link has a channel binding
 * and the server does not advertise the -PLUS form of the same digest: a server
 * that did advertise it then detects the attack (RFC 5802 6).  When -PLUS is
 * advertised but not chosen it sends "n", and the attack is not detected:
 * prefer -PLUS.
 *
 * user and pass must be prepared by SASLprep (RFC 4013), which does not change
 * ASCII but prohibits control characters.  Octets above 127 are DUVA_ERR_ARG
 * unless prepared is 1 (see saslprep.h).
 *
 * What is derived from the password is wiped before each step returns, except
 * the proof to be sent and the signature to be compared, which are wiped in the
 * next step. */
typedef struct duva_sasl_scram {
    duva_sasl          base;
    const duva_crypto *crypto;
    duva_digest        digest;
    const char        *authzid;  /* act as this identity; NULL: as user */
    const char        *user;
    const char        *pass;
    uint8_t            prepared; /* 1: user and pass are prepared UTF-8 */
    uint32_t           iterations_min, iterations_max;
    uint8_t            state;    /* private, from here on */
    uint16_t           header_len, first_len, text_len;
    uint8_t            signature[DUVA_DIGEST_MAX];
    char               text[DUVA_SCRAM_SIZE];
} duva_sasl_scram;

/* digest is DUVA_SHA1, DUVA_SHA256 or DUVA_SHA512; any other is a mechanism
 * that no server advertises: duva_auth() fails with NO_AUTH.  plus 1: the -PLUS
 * form.  crypto must outlive the struct; NULL, or without random, fails with
 * MISSING. */
void duva_sasl_scram_init(duva_sasl_scram *s, const duva_crypto *crypto,
                          duva_digest digest, int plus, const char *user,
                          const char *pass);

/* Octets for the challenge of CRAM-MD5: two numbers and a host name. */
#ifndef DUVA_CRAM_MD5_SIZE
#define DUVA_CRAM_MD5_SIZE 256
#endif

/* CRAM-MD5 (RFC 2195).  It does not send the password, but an eavesdropper can
 * test guesses offline at full speed: use it only without an alternative. */
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
