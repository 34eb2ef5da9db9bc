/* position.c - turns a mail and a step into what stands there. */
/* SPDX-License-Identifier: MIT */
#include "position.h"

duva_stage duva__stage_of(const duva_position *at)
{
    size_t rcpts;

    if (!DUVA_WITH_RECIPIENTS && !DUVA_WITH_LMTP)
        return (duva_stage)at->step;
    if (at->mail == NULL || at->step < DUVA_STAGE_RCPT)
        return (duva_stage)at->step;
    rcpts = DUVA__RCPTS(at->mail);
    if (at->step - DUVA_STAGE_RCPT < rcpts)
        return DUVA_STAGE_RCPT;
    if (DUVA_WITH_LMTP && at->step >= DUVA_STAGE_END + rcpts)
        return DUVA_STAGE_END; /* of LMTP, once for each recipient */
    return (duva_stage)(at->step - rcpts + 1);
}

#if DUVA__FLIGHT
int duva__is_same(const duva_position *a, const duva_position *b)
{
    return a->mail == b->mail && a->step == b->step;
}
#endif

/* A verdict changes only behind heard, so that a step once said stays one. */
void duva__go_on(duva_position *at)
{
    do
        at->step++;
    while (duva__stage_of(at) == DUVA_STAGE_RCPT
           && DUVA__RCPT_AT(*at)->verdict != DUVA_PENDING);
}

#if DUVA__FLIGHT
void duva__begin_with(duva_position *at, duva_mail *m)
{
    at->mail = m;
    at->step = DUVA__HAS(m, DUVA__RESET) ? DUVA_STAGE_RSET : DUVA_STAGE_MAIL;
}
#endif
