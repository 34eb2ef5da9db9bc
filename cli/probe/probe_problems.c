/* probe_problems.c - the result of a probe into problems and advice. */
/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "probe/advertised.h"
#include "probe/probe_problems.h"
#include "report/advice.h"
#include "report/facts.h"
#include "report/summary.h"
#include "session/tls.h"
#include "text/server.h"

#define SOON_DAYS 14  /* renew a certificate earlier than this */
#define RSA_BITS 2048 /* the least for a key */

static void add_problem(struct cli_probe *p, const char *advice,
                        const char *format, ...)
{
    const size_t size = sizeof(p->problem[0].text);
    va_list args;

    if (p->problems == CLI_PROBLEMS)
        return;
    va_start(args, format);
    vsnprintf(p->problem[p->problems].text, size, format, args);
    va_end(args);
    p->problem[p->problems++].advice = advice;
}

static void check_tls(struct cli_probe *p)
{
    const struct cli_connection *c = &p->session.connection;
    const struct cli_reply_lines *ehlo = &p->advertised.clear;
    const int in_clear = c->secured.protocol == NULL && ehlo->code == 250
                         && p->outcome.mail.result.err == DUVA_OK;
    size_t len;

    if (c->fell_back.err != DUVA_OK)
        add_problem(p,
                    cli_tls_advice(c->fell_back.reason,
                                   cli_begins_with_tls(&p->access.session)),
                    "TLS failed (%s), so mail goes in clear text",
                    duva_reason_text(c->fell_back.reason));
    else if (in_clear && cli_reply_lines_find(ehlo, "STARTTLS", &len) != NULL)
        add_problem(p, "try --tls required",
                    "STARTTLS is advertised but not used");
    else if (in_clear && !p->is_private)
        add_problem(p, "try smtps://, or a server with TLS",
                    "STARTTLS is not advertised, so others on the network can "
                    "read and change the mail");
    if (c->secured.protocol != NULL && !c->secured.verified && !p->unverified)
        add_problem(p,
                    "omit --dangerously-trust-everyone, and name the trust "
                    "anchor with --ca if needed",
                    "the certificate of the server was not verified");
}

static void check_chain(struct cli_probe *p)
{
    size_t i;

    for (i = 0; i < p->chain_len; i++) {
        const struct cli_certificate *c = &p->chain[i];

        if (c->days_left >= 0 && c->days_left < SOON_DAYS)
            add_problem(p, "the operator of the server should renew it now",
                        "certificate %zu expires in %d days", i, c->days_left);
        if (c->days_left < 0
            && p->outcome.mail.result.reason != DUVA_REASON_CERT_EXPIRED)
            add_problem(p, "the operator of the server must renew it",
                        "certificate %zu expired on %s", i, c->to);
        if (strcmp(c->key, "RSA") == 0 && c->bits < RSA_BITS)
            add_problem(p,
                        "the operator of the server should use 2048 bits or "
                        "more",
                        "the key of certificate %zu has %d bits", i, c->bits);
    }
}

/* Is PLAIN or LOGIN among these mechanisms? */
static int has_clear_password(const char *mechanisms, size_t len)
{
    size_t n;

    for (; len > 0; mechanisms += n, len -= n) {
        n = strcspn(mechanisms, " \n");
        if (n > len)
            n = len;
        if (n == 5
            && (strncmp(mechanisms, "PLAIN", n) == 0
                || strncmp(mechanisms, "LOGIN", n) == 0))
            return 1;
        n += n < len;
    }
    return 0;
}

static void check_advertised(struct cli_probe *p)
{
    const struct cli_advertised *a = &p->advertised;
    const char *mechanisms;
    size_t len;

    mechanisms = cli_reply_lines_find(&a->clear, "AUTH", &len);
    if (mechanisms != NULL && has_clear_password(mechanisms, len)
        && cli_reply_lines_find(&a->clear, "STARTTLS", &len) != NULL)
        add_problem(p,
                    "the operator of the server should advertise AUTH only "
                    "after STARTTLS",
                    "PLAIN or LOGIN is advertised before STARTTLS, so careless "
                    "programs send passwords in clear text");
    if (a->clear.cut || a->secured.cut)
        add_problem(p, "--trace shows all of it",
                    "the reply to EHLO is too long to be shown here");
    if (p->outcome.mail.result.err == DUVA_OK
        && !(p->caps.bits & DUVA_CAP_EHLO))
        add_problem(p, "the operator should replace the server",
                    "the server does not support EHLO, so it has no TLS, no "
                    "authentication and no limits that it could advertise");
}

/* Sets exit code and summary.  Returns 0 when a mail could be sent, else -1. */
static int judge_result(struct cli_probe *p)
{
    struct cli_outcome *o = &p->outcome;
    struct cli_facts f;
    char server[CLI_SERVER_SIZE];

    cli_facts_init(&f, &p->session, &p->access.login);
    f.not_set_up = p->access.not_set_up;
    if (p->session.connection.stopped_after
        || (o->mail.result.err != DUVA_OK && o->exit_code == EX_OK))
        cli_judge(o, &f);
    if (p->session.connection.stopped_after || o->exit_code != EX_OK)
        return -1;
    cli_server_text(server, &p->access.session.server);
    snprintf(o->summary, sizeof(o->summary), "a mail could be sent to %s",
             server);
    return 0;
}

void cli_probe_find_problems(struct cli_probe *p)
{
    const struct cli_outcome *o = &p->outcome;
    const int failed = judge_result(p);

    if (p->session.connection.stopped_after)
        return;
    if (failed != 0)
        add_problem(
            p, o->advice != NULL ? o->advice : "correct that, and try again",
            "%s", o->summary);
    check_tls(p);
    check_chain(p);
    check_advertised(p);
}
