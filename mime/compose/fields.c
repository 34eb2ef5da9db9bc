/* fields.c - the header fields of a message, one by one. */
/* SPDX-License-Identifier: MIT */
#include "fields.h"
#include "../field/address.h"
#include "../field/date.h"
#include "../field/out.h"
#include "../field/text.h"

#if !DUVA_MIME_SMALL
#include <string.h>

enum {
    DATE, FROM, SENDER, REPLY_TO, TO, CC, SUBJECT, MESSAGE_ID, IN_REPLY_TO,
    REFERENCES, OTHER
};

/* Names of DUVA__FIELDS - 1 fields, and of those that are not for headers. */
static const char names[] =
    "Date\0From\0Sender\0Reply-To\0To\0Cc\0Subject\0Message-ID\0"
    "In-Reply-To\0References\0Bcc\0MIME-Version\0Content-\0";

static const char *name_of(unsigned field)
{
    const char *name = names;

    for (; field > 0; field--)
        name += strlen(name) + 1;
    return name;
}

/* Where the message keeps the field, but Date. */
static const void *kept_in(const duva_message *m, unsigned field)
{
    static const uint8_t at[] = {
        offsetof(duva_message, from), offsetof(duva_message, sender),
        offsetof(duva_message, reply_to), offsetof(duva_message, to),
        offsetof(duva_message, cc), offsetof(duva_message, subject),
        offsetof(duva_message, message_id), offsetof(duva_message, in_reply_to),
        offsetof(duva_message, references)
    };

    return (const char *)m + at[field - FROM];
}

static void put_name(duva__out *o)
{
    duva__writes(o, o->field);
    duva__writes(o, ":");
}

static void put_hex(duva__out *o, const void *octets, size_t len)
{
    const uint8_t *s = octets;

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

static void put_message_id(duva__out *o, const duva_message *m)
{
    const char *addr = m->from.list[0].addr; /* there is one */
    const char *domain = addr != NULL ? strrchr(addr, '@') : NULL;
    uint8_t     date[4];       /* in the same order on every processor */
    unsigned    i;

    for (i = 0; i < sizeof date; i++)
        date[i] = (uint8_t)(m->date >> 8 * i);
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
    const char *name;
    size_t      len, n;

    o->field = "header name";
    if (h->name == NULL || h->name[0] == '\0') {
        duva__refuse(o, DUVA_REASON_MISSING, 0);
        return;
    }
    len = duva__put_only(o, h->name, " :", 0);
    for (name = names; *name != '\0'; name += n + 1) {
        n = strlen(name);
        if ((n == len || (n < len && name[n - 1] == '-'))
            && same_start(h->name, name, n))
            duva__refuse(o, DUVA_REASON_REPEATED, 0);
    }
    if (o->error.reason != DUVA_REASON_NONE)
        return;
    o->field = h->name;
    duva__writes(o, ":");
    if (h->value == NULL)
        duva__refuse(o, DUVA_REASON_MISSING, 0);
    else
        duva__text(o, h->value, 900);
}

static int put_list(duva__out *o, const duva_message *m, unsigned field,
                    unsigned entry)
{
    const duva_addresses *const all = kept_in(m, field);

    if (all->count == 0 || all->list == NULL) {
        if (field == FROM || (field == SENDER && m->from.count > 1))
            duva__refuse(o, DUVA_REASON_MISSING, 0);
        return 0;
    }
    if (field == SENDER && all->count > 1)
        duva__refuse(o, DUVA_REASON_REPEATED, 0);
    if (entry == 0)
        put_name(o);
    return duva__put_address(o, all, entry);
}

/* The fields with one value; without one they are not written. */
static void put_single(duva__out *o, const duva_message *m, unsigned field)
{
    const char *value = field == DATE ? NULL
                        : *(const char *const *)kept_in(m, field);

    if (value != NULL && value[0] == '\0')
        value = NULL;
    if (field == DATE ? m->date == 0 : value == NULL && field != MESSAGE_ID)
        return;
    put_name(o);
    if (field == DATE)
        duva__put_date(o, m);
    else if (value == NULL)
        put_message_id(o, m);
    else if (field == SUBJECT)
        duva__text(o, value, DUVA__LINE - 2);
    else
        duva__put_ids(o, value, field != MESSAGE_ID);
}

int duva__field(duva__out *o, const duva_message *m, unsigned field,
                unsigned entry)
{
    int more = 0;

    o->field = name_of(field);
    if (field >= FROM && field <= CC) {
        more = put_list(o, m, field, entry);
    } else if (field < OTHER) {
        put_single(o, m, field);
    } else if (entry < m->header_count && m->headers != NULL) {
        o->number = entry + 1;
        put_other(o, &m->headers[entry]);
        more = entry + 1 < m->header_count;
    }
    if (o->column > 0 && (!more || field == OTHER))
        duva__writes(o, "\r\n");
    return more;
}
#endif
