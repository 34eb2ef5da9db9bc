/* finished.c - a message that was composed elsewhere, checked to be sent. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "message/finished.h"
#include "message/header.h"
#include "system/input.h"

/* ---- the header of a finished message ---- */

/* Where in a line of it the next octet stands; from IN_TEXT on it is over. */
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
        h->problem = "it is empty; a message must have a header";
    else if (strncmp(begin, "\xEF\xBB\xBF", 3) == 0)
        h->problem = "a byte order mark precedes the header; remove it with "
                     "'tail -c +4'";
    else if (h->line == 0 && (strncmp(begin, "From ", 5) == 0
                              || strncmp(begin, ">From", 5) == 0))
        h->problem = "it separates the messages of a mailbox (mbox); remove "
                     "it with 'sed 1d'";
    else
        h->problem = "it is not a header field; a message needs a header and "
                     "an empty line, use --body for a text without them";
    return EX_DATAERR;
}

/* ---- all octets ---- */

static int has_eight_bit(const char *data, size_t len)
{
    size_t i = 0;

    while (i < len && (unsigned char)data[i] < 0x80)
        i++;
    return i < len;
}

/* A cli_input_check_fn; what is wrong is in m->header and m->check. */
static int check_piece(void *finished, const char *data, size_t len)
{
    struct cli_finished *m = finished;

    if (m->with_header)
        check_header(&m->header, data, len);
    m->eight_bit |= !m->eight_bit && has_eight_bit(data, len);
    return duva_body_check(&m->check, data, len) == DUVA_OK || m->binary
               ? 0 : EX_DATAERR;
}

/* Once all of it was read. */
static int check_end(struct cli_finished *m)
{
    if (duva_body_check_end(&m->check) != DUVA_OK && !m->binary)
        return EX_DATAERR;
    return m->with_header ? check_header_end(&m->header) : 0;
}

int cli_finished_take(struct cli_finished *m, FILE *in)
{
    const int failed = cli_input_copy(&m->rest, "standard input", in,
                                      check_piece, m);

    return failed == 0 ? check_end(m) : failed;
}

int cli_finished_open(struct cli_finished *m, const char *file)
{
    int failed;

    m->with_header = 1;
    failed = cli_input_open_checked(&m->rest, file, check_piece, m);
    return failed == 0 ? check_end(m) : failed;
}

void cli_finished_close(struct cli_finished *m)
{
    cli_input_close(&m->rest);
    free(m->head);
    m->head = NULL;
}

unsigned long cli_finished_line(const struct cli_finished *m,
                                unsigned long number)
{
    if (m->given == NULL)
        return number;
    return number > m->added ? cli_header_line(m->given, number - m->added)
                             : 0;
}

int cli_finished_read(void *finished, void *buf, size_t len)
{
    struct cli_finished *m = finished;

    if (buf == NULL) {
        m->head_read = 0;
        cli_input_start(&m->reader, &m->rest);
        return 0;
    }
    if (m->head_read == m->head_len)
        return cli_input_read(&m->reader, buf, len);
    if (len > m->head_len - m->head_read)
        len = m->head_len - m->head_read;
    memcpy(buf, m->head + m->head_read, len);
    m->head_read += len;
    return (int)len;
}
