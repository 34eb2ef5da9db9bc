/* input.c - a file or a pipe into octets that can be read again. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1
#define _FILE_OFFSET_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "system/input.h"
#include "system/shortage.h"
#include "system/temporary.h"

/* What comes through a pipe is kept in memory up to this, so that a full disk
 * does not stop the mail that tells of it; what is longer goes to a file. */
#define MEMORY_MAX (1024u * 1024u)

/* Reads until buf is full or fd ends.  Returns the octets, or -1. */
static ssize_t read_full(int fd, char *buf, size_t len)
{
    size_t  have = 0;
    ssize_t n = 1;

    while (have < len && n != 0) {
        n = read(fd, buf + have, len - have);
        if (n < 0 && errno != EINTR)
            return -1;
        have += n > 0 ? (size_t)n : 0;
    }
    return (ssize_t)have;
}

static int write_full(int fd, const char *buf, size_t len)
{
    ssize_t n;

    while (len > 0) {
        n = write(fd, buf, len);
        if (n < 0 && errno != EINTR)
            return -1;
        buf += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* The rest of fd behind the octets in room, which becomes free for it. */
static int spool(struct cli_input *c, int fd, char *room, size_t len)
{
    ssize_t n = (ssize_t)len;

    c->fd = cli_temporary_open();
    if (c->fd < 0)
        return cli_file_code(EX_IOERR);
    do {
        if (write_full(c->fd, room, (size_t)n) != 0)
            return EX_IOERR;
        c->len += (uint64_t)n;
        n = read_full(fd, room, MEMORY_MAX);
    } while (n > 0);
    return n == 0 ? 0 : cli_file_code(EX_NOINPUT);
}

/* Keeps what comes through fd. */
static int keep(struct cli_input *c, int fd)
{
    char   *room = malloc(MEMORY_MAX), *less;
    ssize_t n = room != NULL ? read_full(fd, room, MEMORY_MAX) : 0;
    int     failed;

    if (room == NULL)
        return EX_OSERR;
    if (n == MEMORY_MAX) {
        failed = spool(c, fd, room, MEMORY_MAX);
        free(room);
        return failed;
    }
    if (n < 0) {
        free(room);
        return EX_NOINPUT;
    }
    less = realloc(room, (size_t)n + 1);
    c->memory = less != NULL ? less : room;
    c->len = (uint64_t)n;
    return 0;
}

/* Files that tell no length, as in /proc, are read like pipes. */
static int is_regular(struct cli_input *c, int fd)
{
    struct stat st;
    off_t       at;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
        return 0;
    at = lseek(fd, 0, SEEK_CUR);
    if (at < 0)
        return 0;
    c->start = (uint64_t)at;
    c->len = st.st_size > at ? (uint64_t)(st.st_size - at) : 0;
    return 1;
}

int cli_input_open(struct cli_input *c, const char *path)
{
    const int is_stdin = strcmp(path, "-") == 0;
    const int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    int failed, cause;

    memset(c, 0, sizeof(*c));
    c->name = is_stdin ? "standard input" : path;
    c->fd = -1;
    if (fd < 0)
        return cli_file_code(EX_NOINPUT);
    if (is_regular(c, fd)) {
        c->fd = fd;
        c->owned = !is_stdin;
        return 0;
    }
    c->owned = 1;
    failed = keep(c, fd);
    cause = errno;
    if (!is_stdin)
        close(fd);
    if (failed != 0)
        cli_input_close(c);
    errno = cause;
    return failed;
}

void cli_input_problem(char *text, size_t size, const char *what,
                       const char *name, int failed)
{
    const char *reason = strerror(errno);

    if (failed == EX_IOERR)
        snprintf(text, size, "%sthe copy of %.250s in %.200s: %s", what, name,
                 cli_temporary_folder(), reason);
    else
        snprintf(text, size, "%s%.500s: %s", what, name, reason);
}

void cli_input_text(struct cli_input *c, const char *name, const char *text,
                    size_t len)
{
    memset(c, 0, sizeof(*c));
    c->name = name;
    c->memory = text;
    c->fd = -1;
    c->len = len;
}

void cli_input_close(struct cli_input *c)
{
    if (c->owned) {
        free((void *)(uintptr_t)c->memory);
        if (c->memory == NULL && c->fd >= 0)
            close(c->fd);
    }
    c->owned = 0;
    c->memory = NULL;
    c->fd = -1;
}

/* ---- reading ---- */

/* Straight from the content; as many octets as it was long when opened, though
 * it may have grown. */
void cli_input_start(struct cli_input_reader *k,
                     const struct cli_input *content)
{
    k->content = content;
    k->at = 0;
    k->kept = k->given = 0;
}

static int read_content(struct cli_input_reader *k, char *buf, size_t len)
{
    const struct cli_input *c = k->content;
    ssize_t n;

    if (len > c->len - k->at)
        len = (size_t)(c->len - k->at);
    if (c->memory != NULL) {
        memcpy(buf, c->memory + k->at, len);
        n = (ssize_t)len;
    } else {
        do
            n = pread(c->fd, buf, len, (off_t)(c->start + k->at));
        while (n < 0 && errno == EINTR);
    }
    if (n < 0 || (n == 0 && len > 0))
        return -1;             /* it is shorter than it was */
    k->at += (uint64_t)n;
    return (int)n;
}

int cli_input_read(void *cursor, void *buf, size_t len)
{
    struct cli_input_reader *k = cursor;
    int n;

    if (buf == NULL) {
        k->at = 0;
        k->kept = k->given = 0;
        return 0;
    }
    if (len > INT_MAX)
        len = INT_MAX;
    if (k->given == k->kept) {
        if (len >= sizeof(k->room))
            return read_content(k, buf, len);
        n = read_content(k, k->room, sizeof(k->room));
        if (n < 0)
            return -1;
        k->kept = (size_t)n;
        k->given = 0;
    }
    if (len > k->kept - k->given)
        len = k->kept - k->given;
    memcpy(buf, k->room + k->given, len);
    k->given += len;
    return (int)len;
}
