/* say.h - writing commands and the message. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_SAY_H
#define DUVA_SRC_SAY_H

#include "duva/engine.h"

/* Writes as many commands as may go and fit; the last may be cut. */
void duva__speak(duva_engine *e);

/* The octets of the command of that step, which is one of those in which the
 * client speaks.  Writes nothing. */
size_t duva__command_length(duva_engine *e, const duva_position *at);

/* Puts the message's next octets, as they came, to those that are to go out.
 * raw lies in the free part of the buffer.  DUVA_OK or DUVA_ERR_BODY. */
int duva__say_body(duva_engine *e, const uint8_t *raw, size_t len);

/* Begins AUTH with the mechanism and its first response at hand. */
void duva__start_auth(duva_engine *e);

/* Writes the end of the message.  DUVA_OK or DUVA_ERR_BODY. */
int duva__say_end(duva_engine *e);

#endif
