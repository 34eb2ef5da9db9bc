/* show_json.c - what was found out about a server into one JSON object. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "login/auth.h"
#include "modules/certificate.h"
#include "probe/probe_json.h"
#include "report/result_json.h"
#include "text/json_text.h"

/* Words parted by spaces, as an array. */
static void put_list(FILE *out, const char *words, size_t len)
{
    size_t n;
    int    any = 0;

    putc('[', out);
    for (; len > 0; words += n, len -= n) {
        for (n = 0; n < len && words[n] != ' ' && words[n] != '\t'; n++)
            ;
        if (n > 0) {
            if (any++)
                putc(',', out);
            cli_json_string(out, words, n);
        }
        n += n < len;
    }
    putc(']', out);
}

static void put_keyword(FILE *out, const char *line, size_t len)
{
    size_t n = 0;

    while (n < len && line[n] != ' ')
        n++;
    fputs("{\"keyword\":", out);
    cli_json_string(out, line, n);
    fputs(",\"parameters\":", out);
    put_list(out, line + n, len - n);
    putc('}', out);
}

static void put_found(FILE *out, const struct cli_reply_lines *w,
                      const char *key, const char *keyword)
{
    size_t len;
    const char *found = cli_reply_lines_find(w, keyword, &len);

    fprintf(out, ",\"%s\":", key);
    put_list(out, found != NULL ? found : "", found != NULL ? len : 0);
}

static void put_first_line(FILE *out, const struct cli_reply_lines *w)
{
    const char *line;
    size_t len = 0;

    line = cli_reply_lines_line(w, 0, &len);
    cli_json_string(out, line != NULL ? line : "", len);
}

static void put_hello(FILE *out, const char *key,
                      const struct cli_reply_lines *w)
{
    const char *line;
    size_t i, len;

    fprintf(out, ",\"%s\":", key);
    if (w->code == 0) {
        fputs("null", out);
        return;
    }
    fprintf(out, "{\"code\":%u,\"text\":", w->code);
    put_first_line(out, w);
    fputs(",\"keywords\":[", out);
    for (i = 1; (line = cli_reply_lines_line(w, i, &len)) != NULL; i++) {
        if (i > 1)
            putc(',', out);
        put_keyword(out, line, len);
    }
    putc(']', out);
    put_found(out, w, "mechanisms", "AUTH");
    put_found(out, w, "size", "SIZE");
    put_found(out, w, "limits", "LIMITS");
    putc('}', out);
}

static void put_greeting(FILE *out, const struct cli_reply_lines *w)
{
    fputs(",\"greeting\":", out);
    if (w->code == 0) {
        fputs("null", out);
        return;
    }
    fprintf(out, "{\"code\":%u,\"text\":", w->code);
    cli_json_string(out, w->text, w->len > 0 ? w->len - 1 : 0);
    putc('}', out);
}

static void put_member(FILE *out, const char *key, const char *text)
{
    fprintf(out, ",\"%s\":", key);
    cli_json_text(out, text);
}

static void put_certificate(FILE *out, const struct cli_certificate *c)
{
    const char *names = c->names;
    size_t len;

    fputs("{\"subject\":", out);
    cli_json_text(out, c->subject);
    put_member(out, "issuer", c->issuer);
    fputs(",\"names\":[", out);
    for (; *names != '\0'; names += len + 1) {
        len = strcspn(names, "\n");
        if (names != c->names)
            putc(',', out);
        cli_json_string(out, names, len);
    }
    putc(']', out);
    put_member(out, "from", c->from);
    put_member(out, "to", c->to);
    fprintf(out, ",\"days_left\":%d", c->days_left);
    put_member(out, "key", c->key);
    fprintf(out, ",\"bits\":%d", c->bits);
    put_member(out, "pin", c->pin);
    putc('}', out);
}

static void put_chain(FILE *out, const struct cli_probe *p)
{
    size_t i;

    fputs(",\"chain\":[", out);
    for (i = 0; i < p->chain_len; i++) {
        if (i > 0)
            putc(',', out);
        put_certificate(out, &p->chain[i]);
    }
    fprintf(out, "],\"second_connection\":%s",
            p->unverified ? "true" : "false");
}

static void put_choice(FILE *out, const struct cli_probe *p)
{
    const duva_result *r = &p->outcome.mail.result;

    fputs(",\"choice\":", out);
    if (p->outcome.exit_code != EX_OK) {
        fputs("null", out);
    } else {
        fprintf(out, "{\"tls\":\"%s\",\"auth\":",
                p->session.connection.secured.protocol == NULL ? "none"
                : p->starttls                                  ? "starttls"
                                                               : "implicit");
        cli_json_text(out, p->mechanism != 0 ? cli_auth_name(p->mechanism)
                                             : NULL);
        putc('}', out);
    }
    put_member(out, "err", r->err != DUVA_OK ? duva_err_name(r->err) : NULL);
    put_member(out, "reason", r->reason != DUVA_REASON_NONE
                                  ? duva_reason_name(r->reason)
                                  : NULL);
    put_member(out, "stage", r->err != DUVA_OK
                                 ? duva_stage_name((duva_stage)r->status.stage)
                                 : NULL);
}

void cli_probe_json(FILE *out, const struct cli_probe *p)
{
    char text[CLI_OUTCOME_TEXT_SIZE];
    size_t i;

    fprintf(out, "{\"exit\":%d,\"summary\":", p->outcome.exit_code);
    cli_json_text(out, cli_outcome_text(text, sizeof(text), &p->outcome));
    put_member(out, "host", p->access.session.server.host);
    fprintf(out, ",\"port\":%s",
            p->access.session.server.is_path ? "null"
                                             : p->access.session.server.port);
    put_member(out, "address",
               p->session.connection.peer[0] != '\0'
                   ? p->session.connection.peer
                   : NULL);
    put_greeting(out, &p->offer.greeting);
    put_hello(out, "clear", &p->offer.clear);
    put_hello(out, "secured", &p->offer.secured);
    fputs(",\"tls\":", out);
    cli_json_tls(out, &p->session.connection);
    put_chain(out, p);
    put_choice(out, p);
    fputs(",\"problems\":[", out);
    for (i = 0; i < p->problems; i++) {
        if (i > 0)
            putc(',', out);
        snprintf(text, sizeof(text), "%s; %s", p->problem[i].text,
                 p->problem[i].advice);
        cli_json_text(out, text);
    }
    fprintf(out, "],\"milliseconds\":%" PRId64 "}\n", p->outcome.took_ms);
}
