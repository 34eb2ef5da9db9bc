/* oauth.h - the parts of duva-oauth: how a login gets its tokens. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_H
#define DUVA_CLI_OAUTH_H

#include <stdint.h>
#include <time.h>

#include "login/secret.h"
#include "login/token.h"

/* What the command was told. */
struct oauth_options {
    const char *name;          /* of the login */
    const char *provider, *tenant, *flow, *client_id, *client_secret_file;
    const char *scope, *device_url, *authorize_url, *token_url, *ca;
    uint32_t    timeout_s;     /* 0: none */
};

/* Says something on stderr, control characters escaped. */
void oauth_say(const char *format, ...);

/* ---- memory that is wiped when it is freed: oauth_memory.c ---- */

/* As those of the C library, for libraries that let one choose. */
void *oauth_malloc(size_t size);
void *oauth_calloc(size_t count, size_t size);
void *oauth_realloc(void *data, size_t size);
char *oauth_strdup(const char *text);
void  oauth_free(void *data);

/* ---- what is sent: oauth_form.c ---- */

#define OAUTH_FORM_SIZE (4 * CLI_SECRET_SIZE + 16384)

/* application/x-www-form-urlencoded, or the query of a URL. */
struct oauth_form {
    size_t len;
    int    too_long;           /* it is not whole */
    char   text[OAUTH_FORM_SIZE];
};

/* An empty form; or, after a URL, its query. */
void oauth_form_start(struct oauth_form *f, const char *url);
/* Adds name=value; a value that is empty is not added. */
void oauth_form_add(struct oauth_form *f, const char *name,
                    const char *value);

/* Base64 as RFC 4648 section 5 has it, without padding: 4 octets for 3, and
 * a NUL. */
void oauth_base64(char *dst, const uint8_t *src, size_t len);

/* ---- what is answered: oauth_answer.c ---- */

#define OAUTH_REPLY_SIZE 65536
#define OAUTH_WHY_SIZE   1024

struct oauth_reply {
    int    status;             /* of HTTP; 0: there was no answer */
    int    lasting;            /* without an answer: trying again is no use */
    size_t len;
    char   text[OAUTH_REPLY_SIZE];
    char   problem[512];       /* why there is no answer */
};

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

/* ---- when to ask: oauth_poll.c ---- */

/* RFC 8628 3.5: how often a device asks whether it may. */
struct oauth_poll {
    int64_t interval_ms, until; /* of cli_now() */
    int     lost;              /* answers, in a row */
};

void oauth_poll_start(struct oauth_poll *p, const struct oauth_device *d,
                      int64_t now);
/* Milliseconds to wait until the next question; -1: there is none, for
 * *outcome is final. */
int64_t oauth_poll_next(struct oauth_poll *p, enum oauth_outcome *outcome,
                        int64_t now);

/* ---- the browser comes back: oauth_redirect.c, oauth_browser.c ---- */

/* What the request of a browser means, RFC 6749 4.1.2.  Returns 200 for the
 * end of the flow: code holds it, or is empty and why says what went wrong;
 * else the status to answer with, and the flow goes on. */
int oauth_redirect(const char *request, const char *state, char *code,
                   size_t size, char why[OAUTH_WHY_SIZE]);

/* ---- HTTPS: oauth_http.c ---- */

/* Sends a form to url; ca is "" or a file with the authorities to trust
 * instead of those of the system. */
void oauth_post(const char *url, const char *ca, const struct oauth_form *form,
                struct oauth_reply *r);

/* ---- the flows ---- */

/* The URL can be asked: NULL, or what is wrong with it. */
const char *oauth_check_url(const char *url);

/* Fills t from the options, and from a provider that they name, over what it
 * holds.  Returns 0 or an exit code after a message. */
int oauth_prepare(struct cli_token *t, const struct oauth_options *o);

/* Get tokens into t.  Return 0 or an exit code after a message. */
int oauth_by_device(struct cli_token *t, const struct oauth_options *o);
int oauth_by_browser(struct cli_token *t, const struct oauth_options *o);
int oauth_by_code(struct cli_token *t, const char *code, const char *verifier,
                  const char *redirect);
int oauth_by_refresh(struct cli_token *t, const struct oauth_options *o);

#endif
