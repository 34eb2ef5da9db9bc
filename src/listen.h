/* listen.h - replies into the next step. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_LISTEN_H
#define DUVA_SRC_LISTEN_H

#include "duva/engine.h"

/* A reply is complete: its code and its text are in e->outcome. */
void duva__listen(duva_engine *e);

#endif
