/* fit.h - adapts messages to what a server advertises. */
/* SPDX-License-Identifier: MIT */
/*
 * Each is a duva_fit_fn for duva_job.fit, duva_client.fit or duva_route.fit;
 * its ctx is also that of the source.  They set mail->size and DUVA_MAIL_8BIT.
 * On an error they set mail->result.reason, and where: the line of a finished
 * message, or duva_mime_error.where of a composed one.  The error in ctx has
 * the rest.
 */
#ifndef DUVA_FIT_H
#define DUVA_FIT_H

#include "duva/client.h"
#include "duva/convert.h"

#ifdef __cplusplus
extern "C" {
#endif

/* For duva_convert_read: converts a finished message when the server does not
 * advertise 8BITMIME, and UTF-8 in header fields unless mail->flags has
 * DUVA_MAIL_UTF8.  Errors: those of duva_convert_read(). */
int duva_fit_convert(void *convert, uint32_t caps, duva_mail *mail);

/* For duva_mime_read: composes the message for this server.  Header fields keep
 * UTF-8 with DUVA_MAIL_UTF8 only.  Errors: those of duva_mime_read(). */
int duva_fit_mime(void *mime, uint32_t caps, duva_mail *mail);

#ifdef __cplusplus
}
#endif
#endif
