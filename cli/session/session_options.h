/* session_options.h - how to reach a server: what options and accounts say. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SESSION_OPTIONS_H
#define DUVA_CLI_SESSION_OPTIONS_H

#include <stdint.h>

#include "duva/tls.h"
#include "session/proxy_url.h"
#include "text/fingerprint.h"
#include "text/server.h"

#define CLI_PINS 8

/* Texts are borrowed.  Zero it: the defaults. */
struct cli_session_options {
    struct cli_server server;
    struct cli_proxy proxy;
    const char *proxy_password_file, *proxy_password_command; /* one of them,
                                  if the proxy has a user */
    const char *hello;   /* for EHLO; NULL: the name of this machine */
    duva_tls_config tls; /* its pin is the next field, once checked */
    duva_pin pin[CLI_PINS];
    uint8_t tls_mode; /* duva_tls_mode, when it is given */
    uint8_t tls_mode_given;
    uint8_t require_tls; /* RFC 8689 */
    uint8_t allow_clear_password;
    const char *tls_name; /* for the certificate; NULL: the host's */
    uint8_t fingerprint[CLI_SHA256_SIZE]; /* of the certificate */
    uint8_t fingerprint_given;
    uint8_t stop_after; /* enum cli_stop_after */
    uint8_t pipelining; /* enum cli_pipelining */
    uint8_t no_chunking;
    uint32_t timeout_s; /* for all of the session; 0: none */
    uint32_t wait_s;    /* for each reply; 0: as RFC 5321 says */
};

/* Does an option or the account ask for TLS?  Then it is required also to a
 * server on this machine. */
int cli_asks_for_tls(const struct cli_session_options *o);

/* Does TLS begin before the greeting? */
int cli_begins_with_tls(const struct cli_session_options *o);

/* Is this the port of implicit TLS (RFC 8314 3.3), without it? */
int cli_begins_without_tls(const struct cli_session_options *o);

#endif
