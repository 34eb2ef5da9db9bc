/* params.h - parameters of MAIL and RCPT: which may be said, and how. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_PARAMS_H
#define DUVA_SRC_PARAMS_H

#include "duva/engine.h"

#include "syntax/absent.h"

/* Some mail may have parameters, or be too large. */
#define DUVA__PARAMS                                                           \
    (DUVA__EXTRAS || DUVA_WITH_SIZE || DUVA_WITH_TLS || DUVA_WITH_SMTPUTF8     \
     || DUVA_WITH_CHUNKING || DUVA_WITH_LIMITS)

#if DUVA__PARAMS

/* DUVA_CAP_* that are advertised and may be used in this session. */
uint32_t duva__usable(const duva_engine *e);

/* As duva_extras_check(), without a NULL. */
duva_reason duva__extras_check(const duva_mail *m, uint32_t offered,
                               uint32_t *where);

/* Why this server cannot have the mail as it must be sent, or NONE; where goes
 * to m->result.  Recipients for whom there is no room in this transaction are
 * put off: they become RETRY. */
duva_reason duva__params_check(const duva_engine *e, duva_mail *m);

void duva__put_mail_params(duva_engine *e, const duva_mail *m);

#else
#define duva__put_mail_params(e, m) ((void)0)
#define duva__params_check(e, m) ((void)(e), DUVA_REASON_NONE)
#endif

#if DUVA__EXTRAS
void duva__put_rcpt_params(duva_engine *e, const duva_rcpt *rcpt);
#else
#define duva__put_rcpt_params(e, rcpt) ((void)0)
#endif

#if DUVA_WITH_BURL
/* Where the message is, in place of the message. */
void duva__put_url(duva_engine *e, const duva_mail *m);
#else
#define duva__put_url(e, m) ((void)0)
#endif

#endif
