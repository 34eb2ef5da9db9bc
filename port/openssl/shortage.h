/* shortage.h - was it for want of memory or descriptors that OpenSSL failed? */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_OPENSSL_SHORTAGE_H
#define DUVA_OPENSSL_SHORTAGE_H

#include "../resources.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

/* Before a call that may fail: nothing of an earlier one is left.  Returns 0
 * when OpenSSL could not even be set up, and must not be called. */
static inline int duva__openssl_ready(void)
{
    if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL) != 1
        || OSSL_LIB_CTX_get0_global_default() == NULL) {
        errno = ENOMEM;
        return 0;
    }
    ERR_clear_error();
    errno = 0;
    return 1;
}

/* Is there memory now?  For what failed without a word.  ENOMEM or 0. */
static inline int duva__openssl_lack(void)
{
    void *const room = OPENSSL_malloc(16384);

    OPENSSL_free(room);
    return room == NULL ? ENOMEM : 0;
}

/* The errno of what ran short since then, or 0; forgets OpenSSL's errors.
 * A shortage may lead to another error: a certificate that could not be read
 * looks like a missing one.  Without memory to store an error, at least errno
 * is set. */
static inline int duva__openssl_shortage(void)
{
    const int     left = errno;
    int           code = duva__is_short(left) ? left : 0;
    unsigned long error;

    while ((error = ERR_get_error()) != 0) {
        const int reason = ERR_GET_REASON(error);

        if (reason == ERR_R_MALLOC_FAILURE)
            code = ENOMEM;
        else if (ERR_SYSTEM_ERROR(error) && duva__is_short(reason))
            code = reason;
    }
    return code;
}

#endif
