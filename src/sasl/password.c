/* password.c - turns a name and a password into PLAIN or LOGIN. */
/* SPDX-License-Identifier: MIT */
#include "duva/sasl.h"

#include <string.h>

static duva_span span(const char *text, size_t more)
{
    duva_span s;

    s.data = text;
    s.len = strlen(text) + more;
    return s;
}

/* PLAIN is one message, three strings with a NUL between (RFC 4616); a server
 * that asks for it although it came with the command gets it once more.  LOGIN
 * is two answers.  What its prompts say is in no standard: the first is for
 * the name, the second for the password. */
static int step(duva_sasl *base, const duva_span *challenge,
                duva_span part[DUVA_SASL_PARTS])
{
    const duva_sasl_password *s = (const duva_sasl_password *)base;
    const int login = base->bit == DUVA_AUTH_LOGIN;

    if (s->user == NULL || s->pass == NULL) {
        base->reason = DUVA_REASON_MISSING;
        return DUVA_ERR_ARG;
    }
    if (login && challenge == NULL)
        return DUVA_SASL_NO_INITIAL;
    if (login) {
        part[0] = span(base->round == 1 ? s->user : s->pass, 0);
        return 1;
    }
    part[0] = span(s->authzid != NULL ? s->authzid : "", 1);
    part[1] = span(s->user, 1);
    part[2] = span(s->pass, 0);
    return 3;
}

void duva_sasl_plain_init(duva_sasl_password *s, const char *user,
                          const char *pass)
{
    memset(s, 0, sizeof(*s));
    s->base.name = "PLAIN";
    s->base.bit = DUVA_AUTH_PLAIN;
    s->base.flags = DUVA_SASL_SHOWS_PASSWORD;
    s->base.rounds = 1;
    s->base.step = step;
    s->user = user;
    s->pass = pass;
}

void duva_sasl_login_init(duva_sasl_password *s, const char *user,
                          const char *pass)
{
    duva_sasl_plain_init(s, user, pass);
    s->base.name = "LOGIN";
    s->base.bit = DUVA_AUTH_LOGIN;
    s->base.rounds = 2;
}
