/* svg.c - the parts of a chart of times, as SVG. */
/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "trace/svg.h"

enum {
    WIDTH = CLI_SVG_WIDTH,
    LEFT = CLI_SVG_LEFT,
    BARS = CLI_SVG_BARS,
    TOP = CLI_SVG_TOP,
    ROW = CLI_SVG_ROW
};

static const char style[]
    = "<style>\n"
      "svg { background: #fff; font: 13px system-ui, sans-serif; }\n"
      "text { fill: #1b1f24; }\n"
      ".quiet { fill: #57606a; }\n"
      ".title { font-size: 16px; font-weight: 600; }\n"
      ".grid { stroke: #d0d7de; stroke-width: 1; }\n"
      ".way { fill: #8250df; }\n"
      ".tls { fill: #1a7f37; }\n"
      ".talk { fill: #0969da; }\n"
      ".message { fill: #bc4c00; }\n"
      ".trouble { fill: #cf222e; }\n"
      ".idle { fill: #d0d7de; }\n"
      "@media (prefers-color-scheme: dark) {\n"
      "svg { background: #0d1117; }\n"
      "text { fill: #e6edf3; }\n"
      ".quiet { fill: #8d96a0; }\n"
      ".grid { stroke: #30363d; }\n"
      ".way { fill: #a371f7; }\n"
      ".tls { fill: #3fb950; }\n"
      ".talk { fill: #58a6ff; }\n"
      ".message { fill: #f0883e; }\n"
      ".trouble { fill: #f85149; }\n"
      ".idle { fill: #30363d; }\n"
      "}\n"
      "</style>\n";

void cli_svg_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        default:
            putc(*text, out);
        }
}

void cli_svg_ms(FILE *out, int64_t us)
{
    fprintf(out, "%" PRId64 ".%03d ms", us / 1000, (int)(us % 1000));
}

void cli_svg_bar(FILE *out, const char *class, int64_t us, size_t row,
                 int64_t from, int64_t to)
{
    const double scale = (double)BARS / (double)(us > 0 ? us : 1);
    const double width = (double)(to - from) * scale;

    fprintf(out,
            "<rect class=\"%s\" x=\"%.2f\" y=\"%zu\" "
            "width=\"%.2f\" height=\"%d\" rx=\"2\"/>\n",
            class, LEFT + (double)from * scale, TOP + ROW * row + 4,
            width < 1 ? 1 : width, ROW - 8);
}

void cli_svg_label(FILE *out, size_t row)
{
    fprintf(out, "<text x=\"%d\" y=\"%zu\" text-anchor=\"end\">", LEFT - 10,
            TOP + ROW * row + 17);
}

void cli_svg_value(FILE *out, size_t row)
{
    fprintf(out, "<text class=\"quiet\" x=\"%d\" y=\"%zu\">", LEFT + BARS + 10,
            TOP + ROW * row + 17);
}

static void put_grid(FILE *out, int64_t whole, size_t rows)
{
    int i;

    for (i = 0; i <= 4; i++) {
        const int x = LEFT + BARS * i / 4;

        fprintf(out,
                "<line class=\"grid\" x1=\"%d\" y1=\"%d\" x2=\"%d\" "
                "y2=\"%zu\"/>\n<text class=\"quiet\" x=\"%d\" y=\"%d\" "
                "text-anchor=\"middle\">",
                x, TOP - 6, x, TOP + ROW * rows, x, TOP - 12);
        fprintf(out, "%.*f ms</text>\n", whole < 20000 ? 2 : 0,
                (double)whole * i / 4000);
    }
}

void cli_svg_open(FILE *out, int64_t us, size_t rows, const char *title)
{
    const size_t height = TOP + ROW * rows + 16;

    fprintf(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
            "aria-labelledby=\"title desc\" width=\"%d\" height=\"%zu\" "
            "viewBox=\"0 0 %d %zu\" data-us=\"%" PRId64 "\">\n"
            "<title id=\"title\">",
            WIDTH, height, WIDTH, height, us);
    cli_svg_text(out, title);
    fputs(": ", out);
    cli_svg_ms(out, us);
    fputs("</title>\n", out);
}

void cli_svg_frame(FILE *out, int64_t us, size_t rows, const char *title)
{
    fputs(style, out);
    fprintf(out, "<text class=\"title\" x=\"20\" y=\"30\">");
    cli_svg_text(out, title);
    fputs(": ", out);
    cli_svg_ms(out, us);
    fputs("</text>\n", out);
    put_grid(out, us > 0 ? us : 1, rows);
}
