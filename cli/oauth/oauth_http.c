/* oauth_http.c - a form into the response of an HTTPS server, by libcurl. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "oauth/oauth_form.h"
#include "oauth/oauth_http.h"
#include "oauth/oauth_memory.h"

#define CONNECT_MS 15000L
#define WHOLE_MS   30000L

const char *oauth_url_check(const char *url)
{
    if (strncasecmp(url, "https://", 8) != 0)
        return "it must begin with https://";
    if (url[8] == '\0' || strpbrk(url, " \t\r\n\"") != NULL)
        return "it is not a URL";
    return NULL;
}

static size_t add_data(char *data, size_t one, size_t count, void *response)
{
    struct oauth_response *r = response;
    const size_t len = one * count, room = sizeof(r->text) - r->len;

    if (len >= room) { /* a full buffer means: too long */
        r->len = sizeof(r->text);
        return 0;
    }
    memcpy(r->text + r->len, data, len);
    r->len += len;
    return len;
}

/* libcurl verifies certificate and host name by default. */
static CURLcode configure(CURL *curl, const char *url, const char *ca,
                          const struct oauth_form *form,
                          struct oauth_response *r)
{
    CURLcode failed = curl_easy_setopt(curl, CURLOPT_URL, url);

    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    if (failed == CURLE_OK && ca[0] != '\0')
        failed = curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
    if (failed == CURLE_OK && ca[0] != '\0')
        failed = curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_SSLVERSION,
                                  (long)CURL_SSLVERSION_TLSv1_2);
    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE,
                                  (long)form->len);
    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form->text);
    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, add_data);
    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_WRITEDATA, r);
    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, r->problem);
    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                                  CONNECT_MS);
    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, WHOLE_MS);
    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_USERAGENT,
                                  "duva/" DUVA_VERSION);
    return failed;
}

/* A retry would fail again. */
static int is_permanent(CURLcode failed)
{
    switch (failed) {
    case CURLE_PEER_FAILED_VERIFICATION: case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CONNECT_ERROR: case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR: case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: case CURLE_NOT_BUILT_IN:
    case CURLE_UNKNOWN_OPTION: case CURLE_OUT_OF_MEMORY:
        return 1;
    default:
        return 0;
    }
}

static void perform(CURL *curl, const char *url, const char *ca,
                    const struct oauth_form *form, struct oauth_response *r)
{
    struct curl_slist *headers = curl_slist_append(NULL,
                                                   "Accept: application/json");
    CURLcode failed = configure(curl, url, ca, form, r);
    long status = 0;

    if (failed == CURLE_OK)
        failed = curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    if (failed == CURLE_OK)
        failed = curl_easy_perform(curl);
    curl_slist_free_all(headers);
    if (failed == CURLE_OK || r->len == sizeof(r->text)) {
        if (curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status)
            != CURLE_OK)
            status = 0; /* as if there were no response */
        r->status = (int)status;
    } else {
        r->permanent = is_permanent(failed);
        if (r->problem[0] == '\0')
            snprintf(r->problem, sizeof(r->problem), "%s",
                     curl_easy_strerror(failed));
    }
}

void oauth_post(const char *url, const char *ca, const struct oauth_form *form,
                struct oauth_response *r)
{
    static int ready;
    CURL *curl;

    memset(r, 0, sizeof(*r));
    if (form->too_long) {
        r->permanent = 1;
        snprintf(r->problem, sizeof(r->problem), "the request is too long");
        return;
    }
    if (!ready
        && curl_global_init_mem(CURL_GLOBAL_DEFAULT, oauth_malloc, oauth_free,
                                oauth_realloc, oauth_strdup, oauth_calloc)
               != CURLE_OK) {
        r->permanent = 1;
        snprintf(r->problem, sizeof(r->problem),
                 "libcurl cannot be initialized");
        return;
    }
    ready = 1;
    curl = curl_easy_init();
    if (curl == NULL) {
        r->permanent = 1;
        snprintf(r->problem, sizeof(r->problem), "not enough memory");
        return;
    }
    perform(curl, url, ca, form, r);
    curl_easy_cleanup(curl); /* closes its connection too */
}
