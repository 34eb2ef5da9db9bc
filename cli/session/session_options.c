/* session_options.c - what the values together mean for TLS. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "duva/config.h"
#include "session/session_options.h"

int cli_asks_for_tls(const struct cli_session_options *o)
{
    return o->tls_mode_given || o->tls.ca_file != NULL || o->tls.pin_count > 0
           || o->tls.cert_file != NULL || o->tls.dangerously_trust_everyone
           || o->require_tls;
}

int cli_begins_with_tls(const struct cli_session_options *o)
{
    return o->tls_mode == DUVA_TLS_IMPLICIT || o->server.implicit_tls;
}

int cli_begins_without_tls(const struct cli_session_options *o)
{
    return strcmp(o->server.port, "465") == 0 && !cli_begins_with_tls(o);
}
