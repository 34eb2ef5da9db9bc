/* oauth_flow.c - a code or a refresh token into tokens. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "login/token.h"
#include "oauth/oauth_response.h"
#include "oauth/oauth_flow.h"
#include "oauth/oauth_form.h"
#include "oauth/oauth_http.h"
#include "oauth/oauth_options.h"
#include "oauth/oauth_poll.h"
#include "oauth/oauth_print.h"
#include "system/clock.h"
#include "system/guard.h"
#include "text/escape.h"

#define REFRESH_TRIES 3

/* Both hold secrets, and are wiped as soon as they have been read. */
static struct oauth_form  form;
static struct oauth_response response;

static void pause_ms(int64_t ms)
{
    struct timespec left;

    left.tv_sec = (time_t)(ms / 1000);
    left.tv_nsec = (long)(ms % 1000) * 1000000;
    nanosleep(&left, NULL);
}

static void post_form(const char *url, const struct cli_token *t)
{
    oauth_form_add(&form, "client_id", t->client_id);
    if (url == t->token_url)
        oauth_form_add(&form, "client_secret", t->client_secret);
    oauth_post(url, t->ca, &form, &response);
    cli_wipe(&form, sizeof(form));
}

static enum oauth_outcome request_tokens(struct cli_token *t, char *problem)
{
    enum oauth_outcome outcome;

    post_form(t->token_url, t);
    outcome = oauth_token_response(t, &response, time(NULL), problem);
    cli_wipe(&response, sizeof(response));
    return outcome;
}

static int fail(const char *what, enum oauth_outcome outcome,
                const char *problem)
{
    oauth_print("%s: %s", what, problem);
    return oauth_exit_code(outcome);
}

/* ---- the device flow ---- */

static void print_code(const struct oauth_device *d)
{
    char text[2 * CLI_TOKEN_TEXT];

    cli_escape(text, sizeof(text), d->url, strlen(d->url));
    fprintf(stderr, "Open this page in any browser:\n    %s\n", text);
    cli_escape(text, sizeof(text), d->user_code, strlen(d->user_code));
    fprintf(stderr, "and enter the code:\n    %s\n", text);
    if (d->complete_url[0] != '\0') {
        cli_escape(text, sizeof(text), d->complete_url,
                   strlen(d->complete_url));
        fprintf(stderr, "or open this one:\n    %s\n", text);
    }
    fprintf(stderr, "It expires in %lld minutes. Waiting; Ctrl-C cancels.\n",
            (long long)(d->expires_s + 59) / 60);
}

static enum oauth_outcome poll_once(struct cli_token *t,
                                    const struct oauth_device *d, char *problem)
{
    oauth_form_start(&form, "");
    oauth_form_add(&form, "grant_type",
                   "urn:ietf:params:oauth:grant-type:device_code");
    oauth_form_add(&form, "device_code", d->device_code);
    return request_tokens(t, problem);
}

static int poll_until(struct cli_token *t, struct oauth_device *d,
                      const struct oauth_options *o)
{
    enum oauth_outcome outcome = OAUTH_PENDING;
    struct oauth_poll poll;
    char problem[OAUTH_PROBLEM_SIZE] = "";
    int64_t ms;

    if (o->timeout_s != 0 && d->expires_s > o->timeout_s)
        d->expires_s = o->timeout_s;
    oauth_poll_start(&poll, d, cli_now());
    while ((ms = oauth_poll_next(&poll, &outcome, cli_now())) >= 0) {
        pause_ms(ms);
        outcome = poll_once(t, d, problem);
    }
    switch (outcome) {
    case OAUTH_GRANTED:
        return 0;
    case OAUTH_EXPIRED:
        oauth_print("the code was not entered in time; try again");
        return oauth_exit_code(outcome);
    case OAUTH_REFUSED:
        return fail("the login was rejected", outcome, problem);
    default:
        return fail("the token endpoint failed", outcome, problem);
    }
}

int oauth_by_device(struct cli_token *t, const struct oauth_options *o)
{
    static struct oauth_device device;
    char problem[OAUTH_PROBLEM_SIZE];
    enum oauth_outcome outcome;
    int failed;

    oauth_form_start(&form, "");
    oauth_form_add(&form, "scope", t->scope);
    post_form(t->device_url, t);
    outcome = oauth_device_response(&device, &response, problem);
    cli_wipe(&response, sizeof(response));
    if (outcome != OAUTH_GRANTED)
        return fail("no code from the device endpoint", outcome, problem);
    print_code(&device);
    failed = poll_until(t, &device, o);
    cli_wipe(&device, sizeof(device));
    return failed;
}

/* ---- authorization code and refresh token ---- */

int oauth_by_code(struct cli_token *t, const char *code, const char *verifier,
                  const char *redirect)
{
    char problem[OAUTH_PROBLEM_SIZE];
    enum oauth_outcome outcome;

    oauth_form_start(&form, "");
    oauth_form_add(&form, "grant_type", "authorization_code");
    oauth_form_add(&form, "code", code);
    oauth_form_add(&form, "redirect_uri", redirect);
    oauth_form_add(&form, "code_verifier", verifier);
    outcome = request_tokens(t, problem);
    return outcome == OAUTH_GRANTED
               ? 0
               : fail("the authorization code was rejected", outcome, problem);
}

/* RFC 6749 section 6. */
int oauth_by_refresh(struct cli_token *t, const struct oauth_options *o)
{
    enum oauth_outcome outcome = OAUTH_LATER;
    char problem[OAUTH_PROBLEM_SIZE];
    int i;

    if (t->refresh[0] == '\0') {
        oauth_print("the access token of '%s' has expired and there is no "
                    "refresh token; run 'duva oauth login %s'",
                    o->name, o->name);
        return EX_NOPERM;
    }
    for (i = 0; i < REFRESH_TRIES && outcome == OAUTH_LATER; i++) {
        if (i > 0)
            pause_ms(INT64_C(500) << i);
        oauth_form_start(&form, "");
        oauth_form_add(&form, "grant_type", "refresh_token");
        oauth_form_add(&form, "refresh_token", t->refresh);
        outcome = request_tokens(t, problem);
    }
    if (outcome == OAUTH_GRANTED)
        return 0;
    if (outcome == OAUTH_REFUSED || outcome == OAUTH_EXPIRED)
        oauth_print("the login '%s' has expired or was revoked (%s); run "
                    "'duva oauth login %s'",
                    o->name, problem, o->name);
    else
        oauth_print("the access token of '%s' cannot be renewed: %s", o->name,
                    problem);
    return oauth_exit_code(outcome);
}
