/* scarce.h - repeats a test with one failure later, until none is left. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_SCARCE_H
#define DUVA_TEST_SCARCE_H

#include "duva/result.h"

#include "allocator.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

typedef void scarce_fn(void);

static int scarce_lasting;     /* what is missing once is missing ever after */
static unsigned long scarce_number; /* of what was missing first */

static inline int is_shortage(int code)
{
    return code == ENOMEM || code == EMFILE || code == ENFILE
           || code == ENOBUFS;
}

static inline void told(const char *name, const duva_result *r)
{
    fprintf(stderr, "%s, %lu%s: verdict %s, err %s, reason %s, cause %d, "
            "stage %s\n", name, scarce_number, scarce_lasting ? " and on" : "",
            duva_verdict_name(r->verdict), duva_err_name(r->err),
            duva_reason_name(r->reason), (int)r->cause,
            duva_stage_name((duva_stage)r->status.stage));
}

/* In so many steps through all that is wanted; DUVA_SCARCE_RUNS has another
 * number, and 0 leaves none out, which takes long. */
static inline unsigned long scarce_step(unsigned long wanted)
{
    const char         *text = getenv("DUVA_SCARCE_RUNS");
    const unsigned long runs = text != NULL ? strtoul(text, NULL, 10) : 20;

    return runs > 0 ? wanted / runs + 1 : 1;
}

/* The first wants are all tried. */
static inline unsigned long scarce_next(unsigned long n, unsigned long step)
{
    return n < 8 ? n + 1 : n + step;
}

/* prepare() and check() have all that they want; run() has not.  Once with
 * nothing missing before, for what libraries do but once. */
static inline void scarce_memory(const char *name, scarce_fn *prepare,
                                 scarce_fn *run, scarce_fn *check)
{
    unsigned long n, wanted, step;
    unsigned      seed;

    prepare();
    run();
    check();
    prepare();
    heap_begin(0, 0);
    run();
    wanted = heap_end();
    check();
    step = scarce_step(wanted);
    for (scarce_lasting = 0; scarce_lasting < 2; scarce_lasting++)
        for (n = 1; n <= wanted; n = scarce_next(n, step)) {
            scarce_number = n;
            prepare();
            heap_begin(n, scarce_lasting);
            run();
            heap_end();
            check();
        }
    scarce_lasting = 0;
    for (seed = 1; seed <= 6; seed++) {
        prepare();
        heap_begin_random(seed, seed % 2 ? 10 : 100);
        run();
        heap_end();
        check();
    }
    printf("%s: %lu wanted\n", name, wanted);
}

static inline void scarce_descriptors(scarce_fn *prepare, scarce_fn *run,
                                      scarce_fn *check)
{
    struct rlimit before, few;
    rlim_t        n;

    getrlimit(RLIMIT_NOFILE, &before);
    few = before;
    for (n = 0; n <= 20; n++) {
        prepare();
        few.rlim_cur = n;
        setrlimit(RLIMIT_NOFILE, &few);
        run();
        setrlimit(RLIMIT_NOFILE, &before);
        check();
    }
}

#endif
