/* reader.h - what reading a script needs: memory, words, escapes, lines. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_READER_H
#define DUVA_TEST_READER_H

#include "script.h"

#define TABLE_COLUMNS 8

/* The values of a dialogue that has several rows. */
struct table {
    size_t   columns;          /* 0: there is no table */
    char    *name[TABLE_COLUMNS]; /* the first names the row */
    char    *cell[TABLE_COLUMNS]; /* of the row that is wanted */
    int      found;            /* that row was read */
    unsigned used;             /* a bit for each column */
};

struct reader {
    struct script *s;
    char          *row;        /* which row is wanted, or NULL */
    struct table   table;
    char          *next;       /* the rest of the file */
    unsigned       line;
    int            failed;
    char          *loop;       /* first line inside repeat, or NULL */
    unsigned       loop_line, turn, last;
};

/* Says on stderr what is wrong with the present line; only the first time. */
void complain(struct reader *r, const char *format, ...);

/* Room for one more element; the array doubles when it is full. */
void *grow(struct script *s, void *array, size_t count, size_t size);

char *skip_space(char *at);

/* Cuts the first word off and moves *at behind it. */
char *take_word(char **at);

unsigned long long take_number(struct reader *r, const char *word);

void append(struct script *s, struct text *t, const char *more, size_t len);

/* The words with their escapes resolved. */
struct text resolve(struct reader *r, const char *src, size_t len);
char       *resolve_word(struct reader *r, const char *src);

struct choice {
    const char *word;
    int         value;
};

/* The value of a word of the list, which ends with a NULL. */
int choose(struct reader *r, const struct choice *list, const char *word);

/* The whole file as one string, or NULL. */
char *read_file(struct script *s, const char *path);

/* A field of extras.h, of the mail or of its last recipient. */
void ask_mail(struct reader *r, struct given_mail *m, char *rest);
void ask_rcpt(struct reader *r, struct given_mail *m, char *rest);

/* A word of the line "needs". */
void needs_add(struct reader *r, const char *word);

/* Complains of what the script uses and "needs" does not name, as far as that
 * can be seen. */
void needs_end(struct reader *r);

/* Lines "values" and "row". */
void table_values(struct reader *r, char *rest);
void table_row(struct reader *r, char *rest);

/* The line with the cells of the row in place of each $NAME; without a table,
 * the line itself. */
char *table_fill(struct reader *r, char *line);

/* Complains of a row that is missing and of a column without use. */
void table_end(struct reader *r);

/* The next line; inside repeat, % reads as the number of the turn. */
char *read_next(struct reader *r);

#endif
