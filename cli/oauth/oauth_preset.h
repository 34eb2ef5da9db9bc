/* oauth_preset.h - options and a provider into a login. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_PRESET_H
#define DUVA_CLI_OAUTH_PRESET_H

#include "login/token.h"
#include "oauth/oauth_options.h"

/* Sets in t what the options and their provider say; the rest of t stays.
 * Returns 0, or an exit code after a message. */
int oauth_preset_apply(struct cli_token *t, const struct oauth_options *o);

#endif
