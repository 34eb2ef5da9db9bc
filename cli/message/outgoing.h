/* outgoing.h - the message that is sent: composed, or finished. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OUTGOING_H
#define DUVA_CLI_OUTGOING_H

#include "duva/convert.h"
#include "message/composed.h"
#include "message/finished.h"
#include "message/counter.h"
#include "message/sign.h"
#include "outcome/outcome.h"

struct cli_outgoing {
    struct cli_composed composed; /* or only the envelope of a draft */
    struct cli_signer signer;     /* of the composed message */
    struct cli_finished finished; /* sent if nothing was composed */
    duva_convert convert;         /* of it, where the server needs that */
    struct cli_counter counter;   /* of the octets that are sent */
};

/* The message, composed or finished, as a server that advertises these
 * DUVA_CAP_* takes it, read through g->counter; server names it, for people.
 * Returns 0, or an exit code after cli_stop(). */
int cli_outgoing_fit(struct cli_outgoing *g, struct cli_outcome *o,
                     const char *server, uint32_t caps);

/* As cli_stop(), with what is wrong with g->composed. */
int cli_outgoing_stop(const struct cli_outgoing *g, struct cli_outcome *o,
                      int exit_code);

/* The Message-ID of a composed message, or the one that was added to a finished
 * message; NULL: there is none. */
const char *cli_outgoing_message_id(const struct cli_outgoing *g);

#endif
