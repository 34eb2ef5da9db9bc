/* mails.c - makes random mails. */
/* SPDX-License-Identifier: MIT */
#include "mails.h"

#include <stdlib.h>
#include <string.h>

enum { PURPOSE_PLAN = 1, PURPOSE_TEXT, PURPOSE_READS };

/* ---- plans ---- */

static uint32_t random_size(struct random *r)
{
    switch (random_below(r, 40)) {
    case 0:
        return random_below(r, 3);
    case 1:
        return 20000 + random_below(r, 80000);
    case 2:
    case 3:
    case 4:
        return 2000 + random_below(r, 8000);
    default:
        return 10 + random_below(r, 900);
    }
}

static void plan_flags(struct mail_plan *p, struct random *r)
{
    if (random_chance(r, 80)) {
        p->flags = DUVA_MAIL_BINARY;
        if (random_chance(r, 500))
            p->flags |= DUVA_MAIL_EXACT;
    } else {
        p->bare_lf = (uint8_t)random_below(r, 2);
        if (random_chance(r, 300))
            p->flags |= DUVA_MAIL_8BIT;
        if (random_chance(r, 600))
            p->flags |= DUVA_MAIL_EXACT;
        if (!p->bare_lf && random_chance(r, 500))
            p->flags |= DUVA_MAIL_AS_IS;
    }
    p->says_size = (p->flags & DUVA_MAIL_EXACT) || random_chance(r, 500);
}

static void plan_flaw(struct mail_plan *p, struct random *r)
{
    p->flaw = (uint8_t)(1 + random_below(r, FLAW_SIZE));
    p->flaw_at = random_below(r, p->size + 1);
    if (p->flaw == FLAW_SIZE && !(p->flags & DUVA_MAIL_EXACT))
        p->flaw = FLAW_SOURCE;
    if (p->flaw == FLAW_LONE_CR
        && (p->flags & (DUVA_MAIL_BINARY | DUVA_MAIL_AS_IS)))
        p->flaw = FLAW_SOURCE;
}

void mail_plan_random(struct mail_plan *p, uint64_t seed, uint32_t id,
                      int has_flaws)
{
    struct random r = random_of(seed, (uint64_t)id << 8 | PURPOSE_PLAN);

    memset(p, 0, sizeof(*p));
    p->seed = random_next(&r);
    p->id = id;
    p->size = random_size(&r);
    p->rcpts = (uint8_t)(1 + random_below(&r, SOAK_RCPTS));
    if (random_chance(&r, 400))
        p->rcpts = 1;
    p->policy = (uint8_t)random_below(&r, 2);
    plan_flags(p, &r);
    p->direct = (uint8_t)random_below(&r, 2);
    p->small_reads = random_chance(&r, 200);
    if (has_flaws && random_chance(&r, 30))
        plan_flaw(p, &r);
}

/* ---- messages ---- */

/* Text that does harm when it is taken for commands. */
static const char commands[] = "RSET\r\nMAIL FROM:<trap@from.example>\r\n"
                               "RCPT TO:<trap@to.example>\r\nDATA\r\n"
                               ".trap\r\n..\r\nQUIT\r\n";

static size_t put(char *to, size_t room, const char *words)
{
    const size_t len = strlen(words);

    if (len > room)
        return 0;
    memcpy(to, words, len);
    return len;
}

/* A line or some: of the kinds that an encoder could get wrong, or random. */
static size_t put_line(char *to, size_t room, struct random *r, int has_8bit)
{
    static const char *const odd[] = {
        ".\r\n", "..\r\n", "\r\n", ".\r\n.\r\n", ".a\r\n", "\r\n\r\n",
        " .\r\n", ". \r\n", commands
    };
    const uint32_t kind = random_below(r, 24);
    size_t         len, i;

    if (kind < sizeof(odd) / sizeof(odd[0]))
        return put(to, room, odd[kind]);
    len = kind == 23 ? 990 + random_below(r, 9) : random_below(r, 78);
    if (len + 2 > room)
        return 0;
    for (i = 0; i < len; i++)
        to[i] = (char)(32 + random_below(r, 95));
    if (has_8bit && len > 2)
        memcpy(to + len / 2, "\xc3\xa9", 2);
    memcpy(to + len, "\r\n", 2);
    return len + 2;
}

static void write_lines(struct test_mail *m, struct random *r)
{
    const struct mail_plan *p = &m->plan;
    int                     misses = 0;

    while (m->len < p->size && misses < 40) {
        const size_t n = put_line(m->text + m->len, p->size - m->len, r,
                                  p->flags & DUVA_MAIL_8BIT);

        if (n == 0)
            misses++;
        m->len += n;
    }
    if (m->len > 2 && !(p->flags & DUVA_MAIL_AS_IS) && random_chance(r, 300))
        m->len -= 2;           /* the last line has no end */
}

static void write_text(struct test_mail *m)
{
    const struct mail_plan *p = &m->plan;
    struct random           r = random_of(p->seed, PURPOSE_TEXT);
    size_t                  i;

    if (p->size >= 40)
        m->len = (size_t)sprintf(m->text, "X-Id: %08x\r\n\r\n",
                                 (unsigned)p->id);
    if (!(p->flags & DUVA_MAIL_BINARY)) {
        write_lines(m, &r);
        return;
    }
    for (i = m->len; i < p->size; i++)
        m->text[i] = (char)random_next(&r);
    m->len = p->size;
}

/* What has to be stored: lines end in CRLF, the last one too. */
static void measure(struct test_mail *m)
{
    const int raw = m->plan.flags & DUVA_MAIL_BINARY;

    m->sum = sum_add(SUM_BEGIN, m->text, m->len);
    m->wire = m->len;
    if (!raw && m->len > 0 && m->text[m->len - 1] != '\n') {
        m->sum = sum_add(m->sum, "\r\n", 2);
        m->wire += 2;
    }
}

static void drop_cr(struct test_mail *m)
{
    size_t from, to = 0;

    for (from = 0; from < m->len; from++)
        if (m->text[from] != '\r')
            m->text[to++] = m->text[from];
    m->len = to;
}

/* A message that goes past the engine is complete with its last octet, and the
 * source is not asked whether it was. */
static void spoil(struct test_mail *m)
{
    const size_t most = m->plan.direct && m->len > 0 ? m->len - 1 : m->len;
    const size_t at = m->plan.flaw_at < most ? m->plan.flaw_at : most;

    m->plan.flaw_at = (uint32_t)at;
    if (m->plan.flaw == FLAW_LONE_CR) {
        memmove(m->text + at + 2, m->text + at, m->len - at);
        memcpy(m->text + at, "\rx", 2);
        m->len += 2;
    }
    if (m->plan.flaw == FLAW_SIZE)
        m->wire++;
}

/* ---- sources ---- */

/* Octets that the source has before its end, or before it fails. */
static size_t text_left(const struct test_mail *m)
{
    return (m->plan.flaw == FLAW_SOURCE ? m->plan.flaw_at : m->len) - m->pos;
}

static int read_text(void *ctx, void *buf, size_t len)
{
    struct test_mail *m = ctx;

    if (buf == NULL) {
        m->pos = 0;
        return 0;
    }
    if (m->plan.flaw == FLAW_SOURCE && text_left(m) == 0)
        return -7;
    if (m->plan.small_reads && len > 1)
        len = 1 + random_below(&m->random, len < 90 ? (uint32_t)len : 90);
    if (len > text_left(m))
        len = text_left(m);
    if (len > 0)
        memcpy(buf, m->text + m->pos, len);
    m->pos += len;
    return (int)len;
}

/* Past the engine, as duva_extent_direct() does it with a file. */
static int write_direct(void *ctx, duva_link *link, size_t len)
{
    struct test_mail *m = ctx;
    int               n;

    if (len > text_left(m))
        len = text_left(m);
    if (len == 0)
        return DUVA_ERR_BODY;  /* the source fails, or was said to be longer */
    n = link->ops->write(link, m->text + m->pos, len);
    if (n > 0)
        m->pos += (size_t)n;
    return n;
}

/* ---- mails ---- */

static void make_envelope(struct test_mail *m)
{
    duva_mail *mail = &m->job.mail;
    unsigned   i;

    sprintf(m->from, "s0.%08x@from.example", (unsigned)m->plan.id);
    for (i = 0; i < m->plan.rcpts; i++) {
        sprintf(m->addr[i], "r%u.%08x@to.example", i, (unsigned)m->plan.id);
        m->rcpt[i].addr = m->addr[i];
        if (m->plan.seed >> i & 1) {
            m->rcpt[i].text = m->words[i];
            m->rcpt[i].text_size = sizeof(m->words[i]);
        }
    }
    mail->from = m->from;
    mail->rcpt = m->rcpt;
    mail->rcpt_count = m->plan.rcpts;
    mail->policy = (duva_policy)m->plan.policy;
    mail->flags = m->plan.flags;
    if (m->plan.says_size)
        mail->size = m->wire;
}

int mail_make(struct test_mail *m, const struct mail_plan *p)
{
    memset(m, 0, sizeof(*m));
    m->plan = *p;
    m->text = malloc(p->size + 64);
    if (m->text == NULL)
        return 0;
    write_text(m);
    measure(m);
    if (p->bare_lf)
        drop_cr(m);
    spoil(m);
    make_envelope(m);
    m->random = random_of(p->seed, PURPOSE_READS);
    m->job.source = read_text;
    m->job.source_ctx = m;
    if (p->direct)
        m->job.direct = write_direct;
    return 1;
}

void mail_free(struct test_mail *m)
{
    free(m->text);
}

void mail_hand_in(const struct test_mail *m, struct ledger *l, int lmtp)
{
    struct entry *e = &l->entry[m->plan.id];

    e->handed++;
    e->sum = m->sum;
    e->all = m->plan.policy == DUVA_ALL_OR_NOTHING;
    e->lmtp = (uint8_t)lmtp;
    e->rcpts = m->plan.rcpts;
    e->flawed = m->plan.flaw == FLAW_SOURCE || m->plan.flaw == FLAW_LONE_CR;
    if (m->plan.flaw != FLAW_NONE)
        e->cause |= CAUSE_MESSAGE;
}

void mail_begin(struct test_mail *m)
{
    unsigned i;

    for (i = 0; i < m->plan.rcpts; i++)
        m->before[i] = (uint8_t)m->rcpt[i].verdict;
    if (m->tries++ > 0)
        m->job.source(m->job.source_ctx, NULL, 0);
}

void mail_sent(const struct test_mail *m, struct ledger *l)
{
    ledger_sent(l, m->plan.id, &m->job.mail, m->before);
}

int mail_wants_retry(const struct test_mail *m)
{
    unsigned i, retry = 0;

    for (i = 0; i < m->plan.rcpts; i++)
        retry += m->rcpt[i].verdict == DUVA_RETRY;
    return retry > 0
           && (m->job.mail.result.verdict == DUVA_RETRY
               || m->job.mail.result.verdict == DUVA_ACCEPTED);
}

int mail_of_address(const char *addr, char kind, uint32_t *id,
                    unsigned *place)
{
    char *end;

    if (addr[0] != kind || addr[1] < '0' || addr[1] >= '0' + SOAK_RCPTS
        || addr[2] != '.')
        return 0;
    *place = (unsigned)(addr[1] - '0');
    *id = (uint32_t)strtoul(addr + 3, &end, 16);
    return end == addr + 11 && *end == '@';
}
