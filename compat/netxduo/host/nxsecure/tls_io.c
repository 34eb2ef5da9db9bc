/* tls_io.c - plain packets to encrypted ones and back, by OpenSSL. */
/* SPDX-License-Identifier: MIT */

#include <limits.h>
#include <openssl/err.h>

#include "tls.h"

/* A record's header and initial vector, for which a packet has room. */
#define RECORD_HEAD (5 + 16)

/* ---- what OpenSSL has written, to packets ---- */

static ULONG packet_type(const NX_TCP_SOCKET *socket)
{
    return socket->nx_tcp_socket_connect_ip.nxd_ip_version == NX_IP_VERSION_V6
               ? NX_IPv6_TCP_PACKET
               : NX_IPv4_TCP_PACKET;
}

static UINT send_piece(NX_SECURE_TLS_SESSION *s, UCHAR *data, ULONG size)
{
    const ULONG wait = s->nx_secure_tls_host_wait;
    NX_PACKET  *packet;
    UINT status = _nx_packet_allocate(s->nx_secure_tls_packet_pool, &packet,
                                      packet_type(s->nx_secure_tls_tcp_socket),
                                      wait);

    if (status != NX_SUCCESS)
        return status;
    status = _nx_packet_data_append(packet, data, size,
                                    s->nx_secure_tls_packet_pool, wait);
    if (status == NX_SUCCESS)
        status = _nx_tcp_socket_send(s->nx_secure_tls_tcp_socket, packet, wait);
    if (status != NX_SUCCESS)
        _nx_packet_release(packet);
    return status;
}

static UINT flush(NX_SECURE_TLS_SESSION *s)
{
    BIO  *out = SSL_get_wbio(s->nx_secure_tls_host_ssl);
    UCHAR piece[512];
    int   n;
    UINT  status = NX_SUCCESS;

    while (status == NX_SUCCESS && (n = BIO_read(out, piece, sizeof piece)) > 0)
        status = send_piece(s, piece, (ULONG)n);
    return status;
}

/* ---- packets received, to OpenSSL ---- */

static int bio_read(BIO *bio, char *buf, int len)
{
    NX_SECURE_TLS_SESSION *s = BIO_get_data(bio);
    ULONG size = 0;
    UINT  status = flush(s);

    BIO_clear_retry_flags(bio);
    if (status == NX_SUCCESS && s->nx_secure_tls_host_in == NX_NULL)
        status = _nx_tcp_socket_receive(s->nx_secure_tls_tcp_socket,
                                        &s->nx_secure_tls_host_in,
                                        s->nx_secure_tls_host_wait);
    if (status != NX_SUCCESS) {
        s->nx_secure_tls_host_status = status;
        if (status == NX_NO_PACKET)
            BIO_set_retry_read(bio);
        return -1;
    }
    _nx_packet_data_extract_offset(s->nx_secure_tls_host_in,
                                   s->nx_secure_tls_host_in_read, buf,
                                   (ULONG)len, &size);
    s->nx_secure_tls_host_in_read += size;
    if (s->nx_secure_tls_host_in_read
        == s->nx_secure_tls_host_in->nx_packet_length)
        duva__nx_tls_drop_input(s);
    return (int)size;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    NX_PARAMETER_NOT_USED(bio);
    NX_PARAMETER_NOT_USED(number);
    NX_PARAMETER_NOT_USED(pointer);
    return command == BIO_CTRL_FLUSH;
}

static BIO *input_of(NX_SECURE_TLS_SESSION *s)
{
    static BIO_METHOD *method;
    BIO *bio = NULL;

    if (method == NULL) {
        method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "socket of NetX Duo");
        BIO_meth_set_read(method, bio_read);
        BIO_meth_set_ctrl(method, bio_ctrl);
    }
    bio = BIO_new(method);
    if (bio != NULL) {
        BIO_set_data(bio, s);
        BIO_set_init(bio, 1);
    }
    return bio;
}

/* ---- what went wrong ---- */

static void hear_alert(const SSL *ssl, int where, int what)
{
    NX_SECURE_TLS_SESSION *s = SSL_get_app_data(ssl);

    if (where != SSL_CB_READ_ALERT)
        return;
    s->nx_secure_tls_received_alert_level = (UINT)what >> 8;
    s->nx_secure_tls_received_alert_value = (UINT)what & 0xFF;
    s->nx_secure_tls_host_status = NX_SECURE_TLS_ALERT_RECEIVED;
}

/* As on a target a session that has failed is reset; an alert tells the other
 * side. */
static UINT failed(NX_SECURE_TLS_SESSION *s, UINT otherwise)
{
    UINT status = s->nx_secure_tls_host_status;

    if (status == NX_SUCCESS)
        status = otherwise;
    s->nx_secure_tls_host_wait = NX_NO_WAIT;
    flush(s);
    duva__nx_tls_reset(s);
    return status;
}

/* Something came that is no record. */
static int is_no_tls(void)
{
    return ERR_GET_REASON(ERR_peek_error()) == SSL_R_WRONG_VERSION_NUMBER;
}

static void begin(NX_SECURE_TLS_SESSION *s, ULONG wait)
{
    ERR_clear_error();
    s->nx_secure_tls_host_wait = wait;
    s->nx_secure_tls_host_status = NX_SUCCESS;
}

/* ---- the services ---- */

UINT nx_secure_tls_session_start(NX_SECURE_TLS_SESSION *tls_session,
                                 NX_TCP_SOCKET *tcp_socket, UINT wait_option)
{
    NX_SECURE_TLS_SESSION *s = tls_session;
    UINT status = NX_SUCCESS;
    BIO *in, *out;
    SSL *ssl;

    NX_THREADS_ONLY_CALLER_CHECKING
    if (tcp_socket == NX_NULL)
        return NX_PTR_ERROR;
    if (!duva__nx_tls_known(s))
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    if (s->nx_secure_tls_packet_buffer_size == 0)
        return NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL;
    duva__nx_tls_reset(s);
    s->nx_secure_tls_tcp_socket = tcp_socket;
    if (s->nx_secure_tls_packet_pool == NX_NULL)
        s->nx_secure_tls_packet_pool =
            tcp_socket->nx_tcp_socket_ip_ptr->nx_ip_default_packet_pool;
    begin(s, wait_option);
    ssl = duva__nx_tls_new(s);
    in = input_of(s);
    out = BIO_new(BIO_s_mem());
    if (ssl == NULL || in == NULL || out == NULL) {
        BIO_free(in);
        BIO_free(out);
        SSL_free(ssl);
        return NX_SECURE_TLS_HANDSHAKE_FAILURE;
    }
    SSL_set_bio(ssl, in, out);
    SSL_set_app_data(ssl, s);
    SSL_set_info_callback(ssl, hear_alert);
    s->nx_secure_tls_host_ssl = ssl;
    if (SSL_connect(ssl) != 1)
        return failed(s, is_no_tls() ? NX_SECURE_TLS_UNKNOWN_TLS_VERSION
                                     : NX_SECURE_TLS_HANDSHAKE_FAILURE);
    status = flush(s);
    if (status != NX_SUCCESS)
        duva__nx_tls_reset(s);
    s->nx_secure_tls_local_session_active = status == NX_SUCCESS;
    return status;
}

UINT nx_secure_tls_session_end(NX_SECURE_TLS_SESSION *tls_session,
                               UINT wait_option)
{
    UINT status = NX_SUCCESS;

    NX_THREADS_ONLY_CALLER_CHECKING
    if (!duva__nx_tls_known(tls_session))
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    begin(tls_session, wait_option);
    if (tls_session->nx_secure_tls_host_ssl != NULL) {
        SSL_shutdown(tls_session->nx_secure_tls_host_ssl);
        status = flush(tls_session);
    }
    duva__nx_tls_reset(tls_session);
    return status;
}

static int is_started(const NX_SECURE_TLS_SESSION *session)
{
    return duva__nx_tls_known(session)
           && session->nx_secure_tls_host_ssl != NULL;
}

UINT nx_secure_tls_packet_allocate(NX_SECURE_TLS_SESSION *tls_session,
                                   NX_PACKET_POOL *pool_ptr,
                                   NX_PACKET **packet_ptr, ULONG wait_option)
{
    NX_PACKET *packet;
    UINT       status;

    NX_THREADS_ONLY_CALLER_CHECKING
    if (!is_started(tls_session)
        || tls_session->nx_secure_tls_tcp_socket->nx_tcp_socket_state
               != NX_TCP_ESTABLISHED)
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    status = _nx_packet_allocate(
        pool_ptr, &packet, packet_type(tls_session->nx_secure_tls_tcp_socket),
        wait_option);
    if (status != NX_SUCCESS)
        return status;
    if (packet->nx_packet_data_end - packet->nx_packet_prepend_ptr
        < RECORD_HEAD + 2) {
        _nx_packet_release(packet);
        return NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL;
    }
    packet->nx_packet_prepend_ptr += RECORD_HEAD;
    packet->nx_packet_append_ptr = packet->nx_packet_prepend_ptr;
    *packet_ptr = packet;
    return NX_SUCCESS;
}

/* Puts a record in the place of the text that it was made of. */
static UINT refill(NX_SECURE_TLS_SESSION *s, NX_PACKET *packet)
{
    BIO  *out = SSL_get_wbio(s->nx_secure_tls_host_ssl);
    char *record;
    const long size = BIO_get_mem_data(out, &record);
    UINT  status;

#ifndef NX_DISABLE_PACKET_CHAIN
    if (packet->nx_packet_next != NX_NULL)
        _nx_packet_release(packet->nx_packet_next);
    packet->nx_packet_next = packet->nx_packet_last = NX_NULL;
#endif
    packet->nx_packet_prepend_ptr -= RECORD_HEAD;
    packet->nx_packet_append_ptr = packet->nx_packet_prepend_ptr;
    packet->nx_packet_length = 0;
    status = _nx_packet_data_append(packet, record, (ULONG)size,
                                    s->nx_secure_tls_packet_pool,
                                    s->nx_secure_tls_host_wait);
    (void)BIO_reset(out);
    return status;
}

UINT nx_secure_tls_session_send(NX_SECURE_TLS_SESSION *tls_session,
                                NX_PACKET *packet_ptr, ULONG wait_option)
{
    NX_SECURE_TLS_SESSION *s = tls_session;
    UCHAR text[16384];
    ULONG size;
    UINT  status;

    NX_THREADS_ONLY_CALLER_CHECKING
    if (packet_ptr == NX_NULL)
        return NX_PTR_ERROR;
    if (packet_ptr->nx_packet_length == 0)
        return NX_INVALID_PACKET;
    if (!is_started(s))
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    if (packet_ptr->nx_packet_length > sizeof text)
        return NX_SECURE_TLS_RECORD_OVERFLOW;
    begin(s, wait_option);
    _nx_packet_data_extract_offset(packet_ptr, 0, text, sizeof text, &size);
    if (SSL_write(s->nx_secure_tls_host_ssl, text, (int)size) != (int)size)
        return failed(s, NX_SECURE_TLS_TCP_SEND_FAILED);
    status = refill(s, packet_ptr);
    if (status == NX_SUCCESS)
        status = _nx_tcp_socket_send(s->nx_secure_tls_tcp_socket, packet_ptr,
                                     wait_option);
    if (status != NX_SUCCESS)
        duva__nx_tls_reset(s);
    return status;
}

/* A packet with the text of a record.  As on a target, the session is over
 * when there is none. */
static UINT wrap(NX_SECURE_TLS_SESSION *s, UCHAR *text, ULONG size,
                 NX_PACKET **packet_ptr)
{
    NX_PACKET *packet;
    UINT status = _nx_packet_allocate(s->nx_secure_tls_packet_pool, &packet, 0,
                                      s->nx_secure_tls_host_wait);

    if (status != NX_SUCCESS)
        return failed(s, status);
    status = _nx_packet_data_append(packet, text, size,
                                    s->nx_secure_tls_packet_pool,
                                    s->nx_secure_tls_host_wait);
    if (status == NX_SUCCESS) {
        *packet_ptr = packet;
        return NX_SUCCESS;
    }
    _nx_packet_release(packet);
    return failed(s, status);
}

UINT nx_secure_tls_session_receive(NX_SECURE_TLS_SESSION *tls_session,
                                   NX_PACKET **packet_ptr_ptr,
                                   ULONG wait_option)
{
    NX_SECURE_TLS_SESSION *s = tls_session;
    const ULONG size = s->nx_secure_tls_packet_buffer_size;
    int n;

    NX_THREADS_ONLY_CALLER_CHECKING
    *packet_ptr_ptr = NX_NULL;
    if (!is_started(s))
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
    begin(s, wait_option);
    n = SSL_read(s->nx_secure_tls_host_ssl, s->nx_secure_tls_packet_buffer,
                 size < INT_MAX ? (int)size : INT_MAX);
    if (n <= 0 && s->nx_secure_tls_host_status == NX_NO_PACKET)
        return NX_NO_PACKET;
    if (n <= 0)
        return failed(s, NX_SECURE_TLS_HASH_MAC_VERIFY_FAILURE);
    if (SSL_pending(s->nx_secure_tls_host_ssl) > 0)
        return failed(s, NX_SECURE_TLS_PACKET_BUFFER_TOO_SMALL);
    return wrap(s, s->nx_secure_tls_packet_buffer, (ULONG)n, packet_ptr_ptr);
}
