/* encode.h - content octets into transfer encodings, and a look at them. */
/* SPDX-License-Identifier: MIT */
/*
 * No encoder keeps a line: each takes a window on the content and writes
 * whole lines of what it finds.  The window has DUVA__WINDOW octets at least,
 * or all that are left, and then last is 1.
 */
#ifndef DUVA_MIME_ENCODE_H
#define DUVA_MIME_ENCODE_H

#include "duva/mime.h"

enum { DUVA__WINDOW = 80, DUVA__ROOM = 78, DUVA__BASE64_LINE = 57 };

/* Where there is a stack to speak of, and content of many megabytes. */
#if defined(__unix__) || defined(__APPLE__) || defined(_WIN32)
enum { DUVA__HOST = 1 };
#else
enum { DUVA__HOST = 0 };
#endif

typedef struct duva__window {
    const uint8_t *src;
    size_t         len;
    int            last;       /* nothing comes after it */
} duva__window;

/* Each writes to dst, which has cap octets, DUVA__ROOM at least, and takes
 * what it used from the window; w->src may lie in the same block, behind dst
 * by enough.  They return the octets written. */

/* Lines of 76; text: line ends become CRLF, and *half tells that only the CR
 * of one is written. */
size_t duva__encode_base64(uint8_t *dst, size_t cap, duva__window *w);
size_t duva__encode_base64_text(uint8_t *dst, size_t cap, duva__window *w,
                                uint8_t *half);
/* Quoted-printable; text: line ends are hard ones, else octets like others. */
size_t duva__encode_qp(uint8_t *dst, size_t cap, duva__window *w, int text);
/* Lines as they are, ended by CRLF. */
size_t duva__encode_lines(uint8_t *dst, size_t cap, duva__window *w);
/* Octets as they are. */
size_t duva__encode_none(uint8_t *dst, size_t cap, duva__window *w);

/* len octets into base64 without line ends; returns how many. */
size_t duva__base64(uint8_t *dst, const uint8_t *src, size_t len);
/* Whole lines of 57 octets into lines of 76 and CRLF. */
void duva__base64_lines(uint8_t *dst, const uint8_t *src, size_t lines);

/* How many octets of s are printable ASCII but '='. */
size_t duva__plain_run(const uint8_t *s, size_t len);

/* What a look at content found; zero it, and set the boundary. */
typedef struct duva__sight {
    const uint8_t *boundary;   /* what no line may begin with */
    uint8_t  boundary_len;
    uint8_t  boundary_at;      /* octets of it that this line begins with */
    uint8_t  utf8;             /* is it to be UTF-8? */
    uint8_t  found;            /* DUVA__SEEN_* */
    uint32_t line, column;     /* finished lines; octets in this one */
    uint32_t bad_line;         /* the first one with what is not UTF-8 */
    uint32_t long_line;
    uint64_t octets;
    uint64_t special;          /* octets that quoted-printable encodes */
} duva__sight;
#define DUVA__SEEN_8BIT     0x01u
#define DUVA__SEEN_OCTET    0x02u /* NUL or a lone CR */
#define DUVA__SEEN_LONG     0x04u
#define DUVA__SEEN_BOUNDARY 0x08u
#define DUVA__SEEN_NOT_UTF8 0x10u
#define DUVA__BINARY        0x20u /* not seen but said: all else is welcome */
void duva__look_at(duva__sight *s, duva__window *w);

#endif
