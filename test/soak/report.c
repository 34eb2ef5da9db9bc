/* report.c - reads options, and prints the result of a run. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "report.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t report_clock_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

int report_options(int argc, char **argv, const char *const *name,
                   unsigned long long *value, unsigned count)
{
    int      i;
    unsigned k;
    char    *end;

    for (i = 1; i < argc; i += 2) {
        for (k = 0; k < count && strcmp(argv[i], name[k]) != 0; k++)
            ;
        if (k == count || i + 1 == argc) {
            fprintf(stderr, "soak: no such option, or no number: %s\n",
                    argv[i]);
            return 0;
        }
        value[k] = strtoull(argv[i + 1], &end, 10);
        if (*end != '\0') {
            fprintf(stderr, "soak: %s: not a number: %s\n", argv[i],
                    argv[i + 1]);
            return 0;
        }
    }
    return 1;
}

const char *report_wrong(unsigned wrong)
{
    static char words[400];
    unsigned    i;

    words[0] = '\0';
    for (i = 0; i < FAULT_KINDS + 2; i++) {
        if (!(wrong >> i & 1))
            continue;
        if (words[0] != '\0')
            strcat(words, ", ");
        strcat(words, i < FAULT_KINDS    ? fault_name(i)
                      : i == FAULT_KINDS ? "protocol violated"
                                         : "the client does not come back");
    }
    return words;
}

void report_row(const char *mode, uint64_t seeds, const struct tally *t,
                uint64_t ms)
{
    unsigned i;

    printf("row | %s | %llu | %llu | %llu | %llu |", mode,
           (unsigned long long)seeds, (unsigned long long)t->mails,
           (unsigned long long)t->rcpts, (unsigned long long)t->stored);
    for (i = DUVA_ACCEPTED; i <= DUVA_UNCERTAIN; i++)
        printf(" %llu |", (unsigned long long)t->verdict[i]);
    printf(" %llu | %llu | %.1f |\n",
           (unsigned long long)(t->faults + t->violations),
           (unsigned long long)t->wrong[0], (double)ms / 1000);
    for (i = 0; i < FAULT_KINDS; i++)
        if (t->wrong[i] > 0)
            printf("%s: %llu\n", fault_name(i),
                   (unsigned long long)t->wrong[i]);
    if (t->violations > 0)
        printf("violations of the protocol: %llu\n",
               (unsigned long long)t->violations);
}
