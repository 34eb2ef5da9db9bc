/* nxd_smtp_session.c - the session of a client, and mails on it. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_claim.h"

#if DUVA_NETX_MORE

#include "nxd_smtp_session.h"
#include "nxd_smtp_message.h"
#include "nxd_smtp_reply.h"
#include "nxd_smtp_secure.h"

#include "nx_ip.h"

#include <string.h>

#if NX_SMTP_CLIENT_BUFFER_SIZE < DUVA_BUFFER_MIN
#error "NX_SMTP_CLIENT_BUFFER_SIZE must not be less than DUVA_BUFFER_MIN"
#endif

NX_CALLER_CHECKING_EXTERNS

/* ---- configuration ---- */

static uint32_t wait_ms(ULONG ticks)
{
    return ticks == NX_NO_WAIT ? 1 : duva_netx_ms(ticks);
}

static void set_timeouts(uint32_t timeout_ms[DUVA_STAGES])
{
    UINT i;

    for (i = 0; i < DUVA_STAGES; i++)
        timeout_ms[i] = wait_ms(NX_SMTP_ENVELOPE_TIMEOUT);
    timeout_ms[DUVA_STAGE_GREETING] = wait_ms(NX_SMTP_GREETING_TIMEOUT);
    timeout_ms[DUVA_STAGE_BODY] = wait_ms(NX_SMTP_CLIENT_SEND_TIMEOUT);
    timeout_ms[DUVA_STAGE_END] = wait_ms(NX_SMTP_MESSAGE_TIMEOUT);
}

/* ---- status values ---- */

/* The status value of a result: of a mail, or of the session when no mail had
 * begun. */
static UINT status_of(const duva_result *r, UINT source_status)
{
    switch (r->err) {
    case DUVA_OK:
        return NX_SUCCESS;
    case DUVA_ERR_REJECTED:
    case DUVA_ERR_PROTOCOL:
    case DUVA_ERR_UNSUPPORTED:
        return duva__nx_refusal(r);
    case DUVA_ERR_TIMEOUT:
        return NX_NO_PACKET;
    case DUVA_ERR_CLOSED:
    case DUVA_ERR_IO:
    case DUVA_ERR_TLS:
        return r->cause != 0 ? (UINT)r->cause : NX_NOT_CONNECTED;
    case DUVA_ERR_BODY:
        return source_status != NX_SUCCESS ? source_status
                                           : NX_SMTP_INVALID_PARAM;
    default:
        return NX_SMTP_INTERNAL_ERROR;
    }
}

static UINT mail_status(const NX_SMTP_CLIENT_SESSION *s)
{
    return status_of(&s->mail.result, s->source_status);
}

/* ---- the end of a connection ---- */

static int is_lost(duva_err err)
{
    return err == DUVA_ERR_TIMEOUT || err == DUVA_ERR_CLOSED
           || err == DUVA_ERR_IO;
}

/* Sends QUIT if it may, and closes the connection. */
static void end_session(NX_SMTP_CLIENT_SESSION *s)
{
    const duva_result *session = duva_outcome(&s->client.engine);

    if (duva_quit(&s->client.engine) == DUVA_OK)
        duva_run(&s->client);
    /* Not over the addresses of the next mail, which are behind `room`. */
    if (duva__nx_needs_quit(session))
        duva_send_quit(&s->link.link, s->buffer, s->room,
                       s->timeout_ms[DUVA_STAGE_QUIT]);
    if (is_lost(session->err))
        s->link.disconnect_wait = NX_NO_WAIT;
    s->link.link.ops->close(&s->link.link);
    s->link.socket = NX_NULL;
}

static int is_up(const NX_SMTP_CLIENT_SESSION *s)
{
    return s->link.socket != NX_NULL;
}

void duva__nx_session_end(NX_SMTP_CLIENT *c, ULONG wait)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;

    c->nx_smtp_client_connected = NX_FALSE;
    if (!is_up(s))
        return;
    s->timeout_ms[DUVA_STAGE_QUIT] = wait_ms(wait);
    s->link.disconnect_wait = wait;
    if (wait == NX_NO_WAIT)
        duva_abort(&s->client.engine, DUVA_ERR_CANCELLED, 0);
    end_session(s);
}

/* ---- a connection, and mails on it ---- */

static void configure(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    duva_config            *config = &s->config;

    set_timeouts(s->timeout_ms);
    memset(config, 0, sizeof(*config));
    config->name = c->nx_smtp_client_domain;
    config->timeout_ms = s->timeout_ms;
    config->options = DUVA_ALLOW_CLEAR_PASSWORD | DUVA_QUIRK_LEADING_SPACE;
#if DUVA__NX_TLS
    duva__nx_secure_begin(c, config);
#else
    config->tls = DUVA_TLS_NEVER;
#endif
#ifndef NX_SMTP_CLIENT_AUTH_STRICT
    config->options |= DUVA_QUIRK_UNLISTED_AUTH;
#endif
#ifndef NX_SMTP_CLIENT_PIPELINING
    config->options |= DUVA_LOCK_STEP;
#endif
}

size_t duva__nx_session_floor(const NX_SMTP_CLIENT *c)
{
    return c->nx_smtp_client_connected
                   && NX_SMTP_CLIENT_BUFFER_SIZE / 2 > DUVA_BUFFER_MIN
               ? NX_SMTP_CLIENT_BUFFER_SIZE / 2
               : DUVA_BUFFER_MIN;
}

/* There is no connection: the mail, and each recipient, can be tried again. */
static void fail_connect(duva_mail *mail, UINT status)
{
    size_t i;

    mail->result.verdict = DUVA_RETRY;
    mail->result.err = DUVA_ERR_CONNECT;
    mail->result.cause = (int32_t)status;
    for (i = 0; i < mail->rcpt_count; i++)
        mail->rcpt[i].verdict = DUVA_RETRY;
}

static UINT connect_link(NX_SMTP_CLIENT *c, ULONG wait)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    const UINT              status = duva_netx_open(
        &s->link, &c->nx_smtp_client_socket, c->nx_smtp_client_packet_pool_ptr,
        &c->nx_smtp_server_address, c->nx_smtp_server_port, wait);

    if (status != NX_SUCCESS)
        fail_connect(&s->mail, status);
    return status;
}

/* Connects, and runs the session up to IDLE, or to a failure: then the engine
 * is CLOSED.  Addresses of mails to come share the buffer of a
 * connection that is kept. */
static UINT open_session(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    const int kept = c->nx_smtp_client_connected == NX_TRUE;
    UINT      status = NX_SUCCESS;

#if DUVA__NX_TLS
    status = duva__nx_secure_check(c);
#endif
    if (status == NX_SUCCESS)
        status = connect_link(c, kept ? c->nx_smtp_client_connect_wait
                                      : NX_SMTP_CLIENT_CONNECTION_TIMEOUT);
    if (status != NX_SUCCESS)
        return status;
    s->link.packet_wait = NX_SMTP_CLIENT_PACKET_TIMEOUT;
    s->link.send_wait = NX_SMTP_CLIENT_SEND_TIMEOUT;
    s->link.disconnect_wait = NX_SMTP_CLIENT_DISCONNECT_TIMEOUT;
    c->nx_smtp_client_authentication_state = NX_SMTP_NOT_AUTHENTICATED;
    memset(&s->client, 0, sizeof(s->client));
    s->client.link = &s->link.link;
    s->client.ask_auth = 1;
    configure(c);
    if (duva_client_init(&s->client, &s->config, s->buffer,
                         kept ? duva__nx_session_floor(c) : s->room)
        != DUVA_OK) {
        s->link.link.ops->close(&s->link.link);
        s->link.socket = NX_NULL;
        return NX_SMTP_INTERNAL_ERROR;
    }
    duva_run(&s->client);
    if (duva_next(&s->client.engine) == DUVA_AUTH) {
        duva__nx_authenticate(c, &s->client.engine);
        duva_run(&s->client);
        duva__nx_note_authentication(c, duva_outcome(&s->client.engine));
    }
    return NX_SUCCESS;
}

/* For another try: no recipient was sent. */
static void reset_verdicts(duva_mail *mail)
{
    size_t i;

    memset(&mail->result, 0, sizeof(mail->result));
    for (i = 0; i < mail->rcpt_count; i++) {
        duva_rcpt *rcpt = &mail->rcpt[i];

        rcpt->verdict = DUVA_PENDING;
        memset(&rcpt->status, 0, sizeof(rcpt->status));
        if (rcpt->text != NULL)
            rcpt->text[0] = '\0';
    }
}

/* The connection ended, or the server ended the session, before it accepted
 * MAIL: that says nothing about the mail. */
static int is_before_mail(const duva_result *r)
{
    return (r->status.stage == DUVA_STAGE_RSET
            || r->status.stage == DUVA_STAGE_MAIL)
           && r->verdict == DUVA_RETRY
           && (r->err == DUVA_ERR_REJECTED || r->err == DUVA_ERR_CLOSED
               || r->err == DUVA_ERR_TIMEOUT);
}

/* Sends the mail over a connection that is up.  Returns 0 when the connection
 * cannot be used any more, and the mail has not begun. */
static int send_mail(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    const uint32_t          before = s->client.mails;

    duva__nx_message_identify(c);
    if (c->nx_smtp_client_mail.nx_smtp_client_mail_source.nx_smtp_source_read
            != NX_NULL
        && (duva_server(&s->client.engine)->bits & DUVA_CAP_8BITMIME))
        s->mail.flags |= DUVA_MAIL_8BIT; /* it may have octets above 127 */
    duva_send_mail(&s->client, &s->mail, duva__nx_message_read, c);
    if (s->client.mails != before)
        return !is_before_mail(&s->mail.result);
    return duva_next(&s->client.engine) == DUVA_IDLE
           && s->mail.result.verdict != DUVA_RETRY;
}

static UINT send_over(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    UINT                    status;

#if DUVA__NX_TLS
    if (is_up(s) && s->outdated)
        end_session(s);
#endif
    if (is_up(s)) {
        if (send_mail(c))
            return mail_status(s);
        end_session(s);
        reset_verdicts(&s->mail);
    }
    status = open_session(c);
    if (status != NX_SUCCESS)
        return status;
    send_mail(c);
    return mail_status(s);
}

UINT duva__nx_session_send(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    const UINT              status = send_over(c);

    if (is_up(s)
        && (!c->nx_smtp_client_connected
            || duva_next(&s->client.engine) != DUVA_IDLE))
        end_session(s);
    return duva__nx_store_status(c, status);
}

/* ---- the services ---- */

static UINT connect_claimed(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    UINT                    status = open_session(c);

    if (status == NX_SUCCESS && duva_next(&s->client.engine) != DUVA_IDLE) {
        s->mail.result = *duva_outcome(&s->client.engine);
        status = status_of(&s->mail.result, NX_SUCCESS);
        end_session(s);
    }
    if (status != NX_SUCCESS)
        c->nx_smtp_client_connected = NX_FALSE;
    return duva__nx_store_status(c, status);
}

UINT _duva_nx_smtp_client_connect(NX_SMTP_CLIENT *client_ptr,
                                  ULONG wait_option)
{
    NX_SMTP_CLIENT *c = client_ptr;
    UINT            status = NX_NOT_CLOSED;

    if (c->nx_smtp_client_init_status != NX_TRUE)
        return NX_SMTP_CLIENT_NOT_INITIALIZED;
    if (!duva__nx_claim(c))
        return NX_ALREADY_BOUND;
    if (!c->nx_smtp_client_connected) {
        c->nx_smtp_client_connected = NX_TRUE;
        c->nx_smtp_client_connect_wait = wait_option;
        c->nx_smtp_client_session.room = NX_SMTP_CLIENT_BUFFER_SIZE;
        memset(&c->nx_smtp_client_session.mail, 0, sizeof(duva_mail));
        status = connect_claimed(c);
    }
    duva__nx_release(c);
    return status;
}

UINT _duva_nxe_smtp_client_connect(NX_SMTP_CLIENT *client_ptr,
                                   ULONG wait_option)
{
    if (client_ptr == NX_NULL)
        return NX_PTR_ERROR;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _duva_nx_smtp_client_connect(client_ptr, wait_option);
}

UINT _duva_nx_smtp_client_disconnect(NX_SMTP_CLIENT *client_ptr,
                                     ULONG wait_option)
{
    UINT status = NX_NOT_CONNECTED;

    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    if (client_ptr->nx_smtp_client_connected) {
        duva__nx_session_end(client_ptr, wait_option);
        status = NX_SUCCESS;
    }
    duva__nx_release(client_ptr);
    return status;
}

UINT _duva_nxe_smtp_client_disconnect(NX_SMTP_CLIENT *client_ptr,
                                      ULONG wait_option)
{
    if (!duva__nx_is_client(client_ptr))
        return NX_PTR_ERROR;
    NX_THREADS_ONLY_CALLER_CHECKING
    return _duva_nx_smtp_client_disconnect(client_ptr, wait_option);
}

#else
typedef int duva__nx_no_session; /* a file must not be empty */
#endif
