/* report.h - options, and a row of the table. */
/* SPDX-License-Identifier: MIT */
#ifndef SOAK_REPORT_H
#define SOAK_REPORT_H

#include "ledger.h"

/* Milliseconds of a clock that only goes forward. */
uint64_t report_clock_ms(void);

/* Reads pairs of --name and number.  0: there is another word. */
int report_options(int argc, char **argv, const char *const *name,
                   unsigned long long *value, unsigned count);

/* What bits of FAULT_* stand for; held until the next call. */
const char *report_wrong(unsigned wrong);

/* Prints what a run came to, in columns of doc/soak.md. */
void report_row(const char *mode, uint64_t seeds, const struct tally *t,
                uint64_t ms);

#endif
