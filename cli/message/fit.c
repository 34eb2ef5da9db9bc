/* fit.c - a finished message into one that its server takes. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>
#include <sysexits.h>

#include "duva/fit.h"
#include "message/fit.h"
#include "message/letter.h"
#include "message/message.h"
#include "report/report.h"
#include "session/job.h"
#include "text/server.h"

/* Is it about octets in a header field, not in what is behind a header? */
static int is_in_field(const duva_mime_error *error)
{
    static const char *const other[] = {
        "preamble", "epilogue", "header", "nesting", "parts"
    };
    size_t i;

    for (i = 0; i < sizeof(other) / sizeof(other[0]); i++)
        if (strcmp(error->field, other[i]) == 0)
            return 0;
    return strchr(error->field, '/') == NULL
           && (error->reason == DUVA_REASON_NOT_ASCII
               || error->reason == DUVA_REASON_NOT_UTF8);
}

/* What a person can do about it. */
static const char *advice(const struct cli_job *job)
{
    const duva_convert *c = &job->outgoing.convert;
    const char *field = c->error.field;

    if (strcmp(field, "DKIM-Signature") == 0
        || strcmp(field, "multipart/signed") == 0)
        return "; to encode it would break the signature: sign it when it is "
               "encoded";
    if (strcmp(field, "Content-Transfer-Encoding") == 0)
        return "; it is labelled as encoded already, and is not";
    if (c->error.reason == DUVA_REASON_NUL)
        return "; a NUL, as in UTF-16: encode it (base64), or write it in "
               "UTF-8";
    if (!is_in_field(&c->error))
        return "; encode it (RFC 2045) before it is sent";
    if (c->error.reason == DUVA_REASON_NOT_UTF8)
        return "; write it in UTF-8, or encode it (RFC 2047, RFC 2231)";
    if (job->outcome.mail.flags & DUVA_MAIL_UTF8)
        return "; it takes a server that offers SMTPUTF8";
    return "; encode it (RFC 2047, RFC 2231), or use 'duva send --smtputf8' "
           "with a server that offers SMTPUTF8";
}

static int refuse(struct cli_job *job)
{
    const duva_convert *c = &job->outgoing.convert;
    char server[CLI_SERVER_SIZE];

    if (c->error.reason == DUVA_REASON_SOURCE)
        return cli_stop(job, EX_NOINPUT, DUVA_ERR_BODY, c->error.reason,
                        "the message changed while it was read");
    cli_server_text(server, &job->options.access.server);
    return cli_stop(job, EX_DATAERR, DUVA_ERR_UNSUPPORTED, c->error.reason,
                    "the message's line %lu (%s): %s, which cannot be encoded "
                    "for %s%s",
                    cli_message_line(&job->outgoing.message, c->error.where),
                    c->error.field, duva_reason_text(c->error.reason), server,
                    advice(job));
}

/* Where it comes from, once it is known what becomes of it. */
static void read_by(struct cli_job *job, duva_source_fn *read, void *ctx)
{
    job->outgoing.meter.read = read;
    job->outgoing.meter.ctx = ctx;
}

int cli_fit(struct cli_job *job, uint32_t caps)
{
    duva_convert *c = &job->outgoing.convert;
    int failed;

    if (job->outgoing.letter.composed) {
        read_by(job, cli_letter_read, &job->outgoing.letter);
        failed
            = cli_letter_fit(&job->outgoing.letter, caps, &job->outcome.mail);
        return failed == 0 ? 0 : cli_stop_letter(job, failed);
    }
    if (!job->outgoing.message.eight_bit && !job->outgoing.message.binary) {
        read_by(job, cli_message_read, &job->outgoing.message);
        return 0;
    }
    memset(c, 0, sizeof(*c));
    c->source = cli_message_read;
    c->source_ctx = &job->outgoing.message;
    read_by(job, duva_convert_read, c);
    return duva_fit_convert(c, caps, &job->outcome.mail) == DUVA_OK
               ? 0
               : refuse(job);
}
