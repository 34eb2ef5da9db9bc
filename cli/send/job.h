/* job.h - all about one mail and the connection that carries it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_JOB_H
#define DUVA_CLI_JOB_H

#include "login/login.h"
#include "message/outgoing.h"
#include "options/send_options.h"
#include "outcome/outcome.h"
#include "session/connection.h"
#include "session/tls.h"
#include "text/expand.h"
#include "trace/listeners.h"

/* Everything about one visit to a server, and the mail that was carried there:
 * what was asked, and what became of it.  A visit without a mail has one
 * without recipients; its result is that of the visit. */
struct cli_job {
    struct cli_options options;
    struct cli_outgoing outgoing;
    struct cli_tls tls;
    struct cli_login login;
    struct cli_connection connection;
    struct cli_listeners listeners;
    struct cli_outcome outcome;
};

#endif
