/* fuzz_sasl.c - turns arbitrary octets into challenges for a mechanism. */
/* SPDX-License-Identifier: MIT */
/*
 * The first octets choose a mechanism and what it is told; each challenge that
 * follows is arbitrary, some encoded, some behind what a right server would
 * say.  No memory but its own may be touched, an answer must have the form of
 * one, and a server that does not know the password must not become proven.
 */
#include "quick_crypto.h"

#include <stdlib.h>
#include <string.h>

#define PASSWORD "opensesame"

enum { SETUP = 3, STEPS = 5 };

struct input {
    const uint8_t *at;
    size_t         left;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

union mechanism {
    duva_sasl          base;
    duva_sasl_password password;
    duva_sasl_name     name;
    duva_sasl_oauth    oauth;
    duva_sasl_scram    scram;
    duva_sasl_cram_md5 cram_md5;
};

static void scram(union mechanism *m, uint8_t kind, const char *user)
{
    duva_sasl_scram_init(&m->scram, &quick_crypto,
                         (duva_digest)(DUVA_SHA1 + kind % 3), kind >> 5 & 1,
                         user, PASSWORD);
    m->scram.prepared = kind >> 6 & 1;
    m->scram.authzid = kind >> 7 ? user : NULL;
}

static void choose(union mechanism *m, uint8_t kind, const char *user,
                   char *said, size_t said_size)
{
    switch (kind & 15) {
    case 0:
        duva_sasl_cram_md5_init(&m->cram_md5, &quick_crypto, user, PASSWORD);
        break;
    case 1:
        duva_sasl_external_init(&m->name, user);
        break;
    case 2: case 3: case 4:
        if (kind & 16)
            duva_sasl_xoauth2_init(&m->oauth, user, PASSWORD);
        else
            duva_sasl_oauthbearer_init(&m->oauth, user, PASSWORD);
        m->oauth.said = said;
        m->oauth.said_size = said_size;
        m->oauth.host = kind & 32 ? user : NULL;
        break;
    default:
        scram(m, kind, user);
    }
}

/* A challenge of its own memory, so that a sanitizer sees its end: raw, or
 * encoded, with the beginning that SCRAM wants before it. */
static duva_span next_challenge(struct input *in)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char nonce[] = "r=VVVVVVVVVVVVVVVVVVVVVVVVx,s=QUJD,i=5000";
    const uint8_t     op = *in->at;
    const size_t      head = op & 2 ? sizeof(nonce) - 1 - (op >> 2) % 16 : 0;
    size_t            len = op >> 1, n, i;
    uint8_t          *raw, *out;
    duva_span         c;

    in->at++;
    in->left--;
    if (len > in->left)
        len = in->left;
    n = head + len;
    raw = malloc(n + 3);
    out = malloc((n + 2) / 3 * 4 + 1);
    if (raw == NULL || out == NULL)
        abort();
    memset(raw, 0, n + 3);
    memcpy(raw, nonce, head);
    memcpy(raw + head, in->at, len);
    in->at += len;
    in->left -= len;
    c.data = out;
    c.len = n;
    if (op & 1) {
        for (i = 0; 3 * i < n; i++) {
            out[4 * i] = (uint8_t)digits[raw[3 * i] >> 2];
            out[4 * i + 1] = (uint8_t)digits[(raw[3 * i] << 4
                                              | raw[3 * i + 1] >> 4) & 63];
            out[4 * i + 2] = (uint8_t)digits[(raw[3 * i + 1] << 2
                                              | raw[3 * i + 2] >> 6) & 63];
            out[4 * i + 3] = (uint8_t)digits[raw[3 * i + 2] & 63];
        }
        c.len = 4 * i;
        if (n % 3 > 0)
            out[c.len - 1] = '=';
        if (n % 3 == 1)
            out[c.len - 2] = '=';
    } else {
        memcpy(out, raw, n);
    }
    free(raw);
    return c;
}

static void check_answer(const union mechanism *m, int n,
                         const duva_span *part)
{
    volatile uint8_t sum = 0;
    int              i;
    size_t           k;

    if (n > DUVA_SASL_NO_INITIAL)
        abort();
    for (i = 0; i < n && n <= DUVA_SASL_PARTS; i++)
        for (k = 0; k < part[i].len; k++)
            sum = (uint8_t)(sum ^ ((const uint8_t *)part[i].data)[k]);
    if (n < 0 && m->base.reason > DUVA_REASON_TOO_BIG)
        abort();
    if (m->base.step != NULL && (m->base.bit & 0x1F8u)
        && !(m->base.flags & DUVA_SASL_UNPROVEN))
        abort();               /* nobody but us has the password */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const duva_tls_info tls = {
        1, 0, NULL, NULL, "tls-exporter", { "0123456789", 10 }
    };
    union mechanism m;
    duva_span       part[DUVA_SASL_PARTS], c;
    struct input    in;
    char            user[256], *said;
    size_t          i, name;
    int             n;

    if (len < SETUP)
        return 0;
    in.at = data + SETUP;
    in.left = len - SETUP;
    name = data[1] % 64u < in.left ? data[1] % 64u : in.left;
    for (i = 0; i < name * 3; i++)
        user[i] = (char)in.at[i % (name > 0 ? name : 1)];
    user[i] = '\0';
    in.at += name;
    in.left -= name;
    said = malloc(data[2] % 32u + 1);
    if (said == NULL)
        abort();
    choose(&m, data[0], user, said, data[2] % 32u + 1);
    m.base.tls = data[1] & 128 ? &tls : NULL;
    m.base.offered = data[1] & 64 ? 0x1FFFu : 0;
    n = m.base.step(&m.base, NULL, part);
    check_answer(&m, n, part);
    for (i = 0; i < STEPS && n >= 0 && in.left > 0; i++) {
        c = next_challenge(&in);
        n = m.base.step(&m.base, &c, part);
        free((void *)(uintptr_t)c.data);
        check_answer(&m, n, part);
    }
    free(said);
    return 0;
}
