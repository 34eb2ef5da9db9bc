/* nxd_smtp_client_const.h - settings and constants of nxd_smtp_client.h. */
/* SPDX-License-Identifier: MIT */
#ifndef NXD_SMTP_CLIENT_CONST_H
#define NXD_SMTP_CLIENT_CONST_H

#include "duva/profile.h"

/*
 * Settings.  Each may be defined by the build; every file that includes the
 * header must then agree.  Times are in ticks, NX_IP_PERIODIC_RATE a second.
 */

#ifndef NX_SMTP_CLIENT_TCP_WINDOW_SIZE       /* receive window */
#define NX_SMTP_CLIENT_TCP_WINDOW_SIZE 1460
#endif
#ifndef NX_SMTP_CLIENT_PACKET_TIMEOUT        /* for a packet of the pool */
#define NX_SMTP_CLIENT_PACKET_TIMEOUT (2 * NX_IP_PERIODIC_RATE)
#endif
#ifndef NX_SMTP_CLIENT_CONNECTION_TIMEOUT
#define NX_SMTP_CLIENT_CONNECTION_TIMEOUT (10 * NX_IP_PERIODIC_RATE)
#endif
#ifndef NX_SMTP_CLIENT_DISCONNECT_TIMEOUT    /* after a regular end */
#define NX_SMTP_CLIENT_DISCONNECT_TIMEOUT (5 * NX_IP_PERIODIC_RATE)
#endif
#ifndef NX_SMTP_GREETING_TIMEOUT
#define NX_SMTP_GREETING_TIMEOUT (10 * NX_IP_PERIODIC_RATE)
#endif
#ifndef NX_SMTP_ENVELOPE_TIMEOUT             /* each reply but two */
#define NX_SMTP_ENVELOPE_TIMEOUT (10 * NX_IP_PERIODIC_RATE)
#endif
#ifndef NX_SMTP_MESSAGE_TIMEOUT              /* the reply to the final dot */
#define NX_SMTP_MESSAGE_TIMEOUT (30 * NX_IP_PERIODIC_RATE)
#endif
#ifndef NX_SMTP_CLIENT_TLS_TIMEOUT           /* each packet of a handshake */
#define NX_SMTP_CLIENT_TLS_TIMEOUT (10 * NX_IP_PERIODIC_RATE)
#endif
#ifndef NX_SMTP_CLIENT_SEND_TIMEOUT          /* each TCP send */
#define NX_SMTP_CLIENT_SEND_TIMEOUT (5 * NX_IP_PERIODIC_RATE)
#endif

/* Longest user name, and longest domain; longest password.  Mail services
 * hand out keys of up to 90 characters as passwords. */
#ifndef NX_SMTP_CLIENT_MAX_USERNAME
#define NX_SMTP_CLIENT_MAX_USERNAME 64
#endif
#ifndef NX_SMTP_CLIENT_MAX_PASSWORD
#define NX_SMTP_CLIENT_MAX_PASSWORD 96
#endif

/* Of each client.  Everything passes through it in pieces; only addresses in
 * angle brackets are copied into it whole.  At least DUVA_BUFFER_MIN. */
#ifndef NX_SMTP_CLIENT_BUFFER_SIZE
#if DUVA_NETX_MORE
#define NX_SMTP_CLIENT_BUFFER_SIZE 256
#else
#define NX_SMTP_CLIENT_BUFFER_SIZE 64
#endif
#endif

/* Of a composed mail; see nxd_smtp_client_content.h. */
#ifndef NX_SMTP_CLIENT_MAX_ATTACHMENTS
#define NX_SMTP_CLIENT_MAX_ATTACHMENTS 4
#endif

/* Defined: the type of authentication asked for is taken or, when the server
 * does not list it, NX_SMTP_AUTH_REPLY_ERROR is returned.  Not defined: the
 * other type may take its place, see doc/netx.md. */
/* #define NX_SMTP_CLIENT_AUTH_STRICT */

/* Defined: AUTH PLAIN goes with its response, which saves a round trip.  Not
 * defined: the response is sent when the server has asked for it by 334. */
/* #define NX_SMTP_CLIENT_AUTH_INITIAL_RESPONSE */

/* Defined: commands go out together where the server allows it (RFC 2920).
 * Not defined: one command, one reply. */
/* #define NX_SMTP_CLIENT_PIPELINING */

/* No longer limits of anything; here for programs that name them. */
#ifndef NX_SMTP_SERVER_CHALLENGE_MAX_STRING
#define NX_SMTP_SERVER_CHALLENGE_MAX_STRING 200
#endif
#define NX_SMTP_CLIENT_AUTH_CHALLENGE_SIZE                                   \
    (2 * NX_SMTP_CLIENT_MAX_USERNAME + NX_SMTP_CLIENT_MAX_PASSWORD + 2)
#define NX_SMTP_CLIENT_AUTH_CHALLENGE_ENCODED_SIZE                           \
    (NX_SMTP_CLIENT_AUTH_CHALLENGE_SIZE * 4 / 3 + 1)

/*
 * Arguments.
 */

#define NX_SMTP_CLIENT_AUTH_NONE     0xFFFF
#define NX_SMTP_CLIENT_AUTH_LOGIN    1
#define NX_SMTP_CLIENT_AUTH_CRAM_MD5 2       /* not supported: means PLAIN */
#define NX_SMTP_CLIENT_AUTH_PLAIN    3

#define NX_SMTP_CLIENT_TLS_NONE      0
#define NX_SMTP_CLIENT_TLS_STARTTLS  1
#define NX_SMTP_CLIENT_TLS_IMPLICIT  2

#define NX_SMTP_MAIL_PRIORITY_LOW    0x01
#define NX_SMTP_MAIL_PRIORITY_NORMAL 0x02
#define NX_SMTP_MAIL_PRIORITY_HIGH   0x04

#define NX_SMTP_RECIPIENT_TO         0x01
#define NX_SMTP_RECIPIENT_CC         0x02
#define NX_SMTP_RECIPIENT_BCC        0x04

#define NX_SMTP_RECIPIENTS_ALL       0       /* all of them, or none */
#define NX_SMTP_RECIPIENTS_ANY       1       /* those that are accepted */

#define NX_SMTP_LENGTH_UNKNOWN       0xFFFFFFFFUL

/*
 * Statuses.  Those marked * are never returned.
 */

#define NX_SMTP_AUTHENTICATION_ERROR       0xA0 /* * */
#define NX_SMTP_OVERSIZE_MAIL_DATA         0xA1
#define NX_SMTP_INVALID_SERVER_REPLY       0xA2 /* * */
#define NX_SMTP_INTERNAL_ERROR             0xA3
#define NX_SMTP_SERVER_ERROR_CODE_RECEIVED 0xA4 /* * */
#define NX_SMTP_INVALID_PARAM              0xA5
#define NX_SMTP_PACKET_ALLOCATE_ERROR      0xA6 /* in mail_status only */
#define NX_SMTP_GREET_REPLY_ERROR          0xA7
#define NX_SMTP_HELLO_REPLY_ERROR          0xA8
#define NX_SMTP_MAIL_REPLY_ERROR           0xA9
#define NX_SMTP_RCPT_REPLY_ERROR           0xAA
#define NX_SMTP_MESSAGE_REPLY_ERROR        0xAB /* the reply to the message */
#define NX_SMTP_DATA_REPLY_ERROR           0xAC
#define NX_SMTP_AUTH_REPLY_ERROR           0xAD
#define NX_SMTP_SERVER_ERROR_REPLY         0xAE /* * */
#define NX_SMTP_TRANSMIT_ERROR             0xAF /* * */
#define NX_SMTP_INVALID_SERVER_CHALLENGE   0xB0 /* * */
#define NX_SMTP_OVERSIZE_SERVER_REPLY      0xB1 /* * */
#define NX_SMTP_CLIENT_NOT_INTIALIZED      0xB2 /* the name of old */
#define NX_SMTP_CLIENT_NOT_INITIALIZED     NX_SMTP_CLIENT_NOT_INTIALIZED
#define NX_SMTP_TLS_NOT_OFFERED            0x1C0
#define NX_SMTP_TLS_REPLY_ERROR            0x1C1

/* nx_smtp_reply_verdict: what has become of a mail, or of a recipient. */
#define NX_SMTP_VERDICT_PENDING   0  /* not sent yet */
#define NX_SMTP_VERDICT_ACCEPTED  1
#define NX_SMTP_VERDICT_RETRY     2  /* not now: send it again later */
#define NX_SMTP_VERDICT_REFUSED   3  /* do not send it again unchanged */
#define NX_SMTP_VERDICT_UNCERTAIN 4  /* lost at the end: may be delivered */

/*
 * The protocol.
 */

#define NX_SMTP_CLIENT_ID 0x534D5450UL

#define NX_SMTP_COMMAND_EHLO "EHLO"
#define NX_SMTP_COMMAND_HELO "HELO"
#define NX_SMTP_COMMAND_MAIL "MAIL FROM"
#define NX_SMTP_COMMAND_RCPT "RCPT TO"
#define NX_SMTP_COMMAND_AUTH "AUTH"
#define NX_SMTP_COMMAND_NOOP "NOOP"
#define NX_SMTP_COMMAND_DATA "DATA"
#define NX_SMTP_COMMAND_RSET "RSET"
#define NX_SMTP_COMMAND_QUIT "QUIT"
#define NX_SMTP_COMMAND_STARTTLS "STARTTLS"

#define NX_SMTP_CODE_GREETING_OK                       220
#define NX_SMTP_CODE_ACKNOWLEDGE_QUIT                  221
#define NX_SMTP_CODE_AUTHENTICATION_SUCCESSFUL         235
#define NX_SMTP_CODE_OK_TO_CONTINUE                    250
#define NX_SMTP_CODE_CANNOT_VERIFY_RECIPIENT           252
#define NX_SMTP_CODE_AUTHENTICATION_TYPE_ACCEPTED      334
#define NX_SMTP_CODE_SEND_MAIL_INPUT                   354
#define NX_SMTP_CODE_SERVICE_NOT_AVAILABLE             421
#define NX_SMTP_CODE_SERVICE_INTERNAL_SERVER_ERROR     451
#define NX_SMTP_CODE_INSUFFICIENT_STORAGE              452
#define NX_SMTP_CODE_AUTH_FAILED_INTERNAL_SERVER_ERROR 454
#define NX_SMTP_CODE_COMMAND_SYNTAX_ERROR              500
#define NX_SMTP_CODE_PARAMETER_SYNTAX_ERROR            501
#define NX_SMTP_CODE_COMMAND_NOT_IMPLEMENTED           502
#define NX_SMTP_CODE_BAD_SEQUENCE                      503
#define NX_SMTP_CODE_PARAMETER_NOT_IMPLEMENTED         504
#define NX_SMTP_CODE_AUTH_REQUIRED                     530
#define NX_SMTP_CODE_AUTH_FAILED                       535
#define NX_SMTP_CODE_REQUESTED_ACTION_NOT_TAKEN        550
#define NX_SMTP_CODE_USER_NOT_LOCAL                    551
#define NX_SMTP_CODE_OVERSIZE_MAIL_DATA                552
#define NX_SMTP_CODE_BAD_MAILBOX                       553
#define NX_SMTP_CODE_TRANSACTION_FAILED                554
#define NX_SMTP_CODE_BAD_SERVER_CODE_RECEIVED          555

typedef enum NX_SMTP_CLIENT_STATE_ENUM {
    NX_SMTP_CLIENT_STATE_IDLE = 0,
    NX_SMTP_CLIENT_STATE_GREETING,
    NX_SMTP_CLIENT_STATE_EHLO,
    NX_SMTP_CLIENT_STATE_HELO,
    NX_SMTP_CLIENT_STATE_MAIL,
    NX_SMTP_CLIENT_STATE_RCPT,
    NX_SMTP_CLIENT_STATE_DATA,
    NX_SMTP_CLIENT_STATE_MESSAGE,
    NX_SMTP_CLIENT_STATE_RSET,
    NX_SMTP_CLIENT_STATE_QUIT,
    NX_SMTP_CLIENT_STATE_NOOP,
    NX_SMTP_CLIENT_STATE_AUTH,
    NX_SMTP_CLIENT_STATE_AUTH_CHALLENGE,
    NX_SMTP_CLIENT_STATE_STARTTLS           /* the command, and TLS itself */
} NX_SMTP_CLIENT_STATE;

typedef enum NX_SMTP_AUTHENTICATION_STATE_ENUM {
    NX_SMTP_NOT_AUTHENTICATED,
    NX_SMTP_AUTHENTICATION_IN_PROGRESS,
    NX_SMTP_AUTHENTICATION_FAILED,
    NX_SMTP_AUTHENTICATION_SUCCEEDED
} NX_SMTP_AUTHENTICATION_STATE;

#endif
