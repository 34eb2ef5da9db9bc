/* oauth_options.h - the options of "duva oauth". */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_OPTIONS_H
#define DUVA_CLI_OAUTH_OPTIONS_H

#include <stdint.h>

/* Texts are those of the command line; NULL: not given. */
struct oauth_options {
    const char *name;          /* of the login */
    const char *provider, *tenant, *flow, *client_id, *client_secret_file;
    const char *scope, *device_url, *authorize_url, *token_url, *ca;
    uint32_t timeout_s; /* of login; 0: the default */
};

#endif
