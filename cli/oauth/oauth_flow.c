/* oauth_flow.c - a device's code, or a refresh token, into tokens. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "login/token.h"
#include "oauth/oauth_answer.h"
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

/* They hold secrets, and each is wiped as soon as it is read. */
static struct oauth_form  form;
static struct oauth_reply reply;

static void pause_ms(int64_t ms)
{
    struct timespec left;

    left.tv_sec = (time_t)(ms / 1000);
    left.tv_nsec = (long)(ms % 1000) * 1000000;
    nanosleep(&left, NULL);
}

static void ask(const char *url, const struct cli_token *t)
{
    oauth_form_add(&form, "client_id", t->client_id);
    if (url == t->token_url)
        oauth_form_add(&form, "client_secret", t->client_secret);
    oauth_post(url, t->ca, &form, &reply);
    cli_wipe(&form, sizeof(form));
}

static enum oauth_outcome ask_for_tokens(struct cli_token *t, char *why)
{
    enum oauth_outcome outcome;

    ask(t->token_url, t);
    outcome = oauth_token_answer(t, &reply, time(NULL), why);
    cli_wipe(&reply, sizeof(reply));
    return outcome;
}

static int give_up(const char *what, enum oauth_outcome outcome,
                   const char *why)
{
    oauth_say("%s: %s", what, why);
    return oauth_exit_code(outcome);
}

/* ---- the device flow ---- */

static void show(const struct oauth_device *d)
{
    char text[2 * CLI_TOKEN_TEXT];

    cli_escape(text, sizeof(text), d->url, strlen(d->url));
    fprintf(stderr, "With any browser, go to\n    %s\n", text);
    cli_escape(text, sizeof(text), d->user_code, strlen(d->user_code));
    fprintf(stderr, "and enter the code\n    %s\n", text);
    if (d->whole_url[0] != '\0') {
        cli_escape(text, sizeof(text), d->whole_url, strlen(d->whole_url));
        fprintf(stderr, "or go to\n    %s\n", text);
    }
    fprintf(stderr, "within %lld minutes.  Waiting; Ctrl-C gives up.\n",
            (long long)(d->expires_s + 59) / 60);
}

static enum oauth_outcome poll_once(struct cli_token *t,
                                    const struct oauth_device *d, char *why)
{
    oauth_form_start(&form, "");
    oauth_form_add(&form, "grant_type",
                   "urn:ietf:params:oauth:grant-type:device_code");
    oauth_form_add(&form, "device_code", d->device_code);
    return ask_for_tokens(t, why);
}

static int poll_until(struct cli_token *t, struct oauth_device *d,
                      const struct oauth_options *o)
{
    enum oauth_outcome outcome = OAUTH_PENDING;
    struct oauth_poll poll;
    char why[OAUTH_WHY_SIZE] = "";
    int64_t ms;

    if (o->timeout_s != 0 && d->expires_s > o->timeout_s)
        d->expires_s = o->timeout_s;
    oauth_poll_start(&poll, d, cli_now());
    while ((ms = oauth_poll_next(&poll, &outcome, cli_now())) >= 0) {
        pause_ms(ms);
        outcome = poll_once(t, d, why);
    }
    switch (outcome) {
    case OAUTH_GRANTED:
        return 0;
    case OAUTH_EXPIRED:
        oauth_say("nobody has entered the code in time; try again");
        return oauth_exit_code(outcome);
    case OAUTH_REFUSED:
        return give_up("not logged in", outcome, why);
    default:
        return give_up("the token server cannot be used", outcome, why);
    }
}

int oauth_by_device(struct cli_token *t, const struct oauth_options *o)
{
    static struct oauth_device device;
    char why[OAUTH_WHY_SIZE];
    enum oauth_outcome outcome;
    int failed;

    oauth_form_start(&form, "");
    oauth_form_add(&form, "scope", t->scope);
    ask(t->device_url, t);
    outcome = oauth_device_answer(&device, &reply, why);
    cli_wipe(&reply, sizeof(reply));
    if (outcome != OAUTH_GRANTED)
        return give_up("no code from the server", outcome, why);
    show(&device);
    failed = poll_until(t, &device, o);
    cli_wipe(&device, sizeof(device));
    return failed;
}

/* ---- what follows ---- */

int oauth_by_code(struct cli_token *t, const char *code, const char *verifier,
                  const char *redirect)
{
    char why[OAUTH_WHY_SIZE];
    enum oauth_outcome outcome;

    oauth_form_start(&form, "");
    oauth_form_add(&form, "grant_type", "authorization_code");
    oauth_form_add(&form, "code", code);
    oauth_form_add(&form, "redirect_uri", redirect);
    oauth_form_add(&form, "code_verifier", verifier);
    outcome = ask_for_tokens(t, why);
    return outcome == OAUTH_GRANTED
               ? 0
               : give_up("the code was not taken", outcome, why);
}

/* RFC 6749 section 6. */
int oauth_by_refresh(struct cli_token *t, const struct oauth_options *o)
{
    enum oauth_outcome outcome = OAUTH_LATER;
    char why[OAUTH_WHY_SIZE];
    int i;

    if (t->refresh[0] == '\0') {
        oauth_say("the access token of '%s' is over, and there is no refresh "
                  "token; run 'duva oauth login %s'", o->name, o->name);
        return EX_NOPERM;
    }
    for (i = 0; i < REFRESH_TRIES && outcome == OAUTH_LATER; i++) {
        if (i > 0)
            pause_ms(INT64_C(500) << i);
        oauth_form_start(&form, "");
        oauth_form_add(&form, "grant_type", "refresh_token");
        oauth_form_add(&form, "refresh_token", t->refresh);
        outcome = ask_for_tokens(t, why);
    }
    if (outcome == OAUTH_GRANTED)
        return 0;
    if (outcome == OAUTH_REFUSED || outcome == OAUTH_EXPIRED)
        oauth_say("the login '%s' is over (%s); run 'duva oauth login %s'",
                  o->name, why, o->name);
    else
        oauth_say("no new token for '%s': %s", o->name, why);
    return oauth_exit_code(outcome);
}
