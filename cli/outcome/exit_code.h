/* exit_code.h - the exit codes. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_EXIT_CODE_H
#define DUVA_CLI_EXIT_CODE_H

#include <sysexits.h>

#include "duva/mail.h"
#include "outcome/exit_code.h"

/* What sysexits.h has no number for: the mail may have been delivered. */
#define EX_UNCERTAIN 79

/* The most serious outcome of any recipient decides; at_proxy: the connection
 * came no further than the proxy. */
int cli_exit_code(const duva_mail *mail, int at_proxy);

#endif
