/* nxd_smtp_secure.c - the TLS of a client. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_secure.h"
#include "nxd_smtp_claim.h"

#if DUVA__NX_TLS

#include <string.h>

UINT duva__nx_secure_check(const NX_SMTP_CLIENT *c)
{
    const UINT  mode = c->nx_smtp_client_tls_mode;
    const CHAR *name = c->nx_smtp_client_tls_server_name;

    if (mode == NX_SMTP_CLIENT_TLS_NONE)
        return NX_SUCCESS;
    if (name == NX_NULL || c->nx_smtp_client_tls_setup == NX_NULL)
        return NX_PTR_ERROR;
    if (mode > NX_SMTP_CLIENT_TLS_IMPLICIT || *name == '['
        || duva_name_check(name) != DUVA_REASON_NONE
        || strlen(name) >= NX_SECURE_X509_DNS_NAME_MAX)
        return NX_SMTP_INVALID_PARAM;
    return NX_SUCCESS;
}

/* Invalid arguments are kept too: a client for which TLS was set must not send
 * in clear text because the status was ignored. */
UINT _duva_nx_smtp_client_secure_set(
    NX_SMTP_CLIENT *client_ptr, UINT mode, CHAR *server_name,
    UINT (*tls_setup)(NX_SMTP_CLIENT *client_ptr,
                      NX_SECURE_TLS_SESSION *tls_session))
{
    UINT status;

    if (!duva__nx_claim(client_ptr))
        return NX_ALREADY_BOUND;
    client_ptr->nx_smtp_client_tls_mode = mode;
    client_ptr->nx_smtp_client_tls_server_name = server_name;
    client_ptr->nx_smtp_client_tls_setup = tls_setup;
#if DUVA_NETX_MORE
    client_ptr->nx_smtp_client_session.outdated = NX_TRUE;
#endif
    status = duva__nx_secure_check(client_ptr);
    duva__nx_release(client_ptr);
    return status;
}

UINT _duva_nxe_smtp_client_secure_set(
    NX_SMTP_CLIENT *client_ptr, UINT mode, CHAR *server_name,
    UINT (*tls_setup)(NX_SMTP_CLIENT *client_ptr,
                      NX_SECURE_TLS_SESSION *tls_session))
{
    if (!duva__nx_is_client(client_ptr))
        return NX_PTR_ERROR;
    return _duva_nx_smtp_client_secure_set(client_ptr, mode, server_name,
                                           tls_setup);
}

static UINT set_up(void *ctx, NX_SECURE_TLS_SESSION *session)
{
    NX_SMTP_CLIENT *c = (NX_SMTP_CLIENT *)ctx;

    return c->nx_smtp_client_tls_setup(c, session);
}

void duva__nx_secure_begin(NX_SMTP_CLIENT *c, duva_config *config)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;

#if DUVA_NETX_MORE
    s->outdated = NX_FALSE;
#endif
    config->tls = DUVA_TLS_NEVER;
    if (c->nx_smtp_client_tls_mode == NX_SMTP_CLIENT_TLS_NONE)
        return;
    config->tls = c->nx_smtp_client_tls_mode == NX_SMTP_CLIENT_TLS_IMPLICIT
                      ? DUVA_TLS_IMPLICIT
                      : DUVA_TLS_REQUIRED;
    config->options &= ~DUVA_ALLOW_CLEAR_PASSWORD;
    duva_nxsecure_init(&s->tls, set_up, c, NX_SMTP_CLIENT_TLS_TIMEOUT);
#if DUVA_NETX_MORE
    s->client.tls = &s->tls.tls;
    s->client.host = c->nx_smtp_client_tls_server_name;
#endif
}

#endif
