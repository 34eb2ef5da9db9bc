/* advice.h - what to do when something went wrong. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ADVICE_H
#define DUVA_CLI_ADVICE_H

#include "duva/result.h"
#include "outcome/outcome.h"
#include "report/facts.h"

/* What to try next when a mail was not accepted for everybody: half a sentence
 * that may follow a semicolon; static, never NULL nor empty. */
const char *cli_advice(const struct cli_outcome *o,
                       const struct cli_facts *facts);

/* The same for a failure of TLS. */
const char *cli_tls_advice(duva_reason reason, int begins_with_tls);

/* 1 when TLS failed after its handshake: a record was not right, or the server
 * ended it by an alert.  Else 0. */
int cli_tls_failed_late(const duva_result *r);

#endif
