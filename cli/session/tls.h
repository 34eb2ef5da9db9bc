/* tls.h - the TLS of a session: files and trust into an adapter. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TLS_H
#define DUVA_CLI_TLS_H

#include <stddef.h>
#include <stdint.h>

#include "modules/adapter.h"
#include "outcome/outcome.h"
#include "session/connection.h"
#include "text/fingerprint.h"

/* Zero it before use. */
struct cli_tls {
    cli_adapter adapter;
    uint8_t     ready;
};

/* Makes the adapter ready, unless it is.  Returns 0, or an exit code after
 * cli_stop(). */
int cli_tls_open(struct cli_tls *t, const duva_tls_config *config,
                 struct cli_outcome *o);
void cli_tls_close(struct cli_tls *t);

/* A certificate that the server has shown, 0 is its own, in DER.  Returns its
 * octets; 0 when there is none, or it does not fit. */
size_t cli_tls_certificate(const struct cli_tls *t, unsigned n, void *der,
                           size_t size);

/* The hosts that the server's own certificate is for, into to->cert_names, if
 * the outcome is that it is for others.  The connection must still be open. */
void cli_tls_names(const struct cli_tls *t, const duva_result *outcome,
                   struct cli_connection *to);

/* Has the server's own certificate this fingerprint?  0 or 1, or
 * DUVA_ERR_RESOURCES: there is no memory to tell. */
int cli_tls_has_fingerprint(const struct cli_tls *t,
                            const uint8_t fingerprint[CLI_SHA256_SIZE]);

#endif
