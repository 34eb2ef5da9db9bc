/* account_add.h - the answers of a person into a new account. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ACCOUNT_ADD_H
#define DUVA_CLI_ACCOUNT_ADD_H

#include <stdint.h>
#include <stdio.h>

#include "config/config.h"
#include "login/auth.h"
#include "options/server_options.h"
#include "text/server.h"

/* The answers. */
struct cli_new_account {
    char name[64];
    char addr[321];
    char full_name[128];
    struct cli_server server;
    char user[CLI_PASSWORD_SIZE];
    char command[1024];        /* that prints the password, or "" */
    char password[CLI_PASSWORD_SIZE]; /* for the file, or "" */
    uint8_t keyring;                  /* the password is there */
};

/* Writes it in the language of the configuration. */
void cli_account_write(FILE *out, const struct cli_new_account *d);

/* Reads the configuration, asks, and appends the account to the user's file, or
 * that of --config.  addr may be NULL; nameserver as in cli_srv_find(); no DNS
 * with lookup 0.  Returns 0, or an exit code after an error message. */
int cli_account_add(struct cli_config *c, const struct cli_access *a,
                    struct cli_new_account *d, const char *addr,
                    const char *nameserver, int lookup);

#endif
