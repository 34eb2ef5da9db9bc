/* token.h - logins of OAuth 2, as they are kept. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TOKEN_H
#define DUVA_CLI_TOKEN_H

#include <stdint.h>
#include <time.h>

#include "login/secret.h"

#define CLI_TOKEN_TEXT 1024    /* a URL, a name, a scope */
#define CLI_TOKEN_FILE (2 * CLI_SECRET_SIZE + 16 * CLI_TOKEN_TEXT)

/* A login: what the tokens are, and what it takes to get new ones.  A text
 * that is not known is empty.  It holds secrets: wipe it. */
struct cli_token {
    char flow[8];              /* "device" or "browser" */
    char device_url[CLI_TOKEN_TEXT], authorize_url[CLI_TOKEN_TEXT];
    char token_url[CLI_TOKEN_TEXT];
    char redirect[16];         /* the host that a browser comes back to */
    char client_id[CLI_TOKEN_TEXT], client_secret[CLI_TOKEN_TEXT];
    char scope[CLI_TOKEN_TEXT], ca[CLI_TOKEN_TEXT];
    char access[CLI_SECRET_SIZE], refresh[CLI_SECRET_SIZE];
    int64_t expires;           /* of access, since 1970, in s; 0: not known */
};

/* All of these return NULL, or what is wrong. */

/* Can a login have this name?  1 to 128 of letters, digits and ".-_+@", and no
 * dot first. */
const char *cli_token_check_name(const char *name);

/* The text of a file: a line for each field that is known. */
const char *cli_token_parse(struct cli_token *t, const char *text, size_t len);
const char *cli_token_format(const struct cli_token *t, char *text,
                             size_t size, size_t *len);

/* The file of a login, $XDG_DATA_HOME/duva/oauth/NAME, or below
 * ~/.local/share.  One that is not ours alone is refused.  What is kept takes
 * the place of what was there at one moment, or not at all. */
const char *cli_token_load(struct cli_token *t, const char *name);
const char *cli_token_keep(const struct cli_token *t, const char *name);
const char *cli_token_forget(const char *name);

/* Calls each() for every name, in their order. */
const char *cli_token_list(void (*each)(const char *name));

/* One program at a time may get new tokens for a login: a server may take each
 * refresh token once.  Waits for the others, a minute at the longest.  A login
 * that is not there yet is nobody's to lock, and then *lock is -1. */
const char *cli_token_lock(int *lock, const char *name);
void cli_token_unlock(int lock);

/* Will the access token be good for a while? */
int cli_token_is_fresh(const struct cli_token *t, time_t now);

#endif
