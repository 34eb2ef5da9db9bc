/* oauth_answer.h - the replies of a token server. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_ANSWER_H
#define DUVA_CLI_OAUTH_ANSWER_H

#include <stdint.h>
#include <time.h>

#include "login/secret.h"
#include "login/token.h"
#include "oauth/oauth_http.h"

#define OAUTH_WHY_SIZE   1024

enum oauth_outcome {
    OAUTH_GRANTED, OAUTH_PENDING, OAUTH_SLOW_DOWN,
    OAUTH_LATER,               /* no answer, or one that says "not now" */
    OAUTH_EXPIRED, OAUTH_REFUSED,
    OAUTH_UNTRUSTED,           /* by TLS */
    OAUTH_BROKEN               /* not what the protocol says */
};

/* What a server says at the start of the device flow, RFC 8628 3.2. */
struct oauth_device {
    char device_code[CLI_SECRET_SIZE], user_code[128];
    char url[CLI_TOKEN_TEXT], whole_url[CLI_TOKEN_TEXT]; /* "": none */
    int64_t expires_s, interval_s;
};

/* The outcome; when it is GRANTED what was granted is in t, else why, made fit
 * to be shown, tells people.  A refresh token that is not renewed stays. */
enum oauth_outcome oauth_token_answer(struct cli_token *t,
                                      const struct oauth_reply *r, time_t now,
                                      char why[OAUTH_WHY_SIZE]);
enum oauth_outcome oauth_device_answer(struct oauth_device *d,
                                       const struct oauth_reply *r,
                                       char why[OAUTH_WHY_SIZE]);

/* The exit code that tells a program of an outcome. */
int oauth_exit_code(enum oauth_outcome outcome);

#endif
