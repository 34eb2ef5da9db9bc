/* account_values.h - files to the account that they are asked for. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ACCOUNT_H
#define DUVA_CLI_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "config/config.h"

struct cli_access;

/* Reads the files that there are into a->config.  Returns -1 to go on, or an
 * exit code after a message. */
int cli_accounts_read(struct cli_access *a);

/* The files that would be read, for people. */
void cli_accounts_files(const struct cli_access *a, char *text, size_t size);

/* Finds the account that the options mean, a->account, and fills from it what
 * no option says, a->sender too.  Without an option that speaks of accounts
 * there may be none.  Returns -1 to go on, or an exit code after a message. */
int cli_account_use(struct cli_access *a);

/* Says what is wrong with an account's value.  Returns EX_CONFIG. */
int cli_account_mistake(const struct cli_access *a, enum cli_setting setting,
                        const char *format, ...);

/* The path that a setting gives, or NULL: none.  It lives as long as
 * a->config. */
const char *cli_account_path(struct cli_access *a, enum cli_setting setting);

/* What reports the account asks for, of what is not NULL: DUVA_NOTIFY_* and
 * DUVA_RET_*, or 0: it does not. */
void cli_account_dsn(const struct cli_access *a, uint8_t *notify,
                     uint8_t *ret);

#endif
