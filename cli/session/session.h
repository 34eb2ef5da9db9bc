/* session.h - a connection to a server, from connecting to QUIT. */
/* SPDX-License-Identifier: MIT */
/*
 *     set options, login_options, outcome and listeners
 *     cli_session_prepare()      TLS and secrets, before it connects
 *     cli_session_open()         connects, to the end of EHLO
 *     cli_session_login()        AUTH; then s->client can send mail
 *     cli_secrets_wipe(&s->login)
 *     cli_session_record()       what a report needs
 *     cli_session_close()        QUIT
 *     cli_tls_close(&s->tls)
 */
#ifndef DUVA_CLI_SESSION_H
#define DUVA_CLI_SESSION_H

#include <stddef.h>
#include <stdint.h>

#include "duva/client.h"
#include "duva/proxy.h"
#include "login/auth.h"
#include "login/login.h"
#include "login/login_options.h"
#include "outcome/outcome.h"
#include "session/connection.h"
#include "session/session_options.h"
#include "session/signal_link.h"
#include "session/stop_after.h"
#include "session/tls.h"
#include "trace/listeners.h"

/* Zero it before use; it may be opened again after it was closed. */
struct cli_session {
    /* Borrowed: they live as long as the session. */
    const struct cli_session_options *options;
    const struct cli_login_options *login_options; /* NULL: no secret is read,
                                  and nobody logs in */
    struct cli_outcome *outcome; /* its mail.result is that of a session that
                                  could not be opened */
    struct cli_listeners listeners;
    uint8_t quiet; /* no warning on standard error */

    struct cli_tls tls;
    struct cli_login login;
    struct cli_connection connection;
    duva_config config;
    duva_client client;
    struct cli_signal_link link;
    uint8_t fingerprint_matched; /* of the server's certificate */
    /* private */
    duva_proxy through;   /* over link, when there is a proxy */
    uint32_t limit_ms[DUVA_STAGES];
    uint8_t out[16384];
};

/* Opens TLS if it is asked for, and reads the secrets of the proxy and of the
 * login.  Returns 0, or an exit code after cli_stop(). */
int cli_session_prepare(struct cli_session *s);

/* Connects and goes as far as AUTH, in clear text if the options permit it and
 * TLS fails.  Returns 0 when there is a session, which must be closed, and
 * whose client's outcome may be a failure; else -1, and the outcome has a
 * result. */
int cli_session_open(struct cli_session *s);

/* Has the session ended because of --stop-after?  Then the outcome says that
 * the mail was not sent, and s->connection.stopped_after is the stage.  Returns
 * that, or CLI_STOP_NEVER. */
enum cli_stop_after cli_session_stopped(struct cli_session *s);

/* What the choice of a mechanism depends on. */
void cli_session_auth_context(const struct cli_session *s,
                              struct cli_auth_context *on);

/* What an exchange of the session is begun with: borrowed from it. */
void cli_session_credentials(const struct cli_session *s,
                             struct cli_credentials *c);

/* Goes on to DUVA_IDLE, with AUTH if the options say so. */
void cli_session_login(struct cli_session *s);

/* Copies what a report needs into s->connection and the outcome, while the
 * session is open. */
void cli_session_record(struct cli_session *s);

/* Sends QUIT if that can be, closes, and records. */
void cli_session_close(struct cli_session *s);

#endif
