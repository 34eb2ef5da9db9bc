/* run.c - test_model: random sessions, the engine beside the model. */
/* SPDX-License-Identifier: MIT */
#include "play.h"

#include <stdlib.h>
#include <string.h>

static play session;
static choices now, best;

static int usage(void)
{
    fputs("usage: test_model [--seed N [--shrink]] [--from N] [--count N] "
          "[--all]\n",
          stderr);
    return 64;
}

/* What is the same in two failures: the words without their numbers. */
static void kind_of(const char *wrong, char kind[64])
{
    size_t n = 0;

    for (; *wrong && *wrong != '"' && n < 63; wrong++)
        if (*wrong < '0' || *wrong > '9')
            kind[n++] = *wrong;
    kind[n] = 0;
}

static int still_wrong(const char *kind)
{
    char found[64];

    choose_again(&now);
    if (play_session(&session, &now, NULL))
        return 0;
    kind_of(session.model.wrong, found);
    return strcmp(found, kind) == 0;
}

static int without(size_t at, size_t len, const char *kind)
{
    now = best;
    memmove(now.made + at, now.made + at + len,
            (now.count - at - len) * sizeof *now.made);
    now.count -= len;
    if (!still_wrong(kind))
        return 0;
    best = now;
    return 1;
}

static int smaller(size_t at, unsigned value, const char *kind)
{
    now = best;
    now.made[at] = (uint16_t)value;
    if (!still_wrong(kind))
        return 0;
    best = now;
    return 1;
}

static int shrink_once(const char *kind)
{
    int better = 0;

    for (size_t len = best.count / 2 + 1; len > 0; len /= 2)
        for (size_t at = 0; at + len <= best.count;)
            if (without(at, len, kind))
                better = 1;
            else
                at += len;
    for (size_t at = 0; at < best.count; at++)
        if (best.made[at])
            for (unsigned value = 0; value < best.made[at]; value++)
                if (smaller(at, value, kind)) {
                    better = 1;
                    break;
                }
    return better;
}

static void shrink(void)
{
    char kind[64];

    kind_of(session.model.wrong, kind);
    best = now;
    while (shrink_once(kind))
        ;
    now = best;
}

static void show(uint64_t seed)
{
    choose_again(&now);
    play_session(&session, &now, stdout);
    compare_print(&session, stdout);
    printf("seed %llu, %zu choices: %s\n", (unsigned long long)seed, now.count,
           session.model.wrong[0] ? session.model.wrong : "the same");
}

static int one(uint64_t seed, int small)
{
    choose_by_seed(&now, seed);
    int good = play_session(&session, &now, NULL);
    if (!good && small)
        shrink();
    show(seed);
    return !good;
}

static int many(uint64_t from, uint64_t count, int all)
{
    unsigned long long wrong = 0, starts = 0;

    for (uint64_t seed = from; seed < from + count; seed++) {
        choose_by_seed(&now, seed);
        int good = play_session(&session, &now, NULL);
        starts += (unsigned)session.model.transaction_count;
        if (good)
            continue;
        wrong++;
        printf("seed %llu: %s\n", (unsigned long long)seed,
               session.model.wrong);
        if (!all) {
            one(seed, 1);
            return 1;
        }
    }
    printf("model: %llu sessions, %llu mails started, %llu differ\n",
           (unsigned long long)count, starts, wrong);
    return wrong > 0;
}

int main(int argc, char **argv)
{
    uint64_t seed = 0, from = 1, count = 10000;
    int small = 0, all = 0, single = 0;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--shrink") == 0) {
            small = 1;
        } else if (strcmp(argv[i], "--all") == 0) {
            all = 1;
        } else if (i + 1 == argc) {
            return usage();
        } else if (strcmp(argv[i], "--seed") == 0) {
            single = 1;
            seed = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--from") == 0) {
            from = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "--count") == 0) {
            count = strtoull(argv[++i], NULL, 10);
        } else {
            return usage();
        }
    }
    return single ? one(seed, small) : many(from, count, all);
}
