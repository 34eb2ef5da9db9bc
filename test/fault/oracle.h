/* oracle.h - what must have become of the mails, judged by the octets sent. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_ORACLE_H
#define DUVA_TEST_ORACLE_H

#include "check.h"
#include "traffic.h"

/* Compares the verdicts of p with what went over the connection, and says in
 * p->why what is wrong.  It knows nothing of the engine: it reads the octets
 * as an observer between client and server would.  fault is why the connection
 * ended, DUVA_OK when that is not known. */
void oracle_judge(struct played *p, const struct traffic *t, duva_err fault);

#endif
