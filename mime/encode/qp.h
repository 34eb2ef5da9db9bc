/* qp.h - contents into quoted-printable (RFC 2045 6.7), or as they are. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_QP_H
#define DUVA_MIME_QP_H

#include "window.h"

/* Encoders, as in window.h.  text: line ends are hard ones, else octets like
 * others. */
size_t duva__encode_qp(uint8_t *dst, size_t cap, duva__window *w, int text);
/* Lines as they are, ended by CRLF. */
size_t duva__encode_lines(uint8_t *dst, size_t cap, duva__window *w);
/* Octets as they are. */
size_t duva__encode_none(uint8_t *dst, size_t cap, duva__window *w);

/* How many octets of s are printable ASCII but '='. */
size_t duva__plain_run(const uint8_t *s, size_t len);

#endif
