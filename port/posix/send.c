/* send.c - turns a route, a mail and its message into one session. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define CONNECT_MS 30000u
#define OUT_SIZE 16384u        /* few writes for a long message */

/* No server has seen the mail: whoever is not decided stays to be sent to. */
static int not_begun(duva_mail *mail, int err, duva_reason reason,
                     int32_t cause)
{
    duva_result *r = &mail->result;
    size_t i;

    memset(r, 0, sizeof *r);
    r->verdict = DUVA_RETRY;
    r->err = (duva_err)err;
    r->reason = reason;
    r->cause = cause;
    r->status.stage = DUVA_STAGE_CONNECT;
    for (i = 0; mail->rcpt != NULL && i < mail->rcpt_count; i++) {
        duva_rcpt *rcpt = &mail->rcpt[i];

        if (rcpt->verdict != DUVA_PENDING && rcpt->verdict != DUVA_RETRY)
            continue;
        rcpt->verdict = DUVA_RETRY;
        rcpt->status = r->status;
        if (rcpt->text != NULL && rcpt->text_size > 0)
            rcpt->text[0] = '\0';
    }
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

int duva_send(const duva_route *to, duva_mail *mail, duva_source_fn *source,
              void *source_ctx)
{
    uint8_t out[OUT_SIZE];
    char name[DUVA_POSIX_NAME_SIZE];
    duva_config config;
    duva_client c;
    duva_posix l;
    duva_reason reason;
    int err;

    if (to == NULL || mail == NULL)
        return DUVA_ERR_ARG;
    config = to->config;
    reason = objection(to, source);
    if (reason != DUVA_REASON_NONE)
        return not_begun(mail, DUVA_ERR_ARG, reason, 0);
    err = duva_posix_open(&l, to->host, to->port != NULL ? to->port : "25",
                          to->connect_ms != 0 ? to->connect_ms : CONNECT_MS);
    duva_posix_deadline(&l, to->session_ms);
    if (err == DUVA_OK && config.name == NULL) {
        config.name = name;
        err = duva_posix_name(&l, name, sizeof name);
    }
    if (err == DUVA_OK) {
        memset(&c, 0, sizeof c);
        c.link = &l.link;
        c.tls = to->tls;
        c.host = to->host;
        c.auth = to->auth;
        err = duva_client_init(&c, &config, out, sizeof out);
    }
    if (err != DUVA_OK) {
        l.link.ops->close(&l.link);
        return not_begun(mail, err, DUVA_REASON_NONE, l.link.cause);
    }
    err = duva_send_mail(&c, mail, source, source_ctx);
    duva_close(&c);
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
