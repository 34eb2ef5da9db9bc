/* parameters.h - parameters of MAIL and RCPT (RFC 5321 4.1.1.11). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PARAMETERS_H
#define DUVA_CLI_PARAMETERS_H

#include <stdint.h>

#include "duva/config.h"
#include "duva/extras.h"
#include "duva/mail.h"

/* Commands without waiting for replies (RFC 2920), where it is advertised. */
enum cli_pipelining {
    CLI_PIPELINING_UNSAID,
    CLI_PIPELINING_AUTO,       /* also those of the next mail: overlap.h */
    CLI_PIPELINING_MAIL,       /* those of a mail only */
    CLI_PIPELINING_NEVER
};

/* "auto", "mail" or "never"; CLI_PIPELINING_UNSAID: it is none of them. */
enum cli_pipelining cli_pipelining_parse(const char *text);

/* "never", or "success", "failure" and "delay" with commas between, into
 * DUVA_NOTIFY_*.  Returns 0, or -1: it is neither. */
int cli_notify_parse(uint8_t *notify, const char *text);
/* "full", "hdrs" or "headers" into DUVA_RET_*. */
int cli_return_parse(uint8_t *ret, const char *text);

/* Zero it before use. */
struct cli_parameters {
    duva_mail_extras mail;
    duva_rcpt_extras rcpt;
    duva_param *mail_param, *rcpt_param; /* on the heap, with their names */
    char        since[32];     /* of --rrvs */
    uint8_t     notify_given, ret_given; /* even if "off" */
};

/* Add "NAME" or "NAME=TEXT" to the parameters of MAIL, or of RCPT.  Return
 * NULL, or what is wrong. */
const char *cli_parameters_add_mail(struct cli_parameters *p,
                                    const char *text);
const char *cli_parameters_add_rcpt(struct cli_parameters *p,
                                    const char *text);
void cli_parameters_free(struct cli_parameters *p);

/* None yet. */
void cli_parameters_init(struct cli_parameters *p);

/* Gives them to mail and to each recipient; they must stay put.  Mails of
 * several threads may have them. */
void cli_parameters_apply(const struct cli_parameters *p, duva_mail *mail);

/* Can all of mail be said to a server that offers everything?  Returns NULL or
 * what can not, as the option and why, with *reason. */
const char *cli_parameters_check(const duva_mail *mail, duva_reason *reason);

/* The options that take an extension, a DUVA_CAP_*, or NULL: none do. */
const char *cli_parameters_of(uint32_t cap);

/* What to leave out of these when a server does not take MAIL or RCPT, as that
 * stage says, for its words; NULL: nothing was added there.  Static. */
const char *cli_parameters_to_leave_out(const struct cli_parameters *p,
                                        duva_stage stage);

#endif
