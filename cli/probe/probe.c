/* probe.c - the arguments of "duva probe" into a report on a server. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "config/account_values.h"
#include "login/auth.h"
#include "modules/certificate.h"
#include "modules/module.h"
#include "options/option.h"
#include "options/server_options.h"
#include "outcome/outcome.h"
#include "probe/probe.h"
#include "probe/probe_json.h"
#include "probe/probe_result.h"
#include "probe/probe_text.h"
#include "report/advice.h"
#include "report/summary.h"
#include "session/stop_after.h"
#include "session/session.h"
#include "session/tls.h"
#include "system/clock.h"
#include "system/guard.h"
#include "text/escape.h"
#include "text/server.h"
#include "trace/chart_file.h"
#include "trace/trace.h"

#define SOON_DAYS 14           /* a certificate should be renewed before */
#define RSA_BITS  2048         /* fewer are not enough any more */

static const char *parse_server(void *values, const char *text)
{
    struct cli_access *a = values;

    return cli_server_parse(&a->session.server, text);
}

static int read_arguments(struct cli_access *a, int argc, char **argv)
{
    const struct cli_option_table table[] = { CLI_ACCESS_TABLES(a) };
    const struct cli_command command = {
        "probe",
        "[OPTION]... [SERVER]\n"
        "Shows what a server advertises, its certificates, what is wrong, and "
        "what\n"
        "'duva send' would do with the same options. It reads and sends no "
        "secret:\n"
        "--user and the like only say what to look for.",
        "exit: 0 a mail could be sent, else as 'duva send'; more in duva(1)",
        table, sizeof(table) / sizeof(table[0]), parse_server, a,
        "server", CLI_PRIVATE_USER
    };

    a->command = command.name;
    return cli_arguments_read(&command, argc, argv);
}

/* ---- looking ---- */

static void look_at_chain(struct cli_probe *p)
{
    static uint8_t der[16384];
    size_t len;

    if (p->session.connection.secured.protocol == NULL)
        return;
    while (p->chain_len < CLI_CHAIN
           && (len = cli_tls_certificate(
                   &p->session.tls, (unsigned)p->chain_len, der, sizeof(der)))
                  > 0
           && cli_module_tls()->certificate(&p->chain[p->chain_len], der, len)
                  == 0)
        p->chain_len++;
}

static void refuse(duva_result *r, duva_reason reason, duva_stage stage)
{
    r->verdict = DUVA_REFUSED;
    r->err = DUVA_ERR_UNSUPPORTED;
    r->reason = reason;
    r->status.stage = (uint16_t)stage;
}

/* What would become of a mail, in a session that has come to AUTH. */
static void foresee(struct cli_probe *p)
{
    const struct cli_session *s = &p->session;
    const struct cli_access *a = &p->access;
    duva_result *r = &p->outcome.mail.result;
    duva_reason why = DUVA_REASON_NONE;
    struct cli_auth_context on;

    cli_session_auth_context(s, &on);
    p->safe = on.is_private;
    if (a->login.mechanisms > 0)
        p->mechanism = cli_auth_choose(&a->login, &on, &why);
    if (why != DUVA_REASON_NONE) {
        p->mechanism = 0;
        refuse(r, why, DUVA_STAGE_AUTH);
    } else if (a->session.require_tls
               && (!s->client.secured.verified
                   || !(p->caps.bits & DUVA_CAP_REQUIRETLS))) {
        refuse(r, DUVA_REASON_NOT_OFFERED, DUVA_STAGE_MAIL);
        r->where = DUVA_CAP_REQUIRETLS;
    }
}

static void visit(struct cli_probe *p)
{
    struct cli_session *s = &p->session;

    cli_advertised_connected(&p->offer);
    if (cli_session_open(s) != 0)
        return;
    if (!cli_session_stopped(s))
        p->outcome.mail.result = *duva_outcome(&s->client.engine);
    p->caps = *duva_server(&s->client.engine);
    s->connection.secured = s->client.secured;
    p->starttls = s->config.tls != DUVA_TLS_IMPLICIT;
    look_at_chain(p);
    if (duva_next(&s->client.engine) == DUVA_AUTH
        && !s->connection.stopped_after)
        foresee(p);
    cli_session_close(s);
}

static int is_about_certificate(const duva_result *r)
{
    return r->err == DUVA_ERR_TLS && r->reason >= DUVA_REASON_CERT_UNTRUSTED
           && r->reason <= DUVA_REASON_CERT_PIN;
}

/* A server that is not believed can still be looked at: nothing is told to it
 * that anybody might not know, not even who we are.  The first result
 * stays. */
static void look_without_belief(struct cli_probe *p)
{
    duva_tls_config *tls = &p->access.session.tls;
    const duva_result result = p->outcome.mail.result;

    if (p->outcome.signal != 0)
        return;
    cli_tls_close(&p->session.tls);
    tls->dangerously_trust_everyone = 1;
    tls->ca_file = tls->cert_file = tls->key_file = NULL;
    tls->pin_count = 0;
    p->unproven = 1;
    visit(p);
    p->outcome.mail.result = result;
    p->outcome.exit_code = EX_OK;
    p->mechanism = 0;
}

/* ---- judging ---- */

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

static void judge_tls(struct cli_probe *p)
{
    size_t len;

    if (p->session.connection.fell_back.err != DUVA_OK)
        add_problem(p,
                    cli_tls_advice(p->session.connection.fell_back.reason,
                                   cli_begins_with_tls(&p->access.session)),
                    "TLS is offered and fails (%s), so mail goes in clear",
                    duva_reason_text(p->session.connection.fell_back.reason));
    else if (p->session.connection.secured.protocol == NULL
             && p->offer.clear.code == 250
             && cli_reply_lines_find(&p->offer.clear, "STARTTLS", &len) != NULL
             && p->outcome.mail.result.err == DUVA_OK)
        add_problem(p, "try --tls required",
                    "STARTTLS is offered and not used");
    else if (p->session.connection.secured.protocol == NULL
             && p->offer.clear.code == 250
             && p->outcome.mail.result.err == DUVA_OK && !p->safe)
        add_problem(p, "try smtps://, or a server that has TLS",
                    "there is no STARTTLS: all between here and there can read "
                    "and change the mail");
    if (p->session.connection.secured.protocol != NULL
        && !p->session.connection.secured.verified && !p->unproven)
        add_problem(p,
                    "leave --dangerously-trust-everyone out, and name its "
                    "authority with --ca if need be",
                    "nobody has checked who the server is");
}

static void judge_chain(struct cli_probe *p)
{
    size_t i;

    for (i = 0; i < p->chain_len; i++) {
        const struct cli_certificate *c = &p->chain[i];

        if (c->days_left >= 0 && c->days_left < SOON_DAYS)
            add_problem(p, "its owner should renew it now",
                        "certificate %zu ends in %d days", i, c->days_left);
        if (c->days_left < 0
            && p->outcome.mail.result.reason != DUVA_REASON_CERT_EXPIRED)
            add_problem(p, "its owner must renew it",
                        "certificate %zu is over since %s", i, c->to);
        if (strcmp(c->key, "RSA") == 0 && c->bits < RSA_BITS)
            add_problem(p, "its owner should make one of 2048 or more",
                        "the key of certificate %zu has %d bits", i, c->bits);
    }
}

/* Does a list of words hold one that shows the password? */
static int shows_password(const char *words, size_t len)
{
    size_t n;

    for (; len > 0; words += n, len -= n) {
        n = strcspn(words, " \n");
        if (n > len)
            n = len;
        if (n == 5 && (strncmp(words, "PLAIN", n) == 0
                       || strncmp(words, "LOGIN", n) == 0))
            return 1;
        n += n < len;
    }
    return 0;
}

static void judge_offer(struct cli_probe *p)
{
    const struct cli_advertised *o = &p->offer;
    const char *auth;
    size_t len;

    auth = cli_reply_lines_find(&o->clear, "AUTH", &len);
    if (auth != NULL && shows_password(auth, len)
        && cli_reply_lines_find(&o->clear, "STARTTLS", &len) != NULL)
        add_problem(p, "its owner should offer AUTH only behind STARTTLS",
                    "it takes passwords before STARTTLS too, so careless "
                    "programs show them to others");
    if (o->clear.cut || o->secured.cut)
        add_problem(p, "--trace shows all of it",
                    "it says more to EHLO than is shown here");
    if (p->outcome.mail.result.err == DUVA_OK
        && !(p->caps.bits & DUVA_CAP_EHLO))
        add_problem(p, "its owner should replace it",
                    "it knows no EHLO, so it has no TLS, no authentication and "
                    "no limits that one could know of");
}

static void add_result(struct cli_probe *p)
{
    add_problem(p,
                p->outcome.advice != NULL ? p->outcome.advice
                                          : "mend that, and try again",
                "%s", p->outcome.summary);
}

static void judge(struct cli_probe *p)
{
    struct cli_facts f;
    char server[CLI_SERVER_SIZE];

    cli_facts_init(&f, &p->session, &p->access.login);
    f.not_set_up = p->access.not_set_up;
    if (p->session.connection.stopped_after
        || (p->outcome.mail.result.err != DUVA_OK
            && p->outcome.exit_code == EX_OK))
        cli_judge(&p->outcome, &f);
    if (p->session.connection.stopped_after)
        return;
    if (p->outcome.exit_code != EX_OK)
        add_result(p);
    else {
        cli_server_text(server, &p->access.session.server);
        snprintf(p->outcome.summary, sizeof(p->outcome.summary),
                 "%s could be sent a mail", server);
    }
    judge_tls(p);
    judge_chain(p);
    judge_offer(p);
}

/* ---- all of it ---- */

static int check_name(struct cli_probe *p)
{
    const char *name = p->access.session.hello;
    const duva_reason reason = name != NULL ? duva_name_check(name)
                                            : DUVA_REASON_NONE;
    char shown[400];

    if (reason == DUVA_REASON_NONE)
        return 0;
    cli_escape(shown, sizeof(shown), name, strlen(name));
    return cli_stop(&p->outcome, EX_USAGE, DUVA_ERR_ARG, reason,
                    "--hello '%s': %s", shown, duva_reason_text(reason));
}

static int report(const struct cli_probe *p)
{
    if (p->access.json)
        cli_probe_json(stdout, p);
    else
        cli_probe_text(stdout, p);
    if (fflush(stdout) != 0)
        fprintf(stderr, "duva: standard output: %s\n", strerror(errno));
    return p->outcome.exit_code;
}

/* The options are those of the server; nobody logs in. */
static void prepare(struct cli_probe *p)
{
    struct cli_session *s = &p->session;

    s->options = &p->access.session;
    s->outcome = &p->outcome;
    s->listeners.traces = p->access.trace;
    s->listeners.listen = cli_advertised_hear;
    s->listeners.listener = &p->offer;
    p->outcome.mail.from = "";
}

static void look(struct cli_probe *p)
{
    struct cli_session *s = &p->session;
    const char *file = p->access.timeline;

    if (check_name(p) != 0 || cli_session_prepare(s) != 0
        || cli_chart_open(&s->listeners, file, &p->outcome) != 0)
        return;
    visit(p);
    if (is_about_certificate(&p->outcome.mail.result))
        look_without_belief(p);
    if (s->listeners.traces)
        cli_trace_end(&s->listeners.trace);
}

static int read_options(struct cli_access *a, struct cli_accounts *accounts,
                        int argc, char **argv)
{
    int done = read_arguments(a, argc, argv);

    if (done == 0 && a->session.stop_after > CLI_STOP_TLS)
        done = cli_mistake(a->command, "--stop-after: a probe ends at tls; use "
                                       "tls or an earlier stage");
    if (done == 0)
        done = cli_account_apply(accounts, a);
    return done == 0 ? cli_access_check(a) : done;
}

int cli_main_probe(int argc, char **argv)
{
    static struct cli_probe p;
    static struct cli_accounts accounts;
    const int64_t start = cli_now();
    char *secret, title[CLI_CHART_TITLE_SIZE];
    int done = read_options(&p.access, &accounts, argc, argv);

    if (done != 0) {
        cli_accounts_free(&accounts);
        return cli_arguments_exit(done);
    }
    secret = p.access.login.account_secret;
    if (secret != NULL) /* a probe does not need it */
        cli_wipe(secret, strlen(secret));
    prepare(&p);
    look(&p);
    cli_secrets_wipe(&p.session.login);
    cli_chart_close(
        &p.session.listeners,
        cli_chart_title(title, p.access.command, &p.access.session.server));
    judge(&p);
    p.outcome.took_ms = cli_now() - start;
    done = report(&p);
    cli_tls_close(&p.session.tls);
    cli_accounts_free(&accounts);
    cli_outcome_raise(&p.outcome, done);
    return done;
}
