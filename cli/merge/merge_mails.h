/* merge_mails.h - the rows that are left, sent by the pool. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_MAILS_H
#define DUVA_CLI_MERGE_MAILS_H

#include "merge/merge_state.h"

/* Sends the rows that are left; the results are in m.  The route must be open,
 * unless m->wanted is 0. */
void cli_merge_send(struct cli_merge *m);

#endif
