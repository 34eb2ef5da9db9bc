/* outgoing.h - the message that is sent: composed, or finished. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OUTGOING_H
#define DUVA_CLI_OUTGOING_H

#include "duva/convert.h"
#include "message/letter.h"
#include "message/message.h"
#include "message/meter.h"
#include "message/sign.h"
#include "outcome/outcome.h"
#include "outcome/outcome.h"

struct cli_outgoing {
    struct cli_letter letter;
    struct cli_signer signer;   /* of the letter */
    struct cli_message message; /* what is sent if the letter is not composed */
    duva_convert convert;       /* of the message, where its server needs it */
    struct cli_meter meter;     /* of what is sent */
};

/* The message, composed or finished, as a server that advertises these
 * DUVA_CAP_* takes it, behind g->meter; server names it, for people.  Returns 0,
 * or an exit code after cli_stop(). */
int cli_outgoing_fit(struct cli_outgoing *g, struct cli_outcome *o,
                     const char *server, uint32_t caps);

/* As cli_stop(), for g->letter, which says what is wrong. */
int cli_outgoing_stop(const struct cli_outgoing *g, struct cli_outcome *o,
                      int exit_code);

#endif
