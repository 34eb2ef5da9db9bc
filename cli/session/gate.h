/* gate.h - a link, and a TLS, that know how far a conversation may go. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_GATE_H
#define DUVA_CLI_GATE_H

#include <stdint.h>

#include "duva/link.h"

/* In the order in which they are reached. */
enum cli_halt {
    CLI_HALT_NEVER, CLI_HALT_CONNECT, CLI_HALT_GREETING, CLI_HALT_EHLO,
    CLI_HALT_TLS, CLI_HALT_AUTH, CLI_HALT_MAIL, CLI_HALT_RCPT, CLI_HALT_DATA
};

/* "rcpt" and so on; CLI_HALT_NEVER for any other word. */
enum cli_halt cli_halt_parse(const char *word);
const char *cli_halt_name(enum cli_halt stop);

/* What it tells to whoever owns it. */
struct cli_gate_owner {
    void *ctx;
    void (*secured)(void *ctx, const duva_tls_info *info);
    void (*passed)(void *ctx); /* what was to be said has been said */
    int  (*in_message)(void *ctx); /* did the server ask for the message? */
};

/* It stands twice in the way of what is said: below TLS while that is not yet
 * there, and on top of it afterwards. */
struct cli_gate {
    duva_tls    tls;           /* over inner */
    duva_link   clear;         /* over under */
    duva_link  *under;
    duva_tls   *inner;
    const struct cli_gate_owner *owner;
    uint8_t     stop;          /* enum cli_halt */
    uint8_t     reached;       /* what comes next was held back */
    uint8_t     shaking;       /* clear carries TLS now */
    uint8_t     mid_line;
};

/* inner may be NULL: then there is no TLS to come. */
void cli_gate_open(struct cli_gate *g, duva_link *under, duva_tls *inner,
                   const struct cli_gate_owner *owner, enum cli_halt stop);

#endif
