/* connection_chart.c - the events of many connections into a chart. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "trace/connection_chart.h"
#include "trace/timeline_svg.h"
#include "trace/timeline.h"

/* ---- taking it ---- */

void cli_connection_chart_start(struct cli_connection_chart *f, int64_t start)
{
    memset(f, 0, sizeof(*f));
    f->start = start;
}

static void begin_mail(struct cli_connection_chart *f, size_t row, int64_t now)
{
    struct cli_connection_chart_mail *mark = &f->mark[f->marks];

    f->row[row].mails++;
    if (f->marks == CLI_FILM_MAILS)
        return;
    mark->row = (uint8_t)row;
    mark->from = now;
    mark->to = -1;
    f->marks++;
}

/* Mails on a connection end in their order; those that had no room began
 * behind all others. */
static void end_mail(struct cli_connection_chart *f, size_t row, int64_t now,
                     duva_verdict verdict)
{
    size_t *i = &f->row[row].open;

    while (*i < f->marks && f->mark[*i].row != row)
        ++*i;
    if (*i == f->marks)
        return;
    f->mark[*i].to = now;
    f->mark[*i].verdict = (uint8_t)verdict;
    ++*i;
}

void cli_connection_chart_note(struct cli_connection_chart *f,
                               uint64_t connection, duva_pool_event event,
                               const duva_pool_mail *mail)
{
    const int64_t now = cli_timeline_now() - f->start;
    struct cli_connection_chart_row *r;

    f->connections += event == DUVA_POOL_CONNECTING;
    f->mails += event == DUVA_POOL_BEGIN;
    if (connection > CLI_FILM_ROWS)
        return;
    r = &f->row[connection - 1];
    if (event == DUVA_POOL_CONNECTING) {
        memset(r->at, 0xFF, sizeof(r->at));
        f->rows = (size_t)connection;
    }
    if (event == DUVA_POOL_BEGIN)
        begin_mail(f, (size_t)connection - 1, now);
    else if (event == DUVA_POOL_END)
        end_mail(f, (size_t)connection - 1, now,
                 mail->job.mail.result.verdict);
    if (r->at[event] < 0)
        r->at[event] = now;
}

/* ---- drawing it ---- */

static int64_t when(const struct cli_connection_chart_row *r,
                    duva_pool_event event, int64_t otherwise)
{
    return r->at[event] >= 0 ? r->at[event] : otherwise;
}

static void put_count(FILE *out, uint64_t n, const char *what)
{
    fprintf(out, "%" PRIu64 " %s%s", n, what, n == 1 ? "" : "s");
}

static void put_description(FILE *out, const struct cli_connection_chart *f,
                            int64_t us, int64_t visit)
{
    size_t i;

    fputs("<desc id=\"desc\">first visit ", out);
    cli_timeline_svg_ms(out, visit);
    for (i = 0; i < f->rows; i++) {
        const struct cli_connection_chart_row *r = &f->row[i];

        fprintf(out, "; connection %zu, ", i + 1);
        cli_timeline_svg_ms(out, when(r, DUVA_POOL_GONE, us)
                                     - r->at[DUVA_POOL_CONNECTING]);
        fputs(", ", out);
        put_count(out, r->mails, "mail");
    }
    fputs("</desc>\n", out);
}

static void put_mails(FILE *out, const struct cli_connection_chart *f,
                      size_t row, int64_t us, int64_t gone)
{
    const struct cli_connection_chart_mail *m;

    for (m = f->mark; m < f->mark + f->marks; m++)
        if (m->row == row)
            cli_timeline_svg_bar(
                out, m->verdict == DUVA_ACCEPTED ? "message" : "trouble", us,
                row + 1, m->from, m->to < 0 ? gone : m->to);
}

static void put_row(FILE *out, const struct cli_connection_chart *f, size_t row,
                    int64_t us)
{
    const struct cli_connection_chart_row *r = &f->row[row];
    const int64_t dial = r->at[DUVA_POOL_CONNECTING];
    const int64_t gone = when(r, DUVA_POOL_GONE, us);
    const int64_t open = when(r, DUVA_POOL_OPEN, gone);
    const int64_t ready = when(r, DUVA_POOL_READY, gone);

    fprintf(out, "<g data-connection=\"%zu\" data-from=\"%" PRId64 "\" "
            "data-us=\"%" PRId64 "\" data-mails=\"%" PRIu64 "\">\n", row + 1,
            dial, gone - dial, r->mails);
    cli_timeline_svg_label(out, row + 1);
    fprintf(out, "connection %zu</text>\n", row + 1);
    cli_timeline_svg_bar(out, "way", us, row + 1, dial, open);
    if (open < gone)
        cli_timeline_svg_bar(out, "tls", us, row + 1, open, ready);
    if (ready < gone)
        cli_timeline_svg_bar(out, "idle", us, row + 1, ready, gone);
    put_mails(out, f, row, us, gone);
    cli_timeline_svg_value(out, row + 1);
    put_count(out, r->mails, "mail");
    fputs("</text>\n</g>\n", out);
}

static void put_visit(FILE *out, int64_t us, int64_t visit)
{
    fprintf(out, "<g data-visit=\"%" PRId64 "\">\n", visit);
    cli_timeline_svg_label(out, 0);
    fputs("first visit</text>\n", out);
    cli_timeline_svg_bar(out, "talk", us, 0, 0, visit);
    cli_timeline_svg_value(out, 0);
    cli_timeline_svg_ms(out, visit);
    fputs("</text>\n</g>\n", out);
}

static int is_all(const struct cli_connection_chart *f)
{
    return f->connections == f->rows && f->mails == f->marks;
}

/* What the colours mean, and what there was no room for. */
static void put_notes(FILE *out, const struct cli_connection_chart *f)
{
    static const struct {
        const char *class, *means;
        int x;
    } key[] = {
        { "way", "connecting", 0 }, { "tls", "greeting, TLS, login", 110 },
        { "idle", "waiting", 270 }, { "message", "a mail", 350 },
        { "trouble", "one not accepted", 420 }
    };
    const size_t y = CLI_SVG_TOP + CLI_SVG_ROW * (f->rows + 1) + 17;
    size_t i;

    for (i = 0; i < sizeof(key) / sizeof(key[0]); i++)
        fprintf(out, "<rect class=\"%s\" x=\"%d\" y=\"%zu\" width=\"10\" "
                "height=\"10\" rx=\"2\"/>\n<text class=\"quiet\" x=\"%d\" "
                "y=\"%zu\">%s</text>\n", key[i].class,
                CLI_SVG_LEFT + key[i].x, y - 9, CLI_SVG_LEFT + key[i].x + 15,
                y, key[i].means);
    if (is_all(f))
        return;
    fprintf(out, "<text class=\"quiet\" x=\"%d\" y=\"%zu\">not drawn: ",
            CLI_SVG_LEFT, y + CLI_SVG_ROW);
    put_count(out, f->connections - f->rows, "further connection");
    fputs(", ", out);
    put_count(out, f->mails - f->marks, "further mail");
    fputs("</text>\n", out);
}

void cli_connection_chart_svg(FILE *out, const struct cli_connection_chart *f,
                              const struct cli_timeline *visit,
                              const char *title)
{
    const int64_t first = visit->mark - visit->start;
    const int64_t now = cli_timeline_now() - f->start;
    const int64_t us = now > first ? now : first;
    size_t i;

    cli_timeline_svg_open(out, us, f->rows + (is_all(f) ? 2 : 3), title);
    put_description(out, f, us, first);
    cli_timeline_svg_frame(out, us, f->rows + 1, title);
    put_visit(out, us, first);
    for (i = 0; i < f->rows; i++)
        put_row(out, f, i, us);
    put_notes(out, f);
    fputs("</svg>\n", out);
}
