/* config_files.c - the files of the system and of the user into accounts. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "config/config.h"
#include "config/config_files.h"
#include "options/server_options.h"
#include "system/command.h"
#include "system/guard.h"
#include "system/shortage.h"
#include "text/escape.h"
#include "system/expand.h"

#define FILE_MAX (256u * 1024u)
#define EVAL_MS  120000        /* a person may have to unlock something */

static int bad_file(const struct cli_access *a, const char *file,
                    const char *problem)
{
    const int code = cli_file_code(EX_CONFIG);
    char shown[1024];
    char text[768];

    snprintf(text, sizeof(text), "%s%s%s", file, file[0] != '\0' ? ": " : "",
             problem);
    cli_escape(shown, sizeof(shown), text, strlen(text));
    fprintf(stderr, "duva %s: %s\n", a->command, shown);
    return code;
}

/* Commands of the configuration print a setting each. */
static const char *eval(const char *command, char *line, size_t size)
{
    const char *const argv[] = { "/bin/sh", "-c", command, NULL };
    int status;
    const int len = cli_command_line(argv, line, size - 1, EVAL_MS, &status);

    switch (len) {
    case CLI_COMMAND_FAILED:
        return "the command failed";
    case CLI_COMMAND_UNKNOWN:
        return "the command does not exist";
    case CLI_COMMAND_LATE:
        return "the command took too long";
    case -1:
        return errno != 0 ? strerror(errno) : "the line is too long";
    default:
        line[len] = '\0';
        line[strcspn(line, "\n")] = '\0';
        return NULL;
    }
}

/* All of fd, in a place that it need not grow out of: no copy of a password is
 * left behind.  Returns the octets, or -1 with errno. */
static int read_all(int fd, char *text)
{
    size_t len = 0;
    ssize_t n = 1;

    while (n != 0 && len <= FILE_MAX) {
        n = read(fd, text + len, FILE_MAX + 1 - len);
        if (n > 0)
            len += (size_t)n;
        else if (n < 0 && errno != EINTR)
            return -1;
    }
    if (len <= FILE_MAX)
        return (int)len;
    errno = EFBIG;
    return -1;
}

static int parse(struct cli_config *config, const struct cli_access *a,
                 const char *file, int fd)
{
    struct stat st;
    char *text;
    int len;

    if (fstat(fd, &st) != 0)
        return bad_file(a, file, strerror(errno));
    if (S_ISREG(st.st_mode) && (st.st_mode & S_IWOTH) != 0)
        return bad_file(a, file, "anybody may write to it, and it can run "
                                 "commands; run 'chmod o-w' on it");
    cli_guard_memory();        /* it, or what eval prints, holds a password */
    text = malloc(FILE_MAX + 1);
    len = text != NULL ? read_all(fd, text) : -1;
    if (len < 0) {
        free(text);
        return bad_file(a, file, strerror(errno));
    }
    if (cli_config_parse(config, file, text, (size_t)len, eval) != 0)
        return bad_file(a, "", config->problem);
    if (!config->holds_secret)
        return 0;
    if (S_ISREG(st.st_mode) && (st.st_mode & 077) != 0)
        return bad_file(a, file, "it holds a password, and others than the "
                                 "owner have access; run 'chmod 600' on it");
    return 0;
}

/* needed: a file that is not there is a mistake; else one that is not for us
 * to read is as good as none. */
static int read_file(struct cli_config *config, const struct cli_access *a,
                     const char *file, int needed)
{
    const int fd = file != NULL ? open(file, O_RDONLY | O_CLOEXEC) : -1;
    int failed;

    if (fd < 0)
        return needed ? bad_file(a, file, strerror(errno)) : 0;
    failed = parse(config, a, file, fd);
    close(fd);
    return failed;
}

static char *own_file(const struct cli_access *a)
{
    char *file;

    if (!a->msmtp)
        return cli_config_home("duva/config");
    file = cli_expand_path("~/.msmtprc");
    if (file != NULL && access(file, F_OK) == 0)
        return file;
    free(file);
    return cli_config_home("msmtp/config");
}

static const char *system_file(const struct cli_access *a)
{
    return a->msmtp ? "/etc/msmtprc" : "/etc/duva/config";
}

int cli_config_read(struct cli_config *config, const struct cli_access *a)
{
    char *own;
    int failed;

    if (a->config_file != NULL)
        return read_file(config, a, a->config_file, 1);
    failed = read_file(config, a, system_file(a), 0);
    if (failed != 0)
        return failed;
    /* A user's own file must be readable when it is there. */
    own = own_file(a);
    failed = read_file(config, a, own, own != NULL && access(own, F_OK) == 0);
    free(own);
    return failed;
}

void cli_config_files(const struct cli_access *a, char *text, size_t size)
{
    char *own = a->config_file == NULL ? own_file(a) : NULL;

    if (a->config_file != NULL)
        snprintf(text, size, "%s", a->config_file);
    else
        snprintf(text, size, "%s or %s", own != NULL ? own : "",
                 system_file(a));
    free(own);
}
