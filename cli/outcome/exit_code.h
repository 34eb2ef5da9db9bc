/* exit_code.h - the result of a mail as an exit code of sysexits.h. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_EXIT_CODE_H
#define DUVA_CLI_EXIT_CODE_H

#include <sysexits.h>

#include "duva/mail.h"

/* What sysexits.h has no number for: the mail may have been delivered. */
#define EX_UNCERTAIN 79

/* The most serious outcome of any recipient decides; at_proxy: the connection
 * came no further than the proxy. */
int cli_exit_code(const duva_mail *mail, int at_proxy);

/* Does an exit code mean that the same mail may be accepted later, or after the
 * configuration was repaired? */
int cli_exit_is_temporary(int exit_code);

#endif
