/* nxd_smtp_client_content.h - mails with HTML and with attachments. */
/* SPDX-License-Identifier: MIT */
/*
 * For programs that ask for it: only these services bring in the composer
 * (duva/mime.h).  A client that was given room for content composes all its
 * mails: the body of nx_smtp_mail_send() is the text, in UTF-8, beside which
 * the HTML and the attachments stand.  The subject may be UTF-8 of any length.
 * Everything is encoded in 7 bits, which every server accepts.
 *
 * What cannot be written (a name with a line end in it, a type that is none,
 * text or a subject that is not UTF-8, the sender "") is NX_SMTP_INVALID_PARAM
 * from nx_smtp_mail_send(), before anything is connected.  Strings and content
 * are kept as pointers.  See nxd_smtp_client_more.h for what a client in use
 * returns.
 */
#ifndef NXD_SMTP_CLIENT_CONTENT_H
#define NXD_SMTP_CLIENT_CONTENT_H

#include "nxd_smtp_client.h"
#include "duva/mime.h"

#if !DUVA_NETX_MORE
#error "HTML and attachments need DUVA_NETX_MORE: see duva/profile.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Room for one client's content and its composer.  Allocated by the
 * application; the fields are private. */
typedef struct NX_SMTP_CONTENT_STRUCT {
    NX_SMTP_COMPOSER nx_smtp_content_composer;   /* first */
    duva_mime        nx_smtp_content_mime;
    duva_message     nx_smtp_content_message;
    duva_address     nx_smtp_content_from;
    UINT             nx_smtp_content_attachments;
    /* HTML, text, and the attachments. */
    duva_part        nx_smtp_content_part[2 + NX_SMTP_CLIENT_MAX_ATTACHMENTS];
    NX_SMTP_SOURCE   nx_smtp_content_source[NX_SMTP_CLIENT_MAX_ATTACHMENTS];
} NX_SMTP_CONTENT;

#ifndef NX_SMTP_SOURCE_CODE
#ifdef NX_SMTP_DISABLE_ERROR_CHECKING
#define nx_smtp_client_content_set    _duva_nx_smtp_client_content_set
#define nx_smtp_client_html_set       _duva_nx_smtp_client_html_set
#define nx_smtp_client_attachment_add _duva_nx_smtp_client_attachment_add
#define nx_smtp_client_attachment_add_extended                               \
    _duva_nx_smtp_client_attachment_add_extended
#else
#define nx_smtp_client_content_set    _duva_nxe_smtp_client_content_set
#define nx_smtp_client_html_set       _duva_nxe_smtp_client_html_set
#define nx_smtp_client_attachment_add _duva_nxe_smtp_client_attachment_add
#define nx_smtp_client_attachment_add_extended                               \
    _duva_nxe_smtp_client_attachment_add_extended
#endif
#endif

/* Gives a client room for content, in which there is none yet: giving it again
 * empties it.  It stays the client's to use until NX_NULL, as after create,
 * takes it away: mails are then plain text again. */
UINT _duva_nx_smtp_client_content_set(NX_SMTP_CLIENT *client_ptr,
                                      NX_SMTP_CONTENT *content);
UINT _duva_nxe_smtp_client_content_set(NX_SMTP_CLIENT *client_ptr,
                                       NX_SMTP_CONTENT *content);

/* The text once more, in HTML and UTF-8, for readers that show it.  NX_NULL
 * takes it away.  NX_PTR_ERROR without nx_smtp_client_content_set().  Checked:
 * the same for NX_NULL with a length. */
UINT _duva_nx_smtp_client_html_set(NX_SMTP_CLIENT *client_ptr, CHAR *html,
                                   ULONG length);
UINT _duva_nxe_smtp_client_html_set(NX_SMTP_CLIENT *client_ptr, CHAR *html,
                                    ULONG length);

/* Attaches length octets of data to the mails to come.  name is that of the
 * file, in UTF-8; type is its media type, such as "image/png", or NX_NULL for
 * application/octet-stream.  NX_NO_MORE_ENTRIES: there are
 * NX_SMTP_CLIENT_MAX_ATTACHMENTS.  NX_PTR_ERROR without
 * nx_smtp_client_content_set().  Checked: the same for NULL. */
UINT _duva_nx_smtp_client_attachment_add(NX_SMTP_CLIENT *client_ptr,
                                         CHAR *name, CHAR *type, VOID *data,
                                         ULONG length);
UINT _duva_nxe_smtp_client_attachment_add(NX_SMTP_CLIENT *client_ptr,
                                          CHAR *name, CHAR *type, VOID *data,
                                          ULONG length);

/* The same for octets from a function that works as body_read does for
 * nx_smtp_mail_send_extended(): with buffer NX_NULL it goes back to the start,
 * for each mail.  length is how many there are, which lets SIZE be said
 * (another number then ends the mail, with NX_SMTP_INVALID_PARAM), or
 * NX_SMTP_LENGTH_UNKNOWN. */
UINT _duva_nx_smtp_client_attachment_add_extended(
    NX_SMTP_CLIENT *client_ptr, CHAR *name, CHAR *type,
    UINT (*data_read)(VOID *context, UCHAR *buffer, ULONG size,
                      ULONG *length),
    VOID *data_context, ULONG length);
UINT _duva_nxe_smtp_client_attachment_add_extended(
    NX_SMTP_CLIENT *client_ptr, CHAR *name, CHAR *type,
    UINT (*data_read)(VOID *context, UCHAR *buffer, ULONG size,
                      ULONG *length),
    VOID *data_context, ULONG length);

#ifdef __cplusplus
}
#endif
#endif
