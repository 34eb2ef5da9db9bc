/* convert.h - converts a finished message for a server without extensions. */
/* SPDX-License-Identifier: MIT */
/*
 * Octets above 127 must not go to a server that does not advertise 8BITMIME
 * (RFC 6152 3), nor UTF-8 in header fields to one without SMTPUTF8 (RFC 6531).
 * A duva_convert is a source over a source: it reads a message that is finished
 * (RFC 5322, MIME; lines end with LF or CRLF) and returns it with its contents
 * encoded where the server needs that.  It has no heap; it reads the source
 * twice.  doc/mime.md shows what is converted how.
 *
 * With DUVA_MIME_SMALL there is no converter.
 */
#ifndef DUVA_CONVERT_H
#define DUVA_CONVERT_H

#include "duva/mime.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    DUVA_CONVERT_DEPTH = 12,   /* nested multiparts; what is deeper is not
                                  converted, or is rejected: "nesting" */
    DUVA_CONVERT_PARTS = 512,  /* parts and containers of parts; the same:
                                  "parts" */
    DUVA_CONVERT_FIELD = 2048  /* octets of a field that is encoded, or that
                                  tells of the content; the same, by its name */
};

/* Zero it, then set the first fields.  About 3.9 KB; its calls take up to 7 KB
 * of stack on hosts, and 3 KB elsewhere. */
typedef struct duva_convert {
    int       (*source)(void *ctx, void *buf, size_t len); /* as in client.h;
                                  it must be able to go back */
    void       *source_ctx;
    uint8_t     takes;         /* DUVA_MIME_*: what the server advertises;
                                  change it and rewind */
    uint8_t     needs;         /* out: what the unconverted message needs */
    uint8_t     converts;      /* out: 1: it is converted; 0: it is copied octet
                                  by octet */
    duva_mime_error error;     /* out; number counts parts and containers, where
                                  is a line of the message; field, and what it
                                  points to, holds until the next call */
    /* private */
    uint8_t     ready, inspecting, state, at_line_start, eof;
    uint8_t     kind, encoding, head, depth, seen;
    uint8_t     mode, exact, held, soft, line_len, utf8_more, utf8_low,
                utf8_high, not_utf8, wide;
    int8_t      err;
    uint16_t    entity, count, at, have, staged, stage_at;
    uint32_t    column, line, skip, signed_line;
    uint64_t    wire, special, octets;
    const char *blame, *unclear;
    uint8_t     blame_reason, unclear_reason, last;
    char        name[48], type[48], said[48];
    struct {
        uint8_t len, digest;
        char    text[70];      /* RFC 2046 5.1.1 */
    } boundary[DUVA_CONVERT_DEPTH];
    uint8_t     next_len, next_digest;
    char        next[70];
    uint8_t     plan[DUVA_CONVERT_PARTS / 2];
    uint8_t     line_kept[57], stage[256];
    uint8_t     in[DUVA_CONVERT_FIELD];
} duva_convert;

/* A duva_source_fn over a duva_convert.  With buf NULL, and by itself before
 * the first octet, it reads the whole message once, decides what is to be done
 * with each part, and goes to the start: so duva_convert_read(c, NULL, 0) tells
 * whether a message can be sent, and with takes 0 what it needs.  What is
 * converted has all its lines ended by CRLF.
 *
 * Text becomes quoted-printable, or base64 where more than one octet in six
 * would be encoded; other content base64.  Multipart and message/rfc822 are
 * converted inside (RFC 2045 6.4).  A message, or part, without Content-Type is
 * said to be text in utf-8, or unknown-8bit (RFC 1428) where it is not UTF-8.
 * UTF-8 becomes encoded-words (RFC 2047) in Subject, Comments,
 * Content-Description, Thread-Topic and X-...; and in display names.  There
 * what is not UTF-8 becomes encoded-words in unknown-8bit, whatever the server
 * takes: no server takes it in a header field (RFC 6532 3.2).  Content in
 * UTF-16 or UTF-32, or with a NUL, becomes base64 to the octet, as binary does.
 *
 * Errors: DUVA_ERR_UNSUPPORTED: it needs what the server does not advertise, in
 * a place that cannot be converted.  error.field is the name of a header field;
 * "DKIM-Signature" or "multipart/signed": a conversion would break the
 * signature; "Content-Transfer-Encoding": the content is labelled as encoded,
 * but is not; "preamble", "epilogue": text around parts; "header": a line that
 * is not a field, and what follows; "message/...": a type that must not be
 * encoded; "nesting", "parts": see above; "Content-Type" with NUL: content
 * with a NUL has no such field.  error.reason: NOT_ASCII, NOT_UTF8, NUL,
 * LONE_CR, LINE_LONG; REPEATED: there are two of that field; CHARACTER: it
 * cannot be parsed; RANGE: one of the limits above.
 * DUVA_ERR_BODY with SOURCE: the source failed, or gave something else the
 * second time.  DUVA_ERR_ARG with MISSING: there is no source. */
int duva_convert_read(void *convert, void *buf, size_t len);

/* The octets on the wire, each line ended by CRLF, for mail.size; 0 on an
 * error.  Reads the message as duva_convert_read(c, NULL, 0) does, and
 * once more if it is converted.  Leaves c at the start. */
uint64_t duva_convert_size(duva_convert *c);

#ifdef __cplusplus
}
#endif
#endif
