/* recipients_text.h - what became of each recipient, in plain English. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_RECIPIENTS_TEXT_H
#define DUVA_CLI_RECIPIENTS_TEXT_H

#include <stdio.h>

#include "outcome/recipients.h"
#include "duva/mail.h"

#define CLI_RECIPIENT_TEXT_SIZE (CLI_REPLY_SIZE + 400)

/* A server's reply as a person may read it: "550 5.1.1 Unknown user".  text
 * may be NULL.  Returns buf. */
const char *cli_reply_text(char *buf, size_t size, const duva_status *s,
                           const char *text);

/* One recipient by his address: "bob@example.org rejected: 550 No", also
 * accepted, deferred, uncertain, or not sent.  Returns buf. */
const char *cli_recipient_text(char *buf, size_t size, const duva_mail *mail,
                               const duva_rcpt *rcpt);

/* The same of all who did not get the mail, or only of those whose own reply
 * says why, with "; " between; at the end how many there was no room for.  size
 * is 40 at least.  Returns their number. */
size_t cli_recipients_text(char *buf, size_t size, const duva_mail *mail,
                           int rejected);

/* Have all of them the verdict and the reply of the mail? */
int cli_fared_alike(const duva_mail *mail);

/* A line for each of several recipients, unless the summary alone tells: all
 * were accepted, or it failed before the server was asked about one. */
void cli_tell_recipients(FILE *out, const duva_mail *mail);

#endif
