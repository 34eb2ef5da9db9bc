/* judged.h - an outcome with all facts about it, to judge. */
/* SPDX-License-Identifier: MIT */
/* After <cmocka.h>, by a test of cli/report. */
#ifndef TEST_JUDGED_H
#define TEST_JUDGED_H

#include <string.h>

#include "report/summary.h"

static struct cli_outcome outcome;
static struct cli_session_options options;
static struct cli_login_options login;
static struct cli_connection connection;
static struct cli_auth auth;
static struct cli_parameters parameters;
static struct cli_facts facts;
static char text[CLI_OUTCOME_TEXT_SIZE]; /* summary and advice */

/* The mail is for all that rcpt has, and the server is mx:25. */
static void start_outcome(duva_rcpt *rcpt, size_t count)
{
    memset(&outcome, 0, sizeof(outcome));
    memset(&options, 0, sizeof(options));
    memset(&login, 0, sizeof(login));
    memset(&connection, 0, sizeof(connection));
    memset(&auth, 0, sizeof(auth));
    memset(&parameters, 0, sizeof(parameters));
    memset(&facts, 0, sizeof(facts));
    facts.options = &options;
    facts.login = &login;
    facts.connection = &connection;
    facts.auth = &auth;
    facts.parameters = &parameters;
    memset(rcpt, 0, count * sizeof(*rcpt));
    strcpy(options.server.host, "mx");
    strcpy(options.server.port, "25");
    outcome.mail.rcpt = rcpt;
    outcome.mail.rcpt_count = count;
}

static void judge(void)
{
    cli_judge(&outcome, &facts);
    cli_outcome_text(text, sizeof(text), &outcome);
}

#endif
