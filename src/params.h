/* params.h - parameters of MAIL and RCPT: which may be said, and how. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_PARAMS_H
#define DUVA_SRC_PARAMS_H

#include "duva/engine.h"

#if DUVA_SMALL
#define duva__path_check(m, addr) duva_address_check(addr)
#define duva__put_mail_params(e, m) ((void)0)
#define duva__put_rcpt_params(e, rcpt) ((void)0)
#define duva__put_url(e, m) ((void)0)
#define duva__params_check(e, m)                                              \
    ((m)->flags & (DUVA_MAIL_REQUIRETLS | DUVA_MAIL_BINARY)                   \
         ? DUVA_REASON_NOT_OFFERED                                          \
     : (e)->caps.size_max > 0 && (m)->size > (e)->caps.size_max               \
         ? DUVA_REASON_TOO_BIG                                                \
         : DUVA_REASON_NONE)
#else

/* DUVA_CAP_* that are advertised and may be used in this session. */
uint32_t duva__usable(const duva_engine *e);

/* Can the address stand in a command of this mail? */
duva_reason duva__path_check(const duva_mail *m, const char *addr);

/* As duva_extras_check(), without a NULL. */
duva_reason duva__extras_check(const duva_mail *m, uint32_t offered,
                               uint32_t *where);

/* Why this server cannot have the mail as it must be sent, or NONE; where goes
 * to m->result.  Recipients for whom there is no room in this transaction are
 * put off: they become RETRY. */
duva_reason duva__params_check(const duva_engine *e, duva_mail *m);

void duva__put_mail_params(duva_engine *e, const duva_mail *m);
void duva__put_rcpt_params(duva_engine *e, const duva_rcpt *rcpt);

/* Where the message is, in place of the message. */
void duva__put_url(duva_engine *e, const duva_mail *m);

#endif

#endif
