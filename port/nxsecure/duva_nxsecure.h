/* duva_nxsecure.h - TLS by NX Secure over a connection of NetX Duo. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_NXSECURE_H
#define DUVA_NXSECURE_H

#include "duva_netx.h"
#include "nx_secure_tls_api.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the TLS session of one connection, with nx_secure_tls_session_create()
 * and what it needs: packet buffer, trusted certificates, the time function;
 * room for the server's certificates, if they are not to share the packet
 * buffer.  Anything but NX_SUCCESS ends the handshake before a
 * byte of it is sent, and is its cause; a session that was created is deleted
 * then as always. */
typedef UINT duva_nxsecure_setup(void *ctx, NX_SECURE_TLS_SESSION *session);

/* A duva_tls (duva/link.h) for a duva_netx and nothing else: NX Secure talks
 * to the socket itself.  The link below serves as well once secured: both move
 * the same plain octets, encrypted.
 *
 * handshake() calls setup, asks for the server by name (SNI) unless setup has
 * chosen another name, starts the session and checks the certificates.  NX
 * Secure verifies the signatures of the chain, and the dates if it has a
 * function of the time.  Checked here (RFC 5280, RFC 9525):
 * - each issuer is an authority: basicConstraints with cA TRUE, path length,
 *   and keyCertSign if there is a keyUsage.  A trust anchor of version 1, which
 *   has no extensions, is an authority;
 * - extendedKeyUsage, in any certificate of the chain: serverAuth or any;
 * - no critical extension is unknown.  Known are these, subjectAltName and
 *   certificatePolicies, which is not evaluated;
 * - no issuer has name constraints: they are not evaluated;
 * - with NX_SECURE_ALLOW_SELF_SIGNED_CERTIFICATES, a self-signed certificate is
 *   itself among the trusted ones, octet by octet;
 * - the name.  When there are DNS names in the subjectAltName the common name
 *   does not count.  A wildcard is the whole first label.
 * Not checked: revocation, weak algorithms and short keys, dates of the trust
 * anchor.  A callback for the certificate that setup has set is called when
 * all is right; it can refuse, it cannot accept.  A session without a
 * certificate, such as one with a shared key, is refused.
 *
 * host must be a name, under NX_SECURE_X509_DNS_NAME_MAX octets; capitals do
 * not matter.  Against link.h, handshake() blocks: wait for each packet.
 *
 * cause is the status of NX Secure, or of NetX Duo.  close() says close_notify
 * after an orderly end, and always deletes the session. */
typedef struct duva_nxsecure {
    duva_tls               tls;
    duva_nxsecure_setup   *setup;
    void                  *ctx;      /* of setup */
    ULONG                  wait;     /* ticks; never NX_WAIT_FOREVER */
    /* The rest is private. */
    NX_SECURE_TLS_SESSION  session;
    NX_SECURE_X509_DNS_NAME name;
    ULONG                (*callback)(NX_SECURE_TLS_SESSION *session,
                                     NX_SECURE_X509_CERT *certificate);
    UINT                   verified; /* NX_TRUE: chain and name are right */
    UINT                   broken;   /* the status that ended it */
} duva_nxsecure;

/* Connections may follow each other, each with a duva_netx_open() of its own;
 * the fields are kept. */
void duva_nxsecure_init(duva_nxsecure *t, duva_nxsecure_setup *setup,
                        void *ctx, ULONG wait);

#ifdef __cplusplus
}
#endif
#endif
