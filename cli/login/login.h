/* login.h - the secrets of a session, and its SASL exchange. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LOGIN_H
#define DUVA_CLI_LOGIN_H

#include "login/auth.h"
#include "login/secret.h"

/* Zero it before use; cli_secrets_wipe() ends it. */
struct cli_login {
    struct cli_auth auth;
    char secret[CLI_SECRET_SIZE]; /* the password or the token */
    char proxy_secret[CLI_PASSWORD_SIZE];
};

#endif
