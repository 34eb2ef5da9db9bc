/* timeline_svg.c - the times of a session into a chart. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "trace/svg.h"
#include "trace/timeline.h"
#include "trace/timeline_svg.h"

static const char *class_of(const struct cli_span *s)
{
    switch (s->step) {
    case CLI_STEP_DNS: case CLI_STEP_CONNECT: case CLI_STEP_PROXY:
        return "way";
    case CLI_STEP_STARTTLS: case CLI_STEP_TLS: case CLI_STEP_AUTH:
        return "tls";
    case CLI_STEP_BODY: case CLI_STEP_END:
        return "message";
    default:
        return "talk";
    }
}

static void put_name(FILE *out, const struct cli_span *s)
{
    fputs(cli_step_name((enum cli_step)s->step), out);
    if (s->count > 1)
        fprintf(out, " \xC3\x97%" PRIu32, s->count);
}

static void put_span(FILE *out, const struct cli_span *s, int64_t us,
                     size_t row)
{
    fprintf(out, "<g data-step=\"%s\" data-from=\"%" PRId64 "\" data-us=\"%"
            PRId64 "\"", cli_step_name((enum cli_step)s->step), s->from,
            s->to - s->from);
    if (s->code != 0)
        fprintf(out, " data-code=\"%u\"", s->code);
    fputs(">\n", out);
    cli_svg_label(out, row);
    put_name(out, s);
    fputs("</text>\n", out);
    cli_svg_bar(out, class_of(s), us, row, s->from, s->to);
    cli_svg_value(out, row);
    cli_svg_ms(out, s->to - s->from);
    if (s->code != 0)
        fprintf(out, ", %u", s->code);
    fputs("</text>\n</g>\n", out);
}

/* The same as text, for screen readers. */
static void put_description(FILE *out, const struct cli_timeline *t)
{
    size_t i;

    fputs("<desc id=\"desc\">", out);
    for (i = 0; i < t->spans; i++) {
        fputs(i > 0 ? "; " : "", out);
        put_name(out, &t->span[i]);
        putc(' ', out);
        cli_svg_ms(out, t->span[i].to - t->span[i].from);
    }
    fputs("</desc>\n", out);
}

void cli_timeline_svg(FILE *out, const struct cli_timeline *t,
                      const char *title)
{
    const int64_t us = t->mark - t->start;
    size_t i;

    cli_svg_open(out, us, t->spans, title);
    put_description(out, t);
    cli_svg_frame(out, us, t->spans, title);
    for (i = 0; i < t->spans; i++)
        put_span(out, &t->span[i], us, i);
    fputs("</svg>\n", out);
}
