/* params.c - turns what a mail asks for into parameters of its commands. */
/* SPDX-License-Identifier: MIT */
#include "params.h"

#include "command.h"
#include "extras.h"
#include "state.h"
#include "syntax/letters.h"

#include <string.h>

#if DUVA__PARAMS

/* ---- what the server must offer ---- */

uint32_t duva__usable(const duva_engine *e)
{
    uint32_t bits = e->caps.bits;

    if (!DUVA__IS_SAFE(e))
        bits &= ~DUVA_CAP_REQUIRETLS;
    if ((e->config->options & (DUVA_NO_CHUNKING | DUVA_LMTP))
        || DUVA__STOPS(e))
        bits &= ~(DUVA_CAP_CHUNKING | DUVA_CAP_BURL);
    return bits;
}

static uint32_t flags_take(const duva_mail *m)
{
    uint32_t bits = m->flags & DUVA_MAIL_REQUIRETLS ? DUVA_CAP_REQUIRETLS : 0;

    if (DUVA_WITH_SIZE && (m->flags & DUVA_MAIL_8BIT))
        bits |= DUVA_CAP_8BITMIME;
    if (m->flags & DUVA_MAIL_UTF8)
        bits |= DUVA_CAP_SMTPUTF8;
    if (m->flags & DUVA_MAIL_BINARY)
        bits |= DUVA_CAP_CHUNKING | DUVA_CAP_BINARYMIME;
    return bits;
}

/* ---- extras ---- */

#if DUVA__EXTRAS
static duva_reason check_rcpts(const duva_mail *m, uint32_t offered,
                               uint32_t *where, uint32_t *missing)
{
    duva_reason reason = DUVA_REASON_NONE;
    uint32_t    i;

    for (i = 0; i < DUVA__RCPTS(m) && *missing == 0; i++) {
        const duva_rcpt        *rcpt = &m->rcpt[i];
        const duva_rcpt_extras *x = rcpt->extras;

        if (x == NULL || (rcpt->verdict != DUVA_PENDING
                          && rcpt->verdict != DUVA_RETRY))
            continue;
        reason = x->ops == NULL ? DUVA_REASON_MISSING
                                : x->ops->check_rcpt(x, missing);
        *missing &= ~offered;
        if (reason == DUVA_REASON_NONE)
            continue;
        *where = i + 1;
        break;
    }
    return reason;
}
#endif

duva_reason duva__extras_check(const duva_mail *m, uint32_t offered,
                               uint32_t *where)
{
    uint32_t    missing = 0, takes = flags_take(m);
    duva_reason reason = DUVA_REASON_NONE;

    *where = 0;
#if DUVA__EXTRAS
    if (m->extras != NULL)
        reason = m->extras->ops == NULL
                     ? DUVA_REASON_MISSING
                     : m->extras->ops->check_mail(m->extras, &takes);
    if (reason == DUVA_REASON_NONE)
        reason = check_rcpts(m, offered, where, &missing);
#endif
    if (missing == 0)
        missing = takes & ~offered;
    if (reason != DUVA_REASON_NONE || missing == 0)
        return reason;
    *where = missing & (0 - missing); /* of several one is reported */
    return DUVA_REASON_NOT_OFFERED;
}

#if DUVA_WITH_LIMITS
/* ---- who finds room in a transaction ---- */

static const char *domain_of(const duva_rcpt *rcpt)
{
    const char *at = strrchr(rcpt->addr, '@');

    return at != NULL ? at + 1 : "";
}

/* The same for domains that are. */
static uint32_t hash_of(const char *domain)
{
    uint32_t hash = 0;

    while (*domain != '\0')
        hash = hash * 251 + ((uint8_t)*domain++ | 0x20);
    return hash;
}

/* The domains of a mail are a tree, so that each is found in a few steps.  A
 * node is the first recipient of his domain; which of the two below him is next
 * says a bit of the hash.  Their numbers, from 1, are where his status will be,
 * which is empty before MAIL.
 *
 * Is he the first of his domain?  Then he goes into the tree, if he may. */
static int is_new_domain(const duva_mail *m, uint32_t *root, uint32_t number,
                         int may_go)
{
    const char *domain = domain_of(&m->rcpt[number - 1]);
    uint32_t    hash = hash_of(domain), at;
    void       *place = root;

    for (;; hash >>= 1) {
        memcpy(&at, place, sizeof(at));
        if (at == 0)
            break;
        if (duva__is_same_word(domain, domain_of(&m->rcpt[at - 1])))
            return 0;
        place = (uint8_t *)&m->rcpt[at - 1].status + sizeof(at) * (hash & 1);
    }
    if (may_go)
        memcpy(place, &number, sizeof(number));
    return 1;
}

/* Returns how many recipients have no room.  They are put off, unless the mail
 * is for all or nobody. */
static size_t make_room(const duva_caps *caps, duva_mail *m)
{
    uint32_t rcpts = 0, domains = 0, root = 0;
    size_t   i, off = 0;
    int      is_new, is_full = 0;

    for (i = 0; i < m->rcpt_count; i++) {
        if (m->rcpt[i].verdict != DUVA_PENDING)
            continue;
        is_new = caps->domain_max > 0 && !is_full
                 && is_new_domain(m, &root, (uint32_t)i + 1,
                                  domains < caps->domain_max);
        if (is_full || (is_new && domains == caps->domain_max)) {
            if (m->policy != DUVA_ALL_OR_NOTHING)
                m->rcpt[i].verdict = DUVA_RETRY;
            off++;
            continue;
        }
        is_full = ++rcpts == caps->rcpt_max;
        domains += (uint32_t)is_new;
    }
    for (i = 0; i < m->rcpt_count; i++)
        if (m->rcpt[i].verdict == DUVA_PENDING)
            memset(&m->rcpt[i].status, 0, sizeof(m->rcpt[i].status));
    return off;
}
#else
#define make_room(caps, m) 0
#endif

/* ---- all of it ---- */

duva_reason duva__params_check(const duva_engine *e, duva_mail *m)
{
    uint32_t   *where = &m->result.where;
    duva_reason reason = duva__extras_check(m, duva__usable(e), where);

    if (reason != DUVA_REASON_NONE)
        return reason;
#if DUVA_WITH_SIZE
    if (e->caps.size_max > 0 && m->size > e->caps.size_max)
        return DUVA_REASON_TOO_BIG;
#endif
#if DUVA__EXTRAS
    if (m->extras != NULL)
        *where = m->extras->ops->beyond(&e->caps, m->extras);
#endif
    if (*where == 0 && make_room(&e->caps, m) > 0
        && m->policy == DUVA_ALL_OR_NOTHING)
        *where = DUVA_CAP_LIMITS;
    return *where != 0 ? DUVA_REASON_OUT_OF_LIMITS : DUVA_REASON_NONE;
}

/* ---- saying it ---- */

void duva__put_mail_params(duva_engine *e, const duva_mail *m)
{
#if DUVA_WITH_SIZE
    const size_t size = (size_t)m->size; /* bigger ones go unsaid */

    if ((e->caps.bits & DUVA_CAP_SIZE) && size > 0 && size == m->size)
        duva__put_number(e, " SIZE=%", size);
#endif
    if (m->flags & DUVA_MAIL_BINARY)
        duva__put(e, " BODY=BINARYMIME", NULL);
    else if (DUVA_WITH_SIZE && (m->flags & DUVA_MAIL_8BIT))
        duva__put(e, " BODY=8BITMIME", NULL);
    if (m->flags & DUVA_MAIL_UTF8)
        duva__put(e, " SMTPUTF8", NULL);
    if (m->flags & DUVA_MAIL_REQUIRETLS)
        duva__put(e, " REQUIRETLS", NULL);
#if DUVA__EXTRAS
    if (m->extras != NULL)
        m->extras->ops->put_mail(e, m->extras);
#endif
}

#if DUVA__EXTRAS
void duva__put_rcpt_params(duva_engine *e, const duva_rcpt *rcpt)
{
    if (rcpt->extras != NULL)
        rcpt->extras->ops->put_rcpt(e, rcpt->extras);
}
#endif

#if DUVA_WITH_BURL
void duva__put_url(duva_engine *e, const duva_mail *m)
{
    duva__put(e, "BURL ", NULL);
    duva__put_hidden(e, m->extras->burl);
}
#endif

#else
typedef int duva__no_params;   /* a file must not be empty */
#endif
