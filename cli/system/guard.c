/* guard.c - memory and files that hold secrets into ours alone. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "system/guard.h"

void cli_wipe(void *data, size_t len)
{
    explicit_bzero(data, len);
}

void cli_guard_memory(void)
{
    const struct rlimit none = { 0, 0 };

    /* Both only make it harder to read what this process may see. */
    (void)setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__               /* so does this */
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static const char *check_rights(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return strerror(errno);
    if (!S_ISREG(st.st_mode))
        return "it is not a regular file";
    if (st.st_uid != geteuid())
        return "it belongs to another user";
    if ((st.st_mode & 077) != 0)
        return "other users have access to it; run 'chmod 600' on it";
    return NULL;
}

/* Returns 0, or -1 with errno: 0 when it is too long. */
static int read_all(int fd, char *text, size_t size, size_t *len)
{
    ssize_t n;

    for (*len = 0; *len < size; *len += (size_t)n) {
        n = read(fd, text + *len, size - *len);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return -1;
        if (n < 0)
            n = 0;
    }
    errno = 0;
    return -1;
}

const char *cli_read_private(int folder, const char *name, char *text,
                             size_t size, size_t *len)
{
    const int fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const char *problem;

    if (fd < 0)
        return strerror(errno);
    problem = check_rights(fd);
    if (problem == NULL && read_all(fd, text, size, len) != 0)
        problem = errno != 0 ? strerror(errno) : "it is too long";
    close(fd);
    errno = 0;
    return problem;
}
