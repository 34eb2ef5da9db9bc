/* nxd_smtp_client.c - turns calls of the NetX Duo API into mails of Duva. */
/* SPDX-License-Identifier: MIT */
/*
 * What serialises the use of a client is its socket: only one thread at a
 * time can bind it.  Before the bind and after the unbind nothing of the
 * client is written.
 */
#include "nxd_smtp_message.h"
#include "nxd_smtp_secure.h"

#include "nx_ip.h"

#include <stddef.h>
#include <string.h>

#if NX_SMTP_CLIENT_BUFFER_SIZE < DUVA_BUFFER_MIN
#error "NX_SMTP_CLIENT_BUFFER_SIZE must not be less than DUVA_BUFFER_MIN"
#endif

NX_CALLER_CHECKING_EXTERNS

/* A compiler may drop a memset() of what nobody reads again. */
static void wipe(void *memory, size_t len)
{
    volatile UCHAR *at = (volatile UCHAR *)memory;

    while (len-- > 0)
        *at++ = 0;
}

/* ---- create and delete ---- */

static int is_client(const NX_SMTP_CLIENT *c)
{
    return c != NX_NULL && c->nx_smtp_client_id == NX_SMTP_CLIENT_ID;
}

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
    if (status == NX_PTR_ERROR || (status != NX_SUCCESS && is_client(c)))
        return status;
    wipe(c, offsetof(NX_SMTP_CLIENT, nx_smtp_client_socket));
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
    const UINT status = nx_tcp_socket_delete(
        &client_ptr->nx_smtp_client_socket);

    if (status == NX_SUCCESS)
        wipe(client_ptr, sizeof(*client_ptr));
    return status;
}

UINT _duva_nx_smtp_client_clock_set(NX_SMTP_CLIENT *client_ptr,
                                    ULONG (*clock)(VOID))
{
    client_ptr->nx_smtp_client_clock = clock;
    return NX_SUCCESS;
}

/* ---- before a session ---- */

/* The address without its angle brackets.  If it has some, the copy takes its
 * place from the end of the buffer, of which room is left; NULL when that is
 * not enough. */
static const CHAR *without_brackets(NX_SMTP_CLIENT_SESSION *s, size_t *room,
                                    const CHAR *address)
{
    const size_t len = strlen(address);
    CHAR        *copy;

    if (len < 2 || address[0] != '<' || address[len - 1] != '>')
        return address;
    if (len - 1 > *room - DUVA_BUFFER_MIN)
        return NULL;
    *room -= len - 1;
    copy = (CHAR *)s->buffer + *room;
    memcpy(copy, address + 1, len - 2);
    copy[len - 2] = '\0';
    return copy;
}

static int is_subject(const CHAR *text)
{
    for (; *text != '\0'; text++) {
        const UCHAR octet = (UCHAR)*text;

        if ((octet < ' ' && octet != '\t') || octet == 0x7F)
            return 0;
    }
    return 1;
}

/* Is everything fit to be sent?  Reads the whole message to know it, and how
 * long it is. */
static UINT check_mail(NX_SMTP_CLIENT *c, size_t room)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    duva_body               body;
    int                     n, i;

    if (*s->mail.from != '\0' && duva_address_check(s->mail.from))
        return NX_SMTP_INVALID_PARAM;
    if (duva_address_check(s->recipient.addr)
        || duva_name_check(c->nx_smtp_client_domain)
        || !is_subject(c->nx_smtp_client_mail.nx_smtp_client_mail_subject))
        return NX_SMTP_INVALID_PARAM;
    memset(&body, 0, sizeof(body));
    while ((n = duva__nx_message_read(c, s->buffer, room)) > 0) {
        if (duva_body_check(&body, s->buffer, (size_t)n) != DUVA_OK)
            return NX_SMTP_INVALID_PARAM;
        for (i = 0; i < n; i++)
            if (s->buffer[i] >= 0x80)
                s->mail.flags |= DUVA_MAIL_8BIT;
    }
    if (duva_body_check_end(&body) != DUVA_OK)
        return NX_SMTP_INVALID_PARAM;
    s->mail.size = body.octets;
    duva__nx_message_read(c, NULL, 0);
    return NX_SUCCESS;
}

/* Makes the mail of a session out of the one of the API.  *room is what the
 * addresses leave of the buffer. */
static UINT prepare(NX_SMTP_CLIENT *c, size_t *room)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    NX_SMTP_CLIENT_MAIL    *m = &c->nx_smtp_client_mail;

    memset(s, 0, sizeof(*s));
    *room = sizeof(s->buffer);
    s->mail.from = without_brackets(s, room,
                                    m->nx_smtp_client_mail_from_address);
    s->recipient.addr = without_brackets(
        s, room, m->nx_smtp_client_mail_recipient_address);
    if (s->mail.from == NULL || s->recipient.addr == NULL)
        return NX_SIZE_ERROR;
    s->mail.rcpt = &s->recipient;
    s->mail.rcpt_count = 1;
    if (c->nx_smtp_client_clock != NX_NULL)
        s->seconds = c->nx_smtp_client_clock();
    duva__nx_message_identify(c);
    return check_mail(c, *room);
}

/* ---- a session ---- */

static uint32_t patience(ULONG ticks)
{
    return ticks == NX_NO_WAIT ? 1 : duva_netx_ms(ticks);
}

static void set_timeouts(uint32_t timeout_ms[DUVA_STAGES])
{
    UINT i;

    for (i = 0; i < DUVA_STAGES; i++)
        timeout_ms[i] = patience(NX_SMTP_ENVELOPE_TIMEOUT);
    timeout_ms[DUVA_STAGE_GREETING] = patience(NX_SMTP_GREETING_TIMEOUT);
    timeout_ms[DUVA_STAGE_BODY] = patience(NX_SMTP_CLIENT_SEND_TIMEOUT);
    timeout_ms[DUVA_STAGE_END] = patience(NX_SMTP_MESSAGE_TIMEOUT);
}

/* What to authenticate with, now that the server has said what it offers. */
static UINT choose(const NX_SMTP_CLIENT *c, const duva_caps *server)
{
    const UINT asked = c->nx_smtp_client_authentication_type;

#ifdef NX_SMTP_CLIENT_AUTH_STRICT
    (void)server;
    return asked;
#else
    if (asked == NX_SMTP_CLIENT_AUTH_NONE
        && (!(server->bits & DUVA_CAP_AUTH) || c->nx_smtp_username[0] == '\0'))
        return NX_SMTP_CLIENT_AUTH_NONE;
    if (!(server->auth & DUVA_AUTH_LOGIN))
        return NX_SMTP_CLIENT_AUTH_PLAIN;
    if (asked == NX_SMTP_CLIENT_AUTH_LOGIN
        || !(server->auth & DUVA_AUTH_PLAIN))
        return NX_SMTP_CLIENT_AUTH_LOGIN;
    return NX_SMTP_CLIENT_AUTH_PLAIN;
#endif
}

static void authenticate(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    duva_engine            *engine = &s->client.engine;
    const UINT              type = choose(c, duva_server(engine));

    if (type == NX_SMTP_CLIENT_AUTH_NONE) {
        duva_auth_skip(engine);
        return;
    }
    if (type == NX_SMTP_CLIENT_AUTH_LOGIN)
        duva_sasl_login_init(&s->credentials, c->nx_smtp_username,
                             c->nx_smtp_password);
    else
        duva_sasl_plain_init(&s->credentials, c->nx_smtp_username,
                             c->nx_smtp_password);
    c->nx_smtp_client_authentication_state =
        NX_SMTP_AUTHENTICATION_IN_PROGRESS;
    duva_auth(engine, &s->credentials.base);
    duva_run(&s->client);
    c->nx_smtp_client_authentication_state =
        duva_next(engine) == DUVA_IDLE ? NX_SMTP_AUTHENTICATION_SUCCEEDED
                                       : NX_SMTP_AUTHENTICATION_FAILED;
}

static UINT refusal(const duva_result *r)
{
    switch (r->status.stage) {
    case DUVA_STAGE_GREETING:
        return NX_SMTP_GREET_REPLY_ERROR;
    case DUVA_STAGE_EHLO:
        return r->reason == DUVA_REASON_NO_STARTTLS ? NX_SMTP_TLS_NOT_OFFERED
                                                    : NX_SMTP_HELLO_REPLY_ERROR;
    case DUVA_STAGE_STARTTLS:
    case DUVA_STAGE_TLS:
        return NX_SMTP_TLS_REPLY_ERROR;
    case DUVA_STAGE_AUTH:
        return NX_SMTP_AUTH_REPLY_ERROR;
    case DUVA_STAGE_RCPT:
        return NX_SMTP_RCPT_REPLY_ERROR;
    case DUVA_STAGE_DATA:
        return NX_SMTP_DATA_REPLY_ERROR;
    case DUVA_STAGE_BODY:
    case DUVA_STAGE_END:
        return NX_SMTP_MESSAGE_REPLY_ERROR;
    default:
        return r->reason == DUVA_REASON_TOO_BIG ? NX_SMTP_OVERSIZE_MAIL_DATA
                                                : NX_SMTP_MAIL_REPLY_ERROR;
    }
}

static UINT status_of(const duva_result *r)
{
    switch (r->err) {
    case DUVA_OK:
        return NX_SUCCESS;
    case DUVA_ERR_REJECTED:
    case DUVA_ERR_PROTOCOL:
    case DUVA_ERR_UNSUPPORTED:
        return refusal(r);
    case DUVA_ERR_TIMEOUT:
        return NX_NO_PACKET;
    case DUVA_ERR_CLOSED:
    case DUVA_ERR_IO:
    case DUVA_ERR_TLS:
        return r->cause != 0 ? (UINT)r->cause : NX_NOT_CONNECTED;
    default:
        return NX_SMTP_INTERNAL_ERROR;
    }
}

/* The engine hangs up on a server that it cannot understand; this API says
 * QUIT even then.  What is left of the reply is thrown away, within reason. */
static void quit_anyway(NX_SMTP_CLIENT_SESSION *s, uint32_t ms)
{
    static const CHAR    quit[] = "QUIT\r\n";
    duva_link           *link = &s->link.link;
    const duva_link_ops *ops = link->ops;
    int                  n, i;

    for (i = 0; i < 16 && ops->read(link, s->buffer, sizeof(s->buffer)) > 0;
         i++)
        ;
    for (i = 0; i < (int)sizeof(quit) - 1; i += n) {
        n = ops->write(link, quit + i, sizeof(quit) - 1 - (size_t)i);
        if (n <= 0)
            return;
    }
    ops->wait(link, DUVA_CAN_READ, ms);
}

static int is_lost(duva_err err)
{
    return err == DUVA_ERR_TIMEOUT || err == DUVA_ERR_CLOSED
           || err == DUVA_ERR_IO;
}

/* Ends the session as what happened in it allows. */
static void take_leave(NX_SMTP_CLIENT_SESSION *s, uint32_t ms)
{
    const duva_result *session = duva_outcome(&s->client.engine);

    if (duva_quit(&s->client.engine) == DUVA_OK)
        duva_run(&s->client);
    if (session->err == DUVA_ERR_PROTOCOL
        && session->reason != DUVA_REASON_INJECTION
        && session->status.stage != DUVA_STAGE_BODY)
        quit_anyway(s, ms);
    if (is_lost(session->err))
        s->link.disconnect_wait = NX_NO_WAIT;
}

/* From the greeting to the goodbye. */
static UINT converse(NX_SMTP_CLIENT *c, size_t room)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    uint32_t                timeout_ms[DUVA_STAGES];
    duva_config             config;

    set_timeouts(timeout_ms);
    memset(&config, 0, sizeof(config));
    config.name = c->nx_smtp_client_domain;
    config.timeout_ms = timeout_ms;
    config.options = DUVA_ALLOW_CLEAR_PASSWORD | DUVA_QUIRK_LEADING_SPACE;
#ifdef NX_SECURE_ENABLE
    duva__nx_secure_begin(c, &config);
#else
    config.tls = DUVA_TLS_NEVER;
#endif
#ifndef NX_SMTP_CLIENT_AUTH_STRICT
    config.options |= DUVA_QUIRK_UNLISTED_AUTH;
#endif
#ifndef NX_SMTP_CLIENT_PIPELINING
    config.options |= DUVA_LOCK_STEP;
#endif
    s->client.link = &s->link.link;
    s->client.ask_auth = 1;
    if (duva_client_init(&s->client, &config, s->buffer, room) != DUVA_OK)
        return NX_SMTP_INTERNAL_ERROR;
    duva_run(&s->client);
    if (duva_next(&s->client.engine) == DUVA_AUTH)
        authenticate(c);
    duva_send_mail(&s->client, &s->mail, duva__nx_message_read, c);
    take_leave(s, timeout_ms[DUVA_STAGE_QUIT]);
    return status_of(&s->mail.result);
}

/* What can be done with a client whose socket is bound: all but unbind it. */
static UINT send_bound(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    size_t                  room;
    UINT                    status = prepare(c, &room);

#ifdef NX_SECURE_ENABLE
    if (status == NX_SUCCESS)
        status = duva__nx_secure_check(c);
#endif
    if (status != NX_SUCCESS)
        return status;
    status = duva_netx_connect(&s->link, &c->nx_smtp_client_socket,
                               c->nx_smtp_client_packet_pool_ptr,
                               &c->nx_smtp_server_address,
                               c->nx_smtp_server_port,
                               NX_SMTP_CLIENT_CONNECTION_TIMEOUT);
    if (status != NX_SUCCESS)
        return status;
    s->link.packet_wait = NX_SMTP_CLIENT_PACKET_TIMEOUT;
    s->link.send_wait = NX_SMTP_CLIENT_SEND_TIMEOUT;
    s->link.disconnect_wait = NX_SMTP_CLIENT_DISCONNECT_TIMEOUT;
    return converse(c, room);
}

static void set_mail(NX_SMTP_CLIENT *c, CHAR *recipient, UINT priority,
                     CHAR *subject, CHAR *body, UINT body_length)
{
    NX_SMTP_CLIENT_MAIL *m = &c->nx_smtp_client_mail;

    m->nx_smtp_client_mail_recipient_address = recipient;
    m->nx_smtp_client_mail_priority = priority;
    m->nx_smtp_client_mail_subject = subject;
    m->nx_smtp_client_mail_body = body;
    m->nx_smtp_client_mail_body_length = body_length;
}

UINT _duva_nx_smtp_mail_send(NX_SMTP_CLIENT *client_ptr,
                             CHAR *recipient_address, UINT priority,
                             CHAR *subject, CHAR *mail_body,
                             UINT mail_body_length)
{
    NX_SMTP_CLIENT         *c = client_ptr;
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    UINT                    status;

    if (c->nx_smtp_client_init_status != NX_TRUE)
        return NX_SMTP_CLIENT_NOT_INITIALIZED;
    status = nx_tcp_client_socket_bind(&c->nx_smtp_client_socket, NX_ANY_PORT,
                                       NX_IP_PERIODIC_RATE);
    if (status != NX_SUCCESS)
        return status;
    set_mail(c, recipient_address, priority, subject, mail_body,
             mail_body_length);
    c->nx_smtp_client_authentication_state = NX_SMTP_NOT_AUTHENTICATED;
    status = send_bound(c);
    set_mail(c, NX_NULL, 0, NX_NULL, NX_NULL, 0);
    c->nx_smtp_client_reply_code_status = s->mail.result.status.code;
    c->nx_smtp_client_mail_status = status;
    if (status == NX_NO_PACKET && s->mail.result.err == DUVA_ERR_IO)
        c->nx_smtp_client_mail_status = NX_SMTP_PACKET_ALLOCATE_ERROR;
    if (s->link.socket != NX_NULL)
        s->link.link.ops->close(&s->link.link);
    else
        nx_tcp_client_socket_unbind(&c->nx_smtp_client_socket);
    return status;
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
    return is_client(client_ptr) ? _duva_nx_smtp_client_delete(client_ptr)
                                 : NX_PTR_ERROR;
}

UINT _duva_nxe_smtp_mail_send(NX_SMTP_CLIENT *client_ptr,
                              CHAR *recipient_address, UINT priority,
                              CHAR *subject, CHAR *mail_body,
                              UINT mail_body_length)
{
    if (client_ptr == NX_NULL || recipient_address == NX_NULL
        || subject == NX_NULL || mail_body == NX_NULL)
        return NX_PTR_ERROR;
    if (mail_body_length == 0)
        return NX_SMTP_INVALID_PARAM;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _duva_nx_smtp_mail_send(client_ptr, recipient_address, priority,
                                   subject, mail_body, mail_body_length);
}

UINT _duva_nxe_smtp_client_clock_set(NX_SMTP_CLIENT *client_ptr,
                                     ULONG (*clock)(VOID))
{
    return is_client(client_ptr)
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
