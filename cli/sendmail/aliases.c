/* aliases.c - names without a domain into the addresses they stand for. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "envelope/mailbox.h"
#include "sendmail/aliases.h"

#define DEPTH 10               /* of names that stand for names */

static const char no_memory[] = "not enough memory";

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

/* A name, and what it stands for. */
struct alias {
    const char *name, *text, *end;
    size_t      len;           /* of the name */
};

static int compare_names(const void *a, const void *b)
{
    const struct alias *x = a, *y = b;
    const int order = strncasecmp(x->name, y->name,
                                  x->len < y->len ? x->len : y->len);

    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* The first of a name counts. */
static int add_entry(struct cli_aliases *aliases, const char *text,
                     const char *end)
{
    const char *colon = text + strcspn(text, ":\n");
    struct alias *e = malloc(sizeof(*e)), **found;

    if (e == NULL)
        return -1;
    *e = (struct alias){ text, colon + 1, end, (size_t)(colon - text) };
    while (e->len > 0 && strchr(" \t", text[e->len - 1]) != NULL)
        e->len--;
    if (*colon != ':' || e->len == 0 || text[0] == '#') {
        free(e);
        return 0;
    }
    found = tsearch(e, &aliases->entries, compare_names);
    if (found == NULL || *found != e)
        free(e);
    return found != NULL ? 0 : -1;
}

int cli_aliases_read(struct cli_aliases *aliases, const char *text)
{
    const char *end;
    int failed = 0;

    for (; *text != '\0' && failed == 0; text = end) {
        end = end_of(text);
        failed = add_entry(aliases, text, end);
    }
    return failed;
}

void cli_aliases_free(struct cli_aliases *aliases)
{
    tdestroy(aliases->entries, free);
    aliases->entries = NULL;
}

static const struct alias *look_up(const struct cli_aliases *aliases,
                                   const char *name)
{
    const struct alias wanted = { name, NULL, NULL, strlen(name) };
    struct alias *const *found = tfind(&wanted, &aliases->entries,
                                       compare_names);

    return found != NULL ? *found : NULL;
}

/* An entry on one line, without its comments, on the heap. */
static char *flatten(const struct alias *e)
{
    const char *text = e->text;
    char *flat = malloc((size_t)(e->end - text) + 1), *to = flat;
    int quoted = 0;

    for (; flat != NULL && text < e->end; text++) {
        if (*text == '#' && !quoted)
            text += strcspn(text, "\n");
        if (*text == '"')
            quoted = !quoted;
        else if (*text == '\n')
            quoted = 0;
        *to++ = (unsigned char)*text < ' ' ? ' ' : *text;
    }
    if (flat != NULL)
        *to = '\0';
    return flat;
}

/* ---- resolving ---- */

static const char *add(struct cli_address_set *p, const char *addr)
{
    return cli_address_set_add(p, addr) == 0 ? NULL : no_memory;
}

static const char *qualify(struct cli_address_set *p,
                           const struct cli_aliases *aliases, const char *name)
{
    char addr[400];

    if (aliases->domain == NULL)
        return "it has no domain; add it to the file of 'aliases', or set "
               "'maildomain' for all such names";
    snprintf(addr, sizeof(addr), "%.64s@%.300s", name, aliases->domain);
    return add(p, addr);
}

static const char *resolve(struct cli_address_set *p,
                           struct cli_aliases *aliases, const char *name,
                           unsigned depth);

/* All that an entry names. */
static const char *expand(struct cli_address_set *p,
                          struct cli_aliases *aliases, const char *name,
                          const char *entry, unsigned depth)
{
    struct cli_mailboxes m = { .lenient = 1 };
    const char *problem = entry[strspn(entry, " \t")] != '\0'
                              ? cli_mailboxes_add(&m, entry) : NULL;
    size_t i;

    if (problem != NULL) {
        snprintf(aliases->problem, sizeof(aliases->problem),
                 "its line in the file of 'aliases': %s", problem);
        problem = aliases->problem;
    }
    for (i = 0; problem == NULL && i < m.count; i++) {
        if (m.list[i].addr == NULL)
            continue;
        /* "root: root" is the mailbox here, and so with the domain. */
        problem = strcasecmp(m.list[i].addr, name) == 0
                      ? qualify(p, aliases, name)
                      : resolve(p, aliases, m.list[i].addr, depth + 1);
    }
    cli_mailboxes_free(&m);
    return problem;
}

static int is_command(const char *name)
{
    name += name[0] == '"';
    return name[0] == '|' || name[0] == '/' || name[0] == ':'
           || name[0] == '\\';
}

static const char *resolve(struct cli_address_set *p,
                           struct cli_aliases *aliases, const char *name,
                           unsigned depth)
{
    static const char command[] = "an alias must be an address; files, "
                                  "programs and lists are not supported";
    const struct alias *e;
    const char *problem;
    char *entry;

    if (cli_address_domain(name) != NULL)
        return add(p, name);
    if (is_command(name))
        return command;
    if (name[0] == '"')
        return "it has no domain; write it as name@host";
    if (strlen(name) > 64)
        return "it is too long";
    if (depth > DEPTH)
        return "its aliases form a loop";
    e = look_up(aliases, name);
    if (e == NULL)
        e = look_up(aliases, "default");
    if (e == NULL)
        return qualify(p, aliases, name);
    entry = flatten(e);
    if (entry == NULL)
        return no_memory;
    problem = is_command(entry + strspn(entry, " \t"))
                  ? command : expand(p, aliases, name, entry, depth);
    free(entry);
    return problem;
}

const char *cli_aliases_resolve(struct cli_address_set *p,
                                struct cli_aliases *aliases, const char *addr)
{
    return resolve(p, aliases, addr, 0);
}
