/* flight.h - a mail into an open transaction. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_FLIGHT_H
#define DUVA_SRC_FLIGHT_H

#include "duva/engine.h"

/* Makes the mail the last of those whose transactions are open, so that it is
 * the next to be said. */
void duva__start_mail(duva_engine *e, duva_mail *m);

#endif
