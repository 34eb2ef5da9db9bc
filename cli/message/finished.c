/* finished.c - a file or a pipe into octets that can be read twice. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "message/header.h"
#include "message/finished.h"
#include "system/shortage.h"
#include "system/temporary.h"
#include "text/utf8.h"

/* What comes through a pipe is kept in memory up to this, so that a full disk
 * does not stop the mail that tells of it; what is longer goes to a file. */
#define MEMORY_MAX (1024u * 1024u)
#define PIECE      65536u

int cli_is_stdin(const char *file)
{
    return strcmp(file, "-") == 0;
}

/* ---- the header of a finished message ---- */

/* Where in a line of it the reading is; from IN_TEXT on it is over. */
enum { AT_START, IN_NAME, BEHIND_NAME, IN_VALUE, IN_TEXT, IN_NOTHING };

/* Where the next octet leads (RFC 5322 2.2, 4.5). */
static int step(struct cli_header_check *h, unsigned char c)
{
    const int space = c == ' ' || c == '\t';

    if (h->place >= IN_TEXT)
        return h->place;
    if (h->place == IN_VALUE)
        return c == '\n' ? AT_START : IN_VALUE;
    if (h->place == AT_START && c == '\r')
        return AT_START;
    if (h->place == AT_START && c == '\n')
        return h->fields > 0 ? IN_TEXT : IN_NOTHING;
    if (h->place == AT_START && space)
        return h->fields > 0 ? IN_VALUE : IN_NOTHING;
    if (h->place != AT_START && c == ':') {
        h->fields++;
        return IN_VALUE;
    }
    if (h->place != AT_START && space)
        return BEHIND_NAME;
    return h->place != BEHIND_NAME && c > ' ' && c < 0x7F && c != ':'
               ? IN_NAME : IN_NOTHING;
}

static void check_header(struct cli_header_check *h, const char *data,
                         size_t len)
{
    size_t i;

    for (i = 0; i < len && (h->place < IN_TEXT
                            || h->octets < sizeof(h->begin)); i++) {
        if (h->octets < sizeof(h->begin))
            h->begin[h->octets] = data[i];
        h->octets++;
        h->place = (uint8_t)step(h, (unsigned char)data[i]);
        h->line += h->place == AT_START && data[i] == '\n';
    }
}

static int check_header_end(struct cli_header_check *h)
{
    const char *begin = h->begin;

    if (h->place == IN_TEXT
        || (h->fields > 0 && (h->place == AT_START || h->place == IN_VALUE)))
        return 0;
    if (h->octets == 0)
        h->problem = "there is none; a finished message has a header";
    else if (strncmp(begin, "\xEF\xBB\xBF", 3) == 0)
        h->problem = "a byte order mark is before the header; 'tail -c +4' "
                     "takes it off";
    else if (h->line == 0 && (strncmp(begin, "From ", 5) == 0
                              || strncmp(begin, ">From", 5) == 0))
        h->problem = "it is that of a mailbox, not of a message; 'sed 1d' "
                     "takes it off";
    else
        h->problem = "it is no field of a header, which an empty line must "
                     "end; --body sends a text";
    return EX_DATAERR;
}

/* ---- all octets ---- */

/* Checks what is about to be sent; the answer is in m->check. */
static int check_piece(struct cli_finished *m, const char *data, size_t len)
{
    size_t i;

    if (m->whole)
        check_header(&m->header, data, len);
    m->len += len;
    for (i = 0; i < len && !m->not_utf8; i++) {
        if ((unsigned char)data[i] > 0x7F)
            m->eight_bit = 1;
        if (cli_utf8_feed(&m->utf8, (unsigned char)data[i]) < 0)
            m->not_utf8 = 1;
    }
    return duva_body_check(&m->check, data, len) == DUVA_OK || m->binary
               ? 0 : EX_DATAERR;
}

static int check_end(struct cli_finished *m)
{
    if (m->utf8.more > 0)
        m->not_utf8 = 1;
    if (duva_body_check_end(&m->check) != DUVA_OK && !m->binary)
        return EX_DATAERR;
    return m->whole ? check_header_end(&m->header) : 0;
}

/* Checks the rest of in, and copies it to copy if that is not NULL. */
static int check_file(struct cli_finished *m, FILE *in, FILE *copy)
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

static int spool_to_file(struct cli_finished *m, FILE *in)
{
    const int fd = cli_temporary_open();

    m->file = fd >= 0 ? fdopen(fd, "w+b") : NULL;
    if (m->file == NULL && fd >= 0)
        close(fd);
    if (m->file == NULL)
        return cli_file_code(EX_IOERR);
    m->start = 0;
    if (fwrite(m->memory, 1, MEMORY_MAX, m->file) != MEMORY_MAX)
        return EX_IOERR;
    free(m->memory);
    m->memory = NULL;
    return check_file(m, in, m->file);
}

static int spool(struct cli_finished *m, FILE *in)
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

int cli_finished_take(struct cli_finished *m, FILE *in)
{
    return spool(m, in);
}

/* A regular file is read where it is, from where it stands. */
static int is_rereadable(FILE *file)
{
    struct stat st;

    return fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode);
}

int cli_finished_open(struct cli_finished *m, const char *file)
{
    const int is_stdin = cli_is_stdin(file);
    const int fd = is_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    FILE *in = is_stdin ? stdin : fd < 0 ? NULL : fdopen(fd, "rb");
    int failed, cause;

    m->whole = 1;
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

void cli_finished_close(struct cli_finished *m)
{
    if (m->file != NULL && m->file != stdin)
        (void)fclose(m->file); /* it was only read */
    free(m->memory);
    free(m->head);
}

unsigned long cli_finished_line(const struct cli_finished *m,
                                unsigned long number)
{
    if (m->given == NULL)
        return number;
    return number > m->added ? cli_header_line(m->given, number - m->added)
                             : 0;
}

static int rewind_message(struct cli_finished *m)
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

int cli_finished_read(void *message, void *buf, size_t len)
{
    struct cli_finished *m = message;

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
