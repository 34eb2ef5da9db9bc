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
#include "account/srv.h"
#include "config/config.h"
#include "config/config_files.h"
#include "options/server_options.h"
#include "system/ask.h"
#include "system/guard.h"
#include "system/expand.h"
#include "text/memory_stream.h"
#include "text/server.h"

/* The end of the input, or no: EX_USAGE. */
static int ended(void)
{
    fputs("\nduva account: no account was written\n", stderr);
    return EX_USAGE;
}

/* ---- the server ---- */

static const char *domain_of(const struct cli_new_account *d)
{
    return strrchr(d->addr, '@') + 1;
}

/* The URL that is proposed for the question. */
#define URL_SIZE 300

/* Asks the DNS (RFC 6186).  A server of another domain must be confirmed: the
 * answer of a DNS without signatures can be forged.  Returns 1; 0: there is
 * none, or it was not confirmed; -1: the end of the input. */
static int ask_dns(const struct cli_new_account *d, const char *nameserver,
                   char url[URL_SIZE])
{
    static const struct {
        const char *service, *scheme;
    } kind[]
        = { { "_submissions._tcp", "smtps" }, { "_submission._tcp", "smtp" } };
    struct cli_srv srv;
    char question[700];
    size_t i;
    int yes;

    for (i = 0; i < 2; i++) {
        if (cli_srv_find(&srv, kind[i].service, domain_of(d), nameserver) <= 0)
            continue;
        snprintf(url, URL_SIZE, "%s://%s:%u", kind[i].scheme, srv.host,
                 (unsigned)srv.port);
        if (cli_srv_is_within(srv.host, domain_of(d)))
            return 1;
        snprintf(question, sizeof(question),
                 "The DNS names a server of another domain: %s.\n"
                 "DNS answers can be forged. Is it the server of your "
                 "provider?",
                 srv.host);
        yes = cli_ask_yes(question, 0);
        if (yes <= 0)
            url[0] = '\0';
        return yes;
    }
    return 0;
}

static int find_server(struct cli_new_account *d, const char *nameserver,
                       int lookup)
{
    const struct cli_provider *p = cli_provider_of(domain_of(d));
    const char *problem = "";
    char proposal[URL_SIZE] = "", line[URL_SIZE];

    if (p != NULL) {
        printf("%s sends mail through %s.\n", p->name, p->server);
        if (p->note != NULL)
            printf("Note: %s.\n", p->note);
        snprintf(proposal, sizeof(proposal), "%s", p->server);
    } else if (lookup && ask_dns(d, nameserver, proposal) < 0)
        return ended();
    while (problem != NULL) {
        if (cli_ask("Server, as smtps://HOST:465 or smtp://HOST:587",
                    proposal, line, sizeof(line)) != 0)
            return ended();
        memset(&d->server, 0, sizeof(d->server));
        problem = cli_server_parse(&d->server, line);
        if (problem != NULL)
            printf("Not a valid server: %s.\n", problem);
    }
    return 0;
}

/* ---- the questions ---- */

static int ask_address(struct cli_new_account *d, const char *addr)
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
            return 0;
        printf("Not a valid address: %s.\n", reason != DUVA_REASON_NONE
                                                 ? duva_reason_text(reason)
                                                 : "it has no domain");
    }
}

static int is_name(const char *name)
{
    return name[0] != '\0' && strpbrk(name, " \t,:\"#") == NULL;
}

static int ask_name(const struct cli_config *c, struct cli_new_account *d)
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
        else if (cli_config_find(c, d->name) != NULL)
            puts("An account of that name exists.");
        else
            return 0;
    }
}

/* The keyring's own program asks for the password: it never comes here. */
static int store_in_keyring(const struct cli_new_account *d)
{
    pid_t child;
    int   status;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        execlp("secret-tool", "secret-tool", "store", "--label=duva", "host",
               d->server.host, "service", "smtp", "user", d->user,
               (char *)NULL);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child
           && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int ask_password(struct cli_new_account *d)
{
    char line[16];

    puts("Where is the password?\n"
         "  command  a command prints it, for example a password manager\n"
         "  keyring  in the keyring of the desktop (secret-tool)\n"
         "  file     in the configuration file, readable only by you\n"
         "  ask      nowhere; duva asks each time");
    for (;;) {
        if (cli_ask("command, keyring, file or ask", "command", line,
                    sizeof(line)) != 0)
            return ended();
        if (strcmp(line, "ask") == 0)
            return 0;
        if (strcmp(line, "command") == 0) {
            if (cli_ask("Command that prints the password", NULL, d->command,
                        sizeof(d->command))
                != 0)
                return ended();
            if (d->command[0] != '\0')
                return 0;
        } else if (strcmp(line, "file") == 0) {
            if (cli_ask_secret(stdout, "Password", d->password,
                               sizeof(d->password)) < 0)
                return ended();
            if (d->password[0] != '\0')
                return 0;
        } else if (strcmp(line, "keyring") == 0) {
            d->keyring = (uint8_t)store_in_keyring(d);
            if (d->keyring)
                return 0;
            puts("The keyring did not store it; choose again.");
        }
    }
}

static int ask_all(const struct cli_config *c, struct cli_new_account *d,
                   const char *addr, const char *nameserver, int lookup)
{
    int failed = ask_address(d, addr);

    if (failed == 0)
        failed = find_server(d, nameserver, lookup);
    if (failed == 0
        && (cli_ask("User name, - for none", d->addr, d->user, sizeof(d->user))
                != 0
            || cli_ask("Your name, for the field From", NULL, d->full_name,
                       sizeof(d->full_name))
                   != 0))
        failed = ended();
    if (failed == 0 && strcmp(d->user, "-") == 0)
        d->user[0] = '\0';
    if (failed == 0)
        failed = ask_name(c, d);
    return failed == 0 && d->user[0] != '\0' ? ask_password(d) : failed;
}

/* ---- the file ---- */

static void put(FILE *out, const char *command, const char *text)
{
    if (text[0] != '\0')
        fprintf(out, "%s \"%s\"\n", command, text);
}

void cli_account_write(FILE *out, const struct cli_new_account *d)
{
    fprintf(out, "account %s\nhost %s\nport %s\n", d->name, d->server.host,
            d->server.port);
    fprintf(out, "tls on\ntls_starttls %s\n",
            d->server.implicit_tls ? "off" : "on");
    put(out, "from", d->addr);
    put(out, "from_full_name", d->full_name);
    if (d->user[0] == '\0')
        return;
    fputs("auth on\n", out);
    put(out, "user", d->user);
    put(out, "passwordeval", d->command);
    put(out, "password", d->password);
    if (d->keyring)
        fputs("# the password is in the keyring\n", out);
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

static int cannot_write(const char *file, const char *problem)
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
        return "it was written only in part";
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
        problem = "others have access to the file; run 'chmod 600' on it";
    else
        problem = write_all(fd, text, len, st.st_size);
    if (fd >= 0)
        close(fd);
    return problem == NULL ? 0 : cannot_write(file, problem);
}

static int save(const struct cli_config *c, const struct cli_new_account *d,
                char *file)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    int failed;

    if (out == NULL)
        return EX_OSERR;
    if (access(file, F_OK) == 0)
        putc('\n', out);
    cli_account_write(out, d);
    if (strcmp(d->name, "default") != 0
        && cli_config_find(c, "default") == NULL)
        fprintf(out, "\naccount default : %s\n", d->name);
    if (cli_close_text(out, &text) != 0)
        return EX_OSERR;
    make_folders(file);
    failed = append(file, text, len, d->password[0] != '\0');
    cli_wipe(text, len);
    free(text);
    return failed;
}

int cli_account_add(struct cli_config *c, const struct cli_access *a,
                    struct cli_new_account *d, const char *addr,
                    const char *nameserver, int lookup)
{
    char question[600];
    char *file = a->config_file != NULL ? strdup(a->config_file)
                                        : cli_config_home("duva/config");
    int failed = 0;

    if (file == NULL)
        return EX_OSERR;
    if (a->config_file == NULL || access(file, F_OK) == 0)
        failed = cli_config_read(c, a);
    if (failed == 0)
        failed = ask_all(c, d, addr, nameserver, lookup);
    if (failed == 0) {
        snprintf(question, sizeof(question), "Write it to %.500s?", file);
        failed = cli_ask_yes(question, 1) > 0 ? save(c, d, file) : ended();
    }
    if (failed == 0)
        printf("The account '%s' is in %s.\n", d->name, file);
    cli_wipe(d->password, sizeof(d->password));
    free(file);
    return failed;
}
