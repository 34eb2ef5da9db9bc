/* escape.c - octets of any origin into text that a terminal can be shown. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "text/escape.h"
#include "text/utf8.h"

/* Besides the control characters: the marks that reorder, hide or annotate the
 * text around them, so that a server's words cannot pass for ours. */
int cli_is_visible(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        { 0x00, 0x1F }, { 0x7F, 0x9F }, { 0xAD, 0xAD }, { 0x61C, 0x61C },
        { 0x180E, 0x180E }, { 0x200B, 0x200F }, { 0x2028, 0x202E },
        { 0x2060, 0x206F }, { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB },
        { 0xE0000, 0xE007F }
    };
    size_t i;

    for (i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (point >= hidden[i].first && point <= hidden[i].last)
            return 0;
    return 1;
}

/* The next character of src as it is to be shown; returns the octets of src
 * that it stands for. */
static size_t show(char piece[24], const char *src, size_t len)
{
    uint32_t point = 0;
    size_t n = cli_utf8_next(src, len, &point);
    size_t i;

    if (n > 0 && cli_is_visible(point)) {
        memcpy(piece, src, n);
        piece[n] = '\0';
        return n;
    }
    if (n == 0)
        n = 1;
    for (i = 0; i < n; i++)
        snprintf(piece + 4 * i, 5, "\\x%02X", (unsigned char)src[i]);
    return n;
}

size_t cli_escape(char *dst, size_t cap, const char *src, size_t len)
{
    static const char dots[] = "...";
    char piece[24];
    size_t out = 0, safe = 0, n, i;

    for (i = 0; i < len; i += n) {
        n = show(piece, src + i, len - i);
        if (out + strlen(piece) >= cap) {
            memcpy(dst + safe, dots, sizeof dots);
            return safe + sizeof dots - 1;
        }
        memcpy(dst + out, piece, strlen(piece));
        out += strlen(piece);
        if (out + sizeof dots <= cap)
            safe = out;        /* from here on the dots would still fit */
    }
    dst[out] = '\0';
    return out;
}
