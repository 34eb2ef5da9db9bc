/* option.c - the arguments of a command into the values of its tables. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <getopt.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "message/draft.h"
#include "options/option.h"
#include "options/option_help.h"
#include "system/shortage.h"
#include "text/escape.h"

enum { LONG_FORM = 256 };      /* what getopt_long() returns: + the place */

/* What is read: all rows of the command in one list. */
struct reader {
    const struct cli_command *command;
    const struct cli_option  *option[CLI_OPTIONS_MAX];
    void   *values[CLI_OPTIONS_MAX];
    uint8_t given[CLI_OPTIONS_MAX];
    size_t  count;
    struct option known[CLI_OPTIONS_MAX + 1]; /* for getopt_long() */
    char    letters[2 + 3 * CLI_OPTIONS_MAX];
    char    problem[400];
};

int cli_mistake(const char *command, const char *format, ...)
{
    const int code = cli_file_code(EX_USAGE);
    char text[640], shown[1280];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cli_escape(shown, sizeof(shown), text, strlen(text));
    fprintf(stderr, "duva %s: %s; try 'duva %s --help'\n", command, shown,
            command);
    return code;
}

int cli_arguments_exit(int done)
{
    return done == CLI_HELP_SHOWN ? EX_OK : done;
}

/* ---- the rows, for getopt_long() ---- */

static int argument_of(const struct cli_option *o)
{
    static const int of_getopt[] = {
        required_argument, optional_argument, no_argument
    };

    switch (o->kind) {
    case CLI_OPTION_FLAG: case CLI_OPTION_HELP: case CLI_OPTION_VERSION:
        return no_argument;
    case CLI_OPTION_PARSED: case CLI_OPTION_IGNORED:
        return of_getopt[o->argument_kind];
    default:
        return required_argument;
    }
}

static void add_letter(struct reader *r, const struct cli_option *o)
{
    static const char *const colons[] = { "", ":", "::" };
    const size_t len = strlen(r->letters);

    snprintf(r->letters + len, sizeof(r->letters) - len, "%c%s", o->letter,
             colons[argument_of(o)]);
}

static void begin(struct reader *r, const struct cli_command *c)
{
    const struct cli_option_table *t;
    struct option *next = r->known;
    size_t i;

    memset(r, 0, sizeof(*r));
    r->command = c;
    strcpy(r->letters, ":");
    for (t = c->table; t < c->table + c->tables; t++)
        for (i = 0; i < t->count && r->count < CLI_OPTIONS_MAX; i++) {
            r->option[r->count] = &t->option[i];
            r->values[r->count] = t->values;
            if (t->option[i].letter != 0)
                add_letter(r, &t->option[i]);
            if (t->option[i].name != NULL) {
                next->name = t->option[i].name;
                next->has_arg = argument_of(&t->option[i]);
                next++->val = LONG_FORM + (int)r->count;
            }
            r->count++;
        }
}

/* The place of the row that getopt_long() has found. */
static size_t row_of(const struct reader *r, int found)
{
    size_t i = 0;

    if (found >= LONG_FORM)
        return (size_t)(found - LONG_FORM);
    while (r->option[i]->letter != found)
        i++;
    return i;
}

/* ---- one option ---- */

int cli_word_find(const char *words, const char *word)
{
    const size_t len = strlen(word);
    size_t n;
    int i;

    for (i = 0; *words != '\0'; i++, words += n + (words[n] == ' ')) {
        n = strcspn(words, " ");
        if (n == len && strncmp(words, word, n) == 0)
            return i;
    }
    return -1;
}

/* "must be a, b or c". */
static const char *name_words(struct reader *r, const char *words)
{
    char *to = r->problem;
    size_t n, room = sizeof(r->problem);
    int len = snprintf(to, room, "it must be ");

    for (; *words != '\0'; words += n + (words[n] == ' ')) {
        n = strcspn(words, " ");
        to += len;
        room -= (size_t)len;
        len = snprintf(to, room, "%.*s%s", (int)n, words,
                       words[n] == '\0'                ? ""
                       : strchr(words + n + 1, ' ') ? ", "
                                                       : " or ");
    }
    return r->problem;
}

static const char *take_word(struct reader *r, const struct cli_option *o,
                             void *place, const char *text)
{
    const int i = cli_word_find(o->words, text);

    if (i < 0)
        return name_words(r, o->words);
    *(uint8_t *)place = (uint8_t)((uint32_t)i + o->low);
    return NULL;
}

static const char *take_number(struct reader *r, const struct cli_option *o,
                               void *place, const char *text)
{
    const size_t len = strspn(text, "0123456789");
    uint64_t n = 0;
    size_t i;

    for (i = 0; i < len && n <= o->high; i++)
        n = 10 * n + (uint64_t)(text[i] - '0');
    if (len > 0 && text[len] == '\0' && n >= o->low && n <= o->high) {
        *(uint32_t *)place = (uint32_t)n;
        return NULL;
    }
    snprintf(r->problem, sizeof(r->problem),
             "it must be a number%s%s from %" PRIu32 " to %" PRIu32,
             o->unit != NULL ? " of " : "", o->unit != NULL ? o->unit : "",
             o->low, o->high);
    return r->problem;
}

static const char *take_value(struct reader *r, size_t i, const char *text)
{
    const struct cli_option *o = r->option[i];
    char *place = r->values[i];

    if (place != NULL)
        place += o->place;
    switch (o->kind) {
    case CLI_OPTION_FLAG:
        *(uint8_t *)place = 1;
        return NULL;
    case CLI_OPTION_TEXT:
        *(const char **)(void *)place = text;
        return NULL;
    case CLI_OPTION_LIST:
        return cli_texts_add((struct cli_texts *)(void *)place, text) == 0
                   ? NULL : "not enough memory";
    case CLI_OPTION_NUMBER:
        return take_number(r, o, place, text);
    case CLI_OPTION_WORD:
        return take_word(r, o, place, text);
    case CLI_OPTION_PARSED:
        return o->parse(r->values[i], text);
    default:
        return NULL;
    }
}

/* "--name", or "-n" where it was given so or has no other name. */
static const char *form_of(const struct cli_option *o, int as_letter,
                           char form[64])
{
    if (as_letter || o->name == NULL)
        snprintf(form, 64, "-%c", o->letter);
    else
        snprintf(form, 64, "--%s", o->name);
    return form;
}

static int may_repeat(unsigned privacy, const char *text)
{
    return text != NULL && privacy != CLI_PRIVATE
           && (privacy == CLI_PUBLIC || strchr(text, '@') == NULL);
}

static int take(struct reader *r, int found, char **argv)
{
    const char *command = r->command->name;
    const size_t i = row_of(r, found);
    const struct cli_option *o = r->option[i];
    const char *problem;
    char form[64];

    if (o->kind == CLI_OPTION_HELP) {
        cli_help_print(r->command, argv[optind] != NULL
                                         && strcmp(argv[optind], "all") == 0);
        return CLI_HELP_SHOWN;
    }
    if (o->kind == CLI_OPTION_VERSION) {
        puts("duva " DUVA_VERSION);
        return CLI_HELP_SHOWN;
    }
    r->given[i] = 1;
    problem = take_value(r, i, optarg);
    if (problem == NULL)
        return 0;
    form_of(o, found < LONG_FORM, form);
    return may_repeat(o->privacy, optarg)
               ? cli_mistake(command, "%s '%.300s': %s", form, optarg, problem)
               : cli_mistake(command, "%s: %s", form, problem);
}

/* getopt_long() leaves in optopt a letter, or the place of an option that takes
 * no argument, or 0. */
static int unknown(const struct reader *r, char **argv)
{
    const char *command = r->command->name, *text = argv[optind - 1], *near;
    const int len = (int)strcspn(text, "="); /* the value may be a secret */

    if (optopt > 0 && optopt < LONG_FORM)
        return cli_mistake(command, "unknown option '-%c'", optopt);
    if (optopt != 0)
        return cli_mistake(command, "%.*s takes no value", len, text);
    near = cli_nearest_option(r->command, text);
    return near != NULL
               ? cli_mistake(command, "unknown option '%.*s' (did you mean "
                                      "'--%s'?)", len, text, near)
               : cli_mistake(command, "unknown option '%.*s'", len, text);
}

/* ---- all of them ---- */

/* Which of these names is the first that was given, or NULL. */
static const char *first_given(const struct reader *r, const char *names)
{
    size_t i;

    for (i = 0; i < r->count; i++)
        if (r->given[i] && r->option[i]->name != NULL
            && cli_word_find(names, r->option[i]->name) >= 0)
            return r->option[i]->name;
    return NULL;
}

static int check_needs(const struct reader *r, const struct cli_option *o)
{
    const char *names = o->needs, *space = strchr(names, ' ');

    if (first_given(r, names) != NULL)
        return 0;
    return space == NULL
               ? cli_mistake(r->command->name, "--%s needs --%s", o->name,
                             names)
               : cli_mistake(r->command->name, "--%s needs --%.*s or --%s",
                             o->name, (int)(space - names), names, space + 1);
}

static int check_together(const struct reader *r)
{
    const struct cli_option *o;
    const char *other;
    size_t i;
    int failed = 0;

    for (i = 0; i < r->count && failed == 0; i++) {
        o = r->option[i];
        if (!r->given[i])
            continue;
        other = o->excludes != NULL ? first_given(r, o->excludes) : NULL;
        if (other != NULL)
            failed = cli_mistake(r->command->name, "--%s cannot be combined "
                                                   "with --%s; leave out one "
                                                   "of them",
                                 o->name, other);
        else if (o->needs != NULL)
            failed = check_needs(r, o);
    }
    return failed;
}

static int take_operand(const struct reader *r, const char *text)
{
    const struct cli_command *c = r->command;
    const char *problem = c->operand(c->values, text);

    if (problem == NULL)
        return 0;
    return may_repeat(c->operand_privacy, text)
               ? cli_mistake(c->name, "%s '%.300s': %s", c->operand_name, text,
                             problem)
               : cli_mistake(c->name, "%s: %s", c->operand_name, problem);
}

int cli_arguments_read(const struct cli_command *c, int argc, char **argv)
{
    struct reader r;
    int found, done = 0;

    begin(&r, c);
    opterr = 0;
    while (done == 0
           && (found = getopt_long(argc, argv, r.letters, r.known, NULL))
                  != -1) {
        if (found == ':')
            done = cli_mistake(c->name, "%s needs a value", argv[optind - 1]);
        else if (found == '?')
            done = unknown(&r, argv);
        else
            done = take(&r, found, argv);
    }
    for (; done == 0 && optind < argc; optind++)
        done = take_operand(&r, argv[optind]);
    return done == 0 ? check_together(&r) : done;
}
