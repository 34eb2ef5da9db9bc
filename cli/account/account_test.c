/* account_test.c - the options of an account into a login that is reported. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <sysexits.h>

#include "account/account_test.h"
#include "outcome/outcome.h"
#include "report/report.h"
#include "report/summary.h"
#include "session/session.h"
#include "system/clock.h"
#include "text/server.h"
#include "trace/trace.h"

static void say_login(struct cli_outcome *o, const struct cli_session *s)
{
    const char *version = s->connection.secured.protocol;
    const char *mechanism = s->login.auth.name;
    char server[CLI_SERVER_SIZE];

    cli_server_text(server, &s->options->server);
    snprintf(o->summary, sizeof(o->summary),
             "%s takes mail from here, %s%s%s%s", server,
             mechanism != NULL ? "logged in with " : "without a login",
             mechanism != NULL ? mechanism : "",
             version != NULL ? ", over " : ", in clear",
             version != NULL ? version : "");
}

static void log_in(struct cli_session *s, const struct cli_facts *f)
{
    struct cli_outcome *o = s->outcome;
    int ready = 0;

    if (cli_session_open(s) == 0) {
        cli_session_login(s);
        o->mail.result = *duva_outcome(&s->client.engine);
        ready = duva_next(&s->client.engine) == DUVA_IDLE;
        cli_session_close(s);
    }
    if (s->listeners.traces)
        cli_trace_end(&s->listeners.trace);
    if (ready)
        say_login(o, s);
    else if (o->exit_code == EX_OK)
        cli_judge(o, f);
}

int cli_account_test(const struct cli_access *a, struct cli_outcome *o)
{
    static struct cli_session s;
    struct cli_facts f;

    o->start = cli_now();
    o->mail.from = "";
    s.options = &a->session;
    s.login_options = &a->login;
    s.outcome = o;
    s.listeners.traces = a->trace;
    cli_facts_init(&f, &s, &a->login);
    f.not_set_up = a->not_set_up;
    if (cli_session_prepare(&s) == 0)
        log_in(&s, &f);
    cli_secrets_wipe(&s.login);
    cli_report(o, &f, 0, a->json);
    cli_tls_close(&s.tls);
    return o->exit_code;
}
