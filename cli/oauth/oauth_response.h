/* oauth_response.h - an authorization server's response into an outcome. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_RESPONSE_H
#define DUVA_CLI_OAUTH_RESPONSE_H

#include <stdint.h>
#include <time.h>

#include "login/secret.h"
#include "login/token.h"
#include "oauth/oauth_http.h"

#define OAUTH_PROBLEM_SIZE 1024

enum oauth_outcome {
    OAUTH_GRANTED,
    OAUTH_PENDING,
    OAUTH_SLOW_DOWN,
    OAUTH_LATER, /* no response, or a temporary failure */
    OAUTH_EXPIRED,
    OAUTH_REFUSED,
    OAUTH_UNTRUSTED, /* TLS failed: its certificate, say */
    OAUTH_MALFORMED  /* not as RFC 6749 or RFC 8628 say */
};

/* Device authorization response, RFC 8628 3.2.  It holds a secret: wipe it. */
struct oauth_device {
    char device_code[CLI_SECRET_SIZE], user_code[128];
    char url[CLI_TOKEN_TEXT];
    char complete_url[CLI_TOKEN_TEXT]; /* it holds the code; "": none */
    int64_t expires_s, interval_s;
};

/* Return the outcome.  GRANTED: t or d is filled in; a refresh token that the
 * response does not renew stays.  Else problem has the reason, escaped for a
 * terminal. */
enum oauth_outcome oauth_token_response(struct cli_token *t,
                                        const struct oauth_response *r,
                                        time_t now,
                                        char problem[OAUTH_PROBLEM_SIZE]);
enum oauth_outcome oauth_device_response(struct oauth_device *d,
                                         const struct oauth_response *r,
                                         char problem[OAUTH_PROBLEM_SIZE]);

/* The exit code for an outcome. */
int oauth_exit_code(enum oauth_outcome outcome);

#endif
