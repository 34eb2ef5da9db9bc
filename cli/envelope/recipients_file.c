/* recipients_file.c - a file with a mailbox a line into recipients. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "system/input.h"
#include "message/draft_files.h"
#include "message/composed.h"
#include "system/shortage.h"

/* All of a content with a NUL behind it, on the heap; NULL with errno. */
static char *read_all(const struct cli_input *c)
{
    struct cli_input_reader k = { .content = c };
    char  *text = malloc((size_t)c->len + 1);
    size_t n = 0;
    int    got = 1;

    while (text != NULL && n < c->len && got > 0) {
        got = cli_input_read(&k, text + n, (size_t)c->len - n);
        n += got > 0 ? (size_t)got : 0;
    }
    if (text == NULL || got < 0) {
        free(text);
        return NULL;
    }
    text[n] = '\0';
    return text;
}

/* A line without what surrounds it, or NULL: it says nothing. */
static char *strip(char *line)
{
    size_t n;

    line += strspn(line, " \t");
    n = strlen(line);
    while (n > 0 && strchr(" \t\r", line[n - 1]) != NULL)
        line[--n] = '\0';
    return n == 0 || line[0] == '#' ? NULL : line;
}

static int take_line(struct cli_draft *d, struct cli_composed *trial,
                     const char *line, const char *path, unsigned long number,
                     char *problem)
{
    char place[400];
    int  failed;

    snprintf(place, sizeof(place), "%.360s: line %lu:", path, number);
    failed = cli_composed_try(trial, line, place);
    if (failed == 0 && cli_texts_add(&d->bcc, line) != 0)
        failed = EX_OSERR;
    if (failed != 0)
        snprintf(problem, CLI_DRAFT_PROBLEM, "%s",
                 failed == EX_OSERR ? "not enough memory" : trial->problem);
    return failed == EX_USAGE ? EX_DATAERR : failed;
}

static int take_lines(struct cli_draft *d, char *text, const char *path,
                      char *problem)
{
    struct cli_composed trial;
    unsigned long number = 1;
    char *line, *end;
    int failed = 0;

    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;             /* as editors of UTF-8 may begin */
    cli_composed_begin(&trial, d);
    for (; failed == 0 && text != NULL; text = end, number++) {
        end = strchr(text, '\n');
        if (end != NULL)
            *end++ = '\0';
        line = strip(text);
        if (line != NULL)
            failed = take_line(d, &trial, line, path, number, problem);
    }
    cli_composed_free(&trial);
    return failed;
}

int cli_recipients_file_read(struct cli_draft *d, const char *path, char **keep,
                             char problem[CLI_DRAFT_PROBLEM])
{
    struct cli_input c;
    int failed = cli_input_open(&c, path);
    const char *name = c.name;

    *keep = NULL;
    if (failed == 0) {
        *keep = read_all(&c);
        failed = *keep == NULL ? cli_file_code(EX_NOINPUT) : 0;
        if (failed == 0 && strlen(*keep) < c.len) {
            snprintf(problem, CLI_DRAFT_PROBLEM, "%.500s: a NUL octet", name);
            failed = EX_DATAERR;
        } else if (failed == 0) {
            failed = take_lines(d, *keep, name, problem);
        }
        cli_input_close(&c);
    }
    if (failed == EX_NOINPUT || (failed != 0 && *keep == NULL))
        cli_input_problem(problem, CLI_DRAFT_PROBLEM, "", name, failed);
    return failed;
}
