/* shrink.c - makes a plan that fails as small as possible. */
/* SPDX-License-Identifier: MIT */
#include "plan.h"
#include "report.h"

#include <duva/config.h>

#include <string.h>

/* Milliseconds after which it has to do: a client that hangs takes long. */
enum { LONGEST_MS = 30000 };

/* Each edit makes the plan simpler, in a place that its number says.  Returns
 * 0 when there is no such place; the plan is unchanged when it was simple. */
typedef int edit_fn(struct plan *p, unsigned place);

static int drop_mail(struct plan *p, unsigned place)
{
    unsigned i;

    if (place >= p->mails || p->mails == 1)
        return 0;
    for (i = place; i + 1 < p->mails; i++) {
        p->mail[i] = p->mail[i + 1];
        p->mail[i].id = i;
        memcpy(p->treatment[i], p->treatment[i + 1], sizeof(p->treatment[i]));
    }
    p->mails--;
    return 1;
}

static int drop_fault(struct plan *p, unsigned place)
{
    const unsigned mail = place / PLAN_SENDINGS;

    if (mail >= p->mails)
        return 0;
    p->treatment[mail][place % PLAN_SENDINGS].stage = AT_NOTHING;
    return 1;
}

static int drop_session_fault(struct plan *p, unsigned place)
{
    if (place >= PLAN_SESSIONS)
        return 0;
    p->session[place].stage = AT_NOTHING;
    return 1;
}

static int drop_code(struct plan *p, unsigned place)
{
    const unsigned rcpt = place % SOAK_RCPTS;
    const unsigned sending = place / SOAK_RCPTS % PLAN_SENDINGS;
    const unsigned mail = place / SOAK_RCPTS / PLAN_SENDINGS;

    if (mail >= p->mails)
        return 0;
    p->treatment[mail][sending].rcpt[rcpt] = 0;
    p->treatment[mail][sending].end[rcpt] = 0;
    return 1;
}

static int drop_recipient(struct plan *p, unsigned place)
{
    if (place >= p->mails)
        return 0;
    if (p->mail[place].rcpts > 1)
        p->mail[place].rcpts--;
    return 1;
}

static int shorten(struct plan *p, unsigned place)
{
    static const uint16_t size[] = { 40, 300, 3000 };
    struct mail_plan     *m = &p->mail[place / 3];

    if (place / 3 >= p->mails)
        return 0;
    if (m->size > size[place % 3])
        m->size = size[place % 3];
    return 1;
}

static int simplify_mail(struct plan *p, unsigned place)
{
    struct mail_plan *m = &p->mail[place / 8];

    if (place / 8 >= p->mails)
        return 0;
    switch (place % 8) {
    case 0:
        m->flags = 0;
        break;
    case 1:
        m->flags &= (uint8_t)~DUVA_MAIL_8BIT;
        break;
    case 2:
        m->direct = 0;
        break;
    case 3:
        m->small_reads = 0;
        break;
    case 4:
        m->flaw = FLAW_NONE;
        break;
    case 5:
        m->bare_lf = 0;
        break;
    case 6:
        m->flags &= (uint8_t)~DUVA_MAIL_AS_IS;
        break;
    default:
        if (!(m->flags & DUVA_MAIL_EXACT))
            m->says_size = 0;
    }
    return 1;
}

static int drop_extension(struct plan *p, unsigned place)
{
    if (place >= HAS_BITS)
        return 0;
    p->profile.has &= (uint16_t)~(1u << place);
    if (!(p->profile.has & HAS_LIMITS))
        p->profile.rcpt_max = p->profile.mail_max = 0;
    if (!(p->profile.has & HAS_SIZE))
        p->profile.size_max = 0;
    return 1;
}

static int simplify_server(struct plan *p, unsigned place)
{
    uint8_t *const flag[] = { &p->profile.pace,         &p->profile.multiline,
                              &p->profile.data_for_none, &p->profile.tail,
                              &p->profile.keeps_failed_last,
                              &p->profile.keeps_failed };

    if (place > sizeof(flag) / sizeof(flag[0]))
        return 0;
    if (place == sizeof(flag) / sizeof(flag[0]))
        p->profile.slow_ms = 0;
    else
        *flag[place] = 0;
    return 1;
}

static int simplify_client(struct plan *p, unsigned place)
{
    switch (place) {
    case 0:
        p->tls = DUVA_TLS_NEVER;
        p->auth = 0;
        return 1;
    case 1:
        p->tries = 1;
        return 1;
    case 2:
        p->buffer = 4096;
        return 1;
    case 3:
        p->write_max = 60000;
        return 1;
    case 4:
        p->capacity = 250000;
        return 1;
    case 5:
        p->cancel_at = 0;
        return 1;
    case 6:
        p->gap = 0;
        return 1;
    case 7:
        p->remembers = 0;
        return 1;
    case 8:
        p->driver = DRIVE_MAILS;
        return 1;
    case 9:
        p->window = p->window > 1 ? 1 : 0;
        return 1;
    case 10:
        p->options &= DUVA_LMTP;
        return 1;
    case 11:
        p->latency = p->latency > 5 ? 5 : p->latency;
        return 1;
    default:
        return 0;
    }
}

/* Keeps what the edit does wherever something is still wrong.  Returns how
 * often that was so. */
static unsigned attempt(struct plan *p, unsigned wrong, edit_fn *edit,
                        uint64_t end)
{
    struct plan smaller;
    unsigned    place = 0, kept = 0;

    for (;;) {
        smaller = *p;
        if (!edit(&smaller, place) || report_clock_ms() > end)
            return kept;
        if (memcmp(&smaller, p, sizeof(*p)) != 0
            && (plan_run(&smaller, NULL, NULL) & wrong)) {
            *p = smaller;
            kept++;
        } else {
            place++;
        }
    }
}

void plan_shrink(struct plan *p, unsigned wrong)
{
    static edit_fn *const edit[] = {
        drop_mail, drop_fault, drop_session_fault, drop_code, drop_recipient,
        shorten, simplify_mail, drop_extension, simplify_server,
        simplify_client
    };
    const uint64_t end = report_clock_ms() + LONGEST_MS;
    unsigned       kept, i;

    do {
        kept = 0;
        for (i = 0; i < sizeof(edit) / sizeof(edit[0]); i++)
            kept += attempt(p, wrong, edit[i], end);
    } while (kept > 0);
}
