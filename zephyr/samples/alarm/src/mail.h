/* mail.h - sends an alarm. */
/* SPDX-License-Identifier: MIT */
#ifndef MAIL_H
#define MAIL_H

#include <duva/result.h>

/* Blocks until there is a verdict, which is in the result. */
const duva_result *mail_alarm(const char *text);

#endif
