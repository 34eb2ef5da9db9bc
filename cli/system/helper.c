/* helper.c - the name of a part of the command into where it is. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "system/helper.h"
#include "text/escape.h"

void cli_helper_path(char *path, size_t size, const char *folder,
                     const char *file)
{
    ssize_t n = readlink("/proc/self/exe", path, size);
    size_t  room;

    if (n < 0 || (size_t)n >= size)
        n = snprintf(path, size, "%s/", DUVA_BIN);
    while (n > 0 && path[n - 1] != '/')
        n--;
    room = size - (size_t)n;
    snprintf(path + n, room, "%s", file);
    if (access(path, R_OK) != 0)
        snprintf(path + n, room, "%s/%s", folder, file);
}

void cli_helper_oauth(char *path, size_t size)
{
    cli_helper_path(path, size, DUVA_PROGRAMS, "duva-oauth");
}

int cli_main_oauth(int argc, char **argv)
{
    char path[1024], shown[1200];

    (void)argc;
    cli_helper_oauth(path, sizeof(path));
    execv(path, argv);
    cli_escape(shown, sizeof(shown), path, strlen(path));
    if (errno == ENOENT)
        fprintf(stderr, "duva oauth: %s is not installed: it comes with a "
                        "build that has libcurl and jansson\n", shown);
    else
        fprintf(stderr, "duva oauth: %s: %s\n", shown, strerror(errno));
    return EX_UNAVAILABLE;
}
