/* nxd_smtp_session.h - the connection of a client. */
/* SPDX-License-Identifier: MIT */
#ifndef NXD_SMTP_SESSION_H
#define NXD_SMTP_SESSION_H

#ifndef NX_SMTP_SOURCE_CODE
#define NX_SMTP_SOURCE_CODE
#endif
#include "nxd_smtp_client.h"

/* What addresses must leave of the client's buffer. */
size_t duva__nx_session_floor(const NX_SMTP_CLIENT *c);

/* Sends session.mail, over the connection that is up or a new one, which is
 * ended again unless it is to be kept.  Returns what nx_smtp_mail_send()
 * does. */
UINT duva__nx_session_send(NX_SMTP_CLIENT *c);

/* Ends the connection if it is up, within so many ticks for each step. */
void duva__nx_session_end(NX_SMTP_CLIENT *c, ULONG wait);

#endif
