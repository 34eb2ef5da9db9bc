/* helper.c - "duva oauth" into the program that does it. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "helper.h"

static const char name[] = "duva-oauth";

void cli_helper_path(char *path, size_t size)
{
    const ssize_t n = readlink("/proc/self/exe", path, size);
    size_t len = n > 0 ? (size_t)n : 0;

    while (len > 0 && path[len - 1] != '/')
        len--;
    if (len > 0 && len + sizeof(name) <= size) {
        memcpy(path + len, name, sizeof(name));
        if (access(path, X_OK) == 0)
            return;
    }
    snprintf(path, size, "%s/%s", DUVA_LIBEXEC, name);
}

int cli_oauth(int argc, char **argv)
{
    char path[1024], shown[1200];

    (void)argc;
    cli_helper_path(path, sizeof(path));
    execv(path, argv);
    cli_escape(shown, sizeof(shown), path, strlen(path));
    if (errno == ENOENT)
        fprintf(stderr, "duva oauth: %s is not installed: it comes with a "
                        "build that has libcurl and jansson\n", shown);
    else
        fprintf(stderr, "duva oauth: %s: %s\n", shown, strerror(errno));
    return EX_UNAVAILABLE;
}
