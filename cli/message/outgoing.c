/* outgoing.c - a message, composed or finished, as its server takes it. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>
#include <sysexits.h>

#include "duva/fit.h"
#include "message/outgoing.h"
#include "outcome/outcome.h"
#include "text/escape.h"

int cli_outgoing_stop(const struct cli_outgoing *g, struct cli_outcome *o,
                      int exit_code)
{
    const char *problem = g->composed.problem.text;
    char shown[1200];

    cli_escape(shown, sizeof(shown), problem, strlen(problem));
    return cli_stop(o, exit_code,
                    exit_code == EX_USAGE   ? DUVA_ERR_ARG
                    : exit_code == EX_OSERR ? DUVA_ERR_RESOURCES
                                            : DUVA_ERR_BODY,
                    g->composed.problem.reason, "%s", shown);
}

/* Is it about octets in a header field, not in what is behind a header? */
static int is_in_field(const duva_mime_error *error)
{
    static const char *const other[]
        = { "preamble", "epilogue", "header", "nesting", "parts" };
    size_t i;

    for (i = 0; i < sizeof(other) / sizeof(other[0]); i++)
        if (strcmp(error->field, other[i]) == 0)
            return 0;
    return strchr(error->field, '/') == NULL
           && (error->reason == DUVA_REASON_NOT_ASCII
               || error->reason == DUVA_REASON_NOT_UTF8);
}

/* What a person can do about it. */
static const char *advice(const struct cli_outgoing *g, const duva_mail *mail)
{
    const duva_convert *c = &g->convert;
    const char *field = c->error.field;

    if (strcmp(field, "DKIM-Signature") == 0
        || strcmp(field, "multipart/signed") == 0)
        return "; encoding it would break its signature: encode it before "
               "it is signed";
    if (strcmp(field, "Content-Transfer-Encoding") == 0)
        return "; the field says that the part is encoded already, and it "
               "is not";
    if (c->error.reason == DUVA_REASON_NUL)
        return "; convert it from UTF-16 to UTF-8, or encode it in base64";
    if (!is_in_field(&c->error))
        return "; encode it (RFC 2045) before it is sent";
    if (c->error.reason == DUVA_REASON_NOT_UTF8)
        return "; write it in UTF-8, or encode it (RFC 2047, RFC 2231)";
    if (mail->flags & DUVA_MAIL_UTF8)
        return "; it needs a server that advertises SMTPUTF8";
    return "; encode it (RFC 2047, RFC 2231), or use 'duva send --smtputf8' "
           "with a server that advertises SMTPUTF8";
}

static int refuse(const struct cli_outgoing *g, struct cli_outcome *o,
                  const char *server)
{
    const duva_convert *c = &g->convert;

    if (c->error.reason == DUVA_REASON_SOURCE)
        return cli_stop(o, EX_NOINPUT, DUVA_ERR_BODY, c->error.reason,
                        "the message changed while it was read");
    return cli_stop(o, EX_DATAERR, DUVA_ERR_UNSUPPORTED, c->error.reason,
                    "line %lu of the message (%s): %s, which cannot be encoded "
                    "for %s%s",
                    cli_finished_line(&g->finished, c->error.where),
                    c->error.field, duva_reason_text(c->error.reason), server,
                    advice(g, &o->mail));
}

/* Where the octets come from, once it is known how they are encoded. */
static void set_source(struct cli_outgoing *g, duva_source_fn *read, void *ctx)
{
    g->counter.read = read;
    g->counter.ctx = ctx;
}

const char *cli_outgoing_message_id(const struct cli_outgoing *g)
{
    if (g->composed.is_composed)
        return cli_composed_message_id(&g->composed);
    return g->finished.message_id[0] != '\0' ? g->finished.message_id : NULL;
}

int cli_outgoing_fit(struct cli_outgoing *g, struct cli_outcome *o,
                     const char *server, uint32_t caps)
{
    duva_convert *c = &g->convert;
    int failed;

    if (g->composed.is_composed) {
        set_source(g, cli_composed_read, &g->composed);
        failed = cli_composed_fit(&g->composed, caps, &o->mail);
        return failed == 0 ? 0 : cli_outgoing_stop(g, o, failed);
    }
    if (!g->finished.eight_bit && !g->finished.binary) {
        set_source(g, cli_finished_read, &g->finished);
        return 0;
    }
    memset(c, 0, sizeof(*c));
    c->source = cli_finished_read;
    c->source_ctx = &g->finished;
    set_source(g, duva_convert_read, c);
    return duva_fit_convert(c, caps, &o->mail) == DUVA_OK
               ? 0
               : refuse(g, o, server);
}
