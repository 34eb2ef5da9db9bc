/* nxd_smtp_client.h - the SMTP Client of NetX Duo: names, types, services. */
/* SPDX-License-Identifier: MIT */
/*
 * A client holds everything that a mail needs; clients share nothing, and
 * there are no globals.  The IP instance, with TCP enabled, and the packet
 * pool are the application's.  doc/netx.md is the porting guide.
 *
 * Without TLS mail, user name and password are sent in clear text (base64
 * protects nothing).  TLS needs NX Secure and a build with NX_SECURE_ENABLE:
 * see nx_smtp_client_secure_set().
 */
#ifndef NXD_SMTP_CLIENT_H
#define NXD_SMTP_CLIENT_H

#include "nx_api.h"
#include "nxd_smtp_client_const.h"
#include "duva/client.h"

/* TLS by NX Secure: where NetX Duo is compiled with it, and the engine too. */
#if defined(NX_SECURE_ENABLE) && DUVA_WITH_TLS
#define DUVA__NX_TLS 1
#else
#define DUVA__NX_TLS 0
#endif

#ifdef __cplusplus
extern "C" {
#endif

#include "nxd_smtp_client_struct.h"

#ifndef NX_SMTP_SOURCE_CODE
#ifdef NX_SMTP_DISABLE_ERROR_CHECKING
#define nxd_smtp_client_create   _duva_nxd_smtp_client_create
#define nx_smtp_client_create    _duva_nx_smtp_client_create
#define nx_smtp_client_delete    _duva_nx_smtp_client_delete
#define nx_smtp_mail_send        _duva_nx_smtp_mail_send
#if DUVA_NETX_MORE
#define nx_smtp_client_clock_set _duva_nx_smtp_client_clock_set
#endif
#if DUVA__NX_TLS
#define nx_smtp_client_secure_set _duva_nx_smtp_client_secure_set
#endif
#else
#define nxd_smtp_client_create   _duva_nxde_smtp_client_create
#define nx_smtp_client_create    _duva_nxe_smtp_client_create
#define nx_smtp_client_delete    _duva_nxe_smtp_client_delete
#define nx_smtp_mail_send        _duva_nxe_smtp_mail_send
#if DUVA_NETX_MORE
#define nx_smtp_client_clock_set _duva_nxe_smtp_client_clock_set
#endif
#if DUVA__NX_TLS
#define nx_smtp_client_secure_set _duva_nxe_smtp_client_secure_set
#endif
#endif
#endif

/* Each service has a checked and an unchecked form; checks are on unless
 * NX_SMTP_DISABLE_ERROR_CHECKING is defined. */

/* Makes a client, without any network traffic.  user name, password and
 * domain (the name for EHLO) are copied and may be "", but for the domain,
 * which every mail needs; from_address and the pool are kept as pointers.
 * authentication_type is NX_SMTP_CLIENT_AUTH_NONE, _LOGIN or _PLAIN; every
 * other value means PLAIN.
 *
 * NX_SUCCESS, the status of nx_tcp_socket_create(), or NX_SIZE_ERROR: one of
 * the three strings is over its limit.  A client that was not deleted is not
 * created again: NX_PTR_ERROR, and it stays as it is.  Only NetX Duo with
 * NX_DISABLE_ERROR_CHECKING does not notice.  Checked: NX_PTR_ERROR for a
 * pointer that is NULL, NX_SMTP_INVALID_PARAM when ip_ptr is no IP instance,
 * NX_IP_ADDRESS_ERROR for an address that is neither IPv4 nor IPv6. */
UINT _duva_nxd_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    NXD_ADDRESS *server_address, UINT port);
UINT _duva_nxde_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    NXD_ADDRESS *server_address, UINT port);

/* The same for an IPv4 server, as NetX had it before IPv6; not there with
 * NX_DISABLE_IPV4.  Checked: the address 0 is NX_IP_ADDRESS_ERROR. */
UINT _duva_nx_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    ULONG server_address, UINT port);
UINT _duva_nxe_smtp_client_create(
    NX_SMTP_CLIENT *client_ptr, NX_IP *ip_ptr,
    NX_PACKET_POOL *client_packet_pool_ptr, CHAR *username, CHAR *password,
    CHAR *from_address, CHAR *client_domain, UINT authentication_type,
    ULONG server_address, UINT port);

/* Deletes a client and wipes it, with its password.  An open connection
 * ends as by nx_smtp_client_disconnect() first, within
 * NX_SMTP_CLIENT_DISCONNECT_TIMEOUT.  NX_SUCCESS; NX_STILL_BOUND while another
 * thread uses it, and the client stays as it is; or the status of
 * nx_tcp_socket_delete().  Checked: NX_PTR_ERROR for NULL or what is no client
 * (any more). */
UINT _duva_nx_smtp_client_delete(NX_SMTP_CLIENT *client_ptr);
UINT _duva_nxe_smtp_client_delete(NX_SMTP_CLIENT *client_ptr);

/* Sends one mail, and returns when it has a verdict: to one recipient over a
 * connection of its own, or over that of nx_smtp_client_connect().
 * recipient_address NX_NULL means those that were added by
 * nx_smtp_client_recipient_add().  The client can be used again after every
 * status.
 *
 * The addresses may stand in one pair of angle brackets.  The body is text
 * in UTF-8, of any length, its lines ending in CRLF or LF; header lines To,
 * From, Subject, Date (with a clock), Message-ID, X-Priority and Importance
 * (unless priority is NORMAL) and those of MIME are put before it.
 *
 * NX_SUCCESS: the server has accepted the mail.  Otherwise:
 *   NX_SMTP_GREET_, HELLO_, AUTH_, MAIL_, RCPT_, DATA_, MESSAGE_REPLY_ERROR
 *       the server rejected, or sent a reply that cannot be parsed, there;
 *       nx_smtp_client_reply_code_status has its code;
 *   NX_SMTP_OVERSIZE_MAIL_DATA
 *       the mail is larger than the SIZE that the server advertises;
 *   NX_SMTP_INVALID_PARAM
 *       an address, the domain, the subject or the body cannot be sent as it
 *       is: nothing was sent.  Control characters, a body with NUL or a CR
 *       without LF, and lines over 998 octets are such;
 *   NX_SIZE_ERROR
 *       two addresses in brackets that NX_SMTP_CLIENT_BUFFER_SIZE cannot hold;
 *   NX_SMTP_CLIENT_NOT_INITIALIZED   the client was never created;
 *   NX_ALREADY_BOUND                 another thread is using it;
 *   NX_NO_PACKET                     no reply in time, or no packet free;
 *   NX_NOT_CONNECTED, ...            the status of NetX Duo that stopped it.
 * When the connection is lost after end of data the mail may be delivered
 * all the same; nx_smtp_client_session.mail.result.verdict then is
 * DUVA_UNCERTAIN.  NX_PTR_ERROR: no recipient; of the smaller client
 * (DUVA_NETX_MORE 0) NX_SMTP_INVALID_PARAM.  Checked: NX_PTR_ERROR for
 * NULL, NX_SMTP_INVALID_PARAM for a length of 0, NX_CALLER_ERROR outside a
 * thread. */
UINT _duva_nx_smtp_mail_send(NX_SMTP_CLIENT *client_ptr,
                             CHAR *recipient_address, UINT priority,
                             CHAR *subject, CHAR *mail_body,
                             UINT mail_body_length);
UINT _duva_nxe_smtp_mail_send(NX_SMTP_CLIENT *client_ptr,
                              CHAR *recipient_address, UINT priority,
                              CHAR *subject, CHAR *mail_body,
                              UINT mail_body_length);

#if DUVA_NETX_MORE
/* Gives the mails of a client a Date.  clock returns Unix time in seconds, 0
 * as long as it does not know; it is called once a mail, by its thread.  NULL,
 * as after create, means no Date: servers then add theirs.  NX_ALREADY_BOUND:
 * another thread is using the client, which stays as it is.  Checked:
 * NX_PTR_ERROR as for delete. */
UINT _duva_nx_smtp_client_clock_set(NX_SMTP_CLIENT *client_ptr,
                                    ULONG (*clock)(VOID));
UINT _duva_nxe_smtp_client_clock_set(NX_SMTP_CLIENT *client_ptr,
                                     ULONG (*clock)(VOID));
#endif

#if DUVA__NX_TLS
/* Sets TLS for the mails of a client, from the next one on, which opens a new
 * connection: with STARTTLS
 * (NX_SMTP_CLIENT_TLS_STARTTLS) or from the first byte (_IMPLICIT, port 465).
 * Without TLS the mail is not sent.  NX_SMTP_CLIENT_TLS_NONE, as after create,
 * switches TLS off; the
 * other arguments are then ignored.
 *
 * server_name is the host name that the server's certificate must carry, and
 * is kept as a pointer.  tls_setup is called for each connection by the thread
 * that makes it; it
 * creates the session that it is given, and adds packet buffer, certificates
 * and the time function, without which NX Secure does not check dates.  It must
 * leave the wait and the start to the client.  A callback for the certificate
 * that it sets is called after chain and name were verified, as
 * duva_nxsecure.h says; it can only reject.  The session is ended and deleted
 * with the connection; what tls_setup returns other than NX_SUCCESS is what
 * nx_smtp_mail_send() returns.
 *
 * NX_SUCCESS, or NX_PTR_ERROR when server_name or tls_setup is NULL, or
 * NX_SMTP_INVALID_PARAM for another mode or a server_name that is no host
 * name of under NX_SECURE_X509_DNS_NAME_MAX octets.  Then the client sends
 * nothing, and nx_smtp_mail_send() returns the same, until a call succeeds.
 * NX_ALREADY_BOUND: a thread is using the client (as in tls_setup), and it
 * stays as it is.  Checked: NX_PTR_ERROR as for delete.
 *
 * To what nx_smtp_mail_send() returns come, before a byte of the mail:
 *   NX_SMTP_TLS_NOT_OFFERED   the server does not advertise STARTTLS;
 *   NX_SMTP_TLS_REPLY_ERROR   it rejects it, or sends octets behind its reply;
 *   NX_SECURE_TLS_..., NX_SECURE_X509_...   the status of NX Secure, such as
 *       NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH when the name is another. */
UINT _duva_nx_smtp_client_secure_set(
    NX_SMTP_CLIENT *client_ptr, UINT mode, CHAR *server_name,
    UINT (*tls_setup)(NX_SMTP_CLIENT *client_ptr,
                      NX_SECURE_TLS_SESSION *tls_session));
UINT _duva_nxe_smtp_client_secure_set(
    NX_SMTP_CLIENT *client_ptr, UINT mode, CHAR *server_name,
    UINT (*tls_setup)(NX_SMTP_CLIENT *client_ptr,
                      NX_SECURE_TLS_SESSION *tls_session));
#endif

#ifdef __cplusplus
}
#endif

#if DUVA_NETX_MORE
#include "nxd_smtp_client_more.h"
#endif

#endif
