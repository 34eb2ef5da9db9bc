/* result_json.c - what became of a mail into one JSON object (RFC 8259). */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "login/auth.h"
#include "report/result_json.h"
#include "session/stop_after.h"
#include "text/json_text.h"

/* The names are part of the interface: never change one. */
static void put_name(FILE *out, const char *key, const char *name)
{
    if (name == NULL)
        fprintf(out, ",\"%s\":null", key);
    else
        fprintf(out, ",\"%s\":\"%s\"", key, name);
}

/* The members code, enhanced and text, of which a server that said nothing
 * has none. */
static void put_reply(FILE *out, const duva_status *s, const char *text)
{
    if (s->code == 0) {
        fputs("\"code\":null,\"enhanced\":null,\"text\":null", out);
        return;
    }
    fprintf(out, "\"code\":%u,\"enhanced\":", s->code);
    if (s->enhanced[0] == 0)
        fputs("null", out);
    else
        fprintf(out, "\"%u.%u.%u\"", s->enhanced[0], s->enhanced[1],
                s->enhanced[2]);
    fputs(",\"text\":", out);
    cli_json_text(out, text);
}

static void put_recipients(FILE *out, const duva_mail *mail)
{
    const duva_rcpt *r;
    size_t i;

    fputs(",\"recipients\":[", out);
    for (i = 0; i < mail->rcpt_count; i++) {
        r = &mail->rcpt[i];
        fputs(i > 0 ? ",{\"address\":" : "{\"address\":", out);
        cli_json_text(out, r->addr);
        fprintf(out, ",\"verdict\":\"%s\",", duva_verdict_name(r->verdict));
        put_reply(out, &r->status, r->text);
        putc('}', out);
    }
    putc(']', out);
}

/* Why TLS failed, where the mail went on without; else NULL. */
static const char *fell_back(const struct cli_connection *c)
{
    const duva_result *r = &c->fell_back;

    if (r->err == DUVA_OK)
        return NULL;
    return r->reason != DUVA_REASON_NONE ? duva_reason_name(r->reason)
                                         : duva_err_name(r->err);
}

void cli_json_tls(FILE *out, const struct cli_connection *c)
{
    const duva_tls_info *info = &c->secured;

    if (info->protocol == NULL && fell_back(c) == NULL) {
        fputs("null", out);
        return;
    }
    fputs("{\"protocol\":", out);
    cli_json_text(out, info->protocol);
    fputs(",\"cipher\":", out);
    cli_json_text(out, info->cipher);
    fprintf(out, ",\"verified\":%s,\"resumed\":%s",
            info->verified ? "true" : "false",
            info->resumed ? "true" : "false");
    put_name(out, "fell_back", fell_back(c));
    putc('}', out);
}

/* The hosts of a certificate that is for others, or null. */
static void put_names(FILE *out, const struct cli_outcome *o,
                      const struct cli_connection *c)
{
    const char *name = c->cert_names;
    size_t len;

    fputs(",\"certificate_names\":", out);
    if (o->mail.result.reason != DUVA_REASON_CERT_NAME || *name == '\0') {
        fputs("null", out);
        return;
    }
    for (; *name != '\0'; name += len + 1) {
        len = strcspn(name, "\n");
        putc(name == c->cert_names ? '[' : ',', out);
        cli_json_string(out, name, len);
    }
    putc(']', out);
}

static void put_auth(FILE *out, const struct cli_auth *auth)
{
    if (auth->name == NULL) {
        fputs(",\"auth\":null", out);
        return;
    }
    fprintf(out, ",\"auth\":{\"mechanism\":\"%s\",\"binding\":", auth->name);
    cli_json_text(out, auth->binding[0] != '\0' ? auth->binding : NULL);
    fputs(",\"said\":", out);
    cli_json_text(out, auth->said[0] != '\0' ? auth->said : NULL);
    putc('}', out);
}

void cli_report_json(FILE *out, const struct cli_outcome *o,
                     const struct cli_facts *f)
{
    const duva_result *r = &o->mail.result;
    char text[CLI_OUTCOME_TEXT_SIZE];
    const enum cli_stop_after stop
        = (enum cli_stop_after)f->connection->stopped_after;

    fprintf(out, "{\"verdict\":\"%s\",\"exit\":%d,\"summary\":",
            duva_verdict_name(r->verdict), o->exit_code);
    cli_json_text(out, cli_outcome_text(text, sizeof(text), o));
    fputs(",\"message_id\":", out);
    cli_json_text(out, f->message_id);
    put_recipients(out, &o->mail);
    fputs(",\"reply\":", out);
    if (r->status.code == 0) {
        fputs("null", out);
    } else {
        putc('{', out);
        put_reply(out, &r->status, r->text);
        putc('}', out);
    }
    fputs(",\"tls\":", out);
    cli_json_tls(out, f->connection);
    put_names(out, o, f->connection);
    put_auth(out, f->auth);
    put_name(out, "err", r->err != DUVA_OK ? duva_err_name(r->err) : NULL);
    put_name(out, "reason",
             r->reason != DUVA_REASON_NONE ? duva_reason_name(r->reason)
                                           : NULL);
    put_name(out, "stage", duva_stage_name((duva_stage)r->status.stage));
    fputs(",\"advice\":", out);
    cli_json_text(out, o->advice);
    put_name(out, "stopped_after",
             stop != CLI_STOP_NEVER ? cli_stop_after_name(stop) : NULL);
    put_name(out, "hop",
             r->err != DUVA_OK && f->connection->at_proxy ? "proxy" : NULL);
    fprintf(out, ",\"bytes\":%" PRIu64 ",\"milliseconds\":%" PRId64 "}\n",
            o->mail.size, o->took_ms);
}
