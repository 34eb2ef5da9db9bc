/* fit.h - messages adapted to the extensions that a server advertises. */
/* SPDX-License-Identifier: MIT */
/*
 * Each is a duva_fit_fn, whose ctx is also that of the source: the fit of a
 * duva_job, of a duva_client or of a duva_route.  They set mail->size and
 * DUVA_MAIL_8BIT, and on an error the reason, with the line or, of a composed
 * message, duva_mime_error.where, in mail->result.where.  The rest of the error
 * is in the error of ctx.
 */
#ifndef DUVA_FIT_H
#define DUVA_FIT_H

#include "duva/client.h"
#include "duva/convert.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For duva_convert_read: a finished message, converted when the server does
 * not advertise 8BITMIME; and UTF-8 in header fields, unless mail->flags has
 * DUVA_MAIL_UTF8.  The same errors. */
int duva_fit_convert(void *convert, uint32_t caps, duva_mail *mail);

/* For duva_mime_read: a message composed for this server.  UTF-8 stays
 * in header fields with DUVA_MAIL_UTF8 only.  The same errors. */
int duva_fit_mime(void *mime, uint32_t caps, duva_mail *mail);

#ifdef __cplusplus
}
#endif
#endif
