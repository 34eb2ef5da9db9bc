/* blame.c - the errors of OpenSSL into reasons. */
/* SPDX-License-Identifier: MIT */
#include "blame.h"

#include "../tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* RFC 9525 6.3: the common name does not count. */
static duva_reason of_name(X509 *x)
{
    return x != NULL && X509_get_ext_by_NID(x, NID_subject_alt_name, -1) < 0
               ? DUVA_REASON_CERT_NO_NAME
               : DUVA_REASON_CERT_NAME;
}

static duva_reason of_certificate(long result, X509 *x)
{
    switch (result) {
    case X509_V_ERR_OUT_OF_MEM: case X509_V_ERR_UNSPECIFIED:
        return DUVA_REASON_HANDSHAKE;
    case X509_V_ERR_HOSTNAME_MISMATCH: case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return of_name(x);
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return DUVA_REASON_CERT_EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return DUVA_REASON_CERT_NOT_YET;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return DUVA_REASON_CERT_SELF_SIGNED;
    case X509_V_ERR_EE_KEY_TOO_SMALL: case X509_V_ERR_CA_KEY_TOO_SMALL:
        return DUVA_REASON_CERT_KEY;
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return DUVA_REASON_CERT_SIGNATURE;
    case X509_V_ERR_INVALID_PURPOSE:
        return DUVA_REASON_CERT_PURPOSE;
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
        return DUVA_REASON_CERT_EXTENSION;
    case X509_V_ERR_PERMITTED_VIOLATION: case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
        return DUVA_REASON_CERT_CONSTRAINT;
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
        return DUVA_REASON_CERT_PATH;
    case X509_V_ERR_INVALID_CA: case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
        return DUVA_REASON_CERT_ISSUER;
    default:
        return DUVA_REASON_CERT_UNTRUSTED;
    }
}

/* The alert is handshake_failure: with TLS 1.2 a client certificate may be
 * missing; after a handshake it is about a renegotiation. */
static duva_reason of_failure(const duva_openssl *t)
{
    if (t->shaken && SSL_version(t->ssl) < TLS1_3_VERSION)
        return DUVA_REASON_RENEGOTIATION;
    if (t->asked)
        return DUVA_REASON_CERT_OURS;
    return t->shaken ? DUVA_REASON_HANDSHAKE : DUVA_REASON_TLS_CIPHER;
}

static duva_reason of_handshake(const duva_openssl *t, int reason)
{
    switch (reason) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_NO_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA: case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
        return DUVA_REASON_CERT_OURS;
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
        return of_failure(t);
    case SSL_R_UNSUPPORTED_PROTOCOL: case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_WRONG_VERSION_NUMBER: case SSL_R_VERSION_TOO_LOW:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        return DUVA_REASON_TLS_VERSION;
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
    case SSL_R_WRONG_CIPHER_RETURNED: case SSL_R_UNKNOWN_CIPHER_RETURNED:
    case SSL_R_WRONG_SIGNATURE_TYPE: case SSL_R_WRONG_CURVE:
    case SSL_R_DH_KEY_TOO_SMALL: case SSL_R_NO_CIPHERS_AVAILABLE:
    case SSL_R_UNSUPPORTED_ELLIPTIC_CURVE: case SSL_R_NO_SUITABLE_KEY_SHARE:
        return DUVA_REASON_TLS_CIPHER;
    case SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED:
    case SSL_R_NO_RENEGOTIATION:
        return DUVA_REASON_RENEGOTIATION;
    default:
        return DUVA_REASON_HANDSHAKE;
    }
}

duva_reason duva__openssl_blame(const duva_openssl *t, unsigned long error)
{
    const long result = t->config->dangerously_trust_everyone
                            ? X509_V_OK
                            : SSL_get_verify_result(t->ssl);

    if (result != X509_V_OK)
        return of_certificate(result, t->shown);
    if (t->first >= 0 && !duva__tls_is_record(t->first))
        return DUVA_REASON_NO_TLS;
    return ERR_GET_LIB(error) == ERR_LIB_SSL
               ? of_handshake(t, ERR_GET_REASON(error))
               : DUVA_REASON_HANDSHAKE;
}
