/* added_fields.h - fields for a header that lacks them. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ADDED_FIELDS_H
#define DUVA_CLI_ADDED_FIELDS_H

#include <stdio.h>
#include <time.h>

/* Each writes a field, with its line end.  name: UTF-8; NULL or "": none. */
void cli_added_date(FILE *out, time_t now);
void cli_added_from(FILE *out, const char *name, const char *addr);

#endif
