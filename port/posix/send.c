/* send.c - turns a route, a mail and its message into one session. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "posix.h"

#define CONNECT_MS 30000u
#define OUT_SIZE 16384u        /* few writes for a long message */

/* Nothing was sent: recipients without a verdict are RETRY. */
static int not_begun(duva_mail *mail, int err, duva_reason reason,
                     int32_t cause)
{
    duva_result why;

    memset(&why, 0, sizeof why);
    why.verdict = DUVA_RETRY;
    why.err = (duva_err)err;
    why.reason = reason;
    why.cause = cause;
    why.status.stage = DUVA_STAGE_CONNECT;
    duva_mail_never_begun(mail, &why);
    return err;
}

static duva_reason objection(const duva_route *to, duva_source_fn *source)
{
    if (to->host == NULL || source == NULL)
        return DUVA_REASON_MISSING;
    if (to->tls == NULL && to->config.tls != DUVA_TLS_NEVER)
        return DUVA_REASON_NO_TLS_LINK;
    if (to->config.name == NULL)
        return DUVA_REASON_NONE;
    return duva_name_check(to->config.name);
}

/* One session. */
struct visit {
    duva_config config;
    duva_client client;
    duva_posix  link;
    char        name[DUVA_POSIX_NAME_SIZE];
    uint8_t     out[OUT_SIZE];
};

/* Connects and makes the client ready.  On failure nothing is left open, but
 * v->link.link.cause stays. */
static int begin(struct visit *v, const duva_route *to)
{
    int err = duva_posix_open(&v->link, to->host,
                              to->port != NULL ? to->port : "25",
                              to->connect_ms != 0 ? to->connect_ms
                                                  : CONNECT_MS);

    if (err == DUVA_OK && v->config.name == NULL) {
        v->config.name = v->name;
        err = duva_posix_name(&v->link, v->name, sizeof v->name);
    }
    if (err == DUVA_OK) {
        memset(&v->client, 0, sizeof v->client);
        v->client.link = &v->link.link;
        v->client.tls = to->tls;
        v->client.host = to->host;
        v->client.auth = to->auth;
        v->client.fit = to->fit;
        err = duva_client_init(&v->client, &v->config, v->out, sizeof v->out);
    }
    if (err != DUVA_OK)
        v->link.link.ops->close(&v->link.link);
    return err;
}

/* The same once more without TLS.  The time goes on. */
static int go_clear(struct visit *v, const duva_route *to)
{
    const int64_t deadline = v->link.deadline;
    int err;

    v->config.tls = DUVA_TLS_NEVER;
    err = begin(v, to);
    v->link.deadline = deadline;
    return err;
}

int duva_send(const duva_route *to, duva_mail *mail, duva_source_fn *source,
              void *source_ctx)
{
    struct visit v;
    duva_reason reason;
    int err, fell_back;

    if (to == NULL || mail == NULL)
        return DUVA_ERR_ARG;
    reason = objection(to, source);
    if (reason != DUVA_REASON_NONE)
        return not_begun(mail, DUVA_ERR_ARG, reason, 0);
    v.config = to->config;
    err = begin(&v, to);
    if (err != DUVA_OK)
        return not_begun(mail, err, DUVA_REASON_NONE, v.link.link.cause);
    duva_posix_deadline(&v.link, to->session_ms);
    err = duva_send_mail(&v.client, mail, source, source_ctx);
    fell_back = duva_may_go_clear(&v.client);
    duva_close(&v.client);
    if (fell_back) {
        err = go_clear(&v, to);
        if (err == DUVA_OK) {
            err = duva_send_mail(&v.client, mail, source, source_ctx);
            duva_close(&v.client);
        } else {
            not_begun(mail, err, DUVA_REASON_NONE, v.link.link.cause);
        }
        mail->result.fell_back = 1;
    }
    return err;
}

/* A signal must not look like the end of the message, nor like a failure. */
int duva_file_read(void *file, void *buf, size_t len)
{
    size_t n;
    int interrupted;

    if (buf == NULL)
        return fseek(file, 0, SEEK_SET);
    do {
        errno = 0;
        n = fread(buf, 1, len < INT_MAX ? len : INT_MAX, file);
        interrupted = ferror(file) && errno == EINTR;
        if (interrupted)
            clearerr(file);
    } while (n == 0 && interrupted);
    return n == 0 && ferror(file) ? -1 : (int)n;
}
