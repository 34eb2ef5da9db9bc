/* extras.h - what the engine calls of extras, through duva_mail_extras.ops. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_EXTRAS_H
#define DUVA_SRC_EXTRAS_H

#include "duva/engine.h"
#include "duva/extras.h"

#if DUVA__EXTRAS

/* An extension with parameters of MAIL. */
struct duva__of_mail {
    uint32_t    cap;           /* DUVA_CAP_*; 0: none is needed */
    duva_reason (*check)(const duva_mail_extras *x); /* are they valid? */
    int         (*is_set)(const duva_mail_extras *x);
    /* Are they beyond what the server allows?  NULL: never. */
    int         (*is_beyond)(const duva_caps *caps, const duva_mail_extras *x);
    void        (*put)(duva_engine *e, const duva_mail_extras *x);
};

/* The same of RCPT. */
struct duva__of_rcpt {
    uint32_t    cap;
    duva_reason (*check)(const duva_rcpt_extras *x);
    int         (*is_set)(const duva_rcpt_extras *x);
    void        (*put)(duva_engine *e, const duva_rcpt_extras *x);
};

/* check_mail, check_rcpt   are the fields valid?  *takes gets the DUVA_CAP_*
 *                          that they need
 * beyond                   the DUVA_CAP_* whose limits they pass, or 0
 * put_mail, put_rcpt       write the parameters */
struct duva_extras_ops {
    duva_reason (*check_mail)(const duva_mail_extras *x, uint32_t *takes);
    uint32_t    (*beyond)(const duva_caps *caps, const duva_mail_extras *x);
    void        (*put_mail)(duva_engine *e, const duva_mail_extras *x);
    duva_reason (*check_rcpt)(const duva_rcpt_extras *x, uint32_t *takes);
    void        (*put_rcpt)(duva_engine *e, const duva_rcpt_extras *x);
};

#endif

#endif
