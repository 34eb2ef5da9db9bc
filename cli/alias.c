/* alias.c - names without a domain into the people they stand for. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "alias.h"

#define BLANK " \t\r\n"
#define DEPTH 10               /* of names that stand for names */

int cli_people_add(struct cli_people *p, const char *addr)
{
    char **more;
    size_t i;

    for (i = 0; i < p->count; i++)
        if (strcmp(p->addr[i], addr) == 0)
            return 0;
    if (p->count == p->room) {
        more = realloc(p->addr, (2 * p->room + 8) * sizeof(*more));
        if (more == NULL)
            return -1;
        p->addr = more;
        p->room = 2 * p->room + 8;
    }
    p->addr[p->count] = strdup(addr);
    return p->addr[p->count] != NULL ? (int)(p->count++, 0) : -1;
}

void cli_people_free(struct cli_people *p)
{
    while (p->count > 0)
        free(p->addr[--p->count]);
    free(p->addr);
    memset(p, 0, sizeof(*p));
}

/* ---- the file ---- */

/* The end of an entry: of its last line, that is, with those that go on. */
static const char *end_of(const char *text)
{
    do {
        text += strcspn(text, "\n");
        text += *text == '\n';
    } while (*text == ' ' || *text == '\t');
    return text;
}

/* What a name stands for, up to the end of the entry in *end, or NULL. */
static const char *look_up(const char *text, const char *name,
                           const char **end)
{
    const size_t len = strlen(name);
    const char *colon;

    for (; *text != '\0'; text = *end) {
        *end = end_of(text);
        if (strncasecmp(text, name, len) != 0)
            continue;
        colon = text + len + strspn(text + len, " \t");
        if (*colon == ':')
            return colon + 1;
    }
    return NULL;
}

/* The next address of an entry into word.  Returns what follows, or NULL: there
 * is none. */
static const char *next_word(const char *text, const char *end, char *word,
                             size_t size)
{
    size_t len = 0;

    text += strspn(text, BLANK ",");
    while (text < end && *text == '#') {
        text += strcspn(text, "\n");
        text += strspn(text, BLANK ",");
    }
    if (text >= end)
        return NULL;
    while (text + len < end && strchr("," BLANK "#", text[len]) == NULL)
        len++;
    if (len >= size)
        len = size - 1;        /* too long for an address in any case */
    memcpy(word, text, len);
    word[len] = '\0';
    return text + len;
}

/* ---- people ---- */

static const char *qualify(struct cli_people *p,
                           const struct cli_aliases *aliases,
                           const char *name)
{
    char addr[400];

    if (aliases->domain == NULL)
        return "it has no domain: give it an alias in the file of 'aliases', "
               "or all such names a domain with 'maildomain'";
    snprintf(addr, sizeof(addr), "%.64s@%.300s", name, aliases->domain);
    return cli_people_add(p, addr) == 0 ? NULL : "not enough memory";
}

static const char *resolve(struct cli_people *p,
                           const struct cli_aliases *aliases,
                           const char *name, unsigned depth)
{
    const char *text = NULL, *end = NULL, *problem = NULL;
    char word[320];

    if (strchr(name, '@') != NULL)
        return cli_people_add(p, name) == 0 ? NULL : "not enough memory";
    if (name[0] == '|' || name[0] == '/' || name[0] == ':'
        || name[0] == '"' || name[0] == '\\')
        return "an alias must be an address: there are no mailboxes and "
               "programs here";
    if (strlen(name) > 64)
        return "it is too long";
    if (depth > DEPTH)
        return "its aliases go round in a circle";
    if (aliases->text != NULL)
        text = look_up(aliases->text, name, &end);
    if (text == NULL && aliases->text != NULL)
        text = look_up(aliases->text, "default", &end);
    if (text == NULL)
        return qualify(p, aliases, name);
    while (problem == NULL
           && (text = next_word(text, end, word, sizeof(word))) != NULL) {
        /* "root: root" is the mailbox here, and so with the domain. */
        if (strcasecmp(word, name) == 0)
            problem = qualify(p, aliases, name);
        else
            problem = resolve(p, aliases, word, depth + 1);
    }
    return problem;
}

const char *cli_people_resolve(struct cli_people *p,
                               const struct cli_aliases *aliases,
                               const char *addr)
{
    return resolve(p, aliases, addr, 0);
}
