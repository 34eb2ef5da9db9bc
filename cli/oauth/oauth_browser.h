/* oauth_browser.h - logins by a browser on this machine. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_BROWSER_H
#define DUVA_CLI_OAUTH_BROWSER_H

#include "login/token.h"
#include "oauth/oauth_options.h"

/* Gets tokens into t (RFC 8252).  Returns 0 or an exit code after a message. */
int oauth_by_browser(struct cli_token *t, const struct oauth_options *o);

#endif
