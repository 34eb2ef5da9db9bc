/* auth.h - the choice of a SASL mechanism, and its exchange. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_AUTH_H
#define DUVA_CLI_AUTH_H

#include <stddef.h>
#include <stdint.h>

#include "duva/client.h"
#include "duva/scram.h"
#include "login/login_options.h"
#include "login/secret.h"
#include "text/server.h"

#define CLI_SAID_SIZE   2048

/* The kind of credentials that a mechanism needs. */
enum cli_proof { CLI_NOTHING, CLI_PASSWORD, CLI_TOKEN, CLI_CERTIFICATE };

/* The names of --auth into o->mechanism.  Returns NULL or what is wrong. */
const char *cli_auth_parse(struct cli_login_options *o, const char *names);

/* Fills o->mechanism, unless --auth did, with those that the credentials can
 * serve; there are none when there are no credentials.  has_certificate: TLS
 * has one of ours.  Returns NULL, or what cannot be combined. */
const char *cli_auth_check(struct cli_login_options *o, int has_certificate);

/* What has to be read before a connection is made. */
enum cli_proof cli_auth_needs(const struct cli_login_options *o);

/* The connection, as the choice of a mechanism sees it. */
struct cli_auth_context {
    uint32_t offered;          /* duva_caps.auth */
    uint8_t is_private;        /* encrypted, or on this machine */
    uint8_t allows_clear;      /* clear-text authentication is allowed */
    uint8_t has_binding;       /* TLS offers channel binding (RFC 5929) */
};

/* The mechanism to use.  When *why is not DUVA_REASON_NONE no mechanism can
 * be used, and the one returned came nearest. */
uint32_t cli_auth_choose(const struct cli_login_options *o,
                         const struct cli_auth_context *on, duva_reason *why);
const char *cli_auth_name(uint32_t mechanism);

/* An exchange, and what a report needs of it. */
struct cli_auth {
    union {
        duva_sasl          base;
        duva_sasl_password password;
        duva_sasl_scram    scram;
        duva_sasl_cram_md5 cram_md5;
        duva_sasl_oauth    oauth;
        duva_sasl_name     name;
    } with;
    uint32_t    mechanism;     /* that was chosen; 0: none */
    const char *name;          /* of the one that was begun, or NULL */
    char binding[32];          /* "tls-exporter", or "" */
    char user[CLI_PASSWORD_SIZE], pass[CLI_PASSWORD_SIZE]; /* prepared */
    char said[CLI_SAID_SIZE]; /* why the server rejected the token */
};

/* What an exchange is begun with.  The texts and the server are borrowed: they
 * stay where they are until it has ended. */
struct cli_credentials {
    const char *user, *authzid;      /* NULL: none */
    const char *secret;              /* the password or the token */
    const struct cli_server *server; /* OAUTHBEARER names it */
};

/* Makes auth->with ready for exchanges by that mechanism.  DUVA_OK, or
 * DUVA_ERR_RESOURCES. */
int cli_auth_init(struct cli_auth *auth, uint32_t mechanism,
                  const struct cli_credentials *c);

/* Begins the exchange, in DUVA_AUTH; the client's outcome has a failure. */
void cli_auth_start(struct cli_auth *auth, uint32_t mechanism,
                    const struct cli_credentials *c, duva_client *client);

#endif
