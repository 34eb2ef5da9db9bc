/* name.c - turns a name into EXTERNAL or ANONYMOUS. */
/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <string.h>

/* Both are one message, the name (RFC 4422 A, RFC 4505); a server that asks
 * for it although it came with the command gets it once more. */
static int step(duva_sasl *base, const duva_span *challenge,
                duva_span part[DUVA_SASL_PARTS])
{
    const char *name = ((const duva_sasl_name *)base)->name;
    duva_reason reason;

    (void)challenge;
    if (name == NULL)
        return 0;
    reason = duva__words_check(name);
    if (reason != DUVA_REASON_NONE)
        return duva__give_up(base, DUVA_ERR_ARG, reason);
    part[0].data = name;
    part[0].len = strlen(name);
    return 1;
}

void duva_sasl_external_init(duva_sasl_name *s, const char *name)
{
    memset(s, 0, sizeof(*s));
    s->base.name = "EXTERNAL";
    s->base.bit = DUVA_AUTH_EXTERNAL;
    s->base.rounds = 1;
    s->base.step = step;
    s->name = name;
}

void duva_sasl_anonymous_init(duva_sasl_name *s, const char *name)
{
    duva_sasl_external_init(s, name);
    s->base.name = "ANONYMOUS";
    s->base.bit = DUVA_AUTH_ANONYMOUS;
}
