/* oauth_response.c - an authorization server's response into an outcome. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <jansson.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include <time.h>

#include "login/secret.h"
#include "login/token.h"
#include "oauth/oauth_response.h"
#include "oauth/oauth_http.h"
#include "oauth/oauth_memory.h"
#include "system/guard.h"
#include "text/escape.h"

static enum oauth_outcome explain(char problem[OAUTH_PROBLEM_SIZE],
                                  enum oauth_outcome outcome,
                                  const char *format, ...)
{
    char text[OAUTH_PROBLEM_SIZE / 2];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cli_escape(problem, OAUTH_PROBLEM_SIZE, text, strlen(text));
    return outcome;
}

/* The text of a member, or "". */
static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

/* A member that is a number, or digits in a string, and at least 0; else the
 * default. */
static int64_t number_of(const json_t *object, const char *name,
                         int64_t otherwise)
{
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);
    double number;

    if (text != NULL && text[0] >= '0' && text[0] <= '9')
        number = strtod(text, NULL);
    else if (json_is_number(value))
        number = json_number_value(value);
    else
        return otherwise;
    if (number < 0)
        return 0;
    return number <= 1e9 ? (int64_t)number : otherwise;
}

/* Copies a member made of visible ASCII.  Returns 0; or -1 with dst unchanged:
 * it is missing, empty, too long or not such a text. */
static int copy_ascii(char *dst, size_t size, const json_t *object,
                      const char *name, int may_hold_spaces)
{
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);
    size_t i, len = text != NULL ? json_string_length(value) : 0;

    if (len == 0 || len >= size)
        return -1;
    for (i = 0; i < len; i++)
        if (text[i] < (may_hold_spaces ? 0x20 : 0x21) || text[i] > 0x7E)
            return -1;
    memcpy(dst, text, len + 1);
    return 0;
}

/* ---- errors ---- */

static enum oauth_outcome outcome_of(const char *error, int status)
{
    static const struct {
        const char *error;
        enum oauth_outcome outcome;
    } known[] = {
        { "authorization_pending", OAUTH_PENDING },
        { "slow_down", OAUTH_SLOW_DOWN },
        { "expired_token", OAUTH_EXPIRED },
        { "temporarily_unavailable", OAUTH_LATER },
        { "server_error", OAUTH_LATER }
    };
    size_t i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(error, known[i].error) == 0)
            return known[i].outcome;
    return status == 429 || status >= 500 ? OAUTH_LATER : OAUTH_REFUSED;
}

/* RFC 6749 5.2, RFC 8628 3.5. */
static enum oauth_outcome explain_error(const json_t *object,
                                        const struct oauth_response *r,
                                        char *problem)
{
    const char *error = text_of(object, "error");
    const char *more = text_of(object, "error_description");

    if (error[0] == '\0')
        return explain(problem, OAUTH_MALFORMED,
                       "the server answered %d without an error code",
                       r->status);
    return explain(problem, outcome_of(error, r->status), "%s%s%s", error,
                   more[0] != '\0' ? ": " : "", more);
}

/* Returns the JSON object of a response, or NULL and the outcome. */
static json_t *read_object(const struct oauth_response *r,
                           enum oauth_outcome *outcome, char *problem)
{
    json_t *object;

    json_set_alloc_funcs(oauth_malloc, oauth_free);
    if (r->status == 0) {
        *outcome
            = explain(problem, r->permanent ? OAUTH_UNTRUSTED : OAUTH_LATER,
                      "%s", r->problem);
        return NULL;
    }
    if (r->len >= sizeof(r->text)) {
        *outcome
            = explain(problem, OAUTH_MALFORMED, "the response is too long");
        return NULL;
    }
    object = json_loadb(r->text, r->len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(object)) {
        json_decref(object);
        *outcome = explain(
            problem,
            r->status == 429 || r->status >= 500 ? OAUTH_LATER
                                                 : OAUTH_MALFORMED,
            "the response is no JSON object (HTTP status %d)", r->status);
        return NULL;
    }
    return object;
}

/* ---- tokens and codes ---- */

static enum oauth_outcome read_tokens(struct cli_token *t, const json_t *object,
                                      time_t now, char *problem)
{
    static char access[CLI_SECRET_SIZE], refresh[CLI_SECRET_SIZE];
    const int renewed = json_object_get(object, "refresh_token") != NULL;
    const char *type = text_of(object, "token_type");
    const int64_t lasts = number_of(object, "expires_in", -1);
    enum oauth_outcome outcome = OAUTH_GRANTED;

    if (copy_ascii(access, sizeof(access), object, "access_token", 0) != 0)
        outcome = explain(problem, OAUTH_MALFORMED,
                          "the response has no access token, "
                          "or an invalid one");
    else if (renewed
             && copy_ascii(refresh, sizeof(refresh), object, "refresh_token", 1)
                    != 0)
        outcome
            = explain(problem, OAUTH_MALFORMED, "the refresh token is invalid");
    else if (type[0] != '\0' && strcasecmp(type, "bearer") != 0)
        outcome = explain(problem, OAUTH_MALFORMED,
                          "the token has the type %s, but SMTP "
                          "needs Bearer",
                          type);
    if (outcome == OAUTH_GRANTED) {
        memcpy(t->access, access, sizeof(access));
        if (renewed)
            memcpy(t->refresh, refresh, sizeof(refresh));
        t->expires = lasts >= 0 ? now + lasts : 0;
    }
    cli_wipe(access, sizeof(access));
    cli_wipe(refresh, sizeof(refresh));
    return outcome;
}

enum oauth_outcome oauth_token_response(struct cli_token *t,
                                        const struct oauth_response *r,
                                        time_t now,
                                        char problem[OAUTH_PROBLEM_SIZE])
{
    enum oauth_outcome outcome = OAUTH_MALFORMED;
    json_t *object = read_object(r, &outcome, problem);

    if (object == NULL)
        return outcome;
    outcome = r->status == 200 ? read_tokens(t, object, now, problem)
                               : explain_error(object, r, problem);
    json_decref(object);
    return outcome;
}

enum oauth_outcome oauth_device_response(struct oauth_device *d,
                                         const struct oauth_response *r,
                                         char problem[OAUTH_PROBLEM_SIZE])
{
    enum oauth_outcome outcome = OAUTH_MALFORMED;
    json_t *object = read_object(r, &outcome, problem);

    if (object == NULL)
        return outcome;
    memset(d, 0, sizeof(*d));
    if (r->status != 200)
        outcome = explain_error(object, r, problem);
    else if (copy_ascii(d->device_code, sizeof(d->device_code), object,
                        "device_code", 1)
                 == 0
             && copy_ascii(d->user_code, sizeof(d->user_code), object,
                           "user_code", 1)
                    == 0
             && (copy_ascii(d->url, sizeof(d->url), object, "verification_uri",
                            0)
                     == 0
                 || copy_ascii(d->url, sizeof(d->url), object,
                               "verification_url", 0)
                        == 0))
        outcome = OAUTH_GRANTED;
    else
        explain(problem, outcome, "the response has no code and URL to show");
    (void)copy_ascii(d->complete_url, sizeof(d->complete_url), object,
                     "verification_uri_complete", 0);
    d->expires_s = number_of(object, "expires_in", 900);
    d->interval_s = number_of(object, "interval", 5);
    json_decref(object);
    return outcome;
}

int oauth_exit_code(enum oauth_outcome outcome)
{
    switch (outcome) {
    case OAUTH_GRANTED:
        return EX_OK;
    case OAUTH_MALFORMED:
        return EX_PROTOCOL;
    case OAUTH_EXPIRED: case OAUTH_REFUSED:
        return EX_NOPERM;
    default:
        return EX_TEMPFAIL;
    }
}
