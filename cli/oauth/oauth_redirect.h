/* oauth_redirect.h - the request with which a browser returns. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_REDIRECT_H
#define DUVA_CLI_OAUTH_REDIRECT_H

#include <stddef.h>

#include "oauth/oauth_answer.h"

/* What the request of a browser means, RFC 6749 4.1.2.  Returns 200 for the
 * end of the flow: code holds it, or is empty and why says what went wrong;
 * else the status to answer with, and the flow goes on. */
int oauth_redirect(const char *request, const char *state, char *code,
                   size_t size, char why[OAUTH_WHY_SIZE]);

#endif
