/* recipients_file.c - reads a file with a mailbox a line. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "envelope/idn_address.h"
#include "envelope/recipients_file.h"
#include "system/input.h"
#include "system/shortage.h"

/* What the functions below pass on. */
struct reading {
    struct cli_mailboxes  *m;
    struct cli_idn_address converted; /* the last one */
    const char   *name;        /* of the file */
    unsigned long line;        /* from 1 */
    char  *problem;
    size_t size;
};

static int no_memory(const struct reading *r)
{
    snprintf(r->problem, r->size, "not enough memory");
    return EX_OSERR;
}

static int wrong(const struct reading *r, const char *text, const char *why)
{
    snprintf(r->problem, r->size, "%.360s: line %lu: '%.400s': %s", r->name,
             r->line, text, why);
    return EX_DATAERR;
}

/* A line without the white space around it, or NULL: it is left out. */
static char *strip(char *line)
{
    size_t n;

    line += strspn(line, " \t");
    n = strlen(line);
    while (n > 0 && strchr(" \t\r", line[n - 1]) != NULL)
        line[--n] = '\0';
    return n == 0 || line[0] == '#' ? NULL : line;
}

static int add_line(struct reading *r, const char *line)
{
    struct cli_mailboxes *m = r->m;
    size_t i = m->count;
    const char *problem = cli_mailboxes_add(m, line);

    if (problem != NULL)
        return wrong(r, line, problem);
    for (; i < m->count; i++) {
        if (m->list[i].addr == NULL)
            continue;          /* the name of a group */
        line = m->list[i].addr;
        problem = cli_mailboxes_convert(m, i, &r->converted);
        if (problem != NULL)
            return r->converted.reason == DUVA_REASON_MEMORY
                       ? no_memory(r) : wrong(r, line, problem);
    }
    return 0;
}

static int add_lines(struct reading *r, char *text)
{
    char *line, *end;
    int failed = 0;

    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;             /* as editors of UTF-8 may begin */
    for (; failed == 0 && text != NULL; text = end, r->line++) {
        end = strchr(text, '\n');
        if (end != NULL)
            *end++ = '\0';
        line = strip(text);
        if (line != NULL)
            failed = add_line(r, line);
    }
    return failed;
}

int cli_recipients_file_read(struct cli_mailboxes *m, const char *path,
                             uint8_t keep, char *problem, size_t size)
{
    struct cli_input in;
    int failed = cli_input_open(&in, path);
    char *text = failed == 0 ? cli_input_load(&in) : NULL;
    struct reading r;

    if (failed == 0 && text == NULL)
        failed = cli_file_code(EX_NOINPUT);
    if (failed != 0) {
        cli_input_problem(problem, size, "", in.name, failed);
    } else if (strlen(text) < in.len) {
        snprintf(problem, size, "%.500s: a NUL octet", in.name);
        failed = EX_DATAERR;
    } else {
        r.m = m;
        r.converted.keep = keep;
        r.converted.utf8 = m->utf8;
        r.name = in.name;
        r.line = 1;
        r.problem = problem;
        r.size = size;
        failed = add_lines(&r, text);
        m->utf8 = r.converted.utf8;
    }
    free(text);
    cli_input_close(&in);
    return failed;
}
