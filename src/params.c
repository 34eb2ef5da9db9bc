/* params.c - turns what a mail asks for into parameters of its MAIL. */
/* SPDX-License-Identifier: MIT */
#include "params.h"

#include "command.h"
#include "dialogue.h"

#if !DUVA_SMALL

duva_reason duva__params_check(const duva_engine *e, const duva_mail *m)
{
    if ((m->flags & DUVA_MAIL_REQUIRETLS)
        && (!DUVA__IS_SAFE(e) || !(e->caps.bits & DUVA_CAP_REQUIRETLS)))
        return DUVA_REASON_NO_REQUIRETLS;
    if ((m->flags & DUVA_MAIL_BINARY)
        && ((~e->caps.bits & (DUVA_CAP_BINARYMIME | DUVA_CAP_CHUNKING))
            || (e->config->options & DUVA_NO_CHUNKING)))
        return DUVA_REASON_NO_BINARYMIME;
    return e->caps.size_max > 0 && m->size > e->caps.size_max
               ? DUVA_REASON_TOO_BIG
               : DUVA_REASON_NONE;
}

void duva__put_mail_params(duva_engine *e, const duva_mail *m)
{
    const size_t size = (size_t)m->size; /* bigger ones go unsaid */

    if ((e->caps.bits & DUVA_CAP_SIZE) && size > 0 && size == m->size)
        duva__put_number(e, " SIZE=%", size);
    if (m->flags & DUVA_MAIL_BINARY)
        duva__put(e, " BODY=BINARYMIME", NULL);
    else if ((e->caps.bits & DUVA_CAP_8BITMIME) && (m->flags & DUVA_MAIL_8BIT))
        duva__put(e, " BODY=8BITMIME", NULL);
    if (m->flags & DUVA_MAIL_REQUIRETLS)
        duva__put(e, " REQUIRETLS", NULL);
}

#else
typedef int duva__no_params;   /* a file must not be empty */
#endif
