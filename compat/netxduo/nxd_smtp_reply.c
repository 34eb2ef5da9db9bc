/* nxd_smtp_reply.c - turns what a server says into mechanism and status. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_reply.h"

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

VOID duva__nx_authenticate(NX_SMTP_CLIENT *c, duva_engine *e)
{
    duva_sasl_password *credentials = &c->nx_smtp_client_session.credentials;
    const UINT          type = choose(c, duva_server(e));

    if (type == NX_SMTP_CLIENT_AUTH_NONE) {
        duva_auth_skip(e);
        return;
    }
    if (type == NX_SMTP_CLIENT_AUTH_LOGIN)
        duva_sasl_login_init(credentials, c->nx_smtp_username,
                             c->nx_smtp_password);
    else
        duva_sasl_plain_init(credentials, c->nx_smtp_username,
                             c->nx_smtp_password);
#ifndef NX_SMTP_CLIENT_AUTH_INITIAL_RESPONSE
    credentials->base.flags |= DUVA_SASL_WAITS;
#endif
    c->nx_smtp_client_authentication_state =
        NX_SMTP_AUTHENTICATION_IN_PROGRESS;
    duva_auth(e, &credentials->base);
}

VOID duva__nx_note_authentication(NX_SMTP_CLIENT *c,
                                  const duva_result *session)
{
    if (c->nx_smtp_client_authentication_state
        == NX_SMTP_AUTHENTICATION_IN_PROGRESS)
        c->nx_smtp_client_authentication_state =
            session->err != DUVA_OK
                    && session->status.stage == DUVA_STAGE_AUTH
                ? NX_SMTP_AUTHENTICATION_FAILED
                : NX_SMTP_AUTHENTICATION_SUCCEEDED;
}

UINT duva__nx_refusal(const duva_result *r)
{
    /* By stage.  A mail that does not begin has none, and is the first. */
    static const UCHAR refused[DUVA_STAGES] = {
        NX_SMTP_MAIL_REPLY_ERROR,    NX_SMTP_MAIL_REPLY_ERROR,
        NX_SMTP_GREET_REPLY_ERROR,   NX_SMTP_HELLO_REPLY_ERROR,
        NX_SMTP_HELLO_REPLY_ERROR,   NX_SMTP_AUTH_REPLY_ERROR,
        NX_SMTP_MAIL_REPLY_ERROR,    NX_SMTP_MAIL_REPLY_ERROR,
        NX_SMTP_MAIL_REPLY_ERROR,    NX_SMTP_RCPT_REPLY_ERROR,
        NX_SMTP_DATA_REPLY_ERROR,    NX_SMTP_MESSAGE_REPLY_ERROR,
        NX_SMTP_MESSAGE_REPLY_ERROR, NX_SMTP_MAIL_REPLY_ERROR
    };

    const UINT stage = r->status.stage;

    if (DUVA_WITH_TLS && r->reason == DUVA_REASON_NO_STARTTLS)
        return NX_SMTP_TLS_NOT_OFFERED;
    if (DUVA_WITH_TLS
        && (stage == DUVA_STAGE_STARTTLS || stage == DUVA_STAGE_TLS))
        return NX_SMTP_TLS_REPLY_ERROR;
    if (DUVA_WITH_SIZE && r->reason == DUVA_REASON_TOO_BIG)
        return NX_SMTP_OVERSIZE_MAIL_DATA;
    return refused[stage];
}

int duva__nx_needs_quit(const duva_result *session)
{
    return session->err == DUVA_ERR_PROTOCOL
           && (!DUVA_WITH_TLS || session->reason != DUVA_REASON_INJECTION)
           && session->status.stage != DUVA_STAGE_BODY;
}

UINT duva__nx_store_status(NX_SMTP_CLIENT *c, UINT status)
{
    const duva_result *r = &c->nx_smtp_client_session.mail.result;

    c->nx_smtp_client_reply_code_status = r->status.code;
    c->nx_smtp_client_mail_status = status;
    if (status == NX_NO_PACKET && r->err == DUVA_ERR_IO)
        c->nx_smtp_client_mail_status = NX_SMTP_PACKET_ALLOCATE_ERROR;
    return status;
}
