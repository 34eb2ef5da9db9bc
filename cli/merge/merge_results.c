/* merge_results.c - the result of each row into a CSV file. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "merge/journal.h"
#include "merge/merge_message.h"
#include "merge/merge_results.h"
#include "merge/merge_state.h"
#include "outcome/outcome.h"
#include "report/recipients_text.h"
#include "system/input.h"
#include "system/shortage.h"
#include "text/csv.h"
#include "text/escape.h"
#include "text/word_list.h"
#include "trace/progress.h"

/* A line of the results must also fit in the journal, behind its verdict and
 * row.  Longer lists of addresses are cut. */
#define ADDRESSES CLI_TO_SIZE
#define REPLY_TEXT 900
#define LINE      7600
#define BUFFER    65536        /* of the results */
#define PRINTED 10             /* rows that are printed one by one */

static const char *const columns[] = {
    "row", "to", "verdict", "code", "enhanced", "text", "message_id", "time",
    "not_to", NULL
};

static void put_line(FILE *out, const char *line)
{
    fputs(line, out);
    putc('\n', out);
}

int cli_merge_results_open(struct cli_merge *m)
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

void cli_merge_results_close(struct cli_merge *m)
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

/* Text of a server or a row as one line, escaped. */
static void put_one_line(char *dst, size_t cap, const char *text)
{
    char flat[REPLY_TEXT], *p;

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

/* A row is decided when each of its recipients is.  A row that was accepted for
 * some is sent again to the deferred ones, and is never rejected. */
static duva_verdict verdict_of(const duva_mail *mail)
{
    if (cli_count(mail, DUVA_ACCEPTED) == 0)
        return mail->result.verdict;
    if (cli_count(mail, DUVA_UNCERTAIN) > 0)
        return DUVA_UNCERTAIN;
    return cli_count(mail, DUVA_RETRY) > 0 ? DUVA_RETRY : DUVA_ACCEPTED;
}

/* The recipients of a mail that was accepted for others only. */
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

/* The status that belongs to the verdict: that of the mail, or of the first
 * recipient with this verdict. */
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

static void count_verdict(struct cli_merge *m, const char *verdict)
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

/* The results have "retry" and "refused". */
static const char *verdict_for_people(const char *verdict)
{
    return strcmp(verdict, "retry") == 0     ? "deferred"
           : strcmp(verdict, "refused") == 0 ? "rejected"
                                             : verdict;
}

static const char *space_behind(const char *word)
{
    return word[0] != '\0' ? " " : "";
}

/* Prints the first rows that were not accepted for all recipients. */
static void print_row(struct cli_merge *m, const char *const *field,
                      const duva_mail *mail)
{
    const size_t taken = mail != NULL ? cli_count(mail, DUVA_ACCEPTED) : 0;
    char others[1200];

    if ((taken > 0 && taken == mail->rcpt_count) || m->printed > PRINTED)
        return;
    cli_progress_hide(&m->progress);
    if (m->printed++ == PRINTED) {
        fputs("duva: there are more such rows; see the results\n", stderr);
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
    fprintf(stderr, " %s: %s%s%s%s%s\n", verdict_for_people(field[2]), field[3],
            space_behind(field[3]), field[4], space_behind(field[4]), field[5]);
}

/* The text is made once a second. */
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

void cli_merge_results_add(struct cli_merge *m,
                           const struct cli_merge_message *message,
                           const duva_mail *mail, uint64_t row, const char *why)
{
    static const duva_status none;
    const duva_verdict is = mail != NULL ? verdict_of(mail) : DUVA_PENDING;
    const char *verdict = mail != NULL ? duva_verdict_name(is) : "failed";
    const duva_status *s = why == NULL ? status_of(mail, is, &why) : &none;
    char number[24], code[8] = "", enhanced[24], text[REPLY_TEXT],
                     not_to[ADDRESSES] = "", line[LINE];
    const char *id = cli_composed_message_id(&message->composed);
    const char *const field[]
        = { number, message->to,          verdict,       code,   enhanced,
            text,   id != NULL ? id : "", now_as_text(), not_to, NULL };

    snprintf(number, sizeof(number), "%" PRIu64, row);
    if (s->code != 0)
        snprintf(code, sizeof(code), "%u", s->code);
    put_enhanced(enhanced, s);
    put_one_line(text, sizeof(text), why);
    if (mail != NULL)
        put_not_to(not_to, mail);
    m->partly += is == DUVA_ACCEPTED && not_to[0] != '\0';
    cli_csv_write(line, sizeof(line), field);
    if (is == DUVA_RETRY || is == DUVA_UNCERTAIN)
        cli_journal_recipients(&m->journal, row, mail);
    cli_journal_verdict(&m->journal, row, verdict, line);
    put_line(m->results, line);
    count_verdict(m, verdict);
    print_row(m, field, mail);
}
