/* linked.c - the modules of a command that loads none. */
/* SPDX-License-Identifier: MIT */
#include "modules/module.h"

extern const struct cli_module duva_module_tls, duva_module_names;

const struct cli_module_tls *cli_module_tls(void)
{
    return duva_module_tls.parts;
}

const struct cli_module_names *cli_module_names(void)
{
    return duva_module_names.parts;
}
