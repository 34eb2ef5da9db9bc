/* netrc.c - the text of a .netrc into the password for a host and user. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <string.h>
#include <strings.h>

#include "login/auth.h"
#include "login/netrc.h"
#include "system/guard.h"

struct reader {
    const char *at, *end;
    char word[CLI_PASSWORD_SIZE];
    int  broken;
};

/* An entry, as far as it is read. */
struct entry {
    int begun, is_default, host_fits, user_fits, user_given, found;
    char password[CLI_PASSWORD_SIZE];
};

static int is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_line(struct reader *r)
{
    while (r->at < r->end && *r->at != '\n')
        r->at++;
}

static void skip_space(struct reader *r)
{
    while (r->at < r->end && (is_space(*r->at) || *r->at == '#'))
        if (*r->at == '#')
            skip_line(r);
        else
            r->at++;
}

/* Returns 1 when there is a word in r->word. */
static int next_word(struct reader *r, int is_value)
{
    size_t n = 0;
    int    quoted;
    char   c;

    while (is_value && r->at < r->end && is_space(*r->at))
        r->at++;               /* a password may begin with a # */
    if (!is_value)
        skip_space(r);
    if (r->at == r->end)
        return 0;
    quoted = *r->at == '"';
    r->at += quoted;
    for (; r->at < r->end; r->at++) {
        c = *r->at;
        if (quoted ? c == '"' : is_space(c))
            break;
        if (quoted && c == '\\' && r->at + 1 < r->end)
            c = *++r->at;
        if (n + 1 < sizeof(r->word))
            r->word[n] = c;
        n++;
    }
    if (n >= sizeof(r->word) || (quoted && r->at == r->end)) {
        r->broken = 1;
        return 0;
    }
    r->word[n] = '\0';
    r->at += quoted;
    return 1;
}

/* The lines of a macro end with an empty one. */
static void skip_macro(struct reader *r)
{
    for (skip_line(r); r->at + 1 < r->end; skip_line(r)) {
        r->at++;
        if (*r->at == '\n')
            return;
    }
    r->at = r->end;
}

static int fits(const struct entry *e)
{
    if (!e->begun || !e->found)
        return 0;
    return e->is_default ? e->user_fits
                         : e->host_fits && (e->user_fits || !e->user_given);
}

static void begin(struct entry *e, int is_default)
{
    cli_wipe(e, sizeof(*e));
    e->begun = 1;
    e->is_default = is_default;
}

/* Returns 1 when the entry before this word is the one. */
static int take(struct reader *r, struct entry *e, const char *host,
                const char *user)
{
    const int machine = strcmp(r->word, "machine") == 0;

    if (machine || strcmp(r->word, "default") == 0) {
        if (fits(e))
            return 1;
        begin(e, !machine);
        if (machine && next_word(r, 1))
            e->host_fits = strcasecmp(r->word, host) == 0;
    } else if (strcmp(r->word, "login") == 0) {
        if (next_word(r, 1)) {
            e->user_given = 1;
            e->user_fits = strcmp(r->word, user) == 0;
        }
    } else if (strcmp(r->word, "password") == 0) {
        if (next_word(r, 1)) {
            e->found = 1;
            memcpy(e->password, r->word, sizeof(e->password));
        }
    } else if (strcmp(r->word, "account") == 0) {
        next_word(r, 1);
    } else if (strcmp(r->word, "macdef") == 0) {
        skip_macro(r);
    }
    return 0;
}

int cli_netrc_find(const char *text, size_t len, const char *host,
                   const char *user, char *password, size_t size)
{
    struct reader r;
    struct entry  e;
    int found = 0;

    memset(&r, 0, sizeof(r));
    memset(&e, 0, sizeof(e));
    r.at = text;
    r.end = text + len;
    while (!found && !r.broken && next_word(&r, 0))
        found = take(&r, &e, host, user);
    if (!r.broken && fits(&e))
        found = 1;
    if (found && strlen(e.password) < size)
        memcpy(password, e.password, strlen(e.password) + 1);
    else if (found || r.broken)
        found = -1;
    cli_wipe(&r, sizeof(r));
    cli_wipe(&e, sizeof(e));
    return found;
}
