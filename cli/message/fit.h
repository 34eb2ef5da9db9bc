/* fit.h - a message into one that its server takes. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_FIT_H
#define DUVA_CLI_FIT_H

#include <stdint.h>

struct cli_job;

/* The message, composed or finished, as a server that offers these
 * DUVA_CAP_* takes it, behind job->outgoing.meter.  Returns 0, or an exit code after
 * cli_stop(). */
int  cli_fit(struct cli_job *job, uint32_t caps);

#endif
