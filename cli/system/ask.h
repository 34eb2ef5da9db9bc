/* ask.h - questions to the person at the terminal. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ASK_H
#define DUVA_CLI_ASK_H

#include <stddef.h>
#include <stdio.h>

/* Shows the question, and in brackets what no answer means unless that is NULL,
 * and reads a line without the blanks around it.  Returns 0, or -1 at the end
 * of input; a line that does not fit is asked for again. */
int cli_ask(const char *question, const char *otherwise, char *line,
            size_t size);

/* The same without an echo, and without a proposal, asked on out.  The line is
 * taken as it stands; wipe it.  Who stops us (Ctrl-Z) has the terminal as it
 * was, and is asked again when we go on.  Returns the length, or -1, with errno
 * when standard input is no terminal. */
int cli_ask_secret(FILE *out, const char *question, char *line, size_t size);

/* 1: yes, 0: no, -1: the end of input. */
int cli_ask_yes(const char *question, int otherwise);

#endif
