/* parser.c - the headers, bodies and parts of a message, step by step. */
/* SPDX-License-Identifier: MIT */
#include "parser.h"
#include "content_fields.h"
#include "contents.h"
#include "encoded_words.h"
#include "../encode/utf8.h"

#if !DUVA_MIME_SMALL
#include <string.h>

/* Enough to know a delimiter without padding, or the end of a header. */
enum { IN_SIGHT = 80 };

static void begin_entity(duva_convert *c, int is_message, int is_digest)
{
    c->entity = c->count;
    if (c->count < UINT16_MAX)
        c->count++;
    c->state = DUVA__IN_HEAD;
    c->head = is_message ? DUVA__IS_MESSAGE : 0;
    c->kind = is_digest ? DUVA__RFC822 : DUVA__TEXT_KIND;
    c->encoding = DUVA__7BIT;
    c->blame = c->unclear = NULL;
    c->next_len = c->next_digest = 0;
    c->seen = c->wide = 0;
    c->skip = 0;
    if (c->inspecting)
        duva__convert_set_plan(c, DUVA__KEEP);
}

void duva__convert_begin(duva_convert *c)
{
    c->count = 0;
    c->depth = 0;
    c->line = 0;
    c->at_line_start = 1;
    begin_entity(c, 1, 0);
}

static const uint8_t *here(const duva_convert *c)
{
    return c->in + c->at;
}

static size_t in_sight(const duva_convert *c)
{
    return (size_t)(c->have - c->at);
}

/* ---- delimiters ---- */

/* What of the line at s is not the boundary's: 1 when it is that delimiter. */
static int is_rest(const uint8_t *s, size_t len, int *closes)
{
    size_t i = 0;

    *closes = len >= 2 && s[0] == '-' && s[1] == '-';
    if (*closes)
        i = 2;
    while (i < len && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r'))
        i++;
    return i == len;
}

/* The level of the delimiter at s, or -1: a line of len octets that is none.
 * It must be all of the line (RFC 2046 5.1.1): so one that begins another one
 * is not taken for it. */
static int level_of(const duva_convert *c, const uint8_t *s, size_t len,
                    int *closes)
{
    int level = c->depth;

    if (len < 2 || s[0] != '-' || s[1] != '-')
        return -1;
    while (level-- > 0) {
        const size_t n = c->boundary[level].len;

        if (len >= 2 + n && memcmp(s + 2, c->boundary[level].text, n) == 0
            && is_rest(s + 2 + n, len - 2 - n, closes))
            return level;
    }
    return -1;
}

/* Is there one at the window's start?  Then *len is that of its line, with its
 * end. */
static int find_delimiter(duva_convert *c, size_t *len, int *closes)
{
    const uint8_t *lf;
    int            level;

    if (c->depth == 0 || in_sight(c) < 2 || here(c)[0] != '-'
        || here(c)[1] != '-')
        return -1;
    lf = memchr(here(c), '\n', in_sight(c));
    if (lf == NULL && duva__convert_fill(c) == DUVA_OK)
        lf = memchr(here(c), '\n', in_sight(c));
    if (lf == NULL && !c->eof)
        return -1;             /* of such length only content is */
    *len = lf != NULL ? (size_t)(lf - here(c)) : in_sight(c);
    level = level_of(c, here(c), *len, closes);
    *len += lf != NULL;
    return level;
}

/* ---- what follows a header ---- */

static void relabel(duva_convert *c)
{
    if (c->inspecting && duva__convert_overdone(c))
        duva__convert_set_plan(c, DUVA__LABEL);
}

static void begin_multipart(duva_convert *c)
{
    if (c->depth == DUVA_CONVERT_DEPTH) {
        duva__convert_body_start(c, "nesting", DUVA_REASON_RANGE);
        return;
    }
    relabel(c);
    c->boundary[c->depth].len = c->next_len;
    c->boundary[c->depth].digest = c->next_digest;
    memcpy(c->boundary[c->depth].text, c->next, c->next_len);
    c->depth++;
    duva__convert_body_start(c, "preamble", DUVA_REASON_NONE);
}

static void begin_body(duva_convert *c)
{
    const char *blame = c->unclear;
    duva_reason reason = DUVA_REASON_NONE;

    c->state = DUVA__IN_BODY;
    c->at_line_start = 1;
    if (c->entity >= DUVA_CONVERT_PARTS) {
        blame = "parts";
        reason = DUVA_REASON_RANGE;
    } else if (blame != NULL) {
        reason = (duva_reason)c->unclear_reason;
    } else if (c->encoding == DUVA__ENCODED) {
        blame = "Content-Transfer-Encoding";
    } else if (c->kind == DUVA__MULTIPART) {
        begin_multipart(c);
        return;
    } else if (c->kind == DUVA__RFC822) {
        relabel(c);
        begin_entity(c, 1, 0);
        return;
    } else if (c->kind == DUVA__SIGNED || c->kind == DUVA__MESSAGE) {
        blame = c->type;
    }
    duva__convert_body_start(c, blame, reason);
}

static void put_additions(const duva_convert *c, duva__out *o)
{
    const unsigned plan = duva__convert_plan(c), how = plan & 3u;

    if (how == DUVA__KEEP)
        return;
    if ((c->head & DUVA__IS_MESSAGE) && !(c->head & DUVA__HAS_VERSION))
        duva__writes(o, "MIME-Version: 1.0\r\n");
    if (how != DUVA__LABEL && !(c->head & DUVA__HAS_TYPE))
        duva__writes(o, plan & DUVA__PLAN_UTF8
                            ? "Content-Type: text/plain; charset=utf-8\r\n"
                            : "Content-Type: text/plain; "
                              "charset=unknown-8bit\r\n");
    duva__writes(o, "Content-Transfer-Encoding: ");
    duva__writes(o, how == DUVA__TO_QP                ? "quoted-printable\r\n"
                    : how == DUVA__TO_BASE64          ? "base64\r\n"
                    : c->takes & DUVA_MIME_8BIT       ? "8bit\r\n"
                                                      : "7bit\r\n");
}

/* Skips n octets of the source when all that was written for them had room. */
static int pass(duva_convert *c, duva__out *o, const uint8_t *from, size_t n)
{
    if (o->lost > 0) {
        c->skip += (uint32_t)(o->at - from);
        return 0;
    }
    c->skip = 0;
    c->at = (uint16_t)(c->at + n);
    return 1;
}

/* The header is over; n octets of an empty line say so. */
static void end_head(duva_convert *c, duva__out *o, size_t n)
{
    const uint8_t *const from = o->at;

    if (!c->inspecting) {
        put_additions(c, o);
        if (n > 0)
            duva__writes(o, "\r\n");
    }
    if (!pass(c, o, from, n))
        return;
    c->line += n > 0;
    begin_body(c);
}

/* ---- fields ---- */

/* The octets of the field at the window's start, or 0: its end is not there.
 */
static size_t field_len(const duva_convert *c)
{
    const uint8_t *const s = here(c), *lf = s;
    const size_t         len = in_sight(c);

    while ((lf = memchr(lf, '\n', len - (size_t)(lf - s))) != NULL) {
        if ((size_t)(++lf - s) == len)
            return c->eof ? len : 0;
        if (*lf != ' ' && *lf != '\t')
            return (size_t)(lf - s);
    }
    return c->eof ? len : 0;
}

/* The octets of the field's name, or 0: the line is no field. */
static size_t name_len(const uint8_t *s, size_t len)
{
    size_t i = 0, n;

    while (i < len && s[i] > ' ' && s[i] < 0x7f && s[i] != ':')
        i++;
    for (n = i; i < len && (s[i] == ' ' || s[i] == '\t'); i++)
        ;
    return i < len && s[i] == ':' ? n : 0;
}

/* A field in the window: can it be sent? */
static void inspect_field(duva_convert *c, const uint8_t *s, size_t n)
{
    const uint32_t line = c->line;
    duva__out      none;
    duva_reason    reason = DUVA_REASON_NONE;

    if (duva__convert_is(s, n, "DKIM-Signature") && c->entity == 0
        && c->signed_line == 0)
        c->signed_line = c->line + 1;
    duva__convert_name(c, s, name_len(s, n));
    if (duva__convert_too_much(c, s, n, 0)) {
        memset(&none, 0, sizeof none);
        reason = duva__convert_words(&none, s, n);
        c->blame = reason != DUVA_REASON_NONE ? c->name : NULL;
        c->blame_reason = DUVA_REASON_NONE;
        duva__convert_object(c, duva__is_utf8_text(s, n)
                                    ? DUVA_MIME_UTF8
                                    : DUVA_MIME_UTF8 | DUVA__NEVER,
                             reason);
    }
    duva__convert_body_start(c, c->name, DUVA_REASON_NONE);
    duva__convert_inspect(c, s, n);
    c->line = line;
}

static void put_field(duva_convert *c, duva__out *o, const uint8_t *s, size_t n)
{
    if (duva__convert_is(s, n, "Content-Transfer-Encoding")
        && duva__convert_plan(c) != DUVA__KEEP)
        return;
    if (!duva__convert_too_much(c, s, n, DUVA_MIME_UTF8)
        && duva__is_utf8_text(s, n))
        duva__convert_lines(o, s, n);
    else if (duva__convert_words(o, s, n) != DUVA_REASON_NONE)
        duva__convert_fail(c, DUVA_ERR_BODY, DUVA_REASON_SOURCE, "message");
}

static size_t count_lines(const uint8_t *s, size_t n)
{
    size_t lines = 0, i;

    for (i = 0; i < n; i++)
        lines += s[i] == '\n';
    return lines;
}

static void field_step(duva_convert *c, duva__out *o)
{
    const size_t         n = field_len(c);
    const uint8_t *const s = here(c), *const from = o->at;
    size_t               lines;

    if (n == 0) {              /* too long for the window */
        duva__convert_learn_long(c, s, in_sight(c));
        duva__convert_name(c, s, name_len(s, in_sight(c)));
        duva__convert_body_start(c, c->name, DUVA_REASON_NONE);
        c->state = DUVA__IN_FIELD;
        c->at_line_start = 0;
        return;
    }
    lines = count_lines(s, n);
    if (c->skip == 0)
        duva__convert_learn(c, s, n);
    if (c->inspecting)
        inspect_field(c, s, n);
    else
        put_field(c, o, s, n);
    if (pass(c, o, from, n))
        c->line += (uint32_t)lines;
}

static int head_step(duva_convert *c, duva__out *o)
{
    size_t len;
    int    closes, level;

    if (field_len(c) == 0 && duva__convert_fill(c) < 0)
        return c->err;
    o->skip = c->skip;
    level = find_delimiter(c, &len, &closes);
    if (c->err < 0)
        return c->err;
    if (in_sight(c) == 0 || level >= 0)
        end_head(c, o, 0);
    else if (here(c)[0] == '\n')
        end_head(c, o, 1);
    else if (here(c)[0] == '\r' && in_sight(c) > 1 && here(c)[1] == '\n')
        end_head(c, o, 2);
    else if (name_len(here(c), in_sight(c)) > 0)
        field_step(c, o);
    else {
        c->unclear = "header";
        c->unclear_reason = DUVA_REASON_CHARACTER;
        end_head(c, o, 0);
    }
    return c->err;
}

/* ---- bodies ---- */

/* The octets of whole lines, or of a piece of one, that can be taken: no line
 * that may be a delimiter but the first, and no CR without what follows. */
static size_t piece_len(duva_convert *c, size_t most)
{
    const uint8_t *const s = here(c), *lf;
    size_t               len = in_sight(c), i = 0;

    len = len < most ? len : most;
    do {
        lf = memchr(s + i, '\n', len - i);
        c->at_line_start = lf != NULL;
        i = lf != NULL ? (size_t)(lf - s) + 1 : len;
    } while (i < len && c->state == DUVA__IN_BODY
             && (c->depth == 0 || s[i] != '-'));
    if (!c->at_line_start && s[i - 1] == '\r'
        && !(c->eof && i == in_sight(c)))
        i--;
    return i;
}

static int take_piece(duva_convert *c, duva__out *o)
{
    const size_t   room = (size_t)(o->end - o->at);
    const size_t   n = piece_len(c, c->inspecting ? sizeof c->in
                                               : (room - 160) / 4);
    const unsigned bit = c->state == DUVA__IN_FIELD ? DUVA_MIME_UTF8
                                                    : DUVA_MIME_8BIT;

    if (c->inspecting)
        duva__convert_inspect(c, here(c), n);
    else if (c->mode == DUVA__KEEP
             && duva__convert_too_much(c, here(c), n, bit))
        return duva__convert_fail(c, DUVA_ERR_BODY, DUVA_REASON_SOURCE,
                                  "message");
    else
        duva__convert_write(c, o, here(c), n);
    c->at = (uint16_t)(c->at + n);
    return DUVA_OK;
}

/* Behind a delimiter of that level. */
static void cross(duva_convert *c, duva__out *o, int level, int closes)
{
    duva__convert_body_end(c, o, 1);
    if (!c->inspecting) {
        duva__writes(o, "--");
        duva__write(o, c->boundary[level].text, c->boundary[level].len);
        duva__writes(o, closes ? "--\r\n" : "\r\n");
    }
    c->line++;
    c->at_line_start = 1;
    if (!closes) {
        c->depth = (uint8_t)(level + 1);
        begin_entity(c, 0, c->boundary[level].digest);
        return;
    }
    c->depth = (uint8_t)level;
    duva__convert_body_start(c, "epilogue", DUVA_REASON_NONE);
}

static int body_step(duva_convert *c, duva__out *o)
{
    size_t    len = 0;
    int       closes = 0, level = -1;

    if (c->at_line_start)
        level = find_delimiter(c, &len, &closes);
    if (c->err < 0)
        return c->err;
    if (level >= 0) {
        cross(c, o, level, closes);
        c->at = (uint16_t)(c->at + len);
        return DUVA_OK;
    }
    if (in_sight(c) > 0)
        return take_piece(c, o);
    duva__convert_body_end(c, o, 0);
    c->state = DUVA__AT_END;
    return DUVA_OK;
}

/* A field that is longer than the window, line by line. */
static int long_step(duva_convert *c, duva__out *o)
{
    if (in_sight(c) > 0
        && (!c->at_line_start || here(c)[0] == ' ' || here(c)[0] == '\t'))
        return take_piece(c, o);
    if (c->inspecting && (c->not_utf8 || c->utf8_more > 0))
        duva__convert_object(c, DUVA__NEVER, DUVA_REASON_NOT_UTF8);
    if (!c->inspecting && c->column > 0)
        duva__writes(o, "\r\n");
    c->state = DUVA__IN_HEAD;
    return DUVA_OK;
}

int duva__convert_step(duva_convert *c, duva__out *o)
{
    if (in_sight(c) < IN_SIGHT && !c->eof && duva__convert_fill(c) < 0)
        return c->err;
    o->lost = o->skip = 0;
    o->column = 0;
    switch (c->state) {
    case DUVA__IN_HEAD:
        return head_step(c, o);
    case DUVA__IN_FIELD:
        return long_step(c, o);
    default:
        return body_step(c, o);
    }
}
#else
typedef int duva__no_parser;
#endif
