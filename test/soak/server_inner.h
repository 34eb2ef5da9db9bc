/* server_inner.h - the parts of the server: replies, commands, messages. */
/* SPDX-License-Identifier: MIT */
#ifndef SOAK_SERVER_INNER_H
#define SOAK_SERVER_INNER_H

#include "server.h"

/* ---- notes: server_note.c ---- */

void violation(struct server *s, const char *what, const char *line);

/* A reply of 5yz to something that belongs to a mail. */
void note_cause(struct server *s, unsigned code, unsigned cause);

/* The transaction is over. */
void reset(struct server *s);

/* ---- replies: server_reply.c ---- */

/* Does the fault of the transaction, or of the session, strike at this stage?
 * Returns it, or NULL. */
const struct treatment *fault_at(const struct server *s, enum fault_stage at);

/* The code that the fault has in place of the proper reply; 0: none. */
unsigned fault_code(const struct server *s, enum fault_stage at);

/* The reply to a command of that stage, as the fault leaves it. */
void answer(struct server *s, enum fault_stage at, unsigned code,
            const char *words);

/* A reply that no fault changes. */
void say(struct server *s, unsigned code, const char *words);

/* Begins the pause of a fault, once: 1 when the command has to wait. */
int waits(struct server *s, enum fault_stage at);

void say_junk(struct server *s, const struct treatment *t);

/* The connection ends behind what is to be written, or at once by RST. */
void hang_up(struct server *s, const struct treatment *t);

/* ---- commands: server_command.c ---- */

/* Handles a line without its end, NUL-terminated.  0: it has to wait. */
int command(struct server *s, const char *line);

/* Nothing may arrive before the reply to this command has left. */
void expect_alone(struct server *s, const char *command);

/* ---- messages: server_message.c ---- */

/* Reads on in the message.  0: there is nothing to read, or it has to wait. */
int read_data(struct server *s);
int read_chunk(struct server *s);

/* BDAT was read. */
void chunk_begins(struct server *s, size_t len, int last);

/* Removes octets that were read. */
void consume(struct server *s, size_t len);

#endif
