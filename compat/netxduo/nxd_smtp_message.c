/* nxd_smtp_message.c - turns the mail of a client into a message's octets. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_claim.h"

#if DUVA_NETX_MORE

#include "nxd_smtp_message.h"
#include "nxd_smtp_check.h"

#include <limits.h>
#include <string.h>

enum { LINE_SIZE = 64 };       /* of lines that are made as they are read */

static CHAR *put_text(CHAR *at, const CHAR *text)
{
    const size_t len = strlen(text);

    memcpy(at, text, len + 1);
    return at + len;
}

static CHAR *put_number(CHAR *at, ULONG number, UINT base, UINT digits)
{
    UINT i;

    for (i = digits; i-- > 0; number /= base)
        at[i] = "0123456789abcdef"[number % base];
    at[digits] = '\0';
    return at + digits;
}

/* Days since 1970 as a date of the Gregorian calendar.  Years begin in March
 * here, so that the day that comes and goes is the last of its year. */
static CHAR *put_date(CHAR *at, ULONG days)
{
    static const CHAR names[] = "MarAprMayJunJulAugSepOctNovDecJanFeb";
    CHAR  name[] = " Mmm ";
    ULONG day = days + 719468;             /* since 1 March of the year 0 */
    const ULONG era = day / 146097;        /* 400 years */
    ULONG year, month;

    day %= 146097;
    year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    day -= 365 * year + year / 4 - year / 100;
    month = (5 * day + 2) / 153;
    day -= (153 * month + 2) / 5;
    memcpy(name + 1, names + 3 * month, 3);
    at = put_number(at, day + 1, 10, 2);
    at = put_text(at, name);
    return put_number(at, era * 400 + year + (month >= 10), 10, 4);
}

/* "Thu, 01 Jan 1970 00:00:00 +0000" */
static void put_time(CHAR *at, ULONG seconds)
{
    static const CHAR names[] = "Thu, Fri, Sat, Sun, Mon, Tue, Wed, ";
    const ULONG days = seconds / 86400;

    memcpy(at, names + 5 * (days % 7), 5);
    at = put_date(at + 5, days);
    seconds %= 86400;
    at = put_number(put_text(at, " "), seconds / 3600, 10, 2);
    at = put_number(put_text(at, ":"), seconds / 60 % 60, 10, 2);
    at = put_number(put_text(at, ":"), seconds % 60, 10, 2);
    put_text(at, " +0000");
}

static void put_id(CHAR *at, const ULONG id[3])
{
    at = put_number(at, id[0], 16, 8);
    at = put_number(put_text(at, "."), id[1], 16, 8);
    at = put_number(put_text(at, "."), id[2], 16, 8);
    put_text(at, "@");
}

static const CHAR *priority_lines(UINT priority)
{
    if (priority == NX_SMTP_MAIL_PRIORITY_HIGH)
        return "X-Priority: 1\r\nImportance: high\r\n";
    if (priority == NX_SMTP_MAIL_PRIORITY_LOW)
        return "X-Priority: 5\r\nImportance: low\r\n";
    return "";
}

/* The names of the recipients that are shown, and what stands around them. */
static const CHAR *before_recipient(const NX_SMTP_CLIENT_SESSION *s)
{
    if (s->entry == s->cc_end)
        return s->cc_end > 0 ? "\r\n" : "";
    if (s->entry == 0)
        return s->to_end > 0 ? "To: " : "Cc: ";
    return s->entry == s->to_end ? "\r\nCc: " : ",\r\n ";
}

enum {                         /* pieces of the message */
    BEFORE_RECIPIENT, RECIPIENT, FROM, FROM_ADDRESS, SUBJECT, SUBJECT_TEXT,
    DATE, DATE_TEXT, ID, ID_TEXT, ID_DOMAIN, ID_END, PRIORITY, MIME,
    HEADER_PIECES
};

static int is_composers(UINT piece)
{
    return piece > RECIPIENT && piece != PRIORITY;
}

/* A piece of the header; line has room for LINE_SIZE octets. */
static const CHAR *header_piece(const NX_SMTP_CLIENT *c, CHAR *line)
{
    const NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;

    if (c->nx_smtp_client_composer != NX_NULL && is_composers(s->piece))
        return "";
    switch (s->piece) {
    case BEFORE_RECIPIENT:
        return before_recipient(s);
    case RECIPIENT:
        return s->entry < s->cc_end ? s->mail.rcpt[s->entry].addr : "";
    case FROM:
        return "From: ";
    case FROM_ADDRESS:
        return s->mail.from;
    case SUBJECT:
        return "\r\nSubject: ";
    case SUBJECT_TEXT:
        return c->nx_smtp_client_mail.nx_smtp_client_mail_subject;
    case DATE:
        return s->seconds > 0 ? "\r\nDate: " : "";
    case DATE_TEXT:
        line[0] = '\0';
        if (s->seconds > 0)
            put_time(line, s->seconds);
        return line;
    case ID:
        return "\r\nMessage-ID: <";
    case ID_TEXT:
        put_id(line, s->id);
        return line;
    case ID_DOMAIN:
        return c->nx_smtp_client_domain;
    case ID_END:
        return ">\r\n";
    case PRIORITY:
        return priority_lines(
            c->nx_smtp_client_mail.nx_smtp_client_mail_priority);
    default:
        return "MIME-Version: 1.0\r\n"
               "Content-Type: text/plain; charset=utf-8\r\n"
               "Content-Transfer-Encoding: 8bit\r\n"
               "\r\n";
    }
}
static int read_piece(NX_SMTP_CLIENT_SESSION *s, const CHAR *text,
                      size_t size, void *buf, size_t len)
{
    const size_t left = size - s->piece_read;

    if (len > left)
        len = left;
    if (len > 0)
        memcpy(buf, text + s->piece_read, len);
    s->piece_read += (UINT)len;
    return (int)len;
}

static int read_header(NX_SMTP_CLIENT *c, void *buf, size_t len)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    CHAR                    line[LINE_SIZE];

    while (s->piece < HEADER_PIECES) {
        const CHAR *text = header_piece(c, line);
        const int   n = read_piece(s, text, strlen(text), buf, len);

        if (n > 0)
            return n;
        s->piece_read = 0;
        if (s->piece == RECIPIENT && s->entry < s->cc_end) {
            s->entry++;
            s->piece = BEFORE_RECIPIENT;
        } else {
            s->piece++;
        }
    }
    return 0;
}

int duva__nx_source_read(void *ctx, void *buf, size_t len)
{
    const NX_SMTP_SOURCE *source = (const NX_SMTP_SOURCE *)ctx;
    NX_SMTP_CLIENT       *c = source->nx_smtp_source_client;
    ULONG                 n = 0;
    UINT                  status;

    if (len > INT_MAX)
        len = INT_MAX;
    status = source->nx_smtp_source_read(source->nx_smtp_source_context,
                                         (UCHAR *)buf, (ULONG)len, &n);
    if (status == NX_SUCCESS && n > len)
        status = NX_SIZE_ERROR;
    c->nx_smtp_client_session.source_status = status;
    return status == NX_SUCCESS ? (int)n : -1;
}

static int read_body(NX_SMTP_CLIENT *c, void *buf, size_t len)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    NX_SMTP_CLIENT_MAIL    *m = &c->nx_smtp_client_mail;

    if (c->nx_smtp_client_composer != NX_NULL)
        return c->nx_smtp_client_composer->read(c, buf, len);
    if (m->nx_smtp_client_mail_source.nx_smtp_source_read != NX_NULL)
        return duva__nx_source_read(&m->nx_smtp_client_mail_source, buf, len);
    if (buf == NULL)
        return 0;
    return read_piece(s, m->nx_smtp_client_mail_body,
                      m->nx_smtp_client_mail_body_length, buf, len);
}

int duva__nx_message_read(void *ctx, void *buf, size_t len)
{
    NX_SMTP_CLIENT *c = (NX_SMTP_CLIENT *)ctx;
    int             n;

    if (buf == NULL) {
        NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;

        s->piece = s->piece_read = s->entry = 0;
        return read_body(c, NULL, 0);
    }
    n = read_header(c, buf, len);
    return n > 0 ? n : read_body(c, buf, len);
}

/* ---- is it fit to be sent? ---- */

static UINT check_envelope(const NX_SMTP_CLIENT *c)
{
    const duva_mail *mail = &c->nx_smtp_client_session.mail;
    size_t           i;

    if (*mail->from != '\0' && duva_address_check(mail->from))
        return NX_SMTP_INVALID_PARAM;
    for (i = 0; i < mail->rcpt_count; i++)
        if (duva_address_check(mail->rcpt[i].addr))
            return NX_SMTP_INVALID_PARAM;
    if (duva_name_check(c->nx_smtp_client_domain)
        || !duva__nx_is_subject(
            c->nx_smtp_client_mail.nx_smtp_client_mail_subject))
        return NX_SMTP_INVALID_PARAM;
    return NX_SUCCESS;
}

/* What is in memory is read; a function of the application's is not. */
static UINT check_body(NX_SMTP_CLIENT *c, duva_body *body)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    NX_SMTP_CLIENT_MAIL    *m = &c->nx_smtp_client_mail;
    duva_mail              *mail = &s->mail;

    if (m->nx_smtp_client_mail_source.nx_smtp_source_read != NX_NULL) {
        duva__nx_source_read(&m->nx_smtp_client_mail_source, NULL, 0);
        return s->source_status;
    }
    if (!duva__nx_check_text(mail, body, m->nx_smtp_client_mail_body,
                    m->nx_smtp_client_mail_body_length)
        || duva_body_check_end(body) != DUVA_OK)
        return NX_SMTP_INVALID_PARAM;
    mail->size = body->octets;
    return NX_SUCCESS;
}

UINT duva__nx_message_check(NX_SMTP_CLIENT *c)
{
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    uint64_t                size = 0;
    duva_body               body;
    UINT                    status = check_envelope(c);
    int                     n;

    if (status != NX_SUCCESS)
        return status;
    memset(&body, 0, sizeof(body));
    s->piece = s->piece_read = s->entry = 0;
    while ((n = read_header(c, s->buffer, s->room)) > 0)
        if (!duva__nx_check_text(&s->mail, &body, s->buffer, (size_t)n))
            return NX_SMTP_INVALID_PARAM;
    if (c->nx_smtp_client_composer == NX_NULL) {
        status = check_body(c, &body);
    } else {
        status = c->nx_smtp_client_composer->start(c, &size);
        s->mail.size = size > 0 ? body.octets + size : 0;
    }
    s->piece = s->piece_read = s->entry = 0;
    return status;
}

/* FNV-1a, 32 bits. */
static ULONG mix(ULONG hash, const void *data, size_t len)
{
    const UCHAR *at = (const UCHAR *)data;

    for (; len > 0; len--)
        hash = (hash ^ *at++) * 16777619u;
    return hash;
}

void duva__nx_message_identify(NX_SMTP_CLIENT *c)
{
    const duva_mail *mail = &c->nx_smtp_client_session.mail;
    ULONG           *id = c->nx_smtp_client_session.id;
    const ULONG      ticks = tx_time_get();
    const ULONG      peer = c->nx_smtp_client_socket.nx_tcp_socket_rx_sequence;
    ULONG            hash, device[2] = { 0, 0 };
    size_t           i;

    nx_ip_interface_physical_address_get(c->nx_smtp_client_ip_ptr, 0,
                                         &device[0], &device[1]);
    hash = mix(2166136261u, device, sizeof(device));
    hash = mix(hash, &c, sizeof(c));
    hash = mix(hash, &ticks, sizeof(ticks));
    hash = mix(hash, &peer, sizeof(peer));
    for (i = 0; i < mail->rcpt_count; i++)
        hash = mix(hash, mail->rcpt[i].addr, strlen(mail->rcpt[i].addr));
    id[0] = c->nx_smtp_client_session.seconds;
    if (id[0] == 0)
        id[0] = ticks;
    id[1] = ++c->nx_smtp_client_mail_count ^ (ULONG)NX_RAND() << 8 ^ peer;
    id[2] = hash;
    if (c->nx_smtp_client_composer != NX_NULL)
        c->nx_smtp_client_composer->identify(c);
}

#else
typedef int duva__nx_no_message; /* a file must not be empty */
#endif
