/* sign.h - a signer of DKIM from a key in a file. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SIGN_H
#define DUVA_CLI_SIGN_H

#include "modules/adapter.h"
#include "duva/dkim.h"

/* The options of DKIM; NULL: not given. */
struct cli_signature {
    const char *key;           /* a file, PEM */
    const char *domain, *selector;
};

/* Zero it before use. */
struct cli_signer {
    cli_adapter_dkim key;
    int              open;
};

/* Reads the key and makes a signer of it, which one message at a time may use;
 * the octets that were read are wiped.  Returns NULL with *signer, or what is
 * wrong with the key; then *code is EX_NOINPUT, EX_CONFIG, or EX_UNAVAILABLE
 * in a build that cannot sign. */
const char *cli_signer_open(struct cli_signer *s, const char *key,
                            duva_signer **signer, int *code);
void cli_signer_close(struct cli_signer *s);

#endif
