/* local_addresses.c - addresses as programs write them, for the envelope. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "config/account_values.h"
#include "config/config.h"
#include "envelope/mailbox.h"
#include "sendmail/aliases.h"
#include "sendmail/local_addresses.h"
#include "text/escape.h"
#include "system/expand.h"

static int no_memory(struct cli_outcome *o)
{
    return cli_stop(o, EX_OSERR, DUVA_ERR_RESOURCES, DUVA_REASON_NONE,
                    "not enough memory");
}

/* what: "recipient" or "sender". */
static int wrong_address(struct cli_outcome *o, int exit_code,
                         const char *what, const char *addr,
                         const char *problem)
{
    char shown[400];

    cli_escape(shown, sizeof(shown), addr, strlen(addr));
    return cli_stop(o, exit_code, DUVA_ERR_ARG, DUVA_REASON_MISSING,
                    "%s '%s': %s", what, shown, problem);
}

static int convert(struct cli_idn_address *last, const char *what,
                   const char *addr, struct cli_outcome *o)
{
    const char *problem = cli_idn_address_convert(last, addr);

    if (problem == NULL)
        return 0;
    return last->reason == DUVA_REASON_MEMORY
               ? no_memory(o)
               : wrong_address(o, EX_USAGE, what, addr, problem);
}

/* The domain of names that have none, on the heap, or NULL. */
static char *local_domain(struct cli_accounts *a)
{
    const char *domain = cli_account_text(a->account, CLI_SET_MAILDOMAIN);

    return domain != NULL ? strdup(domain) : cli_mailname();
}

/* ---- recipients ---- */

/* The text of the file of aliases, on the heap; or NULL: there is none, or
 * *problem says why it cannot be read. */
static char *load_aliases(struct cli_accounts *a, const char **problem)
{
    const char *file = cli_account_path(a, CLI_SET_ALIASES);
    const int fd = file != NULL ? open(file, O_RDONLY | O_CLOEXEC) : -1;
    FILE  *in = fd >= 0 ? fdopen(fd, "r") : NULL;
    char  *text = NULL;
    size_t room = 0;
    ssize_t len = 0;

    if (file == NULL)
        return NULL;
    if (in != NULL)
        len = getdelim(&text, &room, '\0', in);
    if (in == NULL || (len < 0 && !feof(in)))
        *problem = strerror(errno);
    else if (len < 0)
        text[0] = '\0';        /* an empty file */
    if (in == NULL && fd >= 0)
        close(fd);
    if (in != NULL)
        (void)fclose(in);      /* it was only read */
    return text;
}

static int resolve(struct cli_address_set *resolved,
                   const struct cli_address_set *given,
                   struct cli_aliases *aliases, struct cli_outcome *o)
{
    const char *problem = NULL;
    size_t i;

    for (i = 0; i < given->count && problem == NULL; i++)
        problem = cli_aliases_resolve(resolved, aliases, given->addr[i]);
    return problem == NULL ? 0 : wrong_address(o, EX_NOUSER, "recipient",
                                               given->addr[i - 1], problem);
}

static int convert_all(struct cli_address_set *to,
                       const struct cli_address_set *resolved,
                       struct cli_idn_address *last, struct cli_outcome *o)
{
    size_t i;
    int failed = 0;

    for (i = 0; failed == 0 && i < resolved->count; i++) {
        failed = convert(last, "recipient", resolved->addr[i], o);
        if (failed == 0 && cli_address_set_add(to, last->addr) != 0)
            failed = no_memory(o);
    }
    return failed;
}

int cli_local_recipients(struct cli_address_set *to,
                         const struct cli_address_set *given,
                         struct cli_accounts *a,
                         struct cli_idn_address *last, struct cli_outcome *o)
{
    struct cli_aliases aliases = { 0 };
    struct cli_address_set resolved = { 0 };
    const char *problem = NULL;
    char *domain = local_domain(a), *text = load_aliases(a, &problem);
    int failed;

    aliases.domain = domain;
    if (problem != NULL)
        failed = cli_stop(o, EX_CONFIG, DUVA_ERR_ARG, DUVA_REASON_MISSING,
                          "the file of 'aliases': %s", problem);
    else if (text != NULL && cli_aliases_read(&aliases, text) != 0)
        failed = no_memory(o);
    else
        failed = resolve(&resolved, given, &aliases, o);
    if (failed == 0)
        failed = convert_all(to, &resolved, last, o);
    cli_address_set_free(&resolved);
    cli_aliases_free(&aliases);
    free(text);
    free(domain);
    return failed;
}

/* ---- the sender ---- */

/* Puts a text on the heap in its place. */
static int replace(const char **sender, char *addr, struct cli_accounts *a,
                   struct cli_outcome *o)
{
    *sender = addr != NULL ? cli_config_keep(&a->config, addr) : NULL;
    return *sender != NULL ? 0 : no_memory(o);
}

static int add_domain(const char **sender, struct cli_accounts *a,
                      struct cli_outcome *o)
{
    char *name = *sender != NULL ? strdup(*sender) : cli_login();
    char *domain = local_domain(a), *addr = NULL;

    if (domain == NULL)
        domain = cli_hostname(1);
    if (name == NULL || domain == NULL
        || asprintf(&addr, "%s@%s", name, domain) < 0)
        addr = NULL;
    free(name);
    free(domain);
    return replace(sender, addr, a, o);
}

int cli_local_sender(const char **sender, struct cli_accounts *a,
                     struct cli_idn_address *last, struct cli_outcome *o)
{
    const char *given = *sender;
    int failed = 0;

    if (given != NULL && given[0] == '\0')
        return 0;              /* the null reverse-path */
    if (given != NULL && given[0] == '"' && cli_address_domain(given) == NULL)
        return wrong_address(o, EX_USAGE, "sender", given,
                             "it has no domain; write it as name@host");
    if (given == NULL || cli_address_domain(given) == NULL)
        failed = add_domain(sender, a, o);
    if (failed == 0)
        failed = convert(last, "sender", *sender, o);
    return failed == 0 && last->addr != *sender
               ? replace(sender, strdup(last->addr), a, o) : failed;
}
