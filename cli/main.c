/* main.c - the first argument into the command that it names. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "account/account_command.h"
#include "options/option_help.h"
#include "probe/probe.h"
#include "send/send.h"
#include "sendmail/sendmail.h"
#include "system/helper.h"
#include "text/escape.h"

static const struct {
    const char *name;
    const char *does;
    int (*run)(int argc, char **argv);
} command[] = {
    { "send", "send one mail, or one for each row of a table",
      cli_main_send },
    { "sendmail", "accept a mail as the system's sendmail does",
      cli_main_sendmail },
    { "account", "create an account by questions; list or test accounts",
      cli_main_account },
    { "probe", "show what a server advertises, and what is wrong",
      cli_main_probe },
    { "oauth", "log in to a mail provider with OAuth, and keep the tokens",
      cli_main_oauth }
};

enum { COMMANDS = sizeof(command) / sizeof(command[0]) };

static int help(FILE *out)
{
    size_t i;

    fputs("usage: duva COMMAND [OPTION]...\n"
          "Mail over SMTP, from the command line.\n\n", out);
    for (i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-10s %s\n", command[i].name, command[i].does);
    fputs("\n'duva COMMAND --help' shows the options of a command.\n"
          "Also --help, --version.\n", out);
    return out == stdout ? EX_OK : EX_USAGE;
}

/* A socket must not get the number of a standard stream that the caller has
 * closed: what is printed would be sent. */
static int occupy_standard_streams(void)
{
    int fd;

    do
        fd = open("/dev/null", O_WRONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    return fd >= 0 ? close(fd) : -1;
}

/* Under these names the command is the system's sendmail. */
static int is_sendmail(const char *name)
{
    return strcmp(name, "sendmail") == 0 || strcmp(name, "mailq") == 0
           || strcmp(name, "newaliases") == 0;
}

static int unknown(const char *name)
{
    const char *nearest = NULL;
    char shown[128];
    size_t i;

    for (i = 0; i < COMMANDS && nearest == NULL; i++)
        if (cli_spelling_distance(name, command[i].name) <= 2)
            nearest = command[i].name;
    cli_escape(shown, sizeof(shown), name, strlen(name));
    fprintf(stderr, "duva: unknown command '%s'%s%s%s; try 'duva --help'\n",
            shown, nearest != NULL ? " (did you mean '" : "",
            nearest != NULL ? nearest : "", nearest != NULL ? "'?)" : "");
    return EX_USAGE;
}

int main(int argc, char **argv)
{
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    size_t i;

    if (occupy_standard_streams() != 0)
        return EX_OSERR;
    if (slash != NULL)
        argv[0] += slash + 1 - argv[0];
    if (argc > 0 && is_sendmail(argv[0]))
        return cli_main_sendmail(argc, argv);
    if (argc < 2)
        return help(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(stdout);
    if (strcmp(argv[1], "--version") == 0) {
        puts("duva " DUVA_VERSION);
        return EX_OK;
    }
    for (i = 0; i < COMMANDS; i++)
        if (strcmp(argv[1], command[i].name) == 0)
            return command[i].run(argc - 1, argv + 1);
    return unknown(argv[1]);
}
