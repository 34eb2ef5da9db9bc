/* nxd_smtp_recipient.c - the recipients of a client, and their results. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_claim.h"

#if DUVA_NETX_MORE

#include <string.h>

/* ---- replies ---- */

static NX_SMTP_CLIENT_STATE state_of(UINT stage)
{
    switch (stage) {
    case DUVA_STAGE_GREETING:
        return NX_SMTP_CLIENT_STATE_GREETING;
    case DUVA_STAGE_EHLO:
        return NX_SMTP_CLIENT_STATE_EHLO;
    case DUVA_STAGE_STARTTLS:
    case DUVA_STAGE_TLS:
        return NX_SMTP_CLIENT_STATE_STARTTLS;
    case DUVA_STAGE_AUTH:
        return NX_SMTP_CLIENT_STATE_AUTH;
    case DUVA_STAGE_RSET:
        return NX_SMTP_CLIENT_STATE_RSET;
    case DUVA_STAGE_MAIL:
        return NX_SMTP_CLIENT_STATE_MAIL;
    case DUVA_STAGE_RCPT:
        return NX_SMTP_CLIENT_STATE_RCPT;
    case DUVA_STAGE_DATA:
        return NX_SMTP_CLIENT_STATE_DATA;
    case DUVA_STAGE_BODY:
    case DUVA_STAGE_END:
        return NX_SMTP_CLIENT_STATE_MESSAGE;
    case DUVA_STAGE_QUIT:
        return NX_SMTP_CLIENT_STATE_QUIT;
    default:
        return NX_SMTP_CLIENT_STATE_IDLE;
    }
}

static void tell(NX_SMTP_REPLY *reply, duva_verdict verdict,
                 const duva_status *status, const CHAR *text)
{
    UINT i;

    reply->nx_smtp_reply_verdict = (UINT)verdict;
    reply->nx_smtp_reply_code = status->code;
    for (i = 0; i < 3; i++)
        reply->nx_smtp_reply_enhanced[i] = status->enhanced[i];
    reply->nx_smtp_reply_state = state_of(status->stage);
    reply->nx_smtp_reply_text = text;
}

UINT _duva_nx_smtp_client_reply_get(NX_SMTP_CLIENT *client_ptr,
                                    NX_SMTP_REPLY *reply)
{
    const duva_result *r = &client_ptr->nx_smtp_client_session.mail.result;

    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    tell(reply, r->verdict, &r->status, r->text);
    duva__nx_release(client_ptr);
    return NX_SUCCESS;
}

UINT _duva_nx_smtp_client_recipient_status_get(NX_SMTP_CLIENT *client_ptr,
                                               UINT index,
                                               const CHAR **address,
                                               NX_SMTP_REPLY *reply)
{
    const duva_mail *mail = &client_ptr->nx_smtp_client_session.mail;
    const duva_rcpt *rcpt;
    UINT             status = NX_ENTRY_NOT_FOUND;

    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    if (index < mail->rcpt_count) {
        rcpt = &mail->rcpt[index];
        if (address != NX_NULL)
            *address = rcpt->addr;
        tell(reply, rcpt->verdict, &rcpt->status,
             rcpt->text != NULL ? rcpt->text : "");
        status = NX_SUCCESS;
    }
    duva__nx_release(client_ptr);
    return status;
}

/* ---- recipients ---- */

/* The last mail's recipients are no more. */
static void forget(NX_SMTP_CLIENT *c)
{
    c->nx_smtp_client_session.mail.rcpt_count = 0;
}

static void clear(NX_SMTP_CLIENT *c)
{
    UINT *end = c->nx_smtp_client_recipients_end;

    forget(c);
    end[0] = end[1] = end[2] = 0;
}

UINT _duva_nx_smtp_client_recipients_clear(NX_SMTP_CLIENT *client_ptr)
{
    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    clear(client_ptr);
    duva__nx_release(client_ptr);
    return NX_SUCCESS;
}

UINT _duva_nx_smtp_client_recipients_set(NX_SMTP_CLIENT *client_ptr,
                                         NX_SMTP_RECIPIENT *recipients,
                                         UINT max, CHAR *text,
                                         UINT text_size)
{
    NX_SMTP_CLIENT *c = client_ptr;

    if (!duva__nx_claim(c))
        return NX_ALREADY_BOUND;
    clear(c);
    c->nx_smtp_client_recipients = recipients;
    c->nx_smtp_client_recipients_max = max;
    c->nx_smtp_client_recipient_text = text;
    c->nx_smtp_client_recipient_text_size = max > 0 ? text_size / max : 0;
    duva__nx_release(c);
    return NX_SUCCESS;
}

/* They stand in the order of the header: those behind it move up. */
UINT _duva_nx_smtp_client_recipient_add(NX_SMTP_CLIENT *client_ptr,
                                        CHAR *address, UINT type)
{
    UINT *end = client_ptr->nx_smtp_client_recipients_end;
    UINT  kind = type == NX_SMTP_RECIPIENT_TO ? 0
                : type == NX_SMTP_RECIPIENT_CC ? 1 : 2;
    UINT  status = NX_NO_MORE_ENTRIES;

    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    forget(client_ptr);
    if (end[2] < client_ptr->nx_smtp_client_recipients_max) {
        NX_SMTP_RECIPIENT *list = client_ptr->nx_smtp_client_recipients;
        const UINT         at = end[kind];

        memmove(&list[at + 1], &list[at], (end[2] - at) * sizeof(*list));
        memset(&list[at], 0, sizeof(*list));
        list[at].addr = address;
        for (; kind < 3; kind++)
            end[kind]++;
        status = NX_SUCCESS;
    }
    duva__nx_release(client_ptr);
    return status;
}

UINT _duva_nx_smtp_client_recipient_policy_set(NX_SMTP_CLIENT *client_ptr,
                                               UINT policy)
{
    if (policy > NX_SMTP_RECIPIENTS_ANY)
        return NX_SMTP_INVALID_PARAM;
    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    client_ptr->nx_smtp_client_recipient_policy = policy;
    duva__nx_release(client_ptr);
    return NX_SUCCESS;
}

/* ---- the forms that check their arguments ---- */

UINT _duva_nxe_smtp_client_reply_get(NX_SMTP_CLIENT *client_ptr,
                                     NX_SMTP_REPLY *reply)
{
    if (!duva__nx_is_client(client_ptr) || reply == NX_NULL)
        return NX_PTR_ERROR;
    return _duva_nx_smtp_client_reply_get(client_ptr, reply);
}

UINT _duva_nxe_smtp_client_recipient_status_get(NX_SMTP_CLIENT *client_ptr,
                                                UINT index,
                                                const CHAR **address,
                                                NX_SMTP_REPLY *reply)
{
    if (!duva__nx_is_client(client_ptr) || reply == NX_NULL)
        return NX_PTR_ERROR;
    return _duva_nx_smtp_client_recipient_status_get(client_ptr, index,
                                                     address, reply);
}

UINT _duva_nxe_smtp_client_recipients_clear(NX_SMTP_CLIENT *client_ptr)
{
    return duva__nx_is_client(client_ptr)
               ? _duva_nx_smtp_client_recipients_clear(client_ptr)
               : NX_PTR_ERROR;
}

UINT _duva_nxe_smtp_client_recipients_set(NX_SMTP_CLIENT *client_ptr,
                                          NX_SMTP_RECIPIENT *recipients,
                                          UINT max, CHAR *text,
                                          UINT text_size)
{
    if (!duva__nx_is_client(client_ptr) || (recipients == NX_NULL && max > 0)
        || (text == NX_NULL && text_size > 0))
        return NX_PTR_ERROR;
    return _duva_nx_smtp_client_recipients_set(client_ptr, recipients, max,
                                               text, text_size);
}

UINT _duva_nxe_smtp_client_recipient_add(NX_SMTP_CLIENT *client_ptr,
                                         CHAR *address, UINT type)
{
    if (!duva__nx_is_client(client_ptr) || address == NX_NULL)
        return NX_PTR_ERROR;
    if ((type != NX_SMTP_RECIPIENT_TO && type != NX_SMTP_RECIPIENT_CC
         && type != NX_SMTP_RECIPIENT_BCC)
        || duva_address_check(address) != DUVA_REASON_NONE)
        return NX_SMTP_INVALID_PARAM;
    return _duva_nx_smtp_client_recipient_add(client_ptr, address, type);
}

UINT _duva_nxe_smtp_client_recipient_policy_set(NX_SMTP_CLIENT *client_ptr,
                                                UINT policy)
{
    return duva__nx_is_client(client_ptr)
               ? _duva_nx_smtp_client_recipient_policy_set(client_ptr, policy)
               : NX_PTR_ERROR;
}

#else
typedef int duva__nx_no_recipient; /* a file must not be empty */
#endif
