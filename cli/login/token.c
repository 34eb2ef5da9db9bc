/* token.c - logins of OAuth 2 into files, one each, and back. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "login/token.h"
#include "system/clock.h"
#include "system/guard.h"

#define NAME_MAX_LEN 128
#define MARGIN_S     120       /* a mail may be on its way for a while */
#define LOCK_MS      60000

static const char first_line[] = "duva oauth 1\n";

#define FIELD(name, member)                                                   \
    { name, offsetof(struct cli_token, member),                               \
      sizeof(((struct cli_token *)0)->member) }

static const struct field {
    const char *name;
    size_t offset, size;
} field[] = {
    FIELD("flow", flow),
    FIELD("device-url", device_url),
    FIELD("authorize-url", authorize_url),
    FIELD("token-url", token_url),
    FIELD("redirect", redirect),
    FIELD("client-id", client_id),
    FIELD("client-secret", client_secret),
    FIELD("scope", scope),
    FIELD("ca", ca),
    FIELD("access-token", access),
    FIELD("refresh-token", refresh)
};

enum { FIELDS = sizeof(field) / sizeof(field[0]) };

const char *cli_token_check_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+@";
    const size_t len = strlen(name);

    if (len == 0 || len > NAME_MAX_LEN)
        return "a name has 1 to 128 characters";
    if (name[0] == '.' || strspn(name, letters) != len)
        return "a name has letters, digits and .-_+@, and does not begin with "
               "a "
               "dot";
    return NULL;
}

int cli_token_is_fresh(const struct cli_token *t, time_t now)
{
    return t->access[0] != '\0'
           && (t->expires == 0 || t->expires - MARGIN_S > now);
}

/* ---- text ---- */

static const char *take(struct cli_token *t, const char *key, size_t key_len,
                        const char *value, size_t len)
{
    char number[24];
    size_t i;

    if (key_len == strlen("expires") && memcmp(key, "expires", key_len) == 0) {
        if (len == 0 || len > 15)
            return "its expiry is not a number";
        memcpy(number, value, len);
        number[len] = '\0';
        if (strspn(number, "0123456789") != len)
            return "its expiry is not a number";
        t->expires = strtoll(number, NULL, 10);
        return NULL;
    }
    for (i = 0; i < FIELDS; i++)
        if (strlen(field[i].name) == key_len
            && memcmp(field[i].name, key, key_len) == 0) {
            if (len >= field[i].size)
                return "a line is too long";
            memcpy((char *)t + field[i].offset, value, len);
            ((char *)t)[field[i].offset + len] = '\0';
            return NULL;
        }
    return NULL;               /* what a later version keeps there */
}

const char *cli_token_parse(struct cli_token *t, const char *text, size_t len)
{
    const size_t skip = sizeof(first_line) - 1;
    const char *at, *end = text + len, *line_end, *space, *problem;

    memset(t, 0, sizeof(*t));
    if (memchr(text, '\0', len) != NULL || len < skip
        || memcmp(text, first_line, skip) != 0)
        return "it is not a file of 'duva oauth login'";
    for (at = text + skip; at < end; at = line_end + 1) {
        line_end = memchr(at, '\n', (size_t)(end - at));
        if (line_end == NULL)
            return "its last line is cut";
        space = memchr(at, ' ', (size_t)(line_end - at));
        if (space == NULL)
            return "a line has no value";
        problem = take(t, at, (size_t)(space - at), space + 1,
                       (size_t)(line_end - space - 1));
        if (problem != NULL)
            return problem;
    }
    return NULL;
}

const char *cli_token_format(const struct cli_token *t, char *text,
                             size_t size, size_t *len)
{
    const char *value;
    size_t i, n;

    n = (size_t)snprintf(text, size, "%s", first_line);
    for (i = 0; i < FIELDS && n < size; i++) {
        value = (const char *)t + field[i].offset;
        if (strpbrk(value, "\r\n") != NULL)
            return "a value holds a line end";
        if (value[0] != '\0')
            n += (size_t)snprintf(text + n, size - n, "%s %s\n",
                                  field[i].name, value);
    }
    if (n < size && t->expires > 0)
        n += (size_t)snprintf(text + n, size - n, "expires %lld\n",
                              (long long)t->expires);
    *len = n;
    return n < size ? NULL : "it is too long";
}

/* ---- the folder ---- */

static void make_all(char *path)
{
    char *slash;

    for (slash = path + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        (void)mkdir(path, 0700); /* what is not there cannot be opened */
        *slash = '/';
    }
    (void)mkdir(path, 0700);   /* nor can this */
}

/* Returns the folder, open, or -1 with errno. */
static int open_folder(int make)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    char path[1024];
    int n;

    /* The specification of XDG: a path that is not absolute is ignored. */
    if (data != NULL && data[0] == '/')
        n = snprintf(path, sizeof(path), "%s/duva/oauth", data);
    else if (home != NULL && home[0] == '/')
        n = snprintf(path, sizeof(path), "%s/.local/share/duva/oauth", home);
    else {
        errno = ENOENT;
        return -1;
    }
    if (n < 0 || (size_t)n >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    if (make)
        make_all(path);
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* ---- locks ---- */

static const char *wait_for_lock(int fd, int64_t end)
{
    const struct timespec nap = { 0, 20000000 };

    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return strerror(errno);
        if (cli_now() >= end)
            return "another duva process has locked it for a minute";
        nanosleep(&nap, NULL);
    }
    return NULL;
}

/* The process that had the lock before may have replaced the file. */
static int is_still(int folder, const char *name, int fd)
{
    struct stat held, named;

    return fstat(fd, &held) == 0 && fstatat(folder, name, &named, 0) == 0
           && held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

const char *cli_token_lock(int *lock, const char *name)
{
    const int64_t end = cli_now() + LOCK_MS;
    const int folder = open_folder(0);
    const char *problem = NULL;

    for (;;) {
        *lock = folder < 0 ? -1
                           : openat(folder, name,
                                    O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (*lock < 0) {
            problem = errno != ENOENT ? strerror(errno) : NULL;
            break;
        }
        problem = wait_for_lock(*lock, end);
        if (problem == NULL && is_still(folder, name, *lock))
            break;
        close(*lock);
        *lock = -1;
        if (problem != NULL)
            break;
    }
    if (folder >= 0)
        close(folder);
    return problem;
}

void cli_token_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}

/* ---- a file ---- */

const char *cli_token_load(struct cli_token *t, const char *name)
{
    static char text[CLI_TOKEN_FILE];
    const char *problem = cli_token_check_name(name);
    size_t len = 0;
    int folder;

    memset(t, 0, sizeof(*t));
    if (problem != NULL)
        return problem;
    folder = open_folder(0);
    if (folder < 0 && errno != ENOENT)
        return strerror(errno);
    if (folder >= 0) {
        problem = cli_read_private(folder, name, text, sizeof(text), &len);
        close(folder);
    }
    if (folder < 0 || (problem != NULL && errno == ENOENT))
        problem = "there is no such login";
    else if (problem == NULL)
        problem = cli_token_parse(t, text, len);
    cli_wipe(text, sizeof(text));
    return problem;
}

static int write_all(int fd, const char *text, size_t len)
{
    ssize_t n;

    while (len > 0) {
        n = write(fd, text, len);
        if (n < 0 && errno != EINTR)
            return -1;
        if (n > 0) {
            text += n;
            len -= (size_t)n;
        }
    }
    return fsync(fd);
}

/* One at a time, for a moment: one name for what is not whole will do. */
static int replace(int folder, const char *name, const char *text, size_t len)
{
    char fresh[NAME_MAX_LEN + 8];
    int fd, cause, failed;

    /* released with the folder; without it O_EXCL finds another writer */
    (void)flock(folder, LOCK_EX);
    snprintf(fresh, sizeof(fresh), ".%s.new", name);
    (void)unlinkat(folder, fresh, 0); /* mostly it is not there */
    fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    failed = write_all(fd, text, len);
    cause = errno;
    if (close(fd) != 0 && failed == 0) {
        failed = -1;
        cause = errno;
    }
    if (failed == 0 && renameat(folder, fresh, folder, name) == 0)
        return fsync(folder);
    if (failed == 0)
        cause = errno;
    (void)unlinkat(folder, fresh, 0); /* the failure is that of before */
    errno = cause;
    return -1;
}

const char *cli_token_keep(const struct cli_token *t, const char *name)
{
    static char text[CLI_TOKEN_FILE];
    const char *problem = cli_token_check_name(name);
    size_t len = 0;
    int folder;

    if (problem == NULL)
        problem = cli_token_format(t, text, sizeof(text), &len);
    if (problem == NULL) {
        folder = open_folder(1);
        if (folder < 0 || replace(folder, name, text, len) != 0)
            problem = strerror(errno);
        if (folder >= 0)
            close(folder);
    }
    cli_wipe(text, sizeof(text));
    return problem;
}

const char *cli_token_forget(const char *name)
{
    const char *problem = cli_token_check_name(name);
    int folder;

    if (problem != NULL)
        return problem;
    folder = open_folder(0);
    if (folder < 0 || unlinkat(folder, name, 0) != 0)
        problem = errno == ENOENT ? "there is no such login"
                                  : strerror(errno);
    if (folder >= 0)
        close(folder);
    return problem;
}

const char *cli_token_list(void (*each)(const char *name))
{
    const int folder = open_folder(0);
    struct dirent **entry;
    int i, n;

    if (folder < 0)
        return errno == ENOENT ? NULL : strerror(errno);
    n = scandirat(folder, ".", &entry, NULL, alphasort);
    close(folder);
    if (n < 0)
        return strerror(errno);
    for (i = 0; i < n; i++) {
        if (cli_token_check_name(entry[i]->d_name) == NULL)
            each(entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
    return NULL;
}
