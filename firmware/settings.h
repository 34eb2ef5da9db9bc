/* settings.h - the arguments of the board's start, as name=value. */
/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_SETTINGS_H
#define FIRMWARE_SETTINGS_H

/* Reads the arguments.  A product has such settings in its flash. */
void settings_read(void);

/* The value of a setting, or NULL when it is not given.  Never freed. */
const char *settings_text(const char *name);

/* The same as a number; otherwise: when it is not given. */
unsigned long settings_number(const char *name, unsigned long otherwise);

#endif
