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
 * and what it needs: packet buffer, trusted certificates, room for those of
 * the server, the time function.  Anything but NX_SUCCESS ends
 * the handshake before a byte of it is sent, and is its cause; a session that
 * was created is deleted then as always. */
typedef UINT duva_nxsecure_setup(void *ctx, NX_SECURE_TLS_SESSION *session);

/* A duva_tls (duva/link.h) for a duva_netx and nothing else: NX Secure talks
 * to the socket itself.  The link below serves as well once secured: both move
 * the same plain octets, encrypted.
 *
 * handshake() calls setup, asks for the server by name (SNI) unless setup has
 * chosen another name, starts the session and checks the name in the
 * certificate.  NX Secure checks the chain, and the dates if it has a function
 * of the time.  A callback for the certificate that setup has set is
 * called when the name is right; it can refuse, it cannot accept.  A session
 * without a certificate, such as one with a shared key, is refused.
 *
 * host must be a name, under NX_SECURE_X509_DNS_NAME_MAX octets; it is
 * compared in lower case, as certificates have it.  Against link.h,
 * handshake() blocks: wait for each packet.
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
