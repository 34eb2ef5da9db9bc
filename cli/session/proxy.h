/* proxy.h - the way through a proxy to the server. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROXY_H
#define DUVA_CLI_PROXY_H

struct cli_job;
struct cli_session;

/* Asks the proxy that the session is connected to for the server.  DUVA_OK, or
 * a duva_err, and s->job->outcome.mail.result tells. */
int cli_proxy_pass(struct cli_session *s);

/* What the proxy is to blame for: what happened, into the summary. */
void cli_proxy_blame(struct cli_job *job);
/* And what to try next. */
const char *cli_proxy_advice(const struct cli_job *job);

#endif
