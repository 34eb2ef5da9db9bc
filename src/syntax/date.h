/* date.h - dates of extensions, as numbers that compare. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_DATE_H
#define DUVA_SRC_DATE_H

#include <stddef.h>
#include <stdint.h>

/* "2026-12-24T18:00:00Z" (RFC 3339 5.6, in UTC and without fractions) is
 * 20261224180000; anything else is 0. */
uint64_t duva__date(const char *text, size_t len);

#endif
