/* nxd_smtp_session.h - the connection of a client, and who may use it. */
/* SPDX-License-Identifier: MIT */
#ifndef NXD_SMTP_SESSION_H
#define NXD_SMTP_SESSION_H

#ifndef NX_SMTP_SOURCE_CODE
#define NX_SMTP_SOURCE_CODE
#endif
#include "nxd_smtp_client.h"

int duva__nx_is_client(const NX_SMTP_CLIENT *c);

/* Takes a client for the calling thread: 1, or 0 when it is taken.  Who takes
 * it gives it back. */
int  duva__nx_claim(NX_SMTP_CLIENT *c);
void duva__nx_release(NX_SMTP_CLIENT *c);

/* What addresses must leave of the client's buffer. */
size_t duva__nx_session_floor(const NX_SMTP_CLIENT *c);

/* Sends session.mail, over the connection that is up or a new one, which is
 * ended again unless it is to be kept.  Returns what nx_smtp_mail_send()
 * does. */
UINT duva__nx_session_send(NX_SMTP_CLIENT *c);

/* Ends the connection if it is up, within so many ticks for each step. */
void duva__nx_session_end(NX_SMTP_CLIENT *c, ULONG wait);

#endif
