/* job.h - all about one mail and the connection that carries it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_JOB_H
#define DUVA_CLI_JOB_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "duva/client.h"
#include "duva/convert.h"
#include "duva/posix.h"
#include "login/auth.h"
#include "login/secret.h"
#include "message/letter.h"
#include "message/message.h"
#include "message/sign.h"
#include "options/send_options.h"
#include "session/tls.h"
#include "trace/meter.h"
#include "trace/timeline.h"
#include "trace/trace.h"

#define CLI_WORDS_SIZE  512    /* of a server, about one recipient */
#define CLI_REPLY_SIZE  800    /* the same, made fit to be shown */

/* Everything about one visit to a server, and the mail that was carried there:
 * what was asked, and what became of it.  A visit without a mail has one
 * without recipients; its result is that of the visit. */
struct cli_job {
    struct cli_options options;
    struct cli_letter  letter;
    struct cli_signer  signer; /* of the letter */
    struct cli_message message;/* what is sent instead of the letter if that
                                  is not composed */
    duva_convert       convert;/* of the message, where its server needs it */
    struct cli_meter   meter;  /* of what is sent */
    struct cli_trace   trace;
    struct cli_tls     tls;
    struct cli_auth    auth;
    duva_mail mail;
    duva_tls_info secured;     /* protocol NULL: nothing was */
    duva_result   fell_back;   /* err: why the mail was sent in clear, or
                                  DUVA_OK when it was not for that */
    duva_trace_fn *listen;     /* to the conversation; NULL: nobody does; a
                                  new connection is a piece from 0 */
    void     *listener;
    char      name[DUVA_POSIX_NAME_SIZE];
    char      peer[DUVA_POSIX_NAME_SIZE]; /* the server's address */
    char      secret[CLI_SECRET_SIZE];
    char      heard[512];      /* the server's last line since we spoke, as it
                                  came, or its beginning; or the first that is
                                  wrong */
    size_t    heard_len;
    uint8_t   heard_all;       /* the next octet begins another line */
    char      heard_more[3];   /* the code that it must have, or "": any */
    uint8_t   chunked;         /* BDAT was said */
    char      names[1024];     /* of the certificate, when those are wrong: each
                                  with '\n', fit to be shown */
    size_t    more_names;      /* that are not there */
    char      proxy_secret[256];
    uint8_t   at_proxy;        /* it did not come further */
    uint8_t   halted;          /* enum cli_halt: it was to come no further */
    struct cli_timeline timeline;
    FILE     *picture;         /* of it; NULL: nobody wants one */
    char      summary[2560];   /* what happened, for people; and, */
    size_t    what_len;        /* after so much of it and "; ", */
    const char *advice;        /* what to do about it, or NULL */
    int64_t   start, took_ms;
    int       exit_code;
    int       signal;          /* that cancelled it, or 0 */
};

#endif
