/* message.c - a file or a pipe into octets that can be read twice. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "shortage.h"

/* What comes through a pipe is kept in memory up to this, so that a full disk
 * does not stop the mail that tells of it; what is longer goes to a file. */
#define MEMORY_MAX (1024u * 1024u)
#define PIECE      65536u

int cli_is_stdin(const char *file)
{
    return strcmp(file, "-") == 0;
}

/* Checks what is about to be sent; the answer is in m->check. */
static int check_piece(struct cli_message *m, const char *data, size_t len)
{
    size_t i;

    m->len += len;
    for (i = 0; i < len && !m->not_utf8; i++) {
        if ((unsigned char)data[i] > 0x7F)
            m->eight_bit = 1;
        if (cli_utf8_feed(&m->utf8, (unsigned char)data[i]) < 0)
            m->not_utf8 = 1;
    }
    return duva_body_check(&m->check, data, len) == DUVA_OK ? 0 : EX_DATAERR;
}

static int check_end(struct cli_message *m)
{
    if (m->utf8.more > 0)
        m->not_utf8 = 1;
    return duva_body_check_end(&m->check) == DUVA_OK ? 0 : EX_DATAERR;
}

/* Checks the rest of in, and copies it to copy if that is not NULL. */
static int check_file(struct cli_message *m, FILE *in, FILE *copy)
{
    char *piece = malloc(PIECE);
    size_t len;
    int failed = 0;

    if (piece == NULL)
        return EX_OSERR;
    while (failed == 0 && (len = fread(piece, 1, PIECE, in)) > 0) {
        failed = check_piece(m, piece, len);
        if (copy != NULL && fwrite(piece, 1, len, copy) != len)
            failed = EX_IOERR;
    }
    if (failed == 0 && ferror(in))
        failed = EX_NOINPUT;
    if (failed == 0 && copy != NULL && fflush(copy) != 0)
        failed = EX_IOERR;
    free(piece);
    return failed != 0 ? failed : check_end(m);
}

static int spool_to_file(struct cli_message *m, FILE *in)
{
    m->file = tmpfile();
    if (m->file == NULL)
        return EX_IOERR;
    m->start = 0;
    if (fwrite(m->memory, 1, MEMORY_MAX, m->file) != MEMORY_MAX)
        return EX_IOERR;
    free(m->memory);
    m->memory = NULL;
    return check_file(m, in, m->file);
}

static int spool(struct cli_message *m, FILE *in)
{
    size_t len;
    int failed;

    m->memory = malloc(MEMORY_MAX);
    if (m->memory == NULL)
        return EX_OSERR;
    len = fread(m->memory, 1, MEMORY_MAX, in);
    if (ferror(in))
        return EX_NOINPUT;
    failed = check_piece(m, m->memory, len);
    if (failed != 0)
        return failed;
    return feof(in) ? check_end(m) : spool_to_file(m, in);
}

int cli_message_take(struct cli_message *m, FILE *in)
{
    return spool(m, in);
}

/* A regular file is read where it is, from where it stands. */
static int is_rereadable(FILE *file)
{
    struct stat st;

    return fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode);
}

int cli_message_open(struct cli_message *m, const char *file)
{
    const int is_stdin = cli_is_stdin(file);
    const int fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    FILE *in = is_stdin ? stdin : fd < 0 ? NULL : fdopen(fd, "rb");
    int failed, cause;

    if (in == NULL) {
        failed = cli_file_code(EX_NOINPUT);
        if (fd >= 0)
            close(fd);
        return failed;
    }
    if (is_rereadable(in)) {
        m->file = in;
        m->start = (int64_t)ftello(in);
        return m->start < 0 ? EX_NOINPUT : check_file(m, in, NULL);
    }
    failed = spool(m, in);
    cause = errno;
    if (!is_stdin)
        (void)fclose(in);      /* it was only read */
    errno = cause;
    return failed;
}

void cli_message_close(struct cli_message *m)
{
    if (m->file != NULL && m->file != stdin)
        (void)fclose(m->file); /* it was only read */
    free(m->memory);
    free(m->head);
}

static int rewind_message(struct cli_message *m)
{
    m->pos = 0;
    m->in_head = m->head != NULL;
    if (m->file == NULL)
        return 0;
    clearerr(m->file);
    return fseeko(m->file, (off_t)m->start, SEEK_SET);
}

static size_t least(size_t len, uint64_t left)
{
    return left < len ? (size_t)left : len;
}

int cli_message_read(void *message, void *buf, size_t len)
{
    struct cli_message *m = message;

    if (buf == NULL)
        return rewind_message(m);
    if (m->in_head && m->pos == m->head_len) {
        m->in_head = 0;
        m->pos = 0;
    }
    if (m->in_head) {
        len = least(len, m->head_len - m->pos);
        memcpy(buf, m->head + m->pos, len);
    } else {
        /* No more than was checked, though the file may have grown. */
        len = least(len, m->len - m->pos);
        if (m->memory != NULL)
            memcpy(buf, m->memory + m->pos, len);
        else if (fread(buf, 1, len, m->file) != len)
            return -1;
    }
    m->pos += len;
    return (int)len;
}
