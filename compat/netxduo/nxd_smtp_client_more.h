/* nxd_smtp_client_more.h - connections that last, recipients, replies. */
/* SPDX-License-Identifier: MIT */
/*
 * More services than the add-on has.  Include nxd_smtp_client.h, which includes
 * this file.  What sets or reads something of a client, here and in
 * nxd_smtp_client_content.h, returns NX_ALREADY_BOUND, and does nothing, while
 * another thread uses the client; in its checked form NX_PTR_ERROR for what is
 * no client.
 */
#ifndef NXD_SMTP_CLIENT_MORE_H
#define NXD_SMTP_CLIENT_MORE_H

#ifdef __cplusplus
extern "C" {
#endif

/* A reply of the server, and the verdict. */
typedef struct NX_SMTP_REPLY_STRUCT {
    UINT nx_smtp_reply_verdict;       /* NX_SMTP_VERDICT_... */
    UINT nx_smtp_reply_code;          /* 250; 0: there was no reply */
    UINT nx_smtp_reply_enhanced[3];   /* 2.1.5 (RFC 3463); zeros: none */
    NX_SMTP_CLIENT_STATE nx_smtp_reply_state; /* to what */
    const CHAR *nx_smtp_reply_text;   /* its text, truncated to the room that
                                         it has; "" when there is none */
} NX_SMTP_REPLY;

#ifndef NX_SMTP_SOURCE_CODE
#ifdef NX_SMTP_DISABLE_ERROR_CHECKING
#define nx_smtp_client_connect          _duva_nx_smtp_client_connect
#define nx_smtp_client_disconnect       _duva_nx_smtp_client_disconnect
#define nx_smtp_mail_send_extended      _duva_nx_smtp_mail_send_extended
#define nx_smtp_client_recipients_set   _duva_nx_smtp_client_recipients_set
#define nx_smtp_client_recipient_add    _duva_nx_smtp_client_recipient_add
#define nx_smtp_client_recipients_clear _duva_nx_smtp_client_recipients_clear
#define nx_smtp_client_recipient_policy_set                                  \
    _duva_nx_smtp_client_recipient_policy_set
#define nx_smtp_client_recipient_status_get                                  \
    _duva_nx_smtp_client_recipient_status_get
#define nx_smtp_client_reply_get        _duva_nx_smtp_client_reply_get
#else
#define nx_smtp_client_connect          _duva_nxe_smtp_client_connect
#define nx_smtp_client_disconnect       _duva_nxe_smtp_client_disconnect
#define nx_smtp_mail_send_extended      _duva_nxe_smtp_mail_send_extended
#define nx_smtp_client_recipients_set   _duva_nxe_smtp_client_recipients_set
#define nx_smtp_client_recipient_add    _duva_nxe_smtp_client_recipient_add
#define nx_smtp_client_recipients_clear _duva_nxe_smtp_client_recipients_clear
#define nx_smtp_client_recipient_policy_set                                  \
    _duva_nxe_smtp_client_recipient_policy_set
#define nx_smtp_client_recipient_status_get                                  \
    _duva_nxe_smtp_client_recipient_status_get
#define nx_smtp_client_reply_get        _duva_nxe_smtp_client_reply_get
#endif
#endif

/* Connects, sends EHLO and authenticates, and keeps the connection: all mails
 * use it until nx_smtp_client_disconnect().  wait_option is the longest
 * wait for TCP; all else waits as for a mail.
 *
 * A connection that has ended meanwhile, or that has had as many mails as its
 * server allows (RFC 9422), is opened again, once, by the next mail; also when
 * the reply to MAIL is 421 or another 4yz, or missing: then the mail has not
 * begun.  A later failure is the status of the mail; the next mail connects
 * again.
 *
 * NX_SUCCESS; NX_NOT_CLOSED: it is connected already, even if the server has
 * closed; else as nx_smtp_mail_send(), and the client is not connected.
 * Checked: NX_PTR_ERROR for NULL, NX_CALLER_ERROR outside a thread. */
UINT _duva_nx_smtp_client_connect(NX_SMTP_CLIENT *client_ptr,
                                  ULONG wait_option);
UINT _duva_nxe_smtp_client_connect(NX_SMTP_CLIENT *client_ptr,
                                   ULONG wait_option);

/* Ends the connection: sends QUIT, waits for the reply and then for TCP, for
 * wait_option each at most.  NX_NO_WAIT resets it without QUIT.  Mails then
 * have connections of their own again.
 *
 * NX_SUCCESS, also when the server had closed before; NX_NOT_CONNECTED;
 * NX_ALREADY_BOUND: a thread is using it.  Checked: NX_PTR_ERROR for what is no
 * client, NX_CALLER_ERROR outside a thread. */
UINT _duva_nx_smtp_client_disconnect(NX_SMTP_CLIENT *client_ptr,
                                     ULONG wait_option);
UINT _duva_nxe_smtp_client_disconnect(NX_SMTP_CLIENT *client_ptr,
                                      ULONG wait_option);

/* nx_smtp_mail_send() for a body of any length, in memory or not: body_read
 * puts up to size octets of it into buffer and sets *length, 0 at its end.
 * With buffer NX_NULL it goes back to the start, which comes before the first
 * octet, and again for recipients that need another transaction.
 *
 * It is called by the sending thread, and must not use the client.  The body
 * is checked while it is sent: what cannot be sent ends the connection before
 * end of data, so that the server discards the mail.  So does a
 * status of body_read other than NX_SUCCESS, which is then returned, and
 * NX_SIZE_ERROR when it gives more than size.  Checked: NX_PTR_ERROR for NULL
 * but for body_context, NX_CALLER_ERROR outside a thread. */
UINT _duva_nx_smtp_mail_send_extended(
    NX_SMTP_CLIENT *client_ptr, CHAR *recipient_address, UINT priority,
    CHAR *subject,
    UINT (*body_read)(VOID *context, UCHAR *buffer, ULONG size,
                      ULONG *length),
    VOID *body_context);
UINT _duva_nxe_smtp_mail_send_extended(
    NX_SMTP_CLIENT *client_ptr, CHAR *recipient_address, UINT priority,
    CHAR *subject,
    UINT (*body_read)(VOID *context, UCHAR *buffer, ULONG size,
                      ULONG *length),
    VOID *body_context);

/* Gives a client room for up to max recipients, none of which is there yet.
 * text, or NX_NULL, is room for the text of each reply: text_size / max
 * octets, with the final NUL.  Both are borrowed until others are set or the
 * client is deleted; NX_NULL and 0 remove them.  Checked: NX_PTR_ERROR for
 * NX_NULL with a size. */
UINT _duva_nx_smtp_client_recipients_set(NX_SMTP_CLIENT *client_ptr,
                                         NX_SMTP_RECIPIENT *recipients,
                                         UINT max, CHAR *text,
                                         UINT text_size);
UINT _duva_nxe_smtp_client_recipients_set(NX_SMTP_CLIENT *client_ptr,
                                          NX_SMTP_RECIPIENT *recipients,
                                          UINT max, CHAR *text,
                                          UINT text_size);

/* Adds a recipient to the mails that are sent to NX_NULL, as
 * NX_SMTP_RECIPIENT_TO, _CC or _BCC.  To and Cc are in the header, Bcc is not.
 * The address is kept as a pointer and has no brackets. NX_NO_MORE_ENTRIES:
 * there is no room.  Checked: NX_PTR_ERROR for NULL, NX_SMTP_INVALID_PARAM for
 * another type, and for an address that is not valid. */
UINT _duva_nx_smtp_client_recipient_add(NX_SMTP_CLIENT *client_ptr,
                                        CHAR *address, UINT type);
UINT _duva_nxe_smtp_client_recipient_add(NX_SMTP_CLIENT *client_ptr,
                                         CHAR *address, UINT type);

/* Removes all recipients; their room remains. */
UINT _duva_nx_smtp_client_recipients_clear(NX_SMTP_CLIENT *client_ptr);
UINT _duva_nxe_smtp_client_recipients_clear(NX_SMTP_CLIENT *client_ptr);

/* When the server does not accept some of the recipients:
 * NX_SMTP_RECIPIENTS_ALL, as after create, sends to none and returns
 * NX_SMTP_RCPT_REPLY_ERROR, and a rejected one counts more than a deferred one;
 * NX_SMTP_RECIPIENTS_ANY sends to the others, and NX_SUCCESS then means at
 * least one.  NX_SMTP_INVALID_PARAM: neither. */
UINT _duva_nx_smtp_client_recipient_policy_set(NX_SMTP_CLIENT *client_ptr,
                                               UINT policy);
UINT _duva_nxe_smtp_client_recipient_policy_set(NX_SMTP_CLIENT *client_ptr,
                                                UINT policy);

/* The result of a recipient of the last mail: index counts from 0, first
 * all To, then Cc, then Bcc, each in the order in which they were added.
 * address (or NX_NULL) gets its address.  What it gives holds until the next
 * mail or change of recipients.  NX_ENTRY_NOT_FOUND: there are no more.
 * Checked: NX_PTR_ERROR for NULL. */
UINT _duva_nx_smtp_client_recipient_status_get(NX_SMTP_CLIENT *client_ptr,
                                               UINT index,
                                               const CHAR **address,
                                               NX_SMTP_REPLY *reply);
UINT _duva_nxe_smtp_client_recipient_status_get(NX_SMTP_CLIENT *client_ptr,
                                                UINT index,
                                                const CHAR **address,
                                                NX_SMTP_REPLY *reply);

/* The reply that decided the last mail, also when it was accepted, or that
 * ended the last attempt to connect; and the verdict on the mail as a whole.
 * What it gives holds until the next mail.  Checked: NX_PTR_ERROR for NULL. */
UINT _duva_nx_smtp_client_reply_get(NX_SMTP_CLIENT *client_ptr,
                                    NX_SMTP_REPLY *reply);
UINT _duva_nxe_smtp_client_reply_get(NX_SMTP_CLIENT *client_ptr,
                                     NX_SMTP_REPLY *reply);

#ifdef __cplusplus
}
#endif
#endif
