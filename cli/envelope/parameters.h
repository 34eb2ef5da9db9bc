/* parameters.h - options into what is asked of a server beyond a mail. */
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
    CLI_PIPELINING_AUTO, /* also those of the next mail: overlap.h */
    CLI_PIPELINING_MAIL, /* those of a mail only */
    CLI_PIPELINING_NEVER
};

/* "auto", "mail" or "never"; CLI_PIPELINING_UNSAID: it is none. */
enum cli_pipelining cli_pipelining_parse(const char *text);

/* Numbers apart from those of the other options of "duva send". */
enum {
    CLI_PARAMETER_FIRST = 2000,
    CLI_PARAMETER_RET = CLI_PARAMETER_FIRST, CLI_PARAMETER_ENVID,
    CLI_PARAMETER_NOTIFY, CLI_PARAMETER_ORCPT, CLI_PARAMETER_BY,
    CLI_PARAMETER_HOLD_FOR, CLI_PARAMETER_HOLD_UNTIL, CLI_PARAMETER_PRIORITY,
    CLI_PARAMETER_AUTH, CLI_PARAMETER_SOLICIT, CLI_PARAMETER_RRVS,
    CLI_PARAMETER_MAIL, CLI_PARAMETER_RCPT, CLI_PARAMETER_END
};

/* Entries for getopt_long(). */
#define CLI_PARAMETER_OPTIONS                                                 \
    { "dsn-ret", required_argument, NULL, CLI_PARAMETER_RET },                \
    { "envid", required_argument, NULL, CLI_PARAMETER_ENVID },                \
    { "notify", required_argument, NULL, CLI_PARAMETER_NOTIFY },              \
    { "orcpt", required_argument, NULL, CLI_PARAMETER_ORCPT },                \
    { "deliver-by", required_argument, NULL, CLI_PARAMETER_BY },              \
    { "hold-for", required_argument, NULL, CLI_PARAMETER_HOLD_FOR },          \
    { "hold-until", required_argument, NULL, CLI_PARAMETER_HOLD_UNTIL },      \
    { "mt-priority", required_argument, NULL, CLI_PARAMETER_PRIORITY },       \
    { "mail-auth", required_argument, NULL, CLI_PARAMETER_AUTH },             \
    { "solicit", required_argument, NULL, CLI_PARAMETER_SOLICIT },            \
    { "rrvs", required_argument, NULL, CLI_PARAMETER_RRVS },                  \
    { "mail-param", required_argument, NULL, CLI_PARAMETER_MAIL },            \
    { "rcpt-param", required_argument, NULL, CLI_PARAMETER_RCPT }

/* Their lines of --help. */
extern const char cli_parameters_help[];

/* Zero it before use. */
struct cli_parameters {
    duva_mail_extras mail;
    duva_rcpt_extras rcpt;
    duva_param *mail_param, *rcpt_param; /* on the heap, with their names */
    char        since[32];     /* of --rrvs */
    uint8_t     notify_given, ret_given; /* even if "off" */
};

/* Takes one option.  Returns NULL, or what is wrong with text. */
const char *cli_parameters_take(struct cli_parameters *p, int option,
                                const char *text);
void cli_parameters_free(struct cli_parameters *p);

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
