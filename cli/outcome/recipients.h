/* recipients.h - room for the recipients of a mail, and their replies. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_RECIPIENTS_H
#define DUVA_CLI_RECIPIENTS_H

#include <stddef.h>

#include "outcome/outcome.h"

#define CLI_WORDS_SIZE 512 /* of a server, about one recipient */
#define CLI_REPLY_SIZE 800 /* the same, made fit to be shown */

/* Room for so many recipients in o->mail, each with CLI_WORDS_SIZE for the text
 * of its reply, in one piece of memory: free o->mail.rcpt.  Returns 0, or an
 * exit code after cli_stop(). */
int cli_recipients(struct cli_outcome *o, size_t count);

/* All or nothing cannot be kept over LMTP for more than one recipient;
 * all_or_nothing: the option was given.  Returns 0, or an exit code after
 * cli_stop(). */
int cli_recipients_check_lmtp(struct cli_outcome *o, int lmtp,
                              int all_or_nothing);

#endif
