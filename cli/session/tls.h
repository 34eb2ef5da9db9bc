/* tls.h - the options of TLS into an adapter. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TLS_H
#define DUVA_CLI_TLS_H

#include <stddef.h>
#include <stdint.h>

#include "duva/openssl.h"
#include "modules/adapter.h"

struct cli_access;
struct cli_job;

struct cli_tls {
    cli_adapter adapter;
    uint8_t     ready;
};

/* Makes job->tls ready as the options say, unless it is.  Returns 0, or an
 * exit code after cli_stop(). */
int  cli_tls_open(struct cli_job *job);
void cli_tls_close(struct cli_tls *t);

/* A certificate that the server has shown, 0 is its own, in DER.  Returns its
 * octets; 0 when there is none, or it does not fit. */
size_t cli_tls_certificate(const struct cli_tls *t, unsigned n, void *der,
                           size_t size);

/* Which hosts the server's own certificate is for, into job->connection.cert_names, when that
 * is what the session failed for.  The connection must still be open. */
void cli_tls_names(struct cli_job *job, const duva_result *outcome);

/* Is the server's own certificate the one that the account names?  0 or 1, or
 * DUVA_ERR_RESOURCES: there is no memory to tell. */
int cli_tls_is_named(const struct cli_tls *t, const struct cli_access *a);

#endif
