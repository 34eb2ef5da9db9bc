/* advice.h - what to do when something went wrong. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ADVICE_H
#define DUVA_CLI_ADVICE_H

#include "duva/result.h"

struct cli_job;

/* What to try next when job->outcome.mail.result is not what was hoped for: half a
 * sentence that may follow a semicolon; never NULL nor empty. */
const char *cli_advice(const struct cli_job *job);

/* The same for a failure of TLS. */
const char *cli_tls_advice(const struct cli_job *job, duva_reason reason);

/* 1 when TLS failed after its handshake: a record was not right, or the server
 * ended it by an alert.  Else 0. */
int cli_tls_disturbed(const duva_result *r);

#endif
