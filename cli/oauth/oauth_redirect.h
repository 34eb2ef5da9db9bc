/* oauth_redirect.h - the request of a redirected browser into a code. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_REDIRECT_H
#define DUVA_CLI_OAUTH_REDIRECT_H

#include <stddef.h>

#include "oauth/oauth_response.h"

/* Parses the request of a browser that was redirected to us, RFC 6749 4.1.2.
 * Returns the HTTP status to respond with.  200 ends the flow: code has the
 * authorization code, or is "" and problem has the reason.  With any other
 * status the request is of no use, and the flow waits for the next. */
int oauth_redirect(const char *request, const char *state, char *code,
                   size_t size, char problem[OAUTH_PROBLEM_SIZE]);

#endif
