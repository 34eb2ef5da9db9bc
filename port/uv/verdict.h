/* verdict.h - is a failure that of the mail or of its connection? */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_UV_VERDICT_H
#define DUVA_UV_VERDICT_H

#include "types.h"

/* Shares what is known of commands behind an end of data: what one session has
 * found out all sessions of the destination know. */
void duva__verdict_share(struct session *s);

/* Is the result of the mail a failure of a kept connection, and no verdict on
 * the mail?  The session takes no more mails then. */
int duva__verdict_is_connection_fault(struct session *s, duva_pool_mail *m);

/* How long to wait for the server, from now on. */
uint32_t duva__verdict_wait_ms(struct session *s);

#endif
