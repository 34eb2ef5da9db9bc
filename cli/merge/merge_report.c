/* merge_report.c - what became of a merge, for people and programs. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "merge/journal.h"
#include "merge/merge_report.h"
#include "merge/merge_state.h"
#include "outcome/exit_code.h"
#include "outcome/outcome.h"
#include "report/recipients_text.h"
#include "report/summary.h"
#include "system/shortage.h"
#include "text/csv.h"
#include "text/escape.h"
#include "text/json_text.h"
#include "trace/progress.h"

/* The most serious outcome of any row decides. */
static int exit_code(const struct cli_merge *m, uint64_t left)
{
    const struct cli_tally *t = &m->tally;

    if (t->uncertain > 0)
        return EX_UNCERTAIN;
    if (m->code != 0)
        return m->code;
    if (m->outcome->exit_code != EX_OK)
        return m->outcome->exit_code;
    if (t->refused > 0 || m->partly > 0)
        return EX_UNAVAILABLE;
    if (t->failed > 0)
        return EX_DATAERR;
    return t->retry > 0 || left > 0 ? EX_TEMPFAIL : EX_OK;
}

static void say_count(uint64_t count, const char *what, int *said)
{
    if (count == 0)
        return;
    fprintf(stderr, "%s%" PRIu64 " %s", *said ? ", " : "", count, what);
    *said = 1;
}

static void say_counts(const struct cli_merge *m, uint64_t left)
{
    const struct cli_tally *t = &m->tally;
    int said = 0;

    fputs("duva: ", stderr);
    say_count(t->accepted, "accepted", &said);
    say_count(t->retry, "deferred", &said);
    say_count(t->refused, "rejected", &said);
    say_count(t->failed, "failed before they were sent", &said);
    say_count(t->uncertain, "uncertain", &said);
    say_count(left, "not sent", &said);
    if (!said)
        fputs("every row was decided before", stderr);
    fprintf(stderr, "; see %s\n",
            cli_is_stdin(m->results_file) ? "the results" : m->results_file);
}

static void say_advice(const struct cli_merge *m, uint64_t left)
{
    if (m->late)
        fputs("duva: --timeout has passed\n", stderr);
    if (left + m->tally.retry > 0)
        fprintf(stderr, "duva: the same command sends what was not sent, or "
                "deferred, to those only who do not have it%s\n",
                m->tally.retry > 0 ? "; wait about 30 minutes before" : "");
    if (m->tally.uncertain > 0)
        fputs("duva: what is uncertain may have been delivered: look before "
              "you add --resend-uncertain\n", stderr);
    if (m->progress.done == 0 && left == 0 && m->problem[0] == '\0')
        fprintf(stderr, "duva: to send them again remove %s\n",
                m->journal_file);
}

static void say_json(const struct cli_merge *m, uint64_t left)
{
    const struct cli_tally *t = &m->tally;

    printf("{\"rows\":%" PRIu64 ",\"accepted\":%" PRIu64 ",\"retry\":%" PRIu64
           ",\"refused\":%" PRIu64 ",\"failed\":%" PRIu64
           ",\"uncertain\":%" PRIu64 ",\"left\":%" PRIu64 ",\"exit\":%d,"
           "\"results\":",
           m->rows.count, t->accepted, t->retry, t->refused, t->failed,
           t->uncertain, left, m->outcome->exit_code);
    cli_json_text(stdout, m->results_file);
    fputs(",\"journal\":", stdout);
    cli_json_text(stdout, m->journal_file);
    fputs("}\n", stdout);
    if (fflush(stdout) != 0)
        fprintf(stderr, "duva: standard output: %s\n", strerror(errno));
}

/* Why no mail can be sent at all. */
static void judge_broken(struct cli_merge *m)
{
    const struct cli_access *a = &m->all->access;
    struct cli_facts f;

    m->outcome->mail.result = m->broke;
    m->session->connection.at_proxy
        = a->session.proxy.given && m->broke.status.stage == DUVA_STAGE_CONNECT;
    cli_facts_init(&f, m->session, &a->login);
    f.parameters = &m->all->parameters;
    f.all_or_nothing = m->all->all_or_nothing;
    f.utf8 = m->all->draft.utf8;
    f.not_set_up = a->not_set_up;
    cli_judge(m->outcome, &f);
}

void cli_merge_report(struct cli_merge *m)
{
    struct cli_outcome *o = m->outcome;
    char text[CLI_OUTCOME_TEXT_SIZE];
    const uint64_t left = m->wanted > m->progress.done
                              ? m->wanted - m->progress.done
                              : 0;

    if (m->broke.err != DUVA_OK && o->exit_code == EX_OK)
        judge_broken(m);
    if (o->exit_code != EX_OK)
        fprintf(stderr, "duva: %s\n", cli_outcome_text(text, sizeof(text), o));
    if (m->problem[0] != '\0')
        fprintf(stderr, "duva: %s\n", m->problem);
    o->exit_code = exit_code(m, left);
    if (m->ran && (o->exit_code != EX_OK || !m->all->quiet)) {
        say_counts(m, left);
        say_advice(m, left);
    }
    if (m->all->access.json)
        say_json(m, left);
}
