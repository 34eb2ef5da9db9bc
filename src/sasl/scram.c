/* scram.c - turns a password into a proof of it, and wants one back. */
/* SPDX-License-Identifier: MIT */
#include "duva/scram.h"

#include "base64.h"

#include <string.h>

/* What the next challenge is. */
enum { SERVER_FIRST, SERVER_FINAL, NOTHING };

/* text holds, one behind the other, our first message, the base64 of c=, what
 * the server says, and the salt. */

static duva_span span(const void *data, size_t len)
{
    duva_span s;

    s.data = data;
    s.len = len;
    return s;
}

static size_t digest_size(duva_digest digest)
{
    return digest == DUVA_SHA1 ? 20 : digest == DUVA_SHA256 ? 32 : 64;
}

/* ---- our first message ---- */

static duva_reason check_prepared(const duva_sasl_scram *s, const char *text)
{
    const char *at = text;

    while (!s->prepared && *at != '\0')
        if ((uint8_t)*at++ >= 0x80)
            return DUVA_REASON_NOT_ASCII;
    return duva__words_check(text);
}

static duva_reason check(const duva_sasl_scram *s)
{
    duva_reason reason;

    if (s->crypto == NULL || s->crypto->random == NULL || s->base.bit == 0
        || s->user == NULL || *s->user == '\0' || s->pass == NULL)
        return DUVA_REASON_MISSING;
    reason = check_prepared(s, s->user);
    if (reason == DUVA_REASON_NONE)
        reason = check_prepared(s, s->pass);
    if (reason == DUVA_REASON_NONE && s->authzid != NULL)
        reason = duva__words_check(s->authzid);
    return reason;
}

/* What we say of channel binding (RFC 5802 6).  "y" is for the server's ears:
 * if it did offer the -PLUS form, somebody took that away on the wire. */
static void put_binding(const duva_sasl_scram *s, struct duva__words *w)
{
    const duva_tls_info *tls = s->base.tls;

    if (s->base.flags & DUVA_SASL_BINDS) {
        duva__words_put(w, "p=");
        duva__words_put(w, tls->binding_type);
    } else {
        const uint32_t plus = s->base.bit << 3;

        duva__words_octet(w, tls != NULL && tls->binding_type != NULL
                                     && !(s->base.offered & plus)
                                 ? 'y' : 'n');
    }
    duva__words_octet(w, ',');
}

static int start(duva_sasl_scram *s, duva_span part[DUVA_SASL_PARTS])
{
    const duva_tls_info *tls = s->base.tls;
    struct duva__words   w;
    uint8_t              random[DUVA_SCRAM_NONCE / 4 * 3];
    duva_span            piece[2];
    int                  err;

    err = s->crypto->random(random, sizeof(random));
    if (err != DUVA_OK)
        return duva__give_up(&s->base, (duva_err)err, DUVA_REASON_NONE);
    w.text = s->text;
    w.size = sizeof(s->text);
    w.len = 0;
    put_binding(s, &w);
    if (s->authzid != NULL) {
        duva__words_put(&w, "a=");
        duva__words_name(&w, s->authzid);
    }
    duva__words_octet(&w, ',');
    s->header_len = (uint16_t)w.len;
    duva__words_put(&w, "n=");
    duva__words_name(&w, s->user);
    duva__words_put(&w, ",r=");
    piece[0] = span(random, sizeof(random));
    duva__base64_put(&w, piece, 1);
    s->first_len = (uint16_t)w.len;
    if (w.len < w.size) {
        piece[0] = span(s->text, s->header_len);
        piece[1] = span(NULL, 0);
        if (s->base.flags & DUVA_SASL_BINDS)
            piece[1] = tls->binding;
        duva__base64_put(&w, piece, 2);
    }
    if (w.len >= w.size)
        return duva__give_up(&s->base, DUVA_ERR_SPACE, DUVA_REASON_NONE);
    s->text_len = (uint16_t)w.len;
    part[0] = span(s->text, s->first_len);
    return 1;
}

/* ---- what the server says ---- */

/* Attributes that are still to be read: letter, '=', value, comma between. */
struct cursor {
    const char *at;
    size_t      left;
    int         more;          /* one must follow */
};

/* The value of the next attribute, which must have one of these letters. */
static int read_value(struct cursor *c, const char *letters, duva_span *value)
{
    const char *comma;

    if (!c->more || c->left < 3 || c->at[1] != '='
        || memchr(letters, c->at[0], strlen(letters)) == NULL)
        return 0;
    comma = memchr(c->at, ',', c->left);
    c->more = comma != NULL;
    *value = span(c->at + 2, (c->more ? (size_t)(comma - c->at) : c->left) - 2);
    c->at += value->len + 2;
    c->left -= value->len + 2;
    if (c->more) {
        c->at++;
        c->left--;
    }
    return value->len > 0 && memchr(value->data, '\0', value->len) == NULL;
}

/* Whatever else stands there may be ignored, as long as it is none of the
 * attributes that we know, and so in the wrong place. */
static int ends_well(struct cursor *c)
{
    static const char unknown[] = "bdfghjkloqtuwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    duva_span         ignored;

    while (c->more)
        if (!read_value(c, unknown, &ignored))
            return 0;
    return 1;
}

/* 0 when it is no number; the greatest when it is too great to tell. */
static uint32_t number_of(const duva_span *digits)
{
    const char *at = digits->data;
    uint32_t    n = 0;
    size_t      i;

    for (i = 0; i < digits->len; i++) {
        const uint32_t digit = (uint32_t)(uint8_t)at[i] - '0';

        if (digit > 9 || at[0] == '0')
            return 0;
        n = n > (UINT32_MAX - digit) / 10 ? UINT32_MAX : n * 10 + digit;
    }
    return n;
}

/* Does it begin with all of our own nonce, and add to it? */
static int is_nonce(const duva_sasl_scram *s, const duva_span *nonce)
{
    const char *at = nonce->data;
    size_t      i;

    for (i = 0; i < nonce->len; i++)
        if (at[i] <= ' ' || (uint8_t)at[i] >= 0x7F)
            return 0;
    return nonce->len > DUVA_SCRAM_NONCE
           && memcmp(at, s->text + s->first_len - DUVA_SCRAM_NONCE,
                     DUVA_SCRAM_NONCE) == 0;
}

/* ---- the proof ---- */

struct keys {
    uint8_t salted[DUVA_DIGEST_MAX];
    uint8_t client[DUVA_DIGEST_MAX];
    uint8_t other[DUVA_DIGEST_MAX];
};

/* RFC 5802 3.  Leaves ClientProof in client, and in s->signature what the
 * server must say.  Returns DUVA_OK or a duva_err. */
static int derive(duva_sasl_scram *s, struct keys *k, const duva_span *salt,
                  uint32_t iterations, const duva_span message[7])
{
    const duva_crypto *c = s->crypto;
    const duva_digest  d = s->digest;
    const size_t       size = digest_size(d);
    const duva_span    pass = span(s->pass, strlen(s->pass));
    const duva_span    salted = span(k->salted, size);
    const duva_span    client = span(k->client, size);
    const duva_span    other = span(k->other, size);
    const duva_span    client_key = span("Client Key", 10);
    const duva_span    server_key = span("Server Key", 10);
    size_t             i;
    int                n;

    n = c->pbkdf2(d, &pass, salt, iterations, k->salted);
    if (n >= 0)
        n = c->hmac(d, &salted, &client_key, 1, k->client);
    if (n >= 0)
        n = c->hash(d, &client, 1, k->other);
    if (n >= 0)
        n = c->hmac(d, &other, message, 7, s->signature);
    if (n < 0)
        return n;
    for (i = 0; i < size; i++)
        k->client[i] ^= s->signature[i];
    n = c->hmac(d, &salted, &server_key, 1, k->other);
    if (n >= 0)
        n = c->hmac(d, &other, message, 7, s->signature);
    return n < 0 ? n : DUVA_OK;
}

/* Answers with the proof.  It takes the place of what stood behind the
 * nonce, which nobody needs any more. */
static int prove(duva_sasl_scram *s, const duva_span *said,
                 const duva_span *nonce, const duva_span *salt,
                 uint32_t iterations, duva_span part[DUVA_SASL_PARTS])
{
    const size_t       at = s->text_len + 2 + nonce->len;
    struct keys        k;
    struct duva__words w;
    duva_span          proof;
    int                err;

    part[0] = span(s->text + s->header_len,
                   (size_t)s->first_len - s->header_len);
    part[1] = span(",", 1);
    part[2] = *said;
    part[3] = span(",c=", 3);
    part[4] = span(s->text + s->first_len, (size_t)s->text_len - s->first_len);
    part[5] = span(",r=", 3);
    part[6] = *nonce;
    err = derive(s, &k, salt, iterations, part);
    w.text = s->text + at;
    w.size = sizeof(s->text) - at;
    w.len = 0;
    proof = span(k.client, digest_size(s->digest));
    duva__words_put(&w, ",p=");
    if (err == DUVA_OK)
        duva__base64_put(&w, &proof, 1);
    duva_wipe(&k, sizeof(k));
    if (err != DUVA_OK)
        return duva__give_up(&s->base, (duva_err)err, DUVA_REASON_NONE);
    if (w.len > w.size)
        return duva__bad_challenge(&s->base);
    part[0] = span("c=", 2);
    part[1] = part[4];
    part[2] = part[5];
    part[3] = span(nonce->data, nonce->len + w.len);
    return 4;
}

static int hear_first(duva_sasl_scram *s, const duva_span *challenge,
                      duva_span part[DUVA_SASL_PARTS])
{
    char *const   text = s->text + s->text_len;
    size_t        room = sizeof(s->text) - s->text_len;
    struct cursor c;
    duva_span     said, nonce, salt, digits;
    uint32_t      iterations;

    said = span(text, duva__base64_decode(challenge, text, room));
    if (said.len > room)
        return duva__bad_challenge(&s->base);
    c.at = text;
    c.left = said.len;
    c.more = 1;
    if (!read_value(&c, "r", &nonce) || !read_value(&c, "s", &salt)
        || !read_value(&c, "i", &digits) || !ends_well(&c))
        return duva__bad_challenge(&s->base);
    if (!is_nonce(s, &nonce))
        return duva__give_up(&s->base, DUVA_ERR_PROTOCOL, DUVA_REASON_NONCE);
    room -= said.len;
    salt.len = duva__base64_decode(&salt, text + said.len, room);
    salt.data = text + said.len;
    iterations = number_of(&digits);
    if (salt.len > room || iterations == 0)
        return duva__bad_challenge(&s->base);
    if (iterations < s->iterations_min || iterations > s->iterations_max)
        return duva__give_up(&s->base, DUVA_ERR_PROTOCOL,
                             DUVA_REASON_ITERATIONS);
    s->state = SERVER_FINAL;
    return prove(s, &said, &nonce, &salt, iterations, part);
}

/* ---- the server's proof ---- */

/* Takes as long for a wrong one as for the right one. */
static int is_signature(const duva_sasl_scram *s, const uint8_t *claim)
{
    size_t  i, size = digest_size(s->digest);
    uint8_t differ = 0;

    for (i = 0; i < size; i++)
        differ = (uint8_t)(differ | (claim[i] ^ s->signature[i]));
    return differ == 0;
}

/* "e=" says that the server will not have us.  It is answered like the other,
 * so that its reply tells why; the server remains unproven. */
static int hear_final(duva_sasl_scram *s, const duva_span *challenge)
{
    uint8_t       claim[DUVA_DIGEST_MAX];
    struct cursor c;
    duva_span     value;
    size_t        len;
    int           proven;

    c.at = s->text;
    c.left = duva__base64_decode(challenge, s->text, sizeof(s->text));
    c.more = 1;
    if (c.left > sizeof(s->text) || !read_value(&c, "ve", &value)
        || !ends_well(&c))
        return duva__bad_challenge(&s->base);
    if (s->text[0] == 'e')
        return 0;
    len = duva__base64_decode(&value, claim, sizeof(claim));
    if (len == DUVA__BASE64_BAD)
        return duva__bad_challenge(&s->base);
    proven = len == digest_size(s->digest) && is_signature(s, claim);
    if (!proven)
        return duva__give_up(&s->base, DUVA_ERR_PROTOCOL,
                             DUVA_REASON_UNPROVEN);
    s->base.flags &= (uint8_t)~DUVA_SASL_UNPROVEN;
    return 0;
}

static void forget(duva_sasl_scram *s)
{
    s->state = NOTHING;
    duva_wipe(s->signature, sizeof(s->signature));
    duva_wipe(s->text, sizeof(s->text));
}

static int step(duva_sasl *base, const duva_span *challenge,
                duva_span part[DUVA_SASL_PARTS])
{
    duva_sasl_scram *s = (duva_sasl_scram *)base;
    duva_reason      reason;
    int              n;

    if (challenge == NULL) {
        base->flags |= DUVA_SASL_UNPROVEN;
        s->state = SERVER_FIRST;
        reason = check(s);
        if (reason != DUVA_REASON_NONE)
            return duva__give_up(base, DUVA_ERR_ARG, reason);
        if ((base->flags & DUVA_SASL_BINDS)
            && (base->tls == NULL || base->tls->binding_type == NULL))
            return duva__give_up(base, DUVA_ERR_UNSUPPORTED,
                                 DUVA_REASON_NO_BINDING);
        return start(s, part);
    }
    if (s->state == SERVER_FIRST)
        n = hear_first(s, challenge, part);
    else if (s->state == SERVER_FINAL)
        n = hear_final(s, challenge);
    else
        n = duva__give_up(base, DUVA_ERR_PROTOCOL, DUVA_REASON_UNEXPECTED);
    if (n <= 0)
        forget(s);
    return n;
}

void duva_sasl_scram_init(duva_sasl_scram *s, const duva_crypto *crypto,
                          duva_digest digest, int plus, const char *user,
                          const char *pass)
{
    static const char *const name[2][3] = {
        { "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512" },
        { "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512-PLUS" }
    };
    const unsigned number = (unsigned)digest - DUVA_SHA1;

    memset(s, 0, sizeof(*s));
    s->base.name = "SCRAM";
    if (number < 3) {
        s->base.name = name[plus != 0][number];
        s->base.bit = (plus ? DUVA_AUTH_SCRAM_SHA_1_PLUS
                            : DUVA_AUTH_SCRAM_SHA_1) << number;
    }
    s->base.flags = plus ? DUVA_SASL_BINDS : 0;
    s->base.rounds = 3;        /* one of them may ask for our first message */
    s->base.step = step;
    s->crypto = crypto;
    s->digest = digest;
    s->user = user;
    s->pass = pass;
    s->iterations_min = DUVA_SCRAM_ITERATIONS_MIN;
    s->iterations_max = DUVA_SCRAM_ITERATIONS_MAX;
}
