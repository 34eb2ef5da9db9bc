/* account_add.c - answers of a person into an account of the configuration. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "account/account_add.h"
#include "account/provider.h"
#include "config/account_values.h"
#include "config/config.h"
#include "options/server_options.h"
#include "system/ask.h"
#include "system/guard.h"
#include "system/shortage.h"
#include "text/expand.h"
#include "text/server.h"

enum { GO_ON = -1 };

static int ended(void)
{
    fputs("\nduva account: nothing was written\n", stderr);
    return EX_USAGE;
}

/* ---- the server ---- */

static const char *domain_of(const struct cli_draft_account *d)
{
    return strrchr(d->addr, '@') + 1;
}

/* What the DNS says, of which only what is within the domain goes without
 * saying.  Returns 1, 0: nothing, or nothing that is believed, -1: the end. */
static int ask_dns(struct cli_draft_account *d, const char *nameserver)
{
    static const struct {
        const char *service, *scheme;
    } way[] = {
        { "_submissions._tcp", "smtps" }, { "_submission._tcp", "smtp" }
    };
    struct cli_srv srv;
    char question[700];
    size_t i;
    int yes;

    for (i = 0; i < 2; i++) {
        if (cli_srv_find(&srv, way[i].service, domain_of(d), nameserver) <= 0)
            continue;
        snprintf(d->server, sizeof(d->server), "%s://%s:%u", way[i].scheme,
                 srv.host, (unsigned)srv.port);
        if (cli_srv_is_within(srv.host, domain_of(d)))
            return 1;
        snprintf(question, sizeof(question),
                 "The DNS names a server of another domain, %s.\n"
                 "Whoever can forge the DNS could name his own.  Is it "
                 "that of your provider?", srv.host);
        yes = cli_ask_yes(question, 0);
        if (yes != 0)
            return yes;
        d->server[0] = '\0';
        return 0;
    }
    return 0;
}

static int find_server(struct cli_draft_account *d, const char *nameserver,
                       int lookup)
{
    const struct cli_provider *p = cli_provider_of(domain_of(d));
    const char *problem = "", *proposal;
    struct cli_server server;
    char line[sizeof(d->server)];

    if (p != NULL) {
        printf("%s sends by %s.\n", p->name, p->server);
        if (p->note != NULL)
            printf("Note: %s.\n", p->note);
        snprintf(d->server, sizeof(d->server), "%s", p->server);
    } else if (lookup && ask_dns(d, nameserver) < 0)
        return ended();
    proposal = d->server;
    while (problem != NULL) {
        if (cli_ask("Server, as smtps://HOST:465 or smtp://HOST:587",
                    proposal, line, sizeof(line)) != 0)
            return ended();
        memset(&server, 0, sizeof(server));
        problem = cli_server_parse(&server, line);
        if (problem != NULL)
            printf("That is no server: %s.\n", problem);
    }
    memcpy(d->server, line, sizeof(line));
    return GO_ON;
}

/* ---- the questions ---- */

static int ask_address(struct cli_draft_account *d, const char *addr)
{
    duva_reason reason;

    for (;; addr = NULL) {
        if (addr != NULL)
            snprintf(d->addr, sizeof(d->addr), "%s", addr);
        else if (cli_ask("Your mail address", NULL, d->addr, sizeof(d->addr))
                 != 0)
            return ended();
        reason = duva_address_check(d->addr);
        if (reason == DUVA_REASON_NONE && strchr(d->addr, '@') != NULL)
            return GO_ON;
        printf("That is no address: %s.\n",
               reason != DUVA_REASON_NONE ? duva_reason_text(reason)
                                          : "it has no domain");
    }
}

static int is_name(const char *name)
{
    return name[0] != '\0' && strpbrk(name, " \t,:\"#") == NULL;
}

static int ask_name(struct cli_access *a, struct cli_draft_account *d)
{
    char proposal[sizeof(d->name)];

    snprintf(proposal, sizeof(proposal), "%.*s",
             (int)strcspn(domain_of(d), "."), domain_of(d));
    for (;;) {
        if (cli_ask("Name of the account", proposal, d->name, sizeof(d->name))
            != 0)
            return ended();
        if (!is_name(d->name))
            puts("It must be one word without ',', ':', '#' and '\"'.");
        else if (cli_config_find(&a->config, d->name) != NULL)
            puts("There is an account of that name already.");
        else
            return GO_ON;
    }
}

/* The keyring's own program asks, so that the password is not ours to lose. */
static int store_in_keyring(const struct cli_draft_account *d)
{
    struct cli_server server;
    pid_t child;
    int   status;

    memset(&server, 0, sizeof(server));
    cli_server_parse(&server, d->server);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        execlp("secret-tool", "secret-tool", "store", "--label=duva", "host",
               server.host, "service", "smtp", "user", d->user, (char *)NULL);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child
           && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int ask_password(struct cli_draft_account *d)
{
    char line[16];

    puts("Where is the password?\n"
         "  command  a command prints it, as that of a password manager\n"
         "  keyring  in the desktop's keyring, by secret-tool\n"
         "  file     in the configuration, which only you can read\n"
         "  ask      nowhere: it is asked for each time");
    for (;;) {
        if (cli_ask("command, keyring, file or ask", "command", line,
                    sizeof(line)) != 0)
            return ended();
        if (strcmp(line, "ask") == 0)
            return GO_ON;
        if (strcmp(line, "command") == 0) {
            if (cli_ask("The command", NULL, d->command, sizeof(d->command))
                != 0)
                return ended();
            if (d->command[0] != '\0')
                return GO_ON;
        } else if (strcmp(line, "file") == 0) {
            if (cli_ask_secret(stdout, "Password", d->password,
                               sizeof(d->password)) < 0)
                return ended();
            if (d->password[0] != '\0')
                return GO_ON;
        } else if (strcmp(line, "keyring") == 0) {
            d->keyring = (uint8_t)store_in_keyring(d);
            if (d->keyring)
                return GO_ON;
            puts("The keyring did not take it.");
        }
    }
}

static int ask_all(struct cli_access *a, struct cli_draft_account *d,
                   const char *addr, const char *nameserver, int lookup)
{
    int done = ask_address(d, addr);

    if (done < 0)
        done = find_server(d, nameserver, lookup);
    if (done < 0
        && (cli_ask("User name, - for none", d->addr, d->user,
                    sizeof(d->user)) != 0
            || cli_ask("Your own name, for the field From", NULL,
                       d->full_name, sizeof(d->full_name)) != 0))
        done = ended();
    if (done < 0 && strcmp(d->user, "-") == 0)
        d->user[0] = '\0';
    if (done < 0)
        done = ask_name(a, d);
    return done < 0 && d->user[0] != '\0' ? ask_password(d) : done;
}

/* ---- the file ---- */

static void put(FILE *out, const char *command, const char *text)
{
    if (text[0] != '\0')
        fprintf(out, "%s \"%s\"\n", command, text);
}

const char *cli_account_write(FILE *out, const struct cli_draft_account *d)
{
    struct cli_server server;
    const char *problem;

    memset(&server, 0, sizeof(server));
    problem = cli_server_parse(&server, d->server);
    if (problem != NULL)
        return problem;
    fprintf(out, "account %s\nhost %s\nport %s\n", d->name, server.host,
            server.port);
    fprintf(out, "tls on\ntls_starttls %s\n",
            server.implicit_tls ? "off" : "on");
    put(out, "from", d->addr);
    put(out, "from_full_name", d->full_name);
    if (d->user[0] == '\0')
        return NULL;
    fputs("auth on\n", out);
    put(out, "user", d->user);
    put(out, "passwordeval", d->command);
    put(out, "password", d->password);
    if (d->keyring)
        fputs("# the password is in the keyring\n", out);
    return NULL;
}

/* Makes the folders that lead to a file, for the user alone. */
static void make_folders(char *file)
{
    char *slash = file;

    while ((slash = strchr(slash + 1, '/')) != NULL) {
        *slash = '\0';
        (void)mkdir(file, 0700); /* what is not there cannot be opened */
        *slash = '/';
    }
}

static int complain(const char *file, const char *problem)
{
    fprintf(stderr, "duva account: %s: %s\n", file, problem);
    return EX_CANTCREAT;
}

/* All of it, or on a full disk nothing: returns NULL, or the problem. */
static const char *write_all(int fd, const char *text, size_t len, off_t end)
{
    const ssize_t n = write(fd, text, len);
    int cause;

    if (n == (ssize_t)len && fsync(fd) == 0)
        return NULL;
    cause = n < 0 || n == (ssize_t)len ? errno : ENOSPC;
    if (ftruncate(fd, end) != 0)
        return "only half of it could be written";
    return strerror(cause);
}

static int append(const char *file, const char *text, size_t len, int secret)
{
    const int fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    const char *problem = NULL;
    struct stat st;

    if (fd < 0 || fstat(fd, &st) != 0)
        problem = strerror(errno);
    else if (secret && (st.st_mode & 077) != 0)
        problem = "others than its owner have access to it; 'chmod 600' helps";
    else
        problem = write_all(fd, text, len, st.st_size);
    if (fd >= 0)
        close(fd);
    return problem == NULL ? GO_ON : complain(file, problem);
}

static int save(const struct cli_access *a, const struct cli_draft_account *d,
                char *file)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    int done;

    if (out == NULL)
        return EX_OSERR;
    if (access(file, F_OK) == 0)
        putc('\n', out);
    cli_account_write(out, d);
    if (strcmp(d->name, "default") != 0
        && cli_config_find(&a->config, "default") == NULL)
        fprintf(out, "\naccount default : %s\n", d->name);
    if (cli_close_text(out, &text) != 0)
        return EX_OSERR;
    make_folders(file);
    done = append(file, text, len, d->password[0] != '\0');
    cli_wipe(text, len);
    free(text);
    return done;
}

int cli_account_add(struct cli_access *a, struct cli_draft_account *d,
                    const char *addr, const char *nameserver, int lookup)
{
    char question[600];
    char *file = a->config_file != NULL ? strdup(a->config_file)
                                        : cli_config_home("duva/config");
    int done, yes;

    if (file == NULL)
        return EX_OSERR;
    done = a->config_file == NULL || access(file, F_OK) == 0
               ? cli_accounts_read(a)
               : GO_ON;
    if (done < 0)
        done = ask_all(a, d, addr, nameserver, lookup);
    if (done < 0) {
        snprintf(question, sizeof(question), "Write it to %.500s?", file);
        yes = cli_ask_yes(question, 1);
        done = yes > 0 ? save(a, d, file) : ended();
    }
    if (done < 0)
        printf("The account '%s' is in %s.\n", d->name, file);
    cli_wipe(d->password, sizeof(d->password));
    free(file);
    return done < 0 ? EX_OK : done;
}
