/* json_text.c - text into strings of JSON (RFC 8259). */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "text/escape.h"
#include "text/json_text.h"
#include "text/utf8.h"

/* RFC 8259 7: two of them for what is beyond U+FFFF. */
static void put_escape(FILE *out, uint32_t point)
{
    if (point > 0xFFFF) {
        point -= 0x10000;
        fprintf(out, "\\u%04x", (unsigned)(0xD800 + (point >> 10)));
        point = 0xDC00 + (point & 0x3FF);
    }
    fprintf(out, "\\u%04x", (unsigned)point);
}

void cli_json_string(FILE *out, const char *text, size_t len)
{
    uint32_t point = 0;
    size_t n;

    putc('"', out);
    for (; len > 0; text += n, len -= n) {
        n = cli_utf8_next(text, len, &point);
        if (n == 0) {
            fputs("\\ufffd", out);
            n = 1;
        } else if (point == '"' || point == '\\') {
            fprintf(out, "\\%c", (int)point);
        } else if (!cli_is_visible(point)) {
            put_escape(out, point);
        } else {
            fwrite(text, 1, n, out);
        }
    }
    putc('"', out);
}

void cli_json_text(FILE *out, const char *text)
{
    if (text == NULL)
        fputs("null", out);
    else
        cli_json_string(out, text, strlen(text));
}
