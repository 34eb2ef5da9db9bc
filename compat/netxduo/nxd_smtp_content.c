/* nxd_smtp_content.c - turns HTML and attachments into composed mails. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_claim.h"

#if DUVA_NETX_MORE

#include "nxd_smtp_message.h"
#include "nxd_smtp_client_content.h"

#include <string.h>

enum { HTML, TEXT, ATTACHED }; /* places of parts; the last is the first of
                                  several */

static NX_SMTP_CONTENT *content_of(NX_SMTP_CLIENT *c)
{
    return (NX_SMTP_CONTENT *)(void *)c->nx_smtp_client_composer;
}

/* ---- the composer ---- */

static void set_text(NX_SMTP_CLIENT *c, duva_part *text)
{
    NX_SMTP_CLIENT_MAIL *m = &c->nx_smtp_client_mail;

    memset(text, 0, sizeof(*text));
    text->place = DUVA_PLACE_TEXT;
    text->data = m->nx_smtp_client_mail_body;
    text->len = m->nx_smtp_client_mail_body_length;
    if (m->nx_smtp_client_mail_source.nx_smtp_source_read == NX_NULL)
        return;
    text->read = duva__nx_source_read;
    text->ctx = &m->nx_smtp_client_mail_source;
    text->len = DUVA_LEN_UNKNOWN;
    text->flags = DUVA_PART_ONCE;
}

/* Message-ID and boundaries; there are as many octets of them with any seed.
 */
static void set_seed(NX_SMTP_CLIENT *c)
{
    const ULONG  *id = c->nx_smtp_client_session.id;
    const ULONG   ticks = tx_time_get();
    duva_message *message = &content_of(c)->nx_smtp_content_message;

    memcpy(message->seed, id, 3 * sizeof(*id));
    memcpy(message->seed + 3 * sizeof(*id), &ticks, sizeof(ticks));
}

static void set_message(NX_SMTP_CLIENT *c, NX_SMTP_CONTENT *content)
{
    const NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    duva_message *message = &content->nx_smtp_content_message;
    duva_part    *part = content->nx_smtp_content_part;
    const UINT    first = part[HTML].data != NULL ? HTML : TEXT;

    memset(message, 0, sizeof(*message));
    content->nx_smtp_content_from.addr = s->mail.from;
    message->from.list = &content->nx_smtp_content_from;
    message->from.count = 1;
    message->subject = c->nx_smtp_client_mail.nx_smtp_client_mail_subject;
    message->date = s->seconds;
    message->parts = part + first;
    message->part_count = (uint16_t)(ATTACHED - first
                                     + content->nx_smtp_content_attachments);
    set_seed(c);
}

/* A body that comes from a function is read once, and there is no look at it
 * beforehand: it may be longer than anybody wants to wait for. */
static UINT start(NX_SMTP_CLIENT *c, uint64_t *size)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    NX_SMTP_CONTENT        *content = content_of(c);
    duva_mime              *mime = &content->nx_smtp_content_mime;
    duva_part              *text = &content->nx_smtp_content_part[TEXT];

    set_text(c, text);
    set_message(c, content);
    memset(mime, 0, sizeof(*mime));
    mime->message = &content->nx_smtp_content_message;
    if (text->read != NULL && text->read(text->ctx, NULL, 0) < 0)
        return s->source_status;
    *size = duva_mime_size(mime);
    if (*size > 0 || duva_mime_read(mime, NULL, 0) == 0)
        return NX_SUCCESS;
    return s->source_status != NX_SUCCESS ? s->source_status
                                          : NX_SMTP_INVALID_PARAM;
}

static int read_mime(NX_SMTP_CLIENT *c, void *buf, size_t len)
{
    return duva_mime_read(&content_of(c)->nx_smtp_content_mime, buf, len);
}

/* ---- the services ---- */

UINT _duva_nx_smtp_client_content_set(NX_SMTP_CLIENT *client_ptr,
                                      NX_SMTP_CONTENT *content)
{
    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    client_ptr->nx_smtp_client_composer = NX_NULL;
    if (content != NX_NULL) {
        memset(content, 0, sizeof(*content));
        content->nx_smtp_content_composer.identify = set_seed;
        content->nx_smtp_content_composer.start = start;
        content->nx_smtp_content_composer.read = read_mime;
        client_ptr->nx_smtp_client_composer =
            &content->nx_smtp_content_composer;
    }
    duva__nx_release(client_ptr);
    return NX_SUCCESS;
}

UINT _duva_nx_smtp_client_html_set(NX_SMTP_CLIENT *client_ptr, CHAR *html,
                                   ULONG length)
{
    NX_SMTP_CONTENT *content;
    UINT             status = NX_PTR_ERROR;

    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    content = content_of(client_ptr);
    if (content != NX_NULL) {
        duva_part *part = &content->nx_smtp_content_part[HTML];

        part->place = DUVA_PLACE_HTML;
        part->data = html;
        part->len = length;
        status = NX_SUCCESS;
    }
    duva__nx_release(client_ptr);
    return status;
}

/* Gives the next attachment. */
static UINT next_part(NX_SMTP_CONTENT *content, CHAR *name, CHAR *type,
                      duva_part **part)
{
    UINT i;

    if (content == NX_NULL)
        return NX_PTR_ERROR;
    i = content->nx_smtp_content_attachments;
    if (i == NX_SMTP_CLIENT_MAX_ATTACHMENTS)
        return NX_NO_MORE_ENTRIES;
    *part = &content->nx_smtp_content_part[ATTACHED + i];
    memset(*part, 0, sizeof(**part));
    (*part)->place = DUVA_PLACE_ATTACHED;
    (*part)->name = name;
    (*part)->type = type;
    content->nx_smtp_content_attachments++;
    return NX_SUCCESS;
}

UINT _duva_nx_smtp_client_attachment_add(NX_SMTP_CLIENT *client_ptr,
                                         CHAR *name, CHAR *type, VOID *data,
                                         ULONG length)
{
    duva_part *part;
    UINT       status;

    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    status = next_part(content_of(client_ptr), name, type, &part);
    if (status == NX_SUCCESS) {
        part->data = data;
        part->len = length;
    }
    duva__nx_release(client_ptr);
    return status;
}

UINT _duva_nx_smtp_client_attachment_add_extended(
    NX_SMTP_CLIENT *client_ptr, CHAR *name, CHAR *type,
    UINT (*data_read)(VOID *context, UCHAR *buffer, ULONG size,
                      ULONG *length),
    VOID *data_context, ULONG length)
{
    NX_SMTP_CONTENT *content;
    NX_SMTP_SOURCE  *source;
    duva_part       *part;
    UINT             status;

    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    content = content_of(client_ptr);
    status = next_part(content, name, type, &part);
    if (status == NX_SUCCESS) {
        source = &content->nx_smtp_content_source[
            content->nx_smtp_content_attachments - 1];
        source->nx_smtp_source_read = data_read;
        source->nx_smtp_source_context = data_context;
        source->nx_smtp_source_client = client_ptr;
        part->read = duva__nx_source_read;
        part->ctx = source;
        part->len = length == NX_SMTP_LENGTH_UNKNOWN ? DUVA_LEN_UNKNOWN
                                                     : length;
    }
    duva__nx_release(client_ptr);
    return status;
}

/* ---- the forms that check their arguments ---- */

UINT _duva_nxe_smtp_client_content_set(NX_SMTP_CLIENT *client_ptr,
                                       NX_SMTP_CONTENT *content)
{
    return duva__nx_is_client(client_ptr)
               ? _duva_nx_smtp_client_content_set(client_ptr, content)
               : NX_PTR_ERROR;
}

UINT _duva_nxe_smtp_client_html_set(NX_SMTP_CLIENT *client_ptr, CHAR *html,
                                    ULONG length)
{
    if (!duva__nx_is_client(client_ptr) || (html == NX_NULL && length > 0))
        return NX_PTR_ERROR;
    return _duva_nx_smtp_client_html_set(client_ptr, html, length);
}

UINT _duva_nxe_smtp_client_attachment_add(NX_SMTP_CLIENT *client_ptr,
                                          CHAR *name, CHAR *type, VOID *data,
                                          ULONG length)
{
    if (!duva__nx_is_client(client_ptr) || name == NX_NULL || data == NX_NULL)
        return NX_PTR_ERROR;
    return _duva_nx_smtp_client_attachment_add(client_ptr, name, type, data,
                                               length);
}

UINT _duva_nxe_smtp_client_attachment_add_extended(
    NX_SMTP_CLIENT *client_ptr, CHAR *name, CHAR *type,
    UINT (*data_read)(VOID *context, UCHAR *buffer, ULONG size,
                      ULONG *length),
    VOID *data_context, ULONG length)
{
    if (!duva__nx_is_client(client_ptr) || name == NX_NULL
        || data_read == NX_NULL)
        return NX_PTR_ERROR;
    return _duva_nx_smtp_client_attachment_add_extended(
        client_ptr, name, type, data_read, data_context, length);
}

#else
typedef int duva__nx_no_content; /* a file must not be empty */
#endif
