/* merge_options.c - the options of a mail merge. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stdint.h>
#include <string.h>

#include "options/merge_options.h"

/* A number from 1 to most, or 0: it is none. */
static uint64_t number(const char *text, uint64_t most, const char **end)
{
    uint64_t n = 0;

    for (; *text >= '0' && *text <= '9' && n <= most; text++)
        n = 10 * n + (uint64_t)(*text - '0');
    *end = text;
    return n <= most ? n : 0;
}

/* "5", "5-" or "5-9". */
static const char *parse_rows(void *values, const char *text)
{
    struct cli_merge_options *m = values;
    const uint64_t most = UINT64_MAX / 16;
    const char *end;

    m->first = m->last = number(text, most, &end);
    if (strcmp(end, "-") == 0)
        m->last = most;
    else if (*end == '-')
        m->last = number(end + 1, most, &end);
    if (m->first > 0 && m->last >= m->first
        && (*end == '\0' || strcmp(end, "-") == 0))
        return NULL;
    return "it must be FIRST-LAST, numbers from 1";
}

static const char *parse_delimiter(void *values, const char *text)
{
    struct cli_merge_options *m = values;

    if (strcmp(text, "\\t") == 0 || strcmp(text, "tab") == 0)
        text = "\t";
    m->delimiter = text[0];
    if (strlen(text) == 1 && text[0] > 0 && strchr("\"\r\n", text[0]) == NULL)
        return NULL;
    return "it must be one character, or 'tab'";
}

static const char *parse_merge(void *values, const char *text)
{
    struct cli_merge_options *m = values;

    m->rows = text;
#ifdef DUVA_CLI_MERGE
    return NULL;
#else
    return "this duva was built without libuv and has no mail merge";
#endif
}

#define AT(field)   .place = offsetof(struct cli_merge_options, field)
#define PARSED(how) .kind = CLI_OPTION_PARSED, .parse = how
#define COUNT(field, most)                                                    \
    .kind = CLI_OPTION_NUMBER, AT(field), .argument = "N", .low = 1,          \
    .high = most
#define FOR_MERGE   .needs = "merge"

const struct cli_option cli_merge_option[CLI_MERGE_OPTIONS] = {
    { "merge", PARSED(parse_merge), .visibility = CLI_OPTION_COMMON,
      .argument = "FILE", .help = "send one mail for each row of a CSV file",
      .more = "its first row names the {{fields}} of text, subject, header "
              "and addresses" },
    { "results", .kind = CLI_OPTION_TEXT, AT(results), FOR_MERGE,
      .argument = "FILE", .help = "the result of each row, as CSV",
      .more = "default: the FILE of --merge with .results.csv" },
    { "journal", .kind = CLI_OPTION_TEXT, AT(journal), FOR_MERGE,
      .argument = "FILE", .help = "what an interrupted merge continues from",
      .more = "default: the FILE of --merge with .journal" },
    { "delimiter", PARSED(parse_delimiter), FOR_MERGE,
      .argument = "CHARACTER",
      .help = "separates the fields of a row, or 'tab'",
      .more = "default: a comma" },
    { "rows", PARSED(parse_rows), FOR_MERGE, .argument = "FIRST-LAST",
      .help = "only these rows; the first is 1" },
    { "resend-uncertain", .kind = CLI_OPTION_FLAG, AT(resend_uncertain),
      FOR_MERGE, .help = "send rows again that may have been delivered" },
    { "connections", COUNT(connections, 1000), FOR_MERGE,
      .help = "connections at a time", .more = "default: 5" },
    { "rate", COUNT(rate, 1000000), FOR_MERGE,
      .help = "mails per second at most", .more = "default: no limit" },
    { "window", COUNT(window, 1000), FOR_MERGE,
      .help = "mails on a connection without a reply", .more = "default: 1" }
};
