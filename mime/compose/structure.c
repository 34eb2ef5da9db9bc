/* structure.c - a flat list of parts into the smallest multipart structure. */
/* SPDX-License-Identifier: MIT */
#include "structure.h"
#include "../field/out.h"
#include "fields.h"
#include "part.h"

#if !DUVA_MIME_SMALL
#include <string.h>

/* Containers, from the outside in: each is there only when it holds two. */
enum { MIXED, ALTERNATIVE, RELATED, LEVELS };
#define BIT(level) (1u << (level))
#define HAS_HTML   BIT(LEVELS)

/* Does the container hold the parts of that place? */
static int holds(unsigned level, unsigned place)
{
    if (level == RELATED)
        return place == DUVA_PLACE_HTML || place == DUVA_PLACE_RELATED;
    return level == MIXED || place != DUVA_PLACE_ATTACHED;
}

/* Without HTML nothing can be related to it. */
static unsigned place_of(const duva_mime *m, const duva_part *p)
{
    return p->place == DUVA_PLACE_RELATED && (m->containers & HAS_HTML) == 0
           ? DUVA_PLACE_ATTACHED : p->place;
}

void duva__structure_plan(duva_mime *m, duva__out *o)
{
    const duva_message *const msg = m->message;
    uint32_t count[DUVA_PLACE_ATTACHED + 1] = { 0 }, i;
    uint32_t alternatives, attached;

    for (i = 0; i < msg->part_count; i++) {
        const duva_part *const p = &msg->parts[i];

        o->number = i + 1;
        if (p->place > DUVA_PLACE_ATTACHED) {
            duva__refuse_in(o, DUVA_REASON_RANGE, "place");
            return;
        }
        if (p->encoding > DUVA_ENCODING_BASE64
            || (p->encoding != DUVA_ENCODING_AUTO && duva__is_rfc822(p)))
            duva__refuse_in(o, DUVA_REASON_RANGE, "encoding");
        if (p->read == NULL && p->data == NULL && p->len > 0)
            duva__refuse_in(o, DUVA_REASON_MISSING, "content");
        msg->parts[i].chosen = DUVA_ENCODING_AUTO;
        if (++count[p->place] > 1 && duva__is_body_part(p))
            duva__refuse_in(o, DUVA_REASON_REPEATED, "place");
        if (o->error.reason != DUVA_REASON_NONE)
            return;
    }
    alternatives = count[DUVA_PLACE_TEXT] + count[DUVA_PLACE_HTML]
                   + count[DUVA_PLACE_CALENDAR];
    attached = count[DUVA_PLACE_ATTACHED];
    m->containers = 0;
    if (count[DUVA_PLACE_HTML] == 0)
        attached += count[DUVA_PLACE_RELATED];
    else
        m->containers = HAS_HTML;
    if (attached + (alternatives > 0) > 1)
        m->containers |= BIT(MIXED);
    if (alternatives > 1)
        m->containers |= BIT(ALTERNATIVE);
    if (count[DUVA_PLACE_HTML] > 0 && count[DUVA_PLACE_RELATED] > 0)
        m->containers |= BIT(RELATED);
}

void duva__structure_start(duva_mime *m)
{
    m->state = DUVA__HEAD;
    m->field = m->opened = m->part_place = 0;
    m->entry = m->members = m->column = 0;
    m->part = UINT16_MAX;       /* the next one is the first */
    m->skip = 0;
    m->staged = m->stage_at = 0;
}

static void put_delimiter(const duva_mime *m, duva__out *o, unsigned level,
                          const char *after)
{
    duva__writes(o, "--");
    duva__put_boundary(o, m->message, level);
    duva__writes(o, after);
    duva__writes(o, "\r\n");
}

/* The containers that end before the part, from the inside out; for all to
 * end, the place is one that none holds. */
static unsigned put_ends(const duva_mime *m, duva__out *o, int all)
{
    unsigned level = LEVELS, opened = m->opened;

    while (level-- > 0)
        if ((opened & BIT(level)) && (all || !holds(level, m->part_place))) {
            duva__writes(o, "\r\n");
            put_delimiter(m, o, level, "--");
            opened &= ~BIT(level);
        }
    return opened;
}

static void put_part(const duva_mime *m, duva__out *o)
{
    static const char subtype[LEVELS][12] = {
        "mixed", "alternative", "related"
    };
    const unsigned opened = put_ends(m, o, 0);
    unsigned       level;

    for (level = LEVELS; level-- > 0;)
        if (opened & BIT(level)) {
            if (opened == m->opened)
                duva__writes(o, "\r\n");
            put_delimiter(m, o, level, "");
            break;
        }
    for (level = 0; level < LEVELS; level++) {
        if ((m->containers & ~opened & BIT(level)) == 0
            || !holds(level, m->part_place))
            continue;
        duva__writes(o, "Content-Type: multipart/");
        duva__writes(o, subtype[level]);
        duva__writes(o, level == RELATED ? "; type=\"text/html\"" : "");
        duva__writes(o, ";\r\n boundary=\"");
        duva__put_boundary(o, m->message, level);
        duva__writes(o, "\"");
        if (m->needs & (DUVA_MIME_8BIT | DUVA_MIME_BINARY))
            duva__put_encoding(o, m->needs & DUVA_MIME_BINARY
                               ? DUVA_ENCODING_BINARY : DUVA_ENCODING_8BIT);
        duva__writes(o, "\r\n\r\n");
        put_delimiter(m, o, level, "");
    }
    o->number = m->part + 1u;
    duva__part_fields(o, &m->message->parts[m->part],
                      m->part_place == DUVA_PLACE_RELATED);
}

void duva__structure_write(const duva_mime *m, duva__out *o)
{
    if (m->state == DUVA__PART)
        put_part(m, o);
    else if (m->state == DUVA__CLOSE)
        put_ends(m, o, 1);
    else if (m->field < DUVA__FIELDS)
        o->more = (uint8_t)duva__field(o, m->message, m->field, m->entry);
    else
        duva__writes(o, m->message->part_count > 0 ? "MIME-Version: 1.0\r\n"
                                                 : "\r\n");
}

/* In the order of their places; within one, in that of the list. */
static int next_part(duva_mime *m)
{
    const duva_message *const msg = m->message;

    for (; m->part_place <= DUVA_PLACE_ATTACHED; m->part_place++) {
        while (++m->part < msg->part_count)
            if (place_of(m, &msg->parts[m->part]) == m->part_place)
                return 1;
        m->part = UINT16_MAX;
    }
    return 0;
}

void duva__structure_on(duva_mime *m, const duva__out *o)
{
    unsigned level;

    switch (m->state) {
    case DUVA__HEAD:
        m->members = o->members;
        m->column = o->column;
        if (o->more) {
            m->entry++;
            return;
        }
        m->entry = 0;
        if (m->field++ == DUVA__FIELDS)
            m->state = next_part(m) ? DUVA__PART : DUVA__END;
        return;
    case DUVA__PART:
        for (level = 0; level < LEVELS; level++)
            if (!holds(level, m->part_place))
                m->opened &= (uint8_t)~BIT(level);
            else
                m->opened |= (uint8_t)(m->containers & BIT(level));
        m->state = DUVA__CONTENT;
        return;
    case DUVA__CONTENT:
        m->state = next_part(m) ? DUVA__PART : DUVA__CLOSE;
        return;
    default:
        m->state = DUVA__END;
    }
}

void duva__content_skip(duva_mime *m)
{
    duva__structure_on(m, NULL);
}
#endif
