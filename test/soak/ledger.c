/* ledger.c - compares each verdict with what was stored. */
/* SPDX-License-Identifier: MIT */
#include "ledger.h"

#include <stdlib.h>
#include <string.h>

uint64_t sum_add(uint64_t sum, const void *data, size_t len)
{
    const uint8_t *at = data, *end = at + len;

    while (at < end)
        sum = (sum ^ *at++) * UINT64_C(0x100000001B3);
    return sum;
}

int ledger_init(struct ledger *l, uint32_t count)
{
    memset(l, 0, sizeof(*l));
    l->entry = calloc(count, sizeof(*l->entry));
    l->count = count;
    return l->entry != NULL;
}

void ledger_free(struct ledger *l)
{
    free(l->entry);
}

void ledger_stored(struct ledger *l, const struct stored *s)
{
    struct entry *e;
    unsigned      i;

    if (s->id >= l->count || !l->entry[s->id].handed) {
        l->unknown++;
        return;
    }
    e = &l->entry[s->id];
    for (i = 0; i < SOAK_RCPTS; i++)
        if (s->rcpts >> i & 1 && e->stored[i] < UINT8_MAX)
            e->stored[i]++;
    if (s->mixed || s->rcpts >> e->rcpts != 0)
        e->wrong |= FAULT_MIXED;
    if ((e->sum != 0 && s->sum != e->sum) || e->flawed)
        e->wrong |= FAULT_DAMAGED;
    if (e->all && !e->lmtp && s->rcpts + 1 != 1u << e->rcpts)
        e->wrong |= FAULT_PART;
}

void ledger_cause(struct ledger *l, uint32_t id, unsigned cause)
{
    if (id < l->count)
        l->entry[id].cause |= (uint16_t)cause;
}

void ledger_violation(struct ledger *l, const char *what)
{
    if (l->violations++ == 0) {
        l->first[0] = '\0';
        strncat(l->first, what, sizeof(l->first) - 1);
    }
}

/* Does the verdict of the mail fit those that its recipients got with it? */
static int contradicts(const struct entry *e, const duva_mail *m,
                       unsigned accepted, unsigned undecided)
{
    const int all = m->policy == DUVA_ALL_OR_NOTHING;

    if (m->result.verdict != DUVA_ACCEPTED)
        return accepted > 0 && !e->lmtp;
    return accepted == 0 || (all && accepted < undecided);
}

void ledger_sent(struct ledger *l, uint32_t id, const duva_mail *m,
                 const uint8_t *before)
{
    struct entry *e = &l->entry[id];
    unsigned      accepted = 0, undecided = 0;
    size_t        i;

    e->verdict = (uint8_t)m->result.verdict;
    e->err = (int8_t)m->result.err;
    e->reason = (uint8_t)m->result.reason;
    e->code = m->result.status.code;
    if (m->result.verdict == DUVA_PENDING)
        e->wrong |= FAULT_NO_VERDICT;
    for (i = 0; i < m->rcpt_count; i++) {
        const uint8_t now = (uint8_t)m->rcpt[i].verdict;

        e->rcpt[i] = now;
        if (before[i] != DUVA_PENDING && before[i] != DUVA_RETRY) {
            if (now != before[i])
                e->wrong |= FAULT_CHANGED;
            continue;
        }
        undecided++;
        accepted += now == DUVA_ACCEPTED;
    }
    if (contradicts(e, m, accepted, undecided))
        e->wrong |= FAULT_CONTRADICTION;
}

/* Is there a reason to call this mail, or these recipients of it, REFUSED? */
static int is_explained(const struct entry *e, unsigned rcpts)
{
    unsigned causes = CAUSE_MAIL | CAUSE_SESSION | rcpts;

    if (e->all && e->err == DUVA_ERR_ARG)
        causes |= CAUSE_MAIL - 1; /* not begun again without them */
    if (e->err == DUVA_ERR_UNSUPPORTED)
        causes |= CAUSE_SIZE | CAUSE_LIMIT | CAUSE_OCTETS;
    if (e->err == DUVA_ERR_BODY)
        causes |= CAUSE_MESSAGE;
    return (e->cause & causes) != 0;
}

static unsigned wrong_with_rcpt(const struct entry *e, unsigned i)
{
    switch (e->rcpt[i]) {
    case DUVA_ACCEPTED:
        return e->stored[i] == 0 ? FAULT_NOT_STORED : 0;
    case DUVA_REFUSED:
        return (e->stored[i] > 0 ? (unsigned)FAULT_STORED : 0)
               | (is_explained(e, 1u << i) ? 0 : (unsigned)FAULT_UNEXPLAINED);
    case DUVA_RETRY:
        return e->stored[i] > 0 ? FAULT_STORED : 0;
    case DUVA_UNCERTAIN:
        return 0;
    default:
        return FAULT_NO_VERDICT;
    }
}

static unsigned wrong_with(const struct entry *e)
{
    unsigned wrong = e->wrong, i;

    if (e->verdicts < e->handed || e->verdict == DUVA_PENDING)
        return wrong | FAULT_NO_VERDICT;
    if (e->verdicts > e->handed)
        wrong |= FAULT_TWO_VERDICTS;
    for (i = 0; i < e->rcpts; i++) {
        wrong |= wrong_with_rcpt(e, i);
        if (e->stored[i] > 1)
            wrong |= FAULT_STORED_TWICE;
    }
    if (e->verdict == DUVA_REFUSED && !is_explained(e, CAUSE_MAIL - 1))
        wrong |= FAULT_UNEXPLAINED;
    return wrong;
}

const char *fault_name(unsigned bit)
{
    static const char *const name[FAULT_KINDS] = {
        "no verdict", "two verdicts", "accepted, not stored",
        "not accepted, but stored", "stored twice",
        "all or nothing went to a part", "message damaged",
        "envelopes mixed", "refused without cause",
        "mail and recipients contradict", "final verdict changed"
    };

    return name[bit];
}

static void tell(FILE *out, uint32_t id, const struct entry *e, unsigned wrong)
{
    unsigned i;

    fprintf(out, "mail %u%s%s: %s %s %s code %u;", id,
            e->lmtp ? ", LMTP" : "", e->all ? ", all or nothing" : "",
            duva_verdict_name((duva_verdict)e->verdict),
            duva_err_name((duva_err)e->err),
            duva_reason_name((duva_reason)e->reason), e->code);
    for (i = 0; i < e->rcpts; i++)
        fprintf(out, " %s:%u", duva_verdict_name((duva_verdict)e->rcpt[i]),
                e->stored[i]);
    for (i = 0; i < FAULT_KINDS; i++)
        if (wrong >> i & 1)
            fprintf(out, "; %s", fault_name(i));
    putc('\n', out);
}

static unsigned count_entry(const struct entry *e, struct tally *t)
{
    const unsigned wrong = wrong_with(e);
    unsigned       i;

    t->mails++;
    t->verdict[e->verdict]++;
    for (i = 0; i < e->rcpts; i++) {
        t->rcpts++;
        t->rcpt[e->rcpt[i]]++;
        t->stored += e->stored[i];
    }
    for (i = 0; i < FAULT_KINDS; i++)
        t->wrong[i] += wrong >> i & 1;
    t->faults += wrong != 0;
    return wrong;
}

uint64_t ledger_compare(struct ledger *l, struct tally *t, FILE *out,
                        unsigned most)
{
    uint64_t bad = l->violations + l->unknown;
    uint32_t i;

    for (i = 0; i < l->count; i++) {
        const struct entry *e = &l->entry[i];
        unsigned            wrong;

        if (!e->handed)
            continue;
        wrong = count_entry(e, t);
        if (wrong == 0)
            continue;
        if (out != NULL && bad < most)
            tell(out, i, e, wrong);
        bad++;
    }
    t->violations += l->violations + l->unknown;
    if (out != NULL && l->violations > 0)
        fprintf(out, "%llu violations, the first: %s\n",
                (unsigned long long)l->violations, l->first);
    if (out != NULL && l->unknown > 0)
        fprintf(out, "%llu messages stored that nobody handed in\n",
                (unsigned long long)l->unknown);
    return bad;
}
