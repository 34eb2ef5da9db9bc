/* parser.h - the headers, bodies and parts of a message, step by step. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_PARSER_H
#define DUVA_MIME_PARSER_H

#include "../field/out.h"
#include "converter.h"

enum { DUVA__CONVERT_ROOM = 256 };

void duva__convert_begin(duva_convert *c);
/* Writes to o, which has DUVA__CONVERT_ROOM at least, and moves on. */
int  duva__convert_step(duva_convert *c, duva__out *o);

#endif
