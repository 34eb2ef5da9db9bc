/* connection_chart.c - events of the connections of a pool into a chart. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "trace/connection_chart.h"
#include "trace/svg.h"
#include "trace/timeline.h"

/* ---- events ---- */

void cli_connection_chart_start(struct cli_connection_chart *c, int64_t start)
{
    memset(c, 0, sizeof(*c));
    c->start = start;
}

static void begin_mail(struct cli_connection_chart *c, size_t row, int64_t now)
{
    struct cli_chart_mail *m = &c->mail[c->drawn_mails];

    c->connection[row].mails++;
    if (c->drawn_mails == CLI_CHART_MAILS)
        return;
    m->row = (uint8_t)row;
    m->from = now;
    m->to = -1;
    c->drawn_mails++;
}

/* Mails on a connection end in the order in which they began; those that are
 * not drawn began after all that are. */
static void end_mail(struct cli_connection_chart *c, size_t row, int64_t now,
                     duva_verdict verdict)
{
    size_t *i = &c->connection[row].open;

    while (*i < c->drawn_mails && c->mail[*i].row != row)
        ++*i;
    if (*i == c->drawn_mails)
        return;
    c->mail[*i].to = now;
    c->mail[*i].verdict = (uint8_t)verdict;
    ++*i;
}

void cli_connection_chart_note(struct cli_connection_chart *c,
                               uint64_t connection, duva_pool_event event,
                               const duva_pool_mail *mail)
{
    const int64_t now = cli_timeline_now() - c->start;
    struct cli_chart_connection *r;

    c->connections += event == DUVA_POOL_CONNECTING;
    c->mails += event == DUVA_POOL_BEGIN;
    if (connection > CLI_CHART_CONNECTIONS)
        return;
    r = &c->connection[connection - 1];
    if (event == DUVA_POOL_CONNECTING) {
        memset(r->at, 0xFF, sizeof(r->at));
        c->drawn = (size_t)connection;
    }
    if (event == DUVA_POOL_BEGIN)
        begin_mail(c, (size_t)connection - 1, now);
    else if (event == DUVA_POOL_END)
        end_mail(c, (size_t)connection - 1, now, mail->job.mail.result.verdict);
    if (r->at[event] < 0)
        r->at[event] = now;
}

/* ---- the chart ---- */

static int64_t time_of(const struct cli_chart_connection *r,
                       duva_pool_event event, int64_t otherwise)
{
    return r->at[event] >= 0 ? r->at[event] : otherwise;
}

static void put_count(FILE *out, uint64_t n, const char *what)
{
    fprintf(out, "%" PRIu64 " %s%s", n, what, n == 1 ? "" : "s");
}

static void put_description(FILE *out, const struct cli_connection_chart *c,
                            int64_t us, int64_t first_us)
{
    size_t i;

    fputs("<desc id=\"desc\">first session ", out);
    cli_svg_ms(out, first_us);
    for (i = 0; i < c->drawn; i++) {
        const struct cli_chart_connection *r = &c->connection[i];

        fprintf(out, "; connection %zu, ", i + 1);
        cli_svg_ms(out, time_of(r, DUVA_POOL_GONE, us)
                            - r->at[DUVA_POOL_CONNECTING]);
        fputs(", ", out);
        put_count(out, r->mails, "mail");
    }
    fputs("</desc>\n", out);
}

static void put_mails(FILE *out, const struct cli_connection_chart *c,
                      size_t row, int64_t us, int64_t gone)
{
    const struct cli_chart_mail *m;

    for (m = c->mail; m < c->mail + c->drawn_mails; m++)
        if (m->row == row)
            cli_svg_bar(out,
                        m->verdict == DUVA_ACCEPTED ? "message" : "trouble", us,
                        row + 1, m->from, m->to < 0 ? gone : m->to);
}

static void put_row(FILE *out, const struct cli_connection_chart *c, size_t row,
                    int64_t us)
{
    const struct cli_chart_connection *r = &c->connection[row];
    const int64_t dial = r->at[DUVA_POOL_CONNECTING];
    const int64_t gone = time_of(r, DUVA_POOL_GONE, us);
    const int64_t open = time_of(r, DUVA_POOL_OPEN, gone);
    const int64_t ready = time_of(r, DUVA_POOL_READY, gone);

    fprintf(out, "<g data-connection=\"%zu\" data-from=\"%" PRId64 "\" "
            "data-us=\"%" PRId64 "\" data-mails=\"%" PRIu64 "\">\n", row + 1,
            dial, gone - dial, r->mails);
    cli_svg_label(out, row + 1);
    fprintf(out, "connection %zu</text>\n", row + 1);
    cli_svg_bar(out, "way", us, row + 1, dial, open);
    if (open < gone)
        cli_svg_bar(out, "tls", us, row + 1, open, ready);
    if (ready < gone)
        cli_svg_bar(out, "idle", us, row + 1, ready, gone);
    put_mails(out, c, row, us, gone);
    cli_svg_value(out, row + 1);
    put_count(out, r->mails, "mail");
    fputs("</text>\n</g>\n", out);
}

static void put_first_session(FILE *out, int64_t us, int64_t first_us)
{
    fprintf(out, "<g data-visit=\"%" PRId64 "\">\n", first_us);
    cli_svg_label(out, 0);
    fputs("first session</text>\n", out);
    cli_svg_bar(out, "talk", us, 0, 0, first_us);
    cli_svg_value(out, 0);
    cli_svg_ms(out, first_us);
    fputs("</text>\n</g>\n", out);
}

static int is_complete(const struct cli_connection_chart *c)
{
    return c->connections == c->drawn && c->mails == c->drawn_mails;
}

/* What the colours mean, and what is not drawn. */
static void put_notes(FILE *out, const struct cli_connection_chart *c)
{
    static const struct {
        const char *class, *means;
        int x;
    } key[] = { { "way", "connecting", 0 },
                { "tls", "greeting, TLS, login", 110 },
                { "idle", "waiting", 270 },
                { "message", "a mail", 350 },
                { "trouble", "not accepted", 420 } };
    const size_t y = CLI_SVG_TOP + CLI_SVG_ROW * (c->drawn + 1) + 17;
    size_t i;

    for (i = 0; i < sizeof(key) / sizeof(key[0]); i++)
        fprintf(out, "<rect class=\"%s\" x=\"%d\" y=\"%zu\" width=\"10\" "
                "height=\"10\" rx=\"2\"/>\n<text class=\"quiet\" x=\"%d\" "
                "y=\"%zu\">%s</text>\n", key[i].class,
                CLI_SVG_LEFT + key[i].x, y - 9, CLI_SVG_LEFT + key[i].x + 15,
                y, key[i].means);
    if (is_complete(c))
        return;
    fprintf(out, "<text class=\"quiet\" x=\"%d\" y=\"%zu\">not drawn: ",
            CLI_SVG_LEFT, y + CLI_SVG_ROW);
    put_count(out, c->connections - c->drawn, "further connection");
    fputs(", ", out);
    put_count(out, c->mails - c->drawn_mails, "further mail");
    fputs("</text>\n", out);
}

void cli_connection_chart_svg(FILE *out, const struct cli_connection_chart *c,
                              const struct cli_timeline *first,
                              const char *title)
{
    const int64_t first_us = first->mark - first->start;
    const int64_t now = cli_timeline_now() - c->start;
    const int64_t us = now > first_us ? now : first_us;
    size_t i;

    cli_svg_open(out, us, c->drawn + (is_complete(c) ? 2 : 3), title);
    put_description(out, c, us, first_us);
    cli_svg_frame(out, us, c->drawn + 1, title);
    put_first_session(out, us, first_us);
    for (i = 0; i < c->drawn; i++)
        put_row(out, c, i, us);
    put_notes(out, c);
    fputs("</svg>\n", out);
}
