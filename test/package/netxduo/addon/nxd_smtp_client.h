/* nxd_smtp_client.h - NetX Duo's own add-on, in name only. */
/* SPDX-License-Identifier: MIT */
#ifndef NXD_SMTP_CLIENT_H
#define NXD_SMTP_CLIENT_H

#include "nx_api.h"

typedef struct NX_SMTP_CLIENT_STRUCT {
    ULONG nx_smtp_client_id;
} NX_SMTP_CLIENT;

#define NX_SMTP_CLIENT_AUTH_PLAIN   3
#define NX_SMTP_MAIL_PRIORITY_HIGH  4

#define nxd_smtp_client_create _nxde_smtp_client_create
#define nx_smtp_client_delete  _nxe_smtp_client_delete
#define nx_smtp_mail_send      _nxe_smtp_mail_send

UINT _nxd_smtp_client_create(NX_SMTP_CLIENT *client, NX_IP *ip,
                             NX_PACKET_POOL *pool, CHAR *username,
                             CHAR *password, CHAR *from, CHAR *domain,
                             UINT type, NXD_ADDRESS *server, UINT port);
UINT _nxde_smtp_client_create(NX_SMTP_CLIENT *client, NX_IP *ip,
                              NX_PACKET_POOL *pool, CHAR *username,
                              CHAR *password, CHAR *from, CHAR *domain,
                              UINT type, NXD_ADDRESS *server, UINT port);
UINT _nxe_smtp_client_delete(NX_SMTP_CLIENT *client);
UINT _nxe_smtp_mail_send(NX_SMTP_CLIENT *client, CHAR *recipient,
                         UINT priority, CHAR *subject, CHAR *body,
                         UINT body_length);

#endif
