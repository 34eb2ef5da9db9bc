/* merge_report.c - what became of rows into a table, and into plain words. */
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
#include "merge/merge_inner.h"
#include "merge/stencil.h"
#include "message/message.h"
#include "outcome/exit_code.h"
#include "outcome/outcome.h"
#include "report/recipients_text.h"
#include "report/report.h"
#include "session/job.h"
#include "system/shortage.h"
#include "text/csv.h"
#include "text/escape.h"
#include "text/json_text.h"
#include "trace/progress.h"

/* A line of the results; with what stands before it in the journal it must fit
 * there.  Longer lists of addresses are cut. */
#define ADDRESSES CLI_TO_SIZE
#define WORDS     900
#define LINE      7600
#define BUFFER    65536        /* of the results */
#define SHOWN     10           /* rows that people are told of one by one */

static const char *const columns[] = {
    "row", "to", "verdict", "code", "enhanced", "text", "message_id", "time",
    "not_to", NULL
};

void cli_merge_stop(struct cli_merge *m, int code, const char *format, ...)
{
    char text[sizeof(m->problem)];
    va_list args;

    if (m->problem[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cli_escape(m->problem, sizeof(m->problem), text, strlen(text));
    m->code = code;
}

/* ---- the table ---- */

static void put_line(FILE *out, const char *line)
{
    fputs(line, out);
    putc('\n', out);
}

int cli_results_open(struct cli_merge *m)
{
    char line[200];

    m->results = cli_is_stdin(m->results_file)
                     ? stdout
                     : fopen(m->results_file, "we");
    if (m->results == NULL) {
        cli_merge_stop(m, cli_file_code(EX_CANTCREAT), "%s: %s",
                       m->results_file, strerror(errno));
        return -1;
    }
    setvbuf(m->results, NULL, _IOFBF, BUFFER);
    cli_csv_write(line, sizeof(line), columns);
    put_line(m->results, line);
    if (cli_journal_results(&m->journal, m->results) == 0)
        return 0;
    cli_merge_stop(m, EX_IOERR, "%s: %s", m->journal_file, strerror(errno));
    return -1;
}

void cli_results_close(struct cli_merge *m)
{
    int failed;

    if (m->results == NULL)
        return;
    failed = m->results == stdout ? fflush(stdout) : fclose(m->results);
    m->results = NULL;
    if (failed != 0)
        cli_merge_stop(m, EX_IOERR, "%s: %s", m->results_file,
                       strerror(errno));
}

/* One line, whatever a server or a row has in it. */
static void put_words(char *dst, size_t cap, const char *text)
{
    char flat[WORDS], *p;

    snprintf(flat, sizeof(flat), "%s", text);
    for (p = flat; *p != '\0'; p++)
        if (*p == '\n' || *p == '\r')
            *p = ' ';
    cli_escape(dst, cap, flat, strlen(flat));
}

static void put_enhanced(char dst[24], const duva_status *s)
{
    dst[0] = '\0';
    if (s->enhanced[0] != 0)
        snprintf(dst, 24, "%u.%u.%u", s->enhanced[0], s->enhanced[1],
                 s->enhanced[2]);
}

/* A row is over when each of its recipients is.  One of whom somebody has the
 * mail is sent again to those who are still due, and is never refused. */
static duva_verdict verdict_of(const duva_mail *mail)
{
    if (cli_count(mail, DUVA_ACCEPTED) == 0)
        return mail->result.verdict;
    if (cli_count(mail, DUVA_UNCERTAIN) > 0)
        return DUVA_UNCERTAIN;
    return cli_count(mail, DUVA_RETRY) > 0 ? DUVA_RETRY : DUVA_ACCEPTED;
}

/* The recipients who do not have a mail that others have. */
static void put_not_to(char *dst, const duva_mail *mail)
{
    const duva_rcpt *r;
    char shown[340];
    size_t i, n;

    dst[0] = '\0';
    if (cli_count(mail, DUVA_ACCEPTED) == 0)
        return;
    for (i = 0; i < mail->rcpt_count; i++) {
        r = &mail->rcpt[i];
        if (r->verdict == DUVA_ACCEPTED)
            continue;
        n = cli_escape(shown, 300, r->addr, strlen(r->addr));
        snprintf(shown + n, sizeof(shown) - n, " %s %u",
                 duva_verdict_name(r->verdict), r->status.code);
        cli_list(dst, ADDRESSES, shown);
    }
}

/* The reply that made the verdict: that to the first with the same, where it is
 * not the mail's. */
static const duva_status *status_of(const duva_mail *mail,
                                    duva_verdict verdict, const char **text)
{
    const duva_result *r = &mail->result;
    size_t i;

    *text = r->text;
    for (i = 0; verdict != r->verdict && i < mail->rcpt_count; i++)
        if (mail->rcpt[i].verdict == verdict) {
            *text = mail->rcpt[i].text;
            return &mail->rcpt[i].status;
        }
    if (r->status.code == 0 && r->verdict != DUVA_ACCEPTED)
        *text = r->reason != DUVA_REASON_NONE ? duva_reason_text(r->reason)
                                              : duva_err_text(r->err);
    return &r->status;
}

static void count(struct cli_merge *m, const char *verdict)
{
    struct cli_tally *t = &m->tally;

    t->accepted += strcmp(verdict, "accepted") == 0;
    t->retry += strcmp(verdict, "retry") == 0;
    t->refused += strcmp(verdict, "refused") == 0;
    t->failed += strcmp(verdict, "failed") == 0;
    t->uncertain += strcmp(verdict, "uncertain") == 0;
    m->progress.done = t->accepted + t->retry + t->refused + t->failed
                       + t->uncertain;
    m->progress.troubled = m->progress.done - t->accepted;
}

/* "retry" in the results and "deferred" for people. */
static const char *plain(const char *verdict)
{
    return strcmp(verdict, "retry") == 0     ? "deferred"
           : strcmp(verdict, "refused") == 0 ? "rejected"
                                             : verdict;
}

static const char *space_behind(const char *word)
{
    return word[0] != '\0' ? " " : "";
}

/* The first few that were not accepted by all, for people. */
static void tell(struct cli_merge *m, const char *const *field,
                 const duva_mail *mail)
{
    const size_t taken = mail != NULL ? cli_count(mail, DUVA_ACCEPTED) : 0;
    char others[1200];

    if ((taken > 0 && taken == mail->rcpt_count) || m->told > SHOWN)
        return;
    cli_progress_hide(&m->progress);
    if (m->told++ == SHOWN) {
        fputs("duva: there are more such rows: see the results\n", stderr);
        return;
    }
    fprintf(stderr, "duva: row %s%s%s", field[0],
            field[1][0] != '\0' ? " to " : "", field[1]);
    if (taken > 0) {
        cli_recipients_text(others, sizeof(others), mail, 0);
        fprintf(stderr, " accepted for %zu of %zu recipients; %s\n", taken,
                mail->rcpt_count, others);
        return;
    }
    fprintf(stderr, " %s: %s%s%s%s%s\n", plain(field[2]), field[3],
            space_behind(field[3]), field[4], space_behind(field[4]),
            field[5]);
}

/* Made once a second. */
static const char *now_as_text(void)
{
    static char text[32];
    static time_t last;
    const time_t now = time(NULL);
    struct tm utc;

    if (now != last) {
        if (gmtime_r(&now, &utc) == NULL
            || strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
            text[0] = '\0';
        last = now;
    }
    return text;
}

void cli_results_add(struct cli_merge *m, const struct cli_copy *copy,
                     const duva_mail *mail, uint64_t row, const char *why)
{
    static const duva_status none;
    const duva_verdict is = mail != NULL ? verdict_of(mail) : DUVA_PENDING;
    const char *verdict = mail != NULL ? duva_verdict_name(is) : "failed";
    const duva_status *s = why == NULL ? status_of(mail, is, &why) : &none;
    char number[24], code[8] = "", enhanced[24], text[WORDS],
        not_to[ADDRESSES] = "", line[LINE];
    const char *id = copy->letter.composed ? copy->draft.message_id : "";
    const char *const field[] = {
        number, copy->to, verdict, code, enhanced, text, id, now_as_text(),
        not_to, NULL
    };

    snprintf(number, sizeof(number), "%" PRIu64, row);
    if (s->code != 0)
        snprintf(code, sizeof(code), "%u", s->code);
    put_enhanced(enhanced, s);
    put_words(text, sizeof(text), why);
    if (mail != NULL)
        put_not_to(not_to, mail);
    m->partly += is == DUVA_ACCEPTED && not_to[0] != '\0';
    cli_csv_write(line, sizeof(line), field);
    if (is == DUVA_RETRY || is == DUVA_UNCERTAIN)
        cli_journal_parts(&m->journal, row, mail);
    cli_journal_verdict(&m->journal, row, verdict, line);
    put_line(m->results, line);
    count(m, verdict);
    tell(m, field, mail);
}

/* ---- the end ---- */

/* The most serious outcome of any row decides. */
static int exit_code(const struct cli_merge *m, uint64_t left)
{
    const struct cli_tally *t = &m->tally;

    if (t->uncertain > 0)
        return EX_UNCERTAIN;
    if (m->code != 0)
        return m->code;
    if (m->job->outcome.exit_code != EX_OK)
        return m->job->outcome.exit_code;
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
           t->uncertain, left, m->job->outcome.exit_code);
    cli_json_text(stdout, m->results_file);
    fputs(",\"journal\":", stdout);
    cli_json_text(stdout, m->journal_file);
    fputs("}\n", stdout);
    if (fflush(stdout) != 0)
        fprintf(stderr, "duva: standard output: %s\n", strerror(errno));
}

void cli_merge_report(struct cli_merge *m)
{
    struct cli_job *job = m->job;
    const uint64_t left = m->wanted > m->progress.done
                              ? m->wanted - m->progress.done
                              : 0;

    if (m->broke.err != DUVA_OK && job->outcome.exit_code == EX_OK) {
        job->outcome.mail.result = m->broke;
        job->connection.at_proxy
            = job->options.access.proxy.given
              && m->broke.status.stage == DUVA_STAGE_CONNECT;
        cli_judge(job);
    }
    if (job->outcome.exit_code != EX_OK)
        fprintf(stderr, "duva: %s\n", job->outcome.summary);
    if (m->problem[0] != '\0')
        fprintf(stderr, "duva: %s\n", m->problem);
    job->outcome.exit_code = exit_code(m, left);
    if (m->ran && (job->outcome.exit_code != EX_OK || !job->options.quiet)) {
        say_counts(m, left);
        say_advice(m, left);
    }
    if (job->options.access.json)
        say_json(m, left);
}
