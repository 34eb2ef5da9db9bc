/* DuvaMail.cpp - a mail: envelope, message and result. */
/* SPDX-License-Identifier: MIT */
#if defined(ARDUINO)
#include "duva_arduino.h"

#include "DuvaMail.h"

#include <string.h>

#if defined(ESP32)
#include <esp_random.h>
#endif

DuvaMail::DuvaMail(duva_address *addresses, duva_rcpt *rcpts,
                   size_t recipients, duva_part *parts, DuvaStream *streams,
                   size_t contents)
    : _addresses(addresses), _parts(parts), _streams(streams),
      _recipients((uint8_t)recipients), _contents((uint8_t)contents)
{
    memset(&_job, 0, sizeof _job);
    _job.mail.rcpt = rcpts;
    clear();
}

void DuvaMail::clear()
{
    duva_rcpt *rcpts = _job.mail.rcpt;

    memset(&_job, 0, sizeof _job);
    memset(&_message, 0, sizeof _message);
    memset(&_mime, 0, sizeof _mime);
    memset(&_from, 0, sizeof _from);
    _unique = false;
    _job.mail.rcpt = rcpts;
    _job.source = duva_mime_read;
    _job.source_ctx = &_mime;
    _mime.message = &_message;
    _message.from.list = &_from;
    _message.from.count = 1;
    _message.to.list = _addresses;
    _message.parts = _parts;
}

/* ---- envelope and fields ---- */

void DuvaMail::from(const char *address, const char *name)
{
    _from.addr = address;
    _from.name = name;
    _job.mail.from = address;
}

bool DuvaMail::add_rcpt(const char *address)
{
    duva_rcpt *rcpt = &_job.mail.rcpt[_job.mail.rcpt_count];

    if (_job.mail.rcpt_count >= _recipients)
        return false;
    memset(rcpt, 0, sizeof *rcpt);
    rcpt->addr = address;
    _job.mail.rcpt_count++;
    return true;
}

bool DuvaMail::bcc(const char *address)
{
    return add_rcpt(address);
}

/* Those of Cc make room for it. */
bool DuvaMail::to(const char *address, const char *name)
{
    size_t i = _message.to.count + _message.cc.count;

    if (!add_rcpt(address))
        return false;
    for (; i > _message.to.count; i--)
        _addresses[i] = _addresses[i - 1];
    memset(&_addresses[i], 0, sizeof _addresses[i]);
    _addresses[i].addr = address;
    _addresses[i].name = name;
    _message.to.count++;
    _message.cc.list = &_addresses[_message.to.count];
    return true;
}

bool DuvaMail::cc(const char *address, const char *name)
{
    const size_t i = _message.to.count + _message.cc.count;

    if (!add_rcpt(address))
        return false;
    memset(&_addresses[i], 0, sizeof _addresses[i]);
    _addresses[i].addr = address;
    _addresses[i].name = name;
    _message.cc.list = &_addresses[_message.to.count];
    _message.cc.count++;
    return true;
}

void DuvaMail::subject(const char *text)
{
    _message.subject = text;
}

void DuvaMail::date(uint32_t seconds, int16_t zone)
{
    _message.date = seconds;
    _message.zone = zone;
}

void DuvaMail::unique(const uint8_t *random)
{
    memcpy(_message.seed, random, sizeof _message.seed);
    _unique = true;
}

void DuvaMail::unique(uint32_t board, uint32_t number)
{
    memset(_message.seed, 0, sizeof _message.seed);
    memcpy(_message.seed, &board, sizeof board);
    memcpy(_message.seed + sizeof board, &number, sizeof number);
    _unique = true;
}

void DuvaMail::policy(duva_policy policy)
{
    _job.mail.policy = policy;
}

duva_message &DuvaMail::message()
{
    return _message;
}

duva_mail &DuvaMail::envelope()
{
    return _job.mail;
}

/* ---- contents ---- */

/* The composer knows what it has read once. */
void DuvaMail::clearContents()
{
    _message.part_count = 0;
    memset(&_mime, 0, sizeof _mime);
    _mime.message = &_message;
}

duva_part *DuvaMail::add(uint8_t place, const char *name, const char *type)
{
    duva_part *part = &_parts[_message.part_count];

    if (_message.part_count >= _contents)
        return NULL;
    memset(part, 0, sizeof *part);
    part->place = place;
    part->name = name;
    part->type = type;
    _message.part_count++;
    return part;
}

bool DuvaMail::text(const char *text)
{
    duva_part *part = add(DUVA_PLACE_TEXT, NULL, NULL);

    if (part == NULL)
        return false;
    part->data = text;
    part->len = strlen(text);
    return true;
}

#if !DUVA_MIME_SMALL
bool DuvaMail::html(const char *html)
{
    duva_part *part = add(DUVA_PLACE_HTML, NULL, NULL);

    if (part == NULL)
        return false;
    part->data = html;
    part->len = strlen(html);
    return true;
}
#endif

bool DuvaMail::attach(const char *name, const char *type, const void *data,
                      size_t len)
{
    duva_part *part = add(DUVA_PLACE_ATTACHED, name, type);

    if (part == NULL)
        return false;
    part->data = data;
    part->len = len;
    return true;
}

bool DuvaMail::attach(const char *name, const char *type,
                      int (*read)(void *context, void *buf, size_t len),
                      void *context)
{
    duva_part *part = add(DUVA_PLACE_ATTACHED, name, type);

    if (part == NULL)
        return false;
    part->read = read;
    part->ctx = context;
    part->len = DUVA_LEN_UNKNOWN;
    return true;
}

/* More than what is left is not asked for: readBytes() would wait for it. */
static int read_stream(void *context, void *buf, size_t len)
{
    DuvaStream *s = (DuvaStream *)context;
    size_t      n;

    if (buf == NULL)
        return -1;
    if (len > 0x7FFF)
        len = 0x7FFF;
    if (s->known && len > s->left)
        len = (size_t)s->left;
    n = len > 0 ? s->stream->readBytes((char *)buf, len) : 0;
    if (s->known)
        s->left -= (uint32_t)n;
    return (int)n;
}

bool DuvaMail::attach(const char *name, const char *type, Stream &stream)
{
    DuvaStream *s = &_streams[_message.part_count];
    duva_part  *part;

    if (!attach(name, type, read_stream, s))
        return false;
    part = &_parts[_message.part_count - 1];
    part->flags = DUVA_PART_ONCE;
    s->stream = &stream;
    s->known = false;
    return true;
}

bool DuvaMail::attach(const char *name, const char *type, Stream &stream,
                      uint32_t len)
{
    if (!attach(name, type, stream))
        return false;
    _parts[_message.part_count - 1].len = len;
    _streams[_message.part_count - 1].left = len;
    _streams[_message.part_count - 1].known = true;
    return true;
}

/* ---- sending ---- */

/* Two messages with one Message-ID may be taken for one. */
bool DuvaMail::prepare()
{
    duva_result *result = &_job.mail.result;
    int          err = DUVA_ERR_ARG;

#if defined(ESP32)
    if (!_unique)
        esp_fill_random(_message.seed, sizeof _message.seed);
    _unique = true;
#endif
    memset(result, 0, sizeof *result);
    memset(&_mime.error, 0, sizeof _mime.error);
    if (_unique)
        err = duva_mime_read(&_mime, NULL, 0);
    if (err == DUVA_OK)
        return true;
    result->verdict = DUVA_REFUSED;
    result->err = (duva_err)err;
    result->reason = _unique ? _mime.error.reason : DUVA_REASON_MISSING;
    result->where = _mime.error.where;
    return false;
}

/* ---- the result ---- */

duva_verdict DuvaMail::verdict() const
{
    return _job.mail.result.verdict;
}

bool DuvaMail::accepted() const
{
    return verdict() == DUVA_ACCEPTED;
}

const duva_result &DuvaMail::result() const
{
    return _job.mail.result;
}

size_t DuvaMail::recipients() const
{
    return _job.mail.rcpt_count;
}

const duva_rcpt &DuvaMail::recipient(size_t i) const
{
    return _job.mail.rcpt[i];
}

static void print_reply(Print &out, const duva_result &r)
{
    if (r.err != DUVA_OK) {
        out.print(" at ");
        out.print(duva_stage_name((duva_stage)r.status.stage));
    }
    out.print(": ");
    out.print((int)r.status.code);
    out.print(' ');
#if DUVA_WITH_ENHANCED
    if (r.status.enhanced[0] != 0) {
        out.print((int)r.status.enhanced[0]);
        out.print('.');
        out.print((int)r.status.enhanced[1]);
        out.print('.');
        out.print((int)r.status.enhanced[2]);
        out.print(' ');
    }
#endif
    out.print(r.text);
}

void DuvaMail::explain(Print &out) const
{
    const duva_result &r = result();

    out.print(duva_verdict_name(r.verdict));
    if (r.err != DUVA_OK) {
        out.print(": ");
        out.print(duva_err_text(r.err));
    }
    if (r.reason != DUVA_REASON_NONE) {
        out.print(": ");
        out.print(duva_reason_text(r.reason));
    }
    if (_mime.error.field != NULL && r.err != DUVA_OK) {
        out.print(": ");
        out.print(_mime.error.field);
    } else if (!_unique && r.verdict == DUVA_REFUSED) {
        out.print(": unique()");
    }
    if (r.status.code != 0)
        print_reply(out, r);
}

#endif
