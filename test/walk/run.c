/* run.c - walks all of it, or lists what is walked. */
/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include <stdio.h>
#include <unistd.h>

const char *const walk_bad[WALK_BAD] = {
    "", " ", "\r\n", "a\nb", "\x7F", "\xFF\xFE", "a b@c", "<a@b>",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaa@"
    "\x01"
};

static const struct walk *const walks[] = {
    &walk_values, &walk_engine, &walk_client, &walk_sasl, &walk_mime,
    &walk_tls, &walk_posix, &walk_proxy,
#ifdef WALK_POOL
    &walk_pool
#endif
};

enum { WALKS = sizeof(walks) / sizeof(walks[0]) };

int walk_source(void *ctx, void *buf, size_t len)
{
    size_t *at = ctx;

    if (buf == NULL) {
        *at = 0;
        return 0;
    }
    if (*at > 0 || len < 3)
        return 0;
    memcpy(buf, "Hi\n", 3);
    *at = 3;
    return 3;
}

int walk_no_source(void *ctx, void *buf, size_t len)
{
    (void)ctx;
    (void)buf;
    (void)len;
    return -7;
}

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
