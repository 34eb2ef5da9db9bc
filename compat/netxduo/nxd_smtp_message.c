/* nxd_smtp_message.c - turns the mail of a client into a message's octets. */
/* SPDX-License-Identifier: MIT */
#include "nxd_smtp_message.h"

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

enum {                         /* pieces of the message */
    TO, TO_ADDRESS, FROM, FROM_ADDRESS, SUBJECT, SUBJECT_TEXT, DATE,
    DATE_TEXT, ID, ID_TEXT, ID_DOMAIN, ID_END, PRIORITY, MIME, HEADER_PIECES
};

/* A piece of the header; line has room for LINE_SIZE octets. */
static const CHAR *header_piece(const NX_SMTP_CLIENT *c, CHAR *line)
{
    const NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;

    switch (s->piece) {
    case TO:
        return "To: ";
    case TO_ADDRESS:
        return s->recipient.addr;
    case FROM:
        return "\r\nFrom: ";
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

int duva__nx_message_read(void *ctx, void *buf, size_t len)
{
    NX_SMTP_CLIENT         *c = (NX_SMTP_CLIENT *)ctx;
    NX_SMTP_CLIENT_SESSION *s = &c->nx_smtp_client_session;
    CHAR                    line[LINE_SIZE];

    if (buf == NULL) {
        s->piece = s->piece_read = 0;
        return 0;
    }
    for (; s->piece <= HEADER_PIECES; s->piece++, s->piece_read = 0) {
        const NX_SMTP_CLIENT_MAIL *m = &c->nx_smtp_client_mail;
        const CHAR *text = m->nx_smtp_client_mail_body;
        size_t      left = m->nx_smtp_client_mail_body_length;

        if (s->piece < HEADER_PIECES) {
            text = header_piece(c, line);
            left = strlen(text);
        }
        left -= s->piece_read;
        if (left == 0)
            continue;
        if (left > len)
            left = len;
        memcpy(buf, text + s->piece_read, left);
        s->piece_read += (UINT)left;
        return (int)left;
    }
    return 0;
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
    const NX_SMTP_CLIENT_MAIL *m = &c->nx_smtp_client_mail;
    ULONG       *id = c->nx_smtp_client_session.id;
    const ULONG  ticks = tx_time_get();
    const UINT   port = c->nx_smtp_client_socket.nx_tcp_socket_port;
    const void  *place = c;

    id[0] = c->nx_smtp_client_session.seconds;
    if (id[0] == 0)
        id[0] = ticks;
    id[1] = ++c->nx_smtp_client_mail_count;
#ifdef NX_RAND
    id[1] ^= (ULONG)NX_RAND() << 8;
#endif
    id[2] = mix(2166136261u, &place, sizeof(place));
    id[2] = mix(id[2], &ticks, sizeof(ticks));
    id[2] = mix(id[2], &port, sizeof(port));
    id[2] = mix(id[2], m->nx_smtp_client_mail_recipient_address,
                strlen(m->nx_smtp_client_mail_recipient_address));
    id[2] = mix(id[2], m->nx_smtp_client_mail_subject,
                strlen(m->nx_smtp_client_mail_subject));
    id[2] = mix(id[2], m->nx_smtp_client_mail_body,
                m->nx_smtp_client_mail_body_length);
}
