/* nxd_smtp_client_struct.h - what a client keeps. */
/* SPDX-License-Identifier: MIT */
/*
 * Included by nxd_smtp_client.h.  With DUVA_NETX_MORE at 0 (duva/profile.h) the
 * client is smaller.  Against what stands there it has no Date, no Message-ID,
 * no header fields for priority, and nothing of nxd_smtp_client_more.h and
 * nxd_smtp_client_content.h.
 */
#ifndef NXD_SMTP_CLIENT_STRUCT_H
#define NXD_SMTP_CLIENT_STRUCT_H

#if DUVA__NX_TLS
#include "duva_nxsecure.h"
#elif DUVA_NETX_MORE
#include "duva_netx.h"
#endif

struct NX_SMTP_CLIENT_STRUCT;

#if DUVA_NETX_MORE
/* One of several recipients; see nxd_smtp_client_more.h. */
typedef duva_rcpt NX_SMTP_RECIPIENT;

/* Octets from a function of the application's.  Private: the services make
 * it of their arguments, and say what the function must do. */
typedef struct NX_SMTP_SOURCE_STRUCT {
    UINT (*nx_smtp_source_read)(VOID *context, UCHAR *buffer, ULONG size,
                                ULONG *length);
    VOID  *nx_smtp_source_context;
    struct NX_SMTP_CLIENT_STRUCT *nx_smtp_source_client;
} NX_SMTP_SOURCE;

/* Writes messages in place of the client, except the header fields of
 * recipients and priority: see nxd_smtp_client_content.h.  Private.
 *
 * identify  takes the identity of the mail, on which the octets may depend,
 *         but not their number; it may change until the first one is read
 * start   gets ready for the mail of the client, and gives the octets that it
 *         makes, or 0 when they are not known; NX_SUCCESS when it can be made
 * read    a source as in duva/client.h */
typedef struct NX_SMTP_COMPOSER_STRUCT {
    VOID (*identify)(struct NX_SMTP_CLIENT_STRUCT *client_ptr);
    UINT (*start)(struct NX_SMTP_CLIENT_STRUCT *client_ptr, uint64_t *size);
    int  (*read)(struct NX_SMTP_CLIENT_STRUCT *client_ptr, void *buf,
                 size_t len);
} NX_SMTP_COMPOSER;
#endif

/* The present mail.  Between mails only the sender is set. */
typedef struct NX_SMTP_CLIENT_MAIL_STRUCT {
    CHAR *nx_smtp_client_mail_recipient_address;
    CHAR *nx_smtp_client_mail_from_address;
    UINT  nx_smtp_client_mail_priority;
    CHAR *nx_smtp_client_mail_subject;
    CHAR *nx_smtp_client_mail_body;
    UINT  nx_smtp_client_mail_body_length;
#if DUVA_NETX_MORE
    NX_SMTP_SOURCE nx_smtp_client_mail_source;  /* in place of the body */
#endif
} NX_SMTP_CLIENT_MAIL;

#if DUVA_NETX_MORE
/* A connection and the mail on it.  Private, but for mail.result: the result of
 * the last mail, or of a connection that failed (duva/result.h). */
typedef struct NX_SMTP_CLIENT_SESSION_STRUCT {
    duva_client        client;
    duva_netx          link;      /* its socket is NULL when it is down */
    duva_config        config;
    uint32_t           timeout_ms[DUVA_STAGES];
    duva_sasl_password credentials;
#if DUVA__NX_TLS
    duva_nxsecure      tls;
    UINT               outdated;  /* NX_TRUE: set up in another way by now */
#endif
    duva_mail          mail;
    duva_rcpt          recipient; /* when there is but one */
    UINT               to_end;    /* recipients: To up to here, */
    UINT               cc_end;    /* Cc up to here */
    UINT               source_status; /* of a source that failed */
    ULONG              seconds;   /* of Date, 0 when there is none */
    ULONG              id[3];     /* of Message-ID */
    UINT               piece;     /* of the message, being read */
    UINT               piece_read; /* octets of it that were read */
    UINT               entry;     /* recipient whose name is being read */
    UINT               room;      /* octets of buffer before addresses */
    UCHAR              buffer[NX_SMTP_CLIENT_BUFFER_SIZE];
} NX_SMTP_CLIENT_SESSION;
#else
/* The same of the smaller client. */
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
#endif

/* One client.  Allocated by the application, zeroed or not; it must stay put
 * from create to delete.  The fields are for reading only, and what a mail
 * leaves in them holds until the next one. */
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
#if DUVA_NETX_MORE
    ULONG         (*nx_smtp_client_clock)(VOID);
    ULONG           nx_smtp_client_mail_count;
    UINT            nx_smtp_client_connected;   /* NX_TRUE: to be kept up */
    ULONG           nx_smtp_client_connect_wait;
    NX_SMTP_RECIPIENT *nx_smtp_client_recipients; /* To, then Cc, then Bcc */
    UINT            nx_smtp_client_recipients_max;
    UINT            nx_smtp_client_recipients_end[3];
    CHAR           *nx_smtp_client_recipient_text;
    UINT            nx_smtp_client_recipient_text_size; /* of each */
    UINT            nx_smtp_client_recipient_policy;
    NX_SMTP_COMPOSER *nx_smtp_client_composer;  /* NX_NULL: none */
#endif
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
