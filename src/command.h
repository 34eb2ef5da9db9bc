/* command.h - commands: what may be said in them, and how they are written. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_COMMAND_H
#define DUVA_SRC_COMMAND_H

#include "duva/engine.h"

#define DUVA__COMMAND_MAX 512u /* RFC 5321 4.5.3.1.4, with CRLF */

/* A command on its way into a buffer that may be smaller than it.  The
 * command is written from its start each time; what has gone out before is
 * skipped, what does not fit is cut.  So a command needs no memory but the
 * count of its octets already out. */
typedef struct duva__writer {
    const duva_config *config; /* for its trace */
    uint8_t *at;
    size_t   room;
    size_t   skip;
    int      cut;              /* something did not fit */
} duva__writer;

/* Gives a piece of conversation to whoever wants it. */
void duva__trace(const duva_config *config, char from, const void *text,
                 size_t len);

/* form, with arg in the place of its '%' if it has one. */
void duva__put(duva__writer *w, const char *form, const char *arg);
void duva__put_number(duva__writer *w, uint32_t number);

/* The spans as one base64 string; "***" in the trace. */
void duva__put_secret(duva__writer *w, const duva_span *part, unsigned parts);

/* Octets of that base64 string. */
size_t duva__secret_length(const duva_span *part, unsigned parts);

#endif
