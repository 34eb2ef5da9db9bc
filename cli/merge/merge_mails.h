/* merge_mails.h - the rows that are left, sent by the pool. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_MAILS_H
#define DUVA_CLI_MERGE_MAILS_H

#include "merge/merge_state.h"

/* Sends all rows that are left.  The route is open if wanted is not 0. */
void cli_merge_send(struct cli_merge *m);

#endif
