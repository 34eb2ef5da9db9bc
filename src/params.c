/* params.c - turns what a mail asks for into parameters of its commands. */
/* SPDX-License-Identifier: MIT */
#include "params.h"

#include "command.h"
#include "date.h"
#include "state.h"
#include "duva/extras.h"

#include <string.h>

#if !DUVA_SMALL

/* RFC 3461 4.4 and 4.2; and that of numbers in RFC 2852 4 and RFC 4865 4. */
enum { ENVID_MAX = 100, ORCPT_MAX = 500, NUMBER_MAX = 999999999 };

static const char digits[] = "0123456789ABCDEF";

/* ---- what a field may hold ---- */

/* Octets that stand for themselves in xtext (RFC 3461 4). */
static int is_plain(char c)
{
    return c > ' ' && c < 0x7F && c != '+' && c != '=';
}

static int is_ascii(const char *text)
{
    while (*text != '\0' && (uint8_t)*text < 0x80)
        text++;
    return *text == '\0';
}

/* Printable ASCII, and not too long as xtext. */
static int is_printable(const char *text, size_t max)
{
    size_t len = 0;

    for (; *text >= ' ' && *text < 0x7F; text++)
        len += is_plain(*text) ? 1 : 3;
    return *text == '\0' && len > 0 && len <= max;
}

static int is_letter(char c)
{
    return ((uint8_t)c | 0x20) - (unsigned)'a' < 26;
}

static int is_digit(char c)
{
    return (uint8_t)c - (unsigned)'0' < 10;
}

/* Letters count in any case. */
static int is_same(const char *a, const char *b)
{
    while (*a != '\0'
           && ((*a ^ *b) & (is_letter(*a) ? ~0x20 : ~0)) == 0) {
        a++;
        b++;
    }
    return *a == *b;
}

/* RFC 3865 2.1: words with commas between, each begins with a letter. */
static int is_solicitation(const char *text)
{
    int first = 1;

    for (; *text != '\0'; text++) {
        if (first ? !is_letter(*text)
                  : !is_letter(*text) && !is_digit(*text)
                        && strchr(",.-_:", *text) == NULL)
            return 0;
        first = *text == ',';
    }
    return !first;
}

/* RFC 4468 4, as far as a command cares: a scheme, and no octet that would need
 * an escape. */
static int is_url(const char *text)
{
    const char *at = text;

    while (is_letter(*at))
        at++;
    if (at == text || *at != ':')
        return 0;
    while (*at > ' ' && *at < 0x7F)
        at++;
    return *at == '\0';
}

/* The names that have fields of their own. */
static const char typed[] =
    "SIZE\0BODY\0SMTPUTF8\0REQUIRETLS\0ENVID\0RET\0BY\0HOLDFOR\0HOLDUNTIL\0"
    "MT-PRIORITY\0AUTH\0SOLICIT\0NOTIFY\0ORCPT\0RRVS\0";

static int is_typed(const char *name)
{
    const char *other;

    for (other = typed; *other != '\0'; other += strlen(other) + 1)
        if (is_same(name, other))
            return 1;
    return 0;
}

/* RFC 5321 4.1.2: esmtp-keyword. */
static int is_keyword(const char *name)
{
    const char *at = name;

    while (is_letter(*at) || is_digit(*at) || (*at == '-' && at > name))
        at++;
    return at > name && *at == '\0';
}

static int are_params(const duva_param *p, size_t count)
{
    if (p == NULL && count > 0)
        return 0;
    for (; count > 0; count--, p++)
        if (p->name == NULL || !is_keyword(p->name) || is_typed(p->name)
            || (p->value != NULL && *p->value == '\0'))
            return 0;
    return 1;
}

static int is_hold(const duva_mail_extras *x)
{
    if (x->hold_until == NULL)
        return x->hold_for <= NUMBER_MAX;
    return x->hold_for == 0
           && duva__date(x->hold_until, strlen(x->hold_until)) > 0;
}

static int is_by(const duva_mail_extras *x)
{
    if (x->by_mode == 0)
        return x->by == 0 && x->by_trace == 0;
    return x->by_mode <= DUVA_BY_NOTIFY && x->by <= NUMBER_MAX
           && x->by >= (x->by_mode == DUVA_BY_RETURN ? 1 : -NUMBER_MAX);
}

static duva_reason check_mail(const duva_mail_extras *x)
{
    if (x->envid != NULL && !is_printable(x->envid, ENVID_MAX))
        return DUVA_REASON_ENVID;
    if (x->ret > DUVA_RET_HDRS)
        return DUVA_REASON_RET;
    if (!is_by(x))
        return DUVA_REASON_BY;
    if (!is_hold(x))
        return DUVA_REASON_HOLD;
    if (x->priority != 0 && (x->priority < DUVA_PRIORITY(-9)
                             || x->priority > DUVA_PRIORITY(9)))
        return DUVA_REASON_PRIORITY;
    if (x->auth != NULL && *x->auth != '\0'
        && duva_address_check(x->auth) != DUVA_REASON_NONE)
        return DUVA_REASON_AUTH;
    if (x->solicit != NULL && !is_solicitation(x->solicit))
        return DUVA_REASON_SOLICIT;
    if (x->burl != NULL && !is_url(x->burl))
        return DUVA_REASON_BURL;
    return are_params(x->param, x->param_count) ? DUVA_REASON_NONE
                                                : DUVA_REASON_PARAM;
}

#define UTF8_CODE 11           /* "\x{10FFFF}" */

/* The first character of the text at code, as RFC 6533 3 has it: what is not
 * plain ASCII as its number.  Returns the rest of the text. */
static const char *encode_utf8(char code[UTF8_CODE], const char *text)
{
    uint32_t c = (uint8_t)*text++;
    unsigned shift = 0;

    if (c >= 0x80) {
        c &= c < 0xE0 ? 0x1Fu : c < 0xF0 ? 0x0Fu : 0x07u;
        while ((*text & 0xC0) == 0x80)
            c = c << 6 | ((uint8_t)*text++ & 0x3Fu);
    } else if (is_plain((char)c) && c != '\\') {
        code[0] = (char)c;
        code[1] = '\0';
        return text;
    }
    memcpy(code, "\\x{", 3);
    code += 3;
    while (c >> shift > 15)
        shift += 4;
    for (; shift > 0; shift -= 4)
        *code++ = digits[c >> shift & 15];
    *code++ = digits[c & 15];
    memcpy(code, "}", 2);
    return text;
}

static int is_utf8_orcpt(const char *text)
{
    char   code[UTF8_CODE];
    size_t len = sizeof("utf-8;") - 1;

    if (duva_address_check_utf8(text) != DUVA_REASON_NONE)
        return 0;
    while (*text != '\0') {
        text = encode_utf8(code, text);
        len += strlen(code);
    }
    return len <= ORCPT_MAX;
}

static int is_orcpt(const char *orcpt)
{
    return is_ascii(orcpt)
               ? is_printable(orcpt, ORCPT_MAX - (sizeof("rfc822;") - 1))
               : is_utf8_orcpt(orcpt);
}

static duva_reason check_rcpt(const duva_rcpt_extras *x)
{
    if (x->notify > DUVA_NOTIFY_NEVER)
        return DUVA_REASON_NOTIFY;
    if (x->orcpt != NULL && !is_orcpt(x->orcpt))
        return DUVA_REASON_ORCPT;
    if ((x->rrvs == NULL && x->rrvs_continue)
        || (x->rrvs != NULL && duva__date(x->rrvs, strlen(x->rrvs)) == 0))
        return DUVA_REASON_RRVS;
    return are_params(x->param, x->param_count) ? DUVA_REASON_NONE
                                                : DUVA_REASON_PARAM;
}

duva_reason duva__path_check(const duva_mail *m, const char *addr)
{
    return m->flags & DUVA_MAIL_UTF8 ? duva_address_check_utf8(addr)
                                     : duva_address_check(addr);
}

/* ---- what the server must offer ---- */

static uint32_t mail_takes(const duva_mail *m)
{
    const duva_mail_extras *x = m->extras;
    uint32_t bits = m->flags & DUVA_MAIL_REQUIRETLS ? DUVA_CAP_REQUIRETLS : 0;

    if (m->flags & DUVA_MAIL_8BIT)
        bits |= DUVA_CAP_8BITMIME;
    if (m->flags & DUVA_MAIL_UTF8)
        bits |= DUVA_CAP_SMTPUTF8;
    if (m->flags & DUVA_MAIL_BINARY)
        bits |= DUVA_CAP_CHUNKING | DUVA_CAP_BINARYMIME;
    if (x == NULL)
        return bits;
    if (x->envid != NULL || x->ret != 0)
        bits |= DUVA_CAP_DSN;
    if (x->by_mode != 0)
        bits |= DUVA_CAP_DELIVERBY;
    if (x->hold_for != 0 || x->hold_until != NULL)
        bits |= DUVA_CAP_FUTURERELEASE;
    if (x->priority != 0)
        bits |= DUVA_CAP_MT_PRIORITY;
    if (x->auth != NULL)
        bits |= DUVA_CAP_AUTH;
    if (x->solicit != NULL)
        bits |= DUVA_CAP_NO_SOLICITING;
    if (x->burl != NULL)
        bits |= DUVA_CAP_BURL;
    return bits;
}

static uint32_t rcpt_takes(const duva_rcpt_extras *x)
{
    return (x->notify != 0 || x->orcpt != NULL ? DUVA_CAP_DSN : 0)
           | (x->rrvs != NULL ? DUVA_CAP_RRVS : 0);
}

uint32_t duva__usable(const duva_engine *e)
{
    uint32_t bits = e->caps.bits;

    if (!DUVA__IS_SAFE(e))
        bits &= ~DUVA_CAP_REQUIRETLS;
    if ((e->config->options & (DUVA_NO_CHUNKING | DUVA_LMTP))
        || e->config->stop_after != 0)
        bits &= ~(DUVA_CAP_CHUNKING | DUVA_CAP_BURL);
    return bits;
}

/* The extension whose limits the mail passes; 0 when there is none. */
static uint32_t beyond(const duva_caps *caps, const duva_mail_extras *x)
{
    if (x->by_mode == DUVA_BY_RETURN && (uint32_t)x->by < caps->by_min)
        return DUVA_CAP_DELIVERBY;
    if ((caps->hold_max > 0 && x->hold_for > caps->hold_max)
        || (caps->hold_until > 0 && x->hold_until != NULL
            && duva__date(x->hold_until, strlen(x->hold_until))
                   > caps->hold_until))
        return DUVA_CAP_FUTURERELEASE;
    return 0;
}

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
        if (is_same(domain, domain_of(&m->rcpt[at - 1])))
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

/* ---- all of it ---- */

duva_reason duva__extras_check(const duva_mail *m, uint32_t offered,
                               uint32_t *where)
{
    duva_reason reason = DUVA_REASON_NONE;
    uint32_t    missing = 0, i;

    *where = 0;
    if (m->extras != NULL)
        reason = check_mail(m->extras);
    for (i = 0; reason == DUVA_REASON_NONE && missing == 0
                && i < m->rcpt_count;
         i++) {
        const duva_rcpt *rcpt = &m->rcpt[i];

        if (rcpt->extras == NULL || (rcpt->verdict != DUVA_PENDING
                                     && rcpt->verdict != DUVA_RETRY))
            continue;
        reason = check_rcpt(rcpt->extras);
        if (reason != DUVA_REASON_NONE)
            *where = i + 1;
        missing = rcpt_takes(rcpt->extras) & ~offered;
    }
    if (missing == 0)
        missing = mail_takes(m) & ~offered;
    if (reason != DUVA_REASON_NONE || missing == 0)
        return reason;
    *where = missing & (0 - missing); /* of several one is reported */
    return DUVA_REASON_NOT_OFFERED;
}

duva_reason duva__params_check(const duva_engine *e, duva_mail *m)
{
    uint32_t   *where = &m->result.where;
    duva_reason reason = duva__extras_check(m, duva__usable(e), where);

    if (reason != DUVA_REASON_NONE)
        return reason;
    if (e->caps.size_max > 0 && m->size > e->caps.size_max)
        return DUVA_REASON_TOO_BIG;
    if (m->extras != NULL)
        *where = beyond(&e->caps, m->extras);
    if (*where == 0 && make_room(&e->caps, m) > 0
        && m->policy == DUVA_ALL_OR_NOTHING)
        *where = DUVA_CAP_LIMITS;
    return *where != 0 ? DUVA_REASON_OUT_OF_LIMITS : DUVA_REASON_NONE;
}

/* ---- saying it ---- */

static void put_xtext(duva_engine *e, const char *form, const char *text)
{
    char code[4] = "";

    duva__put(e, form, NULL);
    for (; *text != '\0'; text++) {
        code[0] = is_plain(*text) ? *text : '+';
        code[1] = is_plain(*text) ? '\0' : digits[(uint8_t)*text >> 4];
        code[2] = digits[*text & 15];
        duva__put(e, "%", code);
    }
}

static void put_utf8_xtext(duva_engine *e, const char *text)
{
    char code[UTF8_CODE];

    while (*text != '\0') {
        text = encode_utf8(code, text);
        duva__put(e, "%", code);
    }
}

static void put_params(duva_engine *e, const duva_param *p, size_t count)
{
    for (; count > 0; count--, p++) {
        duva__put(e, " %", p->name);
        if (p->value != NULL)
            put_xtext(e, "=", p->value);
    }
}

static void put_by(duva_engine *e, const duva_mail_extras *x)
{
    if (x->by_mode == 0)
        return;
    duva__put_number(e, x->by < 0 ? " BY=-%" : " BY=%",
               (uint32_t)(x->by < 0 ? -x->by : x->by));
    duva__put(e, x->by_mode == DUVA_BY_RETURN ? ";R" : ";N", NULL);
    if (x->by_trace)
        duva__put(e, "T", NULL);
}

static void put_mail_extras(duva_engine *e, const duva_mail_extras *x)
{
    const int priority = x->priority - DUVA_PRIORITY(0);

    if (x->ret != 0)
        duva__put(e, x->ret == DUVA_RET_FULL ? " RET=FULL" : " RET=HDRS", NULL);
    if (x->envid != NULL)
        put_xtext(e, " ENVID=", x->envid);
    put_by(e, x);
    if (x->hold_for != 0)
        duva__put_number(e, " HOLDFOR=%", x->hold_for);
    if (x->hold_until != NULL)
        duva__put(e, " HOLDUNTIL=%", x->hold_until);
    if (x->priority != 0)
        duva__put_number(e, priority < 0 ? " MT-PRIORITY=-%" : " MT-PRIORITY=%",
                   (uint32_t)(priority < 0 ? -priority : priority));
    if (x->auth != NULL && *x->auth == '\0')
        duva__put(e, " AUTH=<>", NULL);
    else if (x->auth != NULL)
        put_xtext(e, " AUTH=", x->auth);
    if (x->solicit != NULL)
        duva__put(e, " SOLICIT=%", x->solicit);
    put_params(e, x->param, x->param_count);
}

void duva__put_mail_params(duva_engine *e, const duva_mail *m)
{
    const size_t size = (size_t)m->size; /* bigger ones go unsaid */

    if ((e->caps.bits & DUVA_CAP_SIZE) && size > 0 && size == m->size)
        duva__put_number(e, " SIZE=%", size);
    if (m->flags & DUVA_MAIL_BINARY)
        duva__put(e, " BODY=BINARYMIME", NULL);
    else if (m->flags & DUVA_MAIL_8BIT)
        duva__put(e, " BODY=8BITMIME", NULL);
    if (m->flags & DUVA_MAIL_UTF8)
        duva__put(e, " SMTPUTF8", NULL);
    if (m->flags & DUVA_MAIL_REQUIRETLS)
        duva__put(e, " REQUIRETLS", NULL);
    if (m->extras != NULL)
        put_mail_extras(e, m->extras);
}

void duva__put_url(duva_engine *e, const duva_mail *m)
{
    duva__put(e, "BURL ", NULL);
    duva__put_hidden(e, m->extras->burl);
}

static void put_notify(duva_engine *e, unsigned notify)
{
    static const char *const name[] = { "SUCCESS", "FAILURE", "DELAY",
                                        "NEVER" };
    const char *form = " NOTIFY=%";
    unsigned    i;

    for (i = 0; i < 4; i++)
        if (notify >> i & 1) {
            duva__put(e, form, name[i]);
            form = ",%";
        }
}

void duva__put_rcpt_params(duva_engine *e, const duva_rcpt *rcpt)
{
    const duva_rcpt_extras *x = rcpt->extras;

    if (x == NULL)
        return;
    put_notify(e, x->notify);
    if (x->orcpt != NULL && is_ascii(x->orcpt)) {
        put_xtext(e, " ORCPT=rfc822;", x->orcpt);
    } else if (x->orcpt != NULL) {
        duva__put(e, " ORCPT=utf-8;", NULL);
        put_utf8_xtext(e, x->orcpt);
    }
    if (x->rrvs != NULL)
        duva__put(e, x->rrvs_continue ? " RRVS=%;C" : " RRVS=%", x->rrvs);
    put_params(e, x->param, x->param_count);
}

#else
typedef int duva__no_params;   /* a file must not be empty */
#endif
