/* nxd_smtp_client.c - NetX Duo's own add-on, in name only. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_client.h"

UINT _nxd_smtp_client_create(NX_SMTP_CLIENT *client, NX_IP *ip,
                             NX_PACKET_POOL *pool, CHAR *username,
                             CHAR *password, CHAR *from, CHAR *domain,
                             UINT type, NXD_ADDRESS *server, UINT port)
{
    (void)client, (void)ip, (void)pool, (void)username, (void)password;
    (void)from, (void)domain, (void)type, (void)server, (void)port;
    return NX_NOT_IMPLEMENTED;
}

UINT _nxde_smtp_client_create(NX_SMTP_CLIENT *client, NX_IP *ip,
                              NX_PACKET_POOL *pool, CHAR *username,
                              CHAR *password, CHAR *from, CHAR *domain,
                              UINT type, NXD_ADDRESS *server, UINT port)
{
    return _nxd_smtp_client_create(client, ip, pool, username, password, from,
                                   domain, type, server, port);
}

UINT _nxe_smtp_client_delete(NX_SMTP_CLIENT *client)
{
    (void)client;
    return NX_NOT_IMPLEMENTED;
}

UINT _nxe_smtp_mail_send(NX_SMTP_CLIENT *client, CHAR *recipient,
                         UINT priority, CHAR *subject, CHAR *body,
                         UINT body_length)
{
    (void)client, (void)recipient, (void)priority, (void)subject, (void)body;
    (void)body_length;
    return NX_NOT_IMPLEMENTED;
}
