/* adapter.h - the adapter of TLS that the command is built with. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ADAPTER_H
#define DUVA_CLI_ADAPTER_H

#ifdef DUVA_CLI_MBEDTLS
#include "duva/mbedtls.h"

typedef duva_mbedtls cli_adapter;
typedef char cli_adapter_dkim; /* it signs nothing */

#define cli_adapter_crypto          duva_crypto_mbedtls
#define cli_adapter_init(t, config) duva_mbedtls_init(t, config, NULL, NULL)
#define cli_adapter_free(t)         duva_mbedtls_free(t)
#define cli_adapter_chain(t, n, der, size)                                    \
    duva_mbedtls_chain(t, n, der, size)
#else
#include "duva/dkim_openssl.h"
#include "duva/openssl.h"

typedef duva_openssl cli_adapter;
typedef duva_dkim_openssl cli_adapter_dkim;

#define cli_adapter_crypto          duva_crypto_openssl
#define cli_adapter_init(t, config) duva_openssl_init(t, config)
#define cli_adapter_free(t)         duva_openssl_free(t)
#define cli_adapter_chain(t, n, der, size)                                    \
    duva_openssl_chain(t, n, der, size)
#define cli_adapter_dkim_open(key, pem, len) duva_dkim_openssl_open(key, pem,  \
                                                                    len)
#define cli_adapter_dkim_close(key)          duva_dkim_openssl_close(key)
#endif

#endif
