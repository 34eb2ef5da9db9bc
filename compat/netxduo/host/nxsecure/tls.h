/* tls.h - what the two halves of the host layer's TLS share. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_NX_HOST_TLS_H
#define DUVA_NX_HOST_TLS_H

#include <openssl/ssl.h>

#include "nx_secure_tls_api.h"

int duva__nx_tls_known(const NX_SECURE_TLS_SESSION *session);

/* An SSL with what the session was given: trust, time, name, identity.  NULL
 * when OpenSSL cannot. */
SSL *duva__nx_tls_new(NX_SECURE_TLS_SESSION *session);

/* Releases the packet that is being decrypted. */
void duva__nx_tls_drop_input(NX_SECURE_TLS_SESSION *session);

/* Frees what a connection of the session has; the session can start again. */
void duva__nx_tls_reset(NX_SECURE_TLS_SESSION *session);

#endif
