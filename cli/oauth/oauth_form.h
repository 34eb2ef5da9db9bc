/* oauth_form.h - names and values into a form; octets into base64url. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_FORM_H
#define DUVA_CLI_OAUTH_FORM_H

#include <stddef.h>
#include <stdint.h>

#include "login/secret.h"

#define OAUTH_FORM_SIZE (4 * CLI_SECRET_SIZE + 16384)

/* application/x-www-form-urlencoded, or the query of a URL.  It may hold
 * secrets: wipe it. */
struct oauth_form {
    size_t len;
    int too_long; /* it did not fit, and is incomplete */
    char   text[OAUTH_FORM_SIZE];
};

/* Starts an empty form (url ""), or the query of a URL. */
void oauth_form_start(struct oauth_form *f, const char *url);
/* Adds name=value, unless the value is empty.  The value is percent-encoded. */
void oauth_form_add(struct oauth_form *f, const char *name,
                    const char *value);

/* Base64url (RFC 4648 5) without padding, and a NUL; dst has room for
 * OAUTH_BASE64_SIZE(len), which counts the padding too. */
#define OAUTH_BASE64_SIZE(len) (((len) + 2) / 3 * 4 + 1)
void oauth_base64url(char *dst, const uint8_t *src, size_t len);

#endif
