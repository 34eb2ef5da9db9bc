/* module_tls.c - the adapter of TLS, as the command loads it. */
/* SPDX-License-Identifier: MIT */
#include "modules/adapter.h"
#include "modules/certificate.h"
#include "modules/module.h"
#include "modules/certificate.h"

#ifdef DUVA_CLI_MBEDTLS
static int init(cli_adapter *t, const duva_tls_config *config)
{
    return duva_mbedtls_init(t, config, NULL, NULL);
}

static int init_like(cli_adapter *t, const cli_adapter *like,
                     const duva_tls_config *config)
{
    (void)like;
    return init(t, config);
}

static const struct cli_module_tls parts = {
    init, init_like, duva_mbedtls_free, duva_mbedtls_chain,
    cli_certificate_read, NULL, NULL, &duva_crypto_mbedtls
};
#else
static int init_like(cli_adapter *t, const cli_adapter *like,
                     const duva_tls_config *config)
{
    (void)config;
    return duva_openssl_init_like(t, like);
}

static const struct cli_module_tls parts = {
    duva_openssl_init, init_like, duva_openssl_free, duva_openssl_chain,
    cli_certificate_read, duva_dkim_openssl_open, duva_dkim_openssl_close,
    &duva_crypto_openssl
};
#endif

extern const struct cli_module duva_module_tls;
const struct cli_module duva_module_tls = {
    DUVA_VERSION, sizeof(parts), &parts
};
