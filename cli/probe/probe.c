/* probe.c - the arguments of "duva probe" into a report on a server. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "config/account_values.h"
#include "login/auth.h"
#include "login/secret.h"
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
#include "session/gate.h"
#include "session/halt.h"
#include "send/job.h"
#include "session/session.h"
#include "session/tls.h"
#include "system/clock.h"
#include "system/guard.h"
#include "text/escape.h"
#include "text/server.h"
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

    if (p->job.connection.secured.protocol == NULL)
        return;
    while (p->chain_len < CLI_CHAIN
           && (len = cli_tls_certificate(&p->job.tls, (unsigned)p->chain_len,
                                         der, sizeof(der))) > 0
           && cli_module_tls()->certificate(&p->chain[p->chain_len], der,
                                            len) == 0)
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
static void foresee(struct cli_probe *p, const struct cli_session *s)
{
    const struct cli_access *a = &p->job.options.access;
    duva_result *r = &p->job.outcome.mail.result;
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
    static struct cli_session s;
    struct cli_job *job = &p->job;

    p->offer.client = &s.client;
    if (cli_session_open(job, &s) != 0)
        return;
    if (!cli_session_halt(&s))
        job->outcome.mail.result = *duva_outcome(&s.client.engine);
    p->caps = *duva_server(&s.client.engine);
    job->connection.secured = s.client.secured;
    p->starttls = s.config.tls != DUVA_TLS_IMPLICIT;
    look_at_chain(p);
    if (duva_next(&s.client.engine) == DUVA_AUTH
        && !job->connection.stopped_after)
        foresee(p, &s);
    cli_session_close(&s);
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
    struct cli_job *job = &p->job;
    duva_tls_config *tls = &job->options.access.session.tls;
    const duva_result result = job->outcome.mail.result;

    if (job->outcome.signal != 0)
        return;
    cli_tls_close(&job->tls);
    tls->dangerously_trust_everyone = 1;
    tls->ca_file = tls->cert_file = tls->key_file = NULL;
    tls->pin_count = 0;
    p->unproven = 1;
    visit(p);
    job->outcome.mail.result = result;
    job->outcome.exit_code = EX_OK;
    p->mechanism = 0;
}

/* ---- judging ---- */

static void complain(struct cli_probe *p, const char *advice,
                     const char *format, ...)
{
    const size_t size = sizeof(p->problem[0].text);
    char *text;
    va_list args;
    int n;

    if (p->problems == CLI_PROBLEMS)
        return;
    text = p->problem[p->problems].text;
    va_start(args, format);
    n = vsnprintf(text, size, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= size)
        n = (int)size - 1;
    p->problem[p->problems++].what_len = (size_t)n;
    snprintf(text + n, size - (size_t)n, "; %s", advice);
}

static void judge_tls(struct cli_probe *p)
{
    const struct cli_job *job = &p->job;
    size_t len;

    if (job->connection.fell_back.err != DUVA_OK)
        complain(p, cli_tls_advice(job, job->connection.fell_back.reason),
                 "TLS is offered and fails (%s), so mail goes in clear",
                 duva_reason_text(job->connection.fell_back.reason));
    else if (job->connection.secured.protocol == NULL
             && p->offer.clear.code == 250
             && cli_reply_lines_find(&p->offer.clear, "STARTTLS", &len) != NULL
             && job->outcome.mail.result.err == DUVA_OK)
        complain(p, "try --tls required",
                 "STARTTLS is offered and not used");
    else if (job->connection.secured.protocol == NULL
             && p->offer.clear.code == 250
             && job->outcome.mail.result.err == DUVA_OK && !p->safe)
        complain(p, "try smtps://, or a server that has TLS",
                 "there is no STARTTLS: all between here and there can read "
                 "and change the mail");
    if (job->connection.secured.protocol != NULL
        && !job->connection.secured.verified && !p->unproven)
        complain(p, "leave --dangerously-trust-everyone out, and name its "
                    "authority with --ca if need be",
                 "nobody has checked who the server is");
}

static void judge_chain(struct cli_probe *p)
{
    size_t i;

    for (i = 0; i < p->chain_len; i++) {
        const struct cli_certificate *c = &p->chain[i];

        if (c->days_left >= 0 && c->days_left < SOON_DAYS)
            complain(p, "its owner should renew it now",
                     "certificate %zu ends in %d days", i, c->days_left);
        if (c->days_left < 0
            && p->job.outcome.mail.result.reason != DUVA_REASON_CERT_EXPIRED)
            complain(p, "its owner must renew it",
                     "certificate %zu is over since %s", i, c->to);
        if (strcmp(c->key, "RSA") == 0 && c->bits < RSA_BITS)
            complain(p, "its owner should make one of 2048 or more",
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
        complain(p, "its owner should offer AUTH only behind STARTTLS",
                 "it takes passwords before STARTTLS too, so careless "
                 "programs show them to others");
    if (o->clear.cut || o->secured.cut)
        complain(p, "--trace shows all of it",
                 "it says more to EHLO than is shown here");
    if (p->job.outcome.mail.result.err == DUVA_OK
        && !(p->caps.bits & DUVA_CAP_EHLO))
        complain(p, "its owner should replace it",
                 "it knows no EHLO, so it has no TLS, no authentication and "
                 "no limits that one could know of");
}

static void complain_of_result(struct cli_probe *p)
{
    struct cli_job *job = &p->job;

    if (job->outcome.advice != NULL)
        complain(p, job->outcome.advice, "%.*s", (int)job->outcome.what_len,
                 job->outcome.summary);
    else
        complain(p, "mend that, and try again", "%s", job->outcome.summary);
}

static void judge(struct cli_probe *p)
{
    struct cli_job *job = &p->job;
    char server[CLI_SERVER_SIZE];

    if (job->outcome.mail.result.err != DUVA_OK
        && job->outcome.exit_code == EX_OK)
        cli_judge(job);
    if (job->connection.stopped_after) {
        cli_judge(job);
        return;
    }
    if (job->outcome.exit_code != EX_OK)
        complain_of_result(p);
    else {
        cli_server_text(server, &job->options.access.session.server);
        snprintf(job->outcome.summary, sizeof(job->outcome.summary),
                 "%s could be sent a mail", server);
    }
    judge_tls(p);
    judge_chain(p);
    judge_offer(p);
}

/* ---- all of it ---- */

static int check_name(struct cli_job *job)
{
    const char *name = job->options.access.session.hello;
    const duva_reason reason = name != NULL ? duva_name_check(name)
                                            : DUVA_REASON_NONE;
    char shown[400];

    if (reason == DUVA_REASON_NONE)
        return 0;
    cli_escape(shown, sizeof(shown), name, strlen(name));
    return cli_stop(&job->outcome, EX_USAGE, DUVA_ERR_ARG, reason,
                    "--hello '%s': %s", shown, duva_reason_text(reason));
}

static int report(const struct cli_probe *p)
{
    if (p->job.options.access.json)
        cli_probe_json(stdout, p);
    else
        cli_probe_text(stdout, p);
    if (fflush(stdout) != 0)
        fprintf(stderr, "duva: standard output: %s\n", strerror(errno));
    return p->job.outcome.exit_code;
}

int cli_main_probe(int argc, char **argv)
{
    static struct cli_probe p;
    struct cli_job *job = &p.job;
    struct cli_access *a = &job->options.access;
    static struct cli_accounts accounts;
    const int64_t start = cli_now();
    int done;

    job->outcome.mail.from = "";
    job->listeners.listen = cli_advertised_piece;
    job->listeners.listener = &p.offer;
    done = read_arguments(a, argc, argv);
    if (done == 0 && a->session.stop_after > CLI_HALT_TLS)
        done = cli_mistake(a->command, "--stop-after: a probe ends at tls; use "
                                       "tls or an earlier stage");
    if (done == 0)
        done = cli_account_apply(&accounts, a);
    if (done == 0)
        done = cli_access_check(a);
    if (done != 0) {
        cli_accounts_free(&accounts);
        return cli_arguments_exit(done);
    }
    if (a->login.account_secret != NULL) /* it is not for a probe to know */
        cli_wipe(a->login.account_secret, strlen(a->login.account_secret));
    if (check_name(job) == 0 && cli_secret_of_proxy(job) == 0
        && cli_chart_open(job) == 0
        && (!cli_asks_for_tls(&a->session)
            || a->session.tls_mode == DUVA_TLS_NEVER
            || cli_tls_open(job) == 0)) {
        visit(&p);
        if (is_about_certificate(&job->outcome.mail.result))
            look_without_belief(&p);
        if (a->trace)
            cli_trace_end(&job->listeners.trace);
    }
    cli_wipe(job->login.proxy_secret, sizeof(job->login.proxy_secret));
    cli_chart_close(job);
    judge(&p);
    job->outcome.took_ms = cli_now() - start;
    done = report(&p);
    cli_tls_close(&job->tls);
    cli_accounts_free(&accounts);
    if (job->outcome.mail.result.err == DUVA_ERR_CANCELLED
        && done == EX_TEMPFAIL)
        raise(job->outcome.signal);
    return done;
}
