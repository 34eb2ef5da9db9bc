/* nxd_smtp_mail.c - turns calls of the NetX Duo API into mails of Duva. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_claim.h"

#if DUVA_NETX_MORE

#include "nxd_smtp_message.h"
#include "nxd_smtp_session.h"

#include "nx_ip.h"

#include <string.h>

NX_CALLER_CHECKING_EXTERNS

UINT _duva_nx_smtp_client_clock_set(NX_SMTP_CLIENT *client_ptr,
                                    ULONG (*clock)(VOID))
{
    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    client_ptr->nx_smtp_client_clock = clock;
    duva__nx_release(client_ptr);
    return NX_SUCCESS;
}

/* The address without its angle brackets.  If it has some, the copy takes its
 * place from the end of the buffer; NULL when there is no room. */
static const CHAR *without_brackets(NX_SMTP_CLIENT *c, const CHAR *address)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    const size_t            len = strlen(address);
    CHAR                   *copy;

    if (len < 2 || address[0] != '<' || address[len - 1] != '>')
        return address;
    if (len - 1 > s->room - duva__nx_session_floor(c))
        return NULL;
    s->room -= (UINT)(len - 1);
    copy = (CHAR *)s->buffer + s->room;
    memcpy(copy, address + 1, len - 2);
    copy[len - 2] = '\0';
    return copy;
}

static UINT to_one(NX_SMTP_CLIENT *c, const CHAR *address)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;

    memset(&s->recipient, 0, sizeof(s->recipient));
    s->recipient.addr = without_brackets(c, address);
    s->mail.rcpt = &s->recipient;
    s->mail.rcpt_count = s->to_end = s->cc_end = 1;
    return s->recipient.addr != NULL ? NX_SUCCESS : NX_SIZE_ERROR;
}

static UINT to_those_added(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    const UINT             *end = c->nx_smtp_client_recipients_end;
    const UINT              room = c->nx_smtp_client_recipient_text_size;
    UINT                    i;

    s->mail.rcpt = c->nx_smtp_client_recipients;
    s->mail.rcpt_count = end[2];
    s->mail.policy = (duva_policy)c->nx_smtp_client_recipient_policy;
    s->to_end = end[0];
    s->cc_end = end[1];
    for (i = 0; i < end[2]; i++) {
        duva_rcpt *rcpt = &s->mail.rcpt[i];
        const CHAR *address = rcpt->addr;

        memset(rcpt, 0, sizeof(*rcpt));
        rcpt->addr = address;
        if (room == 0)
            continue;
        rcpt->text = c->nx_smtp_client_recipient_text + i * room;
        rcpt->text[0] = '\0';
        rcpt->text_size = room;
    }
    return end[2] > 0 ? NX_SUCCESS : NX_PTR_ERROR;
}

/* Makes the mail of a session out of the one of the API. */
static UINT prepare(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION    *s = &c->nx_smtp_client_session;
    const NX_SMTP_CLIENT_MAIL *m = &c->nx_smtp_client_mail;
    const CHAR *to = m->nx_smtp_client_mail_recipient_address;
    UINT        status;

    memset(&s->mail, 0, sizeof(s->mail));
    s->source_status = NX_SUCCESS;
    s->room = sizeof(s->buffer);
    s->mail.from = without_brackets(c, m->nx_smtp_client_mail_from_address);
    if (s->mail.from == NULL)
        return NX_SIZE_ERROR;
    status = to != NX_NULL ? to_one(c, to) : to_those_added(c);
    if (status != NX_SUCCESS)
        return status;
    s->seconds = 0;
    if (c->nx_smtp_client_clock != NX_NULL)
        s->seconds = c->nx_smtp_client_clock();
    duva__nx_message_identify(c);
    return duva__nx_message_check(c);
}

/* Takes the client for a mail, of which the body is still to be set. */
static UINT begin(NX_SMTP_CLIENT *c, CHAR *recipient, UINT priority,
                  CHAR *subject)
{
    NX_SMTP_CLIENT_MAIL *m = &c->nx_smtp_client_mail;

    if (c->nx_smtp_client_init_status != NX_TRUE)
        return NX_SMTP_CLIENT_NOT_INITIALIZED;
    if (!duva__nx_claim(c))
        return NX_ALREADY_BOUND;
    m->nx_smtp_client_mail_recipient_address = recipient;
    m->nx_smtp_client_mail_priority = priority;
    m->nx_smtp_client_mail_subject = subject;
    return NX_SUCCESS;
}

/* Sends it.  Nothing of what the application handed over is kept. */
static UINT finish(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_MAIL *m = &c->nx_smtp_client_mail;
    CHAR *const          from = m->nx_smtp_client_mail_from_address;
    UINT                 status = prepare(c);

    if (status == NX_SUCCESS) {
        status = duva__nx_session_send(c);
    } else {
        c->nx_smtp_client_reply_code_status = 0;
        c->nx_smtp_client_mail_status = status;
    }
    memset(m, 0, sizeof(*m));
    m->nx_smtp_client_mail_from_address = from;
    duva__nx_release(c);
    return status;
}

UINT _duva_nx_smtp_mail_send(NX_SMTP_CLIENT *client_ptr,
                             CHAR *recipient_address, UINT priority,
                             CHAR *subject, CHAR *mail_body,
                             UINT mail_body_length)
{
    NX_SMTP_CLIENT_MAIL *m = &client_ptr->nx_smtp_client_mail;
    const UINT status = begin(client_ptr, recipient_address, priority,
                              subject);

    if (status != NX_SUCCESS)
        return status;
    m->nx_smtp_client_mail_body = mail_body;
    m->nx_smtp_client_mail_body_length = mail_body_length;
    return finish(client_ptr);
}

UINT _duva_nx_smtp_mail_send_extended(
    NX_SMTP_CLIENT *client_ptr, CHAR *recipient_address, UINT priority,
    CHAR *subject,
    UINT (*body_read)(VOID *context, UCHAR *buffer, ULONG size,
                      ULONG *length),
    VOID *body_context)
{
    NX_SMTP_SOURCE *source =
        &client_ptr->nx_smtp_client_mail.nx_smtp_client_mail_source;
    const UINT status = begin(client_ptr, recipient_address, priority,
                              subject);

    if (status != NX_SUCCESS)
        return status;
    source->nx_smtp_source_read = body_read;
    source->nx_smtp_source_context = body_context;
    source->nx_smtp_source_client = client_ptr;
    return finish(client_ptr);
}

/* ---- the forms that check their arguments ---- */

UINT _duva_nxe_smtp_client_clock_set(NX_SMTP_CLIENT *client_ptr,
                                     ULONG (*clock)(VOID))
{
    return duva__nx_is_client(client_ptr)
               ? _duva_nx_smtp_client_clock_set(client_ptr, clock)
               : NX_PTR_ERROR;
}

static int has_nobody(const NX_SMTP_CLIENT *c, const CHAR *recipient)
{
    return c == NX_NULL
           || (recipient == NX_NULL
               && c->nx_smtp_client_recipients_end[2] == 0);
}

UINT _duva_nxe_smtp_mail_send(NX_SMTP_CLIENT *client_ptr,
                              CHAR *recipient_address, UINT priority,
                              CHAR *subject, CHAR *mail_body,
                              UINT mail_body_length)
{
    if (has_nobody(client_ptr, recipient_address) || subject == NX_NULL
        || mail_body == NX_NULL)
        return NX_PTR_ERROR;
    if (mail_body_length == 0)
        return NX_SMTP_INVALID_PARAM;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _duva_nx_smtp_mail_send(client_ptr, recipient_address, priority,
                                   subject, mail_body, mail_body_length);
}

UINT _duva_nxe_smtp_mail_send_extended(
    NX_SMTP_CLIENT *client_ptr, CHAR *recipient_address, UINT priority,
    CHAR *subject,
    UINT (*body_read)(VOID *context, UCHAR *buffer, ULONG size,
                      ULONG *length),
    VOID *body_context)
{
    if (has_nobody(client_ptr, recipient_address) || subject == NX_NULL
        || body_read == NX_NULL)
        return NX_PTR_ERROR;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _duva_nx_smtp_mail_send_extended(client_ptr, recipient_address,
                                            priority, subject, body_read,
                                            body_context);
}

#else
typedef int duva__nx_no_mail;  /* a file must not be empty */
#endif
