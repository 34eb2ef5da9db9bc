/* status.c - an answer of OCSP that a server sends along into yes or no. */
/* SPDX-License-Identifier: MIT */
#include "status.h"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

enum {
    CLOCKS_DIFFER = 300,       /* seconds */
    NO_OLDER_THAN = 86400      /* where it does not say how long it holds */
};

/* RFC 7633: the certificate promises that an answer comes with it. */
static int is_promised(const X509 *x)
{
    int          critical = 0, found = 0, i;
    TLS_FEATURE *all = X509_get_ext_d2i(x, NID_tlsfeature, &critical, NULL);

    if (all == NULL)
        return critical != -1; /* -1: there is none; else it is broken */
    for (i = 0; i < sk_ASN1_INTEGER_num(all); i++)
        if (ASN1_INTEGER_get(sk_ASN1_INTEGER_value(all, i))
            == TLSEXT_TYPE_status_request)
            found = 1;
    TLS_FEATURE_free(all);
    return found;
}

/* Is this one about x?  Who made it chose the hash of its names. */
static int is_about(OCSP_SINGLERESP *single, const X509 *x, const X509 *issuer)
{
    const OCSP_CERTID *theirs = OCSP_SINGLERESP_get0_id(single);
    OCSP_CERTID       *ours;
    ASN1_OBJECT       *hash = NULL;
    int                same;

    if (OCSP_id_get0_info(NULL, &hash, NULL, NULL, (OCSP_CERTID *)theirs) != 1
        || EVP_get_digestbyobj(hash) == NULL)
        return 0;
    ours = OCSP_cert_to_id(EVP_get_digestbyobj(hash), x, issuer);
    same = ours != NULL && OCSP_id_cmp(ours, theirs) == 0;
    OCSP_CERTID_free(ours);
    return same;
}

static duva_reason read_one(OCSP_SINGLERESP *single)
{
    ASN1_GENERALIZEDTIME *from = NULL, *to = NULL;
    const int status = OCSP_single_get0_status(single, NULL, NULL, &from, &to);

    if (status == V_OCSP_CERTSTATUS_REVOKED)
        return DUVA_REASON_CERT_REVOKED;
    return status == V_OCSP_CERTSTATUS_GOOD
                   && OCSP_check_validity(from, to, CLOCKS_DIFFER,
                                          to != NULL ? -1 : NO_OLDER_THAN)
                          == 1
               ? DUVA_REASON_NONE
               : DUVA_REASON_CERT_STATUS;
}

static duva_reason read_signed(OCSP_BASICRESP *basic, SSL *ssl)
{
    STACK_OF(X509)  *chain = SSL_get0_verified_chain(ssl);
    X509_STORE      *store = SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl));
    OCSP_SINGLERESP *single;
    int              i;

    if (sk_X509_num(chain) < 2
        || OCSP_basic_verify(basic, chain, store, 0) != 1)
        return DUVA_REASON_CERT_STATUS;
    for (i = 0; i < OCSP_resp_count(basic); i++) {
        single = OCSP_resp_get0(basic, i);
        if (is_about(single, sk_X509_value(chain, 0), sk_X509_value(chain, 1)))
            return read_one(single);
    }
    return DUVA_REASON_CERT_STATUS;
}

static duva_reason read_answer(const unsigned char *der, long len, SSL *ssl)
{
    OCSP_RESPONSE  *answer = d2i_OCSP_RESPONSE(NULL, &der, len);
    OCSP_BASICRESP *basic = NULL;
    duva_reason     reason = DUVA_REASON_CERT_STATUS;

    if (answer != NULL
        && OCSP_response_status(answer) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
        basic = OCSP_response_get1_basic(answer);
    if (basic != NULL)
        reason = read_signed(basic, ssl);
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(answer);
    return reason;
}

duva_reason duva__openssl_status(SSL *ssl)
{
    unsigned char *der = NULL;
    const long     len = SSL_get_tlsext_status_ocsp_resp(ssl, &der);
    const X509    *x = SSL_get0_peer_certificate(ssl);

    if (SSL_session_reused(ssl) || x == NULL)
        return DUVA_REASON_NONE;
    if (der != NULL && len > 0)
        return read_answer(der, len, ssl);
    return is_promised(x) ? DUVA_REASON_CERT_STATUS : DUVA_REASON_NONE;
}
