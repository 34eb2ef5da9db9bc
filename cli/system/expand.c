/* expand.c - patterns and names of a configuration into what they mean. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "system/expand.h"
#include "text/memory_stream.h"

#define NAME_SIZE 256

/* The value of a variable that is there and not empty. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

static char *joined(const char *a, const char *b, const char *c)
{
    char *all;

    return asprintf(&all, "%s%s%s", a, b, c) >= 0 ? all : NULL;
}

char *cli_home(void)
{
    const char *home = variable("HOME");
    const struct passwd *user = home == NULL ? getpwuid(geteuid()) : NULL;

    if (home == NULL && user != NULL)
        home = user->pw_dir;
    return home != NULL ? strdup(home) : NULL;
}

char *cli_config_home(const char *file)
{
    const char *folder = variable("XDG_CONFIG_HOME");
    char *home, *path;

    if (folder != NULL)
        return joined(folder, "/", file);
    home = cli_home();
    path = home != NULL ? joined(home, "/.config/", file) : NULL;
    free(home);
    return path;
}

char *cli_login(void)
{
    const char *name = variable("USER");
    const struct passwd *user = getpwuid(geteuid());

    if (name == NULL)
        name = variable("LOGNAME");
    if (name == NULL && user != NULL)
        name = user->pw_name;
    return name != NULL ? strdup(name) : NULL;
}

char *cli_mailname(void)
{
    char line[NAME_SIZE];
    FILE *f = fopen("/etc/mailname", "re");
    char *name = NULL;

    if (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        line[strcspn(line, " \t\r\n")] = '\0';
        name = line[0] != '\0' ? strdup(line) : NULL;
    }
    if (f != NULL)
        (void)fclose(f);       /* it was only read */
    return name;
}

static char *canonical_of(char *name)
{
    struct addrinfo wanted, *found = NULL;

    memset(&wanted, 0, sizeof(wanted));
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_CANONNAME;
    if (getaddrinfo(name, NULL, &wanted, &found) != 0)
        return name;
    if (found->ai_canonname != NULL) {
        free(name);
        name = strdup(found->ai_canonname);
    }
    freeaddrinfo(found);
    return name;
}

char *cli_hostname(int canonical)
{
    const char *set = variable("HOSTNAME");
    char name[NAME_SIZE], *found;

    if (set == NULL && gethostname(name, sizeof(name)) != 0)
        return NULL;
    name[sizeof(name) - 1] = '\0';
    found = strdup(set != NULL ? set : name);
    return found != NULL && canonical ? canonical_of(found) : found;
}

char *cli_expand_path(const char *path)
{
    char *home, *full;

    if (path[0] != '~' || (path[1] != '/' && path[1] != '\0'))
        return strdup(path);
    home = cli_home();
    full = home != NULL ? joined(home, path + 1, "") : NULL;
    free(home);
    return full;
}

static char *meaning(char letter)
{
    switch (letter) {
    case 'U':
        return cli_login();
    case 'H':
        return cli_hostname(0);
    case 'C':
        return cli_hostname(1);
    default:
        return cli_mailname();
    }
}

char *cli_expand(const char *pattern)
{
    char *text = NULL, *piece;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    if (out == NULL)
        return NULL;
    for (; *pattern != '\0'; pattern++) {
        if (*pattern != '%' || pattern[1] == '\0'
            || strchr("UHCM", pattern[1]) == NULL) {
            putc(*pattern, out);
            continue;
        }
        piece = meaning(*++pattern);
        fputs(piece != NULL ? piece : "", out);
        free(piece);
    }
    return cli_close_text(out, &text) == 0 ? text : NULL;
}
