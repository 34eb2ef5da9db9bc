/* login.h - the secrets of a session, and its SASL exchange. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LOGIN_H
#define DUVA_CLI_LOGIN_H

#include "login/auth.h"
#include "login/secret.h"
#include "text/expand.h"

struct cli_login {
    struct cli_auth auth;
    char secret[CLI_SECRET_SIZE];
    char proxy_secret[256];
};

#endif
