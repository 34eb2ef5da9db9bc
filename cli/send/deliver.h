/* deliver.h - a mail that is ready, to its server. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_DELIVER_H
#define DUVA_CLI_DELIVER_H

#include "send/job.h"

/* Reads the secrets, connects, logs in, converts the message to what the server
 * takes, sends job->outcome.mail and judges its result: all of job->outcome is
 * set.  That can be reported before cli_deliver_end(), which sends QUIT and
 * closes: the reply to that means nothing, and may not come. */
void cli_deliver(struct cli_job *job);
void cli_deliver_end(struct cli_job *job);

#endif
