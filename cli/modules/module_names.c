/* module_names.c - international names, as the command loads them. */
/* SPDX-License-Identifier: MIT */
#include "duva/idn.h"
#include "duva/saslprep.h"
#include "modules/module.h"

static const struct cli_module_names parts = {
    duva_saslprep,
#ifdef DUVA_CLI_IDN
    duva_idn_address
#else
    NULL
#endif
};

extern const struct cli_module duva_module_names;
const struct cli_module duva_module_names = {
    DUVA_VERSION, sizeof(parts), &parts
};
