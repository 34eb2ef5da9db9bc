/* account_values.h - the settings of an account into what no option says. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ACCOUNT_VALUES_H
#define DUVA_CLI_ACCOUNT_VALUES_H

#include <stdint.h>

#include "config/config.h"
#include "options/server_options.h"
#include "report/log.h"

/* Zero it before use. */
struct cli_accounts {
    struct cli_config   config;
    struct cli_account *account; /* the one in use, in config; NULL: none */
};

/* Reads the configuration, finds the account that the options name or that
 * a->sender belongs to, and fills from it what no option says, a->sender too.
 * Without an option about accounts there may be none.  What is filled in lives
 * as long as c.  Returns 0, or an exit code after an error message. */
int cli_account_apply(struct cli_accounts *c, struct cli_access *a);

/* Wipes what was read. */
void cli_accounts_free(struct cli_accounts *c);

/* The path that a setting of the account in use gives, or NULL: none.  It lives
 * as long as c. */
const char *cli_account_path(struct cli_accounts *c, enum cli_setting setting);

/* Where the account in use has its log.  It lives as long as c. */
void cli_account_log(struct cli_accounts *c, struct cli_log_options *log);

/* Which reports an account requests, for what is not NULL: DUVA_NOTIFY_* and
 * DUVA_RET_*, or 0: none.  account may be NULL. */
void cli_account_dsn(const struct cli_account *account, uint8_t *notify,
                     uint8_t *ret);

#endif
