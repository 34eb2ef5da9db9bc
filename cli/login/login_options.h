/* login_options.h - credentials and mechanisms, as options and accounts. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LOGIN_OPTIONS_H
#define DUVA_CLI_LOGIN_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#define CLI_MECHANISMS 13 /* as many as there are DUVA_AUTH_* */

/* Texts are borrowed.  All zero: no authentication. */
struct cli_login_options {
    const char *user, *authzid;
    /* Where the secret is; all NULL: looked for, or asked. */
    const char *password_file, *password_command;
    const char *token_file, *token_command;
    const char *oauth;    /* the name of a login of 'duva oauth' */
    char *account_secret; /* of the account itself; wiped once it is
                                   read; NULL: none */
    uint8_t account_secret_is_token;
    uint8_t auth_given;                 /* the mechanisms are those of --auth */
    uint32_t mechanism[CLI_MECHANISMS]; /* DUVA_AUTH_*, the best first */
    size_t mechanisms;
};

#endif
