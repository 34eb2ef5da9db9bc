/* input.c - a file, a pipe or a text into octets to be read repeatedly. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

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

/* What comes through a pipe is copied to memory up to this, so that a full disk
 * does not stop the mail that reports it; what is longer goes to a file. */
#define MEMORY_MAX (1024u * 1024u)

int cli_is_stdin(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

/* Where an input is copied from, and what sees it on the way. */
struct source {
    int   fd;
    FILE *stream;              /* NULL: fd */
    cli_input_check_fn *check; /* NULL: none */
    void *ctx;
};

/* Reads until buf is full or fd ends.  Returns the octets, or -1. */
static ssize_t read_fd(int fd, char *buf, size_t len)
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

static ssize_t read_stream(FILE *stream, char *buf, size_t len)
{
    const size_t n = fread(buf, 1, len, stream);

    return ferror(stream) ? -1 : (ssize_t)n;
}

/* Reads the next *len octets, less at the end, and has them checked.  Returns 0
 * or an exit code. */
static int read_piece(const struct source *s, char *buf, size_t *len)
{
    const ssize_t n = s->stream != NULL ? read_stream(s->stream, buf, *len)
                                        : read_fd(s->fd, buf, *len);

    if (n < 0)
        return cli_file_code(EX_NOINPUT);
    *len = (size_t)n;
    return s->check != NULL ? s->check(s->ctx, buf, (size_t)n) : 0;
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

/* Copies to a file: the MEMORY_MAX octets in room, which is free for more
 * then, and what follows them. */
static int copy_to_file(struct cli_input *c, const struct source *s,
                        char *room)
{
    size_t len = MEMORY_MAX;
    int failed = 0;

    c->fd = cli_temporary_open();
    if (c->fd < 0)
        return cli_file_code(EX_IOERR);
    while (failed == 0 && len > 0) {
        if (write_full(c->fd, room, len) != 0)
            return EX_IOERR;
        c->len += len;
        len = MEMORY_MAX;
        failed = read_piece(s, room, &len);
    }
    return failed;
}

static int copy(struct cli_input *c, const struct source *s)
{
    char  *room = malloc(MEMORY_MAX), *less;
    size_t len = MEMORY_MAX;
    int    failed = room != NULL ? read_piece(s, room, &len) : EX_OSERR;

    if (failed == 0 && len == MEMORY_MAX) {
        failed = copy_to_file(c, s, room);
    } else if (failed == 0) {
        less = realloc(room, len + 1);
        c->memory = less != NULL ? less : room;
        c->len = len;
        return 0;
    }
    free(room);
    return failed;
}

/* Files without a length, as in /proc, are copied like pipes. */
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

/* Octets from `at` on, not more than there were when it was opened, though it
 * may have grown.  Returns how many, 0 at the end, or -1. */
static ssize_t read_at(const struct cli_input *c, uint64_t at, char *buf,
                       size_t len)
{
    ssize_t n;

    if (len > c->len - at)
        len = (size_t)(c->len - at);
    if (c->memory != NULL) {
        memcpy(buf, c->memory + at, len);
        return (ssize_t)len;
    }
    do
        n = pread(c->fd, buf, len, (off_t)(c->start + at));
    while (n < 0 && errno == EINTR);
    return n;
}

static int check_file(struct cli_input *c, const struct source *s)
{
    char     piece[16384];
    uint64_t at = 0;
    ssize_t  n;
    int      failed = 0;

    while (failed == 0 && (n = read_at(c, at, piece, sizeof(piece))) != 0) {
        if (n < 0)
            return cli_file_code(EX_NOINPUT);
        failed = s->check(s->ctx, piece, (size_t)n);
        at += (uint64_t)n;
    }
    c->len = at;
    return failed;
}

/* Closes what was opened in vain; errno stays. */
static int finish(struct cli_input *c, int failed)
{
    const int cause = errno;

    if (failed != 0)
        cli_input_close(c);
    errno = cause;
    return failed;
}

int cli_input_open_checked(struct cli_input *c, const char *path,
                           cli_input_check_fn *check, void *ctx)
{
    const int is_stdin = cli_is_stdin(path);
    const int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    const struct source s = { fd, NULL, check, ctx };
    int failed, cause;

    memset(c, 0, sizeof(*c));
    c->name = is_stdin ? "standard input" : path;
    c->fd = -1;
    if (fd < 0)
        return cli_file_code(EX_NOINPUT);
    if (is_regular(c, fd)) {
        c->fd = fd;
        c->owned = !is_stdin;
        return finish(c, check != NULL ? check_file(c, &s) : 0);
    }
    c->owned = 1;
    failed = copy(c, &s);
    cause = errno;
    if (!is_stdin)
        close(fd);
    errno = cause;
    return finish(c, failed);
}

int cli_input_open(struct cli_input *c, const char *path)
{
    return cli_input_open_checked(c, path, NULL, NULL);
}

int cli_input_copy(struct cli_input *c, const char *name, FILE *stream,
                   cli_input_check_fn *check, void *ctx)
{
    const struct source s = { -1, stream, check, ctx };

    memset(c, 0, sizeof(*c));
    c->name = name;
    c->fd = -1;
    c->owned = 1;
    return finish(c, copy(c, &s));
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

char *cli_input_load(const struct cli_input *c)
{
    char    *text = malloc((size_t)c->len + 1);
    uint64_t at = 0;
    ssize_t  n = 1;

    for (; text != NULL && n > 0 && at < c->len; at += n > 0 ? (uint64_t)n : 0)
        n = read_at(c, at, text + at, (size_t)(c->len - at));
    if (text != NULL && at < c->len) {
        free(text);
        return NULL;
    }
    if (text != NULL)
        text[at] = '\0';
    return text;
}

/* ---- reading ---- */

void cli_input_start(struct cli_input_reader *r, const struct cli_input *input)
{
    r->input = input;
    r->at = 0;
    r->kept = r->given = 0;
}

/* An end before the length that it had is an error. */
static int read_next(struct cli_input_reader *r, char *buf, size_t len)
{
    const ssize_t n = read_at(r->input, r->at, buf, len);

    if (n < 0 || (n == 0 && len > 0 && r->at < r->input->len))
        return -1;
    r->at += (uint64_t)n;
    return (int)n;
}

int cli_input_read(void *reader, void *buf, size_t len)
{
    struct cli_input_reader *r = reader;
    int n;

    if (buf == NULL) {
        cli_input_start(r, r->input);
        return 0;
    }
    if (len > INT_MAX)
        len = INT_MAX;
    if (r->given == r->kept) {
        if (len >= sizeof(r->room))
            return read_next(r, buf, len);
        n = read_next(r, r->room, sizeof(r->room));
        if (n < 0)
            return -1;
        r->kept = (size_t)n;
        r->given = 0;
    }
    if (len > r->kept - r->given)
        len = r->kept - r->given;
    memcpy(buf, r->room + r->given, len);
    r->given += len;
    return (int)len;
}
