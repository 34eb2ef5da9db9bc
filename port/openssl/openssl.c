/* openssl.c - turns a link and OpenSSL into a secured link. */
/* SPDX-License-Identifier: MIT */
#include "duva/openssl.h"

#include "../tls.h"
#include "blame.h"
#include "shortage.h"
#include "status.h"
#include "trust.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <limits.h>
#include <string.h>

/* ---- a BIO over a link ---- */

static int moved(BIO *bio, int n, int retry)
{
    duva_openssl *t = BIO_get_data(bio);

    BIO_clear_retry_flags(bio);
    if (n > 0)
        return n;
    if (n == 0) {
        BIO_set_flags(bio, retry | BIO_FLAGS_SHOULD_RETRY);
        return -1;
    }
    t->broken = n;
    t->tls.link.cause = t->tls.under->cause;
    return n == DUVA_ERR_CLOSED ? 0 : -1;
}

static int bio_read(BIO *bio, char *buf, int len)
{
    duva_openssl *t = BIO_get_data(bio);
    duva_link    *under = t->tls.under;
    const int     n = under->ops->read(under, buf, (size_t)len);

    if (n > 0 && t->first < 0)
        t->first = (unsigned char)buf[0];
    return moved(bio, n, BIO_FLAGS_READ);
}

static int bio_write(BIO *bio, const char *buf, int len)
{
    duva_link *under = ((duva_openssl *)BIO_get_data(bio))->tls.under;

    return moved(bio, under->ops->write(under, buf, (size_t)len),
                 BIO_FLAGS_WRITE);
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH;
}

static int make_method(duva_openssl *t)
{
    BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "duva link");

    t->method = method;
    return method != NULL && BIO_meth_set_read(method, bio_read)
           && BIO_meth_set_write(method, bio_write)
           && BIO_meth_set_ctrl(method, bio_ctrl);
}

static BIO *bio_over(duva_openssl *t)
{
    BIO *bio = BIO_new(t->method);

    if (bio != NULL) {
        BIO_set_data(bio, t);
        BIO_set_init(bio, 1);
    }
    return bio;
}

/* ---- a context ---- */

static void forget_session(duva_openssl *t)
{
    SSL_SESSION_free(t->session);
    t->session = NULL;
}

/* The server has given us a session to come back with.  Returning 1 keeps
 * the reference. */
static int keep_session(SSL *ssl, SSL_SESSION *session)
{
    duva_openssl *t = SSL_get_app_data(ssl);

    forget_session(t);
    t->session = session;
    return 1;
}

/* What OpenSSL gets by without may lead to a hello that the server does not
 * like: in a handshake it is still the cause then. */
static void note_shortage(duva_openssl *t)
{
    const int code = duva__openssl_shortage();

    if (code != 0)
        t->shortage = code;
}

/* OpenSSL does not keep a certificate that was not verified. */
static void keep_shown(duva_openssl *t, X509 *x)
{
    if (t->shown == NULL && X509_up_ref(x) == 1)
        t->shown = x;
}

/* Called for each certificate.  One that could not be read for want of memory
 * looks like a missing one; the reason is lost later. */
static int look_at(int is_good, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(
        store, SSL_get_ex_data_X509_STORE_CTX_idx());

    if (!is_good) {
        note_shortage(SSL_get_app_data(ssl));
        keep_shown(SSL_get_app_data(ssl), X509_STORE_CTX_get0_cert(store));
    }
    return is_good;
}

/* Called when the server requests a client certificate. */
static int note_wish(SSL *ssl, void *unused)
{
    duva_openssl *t = SSL_get_app_data(ssl);

    (void)unused;
    t->asked = 1;
    return 1;
}

static int make_context(duva_openssl *t)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    if (context == NULL)
        return 0;
    t->context = context;
    SSL_CTX_set_security_level(context, 2);
    SSL_CTX_set_options(context,
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE
                                  | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(
        context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, keep_session);
    SSL_CTX_set_verify(context,
                       t->config->dangerously_trust_everyone ? SSL_VERIFY_NONE
                                                             : SSL_VERIFY_PEER,
                       look_at);
    SSL_CTX_set_cert_cb(context, note_wish, NULL);
    if (!t->config->dangerously_trust_everyone)
        SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
    /* RFC 9325 4.1: no key exchange by the key of the certificate */
    return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION)
           && SSL_CTX_set_cipher_list(context, "DEFAULT:!kRSA")
           && duva__openssl_trust(context, t->config)
           && duva__openssl_identify(context, t->config);
}

/* ---- what went wrong ---- */

/* The cause is OpenSSL's newest error, which fits 32 bits, or what ran
 * short. */
static int failed(duva_openssl *t, duva_reason reason)
{
    const int32_t newest = (int32_t)ERR_peek_last_error();
    int           code;

    note_shortage(t);
    code = t->shortage != 0 ? t->shortage : duva__openssl_lack();

    t->tls.reason = (uint8_t)(code == 0 ? reason : DUVA_REASON_NONE);
    t->tls.link.cause = code == 0 ? newest : code;
    t->broken = code == 0 ? DUVA_ERR_TLS : DUVA_ERR_RESOURCES;
    t->shortage = 0;
    return t->broken;
}

/* With TLS 1.3 the server checks the client certificate after the client has
 * finished the handshake.  Its alert is lost when it closes with unread data:
 * the reset overtakes it. */
static int is_left_for_want_of_ours(const duva_openssl *t)
{
    return t->broken == DUVA_ERR_CLOSED && t->asked && !t->heard
           && t->config->cert_file == NULL;
}

/* What stopped SSL: 0 when it only has to wait, and then for what. */
static int stopped(duva_openssl *t, int n, uint8_t *wants)
{
    switch (SSL_get_error(t->ssl, n)) {
    case SSL_ERROR_WANT_READ:
        *wants = DUVA_CAN_READ;
        return 0;
    case SSL_ERROR_WANT_WRITE:
        *wants = DUVA_CAN_WRITE;
        return 0;
    case SSL_ERROR_ZERO_RETURN:
        return DUVA_ERR_CLOSED;
    default:
        if (t->broken == DUVA_OK)
            return failed(t, duva__openssl_blame(t, ERR_peek_last_error()));
        if (is_left_for_want_of_ours(t))
            return failed(t, DUVA_REASON_CERT_OURS);
        ERR_clear_error();
        return t->broken;
    }
}

/* ---- the handshake ---- */

/* The name that the certificate must carry, in its subjectAltName: the common
 * name does not count (RFC 9525), nor does half a wildcard. */
enum {
    NAMES = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT
            | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
};

static int expect(SSL *ssl, const char *host)
{
    X509_VERIFY_PARAM *param = SSL_get0_param(ssl);

    X509_VERIFY_PARAM_set_hostflags(param, NAMES);
    if (X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1)
        return 1;
    ERR_clear_error();
    return SSL_set_tlsext_host_name(ssl, host) == 1
           && X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

/* Takes the host of this connection, without the dot that may end it, and
 * forgets the session of another one. */
static int take_host(duva_openssl *t, const char *host)
{
    size_t len = host != NULL ? strlen(host) : 0;

    if (len > 0 && host[len - 1] == '.')
        len--;
    if (len == 0 || len >= sizeof(t->host))
        return 0;
    if (strlen(t->host) == len && memcmp(t->host, host, len) == 0)
        return 1;
    forget_session(t);
    memcpy(t->host, host, len);
    t->host[len] = '\0';
    return 1;
}

static int start(duva_openssl *t, duva_link *under, const char *host)
{
    SSL *ssl;
    BIO *bio;

    t->tls.under = under;
    t->broken = t->shortage = DUVA_OK;
    t->shaken = t->asked = t->heard = 0;
    t->first = -1;
    t->read_wants = DUVA_CAN_READ;
    t->write_wants = DUVA_CAN_WRITE;
    if (!take_host(t, host))
        return 0;
    t->ssl = ssl = SSL_new(t->context);
    bio = bio_over(t);
    if (ssl == NULL || bio == NULL) {
        BIO_free(bio);
        return 0;
    }
    SSL_set_bio(ssl, bio, bio);
    return SSL_set_app_data(ssl, t) == 1
           && (t->session == NULL || SSL_set_session(ssl, t->session) == 1)
           && expect(ssl, t->host);
}

/* The same once more: where memory is short the verification may have gone
 * without the name. */
static int is_named(const duva_openssl *t)
{
    X509 *x = SSL_get0_peer_certificate(t->ssl);
    int   n;

    if (t->config->dangerously_trust_everyone)
        return 1;
    if (x == NULL)
        return 0;
    n = X509_check_ip_asc(x, t->host, 0);
    if (n == -2)               /* it is no address */
        n = X509_check_host(x, t->host, 0, NAMES, NULL);
    return n == 1;
}

/* Is this the key of one of the pins? */
static int is_pinned(const duva_tls_config *config, X509 *x)
{
    unsigned char *der = NULL;
    unsigned char  sha256[EVP_MAX_MD_SIZE];
    const int      len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
    const int      found = len > 0
                      && EVP_Digest(der, (size_t)len, sha256, NULL,
                                    EVP_sha256(), NULL) == 1
                      && duva__tls_is_pin(config, sha256);

    OPENSSL_free(der);
    return found;
}

/* Nobody has proved to have the keys of a chain that was not verified, but
 * for that of its first certificate.  A resumed session was checked when it
 * began, with this same config. */
static int pins_hold(const duva_openssl *t)
{
    const duva_tls_config *config = t->config;
    STACK_OF(X509)        *chain = SSL_get0_verified_chain(t->ssl);
    X509                  *first = SSL_get0_peer_certificate(t->ssl);
    int                    i;

    if (config->pin_count == 0 || SSL_session_reused(t->ssl))
        return 1;
    if (config->dangerously_trust_everyone)
        return first != NULL && is_pinned(config, first);
    for (i = 0; i < sk_X509_num(chain); i++)
        if (is_pinned(config, sk_X509_value(chain, i)))
            return 1;
    return 0;
}

/* The hash of the server's certificate (RFC 5929 4.1); what has no hash in
 * its signature has no such binding. */
static size_t hash_of_server(const duva_openssl *t, uint8_t *out)
{
    X509        *x = SSL_get0_peer_certificate(t->ssl);
    int          nid = NID_undef;
    unsigned int len = 0;

    if (x == NULL || !X509_get_signature_info(x, &nid, NULL, NULL, NULL))
        return 0;
    if (nid == NID_md5 || nid == NID_sha1)
        nid = NID_sha256;
    if (nid == NID_undef || EVP_get_digestbynid(nid) == NULL
        || X509_digest(x, EVP_get_digestbynid(nid), out, &len) != 1)
        return 0;
    return len;
}

static void bind_to(duva_openssl *t, duva_tls_info *info)
{
    static const char label[] = "EXPORTER-Channel-Binding";

    if (SSL_version(t->ssl) >= TLS1_3_VERSION) {
        info->binding_type = "tls-exporter";
        info->binding.len = 32;
        if (SSL_export_keying_material(t->ssl, t->binding, 32, label,
                                       sizeof(label) - 1, NULL, 0, 1) != 1)
            info->binding.len = 0;
    } else {
        info->binding_type = "tls-server-end-point";
        info->binding.len = hash_of_server(t, t->binding);
    }
    info->binding.data = t->binding;
    if (info->binding.len == 0)
        info->binding_type = NULL;
}

static void describe(duva_openssl *t, duva_tls_info *info)
{
    memset(info, 0, sizeof(*info));
    info->verified = !t->config->dangerously_trust_everyone;
    info->resumed = (uint8_t)SSL_session_reused(t->ssl);
    info->protocol = SSL_get_version(t->ssl);
    info->cipher = SSL_get_cipher_name(t->ssl);
    bind_to(t, info);
}

/* What OpenSSL does not look at: 1, or a duva_err. */
static int look_again(duva_openssl *t)
{
    duva_reason status;

    if (!is_named(t))
        return failed(t, DUVA_REASON_CERT_NAME);
    status = t->config->dangerously_trust_everyone
                 ? DUVA_REASON_NONE
                 : duva__openssl_status(t->ssl);
    if (status != DUVA_REASON_NONE)
        return failed(t, status);
    return pins_hold(t) ? 1 : failed(t, DUVA_REASON_CERT_PIN);
}

/* A session of a handshake that failed must not be come back with: it would
 * pass for one that was checked. */
static int handshake(duva_tls *base, duva_link *under, const char *host,
                     duva_tls_info *info)
{
    duva_openssl *t = (duva_openssl *)base;
    int           n = t->broken;

    duva__openssl_ready();
    if (n == 0 && t->ssl == NULL && !start(t, under, host))
        n = failed(t, DUVA_REASON_HANDSHAKE);
    if (n == 0) {
        n = SSL_connect(t->ssl);
        n = n == 1 ? look_again(t) : stopped(t, n, &base->want);
        if (n == 0)
            note_shortage(t);
    }
    if (n == 1) {
        t->shaken = 1;
        t->shortage = 0;
        duva__openssl_ready();
        describe(t, info);
        if (info->binding_type == NULL && ERR_peek_error() != 0)
            n = failed(t, DUVA_REASON_HANDSHAKE);
    }
    if (n < 0)
        forget_session(t);
    return n;
}

/* ---- the link ---- */

static int link_read(duva_link *l, void *buf, size_t len)
{
    duva_openssl *t = (duva_openssl *)l;
    int           n;

    duva__openssl_ready();
    n = SSL_read(t->ssl, buf, len < INT_MAX ? (int)len : INT_MAX);
    if (n > 0)
        t->heard = 1;
    return n > 0 ? n : stopped(t, n, &t->read_wants);
}

static int link_write(duva_link *l, const void *buf, size_t len)
{
    duva_openssl *t = (duva_openssl *)l;
    int           n;

    duva__openssl_ready();
    n = SSL_write(t->ssl, buf, len < INT_MAX ? (int)len : INT_MAX);
    return n > 0 ? n : stopped(t, n, &t->write_wants);
}

static int link_wait(duva_link *l, unsigned can, uint32_t ms)
{
    duva_openssl *t = (duva_openssl *)l;

    if ((can & DUVA_CAN_READ) && SSL_pending(t->ssl) > 0)
        return DUVA_CAN_READ;
    return duva__tls_wait(&t->tls, can, t->read_wants, t->write_wants, ms);
}

static void link_close(duva_link *l)
{
    duva_openssl *t = (duva_openssl *)l;

    if (t->ssl != NULL && t->broken == DUVA_OK && SSL_is_init_finished(t->ssl))
        (void)SSL_shutdown(t->ssl); /* the link is closed all the same */
    SSL_free(t->ssl);
    X509_free(t->shown);
    ERR_clear_error();
    t->ssl = t->shown = NULL;
    t->broken = DUVA_OK;
    OPENSSL_cleanse(t->binding, sizeof(t->binding));
    if (t->tls.under != NULL)
        t->tls.under->ops->close(t->tls.under);
    t->tls.under = NULL;
}

/* ---- the adapter ---- */

static int prepare(duva_openssl *t, const duva_tls_config *config)
{
    static const duva_link_ops ops = {
        link_read, link_write, link_wait, link_close
    };

    memset(t, 0, sizeof(*t));
    t->tls.link.ops = &ops;
    t->tls.handshake = handshake;
    t->config = config;
    t->tls.link.cause = ENOMEM; /* if there is no OpenSSL at all */
    return duva__openssl_ready();
}

/* With too little memory OpenSSL makes a context that lacks some algorithms. */
static int made(duva_openssl *t, int is_made)
{
    if (is_made && !duva__is_short(errno)) {
        ERR_clear_error();
        t->tls.link.cause = 0;
        return DUVA_OK;
    }
    failed(t, DUVA_REASON_HANDSHAKE);
    duva_openssl_free(t);
    return t->broken;
}

int duva_openssl_init(duva_openssl *t, const duva_tls_config *config)
{
    if (t == NULL || !duva__tls_is_config(config))
        return DUVA_ERR_ARG;
    if (!prepare(t, config))
        return DUVA_ERR_RESOURCES;
    return made(t, make_method(t) && make_context(t));
}

int duva_openssl_init_like(duva_openssl *t, const duva_openssl *like)
{
    if (t == NULL || like == NULL || like->context == NULL)
        return DUVA_ERR_ARG;
    if (!prepare(t, like->config))
        return DUVA_ERR_RESOURCES;
    if (SSL_CTX_up_ref(like->context))
        t->context = like->context;
    return made(t, t->context != NULL && make_method(t));
}

/* Of a chain that was not verified only the first certificate is kept. */
static X509 *shown(const duva_openssl *t, unsigned n)
{
    const STACK_OF(X509) *chain = t->ssl != NULL
                                      ? SSL_get_peer_cert_chain(t->ssl)
                                      : NULL;

    if (chain == NULL)
        return n == 0 ? t->shown : NULL;
    return n < (unsigned)sk_X509_num(chain) ? sk_X509_value(chain, (int)n)
                                            : NULL;
}

int duva_openssl_chain(const duva_openssl *t, unsigned n, void *der,
                       size_t size)
{
    const X509    *x = shown(t, n);
    unsigned char *at = der;
    const int      len = x != NULL ? i2d_X509(x, NULL) : 0;

    if (len <= 0)
        return 0;
    return (size_t)len <= size ? i2d_X509(x, &at) : DUVA_ERR_SPACE;
}

void duva_openssl_free(duva_openssl *t)
{
    forget_session(t);
    SSL_CTX_free(t->context);
    BIO_meth_free(t->method);
    t->context = t->method = NULL;
}
