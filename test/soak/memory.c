/* memory.c - soaks the engine and the client in memory, plan after plan. */
/* SPDX-License-Identifier: MIT */
/*
 * soak_memory [--seed N] [--mails N] [--faults N] [--tails 1] [--show N]
 *             [--trace 1]
 *
 * Runs the plans of seeds from N on until so many mails were handed in.  A
 * plan that fails is run again with the same seed, shrunk, and shown: its
 * first N cases.  --trace shows the plan of one seed as it is.
 */
#include "plan.h"
#include "report.h"

static void show(struct plan *p, unsigned wrong)
{
    printf("seed %llu fails; shrunk:\n", (unsigned long long)p->seed);
    plan_shrink(p, wrong);
    plan_print(p, stdout);
    plan_run(p, NULL, stdout);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    static const char *const name[] = { "--seed", "--mails", "--faults",
                                        "--tails", "--show", "--trace" };
    unsigned long long value[] = { 1, 100000, 120, 0, 3, 0 };
    const uint64_t      start = report_clock_ms();
    struct plan_options options;
    struct tally        tally = { 0 };
    uint64_t            seed, shown = 0;
    unsigned            wrong, fresh, seen = 0;
    static struct plan  plan;

    if (!report_options(argc, argv, name, value, 6))
        return 64;
    options.per_mille = (unsigned)value[2];
    options.tails = (int)value[3];
    for (seed = value[0]; tally.mails < value[1]; seed++) {
        plan_random(&plan, seed, &options);
        if (value[5]) {
            plan_print(&plan, stdout);
            return plan_run(&plan, &tally, stdout) != 0;
        }
        wrong = plan_run(&plan, &tally, NULL);
        fresh = wrong & ~seen;
        if (fresh)
            printf("%.2f s, %llu mails, seed %llu: %s\n",
                   (double)(report_clock_ms() - start) / 1000,
                   (unsigned long long)tally.mails, (unsigned long long)seed,
                   report_wrong(fresh));
        if (fresh || (wrong != 0 && shown++ < value[4]))
            show(&plan, fresh ? fresh : wrong);
        seen |= wrong;
    }
    report_row("memory", seed - value[0], &tally, report_clock_ms() - start);
    return seen != 0;
}
