/* timeline_svg.h - a timeline as a chart, and its parts. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TIMELINE_SVG_H
#define DUVA_CLI_TIMELINE_SVG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "trace/timeline.h"

/* A chart of it, with nothing in it but steps, codes, times and title. */
void cli_timeline_svg(FILE *out, const struct cli_timeline *t,
                      const char *title);

/* ---- what charts of times have in common ---- */

/* Where rows lie: labels end at LEFT, bars begin there.  In pixels. */
enum {
    CLI_SVG_WIDTH = 800, CLI_SVG_LEFT = 150, CLI_SVG_BARS = 500,
    CLI_SVG_TOP = 76, CLI_SVG_ROW = 26
};

void cli_timeline_svg_text(FILE *out, const char *text);
void cli_timeline_svg_ms(FILE *out, int64_t us);

/* The beginning of a chart of so many microseconds, with room for so many
 * rows, up to its title; <desc id="desc"> is the next thing. */
void cli_timeline_svg_open(FILE *out, int64_t us, size_t rows,
                           const char *title);
/* What comes behind that: style, title and grid. */
void cli_timeline_svg_frame(FILE *out, int64_t us, size_t rows,
                            const char *title);

/* A bar of a class of the style, in a row, between two times. */
void cli_timeline_svg_bar(FILE *out, const char *class, int64_t us, size_t row,
                          int64_t from, int64_t to);

/* The labels of a row: open in front of the bars, and behind them. */
void cli_timeline_svg_label(FILE *out, size_t row);
void cli_timeline_svg_value(FILE *out, size_t row);

#endif
