/* svg.h - the parts of a chart of times, as SVG. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SVG_H
#define DUVA_CLI_SVG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* In pixels: where the bars begin, their width, the top of the first row, the
 * height of a row. */
enum {
    CLI_SVG_WIDTH = 800,
    CLI_SVG_LEFT = 150,
    CLI_SVG_BARS = 500,
    CLI_SVG_TOP = 76,
    CLI_SVG_ROW = 26
};

/* Text with & < > escaped; and microseconds as "1.234 ms". */
void cli_svg_text(FILE *out, const char *text);
void cli_svg_ms(FILE *out, int64_t us);

/* Opens a chart of so many microseconds, with room for so many rows, and writes
 * its title.  The caller writes <desc id="desc"> next, then calls
 * cli_svg_frame(), and writes </svg> in the end. */
void cli_svg_open(FILE *out, int64_t us, size_t rows, const char *title);
/* Style, visible title and grid. */
void cli_svg_frame(FILE *out, int64_t us, size_t rows, const char *title);

/* A bar of a class of the style in a row, from one time to another, of a chart
 * of us microseconds. */
void cli_svg_bar(FILE *out, const char *class, int64_t us, size_t row,
                 int64_t from, int64_t to);

/* Open the text to the left of the bars of a row, and to their right; the
 * caller writes it and </text>. */
void cli_svg_label(FILE *out, size_t row);
void cli_svg_value(FILE *out, size_t row);

#endif
