/* oauth.c - turns an access token into OAUTHBEARER or XOAUTH2. */
/* SPDX-License-Identifier: MIT */
#include "base64.h"

#include <string.h>

static int is_named(const char *name)
{
    return name != NULL && *name != '\0';
}

/* A b64token of RFC 6750 2.1: nothing in it can be taken for the end of it. */
static duva_reason check_token(const duva_span *token)
{
    const char *at = token->data;
    size_t      len = token->len, i;

    if (at == NULL || len == 0)
        return DUVA_REASON_MISSING;
    while (len > 1 && at[len - 1] == '=')
        len--;
    for (i = 0; i < len; i++) {
        const int letter = at[i] | 0x20;

        if ((uint8_t)at[i] >= 0x80)
            return DUVA_REASON_NOT_ASCII;
        if (at[i] < ' ' || at[i] == 0x7F)
            return DUVA_REASON_CONTROL;
        if (!(letter >= 'a' && letter <= 'z')
            && !(at[i] >= '0' && at[i] <= '9')
            && memchr("-._~+/", at[i], 6) == NULL)
            return DUVA_REASON_CHARACTER;
    }
    return DUVA_REASON_NONE;
}

static duva_reason check(const duva_sasl_oauth *s, const duva_span *token)
{
    const int   bearer = s->base.bit == DUVA_AUTH_OAUTHBEARER;
    duva_reason reason = check_token(token);

    if (!bearer && !is_named(s->user))
        return DUVA_REASON_MISSING;
    if (reason == DUVA_REASON_NONE && s->user != NULL)
        reason = duva__words_check(s->user);
    if (reason == DUVA_REASON_NONE && s->host != NULL)
        reason = duva__words_check(s->host);
    return reason;
}

static void put_port(struct duva__words *w, unsigned port)
{
    char  digits[6];
    char *at = digits + sizeof(digits) - 1;

    for (*at = '\0'; port > 0; port /= 10)
        *--at = (char)('0' + port % 10);
    duva__words_put(w, "\001port=");
    duva__words_put(w, at);
}

/* All that comes before the token. */
static size_t put_head(duva_sasl_oauth *s)
{
    struct duva__words w;

    w.text = s->text;
    w.size = sizeof(s->text);
    w.len = 0;
    if (s->base.bit == DUVA_AUTH_XOAUTH2) {
        duva__words_put(&w, "user=");
        duva__words_put(&w, s->user);
    } else {
        duva__words_put(&w, is_named(s->user) ? "n,a=" : "n,");
        duva__words_name(&w, is_named(s->user) ? s->user : "");
        duva__words_put(&w, ",");
        if (is_named(s->host)) {
            duva__words_put(&w, "\001host=");
            duva__words_put(&w, s->host);
        }
        if (s->port != 0)
            put_port(&w, s->port);
    }
    duva__words_put(&w, "\001auth=Bearer ");
    return w.len;
}

static int present(duva_sasl_oauth *s, duva_span part[DUVA_SASL_PARTS])
{
    duva_reason reason;
    int         n = DUVA_OK;

    part[1] = s->token;
    if (s->token.data == NULL && s->get != NULL)
        n = s->get(s->get_ctx, &part[1]);
    if (n != DUVA_OK)
        return duva__give_up(&s->base, n < 0 ? (duva_err)n : DUVA_ERR_ARG,
                             DUVA_REASON_NONE);
    reason = check(s, &part[1]);
    if (reason != DUVA_REASON_NONE)
        return duva__give_up(&s->base, DUVA_ERR_ARG, reason);
    part[0].data = s->text;
    part[0].len = put_head(s);
    if (part[0].len > sizeof(s->text))
        return duva__give_up(&s->base, DUVA_ERR_SPACE, DUVA_REASON_NONE);
    part[2].data = "\001\001";
    part[2].len = 2;
    return 3;
}

/* A challenge is a refusal in JSON.  Only once it is answered does the server
 * say so in its own words (RFC 7628 3.2.3), so a text that did not fit is
 * answered as well. */
static int note(duva_sasl_oauth *s, const duva_span *challenge)
{
    const size_t room = s->said != NULL && s->said_size > 0
                            ? s->said_size - 1 : 0;
    size_t       len = 0, i;

    if (challenge->data != NULL)
        len = duva__base64_decode(challenge, s->said, room);
    if (len == DUVA__BASE64_BAD) {
        if (room > 0)
            s->said[0] = '\0';
        return duva__bad_challenge(&s->base);
    }
    if (len > room)
        len = room;
    for (i = 0; i < len; i++)
        if ((uint8_t)s->said[i] < ' ' || s->said[i] == 0x7F)
            s->said[i] = '?';
    if (room > 0)
        s->said[len] = '\0';
    return DUVA_OK;
}

static int step(duva_sasl *base, const duva_span *challenge,
                duva_span part[DUVA_SASL_PARTS])
{
    duva_sasl_oauth *s = (duva_sasl_oauth *)base;

    if (challenge == NULL) {
        s->refused = 0;
        if (s->said != NULL && s->said_size > 0)
            s->said[0] = '\0';
        return present(s, part);
    }
    if (s->refused)
        return duva__give_up(base, DUVA_ERR_PROTOCOL, DUVA_REASON_UNEXPECTED);
    s->refused = 1;
    if (note(s, challenge) < 0)
        return DUVA_ERR_PROTOCOL;
    part[0].data = "\001";
    part[0].len = 1;
    return base->bit == DUVA_AUTH_OAUTHBEARER;
}

void duva_sasl_oauthbearer_init(duva_sasl_oauth *s, const char *user,
                                const char *token)
{
    memset(s, 0, sizeof(*s));
    s->base.name = "OAUTHBEARER";
    s->base.bit = DUVA_AUTH_OAUTHBEARER;
    s->base.flags = DUVA_SASL_SHOWS_PASSWORD;
    s->base.rounds = 2;        /* one of them may ask for the token */
    s->base.step = step;
    s->user = user;
    s->token.data = token;
    s->token.len = token != NULL ? strlen(token) : 0;
}

void duva_sasl_xoauth2_init(duva_sasl_oauth *s, const char *user,
                            const char *token)
{
    duva_sasl_oauthbearer_init(s, user, token);
    s->base.name = "XOAUTH2";
    s->base.bit = DUVA_AUTH_XOAUTH2;
}
