/* DuvaMail.h - a mail: envelope, message and result. */
/* SPDX-License-Identifier: MIT */
/*
 * No memory is allocated.  All that is given by pointer is borrowed, unchanged,
 * until the mail has its verdict: strings in UTF-8, contents, streams.
 */
#ifndef DUVA_ARDUINO_MAIL_H
#define DUVA_ARDUINO_MAIL_H

#include <Arduino.h>
#include <Stream.h>

#include "duva/client.h"
#include "duva/mime.h"

/* An attachment that is read from a Stream once: what is left of it. */
struct DuvaStream {
    Stream  *stream;
    uint32_t left;
    bool     known;            /* left is known; else it ends where it ends */
};

/* Take a DuvaMailFor<>, which has the memory.  A function that returns bool
 * returns false when there is no room for one more. */
class DuvaMail
{
public:
    void from(const char *address, const char *name = NULL);
    bool to(const char *address, const char *name = NULL);
    bool cc(const char *address, const char *name = NULL);
    bool bcc(const char *address); /* it is in no field */
    void subject(const char *text);
    bool text(const char *text);   /* the message itself */
#if !DUVA_MIME_SMALL
    bool html(const char *html);   /* the same in HTML */
#endif

    /* An attachment.  name is the file name, type such as "text/csv". */
    bool attach(const char *name, const char *type, const void *data,
                size_t len);
    /* It is read once, while the mail is sent, with readBytes(): a stream that
     * is slow must have a setTimeout() that is long enough.  After another
     * length than len the mail fails.  Without len it ends when readBytes()
     * returns 0. */
    bool attach(const char *name, const char *type, Stream &stream);
    bool attach(const char *name, const char *type, Stream &stream,
                uint32_t len);
    /* By a function of yours: duva_part.read in duva/mime.h. */
    bool attach(const char *name, const char *type,
                int (*read)(void *context, void *buf, size_t len),
                void *context);

    /* Seconds since 1970, and minutes east of Greenwich.  Without it there is
     * no Date, and the submission server writes one. */
    void date(uint32_t seconds, int16_t zone = 0);

    /* Makes Message-ID and boundaries unique, for each message: 16 random
     * octets; or a number of the board and one that never comes twice, as a
     * counter in EEPROM.  Boards with esp_random() need neither. */
    void unique(const uint8_t *random);
    void unique(uint32_t board, uint32_t number);

    void policy(duva_policy policy);   /* default: all or nothing */
    duva_message &message();           /* all other fields: duva/mime.h */
    duva_mail &envelope();             /* and parameters: duva/mail.h */
    void clear();                      /* a new, empty mail */
    /* Takes text, HTML and attachments away, to give them anew before a retry:
     * recipients, their verdicts and the Message-ID stay. */
    void clearContents();

    /* What became of it. */
    duva_verdict verdict() const;      /* DUVA_PENDING until it is decided */
    bool accepted() const;
    const duva_result &result() const;
    size_t recipients() const;
    const duva_rcpt &recipient(size_t i) const;
    /* "refused: rejected by the server at rcpt: 550 5.1.1 Unknown" */
    void explain(Print &out) const;

protected:
    DuvaMail(duva_address *addresses, duva_rcpt *rcpts, size_t recipients,
             duva_part *parts, DuvaStream *streams, size_t contents);

private:
    friend class DuvaSmtp;

    duva_part *add(uint8_t place, const char *name, const char *type);
    bool add_rcpt(const char *address);
    bool prepare();            /* false: it cannot be composed; see result */

    duva_job      _job;
    duva_message  _message;
    duva_mime     _mime;
    duva_address  _from;
    duva_address *_addresses;  /* those of To, then those of Cc */
    duva_part    *_parts;
    DuvaStream   *_streams;
    uint8_t       _recipients, _contents; /* how many there is room for */
    bool          _unique;

    DuvaMail(const DuvaMail &);
    DuvaMail &operator=(const DuvaMail &);
};

/* A mail with room for so many recipients and contents (text, HTML and
 * attachments).  DuvaMailFor<> has room for 2 of each. */
template <size_t RECIPIENTS = 2, size_t CONTENTS = 2>
class DuvaMailFor : public DuvaMail
{
public:
    DuvaMailFor()
        : DuvaMail(_addresses, _rcpts, RECIPIENTS, _parts, _streams, CONTENTS)
    {
    }

private:
    duva_address _addresses[RECIPIENTS];
    duva_rcpt    _rcpts[RECIPIENTS];
    duva_part    _parts[CONTENTS];
    DuvaStream   _streams[CONTENTS];
};

#endif
