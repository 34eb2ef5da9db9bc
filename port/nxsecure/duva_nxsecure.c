/* duva_nxsecure.c - turns a connection and NX Secure into a secured link. */
/* SPDX-License-Identifier: MIT */
#include "nx_api.h"

#ifdef NX_SECURE_ENABLE        /* perhaps in nx_user.h */

#include "duva_nxsecure.h"
#include "nxsecure_chain.h"

#include <stddef.h>
#include <string.h>

/* A record has a header and an initial vector before its text; behind it a
 * MAC and the padding of a block. */
enum { RECORD_HEAD = 5 + 16, RECORD_TAIL = 48 + 16 };

static duva_nxsecure *of_session(NX_SECURE_TLS_SESSION *session)
{
    return (duva_nxsecure *)(void *)((UCHAR *)session
                                     - offsetof(duva_nxsecure, session));
}

static duva_nxsecure *of_path(duva_netx *n)
{
    return (duva_nxsecure *)n->upper;
}

/* ---- packets, as NX Secure takes them ---- */

/* An orderly end is an alert, too, of the value 0. */
static int is_close_notify(const duva_nxsecure *t, UINT status)
{
    return status == NX_SECURE_TLS_ALERT_RECEIVED
           && t->session.nx_secure_tls_received_alert_value == 0;
}

/* A session that has failed is reset, and what is sent with it then is not
 * encrypted: so nothing is, ever again.  It may fail for want of a packet, with
 * the same status that says that nothing has come. */
static UINT outcome(duva_nxsecure *t, UINT status)
{
    if (status == NX_SUCCESS
        || (status == NX_NO_PACKET
            && t->session.nx_secure_tls_local_session_active))
        return status;
    if (status == NX_NO_PACKET)
        status = NX_SECURE_TLS_ALLOCATE_PACKET_FAILED;
    if (is_close_notify(t, status)
        || status == NX_SECURE_TLS_SESSION_UNINITIALIZED)
        status = NX_NOT_CONNECTED;
    t->broken = status;
    return status;
}

static UINT tls_allocate(duva_netx *n, NX_PACKET **packet)
{
    duva_nxsecure *t = of_path(n);

    if (t->broken != NX_SUCCESS)
        return t->broken;
    return outcome(t, nx_secure_tls_packet_allocate(&t->session, n->pool,
                                                    packet, n->packet_wait));
}

static UINT tls_send(duva_netx *n, NX_PACKET *packet, ULONG wait)
{
    duva_nxsecure *t = of_path(n);

    if (t->broken != NX_SUCCESS)
        return t->broken;
    return outcome(t, nx_secure_tls_session_send(&t->session, packet, wait));
}

static UINT tls_receive(duva_netx *n, NX_PACKET **packet, ULONG wait)
{
    duva_nxsecure *t = of_path(n);

    *packet = NX_NULL;
    if (t->broken != NX_SUCCESS)
        return t->broken;
    return outcome(t, nx_secure_tls_session_receive(&t->session, packet,
                                                    wait));
}

/* Keys are wiped with the session. */
static void drop_session(duva_nxsecure *t, ULONG wait)
{
    if (t->session.nx_secure_tls_id == NX_SECURE_TLS_ID) {
        nx_secure_tls_session_end(&t->session, (UINT)wait);
        nx_secure_tls_session_delete(&t->session);
    }
    memset(&t->session, 0, sizeof(t->session));
}

static VOID tls_end(duva_netx *n, ULONG wait)
{
    duva_nxsecure *t = of_path(n);

    drop_session(t, t->broken == NX_SUCCESS ? wait : NX_NO_WAIT);
}

/* ---- the handshake ---- */

static duva_reason reason_of(UINT status)
{
    switch (status) {
    case NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH:
        return DUVA_REASON_CERT_NAME;
    case NX_SECURE_X509_CERTIFICATE_EXPIRED:
        return DUVA_REASON_CERT_EXPIRED;
    case NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID:
        return DUVA_REASON_CERT_NOT_YET;
    case NX_SECURE_TLS_INVALID_SELF_SIGNED_CERT:
    case NX_SECURE_X509_INVALID_SELF_SIGNED_CERT:
        return DUVA_REASON_CERT_SELF_SIGNED;
    case NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND:
    case NX_SECURE_TLS_CERTIFICATE_SIG_CHECK_FAILED:
    case NX_SECURE_TLS_CERTIFICATE_NOT_FOUND:
    case NX_SECURE_X509_ISSUER_CERTIFICATE_NOT_FOUND:
    case NX_SECURE_X509_CERTIFICATE_SIG_CHECK_FAILED:
    case NX_SECURE_X509_CHAIN_VERIFY_FAILURE:
        return DUVA_REASON_CERT_UNTRUSTED;
    case NX_SECURE_X509_KEY_USAGE_ERROR:
        return DUVA_REASON_CERT_PURPOSE;
    default:
        return DUVA_REASON_HANDSHAKE;
    }
}

static UINT status_of(duva_reason reason)
{
    switch (reason) {
    case DUVA_REASON_NONE:
        return NX_SUCCESS;
    case DUVA_REASON_CERT_NAME:
        return NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH;
    case DUVA_REASON_CERT_PURPOSE:
        return NX_SECURE_X509_KEY_USAGE_ERROR;
    default:
        return NX_SECURE_X509_CHAIN_VERIFY_FAILURE;
    }
}

/* The server's own certificate; NX Secure has verified the signatures and the
 * dates of its chain. */
static ULONG check_certificate(NX_SECURE_TLS_SESSION *session,
                               NX_SECURE_X509_CERT *certificate)
{
    duva_nxsecure *t = of_session(session);
    duva_reason    reason = duva__nxsecure_check(session, certificate,
                                                 &t->name);
    ULONG          status = status_of(reason);

    t->tls.reason = (uint8_t)reason;
    t->verified = NX_FALSE;
    if (status == NX_SUCCESS && t->callback != NX_NULL)
        status = t->callback(session, certificate);
    if (status == NX_SUCCESS)
        t->verified = NX_TRUE;
    return status;
}

/* The name without the dot that may end it, in lower case. */
static UINT take_host(duva_nxsecure *t, const char *host)
{
    size_t len = host != NULL ? strlen(host) : 0;
    UCHAR *at = t->name.nx_secure_x509_dns_name;
    size_t i;
    UINT   status;

    if (len > 0 && host[len - 1] == '.')
        len--;
    if (len == 0)
        return NX_PTR_ERROR;
    if (len >= NX_SECURE_X509_DNS_NAME_MAX)
        return NX_SECURE_X509_NAME_STRING_TOO_LONG;
    status = nx_secure_x509_dns_name_initialize(
        &t->name, (const UCHAR *)host, (USHORT)len);
    for (i = 0; i < len; i++)
        if (at[i] >= 'A' && at[i] <= 'Z')
            at[i] = (UCHAR)(at[i] - 'A' + 'a');
    return status;
}

static UINT prepare(duva_nxsecure *t, const char *host)
{
    NX_SECURE_TLS_SESSION *session = &t->session;
    UINT                   status = take_host(t, host);

    if (status == NX_SUCCESS)
        status = t->setup(t->ctx, session);
    if (status != NX_SUCCESS)
        return status;
    if (session->nx_secure_tls_id != NX_SECURE_TLS_ID)
        return NX_SECURE_TLS_SESSION_UNINITIALIZED;
#ifndef NX_SECURE_TLS_SNI_EXTENSION_DISABLED
    if (session->nx_secure_tls_sni_extension_server_name == NX_NULL)
        nx_secure_tls_session_sni_extension_set(session, &t->name);
#endif
    t->callback = session->nx_secure_tls_session_certificate_callback;
    return nx_secure_tls_session_certificate_callback_set(session,
                                                          check_certificate);
}

static UINT start(duva_nxsecure *t, duva_netx *n, const char *host)
{
    UINT status = prepare(t, host);

    if (status != NX_SUCCESS)
        return status;
    /* A handshake is for a connection that is up; what was lost meanwhile is
     * told by TCP alone. */
    if (n->socket->nx_tcp_socket_state != NX_TCP_ESTABLISHED)
        return NX_NOT_CONNECTED;
    status = nx_secure_tls_session_start(&t->session, n->socket,
                                         (UINT)t->wait);
    if (status == NX_SUCCESS && !t->verified)
        status = NX_SECURE_TLS_CERTIFICATE_NOT_FOUND;
    return status;
}

/* As the error of a link. */
static int failed(duva_nxsecure *t, UINT status)
{
    t->broken = status;
    t->tls.link.cause = (int32_t)status;
    if (t->tls.reason == DUVA_REASON_NONE)
        t->tls.reason = (uint8_t)reason_of(status);
    if (status == NX_NOT_CONNECTED)
        return DUVA_ERR_CLOSED;
    return status == NX_NO_PACKET ? DUVA_ERR_TIMEOUT : DUVA_ERR_TLS;
}

static int handshake(duva_tls *base, duva_link *under, const char *host,
                     duva_tls_info *info)
{
    static const duva_netx_path path = {
        tls_allocate, tls_send, tls_receive, tls_end, RECORD_HEAD, RECORD_TAIL
    };
    duva_nxsecure *t = (duva_nxsecure *)base;
    duva_netx     *n = (duva_netx *)under;
    UINT           status = NX_SECURE_TLS_INVALID_PACKET;

    base->under = under;
    base->reason = DUVA_REASON_NONE;
    t->broken = NX_SUCCESS;
    t->verified = NX_FALSE;
    memset(&t->session, 0, sizeof(t->session));
    if (n->in == NX_NULL)      /* else plain text runs ahead of TLS */
        status = start(t, n, host);
    if (status != NX_SUCCESS) {
        drop_session(t, NX_NO_WAIT);
        return failed(t, status);
    }
    n->upper = t;
    n->path = &path;
    info->verified = 1;
    return 1;
}

/* ---- the link ---- */

static int result(duva_nxsecure *t, int n)
{
    if (n >= 0)
        return n;
    t->tls.link.cause = t->tls.under->cause;
    return n == DUVA_ERR_IO && t->broken >= NX_SECURE_TLS_SESSION_UNINITIALIZED
               ? failed(t, t->broken)
               : n;
}

static int link_read(duva_link *l, void *buf, size_t len)
{
    duva_nxsecure *t = (duva_nxsecure *)l;

    return result(t, t->tls.under->ops->read(t->tls.under, buf, len));
}

static int link_write(duva_link *l, const void *buf, size_t len)
{
    duva_nxsecure *t = (duva_nxsecure *)l;

    return result(t, t->tls.under->ops->write(t->tls.under, buf, len));
}

static int link_wait(duva_link *l, unsigned can, uint32_t ms)
{
    duva_nxsecure *t = (duva_nxsecure *)l;

    return result(t, t->tls.under->ops->wait(t->tls.under, can, ms));
}

static void link_close(duva_link *l)
{
    duva_nxsecure *t = (duva_nxsecure *)l;
    duva_link     *under = t->tls.under;

    t->tls.under = NULL;
    if (under != NULL)
        under->ops->close(under);
}

void duva_nxsecure_init(duva_nxsecure *t, duva_nxsecure_setup *setup,
                        void *ctx, ULONG wait)
{
    static const duva_link_ops ops = {
        link_read, link_write, link_wait, link_close
    };

    memset(t, 0, sizeof(*t));
    t->tls.link.ops = &ops;
    t->tls.handshake = handshake;
    t->setup = setup;
    t->ctx = ctx;
    t->wait = wait;
}

#endif
