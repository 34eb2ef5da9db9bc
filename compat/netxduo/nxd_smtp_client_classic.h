/* nxd_smtp_client_classic.h - a client that has what the guide has. */
/* SPDX-License-Identifier: MIT */
/*
 * Included by nxd_smtp_client.h when DUVA_NETX_MORE is 0 (duva/profile.h).
 * Against what stands there: no Date, no Message-ID, and no header fields for
 * priority; nothing of nxd_smtp_client_more.h and nxd_smtp_client_content.h.
 * The names of settings and statuses are the same.
 */
#ifndef NXD_SMTP_CLIENT_CLASSIC_H
#define NXD_SMTP_CLIENT_CLASSIC_H

#if DUVA__NX_TLS
#include "duva_nxsecure.h"
#endif

/* A mail, and the connection that it is sent over.  Private, but for
 * mail.result: see nx_smtp_mail_send(). */
typedef struct NX_SMTP_CLIENT_SESSION_STRUCT {
    duva_engine        engine;
    duva_config        config;
    duva_sasl_password credentials;
    duva_mail          mail;
    duva_rcpt          recipient;
#if DUVA__NX_TLS
    duva_netx          link;
    duva_nxsecure      tls;
    duva_tls_info      secured;
#else
    NX_PACKET         *out;       /* not sent yet */
#endif
    UINT               piece;     /* of the message, being read */
    UINT               piece_read; /* octets of it that were read */
    UCHAR              buffer[NX_SMTP_CLIENT_BUFFER_SIZE];
} NX_SMTP_CLIENT_SESSION;

/* The present mail.  Between mails only the sender is set. */
typedef struct NX_SMTP_CLIENT_MAIL_STRUCT {
    CHAR *nx_smtp_client_mail_recipient_address;
    CHAR *nx_smtp_client_mail_from_address;
    UINT  nx_smtp_client_mail_priority;
    CHAR *nx_smtp_client_mail_subject;
    CHAR *nx_smtp_client_mail_body;
    UINT  nx_smtp_client_mail_body_length;
} NX_SMTP_CLIENT_MAIL;

typedef struct NX_SMTP_CLIENT_STRUCT {
    ULONG           nx_smtp_client_id;
    CHAR            nx_smtp_username[NX_SMTP_CLIENT_MAX_USERNAME + 1];
    CHAR            nx_smtp_password[NX_SMTP_CLIENT_MAX_PASSWORD + 1];
    CHAR            nx_smtp_client_domain[NX_SMTP_CLIENT_MAX_USERNAME + 1];
    UCHAR           nx_smtp_client_busy;        /* NX_TRUE: in a service */
    UINT            nx_smtp_client_authentication_type;  /* as created */
    NX_IP          *nx_smtp_client_ip_ptr;
    NX_PACKET_POOL *nx_smtp_client_packet_pool_ptr;
    NX_SMTP_CLIENT_MAIL nx_smtp_client_mail;
    UINT            nx_smtp_client_init_status;          /* NX_TRUE: created */
    NXD_ADDRESS     nx_smtp_server_address;
    USHORT          nx_smtp_server_port;
    UINT            nx_smtp_client_reply_code_status;    /* what decided it */
    UINT            nx_smtp_client_mail_status;
    NX_SMTP_AUTHENTICATION_STATE nx_smtp_client_authentication_state;
#if DUVA__NX_TLS
    UINT            nx_smtp_client_tls_mode;
    CHAR           *nx_smtp_client_tls_server_name;
    UINT          (*nx_smtp_client_tls_setup)(
        struct NX_SMTP_CLIENT_STRUCT *client_ptr,
        NX_SECURE_TLS_SESSION *tls_session);
#endif
    NX_SMTP_CLIENT_SESSION nx_smtp_client_session;
    NX_TCP_SOCKET   nx_smtp_client_socket;  /* last: see create */
} NX_SMTP_CLIENT;

#endif
