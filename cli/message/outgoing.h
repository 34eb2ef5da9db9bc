/* outgoing.h - the message that is sent: composed, or finished. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OUTGOING_H
#define DUVA_CLI_OUTGOING_H

#include "duva/convert.h"
#include "message/letter.h"
#include "message/message.h"
#include "message/meter.h"
#include "message/sign.h"

struct cli_outgoing {
    struct cli_letter letter;
    struct cli_signer signer;   /* of the letter */
    struct cli_message message; /* what is sent if the letter is not composed */
    duva_convert convert;       /* of the message, where its server needs it */
    struct cli_meter meter;     /* of what is sent */
};

#endif
