/* command.h - writing commands. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_COMMAND_H
#define DUVA_SRC_COMMAND_H

#include "duva/engine.h"

#define DUVA__COMMAND_MAX 512u /* RFC 5321 4.5.3.1.4, with CRLF */

/* A command may be longer than the buffer.  It is said from its start each
 * time: e->position counts its octets, and only those that are next, at
 * e->offset, are written as long as there is room.  So a command needs no
 * memory but the count of its octets already out, and it is cut when position
 * has run ahead of offset. */

/* form, with arg in the place of its '%' if it has one. */
void duva__put(duva_engine *e, const char *form, const char *arg);

/* The same with a number for an argument: of 32 bits, or a size. */
#if SIZE_MAX < UINT32_MAX
typedef uint32_t duva__number;
#else
typedef size_t duva__number;
#endif
void duva__put_number(duva_engine *e, const char *form, duva__number number);

/* A text that is "***" in the trace. */
void duva__put_hidden(duva_engine *e, const char *text);

/* The parts as one base64 string (RFC 4648 4); "***" in the trace. */
void duva__put_secret(duva_engine *e);

#endif
