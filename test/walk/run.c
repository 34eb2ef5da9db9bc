/* run.c - walks all functions, or lists them. */
/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include <stdio.h>
#include <unistd.h>

static const struct walk *const walks[] = {
    &walk_values, &walk_engine, &walk_client, &walk_sasl, &walk_mime,
    &walk_tls, &walk_posix, &walk_proxy,
#ifdef WALK_POOL
    &walk_pool
#endif
};

enum { WALKS = sizeof(walks) / sizeof(walks[0]) };

int main(int argc, char **argv)
{
    int    failed = 0;
    size_t i, k;

    alarm(100);
    for (i = 0; i < WALKS; i++)
        if (argc > 1 && strcmp(argv[1], "--list") == 0)
            for (k = 0; k < walks[i]->count; k++)
                puts(walks[i]->tests[k].name);
        else
            failed += _cmocka_run_group_tests("walk", walks[i]->tests,
                                              walks[i]->count, NULL, NULL);
    return failed != 0;
}
