/* nxd_smtp_client.c - turns calls of the NetX Duo API into a client. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_claim.h"
#if DUVA_NETX_MORE
#include "nxd_smtp_session.h"
#endif

#include "nx_ip.h"

#include <stddef.h>
#include <string.h>

/* The add-on that comes with NetX Duo has a header of the same name.  A program
 * that is compiled for one and linked with the other must not come about by an
 * order of folders or libraries: this is a name of the add-on's, of those that
 * the program does not call, so that the two do not link together. */
#ifdef NX_SMTP_DISABLE_ERROR_CHECKING
#define ADD_ON _nxde_smtp_client_create
#else
#define ADD_ON _nxd_smtp_client_create
#endif
extern const UCHAR ADD_ON;
const UCHAR ADD_ON = 0;

/* ---- create and delete ---- */

static UINT create_socket(NX_SMTP_CLIENT *c, NX_IP *ip)
{
    return nx_tcp_socket_create(ip, &c->nx_smtp_client_socket,
                                (CHAR *)"SMTP Client socket", NX_IP_NORMAL,
                                NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE,
                                NX_SMTP_CLIENT_TCP_WINDOW_SIZE, NX_NULL,
                                NX_NULL);
}

/* A client that exists may be in use by another thread: what fails must not
 * touch it. */
UINT _duva_nxd_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    NXD_ADDRESS *server_address, UINT port)
{
    NX_SMTP_CLIENT *c = client_ptr;
    const size_t    username_size = strlen(username) + 1;
    const size_t    password_size = strlen(password) + 1;
    const size_t    domain_size = strlen(client_domain) + 1;
    UINT            status = NX_SIZE_ERROR;

    if (username_size <= sizeof(c->nx_smtp_username)
        && password_size <= sizeof(c->nx_smtp_password)
        && domain_size <= sizeof(c->nx_smtp_client_domain))
        status = create_socket(c, ip_ptr);
    if (status == NX_PTR_ERROR
        || (status != NX_SUCCESS && duva__nx_is_client(c)))
        return status;
    duva_wipe(c, offsetof(NX_SMTP_CLIENT, nx_smtp_client_socket));
    if (status != NX_SUCCESS)
        return status;
    memcpy(c->nx_smtp_username, username, username_size);
    memcpy(c->nx_smtp_password, password, password_size);
    memcpy(c->nx_smtp_client_domain, client_domain, domain_size);
    if (authentication_type != NX_SMTP_CLIENT_AUTH_NONE
        && authentication_type != NX_SMTP_CLIENT_AUTH_LOGIN)
        authentication_type = NX_SMTP_CLIENT_AUTH_PLAIN;
    c->nx_smtp_client_authentication_type = authentication_type;
    c->nx_smtp_client_ip_ptr = ip_ptr;
    c->nx_smtp_client_packet_pool_ptr = client_packet_pool_ptr;
    c->nx_smtp_client_mail.nx_smtp_client_mail_from_address = from_address;
    c->nx_smtp_server_address = *server_address;
    c->nx_smtp_server_port = (USHORT)(port & 0xFFFFu);
    c->nx_smtp_client_id = NX_SMTP_CLIENT_ID;
    c->nx_smtp_client_init_status = NX_TRUE;
    return NX_SUCCESS;
}

UINT _duva_nx_smtp_client_delete(NX_SMTP_CLIENT *client_ptr)
{
    UINT status;

    if (!duva__nx_claim(client_ptr))
        return NX_STILL_BOUND;
#if DUVA_NETX_MORE
    duva__nx_session_end(client_ptr, NX_SMTP_CLIENT_DISCONNECT_TIMEOUT);
#endif
    status = nx_tcp_socket_delete(&client_ptr->nx_smtp_client_socket);
    if (status == NX_SUCCESS)
        duva_wipe(client_ptr, sizeof(*client_ptr));
    else
        duva__nx_release(client_ptr);
    return status;
}

/* ---- the forms that check their arguments ---- */

UINT _duva_nxde_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    NXD_ADDRESS *server_address, UINT port)
{
    if (ip_ptr == NX_NULL || client_ptr == NX_NULL
        || client_packet_pool_ptr == NX_NULL || from_address == NX_NULL
        || username == NX_NULL || password == NX_NULL
        || client_domain == NX_NULL || server_address == NX_NULL)
        return NX_PTR_ERROR;
    if (ip_ptr->nx_ip_id != NX_IP_ID)
        return NX_SMTP_INVALID_PARAM;
    if (server_address->nxd_ip_version != NX_IP_VERSION_V4
        && server_address->nxd_ip_version != NX_IP_VERSION_V6)
        return NX_IP_ADDRESS_ERROR;
    return _duva_nxd_smtp_client_create(
        client_ptr, ip_ptr, client_packet_pool_ptr, username, password,
        from_address, client_domain, authentication_type, server_address,
        port);
}

UINT _duva_nxe_smtp_client_delete(NX_SMTP_CLIENT *client_ptr)
{
    return duva__nx_is_client(client_ptr)
               ? _duva_nx_smtp_client_delete(client_ptr)
               : NX_PTR_ERROR;
}

/* ---- the forms for IPv4 ---- */

#ifndef NX_DISABLE_IPV4
UINT _duva_nx_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    ULONG server_address, UINT port)
{
    NXD_ADDRESS address;

    memset(&address, 0, sizeof(address));
    address.nxd_ip_version = NX_IP_VERSION_V4;
    address.nxd_ip_address.v4 = server_address;
    return _duva_nxd_smtp_client_create(
        client_ptr, ip_ptr, client_packet_pool_ptr, username, password,
        from_address, client_domain, authentication_type, &address, port);
}

UINT _duva_nxe_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    ULONG server_address, UINT port)
{
    NXD_ADDRESS address;

    if (server_address == 0)
        return NX_IP_ADDRESS_ERROR;
    memset(&address, 0, sizeof(address));
    address.nxd_ip_version = NX_IP_VERSION_V4;
    address.nxd_ip_address.v4 = server_address;
    return _duva_nxde_smtp_client_create(
        client_ptr, ip_ptr, client_packet_pool_ptr, username, password,
        from_address, client_domain, authentication_type, &address, port);
}
#endif
