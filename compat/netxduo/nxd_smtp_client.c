/* nxd_smtp_client.c - turns calls of the NetX Duo API into mails of Duva. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_message.h"
#include "nxd_smtp_claim.h"
#include "nxd_smtp_session.h"

#include "nx_ip.h"

#include <stddef.h>
#include <string.h>

NX_CALLER_CHECKING_EXTERNS

/* The add-on that comes with NetX Duo has a header of the same name.  A program
 * that is compiled for one and linked with the other must not come about by an
 * order of folders or libraries: this is a name of the add-on's, of those that
 * the program does not call, so that the two do not link together. */
#ifdef NX_SMTP_DISABLE_ERROR_CHECKING
#define ADD_ON _nxde_smtp_client_create
#else
#define ADD_ON _nxd_smtp_client_create
#endif
extern const UCHAR ADD_ON;
const UCHAR ADD_ON = 0;

/* ---- create and delete ---- */

static UINT create_socket(NX_SMTP_CLIENT *c, NX_IP *ip)
{
    return nx_tcp_socket_create(ip, &c->nx_smtp_client_socket,
                                (CHAR *)"SMTP Client socket", NX_IP_NORMAL,
                                NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE,
                                NX_SMTP_CLIENT_TCP_WINDOW_SIZE, NX_NULL,
                                NX_NULL);
}

/* A client that exists may be in use by another thread: what fails must not
 * touch it. */
UINT _duva_nxd_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    NXD_ADDRESS *server_address, UINT port)
{
    NX_SMTP_CLIENT *c = client_ptr;
    const size_t    username_size = strlen(username) + 1;
    const size_t    password_size = strlen(password) + 1;
    const size_t    domain_size = strlen(client_domain) + 1;
    UINT            status = NX_SIZE_ERROR;

    if (username_size <= sizeof(c->nx_smtp_username)
        && password_size <= sizeof(c->nx_smtp_password)
        && domain_size <= sizeof(c->nx_smtp_client_domain))
        status = create_socket(c, ip_ptr);
    if (status == NX_PTR_ERROR
        || (status != NX_SUCCESS && duva__nx_is_client(c)))
        return status;
    duva_wipe(c, offsetof(NX_SMTP_CLIENT, nx_smtp_client_socket));
    if (status != NX_SUCCESS)
        return status;
    memcpy(c->nx_smtp_username, username, username_size);
    memcpy(c->nx_smtp_password, password, password_size);
    memcpy(c->nx_smtp_client_domain, client_domain, domain_size);
    if (authentication_type != NX_SMTP_CLIENT_AUTH_NONE
        && authentication_type != NX_SMTP_CLIENT_AUTH_LOGIN)
        authentication_type = NX_SMTP_CLIENT_AUTH_PLAIN;
    c->nx_smtp_client_authentication_type = authentication_type;
    c->nx_smtp_client_ip_ptr = ip_ptr;
    c->nx_smtp_client_packet_pool_ptr = client_packet_pool_ptr;
    c->nx_smtp_client_mail.nx_smtp_client_mail_from_address = from_address;
    c->nx_smtp_server_address = *server_address;
    c->nx_smtp_server_port = (USHORT)(port & 0xFFFFu);
    c->nx_smtp_client_id = NX_SMTP_CLIENT_ID;
    c->nx_smtp_client_init_status = NX_TRUE;
    return NX_SUCCESS;
}

UINT _duva_nx_smtp_client_delete(NX_SMTP_CLIENT *client_ptr)
{
    UINT status;

    if (!duva__nx_claim(client_ptr))
        return NX_STILL_BOUND;
    duva__nx_session_end(client_ptr, NX_SMTP_CLIENT_DISCONNECT_TIMEOUT);
    status = nx_tcp_socket_delete(&client_ptr->nx_smtp_client_socket);
    if (status == NX_SUCCESS)
        duva_wipe(client_ptr, sizeof(*client_ptr));
    else
        duva__nx_release(client_ptr);
    return status;
}

UINT _duva_nx_smtp_client_clock_set(NX_SMTP_CLIENT *client_ptr,
                                    ULONG (*clock)(VOID))
{
    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    client_ptr->nx_smtp_client_clock = clock;
    duva__nx_release(client_ptr);
    return NX_SUCCESS;
}

/* ---- a mail ---- */

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

UINT _duva_nxde_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    NXD_ADDRESS *server_address, UINT port)
{
    if (ip_ptr == NX_NULL || client_ptr == NX_NULL
        || client_packet_pool_ptr == NX_NULL || from_address == NX_NULL
        || username == NX_NULL || password == NX_NULL
        || client_domain == NX_NULL || server_address == NX_NULL)
        return NX_PTR_ERROR;
    if (ip_ptr->nx_ip_id != NX_IP_ID)
        return NX_SMTP_INVALID_PARAM;
    if (server_address->nxd_ip_version != NX_IP_VERSION_V4
        && server_address->nxd_ip_version != NX_IP_VERSION_V6)
        return NX_IP_ADDRESS_ERROR;
    return _duva_nxd_smtp_client_create(
        client_ptr, ip_ptr, client_packet_pool_ptr, username, password,
        from_address, client_domain, authentication_type, server_address,
        port);
}

UINT _duva_nxe_smtp_client_delete(NX_SMTP_CLIENT *client_ptr)
{
    return duva__nx_is_client(client_ptr)
               ? _duva_nx_smtp_client_delete(client_ptr)
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

UINT _duva_nxe_smtp_client_clock_set(NX_SMTP_CLIENT *client_ptr,
                                     ULONG (*clock)(VOID))
{
    return duva__nx_is_client(client_ptr)
               ? _duva_nx_smtp_client_clock_set(client_ptr, clock)
               : NX_PTR_ERROR;
}

/* ---- the forms for IPv4 ---- */

#ifndef NX_DISABLE_IPV4
UINT _duva_nx_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    ULONG server_address, UINT port)
{
    NXD_ADDRESS address;

    memset(&address, 0, sizeof(address));
    address.nxd_ip_version = NX_IP_VERSION_V4;
    address.nxd_ip_address.v4 = server_address;
    return _duva_nxd_smtp_client_create(
        client_ptr, ip_ptr, client_packet_pool_ptr, username, password,
        from_address, client_domain, authentication_type, &address, port);
}

UINT _duva_nxe_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    ULONG server_address, UINT port)
{
    NXD_ADDRESS address;

    if (server_address == 0)
        return NX_IP_ADDRESS_ERROR;
    memset(&address, 0, sizeof(address));
    address.nxd_ip_version = NX_IP_VERSION_V4;
    address.nxd_ip_address.v4 = server_address;
    return _duva_nxde_smtp_client_create(
        client_ptr, ip_ptr, client_packet_pool_ptr, username, password,
        from_address, client_domain, authentication_type, &address, port);
}
#endif
