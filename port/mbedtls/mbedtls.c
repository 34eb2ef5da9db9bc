/* mbedtls.c - turns a link and mbedTLS into a secured link. */
/* SPDX-License-Identifier: MIT */
#include "duva/mbedtls.h"

#include "../resources.h"
#include "../tls.h"

#include <mbedtls/md.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/platform.h>
#include <mbedtls/platform_util.h>

#include <limits.h>
#include <string.h>

#include "blame.h"
#include "certificate.h"
#include "records.h"
#include "strict.h"
#include "trust.h"
#include "version.h"

#if !defined(MBEDTLS_SSL_PROTO_TLS1_2) || !defined(MBEDTLS_HAVE_TIME_DATE) \
    || !defined(MBEDTLS_SSL_SERVER_NAME_INDICATION) \
    || !defined(MBEDTLS_SSL_KEEP_PEER_CERTIFICATE)
#error "mbedTLS lacks what it takes to check a server: see port/mbedtls/README"
#endif

/* ---- a link as mbedTLS's input and output ---- */

/* An orderly end is an error here as well: mbedTLS would call it an end. */
static int moved(duva_mbedtls *t, int n, int retry)
{
    if (n > 0)
        return n;
    if (n == 0)
        return retry;
    t->broken = n;
    t->tls.link.cause = t->tls.under->cause;
    return MBEDTLS_ERR_NET_CONN_RESET;
}

static int take(void *context, unsigned char *buf, size_t len)
{
    duva_mbedtls *t = context;
    duva_link    *under = t->tls.under;
    const int     n = under->ops->read(under, buf, len);

    if (n > 0)
        duva__mbedtls_received(t, buf, (size_t)n);
    return moved(t, n, MBEDTLS_ERR_SSL_WANT_READ);
}

static int give(void *context, const unsigned char *buf, size_t len)
{
    duva_mbedtls *t = context;
    duva_link    *under = t->tls.under;
    const int     n = under->ops->write(under, buf, len);

    duva__mbedtls_sent(t, buf, len, n);
    return moved(t, n, MBEDTLS_ERR_SSL_WANT_WRITE);
}

/* ---- what is checked ---- */

static int is_pinned(const duva_tls_config *config, const mbedtls_x509_crt *x)
{
    const duva_span key = { .data = x->pk_raw.p, .len = x->pk_raw.len };
    uint8_t         sha256[DUVA_DIGEST_MAX];

    return duva_crypto_mbedtls.hash(DUVA_SHA256, &key, 1, sha256) == 32
           && duva__tls_is_pin(config, sha256);
}

/* mbedTLS does not keep a certificate that was not verified.  Without memory it
 * is not available later. */
static void keep_shown(duva_mbedtls *t, const mbedtls_x509_crt *x)
{
    t->shown = mbedtls_calloc(1, x->raw.len);
    if (t->shown == NULL)
        return;
    memcpy(t->shown, x->raw.p, x->raw.len);
    t->shown_len = x->raw.len;
}

static void forget_shown(duva_mbedtls *t)
{
    mbedtls_free(t->shown);
    t->shown = NULL;
}

/* Nobody has proved to have the keys of a chain that was not verified, but
 * for that of its first certificate. */
static int look_without_trust(duva_mbedtls *t, const mbedtls_x509_crt *x,
                              int depth, uint32_t *flags)
{
    *flags = 0;
    t->seen = 1;
    if (depth == 0 && is_pinned(t->config, x))
        t->pinned = 1;
    return 0;
}

/* mbedTLS shows the chain from its top to the server's own certificate, with
 * what it found.  What it does not look for itself is added here. */
static int look_at(void *context, mbedtls_x509_crt *x, int depth,
                   uint32_t *flags)
{
    const uint32_t dates = MBEDTLS_X509_BADCERT_EXPIRED
                           | MBEDTLS_X509_BADCERT_FUTURE;
    duva_mbedtls  *t = context;
    const int      root = duva__certificate_is_root(x);

    if (t->config->dangerously_trust_everyone)
        return look_without_trust(t, x, depth, flags);
    *flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_CN_MISMATCH;
    if (!t->seen && !root)
        *flags |= MBEDTLS_X509_BADCERT_NOT_TRUSTED;
    if (!duva__certificate_serves(x))
        *flags |= MBEDTLS_X509_BADCERT_EXT_KEY_USAGE;
    if ((*flags & ~dates) != 0 && t->untrusted == 0)
        t->untrusted = (uint8_t)(!t->seen && depth == 0 && root
                                     ? DUVA_REASON_CERT_SELF_SIGNED
                                     : duva__certificate_flaw(x, depth, *flags,
                                                              &t->ca));
    if ((*flags & dates) != 0 && t->dated == 0)
        t->dated = (*flags & MBEDTLS_X509_BADCERT_FUTURE) != 0
                       ? DUVA_REASON_CERT_NOT_YET
                       : DUVA_REASON_CERT_EXPIRED;
    if (depth == 0)
        t->misnamed = (uint8_t)duva__certificate_name(x, t->host);
    if (t->misnamed != DUVA_REASON_NONE)
        *flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
    if (depth == 0 && t->shown == NULL
        && (t->untrusted != 0 || t->dated != 0 || t->misnamed != 0))
        keep_shown(t, x);
    if (is_pinned(t->config, x))
        t->pinned = 1;
    t->seen = 1;
    return 0;
}

/* A source that always gives the same is broken (NIST SP 800-90B 4.4.1). */
static int try_random(int (*from)(void *, unsigned char *, size_t),
                      void *context)
{
    unsigned char some[32];
    int           n = from(context, some, 16);

    if (n == 0)
        n = from(context, some + 16, 16);
    if (n == 0 && memcmp(some, some + 16, 16) == 0)
        n = MBEDTLS_ERR_SSL_INTERNAL_ERROR;
    mbedtls_platform_zeroize(some, sizeof(some));
    return n;
}

static int make_settings(duva_mbedtls *t, duva_mbedtls_random *from,
                         void *context)
{
    int n = duva__mbedtls_begin();

    if (n == 0)
        n = mbedtls_ssl_config_defaults(&t->settings, MBEDTLS_SSL_IS_CLIENT,
                                        MBEDTLS_SSL_TRANSPORT_STREAM,
                                        MBEDTLS_SSL_PRESET_DEFAULT);
    if (n == 0 && from != NULL)
        n = try_random(from, context);
    if (n == 0)
        n = duva__mbedtls_set_random(t, from, context);
    if (n != 0)
        return n;
    duva__mbedtls_be_strict(&t->settings);
    mbedtls_ssl_conf_verify(&t->settings, look_at, t);
    mbedtls_ssl_conf_ca_chain(&t->settings, &t->ca, NULL);
    mbedtls_ssl_conf_authmode(&t->settings,
                              t->config->dangerously_trust_everyone
                                  ? MBEDTLS_SSL_VERIFY_OPTIONAL
                                  : MBEDTLS_SSL_VERIFY_REQUIRED);
    n = duva__mbedtls_trust(t);
    return n != 0 ? n : duva__mbedtls_identify(t, from, context);
}

/* ---- what went wrong ---- */

/* The errno of what ran short since it was 0, or 0.  A certificate that could
 * not be looked at for want of memory is for mbedTLS one that is not trusted:
 * its error alone does not tell. */
static int shortage(int error)
{
    const int left = errno;

    if (duva__is_short(left))
        return left;
    return duva__mbedtls_is_of_memory(error) ? ENOMEM : 0;
}

static int failed(duva_mbedtls *t, int error, duva_reason reason)
{
    const int code = shortage(error);

    t->tls.reason = (uint8_t)(code == 0 ? reason : DUVA_REASON_NONE);
    t->tls.link.cause = code == 0 ? error : code;
    t->broken = code == 0 ? DUVA_ERR_TLS : DUVA_ERR_RESOURCES;
    return t->broken;
}

/* The alert is lost when the server closes with unread data: the reset
 * overtakes it. */
static int is_left_for_want_of_ours(const duva_mbedtls *t)
{
    return t->broken == DUVA_ERR_CLOSED && t->asked
           && !duva__mbedtls_is_over(t)
           && t->config->cert_file == NULL;
}

/* What stopped mbedTLS: 0 when it only has to wait, and then for what. */
static int stopped(duva_mbedtls *t, int error, uint8_t *wants)
{
    switch (error) {
    case MBEDTLS_ERR_SSL_WANT_READ:
        *wants = DUVA_CAN_READ;
        return 0;
    case MBEDTLS_ERR_SSL_WANT_WRITE:
        *wants = DUVA_CAN_WRITE;
        return 0;
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY:
        t->ended = 1;
        return DUVA_ERR_CLOSED;
    default:
        if (is_left_for_want_of_ours(t))
            return failed(t, error, DUVA_REASON_CERT_OURS);
        return t->broken != DUVA_OK
                   ? t->broken
                   : failed(t, error, duva__mbedtls_blame(t, error));
    }
}

/* ---- the handshake ---- */

static void forget_session(duva_mbedtls *t)
{
    mbedtls_ssl_session_free(&t->session);
    mbedtls_ssl_session_init(&t->session);
    t->has_session = 0;
}

/* Takes the host of this connection, without the dot that may end it, and
 * forgets the session of another one. */
static int take_host(duva_mbedtls *t, const char *host)
{
    size_t len = host != NULL ? strlen(host) : 0;

    if (len > 0 && host[len - 1] == '.')
        len--;
    if (len == 0 || len >= sizeof(t->host))
        return MBEDTLS_ERR_SSL_BAD_INPUT_DATA;
    if (strlen(t->host) == len && memcmp(t->host, host, len) == 0)
        return 0;
    forget_session(t);
    memcpy(t->host, host, len);
    t->host[len] = '\0';
    return 0;
}

static int start(duva_mbedtls *t, duva_link *under, const char *host)
{
    uint8_t address[16];
    int     n;

    t->tls.under = under;
    t->broken = DUVA_OK;
    t->writing = 0;
    t->ended = t->offered = t->spoken = 0;
    t->pinned = t->seen = t->untrusted = t->misnamed = t->dated = 0;
    t->read_wants = DUVA_CAN_READ;
    t->write_wants = DUVA_CAN_WRITE;
    n = take_host(t, host);
    if (n == 0)
        n = mbedtls_ssl_setup(&t->ssl, &t->settings);
    if (n != 0)
        return n;
    t->begun = 1;
    mbedtls_ssl_set_bio(&t->ssl, t, give, take, NULL);
    duva__mbedtls_records_begin(t);
    /* an address is no name to ask for (RFC 6066 3) */
    n = mbedtls_ssl_set_hostname(
        &t->ssl, duva__address_parse(address, t->host) == 0 ? t->host : NULL);
    if (n == 0 && t->has_session) {
        n = mbedtls_ssl_set_session(&t->ssl, &t->session);
        t->offered = 1;
    }
    return n;
}

/* The hash of the server's certificate (RFC 5929 4.1). */
static int bind_to_server(duva_mbedtls *t, duva_tls_info *info)
{
    const mbedtls_x509_crt  *x = mbedtls_ssl_get_peer_cert(&t->ssl);
    const mbedtls_md_info_t *md;
    int                      n;

    md = x != NULL ? mbedtls_md_info_from_type(duva__certificate_hash(x))
                   : NULL;
    if (md == NULL)
        return 0;
    n = mbedtls_md(md, x->raw.p, x->raw.len, t->binding);
    if (n != 0)
        return n;
    info->binding_type = "tls-server-end-point";
    info->binding.data = t->binding;
    info->binding.len = mbedtls_md_get_size(md);
    return 0;
}

/* TLS 1.3 has another binding (RFC 9266). */
static int bind_to(duva_mbedtls *t, duva_tls_info *info)
{
#ifdef MBEDTLS_SSL_KEYING_MATERIAL_EXPORT
    static const char label[] = "EXPORTER-Channel-Binding";
    int               n;

    if (duva__mbedtls_is_tls13(t)) {
        n = mbedtls_ssl_export_keying_material(&t->ssl, t->binding, 32, label,
                                               sizeof(label) - 1, NULL, 0, 0);
        if (n != 0)
            return n;
        info->binding_type = "tls-exporter";
        info->binding.data = t->binding;
        info->binding.len = 32;
        return 0;
    }
#endif
    return duva__mbedtls_is_tls13(t) ? 0 : bind_to_server(t, info);
}

/* With TLS 1.3 a session comes later, as a ticket, and serves once (RFC 8446
 * C.4). */
static int take_session(duva_mbedtls *t)
{
    int n;

    forget_session(t);
    n = mbedtls_ssl_get_session(&t->ssl, &t->session);
    t->has_session = n == 0;
    return n;
}

/* A handshake without a certificate resumes a session.  Its server was checked
 * when it began, with this same config. */
static int finish(duva_mbedtls *t, duva_tls_info *info)
{
    const int resumed = t->offered && !t->seen;
    int       n = 0;

    if (duva__mbedtls_is_tls13(t))
        forget_session(t);
    else
        n = take_session(t);
    if (n != 0)
        return failed(t, n, DUVA_REASON_HANDSHAKE);
    if (t->config->pin_count > 0 && !resumed && !t->pinned)
        return failed(t, 0, DUVA_REASON_CERT_PIN);
    memset(info, 0, sizeof(*info));
    info->verified = !t->config->dangerously_trust_everyone;
    info->resumed = (uint8_t)resumed;
    info->protocol = mbedtls_ssl_get_version(&t->ssl);
    info->cipher = mbedtls_ssl_get_ciphersuite(&t->ssl);
    n = bind_to(t, info);
    return n == 0 ? 1 : failed(t, n, DUVA_REASON_HANDSHAKE);
}

/* A session of a handshake that failed must not be come back with: it would
 * pass for one that was checked. */
static int handshake(duva_tls *base, duva_link *under, const char *host,
                     duva_tls_info *info)
{
    duva_mbedtls *t = (duva_mbedtls *)base;
    int           n = t->broken;

    errno = 0;
    if (n == 0 && !t->begun) {
        n = start(t, under, host);
        if (n != 0)
            n = failed(t, n, DUVA_REASON_HANDSHAKE);
    }
    if (n == 0) {
        n = mbedtls_ssl_handshake(&t->ssl);
        n = n == 0 ? finish(t, info) : stopped(t, n, &base->want);
    }
    if (n < 0)
        forget_session(t);
    return n;
}

/* ---- the link ---- */

static int link_read(duva_link *l, void *buf, size_t len)
{
    duva_mbedtls *t = (duva_mbedtls *)l;
    int           n;

    /* what the server sent before a write failed can still be read */
    if (t->broken == DUVA_ERR_TLS || t->broken == DUVA_ERR_RESOURCES
        || t->ended)
        return t->ended ? DUVA_ERR_CLOSED : t->broken;
    do {
        errno = 0;
        n = mbedtls_ssl_read(&t->ssl, buf, len < INT_MAX ? len : INT_MAX);
        if (n > 0 || n == DUVA__MBEDTLS_TICKET)
            t->spoken = 1;
        if (n == DUVA__MBEDTLS_TICKET)
            /* without a session the next handshake is a whole one */
            (void)take_session(t);
    } while (n == DUVA__MBEDTLS_TICKET);
    if (n == 0)                /* a record without octets */
        n = MBEDTLS_ERR_SSL_WANT_READ;
    return n > 0 ? n : stopped(t, n, &t->read_wants);
}

/* mbedTLS needs a write that had to wait with the same length again.  An
 * alert of its own that had to wait it would take for such a write. */
static int link_write(duva_link *l, const void *buf, size_t len)
{
    duva_mbedtls *t = (duva_mbedtls *)l;
    int           n = 0;

    if (t->broken != DUVA_OK)
        return t->broken;
    if (len == 0)
        return 0;
    errno = 0;
    if (t->writing == 0 && t->unsent)
        n = mbedtls_ssl_write(&t->ssl, buf, 0);
    if (n == 0) {
        if (t->writing == 0)
            t->writing = len < INT_MAX ? len : INT_MAX;
        n = mbedtls_ssl_write(&t->ssl, buf, t->writing);
        if (n > 0)
            t->writing = 0;
    }
    return n > 0 ? n : stopped(t, n, &t->write_wants);
}

static int link_wait(duva_link *l, unsigned can, uint32_t ms)
{
    duva_mbedtls *t = (duva_mbedtls *)l;

    if ((can & DUVA_CAN_READ) && mbedtls_ssl_check_pending(&t->ssl))
        return DUVA_CAN_READ;
    return duva__tls_wait(&t->tls, can, t->read_wants, t->write_wants, ms);
}

static void link_close(duva_link *l)
{
    duva_mbedtls *t = (duva_mbedtls *)l;

    if (t->begun && t->broken == DUVA_OK)
        /* the link is closed all the same */
        (void)mbedtls_ssl_close_notify(&t->ssl);
    mbedtls_ssl_free(&t->ssl);
    mbedtls_ssl_init(&t->ssl);
    mbedtls_platform_zeroize(t->binding, sizeof(t->binding));
    forget_shown(t);
    t->begun = 0;
    t->broken = DUVA_OK;
    if (t->tls.under != NULL)
        t->tls.under->ops->close(t->tls.under);
    t->tls.under = NULL;
}

/* ---- the adapter ---- */

int duva_mbedtls_init(duva_mbedtls *t, const duva_tls_config *config,
                      duva_mbedtls_random *random, void *context)
{
    static const duva_link_ops ops = {
        link_read, link_write, link_wait, link_close
    };
    int n, err;

    if (t == NULL || !duva__tls_is_config(config))
        return DUVA_ERR_ARG;
    if (random != NULL && DUVA__MBEDTLS_4)
        return DUVA_ERR_UNSUPPORTED;
    memset(t, 0, sizeof(*t));
    t->tls.link.ops = &ops;
    t->tls.handshake = handshake;
    t->config = config;
    mbedtls_ssl_init(&t->ssl);
    mbedtls_ssl_config_init(&t->settings);
    mbedtls_ssl_session_init(&t->session);
    mbedtls_x509_crt_init(&t->ca);
    mbedtls_x509_crt_init(&t->own);
    mbedtls_pk_init(&t->key);
    duva__mbedtls_init_random(t);
    errno = 0;
    n = make_settings(t, random, context);
    if (n == 0)
        return DUVA_OK;
    err = failed(t, n, DUVA_REASON_HANDSHAKE);
    n = t->tls.link.cause;
    duva_mbedtls_free(t);
    t->tls.link.cause = n;
    t->tls.reason = err == DUVA_ERR_TLS ? DUVA_REASON_HANDSHAKE : 0;
    return err;
}

int duva_mbedtls_chain(const duva_mbedtls *t, unsigned n, void *der,
                       size_t size)
{
    const mbedtls_x509_crt *x = t->tls.under != NULL
                                    ? mbedtls_ssl_get_peer_cert(&t->ssl)
                                    : NULL;
    const unsigned char    *from = n == 0 ? t->shown : NULL;
    size_t                  len = from != NULL ? t->shown_len : 0;

    for (; x != NULL && n > 0; n--)
        x = x->next;
    if (x != NULL) {
        from = x->raw.p;
        len = x->raw.len;
    }
    if (len > size)
        return DUVA_ERR_SPACE;
    if (len > 0)
        memcpy(der, from, len);
    return (int)len;
}

void duva_mbedtls_free(duva_mbedtls *t)
{
    mbedtls_ssl_free(&t->ssl);
    mbedtls_ssl_session_free(&t->session);
    mbedtls_ssl_config_free(&t->settings);
    mbedtls_x509_crt_free(&t->ca);
    mbedtls_x509_crt_free(&t->own);
    mbedtls_pk_free(&t->key);
    duva__mbedtls_free_random(t);
    mbedtls_platform_zeroize(t, sizeof(*t));
}
