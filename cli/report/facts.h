/* facts.h - what a report of an outcome takes into account. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_FACTS_H
#define DUVA_CLI_FACTS_H

#include <stdint.h>

#include "envelope/parameters.h"
#include "login/auth.h"
#include "login/login_options.h"
#include "session/connection.h"
#include "session/session.h"
#include "session/session_options.h"

/* Everything is borrowed and only read.  Zero it, then set the first four. */
struct cli_facts {
    const struct cli_session_options *options;
    const struct cli_login_options *login;
    const struct cli_connection *connection;
    const struct cli_auth *auth;
    const struct cli_parameters *parameters; /* of the mail; NULL: none */
    const char *message_id;                  /* NULL: none */
    uint8_t all_or_nothing;                  /* --all-or-nothing is given, */
    uint8_t utf8;                            /* --smtputf8 */
    uint8_t not_set_up; /* no server is named, and there is no account */
};

/* Sets the first four, and no others: s->options must be set. */
void cli_facts_init(struct cli_facts *f, const struct cli_session *s,
                    const struct cli_login_options *login);

#endif
