/* field.c - one field of the message into header text. */
/* SPDX-License-Identifier: MIT */
#include "out.h"

#include <string.h>

enum {
    DATE, FROM, SENDER, REPLY_TO, TO, CC, SUBJECT, MESSAGE_ID, IN_REPLY_TO,
    REFERENCES, OTHER
};

/* Names of DUVA__FIELDS - 1 fields, and of those that are not for headers. */
static const char names[][13] = {
    "Date", "From", "Sender", "Reply-To", "To", "Cc", "Subject", "Message-ID",
    "In-Reply-To", "References", "Bcc", "MIME-Version", "Content-"
};
enum { NAMES = sizeof names / sizeof names[0] };

static void put_number(duva__out *o, uint32_t n, unsigned digits)
{
    char     text[4];
    unsigned i;

    for (i = digits; i > 0; i--, n /= 10)
        text[i - 1] = (char)('0' + n % 10);
    duva__write(o, text, digits);
}

static void put_hex(duva__out *o, const uint8_t *s, size_t len)
{
    for (; len > 0; len--, s++) {
        duva__write(o, &"0123456789abcdef"[*s >> 4], 1);
        duva__write(o, &"0123456789abcdef"[*s & 15], 1);
    }
}

void duva__put_boundary(duva__out *o, const duva_message *m, unsigned level)
{
    duva__writes(o, "=_");
    put_hex(o, m->seed + 8, 8);
    duva__write(o, &"mar"[level], 1);
}

static void put_date(duva__out *o, const duva_message *m)
{
    const uint32_t east = (uint32_t)(m->zone < 0 ? -m->zone : m->zone);
    const uint32_t shift = east * 60;
    const uint32_t at = m->zone < 0 ? m->date - shift : m->date + shift;
    const uint32_t days = at / 86400, second = at % 86400;
    /* From 1 March of year 0, so that a leap day ends a year and the months
     * before it have a regular length; 400 years are 146097 days. */
    const uint32_t z = days + 719468;
    const uint32_t era = z / 146097, doe = z % 146097;
    const uint32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const uint32_t mp = (5 * doy + 2) / 153;

    if (east > 23 * 60 + 59 || (m->zone < 0 ? m->date < shift : at < m->date))
        duva__refuse(o, DUVA_REASON_RANGE, 0);
    duva__writes(o, " ");
    duva__write(o, &"ThuFriSatSunMonTueWed"[days % 7 * 3], 3);
    duva__writes(o, ", ");
    put_number(o, doy - (153 * mp + 2) / 5 + 1, 2);
    duva__writes(o, " ");
    duva__write(o, &"MarAprMayJunJulAugSepOctNovDecJanFeb"[mp * 3], 3);
    duva__writes(o, " ");
    put_number(o, yoe + era * 400 + (mp >= 10), 4);
    duva__writes(o, " ");
    put_number(o, second / 3600, 2);
    duva__writes(o, ":");
    put_number(o, second / 60 % 60, 2);
    duva__writes(o, ":");
    put_number(o, second % 60, 2);
    duva__writes(o, m->zone < 0 ? " -" : " +");
    put_number(o, east / 60 * 100 + east % 60, 4);
}

/* One address: phrase, brackets and what parts it from the next. */
static int put_address(duva__out *o, const duva_addresses *all, unsigned i)
{
    const duva_address *a = &all->list[i];
    const int           more = i + 1 < all->count, group = a->addr == NULL;
    const int           utf8 = (o->takes & DUVA_MIME_UTF8) != 0;
    const int           named = a->name != NULL && a->name[0] != '\0';
    size_t              where = 0, len;
    duva_reason         reason;
    int                 beyond = 0;

    o->number = i + 1;
    if (named)
        duva__phrase(o, a->name);
    if (group) {
        if (!named || o->members > 0 || a->members >= all->count - i)
            duva__refuse(o, DUVA_REASON_MISSING, 0);
        duva__writes(o, ":");
        o->members = a->members;
    } else {
        duva__look(o, a->addr, &beyond);
        reason = duva__addr(a->addr, utf8, &where);
        if (reason != DUVA_REASON_NONE)
            duva__refuse(o, reason, where);
        if (beyond)
            o->needs |= DUVA_MIME_UTF8;
        len = strlen(a->addr);
        duva__fold(o, len + (named ? 3 : 1), DUVA__LINE_ENCODED);
        duva__writes(o, named ? "<" : "");
        duva__write(o, a->addr, len);
        duva__writes(o, named ? ">" : "");
    }
    if (group ? a->members == 0 : o->members > 0 && --o->members == 0)
        duva__writes(o, ";");
    if (more && !(group && a->members > 0))
        duva__writes(o, ",");
    return more;
}

/* <id@domain>, or several with one space between each two. */
static void put_ids(duva__out *o, const char *ids, int several)
{
    int    beyond;
    size_t len = duva__look(o, ids, &beyond), i = 0, n;

    if (beyond && (o->takes & DUVA_MIME_UTF8) == 0)
        duva__refuse(o, DUVA_REASON_NOT_ASCII, 0);
    if (beyond)
        o->needs |= DUVA_MIME_UTF8;
    while (i < len) {
        n = strcspn(ids + i, " ");
        if (n < 5 || ids[i] != '<' || memchr(ids + i, '@', n) == NULL
            || strcspn(ids + i + 1, "<>\t") != n - 2 || ids[i + n - 1] != '>') {
            duva__refuse(o, DUVA_REASON_CHARACTER, i + 1);
            return;
        }
        duva__fold(o, n, DUVA__LINE);
        duva__write(o, ids + i, n);
        i += n;
        if (i < len && (!several || ++i == len)) {
            duva__refuse(o, DUVA_REASON_CHARACTER, i);
            return;
        }
    }
}

static void put_message_id(duva__out *o, const duva_message *m)
{
    const char    *addr = m->from.count > 0 ? m->from.list[0].addr : NULL;
    const char    *domain = addr != NULL ? strrchr(addr, '@') : NULL;
    const uint32_t d = m->date;
    const uint8_t  date[4] = { (uint8_t)(d >> 24), (uint8_t)(d >> 16),
                               (uint8_t)(d >> 8), (uint8_t)d };

    duva__writes(o, " <");
    put_hex(o, date, sizeof date);
    duva__writes(o, ".");
    put_hex(o, m->seed, 8);
    duva__writes(o, domain != NULL ? domain : "");
    duva__writes(o, ">");
}

static int same_start(const char *a, const char *b, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (((uint8_t)a[i] | 0x20) != ((uint8_t)b[i] | 0x20))
            return 0;
    return 1;
}

static void put_other(duva__out *o, const duva_header *h)
{
    size_t len, i;

    o->field = "header name";
    if (h->name == NULL || h->name[0] == '\0') {
        duva__refuse(o, DUVA_REASON_MISSING, 0);
        return;
    }
    len = strlen(h->name);
    for (i = 0; i < len; i++)
        if (h->name[i] < 33 || h->name[i] > 126 || h->name[i] == ':')
            duva__refuse(o, DUVA_REASON_CHARACTER, i + 1);
    for (i = 0; i < NAMES; i++) {
        const size_t n = strlen(names[i]);

        if ((n == len || (i == NAMES - 1 && n < len))
            && same_start(h->name, names[i], n))
            duva__refuse(o, DUVA_REASON_REPEATED, 0);
    }
    if (o->reason != DUVA_REASON_NONE)
        return;
    o->field = h->name;
    duva__write(o, h->name, len);
    duva__writes(o, ":");
    if (h->value == NULL)
        duva__refuse(o, DUVA_REASON_MISSING, 0);
    else
        duva__text(o, h->value, 900);
}

static int put_list(duva__out *o, const duva_message *m, unsigned field,
                    unsigned entry)
{
    const duva_addresses *const all = field == FROM ? &m->from
        : field == SENDER ? &m->sender : field == REPLY_TO ? &m->reply_to
        : field == TO ? &m->to : &m->cc;

    if (all->count == 0) {
        if (field == FROM || (field == SENDER && m->from.count > 1))
            duva__refuse(o, DUVA_REASON_MISSING, 0);
        return 0;
    }
    if (field == SENDER && all->count > 1)
        duva__refuse(o, DUVA_REASON_REPEATED, 0);
    if (entry == 0) {
        duva__writes(o, names[field]);
        duva__writes(o, ":");
    }
    return put_address(o, all, entry);
}

/* The fields with one value; without one they are not written. */
static void put_single(duva__out *o, const duva_message *m, unsigned field)
{
    const char *const value = field == SUBJECT ? m->subject
        : field == MESSAGE_ID ? m->message_id
        : field == IN_REPLY_TO ? m->in_reply_to : m->references;

    if (field == DATE ? m->date == 0 : value == NULL && field != MESSAGE_ID)
        return;
    duva__writes(o, names[field]);
    duva__writes(o, ":");
    if (field == DATE)
        put_date(o, m);
    else if (value == NULL)
        put_message_id(o, m);
    else if (field == SUBJECT)
        duva__text(o, value, DUVA__LINE - 2);
    else
        put_ids(o, value, field != MESSAGE_ID);
}

int duva__field(duva__out *o, const duva_message *m, unsigned field,
                unsigned entry)
{
    int            more = 0;

    o->field = names[field];
    if (field >= FROM && field <= CC) {
        more = put_list(o, m, field, entry);
    } else if (field < OTHER) {
        put_single(o, m, field);
    } else if (entry < m->header_count) {
        o->number = entry + 1;
        put_other(o, &m->headers[entry]);
        more = entry + 1 < m->header_count;
    }
    if (o->column > 0 && (!more || field == OTHER))
        duva__writes(o, "\r\n");
    return more;
}
