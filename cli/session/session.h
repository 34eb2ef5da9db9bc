/* session.h - a connection to a server, and the mail that it carries. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SESSION_H
#define DUVA_CLI_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "duva/client.h"
#include "duva/proxy.h"
#include "login/auth.h"
#include "session/gate.h"
#include "send/job.h"
#include "session/proxy.h"
#include "session/signal_link.h"

struct cli_session {
    struct cli_job  *job;
    struct cli_watch watch;
    duva_proxy       through;  /* over watch, when there is a proxy */
    struct cli_gate  gate;     /* over what goes to the server */
    struct cli_gate_owner owner;
    duva_config      config;
    duva_client      client;
    size_t           held;     /* octets of it: traced, not yet said */
    char             hold[2048];
    uint8_t          named;    /* the account names its certificate */
    uint8_t          is_open;
    uint32_t         limit_ms[DUVA_STAGES];
    uint8_t          out[16384];
};

/* Connects and goes as far as AUTH, in clear if the options permit it and TLS
 * fails.  Returns 0 when the session is there, dead or alive, and must be
 * closed; else job->outcome.mail.result tells. */
int  cli_session_open(struct cli_job *job, struct cli_session *s);
/* What was heard or is about to be said, as duva_trace_fn has it. */
void cli_session_hear(void *session, char from, const char *text, size_t len);

void cli_session_auth_context(const struct cli_session *s,
                              struct cli_auth_context *on);
/* Goes on to the first mail, with AUTH if the options say so. */
void cli_session_login(struct cli_session *s);
/* Wipes what was a secret, when no further login is to come. */
void cli_forget(struct cli_job *job);
void cli_session_close(struct cli_session *s);

/* Connects, logs in and closes; exit_code and summary tell. */
void cli_session_try(struct cli_job *job);

/* Connects and sends job->outcome.mail; job->outcome.mail.result tells.  What it tells can be
 * said before cli_session_end(), which says QUIT and closes: a reply to that
 * means nothing, and may not come. */
void cli_session_send(struct cli_job *job);
void cli_session_end(struct cli_job *job);

#endif
