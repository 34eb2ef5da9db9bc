/* job.h - all about one mail that "duva send" or sendmail sends. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_JOB_H
#define DUVA_CLI_JOB_H

#include "config/account_values.h"
#include "message/outgoing.h"
#include "options/send_options.h"
#include "outcome/outcome.h"
#include "report/facts.h"
#include "session/session.h"

/* Zero it before use; cli_job_free() ends it. */
struct cli_job {
    struct cli_options options;   /* what was asked for */
    struct cli_outgoing outgoing; /* the message */
    struct cli_session session;   /* that carries it */
    struct cli_outcome outcome;   /* the mail, and what became of it */
    uint8_t is_open;              /* private: the session is */
};

/* Gives the session what it borrows of the job, which stays where it is from
 * here on.  The options have been read. */
void cli_job_init(struct cli_job *job);

/* What a report of job->outcome takes into account. */
void cli_job_facts(struct cli_facts *f, const struct cli_job *job);

/* Puts job->outcome into the log of the account in use. */
void cli_job_log(const struct cli_job *job, struct cli_accounts *accounts);

/* Reports job->outcome as the options say. */
void cli_job_report(const struct cli_job *job);

/* Frees all of it but the outcome's texts and codes, and wipes the secrets. */
void cli_job_free(struct cli_job *job);

#endif
