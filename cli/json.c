/* json.c - what became of a mail into one JSON object (RFC 8259). */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "cli.h"

void cli_json_string(FILE *out, const char *text, size_t len)
{
    uint32_t point = 0;
    size_t n;

    putc('"', out);
    for (; len > 0; text += n, len -= n) {
        n = cli_utf8_next(text, len, &point);
        if (n == 0) {
            fputs("\\ufffd", out);
            n = 1;
        } else if (point == '"' || point == '\\') {
            fprintf(out, "\\%c", (int)point);
        } else if (point < 0x20 || (point >= 0x7F && point < 0xA0)) {
            fprintf(out, "\\u%04x", (unsigned)point);
        } else {
            fwrite(text, 1, n, out);
        }
    }
    putc('"', out);
}

static void put_text(FILE *out, const char *text)
{
    cli_json_string(out, text, strlen(text));
}

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
        fprintf(out, "\"%u.%u.%u\"", s->enhanced[0],
                s->enhanced[1], s->enhanced[2]);
    fputs(",\"text\":", out);
    put_text(out, text);
}

static void put_recipients(FILE *out, const duva_mail *mail)
{
    const duva_rcpt *r;
    size_t i;

    fputs(",\"recipients\":[", out);
    for (i = 0; i < mail->rcpt_count; i++) {
        r = &mail->rcpt[i];
        fputs(i > 0 ? ",{\"address\":" : "{\"address\":", out);
        put_text(out, r->addr);
        fprintf(out, ",\"verdict\":\"%s\",", duva_verdict_name(r->verdict));
        put_reply(out, &r->status, r->text);
        putc('}', out);
    }
    putc(']', out);
}

static void put_tls(FILE *out, const struct cli_tls *t)
{
    fputs(",\"tls\":", out);
    if (!t->secured) {
        fputs("null", out);
        return;
    }
    fputs("{\"protocol\":", out);
    put_text(out, t->info.protocol);
    fputs(",\"cipher\":", out);
    put_text(out, t->info.cipher);
    fprintf(out, ",\"verified\":%s,\"resumed\":%s}",
            t->info.verified ? "true" : "false",
            t->info.resumed ? "true" : "false");
}

void cli_report_json(FILE *out, const struct cli_job *job)
{
    const duva_result *r = &job->mail.result;

    fprintf(out, "{\"verdict\":\"%s\",\"exit\":%d,\"summary\":",
            duva_verdict_name(r->verdict), job->exit_code);
    put_text(out, job->summary);
    put_recipients(out, &job->mail);
    fputs(",\"reply\":", out);
    if (r->status.code == 0) {
        fputs("null", out);
    } else {
        putc('{', out);
        put_reply(out, &r->status, r->text);
        putc('}', out);
    }
    put_tls(out, &job->tls);
    put_name(out, "err", r->err != DUVA_OK ? duva_err_name(r->err) : NULL);
    put_name(out, "reason", r->reason != DUVA_REASON_NONE
                                ? duva_reason_name(r->reason)
                                : NULL);
    put_name(out, "stage", duva_stage_name((duva_stage)r->status.stage));
    fprintf(out, ",\"bytes\":%" PRIu64 ",\"milliseconds\":%" PRId64 "}\n",
            job->mail.size, job->took_ms);
}
