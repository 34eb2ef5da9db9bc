/* date.h - dates: now, or as a person writes them. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_DATE_H
#define DUVA_CLI_DATE_H

#include <stdint.h>

struct cli_date {
    int64_t at;                /* seconds since 1970 */
    int16_t zone;              /* minutes east of UTC */
};

/* The present time, and the zone of this host. */
void cli_date_now(struct cli_date *date);

/* Reads "2026-12-24T18:00:00Z" or "...+01:00" (RFC 3339), with a space in place
 * of the T too, or "Thu, 24 Dec 2026 18:00:00 +0100" (RFC 5322), where the day
 * of the week may be left out.  Returns NULL or what is wrong with it. */
const char *cli_date_parse(struct cli_date *date, const char *text);

/* Does the day of a date in UTC exist?  Returns NULL or what is wrong; the
 * engine checks the syntax. */
const char *cli_date_check(const char *text);

#endif
