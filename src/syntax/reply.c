/* reply.c - turns the octets of a server into reply code, status and text. */
/* SPDX-License-Identifier: MIT */
#include "reply.h"

#include <string.h>

/* Is the text of the line, up to its first space, "class.subject.detail"?  It
 * counts only when its class is that of the reply (RFC 2034 4), and is no text
 * then. */
#if DUVA_WITH_ENHANCED
static int take_enhanced(duva_reply *r, duva_result *words)
{
    const char *at = words->text + r->line_text;
    uint16_t    number[3];
    int         i, digits;

    if (r->past_code)
        return 0;
    r->past_code = 1;
    if (r->text_len >= DUVA_TEXT_SIZE - 1u)
        return 0;              /* it may be cut */
    for (i = 0; i < 3; i++) {
        number[i] = 0;
        for (digits = 0; *at >= '0' && *at <= '9'; digits++)
            number[i] = (uint16_t)(number[i] * 10u + (uint8_t)(*at++ - '0'));
        if (digits == 0 || digits > 3 || *at++ != (i < 2 ? '.' : '\0'))
            return 0;
    }
    if (number[0] != r->code / 100)
        return 0;
    if (words->status.enhanced[0] == 0)
        memcpy(words->status.enhanced, number, sizeof(number));
    r->text_len = r->line_text;
    words->text[r->text_len] = '\0';
    return 1;
}
#else
#define take_enhanced(r, words) 0
#endif

#if DUVA_TEXT_SIZE > 1
static void keep(duva_reply *r, duva_result *words, uint8_t c)
{
    if (words == NULL || (c == ' ' && take_enhanced(r, words))
        || r->text_len >= DUVA_TEXT_SIZE - 1u)
        return;
    if ((c < ' ' && c != '\n') || c == 0x7F)
        c = '?';
    words->text[r->text_len++] = (char)c;
    words->text[r->text_len] = '\0';
}
#else
#define keep(r, words, c) ((void)(words))
#endif

static duva__reply_state end_line(duva_reply *r, duva_result *words)
{
    if (words != NULL)
        (void)take_enhanced(r, words);
    r->column = r->line_code = r->after_cr = 0;
    if (!r->more)
        return DUVA__DONE;
    return ++r->lines < DUVA__REPLY_LINES ? DUVA__TEXT : DUVA__BAD_LENGTH;
}

static duva__reply_state in_code(duva_reply *r, uint32_t options, uint8_t c)
{
    if (c == ' ' && r->column == 1 && (options & DUVA_QUIRK_LEADING_SPACE)) {
        r->column = 0;
        return DUVA__MORE;
    }
    if (c < '0' || c > '9' || (r->column == 1 && (c < '2' || c > '5')))
        return DUVA__BAD_SYNTAX;
    r->line_code = r->line_code * 10 + c - '0';
    return DUVA__MORE;
}

/* The octet behind the code.  A code may end the line by itself. */
static duva__reply_state after_code(duva_reply *r, duva_result *words,
                                    uint8_t c)
{
    if (c != ' ' && c != '-' && c != '\r' && c != '\n')
        return DUVA__BAD_SYNTAX;
    if (r->lines > 0 && r->line_code != r->code)
        return DUVA__BAD_CODES;
    r->code = r->line_code;
    r->more = c == '-';
    r->past_code = 0;
    if (words != NULL && r->lines == 0) {
        memset(&words->status, 0, sizeof(words->status));
        words->status.code = (uint16_t)r->code;
        words->text[0] = '\0';
    }
    if (r->text_len > 0)
        keep(r, words, '\n');
    r->line_text = r->text_len;
    return DUVA__MORE;
}

duva__reply_state duva__reply_octet(duva_reply *r, duva_result *words,
                                    uint32_t options, uint8_t c)
{
    duva__reply_state heard;

    if (++r->octets > DUVA__REPLY_OCTETS || (++r->column > DUVA__REPLY_LINE
                                            && r->code != 334))
        return DUVA__BAD_LENGTH;
    if (r->column < 4)
        return in_code(r, options, c);
    if (r->column == 4) {
        heard = after_code(r, words, c);
        if (heard != DUVA__MORE || c == ' ' || c == '-')
            return heard;
    }
    if (c == '\n')
        return r->after_cr || (options & DUVA_QUIRK_BARE_LF)
                   ? end_line(r, words)
                   : DUVA__BAD_SYNTAX;
    if (r->after_cr && r->column == 5)
        return DUVA__BAD_SYNTAX;
    if (r->after_cr)           /* that CR was text */
        keep(r, words, '\r');
    r->after_cr = c == '\r';
    if (c != '\r')
        keep(r, words, c);
    return DUVA__TEXT;
}
