/* source.h - the message of a job as Duva's drivers read it. */
/* SPDX-License-Identifier: MIT */
#ifndef BENCH_DUVA_SOURCE_H
#define BENCH_DUVA_SOURCE_H

#include "../job.h"

#include <duva/client.h>

/* A duva_source_fn; the context is a struct job_reader that was opened. */
int bench_source(void *reader, void *buf, size_t len);

/* Recipients for one mail of the job. */
duva_rcpt *bench_rcpts(const struct job *j);

/* Unless all recipients accepted the mail, prints why and exits.  As with the
 * peers, a rejected recipient does not stop the others. */
void bench_require_accepted(const duva_mail *mail);

#endif
