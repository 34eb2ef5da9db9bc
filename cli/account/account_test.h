/* account_test.h - a login with an account, to see whether it works. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ACCOUNT_TEST_H
#define DUVA_CLI_ACCOUNT_TEST_H

#include "options/server_options.h"
#include "outcome/outcome.h"

/* Connects as the checked options say, logs in, sends nothing, and reports what
 * became of it.  Zero the outcome before.  Returns its exit code. */
int cli_account_test(const struct cli_access *a, struct cli_outcome *o);

#endif
