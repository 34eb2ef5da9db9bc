/* auth.c - turns the "auth" of a script into a mechanism. */
/* SPDX-License-Identifier: MIT */
#include "check.h"

#include "duva/openssl.h"

#include <string.h>

/* The nonce of RFC 5802 5. */
static int known_nonce(void *out, size_t len)
{
    static const uint8_t nonce[18] = {
        0x7F, 0x29, 0x28, 0xF9, 0xDD, 0xA5, 0x6D, 0xB1, 0x60,
        0x38, 0xD4, 0x6F, 0xF6, 0xA9, 0x31, 0x75, 0xAC, 0x0B
    };

    memcpy(out, nonce, len < sizeof(nonce) ? len : sizeof(nonce));
    return DUVA_OK;
}

static duva_sasl *password(struct played *p)
{
    const struct script *s = p->script;
    duva_sasl_password  *m = &p->mechanism.password;

    if (s->mechanism == DUVA_AUTH_PLAIN)
        duva_sasl_plain_init(m, s->user, s->pass);
    else
        duva_sasl_login_init(m, s->user, s->pass);
    m->authzid = s->authzid;
    return &m->base;
}

static duva_sasl *name(struct played *p)
{
    const struct script *s = p->script;
    duva_sasl_name      *m = &p->mechanism.name;

    if (s->mechanism == DUVA_AUTH_EXTERNAL)
        duva_sasl_external_init(m, s->user);
    else
        duva_sasl_anonymous_init(m, s->user);
    return &m->base;
}

static duva_sasl *oauth(struct played *p)
{
    const struct script *s = p->script;
    duva_sasl_oauth     *m = &p->mechanism.oauth;

    if (s->mechanism == DUVA_AUTH_OAUTHBEARER)
        duva_sasl_oauthbearer_init(m, s->user, s->pass);
    else
        duva_sasl_xoauth2_init(m, s->user, s->pass);
    m->host = "mx.example";
    m->port = 587;
    m->said = p->said;
    m->said_size = sizeof(p->said);
    return &m->base;
}

static duva_sasl *scram(struct played *p)
{
    const struct script *s = p->script;
    duva_sasl_scram     *m = &p->mechanism.scram;
    const int            plus = s->mechanism >= DUVA_AUTH_SCRAM_SHA_1_PLUS;
    const uint32_t       plain = plus ? s->mechanism >> 3 : s->mechanism;

    p->crypto = duva_crypto_openssl;
    p->crypto.random = known_nonce;
    duva_sasl_scram_init(m, &p->crypto,
                         plain == DUVA_AUTH_SCRAM_SHA_1     ? DUVA_SHA1
                         : plain == DUVA_AUTH_SCRAM_SHA_256 ? DUVA_SHA256
                                                            : DUVA_SHA512,
                         plus, s->user, s->pass);
    m->authzid = s->authzid;
    return &m->base;
}

duva_sasl *played_auth(struct played *p)
{
    const struct script *s = p->script;

    switch (s->mechanism) {
    case 0:
        return NULL;
    case DUVA_AUTH_PLAIN: case DUVA_AUTH_LOGIN:
        return password(p);
    case DUVA_AUTH_EXTERNAL: case DUVA_AUTH_ANONYMOUS:
        return name(p);
    case DUVA_AUTH_OAUTHBEARER: case DUVA_AUTH_XOAUTH2:
        return oauth(p);
    case DUVA_AUTH_CRAM_MD5:
        duva_sasl_cram_md5_init(&p->mechanism.cram_md5, &duva_crypto_openssl,
                                s->user, s->pass);
        return &p->mechanism.cram_md5.base;
    default:
        return scram(p);
    }
}

void played_tls(const struct played *p, duva_tls_info *info, int verified)
{
    const struct text *binding = &p->script->binding;

    memset(info, 0, sizeof(*info));
    info->verified = verified != 0;
    if (binding->data != NULL) {
        info->binding_type = "tls-exporter";
        info->binding.data = binding->data;
        info->binding.len = binding->len;
    }
}
