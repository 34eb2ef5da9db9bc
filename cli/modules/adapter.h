/* adapter.h - the adapter of TLS that the command is built with. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ADAPTER_H
#define DUVA_CLI_ADAPTER_H

#ifdef DUVA_CLI_MBEDTLS
#include "duva/dkim.h"
#include "duva/mbedtls.h"

typedef duva_mbedtls cli_adapter;
typedef struct {
    duva_signer signer;        /* unused: it signs nothing */
} cli_adapter_dkim;
#else
#include "duva/dkim_openssl.h"
#include "duva/openssl.h"

typedef duva_openssl cli_adapter;
typedef duva_dkim_openssl cli_adapter_dkim;
#endif

#endif
