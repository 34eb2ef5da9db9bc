/* nx_secure_tls_api.h - NX Secure for a client, by OpenSSL. */
/* SPDX-License-Identifier: MIT */
/*
 * What a program needs that gives an add-on of NetX Duo its TLS.  TLS is 1.2,
 * as NX Secure has it unless it is built otherwise; the ciphers are OpenSSL's,
 * whatever table a session is created with.  As on a target only the trusted
 * certificates of a session are trusted, dates count only when there is a
 * function that tells the time, and names only when a callback checks them;
 * a chain is followed by common names, and its signatures alone are verified:
 * that issuers are authorities is for a callback.
 * Memory that is too small is refused, but hardly used.
 *
 * The services check their arguments, in both forms of a build.
 */
#ifndef NX_SECURE_TLS_API_H
#define NX_SECURE_TLS_API_H

#include "nx_api.h"

#ifdef __cplusplus
extern "C" {
#endif

#include "nx_secure_host_const.h"

/* Tables of ciphers and curves: here only names, which a program declares
 * itself, as on a target. */
typedef struct NX_CRYPTO_METHOD_STRUCT {
    UINT nx_crypto_host_unused;
} NX_CRYPTO_METHOD;
typedef struct NX_SECURE_TLS_CRYPTO_STRUCT {
    UINT nx_secure_tls_host_unused;
} NX_SECURE_TLS_CRYPTO;

typedef struct NX_SECURE_X509_DISTINGUISHED_NAME_STRUCT {
    const UCHAR *nx_secure_x509_common_name;
    USHORT nx_secure_x509_common_name_length;
} NX_SECURE_X509_DISTINGUISHED_NAME;

typedef struct NX_SECURE_X509_CERT_STRUCT {
    USHORT nx_secure_x509_version;
    UCHAR *nx_secure_x509_certificate_raw_data; /* DER */
    UINT nx_secure_x509_certificate_raw_buffer_size;
    UINT nx_secure_x509_certificate_raw_data_length;
    NX_SECURE_X509_DISTINGUISHED_NAME nx_secure_x509_issuer;
    NX_SECURE_X509_DISTINGUISHED_NAME nx_secure_x509_distinguished_name;
    const UCHAR *nx_secure_x509_host_key;
    USHORT nx_secure_x509_host_key_length;
    struct NX_SECURE_X509_CERT_STRUCT *nx_secure_x509_next_certificate;
    const UCHAR *nx_secure_x509_extensions_data; /* in the sequence */
    ULONG nx_secure_x509_extensions_data_length;
} NX_SECURE_X509_CERT;

typedef struct NX_SECURE_X509_CERTIFICATE_STORE_STRUCT {
    NX_SECURE_X509_CERT *nx_secure_x509_local_certificates;
    NX_SECURE_X509_CERT *nx_secure_x509_remote_certificates;
    NX_SECURE_X509_CERT *nx_secure_x509_trusted_certificates;
} NX_SECURE_X509_CERTIFICATE_STORE;

typedef struct NX_SECURE_TLS_CREDENTIALS_STRUCT {
    NX_SECURE_X509_CERTIFICATE_STORE nx_secure_tls_certificate_store;
} NX_SECURE_TLS_CREDENTIALS;

typedef struct NX_SECURE_X509_DNS_NAME_STRUCT {
    UCHAR nx_secure_x509_dns_name[NX_SECURE_X509_DNS_NAME_MAX];
    USHORT nx_secure_x509_dns_name_length;
    struct NX_SECURE_X509_DNS_NAME_STRUCT *nx_secure_x509_dns_name_next;
} NX_SECURE_X509_DNS_NAME;

typedef struct NX_SECURE_TLS_SESSION_STRUCT {
    ULONG nx_secure_tls_id;
    NX_TCP_SOCKET *nx_secure_tls_tcp_socket;
    NX_PACKET_POOL *nx_secure_tls_packet_pool;
    UCHAR *nx_secure_tls_packet_buffer;
    ULONG nx_secure_tls_packet_buffer_size;
    UCHAR nx_secure_tls_local_session_active;
    ULONG (*nx_secure_tls_session_time_function)(VOID);
    ULONG (*nx_secure_tls_session_certificate_callback)(
        struct NX_SECURE_TLS_SESSION_STRUCT *session,
        NX_SECURE_X509_CERT *certificate);
    NX_SECURE_X509_DNS_NAME *nx_secure_tls_sni_extension_server_name;
    UINT nx_secure_tls_received_alert_level;
    UINT nx_secure_tls_received_alert_value;
    NX_SECURE_TLS_CREDENTIALS nx_secure_tls_credentials;
    UINT nx_secure_tls_host_remote_count; /* certificates it has room for */
    ULONG nx_secure_tls_host_remote_size; /* of each */
    VOID *nx_secure_tls_host_ssl;
    NX_PACKET *nx_secure_tls_host_in;     /* received, not yet decrypted */
    ULONG nx_secure_tls_host_in_read;
    ULONG nx_secure_tls_host_wait;        /* of the call under way */
    UINT nx_secure_tls_host_status;       /* what stopped it */
    struct NX_SECURE_TLS_SESSION_STRUCT *nx_secure_tls_created_next;
} NX_SECURE_TLS_SESSION;

/* Sessions created and not deleted. */
extern ULONG _nx_secure_tls_created_count;

VOID nx_secure_tls_initialize(VOID);
UINT nx_secure_tls_metadata_size_calculate(
    const NX_SECURE_TLS_CRYPTO *crypto_table, ULONG *metadata_size);
UINT nx_secure_tls_session_create(NX_SECURE_TLS_SESSION *session_ptr,
                                  const NX_SECURE_TLS_CRYPTO *crypto_table,
                                  VOID *metadata_buffer, ULONG metadata_size);
UINT nx_secure_tls_session_delete(NX_SECURE_TLS_SESSION *tls_session);
UINT nx_secure_tls_ecc_initialize(NX_SECURE_TLS_SESSION *tls_session,
                                  const USHORT *supported_groups,
                                  USHORT supported_group_count,
                                  const NX_CRYPTO_METHOD **curves);
UINT nx_secure_tls_session_packet_buffer_set(NX_SECURE_TLS_SESSION *session_ptr,
                                             UCHAR *buffer_ptr,
                                             ULONG buffer_size);
UINT nx_secure_tls_session_packet_pool_set(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_PACKET_POOL *packet_pool);
UINT nx_secure_tls_session_time_function_set(NX_SECURE_TLS_SESSION *tls_session,
                                             ULONG (*time_func_ptr)(VOID));
UINT nx_secure_tls_session_certificate_callback_set(
    NX_SECURE_TLS_SESSION *tls_session,
    ULONG (*func_ptr)(NX_SECURE_TLS_SESSION *session,
                      NX_SECURE_X509_CERT *certificate));
UINT nx_secure_tls_session_sni_extension_set(NX_SECURE_TLS_SESSION *tls_session,
                                             NX_SECURE_X509_DNS_NAME *dns_name);
UINT nx_secure_tls_session_alert_value_get(NX_SECURE_TLS_SESSION *tls_session,
                                           UINT *alert_level,
                                           UINT *alert_value);
UINT nx_secure_tls_trusted_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                           NX_SECURE_X509_CERT *certificate);
UINT nx_secure_tls_local_certificate_add(NX_SECURE_TLS_SESSION *tls_session,
                                         NX_SECURE_X509_CERT *certificate);
UINT nx_secure_tls_remote_certificate_allocate(
    NX_SECURE_TLS_SESSION *tls_session, NX_SECURE_X509_CERT *certificate,
    UCHAR *raw_certificate_buffer, UINT buffer_size);
UINT nx_secure_tls_remote_certificate_buffer_allocate(
    NX_SECURE_TLS_SESSION *tls_session, UINT certs_number,
    VOID *certificate_buffer, ULONG buffer_size);
UINT nx_secure_tls_session_start(NX_SECURE_TLS_SESSION *tls_session,
                                 NX_TCP_SOCKET *tcp_socket, UINT wait_option);
UINT nx_secure_tls_session_end(NX_SECURE_TLS_SESSION *tls_session,
                               UINT wait_option);
UINT nx_secure_tls_packet_allocate(NX_SECURE_TLS_SESSION *tls_session,
                                   NX_PACKET_POOL *pool_ptr,
                                   NX_PACKET **packet_ptr, ULONG wait_option);
UINT nx_secure_tls_session_send(NX_SECURE_TLS_SESSION *tls_session,
                                NX_PACKET *packet_ptr, ULONG wait_option);
UINT nx_secure_tls_session_receive(NX_SECURE_TLS_SESSION *tls_session,
                                   NX_PACKET **packet_ptr_ptr,
                                   ULONG wait_option);

UINT nx_secure_x509_certificate_initialize(
    NX_SECURE_X509_CERT *certificate, UCHAR *certificate_data, USHORT length,
    UCHAR *raw_data_buffer, USHORT buffer_size, const UCHAR *private_key,
    USHORT priv_len, UINT private_key_type);
UINT nx_secure_x509_dns_name_initialize(NX_SECURE_X509_DNS_NAME *dns_name,
                                        const UCHAR *name_string,
                                        USHORT length);
UINT nx_secure_x509_common_name_dns_check(NX_SECURE_X509_CERT *certificate,
                                          const UCHAR *dns_tld,
                                          UINT dns_tld_length);

/* NX Secure has no other name for this. */
UINT _nx_secure_x509_store_certificate_find(
    NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_DISTINGUISHED_NAME *name, UINT cert_id,
    NX_SECURE_X509_CERT **certificate, UINT *location);

#ifdef __cplusplus
}
#endif
#endif
