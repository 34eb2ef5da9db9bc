/* small.c - the header of a message, with DUVA_MIME_SMALL. */
/* SPDX-License-Identifier: MIT */
#include "small.h"
#include "../field/date.h"
#include "../field/out.h"
#include "../field/text.h"

#if DUVA_MIME_SMALL
#include <string.h>

void duva__put_base64(duva__out *o, const void *octets, size_t len)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *const s = octets;
    unsigned             bit, v;

    for (bit = 0; bit % 8 != 0 || bit / 8 < len; bit += 6) {
        const size_t i = bit / 8;

        v = i + 1 < len ? s[i + 1] : 0;
        if (i < len)
            v |= (unsigned)s[i] << 8;
        duva__write(o, i < len ? &alphabet[v >> (10 - bit % 8) & 63] : "=", 1);
    }
}

/* Encoded-words, each of whole characters.  In Q, since some readers join the
 * words before they decode them, which takes base64 without padding. */
static void put_words(duva__out *o, const char *text)
{
    enum { LONGEST = 12, FRAME = 12 }; /* of a character, and around it */
    const char *end = "";

    for (; *text != '\0'; text++) {
        const uint8_t c = (uint8_t)*text, letter = c | 0x20;
        const char    code[3] = { '=', "0123456789ABCDEF"[c >> 4],
                                  "0123456789ABCDEF"[c & 15] };

        if ((c & 0xc0) != 0x80
            && (*end == '\0'
                || o->column > DUVA__LINE_ENCODED - LONGEST - 2)) {
            duva__writes(o, end);
            duva__fold(o, FRAME + LONGEST, DUVA__LINE_ENCODED);
            duva__writes(o, "=?utf-8?Q?");
            end = "?=";
        }
        if (letter >= 'a' && letter <= 'z')
            duva__write(o, text, 1);
        else
            duva__write(o, code, 3);
    }
    duva__writes(o, end);
}

/* As it stands, perhaps in quotes, or in encoded-words. */
static void put_text(duva__out *o, const char *text, const char *quotes)
{
    enum { LONGEST = 60 };
    size_t       beyond;
    const size_t len = duva__check_text(o, text, &beyond);

    /* Of nothing, nothing is written; no line may be of spaces alone. */
    if (beyond > 0 || len - 1 >= LONGEST || text[0] <= ' '
        || text[strcspn(text, quotes)] != '\0' || strstr(text, "=?") != NULL) {
        put_words(o, text);
        return;
    }
    duva__fold(o, len + 2, DUVA__LINE_ENCODED);
    duva__write(o, quotes, quotes[0] != '\0');
    duva__write(o, text, len);
    duva__write(o, quotes, quotes[0] != '\0');
}

static void put_name(duva__out *o, const char *name)
{
    o->field = name;
    duva__writes(o, name);
    duva__writes(o, ":");
}

static void put_list(duva__out *o, const char *name, const duva_addresses *all)
{
    const duva_address *a = all->list;

    if (all->count == 0)
        return;
    put_name(o, name);
    for (o->number = 1; ; o->number++, a++) {
        const char *const addr = a->addr != NULL ? a->addr : "";

        if (a->name != NULL)
            put_text(o, a->name, "\"\\");
        duva__fold(o, strlen(addr) + 3, DUVA__LINE_ENCODED);
        duva__writes(o, "<");
        duva__put_only(o, addr, " \"(),:;<>[\\]", '@');
        if (o->number == all->count)
            break;
        duva__writes(o, ">,");
    }
    duva__writes(o, ">\r\n");
    o->number = 0;
}

static void put_field(duva__out *o, const duva_header *h)
{
    o->field = "header name";
    if (h->name == NULL || h->value == NULL) {
        duva__refuse(o, DUVA_REASON_MISSING, 0);
        return;
    }
    duva__put_only(o, h->name, " :", 0);
    o->field = h->name;
    duva__writes(o, ":");
    put_text(o, h->value, "");
    duva__writes(o, "\r\n");
}

/* The fields, as if they were one piece. */
void duva__put_head(duva__out *o, const duva_message *m)
{
    const char *const odd = m->from.count != 1 ? "From"
        : m->sender.count > 0 ? "Sender"
        : m->message_id != NULL || m->in_reply_to != NULL
          || m->references != NULL ? "Message-ID"
        : m->zone != 0 ? "Date" : NULL;
    unsigned i;

    if (odd != NULL) {
        duva__refuse_in(o, DUVA_REASON_LEFT_OUT, odd);
        return;
    }
    if (m->date != 0) {
        put_name(o, "Date");
        duva__put_date(o, m);
    }
    put_list(o, "From", &m->from);
    if (o->error.reason != DUVA_REASON_NONE)
        return;
    put_list(o, "Reply-To", &m->reply_to);
    put_list(o, "To", &m->to);
    put_list(o, "Cc", &m->cc);
    if (m->subject != NULL && m->subject[0] != '\0') {
        const duva_header subject = { "Subject", m->subject };

        put_field(o, &subject);
    }
    duva__writes(o, "Message-ID: <");
    duva__put_base64(o, m->seed, DUVA__SEED_PART);
    duva__writes(o, strchr(m->from.list[0].addr, '@'));
    duva__writes(o, ">\r\n");
    for (i = 0; i < m->header_count; i++) {
        o->number = i + 1;
        put_field(o, &m->headers[i]);
    }
    duva__writes(o, m->part_count > 0 ? "MIME-Version: 1.0\r\n" : "\r\n");
}
#endif
