/* query.h - a query on its way: what it says, and what is said to it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_QUERY_H
#define DUVA_SRC_QUERY_H

#include "duva/engine.h"

/* A query has no stage of its own: RSET stands for it while there is no mail,
 * which is when a RSET would be pointless. */
#if !DUVA_WITH_QUERIES
#define duva__put_query(e) 0
#define duva__query_octet(e, c) ((void)0)
#define duva__hear_query(e) ((void)0)
#define duva__end_query(e) ((void)0)
#else

/* All of duva_command() but to say it. */
int duva__query_start(duva_engine *e, struct duva_query *q);

/* Writes the command of the query.  Returns 0 when there is none. */
int duva__put_query(duva_engine *e);

/* One more octet of text of the reply. */
void duva__query_octet(duva_engine *e, uint8_t c);

/* The reply is complete. */
void duva__hear_query(duva_engine *e);

/* The session goes on; the query is over. */
void duva__end_query(duva_engine *e);

#endif

#endif
