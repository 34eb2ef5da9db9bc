/* complete_header.h - a header that a program wrote, completed. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_COMPLETE_HEADER_H
#define DUVA_CLI_COMPLETE_HEADER_H

#include <stdint.h>

#include "config/config.h"
#include "message/finished.h"
#include "message/header.h"

/* Drops the fields that the account wants dropped, and converts the domains of
 * the others; *utf8 as cli_header_convert_domains().  Returns 0 or EX_OSERR. */
int cli_header_prepare(struct cli_header *h,
                       const struct cli_account *account, uint8_t *utf8);

/* Puts h, with the fields that it lacks, before the rest of m; h must then stay
 * as it is.  from: the reverse-path.  name: for a field From; NULL: the
 * account's.  Returns 0 or EX_OSERR. */
int cli_header_complete(struct cli_finished *m, const struct cli_header *h,
                        const struct cli_account *account, const char *from,
                        const char *name);

#endif
