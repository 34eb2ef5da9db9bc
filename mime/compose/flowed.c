/* flowed.c - text into format=flowed; delsp=yes (RFC 3676). */
/* SPDX-License-Identifier: MIT */
#include "duva/mime_more.h"

#include <string.h>

enum { WIDTH = 72 };

/* Readers take the first space of such lines off. */
static size_t stuffing(const char *s, size_t len)
{
    return len > 0 && (s[0] == ' ' || s[0] == '>'
                       || (len >= 5 && memcmp(s, "From ", 5) == 0));
}

/* One line out of f->in; the last one may lack its line end. */
static void make_line(duva_flowed *f)
{
    const char *const lf = memchr(f->in, '\n', f->kept < WIDTH + 2
                                  ? f->kept : WIDTH + 2);
    size_t len = lf != NULL ? (size_t)(lf - f->in) : f->kept, used, stuff, i;
    const char *end = lf != NULL ? "\r\n" : "";

    used = len + (lf != NULL);
    if (lf != NULL && len > 0 && f->in[len - 1] == '\r')
        len--;
    if (len > WIDTH) {
        /* The space that is added is one that delsp takes away again. */
        end = " \r\n";
        len = WIDTH;
        for (i = len; i > 0 && f->in[i - 1] != ' '; i--)
            ;
        if (i > 0)
            len = i;
        while (len > 0 && ((unsigned char)f->in[len] & 0xc0) == 0x80)
            len--;
        used = len;
    }
    /* A space before a hard line end would make it a soft one; at the end of
     * the text one may follow. */
    for (i = len; end[0] != ' ' && i > 0 && f->in[i - 1] == ' '
         && !(i == 3 && !f->soft && memcmp(f->in, "-- ", 3) == 0); i--)
        len--;
    stuff = stuffing(f->in, len);
    memset(f->out, ' ', stuff);
    memcpy(f->out + stuff, f->in, len);
    memcpy(f->out + stuff + len, end, strlen(end));
    f->made = (uint8_t)(stuff + len + strlen(end));
    f->at = 0;
    f->soft = end[0] == ' ';
    f->kept = (uint8_t)(f->kept - used);
    memmove(f->in, f->in + used, f->kept);
}

int duva_flowed_read(void *flowed, void *buf, size_t len)
{
    duva_flowed *const f = flowed;
    size_t             n;
    int                got;

    if (f->read == NULL)
        return DUVA_ERR_ARG;
    if (buf == NULL) {
        f->kept = f->made = f->at = f->eof = f->soft = 0;
        return f->read(f->ctx, NULL, 0);
    }
    while (f->at == f->made) {
        while (!f->eof && f->kept < sizeof f->in) {
            got = f->read(f->ctx, f->in + f->kept, sizeof f->in - f->kept);
            if (got < 0)
                return got;
            f->eof = got == 0;
            f->kept = (uint8_t)(f->kept + got);
        }
        if (f->kept == 0)
            return 0;
        make_line(f);
    }
    n = (size_t)(f->made - f->at);
    n = n < len ? n : len;
    memcpy(buf, f->out + f->at, n);
    f->at = (uint8_t)(f->at + n);
    return (int)n;
}
