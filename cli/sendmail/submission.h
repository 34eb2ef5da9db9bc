/* submission.h - a mail that a program submits: read, completed and sent. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SUBMISSION_H
#define DUVA_CLI_SUBMISSION_H

#include <stdint.h>

#include "config/account_values.h"
#include "duva/extras.h"
#include "envelope/idn_address.h"
#include "message/header.h"
#include "sendmail/address_set.h"
#include "sendmail/input_lines.h"
#include "send/job.h"

/* Zero it, and set job->options.access.command. */
struct cli_submission {
    struct cli_job   *job;     /* its options and its message */
    struct cli_header header;
    struct cli_address_set to; /* as they were given */
    const char *sender;        /* NULL: not given; "": the null reverse-path */
    const char *full_name;     /* for a field From that is missing */
    const char *envid;         /* NULL: none */
    uint8_t notify_given, notify; /* DUVA_NOTIFY_* */
    uint8_t ret;               /* DUVA_RET_* */
    uint8_t recipients_from_header; /* add those in the header */
    uint8_t sender_from_header;
    uint8_t all_or_nothing;
    /* private */
    struct cli_accounts accounts;
    struct cli_address_set recipients; /* what `to` stands for */
    struct cli_idn_address converted;  /* the last one of the envelope */
    duva_mail_extras mail_extras;
    duva_rcpt_extras rcpt_extras;
};

/* Adds recipients: a list as cli_mailboxes_add() takes it.  Returns NULL, or
 * what is wrong. */
const char *cli_submission_add(struct cli_submission *s, const char *list);

/* Reads the header and the rest.  Returns 0, or an exit code; then
 * job->outcome.summary says why. */
int cli_submission_read(struct cli_submission *s, struct cli_input_lines *in);

/* Finds account, sender and recipients, completes the header, and sends it.
 * Returns the exit code; job->outcome.summary says what became of it; it is
 * empty when that has been printed already.  The caller reports it, then calls
 * cli_session_end(). */
int cli_submission_send(struct cli_submission *s);

void cli_submission_free(struct cli_submission *s);

#endif
