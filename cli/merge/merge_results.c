/* merge_results.c - what became of each row into a table. */
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
#include "merge/merge_results.h"
#include "merge/merge_state.h"
#include "merge/merge_message.h"
#include "merge/word_list.h"
#include "message/finished.h"
#include "outcome/exit_code.h"
#include "outcome/outcome.h"
#include "report/recipients_text.h"
#include "report/summary.h"
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
        cli_word_list_add(dst, ADDRESSES, shown);
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

void cli_results_add(struct cli_merge *m, const struct cli_merge_message *made,
                     const duva_mail *mail, uint64_t row, const char *why)
{
    static const duva_status none;
    const duva_verdict is = mail != NULL ? verdict_of(mail) : DUVA_PENDING;
    const char *verdict = mail != NULL ? duva_verdict_name(is) : "failed";
    const duva_status *s = why == NULL ? status_of(mail, is, &why) : &none;
    char number[24], code[8] = "", enhanced[24], text[WORDS],
        not_to[ADDRESSES] = "", line[LINE];
    const char *id = cli_composed_message_id(&made->composed);
    const char *const field[] = {
        number, made->to, verdict, code, enhanced, text, id != NULL ? id : "",
        now_as_text(),
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
