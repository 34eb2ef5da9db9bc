/* blame.c - the errors of mbedTLS into reasons. */
/* SPDX-License-Identifier: MIT */
#include "blame.h"

#include "../tls.h"
#include "version.h"

/* The alert is handshake_failure: a client certificate may be missing. */
static duva_reason of_failure(const duva_mbedtls *t)
{
    return t->asked ? DUVA_REASON_CERT_OURS : DUVA_REASON_TLS_CIPHER;
}

/* After a handshake alerts are encrypted.  With TLS 1.3 the server looks at
 * the certificate of the client only then, before it says anything. */
static duva_reason of_late_alert(const duva_mbedtls *t)
{
    if (t->again)
        return DUVA_REASON_RENEGOTIATION;
    return duva__mbedtls_is_tls13(t) && !t->spoken ? DUVA_REASON_CERT_OURS
                                                   : DUVA_REASON_HANDSHAKE;
}

static duva_reason of_alert(const duva_mbedtls *t)
{
    if (duva__mbedtls_is_over(t))
        return of_late_alert(t);
    switch (t->alert) {
    case MBEDTLS_SSL_ALERT_MSG_NO_CERT:
    case MBEDTLS_SSL_ALERT_MSG_BAD_CERT:
    case MBEDTLS_SSL_ALERT_MSG_UNSUPPORTED_CERT:
    case MBEDTLS_SSL_ALERT_MSG_CERT_REVOKED:
    case MBEDTLS_SSL_ALERT_MSG_CERT_EXPIRED:
    case MBEDTLS_SSL_ALERT_MSG_CERT_UNKNOWN:
    case MBEDTLS_SSL_ALERT_MSG_UNKNOWN_CA:
    case MBEDTLS_SSL_ALERT_MSG_ACCESS_DENIED:
        return DUVA_REASON_CERT_OURS;
    case MBEDTLS_SSL_ALERT_MSG_HANDSHAKE_FAILURE:
        return of_failure(t);
    case MBEDTLS_SSL_ALERT_MSG_PROTOCOL_VERSION:
        return DUVA_REASON_TLS_VERSION;
    case MBEDTLS_SSL_ALERT_MSG_INSUFFICIENT_SECURITY:
        return DUVA_REASON_TLS_CIPHER;
    default:
        return DUVA_REASON_HANDSHAKE;
    }
}

/* In the order in which OpenSSL looks: chain, name, dates. */
static duva_reason of_certificate(const duva_mbedtls *t)
{
    if (t->untrusted != 0)
        return (duva_reason)t->untrusted;
    if (t->misnamed != 0)
        return (duva_reason)t->misnamed;
    return t->dated != 0 ? (duva_reason)t->dated : DUVA_REASON_CERT_UNTRUSTED;
}

/* It is for something else, or mbedTLS cannot read it. */
static duva_reason of_own_certificate(const duva_mbedtls *t)
{
    const uint32_t flags = mbedtls_ssl_get_verify_result(&t->ssl);

    return flags != UINT32_MAX
                   && (flags & (MBEDTLS_X509_BADCERT_KEY_USAGE
                                | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE))
               ? DUVA_REASON_CERT_PURPOSE
               : DUVA_REASON_CERT_UNTRUSTED;
}

duva_reason duva__mbedtls_blame(const duva_mbedtls *t, int error)
{
    if (t->first >= 0 && !duva__tls_is_record(t->first))
        return DUVA_REASON_NO_TLS;
    switch (error) {
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
        return of_alert(t);
    case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED:
        return of_certificate(t);
    case DUVA__MBEDTLS_BAD_CERTIFICATE:
        return of_own_certificate(t);
    case DUVA__MBEDTLS_BAD_VERSION:
        return DUVA_REASON_TLS_VERSION;
    case DUVA__MBEDTLS_BAD_EXTENSION:
        return DUVA_REASON_CERT_EXTENSION;
    default:
        return duva__mbedtls_is_of_certificate(error)
                   ? DUVA_REASON_CERT_UNTRUSTED
                   : DUVA_REASON_HANDSHAKE;
    }
}
