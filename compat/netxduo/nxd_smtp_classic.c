/* nxd_smtp_classic.c - turns a call of the guide into a mail, without more. */
/* SPDX-License-Identifier: MIT */
/*
 * The engine is driven here: one connection, one mail, and QUIT.  The larger
 * client uses duva/client.h, for connections that are kept and several
 * recipients.
 */
#include "nxd_smtp_packets.h"
#include "nxd_smtp_secure.h"

#if !DUVA_NETX_MORE

#include "nx_ip.h"

#include <string.h>

#if NX_SMTP_CLIENT_BUFFER_SIZE < DUVA_BUFFER_MIN
#error "NX_SMTP_CLIENT_BUFFER_SIZE must not be less than DUVA_BUFFER_MIN"
#endif

NX_CALLER_CHECKING_EXTERNS

/* ---- the message ---- */

/* What stands before each text of the header; the body comes last. */
static const CHAR *const before[] = {
    "To: ", "\r\nFrom: ", "\r\nSubject: ",
    "\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: 8bit\r\n"
    "\r\n"
};
enum { PIECES = 2 * sizeof(before) / sizeof(before[0]) };

/* A piece of the message: a name and a text in turns. */
static const CHAR *piece_of(const NX_SMTP_CLIENT *c, UINT piece, UINT *len)
{
    const NX_SMTP_CLIENT_MAIL *m = &c->nx_smtp_client_mail;
    const CHAR                *text = before[piece / 2];

    if (piece == 1)
        text = m->nx_smtp_client_mail_recipient_address;
    else if (piece == 3)
        text = c->nx_smtp_client_session.mail.from;
    else if (piece == 5)
        text = m->nx_smtp_client_mail_subject;
    else if (piece == PIECES - 1) {
        *len = m->nx_smtp_client_mail_body_length;
        return m->nx_smtp_client_mail_body;
    }
    *len = (UINT)strlen(text);
    return text;
}

/* Gives the engine the next octets of the message, or its end. */
static VOID fill(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    size_t                  room;
    void                   *to = duva_room(&s->engine, &room);

    for (; s->piece < PIECES; s->piece++) {
        UINT        len;
        const CHAR *text = piece_of(c, s->piece, &len);

        len -= s->piece_read;
        if (len > room)
            len = (UINT)room;
        if (len > 0) {
            memcpy(to, text + s->piece_read, len);
            s->piece_read += len;
            duva_filled(&s->engine, len);
            return;
        }
        s->piece_read = 0;
    }
    duva_body_end(&s->engine);
}

/* ---- is it fit to be sent? ---- */

static int is_subject(const CHAR *text)
{
    for (; *text != '\0'; text++) {
        const UCHAR octet = (UCHAR)*text;

        if ((octet < ' ' && octet != '\t') || octet == 0x7F)
            return 0;
    }
    return 1;
}

#if DUVA_WITH_SIZE
static VOID note_8bit(duva_mail *mail, const CHAR *text, UINT len)
{
    for (; len > 0; len--)
        if ((UCHAR)*text++ >= 0x80)
            mail->flags |= DUVA_MAIL_8BIT;
}

static VOID note_size(duva_mail *mail, const duva_body *body)
{
    mail->size = body->octets;
}
#else
#define note_8bit(mail, text, len) ((void)(mail))
#define note_size(mail, body) ((void)(mail))
#endif

static int is_message(NX_SMTP_CLIENT *c)
{
    duva_mail *mail = &c->nx_smtp_client_session.mail;
    duva_body  body;
    UINT       i, len;

    memset(&body, 0, sizeof(body));
    for (i = 0; i < PIECES; i++) {
        const CHAR *text = piece_of(c, i, &len);

        note_8bit(mail, text, len);
        duva_body_check(&body, text, len);
    }
    if (duva_body_check_end(&body) != DUVA_OK)
        return 0;
    note_size(mail, &body);
    return 1;
}

static int is_fit(NX_SMTP_CLIENT *c)
{
    const duva_mail *mail = &c->nx_smtp_client_session.mail;

    return (*mail->from == '\0' || !duva_path_check(mail->from, mail->flags))
           && !duva_path_check(mail->rcpt->addr, mail->flags)
           && is_subject(c->nx_smtp_client_mail.nx_smtp_client_mail_subject)
           && is_message(c);
}

/* ---- the session ---- */

/* The mechanism, from those that are advertised and what was asked for. */
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

static VOID authenticate(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    const UINT              type = choose(c, duva_server(&s->engine));

    if (type == NX_SMTP_CLIENT_AUTH_NONE) {
        duva_auth_skip(&s->engine);
        return;
    }
    if (type == NX_SMTP_CLIENT_AUTH_LOGIN)
        duva_sasl_login_init(&s->credentials, c->nx_smtp_username,
                             c->nx_smtp_password);
    else
        duva_sasl_plain_init(&s->credentials, c->nx_smtp_username,
                             c->nx_smtp_password);
#ifndef NX_SMTP_CLIENT_AUTH_INITIAL_RESPONSE
    s->credentials.base.flags |= DUVA_SASL_WAITS;
#endif
    c->nx_smtp_client_authentication_state =
        NX_SMTP_AUTHENTICATION_IN_PROGRESS;
    duva_auth(&s->engine, &s->credentials.base);
}

static ULONG wait_of(duva_stage stage)
{
    if (stage == DUVA_STAGE_GREETING)
        return NX_SMTP_GREETING_TIMEOUT;
    return stage == DUVA_STAGE_END ? NX_SMTP_MESSAGE_TIMEOUT
                                   : NX_SMTP_ENVELOPE_TIMEOUT;
}

static UINT send_pending(NX_SMTP_CLIENT *c)
{
    duva_engine *e = &c->nx_smtp_client_session.engine;
    size_t       len;
    const void  *data = duva_pending(e, &len);
    const UINT   status = duva__nx_put(c, data, &len);

    if (status == NX_SUCCESS)
        duva_sent(e, len);
    return status;
}

#if DUVA__NX_TLS
static VOID secure(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    duva_tls               *tls = &s->tls.tls;

    if (tls->handshake(tls, &s->link.link, c->nx_smtp_client_tls_server_name,
                       &s->secured)
        > 0)
        duva_tls_done(&s->engine, &s->secured);
    else
        duva_tls_failed(&s->engine, (duva_reason)tls->reason, tls->link.cause);
}
#endif

/* Does what the engine needs now.  Returns a status of NetX Duo. */
static UINT serve(NX_SMTP_CLIENT *c, duva_need need)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    duva_engine            *e = &s->engine;

    switch (need) {
    case DUVA_SEND:
        return send_pending(c);
    case DUVA_RECV:
        return duva__nx_take(c, wait_of(duva_where(e)));
#if DUVA__NX_TLS
    case DUVA_TLS:
        secure(c);
        return NX_SUCCESS;
#endif
    case DUVA_AUTH:
        authenticate(c);
        return NX_SUCCESS;
    case DUVA_BODY:
        fill(c);
        return NX_SUCCESS;
    default:
        if (c->nx_smtp_client_authentication_state
            == NX_SMTP_AUTHENTICATION_IN_PROGRESS)
            c->nx_smtp_client_authentication_state =
                NX_SMTP_AUTHENTICATION_SUCCEEDED;
        if (s->mail.result.verdict == DUVA_PENDING)
            duva_mail_start(e, &s->mail);
        else
            duva_quit(e);
        return NX_SUCCESS;
    }
}

static VOID run_session(NX_SMTP_CLIENT *c)
{
    duva_engine *e = &c->nx_smtp_client_session.engine;
    duva_need    need;

    while ((need = duva_next(e)) != DUVA_CLOSED) {
        const UINT status = serve(c, need);

        if (status != NX_SUCCESS)
            duva_abort(e,
                       status == NX_NOT_CONNECTED ? DUVA_ERR_CLOSED
                       : need == DUVA_RECV && status == NX_NO_PACKET
                           ? DUVA_ERR_TIMEOUT
                           : DUVA_ERR_IO,
                       (int32_t)status);
    }
}

/* ---- the end ---- */

static UINT status_of(const duva_result *r)
{
    /* By stage.  A mail that does not begin has none, and is the first. */
    static const UCHAR refused[DUVA_STAGES] = {
        NX_SMTP_MAIL_REPLY_ERROR,    NX_SMTP_MAIL_REPLY_ERROR,
        NX_SMTP_GREET_REPLY_ERROR,   NX_SMTP_HELLO_REPLY_ERROR,
        NX_SMTP_HELLO_REPLY_ERROR,   NX_SMTP_AUTH_REPLY_ERROR,
        NX_SMTP_MAIL_REPLY_ERROR,    NX_SMTP_MAIL_REPLY_ERROR,
        NX_SMTP_MAIL_REPLY_ERROR,    NX_SMTP_RCPT_REPLY_ERROR,
        NX_SMTP_DATA_REPLY_ERROR,    NX_SMTP_MESSAGE_REPLY_ERROR,
        NX_SMTP_MESSAGE_REPLY_ERROR, NX_SMTP_MESSAGE_REPLY_ERROR
    };

    if (r->err == DUVA_OK)
        return NX_SUCCESS;
#if DUVA__NX_TLS
    if (r->reason == DUVA_REASON_NO_STARTTLS)
        return NX_SMTP_TLS_NOT_OFFERED;
    if (r->cause == 0
        && (r->status.stage == DUVA_STAGE_STARTTLS
            || r->status.stage == DUVA_STAGE_TLS))
        return NX_SMTP_TLS_REPLY_ERROR;
#endif
#if DUVA_WITH_SIZE
    if (r->reason == DUVA_REASON_TOO_BIG)
        return NX_SMTP_OVERSIZE_MAIL_DATA;
#endif
    return r->cause != 0 ? (UINT)r->cause
                         : refused[r->status.stage];
}

/* ---- a mail ---- */

#ifdef NX_SMTP_CLIENT_AUTH_STRICT
#define OPTIONS (DUVA_ALLOW_CLEAR_PASSWORD | DUVA_QUIRK_LEADING_SPACE)
#else
#define OPTIONS                                                                \
    (DUVA_ALLOW_CLEAR_PASSWORD | DUVA_QUIRK_LEADING_SPACE                      \
     | DUVA_QUIRK_UNLISTED_AUTH)
#endif

/* Makes the session and its mail ready.  Nothing is sent by that. */
static UINT prepare(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;

    memset(s, 0, sizeof(*s));
    s->config.name = c->nx_smtp_client_domain;
    s->config.tls = DUVA_TLS_NEVER;
    s->config.options = OPTIONS;
    s->mail.from = c->nx_smtp_client_mail.nx_smtp_client_mail_from_address;
    if (strcmp(s->mail.from, "<>") == 0)
        s->mail.from = "";     /* the null reverse-path */
    s->mail.rcpt = &s->recipient;
    s->mail.rcpt_count = 1;
    s->mail.flags = DUVA_MAIL_BRACKETS;
    s->recipient.addr =
        c->nx_smtp_client_mail.nx_smtp_client_mail_recipient_address;
    c->nx_smtp_client_authentication_state = NX_SMTP_NOT_AUTHENTICATED;
#if DUVA__NX_TLS
    duva__nx_secure_begin(c, &s->config);
#endif
    return is_fit(c)
                   && duva_init(&s->engine, &s->config, s->buffer,
                                sizeof(s->buffer))
                          == DUVA_OK
               ? NX_SUCCESS
               : NX_SMTP_INVALID_PARAM;
}

/* A server whose reply cannot be parsed gets QUIT all the same, but not where
 * it expects a message; one that has failed is not waited for. */
static VOID hang_up(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    const duva_result      *session = duva_outcome(&s->engine);
    size_t                  len = 6;

    if (session->err == DUVA_ERR_PROTOCOL
        && session->reason != DUVA_REASON_INJECTION
        && session->status.stage != DUVA_STAGE_BODY
        && duva__nx_put(c, "QUIT\r\n", &len) == NX_SUCCESS)
        duva__nx_take(c, NX_SMTP_ENVELOPE_TIMEOUT);
    duva__nx_close(c, session->cause != 0 ? NX_NO_WAIT
                                          : NX_SMTP_CLIENT_DISCONNECT_TIMEOUT);
}

static UINT send_over(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    const UINT              status = duva__nx_open(c);

    if (status != NX_SUCCESS) {
        s->mail.result.verdict = DUVA_RETRY;
        s->mail.result.err = DUVA_ERR_CONNECT;
        s->mail.result.cause = (int32_t)status;
        return status;
    }
    run_session(c);
    if (s->mail.result.verdict == DUVA_PENDING)
        s->mail.result = *duva_outcome(&s->engine);
    if (c->nx_smtp_client_authentication_state
        == NX_SMTP_AUTHENTICATION_IN_PROGRESS)
        c->nx_smtp_client_authentication_state = NX_SMTP_AUTHENTICATION_FAILED;
    hang_up(c);
    return status_of(&s->mail.result);
}

UINT _duva_nx_smtp_mail_send(NX_SMTP_CLIENT *client_ptr,
                             CHAR *recipient_address, UINT priority,
                             CHAR *subject, CHAR *mail_body,
                             UINT mail_body_length)
{
    NX_SMTP_CLIENT      *c = client_ptr;
    NX_SMTP_CLIENT_MAIL *m = &c->nx_smtp_client_mail;
    duva_result         *r = &c->nx_smtp_client_session.mail.result;
    CHAR *const          from = m->nx_smtp_client_mail_from_address;
    UINT                 status;

    if (c->nx_smtp_client_init_status != NX_TRUE)
        return NX_SMTP_CLIENT_NOT_INITIALIZED;
    if (!duva__nx_claim(c))
        return NX_ALREADY_BOUND;
    m->nx_smtp_client_mail_recipient_address = recipient_address;
    m->nx_smtp_client_mail_priority = priority;
    m->nx_smtp_client_mail_subject = subject;
    m->nx_smtp_client_mail_body = mail_body;
    m->nx_smtp_client_mail_body_length = mail_body_length;
    status = prepare(c);
#if DUVA__NX_TLS
    if (status == NX_SUCCESS)
        status = duva__nx_secure_check(c);
#endif
    if (status == NX_SUCCESS) {
        status = send_over(c);
    } else {
        r->verdict = DUVA_REFUSED;
        r->err = DUVA_ERR_ARG;
    }
    c->nx_smtp_client_reply_code_status = r->status.code;
    c->nx_smtp_client_mail_status =
        status == NX_NO_PACKET && r->err == DUVA_ERR_IO
            ? NX_SMTP_PACKET_ALLOCATE_ERROR
            : status;
    memset(m, 0, sizeof(*m));  /* nothing that was handed over is kept */
    m->nx_smtp_client_mail_from_address = from;
    duva__nx_release(c);
    return status;
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

#else
typedef int duva__nx_more;     /* a file must not be empty */
#endif
