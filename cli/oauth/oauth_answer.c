/* oauth_answer.c - what an authorization server answers into an outcome. */
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
#include "oauth/oauth_answer.h"
#include "oauth/oauth_http.h"
#include "oauth/oauth_memory.h"
#include "system/guard.h"
#include "text/escape.h"

static enum oauth_outcome tell(char why[OAUTH_WHY_SIZE],
                               enum oauth_outcome outcome, const char *format,
                               ...)
{
    char text[OAUTH_WHY_SIZE / 2];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cli_escape(why, OAUTH_WHY_SIZE, text, strlen(text));
    return outcome;
}

/* The text of a member, or "". */
static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text != NULL ? text : "";
}

/* A member that is a number, or digits in a string, and at least 0; else what
 * is usual. */
static int64_t number_of(const json_t *object, const char *name,
                         int64_t usual)
{
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);
    double number;

    if (text != NULL && text[0] >= '0' && text[0] <= '9')
        number = strtod(text, NULL);
    else if (json_is_number(value))
        number = json_number_value(value);
    else
        return usual;
    if (number < 0)
        return 0;
    return number <= 1e9 ? (int64_t)number : usual;
}

/* Copies a member made of visible ASCII.  Returns 0 when it is anything else,
 * or too long. */
static int copy(char *dst, size_t size, const json_t *object,
                const char *name, int space_too)
{
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);
    size_t i, len = text != NULL ? json_string_length(value) : 0;

    if (len == 0 || len >= size)
        return 0;
    for (i = 0; i < len; i++)
        if (text[i] < (space_too ? 0x20 : 0x21) || text[i] > 0x7E)
            return 0;
    memcpy(dst, text, len + 1);
    return 1;
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
static enum oauth_outcome judge_error(const json_t *answer,
                                      const struct oauth_reply *r, char *why)
{
    const char *error = text_of(answer, "error");
    const char *more = text_of(answer, "error_description");

    if (error[0] == '\0')
        return tell(why, OAUTH_BROKEN, "it answered %d and no word of why",
                    r->status);
    return tell(why, outcome_of(error, r->status), "%s%s%s", error,
                more[0] != '\0' ? ": " : "", more);
}

/* Returns the object that was answered, or NULL and the outcome. */
static json_t *read_object(const struct oauth_reply *r,
                           enum oauth_outcome *outcome, char *why)
{
    json_t *answer;

    json_set_alloc_funcs(oauth_malloc, oauth_free);
    if (r->status == 0) {
        *outcome = tell(why, r->lasting ? OAUTH_UNTRUSTED : OAUTH_LATER, "%s",
                        r->problem);
        return NULL;
    }
    if (r->len >= sizeof(r->text)) {
        *outcome = tell(why, OAUTH_BROKEN, "its answer is too long");
        return NULL;
    }
    answer = json_loadb(r->text, r->len, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(answer)) {
        json_decref(answer);
        *outcome = tell(why,
                        r->status == 429 || r->status >= 500 ? OAUTH_LATER
                                                             : OAUTH_BROKEN,
                        "its answer is no JSON object (HTTP %d)", r->status);
        return NULL;
    }
    return answer;
}

/* ---- what is granted ---- */

static enum oauth_outcome take_tokens(struct cli_token *t,
                                      const json_t *answer, time_t now,
                                      char *why)
{
    static char access[CLI_SECRET_SIZE], refresh[CLI_SECRET_SIZE];
    const int renewed = json_object_get(answer, "refresh_token") != NULL;
    const char *type = text_of(answer, "token_type");
    const int64_t lasts = number_of(answer, "expires_in", -1);
    enum oauth_outcome outcome = OAUTH_GRANTED;

    if (!copy(access, sizeof(access), answer, "access_token", 0))
        outcome = tell(why, OAUTH_BROKEN, "its answer holds no access token "
                                          "that could be used");
    else if (renewed
             && !copy(refresh, sizeof(refresh), answer, "refresh_token", 1))
        outcome = tell(why, OAUTH_BROKEN, "its refresh token cannot be used");
    else if (type[0] != '\0' && strcasecmp(type, "bearer") != 0)
        outcome = tell(why, OAUTH_BROKEN, "its token is of the type %s, and "
                                          "mail needs Bearer", type);
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

enum oauth_outcome oauth_token_answer(struct cli_token *t,
                                      const struct oauth_reply *r, time_t now,
                                      char why[OAUTH_WHY_SIZE])
{
    enum oauth_outcome outcome = OAUTH_BROKEN;
    json_t *answer = read_object(r, &outcome, why);

    if (answer == NULL)
        return outcome;
    outcome = r->status == 200 ? take_tokens(t, answer, now, why)
                               : judge_error(answer, r, why);
    json_decref(answer);
    return outcome;
}

enum oauth_outcome oauth_device_answer(struct oauth_device *d,
                                       const struct oauth_reply *r,
                                       char why[OAUTH_WHY_SIZE])
{
    enum oauth_outcome outcome = OAUTH_BROKEN;
    json_t *answer = read_object(r, &outcome, why);

    if (answer == NULL)
        return outcome;
    memset(d, 0, sizeof(*d));
    if (r->status != 200)
        outcome = judge_error(answer, r, why);
    else if (copy(d->device_code, sizeof(d->device_code), answer,
                  "device_code", 1)
             && copy(d->user_code, sizeof(d->user_code), answer, "user_code",
                     1)
             && (copy(d->url, sizeof(d->url), answer, "verification_uri", 0)
                 || copy(d->url, sizeof(d->url), answer, "verification_url",
                         0)))
        outcome = OAUTH_GRANTED;
    else
        tell(why, outcome, "its answer holds no code and URL to show");
    copy(d->whole_url, sizeof(d->whole_url), answer,
         "verification_uri_complete", 0);
    d->expires_s = number_of(answer, "expires_in", 900);
    d->interval_s = number_of(answer, "interval", 5);
    json_decref(answer);
    return outcome;
}

int oauth_exit_code(enum oauth_outcome outcome)
{
    switch (outcome) {
    case OAUTH_GRANTED:
        return EX_OK;
    case OAUTH_BROKEN:
        return EX_PROTOCOL;
    case OAUTH_EXPIRED: case OAUTH_REFUSED:
        return EX_NOPERM;
    default:
        return EX_TEMPFAIL;
    }
}
