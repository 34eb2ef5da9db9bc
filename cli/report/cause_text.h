/* cause_text.h - an error and its cause in plain English. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CAUSE_TEXT_H
#define DUVA_CLI_CAUSE_TEXT_H

#include "duva/result.h"

/* Why it failed, where no reply of the server tells. */
const char *cli_cause_text(const duva_result *r);

#endif
