/* tcp.h - sockets, as the checked calls ask for them. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_HOST_NETX_TCP_H
#define DUVA_HOST_NETX_TCP_H

#include "nx_api.h"

int duva__nx_socket_known(const NX_IP *ip, const NX_TCP_SOCKET *socket);

#endif
