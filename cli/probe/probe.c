/* probe.c - the arguments of "duva probe" into a report on a server. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
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
#include "probe/probe_problems.h"
#include "probe/probe_result.h"
#include "probe/probe_text.h"
#include "session/stop_after.h"
#include "session/session.h"
#include "session/tls.h"
#include "system/clock.h"
#include "system/guard.h"
#include "text/escape.h"
#include "text/server.h"
#include "trace/chart_file.h"
#include "trace/trace.h"

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
        "--user and the like only select the mechanism.",
        "exit: 0 a mail could be sent, else as 'duva send'; more in duva(1)",
        table,
        sizeof(table) / sizeof(table[0]),
        parse_server,
        a,
        "server",
        CLI_PRIVATE_USER
    };

    a->command = command.name;
    return cli_arguments_read(&command, argc, argv);
}

/* ---- the sessions ---- */

static void read_chain(struct cli_probe *p)
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

static void set_rejected(duva_result *r, duva_reason reason, duva_stage stage)
{
    r->verdict = DUVA_REFUSED;
    r->err = DUVA_ERR_UNSUPPORTED;
    r->reason = reason;
    r->status.stage = (uint16_t)stage;
}

/* Predicts the result of a mail in a session that has reached AUTH. */
static void predict_result(struct cli_probe *p)
{
    const struct cli_session *s = &p->session;
    const struct cli_access *a = &p->access;
    duva_result *r = &p->outcome.mail.result;
    duva_reason why = DUVA_REASON_NONE;
    struct cli_auth_context on;

    cli_session_auth_context(s, &on);
    p->is_private = on.is_private;
    if (a->login.mechanisms > 0)
        p->mechanism = cli_auth_choose(&a->login, &on, &why);
    if (why != DUVA_REASON_NONE) {
        p->mechanism = 0;
        set_rejected(r, why, DUVA_STAGE_AUTH);
    } else if (a->session.require_tls
               && (!s->client.secured.verified
                   || !(p->caps.bits & DUVA_CAP_REQUIRETLS))) {
        set_rejected(r, DUVA_REASON_NOT_OFFERED, DUVA_STAGE_MAIL);
        r->where = DUVA_CAP_REQUIRETLS;
    }
}

static void run_session(struct cli_probe *p)
{
    struct cli_session *s = &p->session;

    cli_advertised_connected(&p->advertised);
    if (cli_session_open(s) != 0)
        return;
    if (!cli_session_stopped(s))
        p->outcome.mail.result = *duva_outcome(&s->client.engine);
    p->caps = *duva_server(&s->client.engine);
    s->connection.secured = s->client.secured;
    p->starttls = s->config.tls != DUVA_TLS_IMPLICIT;
    read_chain(p);
    if (duva_next(&s->client.engine) == DUVA_AUTH
        && !s->connection.stopped_after)
        predict_result(p);
    cli_session_close(s);
}

static int is_about_certificate(const duva_result *r)
{
    return r->err == DUVA_ERR_TLS && r->reason >= DUVA_REASON_CERT_UNTRUSTED
           && r->reason <= DUVA_REASON_CERT_PIN;
}

/* Connects again without verification, to show a certificate that failed.  No
 * client certificate is shown to that server, and the result stays the first
 * one. */
static void run_unverified_session(struct cli_probe *p)
{
    duva_tls_config *tls = &p->access.session.tls;
    const duva_result result = p->outcome.mail.result;

    if (p->outcome.signal != 0)
        return;
    cli_tls_close(&p->session.tls);
    tls->dangerously_trust_everyone = 1;
    tls->ca_file = tls->cert_file = tls->key_file = NULL;
    tls->pin_count = 0;
    p->unverified = 1;
    run_session(p);
    p->outcome.mail.result = result;
    p->outcome.exit_code = EX_OK;
    p->mechanism = 0;
}

/* ---- the command ---- */

static int check_hello(struct cli_probe *p)
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

static int print_result(const struct cli_probe *p)
{
    if (p->access.json)
        cli_probe_json(stdout, p);
    else
        cli_probe_text(stdout, p);
    if (fflush(stdout) != 0)
        fprintf(stderr, "duva: standard output: %s\n", strerror(errno));
    return p->outcome.exit_code;
}

/* A probe does not log in. */
static void prepare(struct cli_probe *p)
{
    struct cli_session *s = &p->session;

    s->options = &p->access.session;
    s->outcome = &p->outcome;
    s->listeners.traces = p->access.trace;
    s->listeners.listen = cli_advertised_hear;
    s->listeners.listener = &p->advertised;
    p->outcome.mail.from = "";
}

static void probe_server(struct cli_probe *p)
{
    struct cli_session *s = &p->session;
    const char *file = p->access.timeline;

    if (check_hello(p) != 0 || cli_session_prepare(s) != 0
        || cli_chart_open(&s->listeners, file, &p->outcome) != 0)
        return;
    run_session(p);
    if (is_about_certificate(&p->outcome.mail.result))
        run_unverified_session(p);
    if (s->listeners.traces)
        cli_trace_end(&s->listeners.trace);
}

static int read_options(struct cli_access *a, struct cli_accounts *accounts,
                        int argc, char **argv)
{
    int done = read_arguments(a, argc, argv);

    if (done == 0 && a->session.stop_after > CLI_STOP_TLS)
        done = cli_mistake(a->command,
                           "--stop-after: a probe ends after tls; use tls or "
                           "an earlier stage");
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
    probe_server(&p);
    cli_secrets_wipe(&p.session.login);
    cli_chart_close(
        &p.session.listeners,
        cli_chart_title(title, p.access.command, &p.access.session.server));
    cli_probe_find_problems(&p);
    p.outcome.took_ms = cli_now() - start;
    done = print_result(&p);
    cli_tls_close(&p.session.tls);
    cli_accounts_free(&accounts);
    cli_outcome_raise(&p.outcome, done);
    return done;
}
