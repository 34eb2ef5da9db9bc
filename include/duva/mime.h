/* mime.h - composes a message: fields and parts in, message octets out. */
/* SPDX-License-Identifier: MIT */
/*
 * A duva_mime is a source of message octets: give duva_mime_read() and the
 * duva_mime to duva_send_mail(), or read from it yourself.  It has no heap, no
 * clock and no random numbers.  All strings are UTF-8 with a final NUL, and are
 * borrowed, unchanged, until the message is sent.  Whatever could break out of
 * its field is rejected, before the first octet.  doc/mime.md
 * shows what is written for what is given.
 */
#ifndef DUVA_MIME_H
#define DUVA_MIME_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 1 makes a smaller composer, for devices that send a text and attachments.
 * It rejects, with DUVA_REASON_LEFT_OUT: places but TEXT, which comes first,
 * and ATTACHED; encoding, cid, charset, PART_FLOWED; a text's name, and names
 * beyond ASCII; message/ and multipart/; more than one From, Sender, zone, and
 * IDs of the caller's.  Groups, quoted local-parts, address literals and UTF-8
 * in addresses are not accepted.  Text is 7bit or base64, and its UTF-8 is not
 * validated; a name or value over 60 octets is encoded; names of
 * headers are not compared with its own; takes is ignored; a list that is NULL
 * must have a count of 0.  The rest of this header applies.  All files of the
 * program must use the same value. */
#ifndef DUVA_MIME_SMALL
#define DUVA_MIME_SMALL 0
#endif

/* A mailbox: "Ada" <ada@example.org>.  Or, with addr NULL, a group: name and
 * the `members` addresses that follow in the list (RFC 5322 3.4). */
typedef struct duva_address {
    const char *name;          /* display name; NULL: none */
    const char *addr;          /* written unchanged, or rejected */
    uint16_t    members;
} duva_address;

typedef struct duva_addresses {
    const duva_address *list;  /* NULL: none, whatever the count */
    uint16_t            count;
} duva_addresses;

/* A field that duva_message lacks.  The name must not be one that it has, nor
 * Bcc, MIME-Version or Content-...; the value is text of any length. */
typedef struct duva_header {
    const char *name;
    const char *value;
} duva_header;

/* What a part is for.  At most one TEXT, one HTML and one CALENDAR. */
typedef enum duva_place {
    DUVA_PLACE_TEXT,           /* the message itself, for people */
    DUVA_PLACE_HTML,           /* the same in HTML */
    DUVA_PLACE_RELATED,        /* used by the HTML, by its cid */
    DUVA_PLACE_CALENDAR,       /* an invitation (RFC 6047) */
    DUVA_PLACE_ATTACHED
} duva_place;

typedef enum duva_encoding {
    DUVA_ENCODING_AUTO,        /* chosen for the content and the server */
    DUVA_ENCODING_QP,          /* quoted-printable */
    DUVA_ENCODING_BASE64,
    DUVA_ENCODING_7BIT,        /* from here on: only chosen by AUTO */
    DUVA_ENCODING_8BIT,
    DUVA_ENCODING_BINARY
} duva_encoding;

/* duva_part.flags */
#define DUVA_PART_ONCE   0x01u /* read cannot go back to the start */
#define DUVA_PART_FLOWED 0x02u /* the content is format=flowed; delsp=yes, as
                                  duva_flowed_read() makes it (RFC 3676) */

#define DUVA_LEN_UNKNOWN UINT64_MAX

/* One part: zero it, then set what matters.  Content in a place but ATTACHED
 * and RELATED is text, in UTF-8 unless charset says otherwise; its lines may
 * end with LF or CRLF.  Attached and related content arrives octet by octet,
 * but of type message/rfc822, which is sent line by line too: it must not be
 * encoded (RFC 2046 5.2.1). */
typedef struct duva_part {
    uint8_t     place;         /* duva_place */
    uint8_t     encoding;      /* duva_encoding: AUTO, or one to use */
    uint8_t     flags;         /* DUVA_PART_* */
    uint8_t     chosen;        /* out: duva_encoding, once checked */
    const char *type;          /* "image/png"; NULL: that of the place */
    const char *charset;       /* of text; NULL: utf-8 */
    const char *name;          /* file name, without folders */
    const char *cid;           /* "logo@example.org": Content-ID, no brackets */
    const char *method;        /* CALENDAR: "REQUEST", "CANCEL", ... */
    const void *data;          /* the content, or NULL and read */
    /* A source as in client.h: with buf NULL it goes back to its start.  It
     * is asked to before each reading and counting, unless DUVA_PART_ONCE. */
    int       (*read)(void *ctx, void *buf, size_t len);
    void       *ctx;
    uint64_t    len;           /* of the content; with read: if known, else
                                  DUVA_LEN_UNKNOWN */
} duva_part;

/* Zero it, then set what matters.  Only `from` is needed by RFC 5322; a field
 * that is NULL, empty or 0 is not written. */
typedef struct duva_message {
    duva_addresses     from;
    duva_addresses     sender; /* one; needed when from has several */
    duva_addresses     reply_to;
    duva_addresses     to;
    duva_addresses     cc;     /* for Bcc: only in the envelope */
    const char        *subject;
    const char        *message_id;  /* "<id@domain>"; NULL: from seed, date
                                       and the domain of the first address */
    const char        *in_reply_to; /* "<id@domain>", or several with one */
    const char        *references;  /* space between each two */
    const duva_header *headers; /* NULL: none, whatever the count */
    uint16_t           header_count;
    uint16_t           part_count;
    duva_part         *parts;  /* in any order; 0: an empty message */
    uint32_t           date;   /* seconds since 1970; 0: the first server
                                  writes Date (RFC 6409 8.2) */
    int16_t            zone;   /* minutes east of Greenwich */
    uint8_t            seed[16]; /* random: Message-ID and boundaries; 16
                                    zeros are rejected */
} duva_message;

/* What is wrong and where, after an error; reason is NONE when nothing is. */
typedef struct duva_mime_error {
    duva_reason reason;
    const char *field;         /* "Subject", "file name", "content", ... */
    uint32_t    number;        /* of the address, header or part, from 1 */
    uint32_t    where;         /* octet of the value or line of the content,
                                  from 1; 0: all of it */
} duva_mime_error;

/* duva_mime.takes: what the server advertises. */
#define DUVA_MIME_8BIT   0x01u /* 8BITMIME (RFC 6152) */
#define DUVA_MIME_BINARY 0x02u /* BINARYMIME with CHUNKING (RFC 3030) */
#define DUVA_MIME_UTF8   0x04u /* SMTPUTF8: UTF-8 in fields (RFC 6532) */

/* Zero it, set message and takes, and read. */
typedef struct duva_mime {
    const duva_message *message;
    uint8_t             takes; /* DUVA_MIME_*; change it and rewind */
    uint8_t             needs; /* out: which of takes are used */
    duva_mime_error     error; /* out */
    /* private: the position of the reader */
    int8_t   err;
    uint8_t  state, eof, half, used, kept;
    uint16_t part;
    uint32_t skip;
    uint8_t  carry[80];
#if DUVA_MIME_SMALL
    uint32_t pos;
#else
    uint64_t pos;
    uint16_t entry, members, column;
    uint8_t  field, opened, containers, part_place, staged, stage_at;
    uint8_t  stage[80];
#endif
} duva_mime;

/* A duva_source_fn over a duva_mime: puts up to len octets into buf and
 * returns how many, 0 at the end, or less than 0 on an error.  The octets do
 * not depend on len.
 *
 * With buf NULL, and by itself before the first octet, it checks everything,
 * chooses each part's encoding (reading the text parts once) and goes to the
 * start.  So duva_mime_read(m, NULL, 0) also tells whether a message can be
 * composed.
 *
 * Errors, with the details in m->error: DUVA_ERR_ARG: there is no message, or
 * it has a part_count and no parts ("message"); a field cannot be written; or
 * a part that can be read only ONCE has been.  DUVA_ERR_BODY: content cannot be
 * sent, or its source failed or had another length than len.
 * DUVA_ERR_UNSUPPORTED: it needs DUVA_MIME_8BIT or _UTF8, or what
 * DUVA_MIME_SMALL leaves out. */
int duva_mime_read(void *mime, void *buf, size_t len);

/* The octets that duva_mime_read() will give, or 0 when not known beforehand
 * (a part that is read ONCE or does not know its length) or on an error:
 * for mail.size.  It reads text parts once more; base64 is counted
 * without reading.  Leaves m at the start. */
uint64_t duva_mime_size(duva_mime *m);

#ifdef __cplusplus
}
#endif
#endif
