/* smtp_stdin.h - the server's side of SMTP on standard input (sendmail -bs). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SMTP_STDIN_H
#define DUVA_CLI_SMTP_STDIN_H

#include <stdio.h>

#include "sendmail/submission.h"

/* Replies on out to the commands of a program on in.  The reply to the end of
 * data is sent when it is known what became of the mail.  Returns an exit
 * code. */
int cli_smtp_stdin(const struct cli_submission *defaults, FILE *in, FILE *out);

#endif
