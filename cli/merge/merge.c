/* merge.c - a draft and a file of rows into a mail for each. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "envelope/parameters.h"
#include "login/secret.h"
#include "merge/journal.h"
#include "merge/merge.h"
#include "merge/merge_mails.h"
#include "merge/merge_message.h"
#include "merge/merge_report.h"
#include "merge/merge_results.h"
#include "merge/merge_state.h"
#include "merge/merge_template.h"
#include "merge/route.h"
#include "merge/rows.h"
#include "message/sign.h"
#include "modules/digest.h"
#include "options/merge_options.h"
#include "options/server_options.h"
#include "session/session.h"
#include "text/escape.h"
#include "trace/chart_file.h"
#include "trace/connection_chart.h"
#include "trace/timeline.h"

/* TRIES counts the attempts of a mail in one run, when its connection is lost
 * or the server answers 421; the pauses between them double. */
enum {
    CONNECTIONS = 5, WINDOW = 1, TRIES = 3, BACKOFF_MS = 500,
    BACKOFF_MAX_MS = 60000
};

/* ---- options ---- */

/* The parameters of the envelope are the same for each row, and are checked
 * before the first one. */
static int check_parameters(struct cli_merge *m)
{
    duva_rcpt rcpt = { .addr = "all@all.example" };
    duva_mail mail = m->outcome->mail;
    duva_reason reason;
    const char *problem;

    mail.from = "";
    mail.rcpt = &rcpt;
    mail.rcpt_count = 1;
    if (m->send->draft.utf8)
        mail.flags |= DUVA_MAIL_UTF8;
    cli_parameters_apply(&m->send->parameters, &mail);
    problem = cli_parameters_check(&mail, &reason);
    if (problem != NULL)
        cli_merge_stop(m, EX_USAGE, "%s", problem);
    return problem != NULL ? -1 : 0;
}

/* ---- files ---- */

static char *file_name(const char *given, const char *rows, const char *end)
{
    const size_t size = strlen(rows) + strlen(end) + 1;
    char *name = given != NULL ? strdup(given) : malloc(size);

    if (name != NULL && given == NULL)
        snprintf(name, size, "%s%s", rows, end);
    return name;
}

static int name_files(struct cli_merge *m)
{
    const struct cli_merge_options *o = m->options;

    m->journal_file = file_name(o->journal, o->rows, ".journal");
    m->results_file = file_name(o->results, o->rows, ".results.csv");
    if (m->journal_file == NULL || m->results_file == NULL) {
        cli_merge_stop(m, EX_OSERR, "not enough memory");
        return -1;
    }
    if (strcmp(m->journal_file, o->rows) == 0
        || strcmp(m->results_file, o->rows) == 0
        || strcmp(m->results_file, m->journal_file) == 0) {
        cli_merge_stop(m, EX_USAGE, "--merge, --results and --journal must "
                       "be different files");
        return -1;
    }
    return 0;
}

static int open_signer(struct cli_merge *m)
{
    const struct cli_signature *s = &m->send->signature;
    struct cli_merge_template *to = &m->template;
    const char *problem;
    int code;

    if (s->key == NULL)
        return 0;
    to->sign_domain = s->domain;
    to->sign_selector = s->selector;
    problem = cli_signer_open(&m->signer, s->key, &to->signer, &code);
    if (problem != NULL)
        cli_merge_stop(m, code, "--dkim-key %s: %s", s->key, problem);
    return problem != NULL ? -1 : 0;
}

static int open_rows(struct cli_merge *m)
{
    const struct cli_merge_options *o = m->options;
    char problem[CLI_PROBLEM_SIZE];
    int failed = cli_rows_open(&m->rows, o->rows,
                               o->delimiter != 0 ? o->delimiter : ',',
                               problem);

    if (failed != 0) {
        cli_merge_stop(m, failed, "%s: %s", o->rows, problem);
        return -1;
    }
    failed = cli_merge_template_open(&m->template, &m->send->draft,
                                     &m->rows.columns, problem);
    if (failed == 0)
        return open_signer(m);
    cli_merge_stop(m, failed, "%s", problem);
    return -1;
}

/* ---- the journal ---- */

/* An id that changes each time the system starts; "" when it is unknown. */
static void read_boot_id(char *boot, size_t size)
{
    FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

    boot[0] = '\0';
    if (f == NULL)
        return;
    if (fgets(boot, (int)size, f) == NULL)
        boot[0] = '\0';
    boot[strcspn(boot, " \n")] = '\0';
    (void)fclose(f);           /* it was only read */
}

static int make_key(struct cli_merge *m)
{
    struct cli_journal_key *key = &m->key;
    struct cli_digest digest;
    uint64_t random[2];

    memset(&digest, 0, sizeof(digest));
    if (getentropy(random, sizeof(random)) != 0
        || cli_merge_template_digest(&m->template, &digest) != 0) {
        cli_merge_stop(m, EX_SOFTWARE,
                       "the system has no random numbers or no SHA-256");
        return -1;
    }
    cli_digest_text(&digest, key->message);
    cli_digest_text(&m->rows.digest, key->rows);
    read_boot_id(key->boot, sizeof(key->boot));
    key->count = m->rows.count;
    snprintf(key->id, sizeof(key->id), "%016" PRIx64 "%016" PRIx64, random[0],
             random[1]);
    return 0;
}

static uint64_t count_wanted(struct cli_merge *m)
{
    const struct cli_merge_options *o = m->options;
    const uint64_t last = o->last != 0 && o->last < m->rows.count
                              ? o->last
                              : m->rows.count;
    uint64_t row, n = 0;
    enum cli_row_state is;

    for (row = o->first != 0 ? o->first : 1; row <= last; row++) {
        is = cli_journal_row(&m->journal, row);
        n += is == CLI_ROW_NEW || is == CLI_ROW_RETRY
             || (is != CLI_ROW_DECIDED && o->resend_uncertain);
    }
    cli_journal_rewind(&m->journal);
    return n;
}

static int open_journal(struct cli_merge *m)
{
    char problem[CLI_JOURNAL_SIZE];
    int failed;

    if (make_key(m) != 0)
        return -1;
    failed = cli_journal_open(&m->journal, m->journal_file, &m->key, problem);
    if (failed != 0) {
        cli_merge_stop(m, failed, "%s: %s", m->journal_file, problem);
        return -1;
    }
    m->wanted = count_wanted(m);
    return 0;
}

/* ---- the server ---- */

static void draw_chart(struct cli_merge *m)
{
    struct cli_listeners *l = &m->session->listeners;
    char title[CLI_CHART_TITLE_SIZE];

    if (m->chart.start == 0) { /* only the first session was begun */
        cli_timeline_end(&l->timeline);
        cli_connection_chart_start(&m->chart, l->timeline.start);
    }
    if (l->timeline_file != NULL && l->timeline.start != 0)
        cli_connection_chart_svg(
            l->timeline_file, &m->chart, &l->timeline,
            cli_chart_title(title, "send --merge",
                            &m->send->access.session.server));
    cli_chart_end(l);
}

/* Mails on a connection that await their replies. */
static uint32_t window_of(const struct cli_merge *m)
{
    if (m->send->access.session.pipelining > CLI_PIPELINING_AUTO)
        return 0;
    return m->options->window != 0 ? m->options->window : WINDOW;
}

/* Reads the secret and tries the login once, before the first row. */
static int open_route(struct cli_merge *m)
{
    const struct cli_merge_options *o = m->options;
    struct cli_listeners *l = &m->session->listeners;
    struct cli_route *r = &m->route;

    if (cli_session_prepare(m->session) != 0
        || cli_chart_open(l, m->send->access.timeline, m->outcome) != 0)
        return -1;
    if (l->timeline_file != NULL)
        r->chart = &m->chart;
    r->to.connections = o->connections != 0 ? o->connections : CONNECTIONS;
    if (cli_route_open(r, m->session) != 0) {
        m->broken = m->outcome->mail.result;
        return -1;
    }
    r->to.config.window = window_of(m);
    r->to.rate = o->rate;
    r->to.tries = TRIES;
    r->to.backoff_ms = BACKOFF_MS;
    r->to.backoff_max_ms = BACKOFF_MAX_MS;
    return 0;
}

/* ---- dry run ---- */

static void print_message(struct cli_merge *m,
                          struct cli_merge_message *message)
{
    char piece[8192];
    duva_mail mail;
    int n, failed;

    memset(&mail, 0, sizeof(mail));
    failed = cli_merge_message_make(message, &m->template, &m->rows, m->key.id);
    if (failed == 0)
        failed = cli_merge_message_fit(message, DUVA_CAP_8BITMIME, &mail);
    if (failed != 0) {
        cli_escape(piece, sizeof(piece), message->problem,
                   strlen(message->problem));
        fprintf(stderr, "duva: row %" PRIu64 " cannot be sent: %s\n",
                m->rows.number, piece);
        m->tally.failed++;
        return;
    }
    fprintf(stderr, "duva: row %" PRIu64 "\n", m->rows.number);
    while ((n = cli_merge_message_read(message, piece, sizeof(piece))) > 0)
        fwrite(piece, 1, (size_t)n, stdout);
    fflush(stdout);
}

/* Prints the message of each row as it would be sent. */
static void dry_run(struct cli_merge *m)
{
    const struct cli_merge_options *o = m->options;
    static struct cli_merge_message message;

    if (make_key(m) != 0)
        return;
    while (cli_rows_next(&m->rows) > 0
           && (o->last == 0 || m->rows.number <= o->last)) {
        if (m->rows.number < o->first)
            continue;
        print_message(m, &message);
        cli_merge_message_end(&message);
    }
    cli_merge_message_free(&message);
    if (fflush(stdout) != 0)
        cli_merge_stop(m, EX_IOERR, "standard output: %s", strerror(errno));
}

/* ---- the merge ---- */

static void send_rows(struct cli_merge *m)
{
    if (open_journal(m) != 0)
        return;
    if (m->wanted > 0 && open_route(m) != 0)
        return;
    if (cli_merge_results_open(m) != 0)
        return;
    m->ran = 1;
    cli_merge_send(m);
    cli_merge_results_close(m);
}

static void clean_up(struct cli_merge *m)
{
    draw_chart(m);
    cli_merge_results_close(m);
    cli_journal_close(&m->journal);
    cli_merge_template_close(&m->template);
    cli_rows_close(&m->rows);
    cli_signer_close(&m->signer);
    cli_secrets_wipe(&m->session->login);
    free(m->journal_file);
    free(m->results_file);
}

int cli_merge_run(const struct cli_options *o, struct cli_session *s,
                  struct cli_outcome *outcome)
{
    static struct cli_merge m;

    memset(&m, 0, sizeof(m));
    m.send = o;
    m.options = &o->merge;
    m.session = s;
    m.outcome = outcome;
    m.journal.fd = -1;
    if (check_parameters(&m) == 0 && name_files(&m) == 0
        && open_rows(&m) == 0) {
        if (o->dry_run)
            dry_run(&m);
        else
            send_rows(&m);
    }
    cli_merge_report(&m);
    clean_up(&m);
    if (m.signal != 0) {
        outcome->signal = m.signal;
        outcome->mail.result.err = DUVA_ERR_CANCELLED;
    }
    return outcome->exit_code;
}
