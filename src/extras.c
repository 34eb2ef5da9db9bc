/* extras.c - the check of extras before there is a session. */
/* SPDX-License-Identifier: MIT */
#include "duva/extras.h"
#include "duva/mail.h"

#include "params.h"

#if !DUVA_SMALL

duva_reason duva_extras_check(const duva_mail *m, uint32_t offered,
                              uint32_t *where)
{
    if (m == NULL || where == NULL || (m->rcpt == NULL && m->rcpt_count > 0))
        return DUVA_REASON_MISSING;
    return duva__extras_check(m, offered, where);
}

#else
typedef int duva__no_extras;   /* a file must not be empty */
#endif
