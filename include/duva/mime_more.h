/* mime_more.h - sources for parts: format=flowed, files, types of files. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_MORE_H
#define DUVA_MIME_MORE_H

#include "duva/mime.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Text as format=flowed; delsp=yes: paragraphs of any length in lines of 78
 * octets at most, that readers join again.  A source over a source: zero it,
 * set read and ctx (as in duva_part), and give it to a part of DUVA_PLACE_TEXT
 * with duva_flowed_read, DUVA_LEN_UNKNOWN and DUVA_PART_FLOWED.  Spaces
 * before line ends may be lost, but those of "-- ".  DUVA_ERR_ARG: no read;
 * else the errors are those of read. */
typedef struct duva_flowed {
    int   (*read)(void *ctx, void *buf, size_t len);
    void   *ctx;
    uint8_t kept, made, at, eof, soft; /* private, as all below */
    char    in[80], out[84];
} duva_flowed;
int duva_flowed_read(void *flowed, void *buf, size_t len);

/* A file as the content of a part, on hosts. */
typedef struct duva_part_file {
    void *stream;              /* private, as all below */
    char  type[80];
} duva_part_file;

/* Opens the file and sets read, ctx and len of p and, where they are NULL,
 * name (behind the last slash of path, which is borrowed) and type (of
 * DUVA_PLACE_ATTACHED and RELATED).  p borrows f and path until
 * duva_part_close().  Returns DUVA_OK; DUVA_ERR_IO, with errno set, when the
 * file cannot be opened or has no length; DUVA_ERR_ARG for NULL. */
int duva_part_open(duva_part *p, duva_part_file *f, const char *path);
void duva_part_close(duva_part_file *f);

/* The media type that goes with the name's extension: from /etc/mime.types
 * if it is listed there, else from a short list; else
 * "application/octet-stream", as for NULL.  The result is static, or in `room`
 * of `size` octets; one that does not fit there is ignored. */
const char *duva_mime_type(const char *name, char *room, size_t size);

#ifdef __cplusplus
}
#endif
#endif
