/* dsn.h - words for when a DSN is wanted, and what it returns (RFC 3461). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_DSN_H
#define DUVA_CLI_DSN_H

#include <stdint.h>

/* "never", or "success", "failure" and "delay" with commas between, as
 * DUVA_NOTIFY_*.  Returns 0, or -1: it is none of them. */
int cli_dsn_notify_parse(uint8_t *notify, const char *text);

/* "full", "hdrs" or "headers", as DUVA_RET_*.  Returns 0, or -1. */
int cli_dsn_return_parse(uint8_t *ret, const char *text);

#endif
