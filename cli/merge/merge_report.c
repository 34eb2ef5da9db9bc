/* merge_report.c - summary and exit code of a merge. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "merge/merge_report.h"
#include "merge/merge_state.h"
#include "outcome/exit_code.h"
#include "outcome/outcome.h"
#include "report/facts.h"
#include "report/summary.h"
#include "system/input.h"
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

static void print_count(uint64_t count, const char *what, int *printed)
{
    if (count == 0)
        return;
    fprintf(stderr, "%s%" PRIu64 " %s", *printed ? ", " : "", count, what);
    *printed = 1;
}

static void print_counts(const struct cli_merge *m, uint64_t left)
{
    const struct cli_tally *t = &m->tally;
    int printed = 0;

    fputs("duva: ", stderr);
    print_count(t->accepted, "accepted", &printed);
    print_count(t->retry, "deferred", &printed);
    print_count(t->refused, "rejected", &printed);
    print_count(t->failed, "failed before sending", &printed);
    print_count(t->uncertain, "uncertain", &printed);
    print_count(left, "not sent", &printed);
    if (!printed)
        fputs("all rows were decided in earlier runs", stderr);
    fprintf(stderr, "; see %s\n",
            cli_is_stdin(m->results_file) ? "the results" : m->results_file);
}

static void print_advice(const struct cli_merge *m, uint64_t left)
{
    if (m->timed_out)
        fputs("duva: stopped, because --timeout has passed\n", stderr);
    if (left + m->tally.retry > 0)
        fprintf(stderr,
                "duva: run the same command again to send the rest%s; "
                "recipients who have the mail are skipped\n",
                m->tally.retry > 0 ? ", in about 30 minutes" : "");
    if (m->tally.uncertain > 0)
        fputs("duva: uncertain mails may have been delivered; check before "
              "you use --resend-uncertain\n",
              stderr);
    if (m->progress.done == 0 && left == 0 && m->problem[0] == '\0')
        fprintf(stderr, "duva: to send all rows again, remove %s\n",
                m->journal_file);
}

static void print_json(const struct cli_merge *m, uint64_t left)
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

/* The outcome says why no mail can be sent at all. */
static void set_broken_outcome(struct cli_merge *m)
{
    const struct cli_access *a = &m->send->access;
    struct cli_facts f;

    m->outcome->mail.result = m->broken;
    m->session->connection.at_proxy
        = a->session.proxy.given
          && m->broken.status.stage == DUVA_STAGE_CONNECT;
    cli_facts_init(&f, m->session, &a->login);
    f.parameters = &m->send->parameters;
    f.all_or_nothing = m->send->all_or_nothing;
    f.utf8 = m->send->draft.utf8;
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

    if (m->broken.err != DUVA_OK && o->exit_code == EX_OK)
        set_broken_outcome(m);
    if (o->exit_code != EX_OK)
        fprintf(stderr, "duva: %s\n", cli_outcome_text(text, sizeof(text), o));
    if (m->problem[0] != '\0')
        fprintf(stderr, "duva: %s\n", m->problem);
    o->exit_code = exit_code(m, left);
    if (m->ran && (o->exit_code != EX_OK || !m->send->quiet)) {
        print_counts(m, left);
        print_advice(m, left);
    }
    if (m->send->access.json)
        print_json(m, left);
}
