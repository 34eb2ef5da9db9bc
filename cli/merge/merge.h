/* merge.h - a mail for each row of a file. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_H
#define DUVA_CLI_MERGE_H

#include "options/send_options.h"
#include "outcome/outcome.h"
#include "session/session.h"

/* Sends o->draft to each row, with the flags and parameters of outcome->mail,
 * or prints the messages (--dry-run); then reports the results.  Returns the
 * exit code.  s is as cli_session_prepare() takes it.  Only in builds with
 * libuv. */
int cli_merge_run(const struct cli_options *o, struct cli_session *s,
                  struct cli_outcome *outcome);

#endif
