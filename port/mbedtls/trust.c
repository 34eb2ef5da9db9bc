/* trust.c - reads trust anchors and the certificate of the client. */
/* SPDX-License-Identifier: MIT */
#include "trust.h"

#include <stdlib.h>

#include "../resources.h"
#include "../tls.h"
#include "version.h"

static int trust_memory(mbedtls_x509_crt *ca, const duva_span *span)
{
    const unsigned char *data = span->data;

    return duva__tls_is_pem(span)
               ? mbedtls_x509_crt_parse(ca, data, span->len)
               : mbedtls_x509_crt_parse_der_nocopy(ca, data, span->len);
}

/* Some of a system's authorities may be beyond this mbedTLS. */
static int trust_system(mbedtls_x509_crt *ca)
{
#if defined(__unix__) && defined(MBEDTLS_FS_IO)
    const char *file = getenv("SSL_CERT_FILE");
    const int   n = mbedtls_x509_crt_parse_file(
        ca, file != NULL ? file : "/etc/ssl/certs/ca-certificates.crt");

    return n > 0 && duva__is_short(errno) ? MBEDTLS_ERR_X509_ALLOC_FAILED
           : n > 0                        ? 0
                                          : n;
#else
    (void)ca;
    return MBEDTLS_ERR_SSL_CA_CHAIN_REQUIRED;
#endif
}

int duva__mbedtls_trust(duva_mbedtls *t)
{
    if (t->config->dangerously_trust_everyone)
        return 0;
    if (t->config->ca.len > 0)
        return trust_memory(&t->ca, &t->config->ca);
    if (t->config->ca_file == NULL)
        return trust_system(&t->ca);
#ifdef MBEDTLS_FS_IO
    return mbedtls_x509_crt_parse_file(&t->ca, t->config->ca_file);
#else
    return MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE;
#endif
}

int duva__mbedtls_identify(duva_mbedtls *t, duva_mbedtls_random *from,
                           void *context)
{
#ifdef MBEDTLS_FS_IO
    int n;

    if (t->config->cert_file == NULL)
        return 0;
    n = mbedtls_x509_crt_parse_file(&t->own, t->config->cert_file);
    if (n == 0)
        n = duva__mbedtls_read_key(t, t->config->key_file, from, context);
    return n != 0 ? n : mbedtls_ssl_conf_own_cert(&t->settings, &t->own,
                                                  &t->key);
#else
    (void)from;
    (void)context;
    return t->config->cert_file == NULL ? 0
                                        : MBEDTLS_ERR_X509_FEATURE_UNAVAILABLE;
#endif
}
