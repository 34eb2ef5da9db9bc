/* caps.c - turns the words of an EHLO reply into capabilities. */
/* SPDX-License-Identifier: MIT */
#include "caps.h"

#include "date.h"

#include <string.h>

/* In the order of their bits; '-' is none. */
#if DUVA_SMALL
#define MECHANISMS "PLAIN\0LOGIN\0CRAM-MD5\0"
#define KEYWORDS "-\0SIZE\0" "8BITMIME\0-\0AUTH\0"
#else
#define MECHANISMS                                                            \
    "PLAIN\0LOGIN\0CRAM-MD5\0SCRAM-SHA-1\0SCRAM-SHA-256\0SCRAM-SHA-512\0"     \
    "SCRAM-SHA-1-PLUS\0SCRAM-SHA-256-PLUS\0SCRAM-SHA-512-PLUS\0"              \
    "OAUTHBEARER\0XOAUTH2\0EXTERNAL\0ANONYMOUS\0"
#define KEYWORDS                                                              \
    "PIPELINING\0SIZE\0" "8BITMIME\0STARTTLS\0AUTH\0REQUIRETLS\0"              \
    "CHUNKING\0BINARYMIME\0SMTPUTF8\0DSN\0DELIVERBY\0FUTURERELEASE\0"         \
    "MT-PRIORITY\0RRVS\0NO-SOLICITING\0ETRN\0LIMITS\0"                        \
    "ENHANCEDSTATUSCODES\0BURL\0"
#endif

static int is_same(const char *text, const uint8_t *word, size_t len)
{
    while (len-- > 0)
        if ((text[len] ^ word[len]) & ~0x20)
            return 0;
    return 1;
}

/* The bit of a word in a list of words, 0 when it is not there. */
static uint32_t bit_of(const char *list, const uint8_t *word, size_t len)
{
    uint32_t bit = 1;
    size_t   n;

    for (; (n = strlen(list)) > 0; list += n + 1, bit <<= 1)
        if (n == len && is_same(list, word, len))
            return bit;
    return 0;
}

/* A limit that is no number, or not one of 32 bits, is no limit. */
static uint32_t number_of(const uint8_t *digits, size_t len)
{
    uint32_t n = 0;

    for (; len > 0; len--) {
        const uint32_t digit = *digits++ - (uint32_t)'0';

        if (digit > 9 || n > (UINT32_MAX - 9) / 10)
            return 0;
        n = n * 10 + digit;
    }
    return n;
}

#if !DUVA_SMALL
/* NAME=NUMBER (RFC 9422 3).  Limits without a name that we know do not bind
 * us. */
static void take_limit(duva_caps *caps, const uint8_t *word, size_t len)
{
    const uint8_t *equals = memchr(word, '=', len);
    size_t         name;
    uint32_t       n;

    if (equals == NULL)
        return;
    name = (size_t)(equals - word);
    n = number_of(equals + 1, len - name - 1);
    switch (bit_of("MAILMAX\0RCPTMAX\0RCPTDOMAINMAX\0", word, name)) {
    case 1:
        caps->mail_max = n;
        break;
    case 2:
        caps->rcpt_max = n;
        break;
    case 4:
        caps->domain_max = n;
        break;
    default:
        break;
    }
}

#endif

/* An argument of the keyword of its line.  Where more have no meaning the rest
 * of the line is ignored. */
static void take_argument(duva_caps *caps, duva__keyword *keyword,
                          const uint8_t *word, size_t len)
{
    switch (*keyword) {
    case DUVA_CAP_AUTH:
        caps->auth |= bit_of(MECHANISMS, word, len);
        break;
    case DUVA_CAP_SIZE:
        caps->size_max = number_of(word, len);
        *keyword = DUVA__NO_KEYWORD;
        break;
#if !DUVA_SMALL
    case DUVA_CAP_DELIVERBY:
        caps->by_min = number_of(word, len);
        *keyword = DUVA__NO_KEYWORD;
        break;
    case DUVA_CAP_FUTURERELEASE: /* RFC 4865 3: an interval, then a date */
        if (caps->hold_max == 0)
            caps->hold_max = number_of(word, len);
        else
            caps->hold_until = duva__date((const char *)word, len);
        break;
    case DUVA_CAP_LIMITS:
        take_limit(caps, word, len);
        break;
#endif
    default:
        break;
    }
}

void duva__caps_word(duva_caps *caps, duva__keyword *keyword,
                     const uint8_t *word, size_t len)
{
    if (*keyword != DUVA__LINE_START) {
        take_argument(caps, keyword, word, len);
        return;
    }
    *keyword = (duva__keyword)(bit_of(KEYWORDS, word, len) << 1);
    caps->bits |= DUVA_CAP_EHLO | *keyword;
    if (*keyword == 0)
        *keyword = DUVA__NO_KEYWORD;
}
