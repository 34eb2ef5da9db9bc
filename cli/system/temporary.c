/* temporary.c - a folder into a file in it that has no name. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "system/temporary.h"

const char *cli_temporary_folder(void)
{
    const char *set = getenv("TMPDIR");

    return set != NULL && set[0] != '\0' ? set : "/tmp";
}

int cli_temporary_open(void)
{
    char *name = NULL;
    int fd = open(cli_temporary_folder(),
                  O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

    if (fd >= 0
        || asprintf(&name, "%s/duva-XXXXXX", cli_temporary_folder()) < 0)
        return fd;
    fd = mkostemp(name, O_CLOEXEC); /* not all file systems have O_TMPFILE */
    if (fd >= 0 && unlink(name) != 0) {
        close(fd);             /* others could open it */
        fd = -1;
    }
    free(name);
    return fd;
}
