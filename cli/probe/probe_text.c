/* show.c - what was found out about a server into text for people. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "login/auth.h"
#include "modules/certificate.h"
#include "options/server_options.h"
#include "probe/probe_text.h"
#include "text/colour.h"
#include "text/escape.h"

#define COLUMN 14              /* where the values stand */

static void put(FILE *out, const char *label, const char *text, size_t len)
{
    char shown[1024];

    cli_escape(shown, sizeof(shown), text, len);
    fprintf(out, "%s%-*s%s%s\n", cli_colour(out, CLI_DIM), COLUMN, label,
            cli_colour(out, CLI_PLAIN), shown);
}

static void put_text(FILE *out, const char *label, const char *text)
{
    put(out, label, text, strlen(text));
}

static void put_words(FILE *out, const char *label,
                      const struct cli_reply_lines *w)
{
    const char *line;
    char code[160];
    size_t i, len;

    if (w->code == 0)
        return;
    for (i = 0; (line = cli_reply_lines_line(w, i, &len)) != NULL; i++) {
        if (i == 0) {
            snprintf(code, sizeof(code), "%u %.*s", w->code,
                     (int)(len < 128 ? len : 128), line);
            put_text(out, label, code);
        } else {
            put(out, "", line, len);
        }
    }
}

static void put_names(FILE *out, const char *names)
{
    const char *label = "  names";
    size_t len;

    for (; *names != '\0'; names += len + 1) {
        len = strcspn(names, "\n");
        fprintf(out, "%-*s%.*s\n", COLUMN, label, (int)len, names);
        label = "";
    }
}

static void put_certificate(FILE *out, size_t i,
                            const struct cli_certificate *c)
{
    char label[COLUMN], value[160];

    snprintf(label, sizeof(label), "certificate %u", (unsigned)(i % 10));
    fprintf(out, "%-*s%s\n", COLUMN, label, c->subject);
    put_names(out, c->names);
    fprintf(out, "%-*s%s\n", COLUMN, "  issued by", c->issuer);
    if (c->days_left < 0)
        snprintf(value, sizeof(value), "%s to %s (over)", c->from, c->to);
    else
        snprintf(value, sizeof(value), "%s to %s (%d days left)", c->from,
                 c->to, c->days_left);
    put_text(out, "  valid", value);
    snprintf(value, sizeof(value), "%s, %d bits", c->key, c->bits);
    put_text(out, "  key", value);
    put_text(out, "  pin", c->pin);
}

static void put_tls(FILE *out, const struct cli_probe *p)
{
    const duva_tls_info *info = &p->session.connection.secured;
    char value[400];
    size_t i;

    if (info->protocol == NULL)
        return;
    snprintf(value, sizeof(value), "%s, %s, %s", info->protocol, info->cipher,
             p->starttls ? "after STARTTLS" : "from the start");
    put_text(out, "TLS", value);
    snprintf(value, sizeof(value), "%s%s",
             info->verified ? "verified" : "NOT VERIFIED",
             p->unverified ? ": " : "");
    if (p->unverified)
        strncat(value, duva_reason_text(p->outcome.mail.result.reason), 200);
    put_text(out, "", value);
    if (p->unverified)
        put_text(out, "",
                 "what follows is from a second connection, without "
                 "verification");
    for (i = 0; i < p->chain_len; i++)
        put_certificate(out, i, &p->chain[i]);
}

static void put_choice(FILE *out, const struct cli_probe *p)
{
    const struct cli_access *a = &p->access;
    char value[200];

    if (p->outcome.exit_code != EX_OK || p->session.connection.stopped_after)
        return;
    snprintf(value, sizeof(value), "%s, %s",
             p->session.connection.secured.protocol == NULL ? "no TLS"
             : p->starttls                                  ? "STARTTLS"
                           : "TLS from the start",
             p->mechanism != 0          ? cli_auth_name(p->mechanism)
             : a->login.mechanisms == 0 ? "no authentication"
                                        : "?");
    put_text(out, "Duva uses", value);
}

static void put_server(FILE *out, const struct cli_probe *p)
{
    const struct cli_access *a = &p->access;
    char value[1200];
    int n;

    n = snprintf(value, sizeof(value), "%s%s%s", a->session.server.host,
                 a->session.server.is_path ? "" : " port ",
                 a->session.server.port);
    if (a->session.proxy.given)
        snprintf(value + n, sizeof(value) - (size_t)n,
                 ", through the proxy %s port %s", a->session.proxy.host,
                 a->session.proxy.port);
    else if (p->session.connection.peer[0] != '\0')
        snprintf(value + n, sizeof(value) - (size_t)n, ", at %s",
                 p->session.connection.peer);
    put_text(out, "server", value);
}

/* What matters first: can it be done, what is wrong, what helps. */
static void put_verdict(FILE *out, const struct cli_probe *p)
{
    const int good = p->outcome.exit_code == EX_OK;
    size_t i;

    if (p->session.connection.stopped_after) {
        fprintf(out, "\n%s.\n", p->outcome.summary);
        return;
    }
    fprintf(out, "\n%sA mail could %sbe sent.%s\n",
            cli_colour(out, good ? CLI_GOOD : CLI_BAD), good ? "" : "NOT ",
            cli_colour(out, CLI_PLAIN));
    for (i = 0; i < p->problems; i++) {
        fprintf(out, "%s-%s %s\n",
                cli_colour(out, i == 0 && !good ? CLI_BAD : CLI_WARN),
                cli_colour(out, CLI_PLAIN), p->problem[i].text);
        fprintf(out, "  %s->%s %s\n", cli_colour(out, CLI_BOLD),
                cli_colour(out, CLI_PLAIN), p->problem[i].advice);
    }
}

void cli_probe_text(FILE *out, const struct cli_probe *p)
{
    put_server(out, p);
    put_verdict(out, p);
    putc('\n', out);
    if (p->starttls || p->session.connection.secured.protocol == NULL) {
        put_words(out, "greeting", &p->offer.greeting);
        put_words(out, "before TLS", &p->offer.clear);
    }
    put_tls(out, p);
    if (!p->starttls && p->session.connection.secured.protocol != NULL)
        put_words(out, "greeting", &p->offer.greeting);
    put_words(out, "inside TLS", &p->offer.secured);
    put_choice(out, p);
}
