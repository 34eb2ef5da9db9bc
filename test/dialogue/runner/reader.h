/* reader.h - what reading a script needs: memory, words, escapes, lines. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_READER_H
#define DUVA_TEST_READER_H

#include "script.h"

struct reader {
    struct script *s;
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

/* The next line; inside repeat, % reads as the number of the turn. */
char *read_next(struct reader *r);

#endif
