/* parameter_options.h - the options for parameters of MAIL and RCPT. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PARAMETER_OPTIONS_H
#define DUVA_CLI_PARAMETER_OPTIONS_H

#include "options/option.h"

enum { CLI_PARAMETER_OPTIONS = 13 };

/* Their values are a struct cli_parameters. */
extern const struct cli_option cli_parameter_option[CLI_PARAMETER_OPTIONS];

#endif
