/* oauth_http.h - HTTPS requests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_HTTP_H
#define DUVA_CLI_OAUTH_HTTP_H

#include <stddef.h>

#include "oauth/oauth_form.h"

#define OAUTH_REPLY_SIZE 65536

struct oauth_reply {
    int    status;             /* of HTTP; 0: there was no answer */
    int    lasting;            /* without an answer: trying again is no use */
    size_t len;
    char   text[OAUTH_REPLY_SIZE];
    char   problem[512];       /* why there is no answer */
};

/* Sends a form to url; ca is "" or a file with the authorities to trust
 * instead of those of the system. */
void oauth_post(const char *url, const char *ca, const struct oauth_form *form,
                struct oauth_reply *r);

/* NULL when the URL can be requested, else what is wrong with it. */
const char *oauth_check_url(const char *url);

#endif
