/* nxd_smtp_classic.c - turns a call of the guide into a mail, without more. */
/* SPDX-License-Identifier: MIT */
/*
 * The engine is driven here: one connection, one mail, and QUIT.  The larger
 * client uses duva/client.h, for connections that are kept and several
 * recipients.
 */
#include "nxd_smtp_check.h"
#include "nxd_smtp_packets.h"
#include "nxd_smtp_reply.h"
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

#if DUVA_WITH_SIZE
#define NOTE_SIZE(mail, body) ((mail)->size = (body)->octets)
#else
#define NOTE_SIZE(mail, body) ((void)0)
#endif

static int is_message(NX_SMTP_CLIENT *c)
{
    duva_mail *mail = &c->nx_smtp_client_session.mail;
    duva_body  body;
    UINT       i, len;

    memset(&body, 0, sizeof(body));
    for (i = 0; i < PIECES; i++) {
        const CHAR *text = piece_of(c, i, &len);

        if (!duva__nx_check_text(mail, &body, text, len))
            return 0;
    }
    if (duva_body_check_end(&body) != DUVA_OK)
        return 0;
    NOTE_SIZE(mail, &body);
    return 1;
}

static int is_fit(NX_SMTP_CLIENT *c)
{
    const duva_mail *mail = &c->nx_smtp_client_session.mail;

    return (*mail->from == '\0' || !duva_path_check(mail->from, mail->flags))
           && !duva_path_check(mail->rcpt->addr, mail->flags)
           && duva__nx_is_subject(
               c->nx_smtp_client_mail.nx_smtp_client_mail_subject)
           && is_message(c);
}

/* ---- the session ---- */

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
        duva__nx_authenticate(c, e);
        return NX_SUCCESS;
    case DUVA_BODY:
        fill(c);
        return NX_SUCCESS;
    default:
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
    if (r->err == DUVA_OK)
        return NX_SUCCESS;
    return r->cause != 0 ? (UINT)r->cause : duva__nx_refusal(r);
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

/* A connection that has failed is not waited for. */
static VOID hang_up(NX_SMTP_CLIENT *c, const duva_result *session)
{
    size_t len = 6;

    if (duva__nx_needs_quit(session)
        && duva__nx_put(c, "QUIT\r\n", &len) == NX_SUCCESS)
        duva__nx_take(c, NX_SMTP_ENVELOPE_TIMEOUT);
    duva__nx_close(c, session->cause != 0 ? NX_NO_WAIT
                                          : NX_SMTP_CLIENT_DISCONNECT_TIMEOUT);
}

static UINT send_over(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    const duva_result      *session = duva_outcome(&s->engine);
    const UINT              status = duva__nx_open(c);

    if (status != NX_SUCCESS) {
        s->mail.result.verdict = DUVA_RETRY;
        s->mail.result.err = DUVA_ERR_CONNECT;
        s->mail.result.cause = (int32_t)status;
        return status;
    }
    run_session(c);
    if (s->mail.result.verdict == DUVA_PENDING)
        s->mail.result = *session;
    duva__nx_note_authentication(c, session);
    hang_up(c, session);
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
    duva__nx_store_status(c, status);
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
