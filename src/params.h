/* params.h - parameters of MAIL: which may be said, and how. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_PARAMS_H
#define DUVA_SRC_PARAMS_H

#include "duva/engine.h"

#if DUVA_SMALL
#define duva__put_mail_params(e, m) ((void)0)
#define duva__params_check(e, m)                                              \
    ((m)->flags & (DUVA_MAIL_REQUIRETLS | DUVA_MAIL_BINARY)                   \
         ? DUVA_REASON_NO_REQUIRETLS                                          \
     : (e)->caps.size_max > 0 && (m)->size > (e)->caps.size_max               \
         ? DUVA_REASON_TOO_BIG                                                \
         : DUVA_REASON_NONE)
#else

/* Why this server cannot have the mail as it must be sent, or NONE. */
duva_reason duva__params_check(const duva_engine *e, const duva_mail *m);

void duva__put_mail_params(duva_engine *e, const duva_mail *m);

#endif

#endif
