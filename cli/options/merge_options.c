/* merge_options.c - the options of a merge into what they mean. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "options/merge_options.h"
#include "options/server_options.h"

const char cli_merge_help[] =
    "  --merge FILE             a mail for each row of this CSV file, whose\n"
    "                           first row names the {{fields}} of text,\n"
    "                           subject, header and addresses\n"
    "  --results FILE           what became of each row, as CSV; else FILE of\n"
    "                           --merge with .results.csv\n"
    "  --journal FILE           what to go on by when it was stopped; else\n"
    "                           with .journal\n"
    "  --delimiter CHARACTER    between the fields of a row; else a comma\n"
    "  --rows FIRST-LAST        only these rows; the first is 1\n"
    "  --dry-run                print the messages, and send none\n"
    "  --resend-uncertain       send rows that may have been delivered\n"
    "  --connections N          as many at a time; else 5\n"
    "  --rate N                 so many mails in a second; else any number\n"
    "  --window N               mails on a connection without an answer; "
    "else 1\n";

/* A number from 1 to most, or 0: it is none. */
static uint64_t number(const char *text, uint64_t most, const char **end)
{
    uint64_t n = 0;

    for (; *text >= '0' && *text <= '9' && n <= most; text++)
        n = 10 * n + (uint64_t)(*text - '0');
    *end = text;
    return n <= most ? n : 0;
}

static int take_number(const struct cli_access *a, uint32_t *to,
                       const char *option, const char *text, uint32_t most)
{
    const char *end;

    *to = (uint32_t)number(text, most, &end);
    if (*to != 0 && *end == '\0')
        return -1;
    return cli_mistake(a, "--%s '%s': it must be a number from 1 to %" PRIu32,
                       option, text, most);
}

/* "5", "5-" or "5-9". */
static int take_rows(const struct cli_access *a, struct cli_merge_options *m,
                     const char *text)
{
    const uint64_t most = UINT64_MAX / 16;
    const char *end;

    m->first = m->last = number(text, most, &end);
    if (strcmp(end, "-") == 0)
        m->last = most;
    else if (*end == '-')
        m->last = number(end + 1, most, &end);
    if (m->first > 0 && m->last >= m->first
        && (*end == '\0' || strcmp(end, "-") == 0))
        return -1;
    return cli_mistake(a, "--rows '%s': it must be FIRST-LAST, numbers from 1",
                       text);
}

static int take_delimiter(const struct cli_access *a,
                          struct cli_merge_options *m, const char *text)
{
    if (strcmp(text, "\\t") == 0 || strcmp(text, "tab") == 0)
        text = "\t";
    m->delimiter = text[0];
    if (strlen(text) == 1 && text[0] > 0 && strchr("\"\r\n", text[0]) == NULL)
        return -1;
    return cli_mistake(a, "--delimiter '%s': it must be one character, or "
                          "'tab'", text);
}

int cli_merge_take(const struct cli_access *a, struct cli_merge_options *m,
                   int option, const char *text)
{
    switch (option) {
    case CLI_MERGE_ROWS:
        m->rows = text;
        return -1;
    case CLI_MERGE_RESULTS:
        m->results = text;
        return -1;
    case CLI_MERGE_JOURNAL:
        m->journal = text;
        return -1;
    case CLI_MERGE_RESEND:
        m->resend_uncertain = 1;
        return -1;
    case CLI_MERGE_DELIMITER:
        return take_delimiter(a, m, text);
    case CLI_MERGE_RANGE:
        return take_rows(a, m, text);
    case CLI_MERGE_CONNECTIONS:
        return take_number(a, &m->connections, "connections", text, 1000);
    case CLI_MERGE_RATE:
        return take_number(a, &m->rate, "rate", text, 1000000);
    case CLI_MERGE_WINDOW:
        return take_number(a, &m->window, "window", text, 1000);
    default:
        return CLI_MERGE_NONE;
    }
}

int cli_merge_check(const struct cli_access *a,
                    const struct cli_merge_options *m)
{
    if (m->rows == NULL
        && (m->results != NULL || m->journal != NULL || m->delimiter != 0
            || m->first != 0 || m->resend_uncertain || m->connections != 0
            || m->rate != 0 || m->window != 0))
        return cli_mistake(a, "--results, --journal, --delimiter, --rows, "
                              "--resend-uncertain, --connections, --rate and "
                              "--window need --merge");
#ifndef DUVA_CLI_MERGE
    if (m->rows != NULL)
        return cli_mistake(a, "this duva is built without libuv: there is no "
                              "--merge");
#endif
    return -1;
}
