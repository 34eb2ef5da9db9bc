/* ask.c - the terminal into answers. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "system/ask.h"
#include "system/guard.h"
#include "system/signals.h"

/* Octet by octet, since no buffer may keep a secret.  Returns the length, -1 at
 * the end of input, -2: the line does not fit. */
static int read_line(char *line, size_t size)
{
    size_t  len = 0;
    ssize_t n;
    char    c;

    for (;;) {
        n = read(STDIN_FILENO, &c, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        if (c == '\n')
            break;
        if (len < size)
            line[len++] = c;
    }
    if (len == size)
        return -2;
    line[len] = '\0';
    return (int)len;
}

int cli_ask(const char *question, const char *otherwise, char *line,
            size_t size)
{
    size_t len;
    int got;

    do {
        if (otherwise != NULL && otherwise[0] != '\0')
            printf("%s [%s]: ", question, otherwise);
        else
            printf("%s: ", question);
        fflush(stdout);
        got = read_line(line, size);
        if (got == -2)
            puts("That is too long.");
    } while (got == -2);
    if (got < 0)
        return -1;
    while (got > 0 && (line[got - 1] == ' ' || line[got - 1] == '\t'))
        line[--got] = '\0';
    len = strspn(line, " \t");
    memmove(line, line + len, strlen(line + len) + 1);
    if (line[0] == '\0' && otherwise != NULL)
        snprintf(line, size, "%s", otherwise);
    return 0;
}

/* Asks only if what is typed is not shown.  Returns 0 when *got is that of
 * read_line(), or the signal that came. */
static int read_hidden(FILE *out, const char *question, char *line,
                       size_t size, int *got)
{
    struct termios shown, hidden;
    int number = 0;

    *got = -1;
    if (tcgetattr(STDIN_FILENO, &shown) != 0)
        return 0;
    cli_signals_catch_all();
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    hidden.c_lflag |= ICANON | ECHONL;
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0) {
        fprintf(out, "%s: ", question);
        fflush(out);
        number = cli_signals_wait(STDIN_FILENO);
        if (number == 0)       /* a terminal gives whole lines */
            *got = read_line(line, size);
        (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown); /* or nothing can */
    }
    cli_signals_release();
    return number;
}

int cli_ask_secret(FILE *out, const char *question, char *line, size_t size)
{
    int got, number;

    cli_guard_memory();
    do {
        number = read_hidden(out, question, line, size, &got);
        if (number != 0) {
            putc('\n', out);
            fflush(out);
            raise(number);     /* the echo is back: now it may */
        }
    } while (cli_signals_is_stop(number) || got == -2);
    return got;
}

int cli_ask_yes(const char *question, int otherwise)
{
    char line[16];

    for (;;) {
        if (cli_ask(question, otherwise ? "Y/n" : "y/N", line, sizeof(line))
            != 0)
            return -1;
        if (strcmp(line, "Y/n") == 0 || strcmp(line, "y/N") == 0)
            return otherwise;
        if ((line[0] | 32) == 'y')
            return 1;
        if ((line[0] | 32) == 'n')
            return 0;
    }
}
