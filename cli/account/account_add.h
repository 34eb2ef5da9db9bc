/* account_add.h - a walk through the questions that make an account. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ACCOUNT_ADD_H
#define DUVA_CLI_ACCOUNT_ADD_H

#include <stdint.h>
#include <stdio.h>

#include "login/auth.h"
#include "options/server_options.h"

/* What was answered. */
struct cli_draft_account {
    char name[64];
    char addr[321];
    char full_name[128];
    char server[300];          /* as --server takes it */
    char user[CLI_PASSWORD_SIZE];
    char command[1024];        /* that prints the password, or "" */
    char password[CLI_PASSWORD_SIZE]; /* for the file, or "" */
    uint8_t keyring;           /* it is there */
};

/* Writes it as the configuration has it.  Returns NULL, or what is wrong. */
const char *cli_account_write(FILE *out, const struct cli_draft_account *d);

/* Asks, and appends the account to the user's file, or that of --config.
 * addr may be NULL; nameserver as in cli_srv_find(); lookup 0: no DNS.  Returns
 * an exit code; a->account_name is then that of the account. */
int cli_account_add(struct cli_access *a, struct cli_draft_account *d,
                    const char *addr, const char *nameserver, int lookup);

#endif
