/* option.h - the options of a command as tables: parsing, help and errors. */
/* SPDX-License-Identifier: MIT */
/*
 * An option is a row of a table.  A row says everything about it: names, the
 * kind of its argument, help, where the value goes, and what it excludes and
 * needs.  A command is a list of tables, each with the struct that its rows
 * fill in.  Parsing, error messages, --help (which shell completion reads too)
 * and the check of the manual all use the same rows.
 */
#ifndef DUVA_CLI_OPTION_H
#define DUVA_CLI_OPTION_H

#include <stddef.h>
#include <stdint.h>

enum cli_option_kind {
    CLI_OPTION_FLAG,           /* no argument; sets a uint8_t to 1 */
    CLI_OPTION_TEXT,           /* const char * */
    CLI_OPTION_LIST,           /* struct cli_texts, one more; repeatable */
    CLI_OPTION_NUMBER,         /* uint32_t, from low to high */
    CLI_OPTION_WORD,           /* uint8_t: the place in words, from 0, + low */
    CLI_OPTION_PARSED,         /* parse() */
    CLI_OPTION_IGNORED,        /* accepted, and changes nothing */
    CLI_OPTION_HELP, CLI_OPTION_VERSION
};

enum cli_option_visibility {
    CLI_OPTION_RARE,           /* in --help all */
    CLI_OPTION_COMMON,         /* also in --help */
    CLI_OPTION_HIDDEN          /* in neither */
};

enum cli_option_argument {
    CLI_ARGUMENT_REQUIRED, CLI_ARGUMENT_OPTIONAL, CLI_ARGUMENT_NONE
};

/* May an error repeat the argument?  Not where it may hold a password. */
enum cli_option_privacy {
    CLI_PUBLIC,
    CLI_PRIVATE_USER,          /* it may, unless there is a user ('@') in it */
    CLI_PRIVATE
};

struct cli_option {
    const char *name;          /* without "--"; NULL: only a letter */
    char        letter;        /* the short form; 0: none */
    uint8_t     kind;          /* enum cli_option_kind */
    uint8_t     visibility;    /* enum cli_option_visibility */
    uint8_t     argument_kind; /* enum cli_option_argument, of CLI_OPTION_PARSED
                                  and CLI_OPTION_IGNORED */
    uint8_t     privacy;       /* enum cli_option_privacy */
    const char *argument;      /* the name of its argument in --help */
    const char *help;          /* one line of --help: 52 characters at most */
    const char *more;          /* and what --help all adds; or NULL */
    size_t      place;         /* of the value in the table's struct */
    const char *words;         /* of CLI_OPTION_WORD, with a space between */
    uint32_t    low, high;
    const char *unit;          /* of a number, as "seconds"; or NULL */
    /* values is the table's struct, and text the argument, NULL where there is
     * none.  Returns NULL, or what is wrong with text. */
    const char *(*parse)(void *values, const char *text);
    const char *excludes;      /* names with a space between, or NULL */
    const char *needs;         /* the same: one of them must be given, too */
};

struct cli_option_table {
    const char *title;         /* of its group in --help all */
    const struct cli_option *option;
    size_t      count;
    void       *values;
};

#define CLI_TABLE(title, rows, values) \
    { title, rows, sizeof(rows) / sizeof((rows)[0]), values }

/* Options that all tables of a command have together. */
#define CLI_OPTIONS_MAX 160

struct cli_command {
    const char *name;          /* "send" */
    const char *usage;         /* what follows "usage: duva send ", and what it
                                  does, in lines */
    const char *closing;       /* the last lines of --help, or NULL */
    const struct cli_option_table *table;
    size_t      tables;
    /* Takes an argument that is no option.  Returns NULL, or what is wrong
     * with it. */
    const char *(*operand)(void *values, const char *text);
    void       *values;        /* of operand */
    const char *operand_name;  /* for errors, as "recipient" */
    uint8_t     operand_privacy; /* enum cli_option_privacy */
};

/* Reads the arguments of a command; argv[0] is its name.  The texts must stay
 * where they are.  Returns 0; or an exit code after an error message; or
 * CLI_HELP_SHOWN when --help or --version was given: there is nothing else to
 * do. */
#define CLI_HELP_SHOWN (-1)
int cli_arguments_read(const struct cli_command *c, int argc, char **argv);

/* The exit code for what the function above has returned. */
int cli_arguments_exit(int done);

/* Prints "duva COMMAND: ..." and where to find help.  Returns EX_USAGE, or
 * EX_OSERR when memory or descriptors are short. */
int cli_mistake(const char *command, const char *format, ...);

/* The place of a word in a list with a space between, from 0; or -1. */
int cli_word_find(const char *words, const char *word);

#endif
