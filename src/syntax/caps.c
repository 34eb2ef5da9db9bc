/* caps.c - turns the words of an EHLO reply into capabilities. */
/* SPDX-License-Identifier: MIT */
#include "caps.h"

#include "date.h"

#include <string.h>

/* Words in the order of their bits, each with a space behind it; of one that
 * was compiled out there is only the space.  The switches are 0 or 1. */
#define WORD_0(word) " "
#define WORD_1(word) word " "
#define WORD_OF(with, word) WORD_##with(word)
#define WORD(with, word) WORD_OF(with, word)

static const char mechanisms[] =
    "PLAIN "
    "LOGIN "
    WORD(DUVA_WITH_CRAM_MD5, "CRAM-MD5")
    WORD(DUVA_WITH_SCRAM, "SCRAM-SHA-1")
    WORD(DUVA_WITH_SCRAM, "SCRAM-SHA-256")
    WORD(DUVA_WITH_SCRAM, "SCRAM-SHA-512")
    WORD(DUVA_WITH_SCRAM, "SCRAM-SHA-1-PLUS")
    WORD(DUVA_WITH_SCRAM, "SCRAM-SHA-256-PLUS")
    WORD(DUVA_WITH_SCRAM, "SCRAM-SHA-512-PLUS")
    WORD(DUVA_WITH_OAUTH, "OAUTHBEARER")
    WORD(DUVA_WITH_OAUTH, "XOAUTH2")
    WORD(DUVA_WITH_EXTERNAL, "EXTERNAL")
    WORD(DUVA_WITH_ANONYMOUS, "ANONYMOUS");

static const char keywords[] =
    WORD(DUVA_WITH_PIPELINING, "PIPELINING")
    WORD(DUVA_WITH_SIZE, "SIZE")
    WORD(DUVA_WITH_SIZE, "8BITMIME")
    WORD(DUVA_WITH_TLS, "STARTTLS")
    "AUTH "
    WORD(DUVA_WITH_TLS, "REQUIRETLS")
    WORD(DUVA_WITH_CHUNKING, "CHUNKING")
    WORD(DUVA_WITH_CHUNKING, "BINARYMIME")
    WORD(DUVA_WITH_SMTPUTF8, "SMTPUTF8")
    WORD(DUVA_WITH_DSN, "DSN")
    WORD(DUVA_WITH_DELIVERBY, "DELIVERBY")
    WORD(DUVA_WITH_FUTURERELEASE, "FUTURERELEASE")
    WORD(DUVA_WITH_MT_PRIORITY, "MT-PRIORITY")
    WORD(DUVA_WITH_RRVS, "RRVS")
    WORD(DUVA_WITH_NO_SOLICITING, "NO-SOLICITING")
    WORD(DUVA_WITH_QUERIES, "ETRN")
    WORD(DUVA_WITH_LIMITS, "LIMITS")
    WORD(DUVA_WITH_ENHANCED, "ENHANCEDSTATUSCODES")
    WORD(DUVA_WITH_BURL, "BURL");

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
    const char *end;
    uint32_t    bit = 1;

    for (; (end = strchr(list, ' ')) != NULL; list = end + 1, bit <<= 1)
        if ((size_t)(end - list) == len && is_same(list, word, len))
            return bit;
    return 0;
}

#if DUVA_WITH_SIZE || DUVA_WITH_DELIVERBY || DUVA_WITH_FUTURERELEASE          \
    || DUVA_WITH_LIMITS
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
#endif

#if DUVA_WITH_LIMITS
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
    switch (bit_of("MAILMAX RCPTMAX RCPTDOMAINMAX ", word, name)) {
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
static void take_argument(duva_caps *caps, uint32_t *keyword,
                          const uint8_t *word, size_t len)
{
    switch (*keyword) {
    case DUVA_CAP_AUTH:
        caps->auth |= bit_of(mechanisms, word, len);
        break;
#if DUVA_WITH_SIZE
    case DUVA_CAP_SIZE:
        caps->size_max = number_of(word, len);
        *keyword = DUVA__NO_KEYWORD;
        break;
#endif
#if DUVA_WITH_DELIVERBY
    case DUVA_CAP_DELIVERBY:
        caps->by_min = number_of(word, len);
        *keyword = DUVA__NO_KEYWORD;
        break;
#endif
#if DUVA_WITH_FUTURERELEASE
    case DUVA_CAP_FUTURERELEASE: /* RFC 4865 3: an interval, then a date */
        if (caps->hold_max == 0)
            caps->hold_max = number_of(word, len);
        else
            caps->hold_until = duva__date((const char *)word, len);
        break;
#endif
#if DUVA_WITH_LIMITS
    case DUVA_CAP_LIMITS:
        take_limit(caps, word, len);
        break;
#endif
    default:
        break;
    }
}

void duva__caps_word(duva_caps *caps, uint32_t *keyword,
                     const uint8_t *word, size_t len)
{
    if (*keyword != DUVA__LINE_START) {
        take_argument(caps, keyword, word, len);
        return;
    }
    *keyword = bit_of(keywords, word, len) << 1;
    caps->bits |= DUVA_CAP_EHLO | *keyword;
    if (*keyword == 0)
        *keyword = DUVA__NO_KEYWORD;
}
