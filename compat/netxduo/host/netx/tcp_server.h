/* listen.h - connections inside the process. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_HOST_NETX_LISTEN_H
#define DUVA_HOST_NETX_LISTEN_H

#include "nx_api.h"

/* Offers the client's connection request to the server socket that listens
 * at `server`. Returns NX_NOT_CONNECTED if none does. */
UINT duva__nx_connect_inside(NX_TCP_SOCKET *client, NX_IP *server);

#endif
