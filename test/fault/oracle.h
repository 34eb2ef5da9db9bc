/* oracle.h - what must have become of the mails, judged by the wire alone. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_ORACLE_H
#define DUVA_TEST_ORACLE_H

#include "wire.h"

/* Compares the verdicts of w->p with what happened on the wire.  It knows
 * nothing of the engine: it reads the octets as a bystander would. */
void oracle_judge(struct wire *w);

#endif
