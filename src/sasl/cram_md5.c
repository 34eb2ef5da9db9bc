/* cram_md5.c - turns a challenge and a password into CRAM-MD5. */
/* SPDX-License-Identifier: MIT */
#include "duva/scram.h"

#include "base64.h"

#include <string.h>

static int step(duva_sasl *base, const duva_span *challenge,
                duva_span part[DUVA_SASL_PARTS])
{
    static const char   hex[] = "0123456789abcdef";
    duva_sasl_cram_md5 *s = (duva_sasl_cram_md5 *)base;
    uint8_t             digest[DUVA_DIGEST_MAX];
    duva_span           key, question;
    int                 n, i;

    if (s->user == NULL || *s->user == '\0' || s->pass == NULL
        || s->crypto == NULL)
        return duva__give_up(base, DUVA_ERR_ARG, DUVA_REASON_MISSING);
    if (duva__words_check(s->user) != DUVA_REASON_NONE)
        return duva__give_up(base, DUVA_ERR_ARG, DUVA_REASON_CONTROL);
    if (challenge == NULL)
        return DUVA_SASL_NO_INITIAL;
    key.data = s->pass;
    key.len = strlen(s->pass);
    question.data = s->text;
    question.len = duva__base64_decode(challenge, s->text, sizeof(s->text));
    /* The answer to no question at all would serve whoever hears it for
     * ever. */
    if (question.len == 0 || question.len > sizeof(s->text))
        return duva__bad_challenge(base);
    n = s->crypto->hmac(DUVA_MD5, &key, &question, 1, digest);
    if (n < 0)
        return duva__give_up(base, (duva_err)n, DUVA_REASON_NONE);
    for (i = 0; i < n; i++) {
        s->text[2 * i] = hex[digest[i] >> 4];
        s->text[2 * i + 1] = hex[digest[i] & 15];
    }
    duva_wipe(digest, sizeof(digest));
    part[0].data = s->user;
    part[0].len = strlen(s->user);
    part[1].data = " ";
    part[1].len = 1;
    part[2].data = s->text;
    part[2].len = 2 * (size_t)n;
    return 3;
}

void duva_sasl_cram_md5_init(duva_sasl_cram_md5 *s, const duva_crypto *crypto,
                             const char *user, const char *pass)
{
    memset(s, 0, sizeof(*s));
    s->base.name = "CRAM-MD5";
    s->base.bit = DUVA_AUTH_CRAM_MD5;
    s->base.rounds = 1;
    s->base.step = step;
    s->crypto = crypto;
    s->user = user;
    s->pass = pass;
}
