/* oauth_preset.h - the options and a provider into a login. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_PRESET_H
#define DUVA_CLI_OAUTH_PRESET_H

#include "login/token.h"
#include "oauth/oauth_options.h"

/* Fills t from the options, and from a provider that they name, over what it
 * holds.  Returns 0 or an exit code after a message. */
int oauth_prepare(struct cli_token *t, const struct oauth_options *o);

#endif
