/* proxy.h - the proxy that a connection goes through. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROXY_H
#define DUVA_CLI_PROXY_H

#include <stdint.h>

#include "duva/proxy.h"

struct cli_job;
struct cli_session;

/* What --proxy says. */
struct cli_proxy {
    uint8_t given;
    uint8_t kind;              /* duva_proxy_kind */
    char    host[256], port[6];
    char    user[256];         /* "": nobody logs in */
};

/* "socks5://user@host:port" or "http://user@host:port"; %XX stands for an
 * octet of the user.  Returns NULL, or what is wrong with it, in words that do
 * not repeat a password. */
const char *cli_proxy_parse(struct cli_proxy *proxy, const char *text);

/* Asks the proxy that the session is connected to for the server.  DUVA_OK, or
 * a duva_err, and s->job->outcome.mail.result tells. */
int cli_proxy_pass(struct cli_session *s);

/* What the proxy is to blame for: what happened, into the summary. */
void cli_proxy_blame(struct cli_job *job);
/* And what to try next. */
const char *cli_proxy_advice(const struct cli_job *job);

#endif
