/* nxd_smtp_reply.h - what both clients make of a server's words. */
/* SPDX-License-Identifier: MIT */
#ifndef NXD_SMTP_REPLY_H
#define NXD_SMTP_REPLY_H

#include "nxd_smtp_claim.h"

/* In DUVA_AUTH: chooses a mechanism and begins with it, or goes on without
 * one. */
VOID duva__nx_authenticate(NX_SMTP_CLIENT *c, duva_engine *e);

/* What has become of it, when the engine has left DUVA_AUTH.  session:
 * duva_outcome(). */
VOID duva__nx_note_authentication(NX_SMTP_CLIENT *c,
                                  const duva_result *session);

/* The status value of a mail that the server rejected, or of what cannot be
 * parsed. */
UINT duva__nx_refusal(const duva_result *r);

/* The engine sends no QUIT to a server whose reply it cannot parse; this API
 * does, unless it would be a line of the message.  session: duva_outcome(). */
int duva__nx_needs_quit(const duva_result *session);

/* Stores what the application can read of a mail, or of a connection that
 * failed: session.mail.result has the result of either.  Returns status. */
UINT duva__nx_store_status(NX_SMTP_CLIENT *c, UINT status);

#endif
