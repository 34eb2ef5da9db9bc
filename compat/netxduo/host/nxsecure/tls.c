/* tls.c - NX Secure's sessions and certificates to OpenSSL's. */
/* SPDX-License-Identifier: MIT */

#include <openssl/err.h>
#include <stdlib.h>

#include "certificate.h"
#include "tls.h"

/* What the table with elliptic curves takes on a 32-bit target. */
#define METADATA_SIZE 10128

extern NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;
extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;
extern const USHORT nx_crypto_ecc_supported_groups[];
extern const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[];
extern const UINT nx_crypto_ecc_supported_groups_size;

NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers;
const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc = { 0 };
const USHORT nx_crypto_ecc_supported_groups[] = { 0x0017 };
const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[] = { NX_NULL };
const UINT nx_crypto_ecc_supported_groups_size = 1;

ULONG _nx_secure_tls_created_count;
static NX_SECURE_TLS_SESSION *sessions;

/* ---- sessions ---- */

VOID nx_secure_tls_initialize(VOID)
{
    /* OpenSSL initializes itself; the call belongs to the API. */
}

UINT nx_secure_tls_metadata_size_calculate(
    const NX_SECURE_TLS_CRYPTO *crypto_table, ULONG *metadata_size)
{
    if (crypto_table == NX_NULL || metadata_size == NX_NULL)
        return NX_PTR_ERROR;
    *metadata_size = METADATA_SIZE;
    return NX_SUCCESS;
}

static NX_SECURE_TLS_SESSION **place_of(const NX_SECURE_TLS_SESSION *session)
{
    NX_SECURE_TLS_SESSION **at = &sessions;

    while (*at != NX_NULL && *at != session)
        at = &(*at)->nx_secure_tls_created_next;
    return at;
}

int duva__nx_tls_known(const NX_SECURE_TLS_SESSION *session)
{
    return session != NX_NULL && *place_of(session) != NX_NULL;
}

/* A target does not notice that a session exists already; then its list of
 * sessions is broken.  Here it is an error. */
UINT nx_secure_tls_session_create(NX_SECURE_TLS_SESSION *session_ptr,
                                  const NX_SECURE_TLS_CRYPTO *crypto_table,
                                  VOID *metadata_buffer, ULONG metadata_size)
{
    if (session_ptr == NX_NULL || crypto_table == NX_NULL
        || metadata_buffer == NX_NULL || duva__nx_tls_known(session_ptr))
        return NX_PTR_ERROR;
    if (metadata_size < METADATA_SIZE)
        return NX_INVALID_PARAMETERS;
    memset(session_ptr, 0, sizeof *session_ptr);
    session_ptr->nx_secure_tls_id = NX_SECURE_TLS_ID;
    session_ptr->nx_secure_tls_created_next = sessions;
    sessions = session_ptr;
    _nx_secure_tls_created_count++;
    return NX_SUCCESS;
}

void duva__nx_tls_drop_input(NX_SECURE_TLS_SESSION *session)
{
    NX_SECURE_TLS_SESSION *s = session;

    if (s->nx_secure_tls_host_in != NX_NULL)
        _nx_packet_release(s->nx_secure_tls_host_in);
    s->nx_secure_tls_host_in = NX_NULL;
    s->nx_secure_tls_host_in_read = 0;
}

void duva__nx_tls_reset(NX_SECURE_TLS_SESSION *session)
{
    SSL_free(session->nx_secure_tls_host_ssl);
    session->nx_secure_tls_host_ssl = NULL;
    session->nx_secure_tls_local_session_active = NX_FALSE;
    duva__nx_tls_drop_input(session);
    ERR_clear_error();
}

UINT nx_secure_tls_session_delete(NX_SECURE_TLS_SESSION *tls_session)
{
    if (!duva__nx_tls_known(tls_session))
        return NX_PTR_ERROR;
    duva__nx_tls_reset(tls_session);
    *place_of(tls_session) = tls_session->nx_secure_tls_created_next;
    _nx_secure_tls_created_count--;
    tls_session->nx_secure_tls_id = 0;
    return NX_SUCCESS;
}

UINT nx_secure_tls_ecc_initialize(NX_SECURE_TLS_SESSION *tls_session,
                                  const USHORT *supported_groups,
                                  USHORT supported_group_count,
                                  const NX_CRYPTO_METHOD **curves)
{
    if (!duva__nx_tls_known(tls_session) || supported_groups == NX_NULL
        || supported_group_count == 0 || curves == NX_NULL)
        return NX_PTR_ERROR;
    return NX_SUCCESS;
}

UINT nx_secure_tls_session_packet_buffer_set(NX_SECURE_TLS_SESSION *session_ptr,
                                             UCHAR *buffer_ptr,
                                             ULONG buffer_size)
{
    if (!duva__nx_tls_known(session_ptr) || buffer_ptr == NX_NULL)
        return NX_PTR_ERROR;
    session_ptr->nx_secure_tls_packet_buffer = buffer_ptr;
    session_ptr->nx_secure_tls_packet_buffer_size = buffer_size;
    return NX_SUCCESS;
}

UINT nx_secure_tls_session_packet_pool_set(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_PACKET_POOL *packet_pool)
{
    if (!duva__nx_tls_known(tls_session) || packet_pool == NX_NULL)
        return NX_PTR_ERROR;
    tls_session->nx_secure_tls_packet_pool = packet_pool;
    return NX_SUCCESS;
}

UINT nx_secure_tls_session_time_function_set(NX_SECURE_TLS_SESSION *tls_session,
                                             ULONG (*time_func_ptr)(VOID))
{
    if (!duva__nx_tls_known(tls_session))
        return NX_PTR_ERROR;
    tls_session->nx_secure_tls_session_time_function = time_func_ptr;
    return NX_SUCCESS;
}

UINT nx_secure_tls_session_certificate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_X509_CERT *certificate))
{
    if (!duva__nx_tls_known(tls_session))
        return NX_PTR_ERROR;
    tls_session->nx_secure_tls_session_certificate_callback = func_ptr;
    return NX_SUCCESS;
}

UINT nx_secure_tls_session_sni_extension_set(NX_SECURE_TLS_SESSION *tls_session,
                                             NX_SECURE_X509_DNS_NAME *dns_name)
{
    if (!duva__nx_tls_known(tls_session) || dns_name == NX_NULL)
        return NX_PTR_ERROR;
    tls_session->nx_secure_tls_sni_extension_server_name = dns_name;
    return NX_SUCCESS;
}

UINT nx_secure_tls_session_alert_value_get(NX_SECURE_TLS_SESSION *tls_session,
                                           UINT *alert_level,
                                           UINT *alert_value)
{
    if (tls_session == NX_NULL || alert_level == NX_NULL
        || alert_value == NX_NULL)
        return NX_PTR_ERROR;
    *alert_level = tls_session->nx_secure_tls_received_alert_level;
    *alert_value = tls_session->nx_secure_tls_received_alert_value;
    return NX_SUCCESS;
}

/* ---- certificates ---- */

static NX_SECURE_X509_CERTIFICATE_STORE *store_of(NX_SECURE_TLS_SESSION *s)
{
    return &s->nx_secure_tls_credentials.nx_secure_tls_certificate_store;
}

static UINT add(NX_SECURE_X509_CERT **list, NX_SECURE_X509_CERT *certificate)
{
    if (certificate == NX_NULL
        || certificate->nx_secure_x509_certificate_raw_data == NX_NULL)
        return NX_PTR_ERROR;
    while (*list != NX_NULL)
        list = &(*list)->nx_secure_x509_next_certificate;
    *list = certificate;
    certificate->nx_secure_x509_next_certificate = NX_NULL;
    return NX_SUCCESS;
}

UINT nx_secure_tls_trusted_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_SECURE_X509_CERT *certificate)
{
    return duva__nx_tls_known(tls_session)
               ? add(&store_of(tls_session)
                          ->nx_secure_x509_trusted_certificates,
                     certificate)
               : NX_PTR_ERROR;
}

UINT nx_secure_tls_local_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                         NX_SECURE_X509_CERT *certificate)
{
    return duva__nx_tls_known(tls_session)
               ? add(&store_of(tls_session)
                          ->nx_secure_x509_local_certificates,
                     certificate)
               : NX_PTR_ERROR;
}

UINT nx_secure_tls_remote_certificate_allocate(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_CERT *certificate,
    UCHAR *raw_certificate_buffer, UINT buffer_size)
{
    if (!duva__nx_tls_known(tls_session) || certificate == NX_NULL
        || raw_certificate_buffer == NX_NULL)
        return NX_PTR_ERROR;
    if (tls_session->nx_secure_tls_host_remote_count++ == 0
        || buffer_size < tls_session->nx_secure_tls_host_remote_size)
        tls_session->nx_secure_tls_host_remote_size = buffer_size;
    return NX_SUCCESS;
}

UINT nx_secure_tls_remote_certificate_buffer_allocate(
    NX_SECURE_TLS_SESSION *tls_session, UINT certs_number,
    VOID *certificate_buffer, ULONG buffer_size)
{
    const ULONG header = (ULONG)sizeof(NX_SECURE_X509_CERT);

    if (!duva__nx_tls_known(tls_session) || certificate_buffer == NX_NULL)
        return NX_PTR_ERROR;
    if (certs_number == 0 || buffer_size / certs_number <= header)
        return NX_INVALID_PARAMETERS;
    tls_session->nx_secure_tls_host_remote_count = certs_number;
    tls_session->nx_secure_tls_host_remote_size =
        buffer_size / certs_number - header;
    return NX_SUCCESS;
}

UINT nx_secure_x509_dns_name_initialize(NX_SECURE_X509_DNS_NAME *dns_name,
                                        const UCHAR *name_string,
                                        USHORT length)
{
    if (dns_name == NX_NULL || name_string == NX_NULL || length == 0)
        return NX_PTR_ERROR;
    if (length > NX_SECURE_X509_DNS_NAME_MAX)
        return NX_SECURE_X509_NAME_STRING_TOO_LONG;
    memset(dns_name, 0, sizeof *dns_name);
    memcpy(dns_name->nx_secure_x509_dns_name, name_string, length);
    dns_name->nx_secure_x509_dns_name_length = length;
    return NX_SUCCESS;
}

/* ---- what OpenSSL is told ---- */

/* Would the certificates of the server have found room?  Those for which
 * there is no buffer of their own share the packet buffer. */
static int has_room(const NX_SECURE_TLS_SESSION *s, const STACK_OF(X509) *chain)
{
    const int own = (int)s->nx_secure_tls_host_remote_count;
    ULONG     shared = 0;
    int       i;

    for (i = 0; i < sk_X509_num(chain); i++) {
        const int size = i2d_X509(sk_X509_value(chain, i), NULL);

        if (i < own && (ULONG)size > s->nx_secure_tls_host_remote_size)
            return 0;
        if (i >= own)
            shared += (ULONG)size + (ULONG)sizeof(NX_SECURE_X509_CERT);
    }
    return shared <= s->nx_secure_tls_packet_buffer_size;
}

/* The server's certificates, its own first, for as long as they are
 * examined. */
static UINT examine(NX_SECURE_TLS_SESSION *session, const STACK_OF(X509) *chain)
{
    const int count = sk_X509_num(chain);
    NX_SECURE_X509_CERT *certs = calloc((size_t)count + 1, sizeof *certs);
    NX_SECURE_X509_CERT **list =
        &store_of(session)->nx_secure_x509_remote_certificates;
    UINT status = NX_SECURE_TLS_INVALID_CERTIFICATE;
    int  i, done = certs != NULL && count > 0;

    for (i = 0; done && i < count; i++) {
        UCHAR *der = NULL;
        int    length = i2d_X509(sk_X509_value(chain, i), &der);

        certs[i].nx_secure_x509_certificate_raw_data = der;
        certs[i].nx_secure_x509_certificate_raw_data_length = (UINT)length;
        done = length > 0 && duva__nx_certificate_parse(&certs[i])
               && add(list, &certs[i]) == NX_SUCCESS;
    }
    if (done)
        status = duva__nx_chain_verify(
            store_of(session), certs,
            session->nx_secure_tls_session_time_function);
    if (status == NX_SUCCESS
        && session->nx_secure_tls_session_certificate_callback != NX_NULL)
        status = (UINT)session->nx_secure_tls_session_certificate_callback(
            session, certs);
    *list = NX_NULL;
    for (i = 0; certs != NULL && i < count; i++)
        OPENSSL_free(certs[i].nx_secure_x509_certificate_raw_data);
    free(certs);
    return status;
}

static int verify(X509_STORE_CTX *context, void *arg)
{
    NX_SECURE_TLS_SESSION *session = arg;
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_untrusted(context);
    UINT status = NX_SECURE_TLS_INSUFFICIENT_CERT_SPACE;

    if (has_room(session, chain))
        status = examine(session, chain);
    if (status == NX_SUCCESS)
        return 1;
    session->nx_secure_tls_host_status = status;
    X509_STORE_CTX_set_error(context, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

static int identify(SSL_CTX *context, const NX_SECURE_X509_CERT *c)
{
    const UCHAR *at;
    EVP_PKEY    *key;
    int          done;

    if (c == NX_NULL)
        return 1;
    at = c->nx_secure_x509_host_key;
    key = d2i_AutoPrivateKey(NULL, &at, c->nx_secure_x509_host_key_length);
    done = key != NULL
           && SSL_CTX_use_certificate_ASN1(
                  context, (int)c->nx_secure_x509_certificate_raw_data_length,
                  c->nx_secure_x509_certificate_raw_data)
           && SSL_CTX_use_PrivateKey(context, key);
    EVP_PKEY_free(key);
    return done;
}

SSL *duva__nx_tls_new(NX_SECURE_TLS_SESSION *session)
{
    const NX_SECURE_X509_DNS_NAME *sni =
        session->nx_secure_tls_sni_extension_server_name;
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL     *ssl = NULL;
    char     name[NX_SECURE_X509_DNS_NAME_MAX + 1];

    if (context != NULL
        && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)
        && SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION)
        && identify(context, store_of(session)
                                 ->nx_secure_x509_local_certificates)) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
        SSL_CTX_set_cert_verify_callback(context, verify, session);
        ssl = SSL_new(context);
    }
    SSL_CTX_free(context);     /* the SSL has a reference of its own */
    if (ssl != NULL && sni != NX_NULL) {
        memcpy(name, sni->nx_secure_x509_dns_name,
               sni->nx_secure_x509_dns_name_length);
        name[sni->nx_secure_x509_dns_name_length] = '\0';
        SSL_set_tlsext_host_name(ssl, name);
    }
    ERR_clear_error();
    return ssl;
}
