/* oauth_http.h - a form into the response of an HTTPS server. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_HTTP_H
#define DUVA_CLI_OAUTH_HTTP_H

#include <stddef.h>

#include "oauth/oauth_form.h"

#define OAUTH_RESPONSE_SIZE 65536

struct oauth_response {
    int status;    /* of HTTP; 0: no response */
    int permanent; /* no response, and a retry would not help */
    size_t len;
    char text[OAUTH_RESPONSE_SIZE];
    char problem[512]; /* why there is no response */
};

/* POSTs a form to url over verified TLS; ca is "" or a file with the trust
 * anchors that replace the system's.  The response may hold secrets: wipe
 * it. */
void oauth_post(const char *url, const char *ca, const struct oauth_form *form,
                struct oauth_response *r);

/* Returns NULL when the URL can be requested, else what is wrong with it. */
const char *oauth_url_check(const char *url);

#endif
