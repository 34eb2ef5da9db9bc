/* oauth_flow.h - logins by a device code, and renewal. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_FLOW_H
#define DUVA_CLI_OAUTH_FLOW_H

#include "login/token.h"
#include "oauth/oauth_options.h"

/* Get tokens into t: by the device flow (RFC 8628), by the code that a browser
 * brought (RFC 6749 4.1.3), by a refresh token.  Return 0 or an exit code after
 * a message. */
int oauth_by_device(struct cli_token *t, const struct oauth_options *o);
int oauth_by_code(struct cli_token *t, const char *code, const char *verifier,
                  const char *redirect);
int oauth_by_refresh(struct cli_token *t, const struct oauth_options *o);

#endif
