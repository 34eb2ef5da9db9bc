/* auth.c - options and a server's offer into the mechanism to log in with. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "login/auth.h"
#include "login/token.h"
#include "modules/module.h"
#include "text/server.h"

#define SCRAM_PLUS                                                             \
    (DUVA_AUTH_SCRAM_SHA_1_PLUS | DUVA_AUTH_SCRAM_SHA_256_PLUS                 \
     | DUVA_AUTH_SCRAM_SHA_512_PLUS)

/* The strongest first.  CRAM-MD5 comes after those that send the password: on a
 * private connection they are the better choice, for the server needs to keep
 * only a hash of it. */
static const struct mechanism {
    const char *name;
    uint32_t bit;
    uint8_t proof;   /* enum cli_proof */
    uint8_t shows;   /* it sends the secret itself */
    uint8_t authzid; /* it can carry one */
    uint8_t by_name; /* only when --auth asks for it */
} known[CLI_MECHANISMS]
    = { { "SCRAM-SHA-512-PLUS", DUVA_AUTH_SCRAM_SHA_512_PLUS, CLI_PASSWORD, 0,
          1, 0 },
        { "SCRAM-SHA-256-PLUS", DUVA_AUTH_SCRAM_SHA_256_PLUS, CLI_PASSWORD, 0,
          1, 0 },
        { "SCRAM-SHA-1-PLUS", DUVA_AUTH_SCRAM_SHA_1_PLUS, CLI_PASSWORD, 0, 1,
          0 },
        { "SCRAM-SHA-512", DUVA_AUTH_SCRAM_SHA_512, CLI_PASSWORD, 0, 1, 0 },
        { "SCRAM-SHA-256", DUVA_AUTH_SCRAM_SHA_256, CLI_PASSWORD, 0, 1, 0 },
        { "SCRAM-SHA-1", DUVA_AUTH_SCRAM_SHA_1, CLI_PASSWORD, 0, 1, 0 },
        { "PLAIN", DUVA_AUTH_PLAIN, CLI_PASSWORD, 1, 1, 0 },
        { "LOGIN", DUVA_AUTH_LOGIN, CLI_PASSWORD, 1, 0, 0 },
        { "CRAM-MD5", DUVA_AUTH_CRAM_MD5, CLI_PASSWORD, 0, 0, 0 },
        { "OAUTHBEARER", DUVA_AUTH_OAUTHBEARER, CLI_TOKEN, 1, 0, 0 },
        { "XOAUTH2", DUVA_AUTH_XOAUTH2, CLI_TOKEN, 1, 0, 0 },
        { "EXTERNAL", DUVA_AUTH_EXTERNAL, CLI_CERTIFICATE, 0, 1, 1 },
        { "ANONYMOUS", DUVA_AUTH_ANONYMOUS, CLI_NOTHING, 0, 0, 1 } };

static const struct mechanism *find(uint32_t bit)
{
    const struct mechanism *m = known;

    while (m->bit != bit)
        m++;
    return m;
}

const char *cli_auth_name(uint32_t mechanism)
{
    return find(mechanism)->name;
}

/* ---- the options ---- */

static const struct mechanism *named(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < CLI_MECHANISMS; i++)
        if (strlen(known[i].name) == len
            && strncasecmp(known[i].name, name, len) == 0)
            return &known[i];
    return NULL;
}

static int is_listed(const struct cli_login_options *o, uint32_t bit)
{
    size_t i = 0;

    while (i < o->mechanisms && o->mechanism[i] != bit)
        i++;
    return i < o->mechanisms;
}

const char *cli_auth_parse(struct cli_login_options *o, const char *names)
{
    const struct mechanism *m;
    size_t len;

    o->auth_given = 1;
    for (;; names += len + 1) {
        len = strcspn(names, ",");
        m = named(names, len);
        if (m == NULL)
            return "known mechanisms are SCRAM-SHA-512, SCRAM-SHA-256 and "
                   "SCRAM-SHA-1, each also with -PLUS, PLAIN, LOGIN, "
                   "CRAM-MD5, OAUTHBEARER, XOAUTH2, EXTERNAL and ANONYMOUS";
        if (!is_listed(o, m->bit))
            o->mechanism[o->mechanisms++] = m->bit;
        if (names[len] == '\0')
            return NULL;
    }
}

static int has_password(const struct cli_login_options *o)
{
    return o->password_file != NULL || o->password_command != NULL
           || (o->account_secret != NULL && !o->account_secret_is_token);
}

static int has_token(const struct cli_login_options *o)
{
    return o->token_file != NULL || o->token_command != NULL
           || o->account_secret_is_token || o->oauth != NULL;
}

/* Why a mechanism cannot be used with the credentials, or NULL. */
static const char *objection(const struct cli_login_options *o,
                             const struct mechanism *m, int has_certificate)
{
    if (o->authzid != NULL && !m->authzid)
        return "--authzid cannot be used with one of the mechanisms of --auth";
    if (m->proof == CLI_PASSWORD && (o->user == NULL || has_token(o)))
        return "one of the mechanisms of --auth needs --user and a password";
    if (m->proof == CLI_TOKEN && !has_token(o))
        return "one of the mechanisms of --auth needs --oauth, --token-file "
               "or --token-command";
    if (m->bit == DUVA_AUTH_XOAUTH2 && o->user == NULL)
        return "XOAUTH2 needs --user";
    if (m->proof == CLI_CERTIFICATE && !has_certificate)
        return "EXTERNAL needs --client-cert";
    if (m->proof == CLI_CERTIFICATE && o->user != NULL)
        return "EXTERNAL cannot be used with --user; name the identity with "
               "--authzid";
    return NULL;
}

static const char *check_secrets(const struct cli_login_options *o)
{
    if (o->password_file != NULL && o->password_command != NULL)
        return "--password-file cannot be combined with --password-command";
    if ((o->token_file != NULL) + (o->token_command != NULL)
            + (o->oauth != NULL)
        > 1)
        return "--token-file, --token-command and --oauth cannot be combined";
    if (o->oauth != NULL && cli_token_check_name(o->oauth) != NULL)
        return "--oauth needs the name of a login; 'duva oauth list' shows "
               "them";
    if (has_password(o) && has_token(o))
        return "a password cannot be combined with a token";
    if (has_password(o) && o->user == NULL)
        return "a password needs --user";
    if (o->user != NULL && o->user[0] == '\0')
        return "--user is empty";
    if (o->user != NULL && strlen(o->user) >= CLI_PASSWORD_SIZE)
        return "--user is too long";
    if (o->authzid != NULL && o->authzid[0] == '\0')
        return "--authzid is empty";
    return NULL;
}

/* All that the credentials can serve, the strongest first. */
static void list(struct cli_login_options *o, int has_certificate)
{
    size_t i;

    for (i = 0; i < CLI_MECHANISMS; i++)
        if (!known[i].by_name
            && objection(o, &known[i], has_certificate) == NULL)
            o->mechanism[o->mechanisms++] = known[i].bit;
}

const char *cli_auth_check(struct cli_login_options *o, int has_certificate)
{
    const char *problem;
    enum cli_proof needed;
    size_t i;

    if (o->user == NULL && o->oauth != NULL && strchr(o->oauth, '@') != NULL)
        o->user = o->oauth;
    problem = check_secrets(o);
    for (i = 0; problem == NULL && o->auth_given && i < o->mechanisms; i++)
        problem = objection(o, find(o->mechanism[i]), has_certificate);
    if (problem != NULL)
        return problem;
    if (!o->auth_given)
        list(o, has_certificate);
    needed = cli_auth_needs(o);
    if (has_password(o) && needed != CLI_PASSWORD)
        return "no mechanism of --auth uses a password";
    if (has_token(o) && needed != CLI_TOKEN)
        return "no mechanism of --auth uses a token";
    if (o->authzid != NULL && o->mechanisms == 0)
        return "--authzid needs --user and a password";
    return NULL;
}

enum cli_proof cli_auth_needs(const struct cli_login_options *o)
{
    enum cli_proof proof;
    size_t i;

    for (i = 0; i < o->mechanisms; i++) {
        proof = (enum cli_proof)find(o->mechanism[i])->proof;
        if (proof == CLI_PASSWORD || proof == CLI_TOKEN)
            return proof;
    }
    return CLI_NOTHING;
}

/* ---- the choice ---- */

static duva_reason unfit(const struct mechanism *m,
                         const struct cli_auth_context *on, int may_show)
{
    if (!(m->bit & on->offered))
        return DUVA_REASON_NO_AUTH;
    if ((m->bit & SCRAM_PLUS) && !on->has_binding)
        return DUVA_REASON_NO_BINDING;
    if (m->shows && !on->is_private && !may_show)
        return DUVA_REASON_CLEAR_LINK;
    return DUVA_REASON_NONE;
}

/* The first that can be used; else the one that fails for the least reason. */
static uint32_t first(const struct cli_login_options *o,
                      const struct cli_auth_context *on, int may_show,
                      duva_reason *why)
{
    uint32_t nearest = o->mechanism[0];
    duva_reason reason;
    size_t i;

    *why = DUVA_REASON_NO_AUTH;
    for (i = 0; i < o->mechanisms; i++) {
        reason = unfit(find(o->mechanism[i]), on, may_show);
        if (reason == DUVA_REASON_NONE) {
            *why = reason;
            return o->mechanism[i];
        }
        if (*why == DUVA_REASON_NO_AUTH
            || (*why == DUVA_REASON_NO_BINDING
                && reason == DUVA_REASON_CLEAR_LINK)) {
            *why = reason;
            nearest = o->mechanism[i];
        }
    }
    return nearest;
}

/* --allow-clear-password permits a clear-text password, but does not ask for
 * it: without --auth, a mechanism that does not send it goes first, even
 * CRAM-MD5. */
uint32_t cli_auth_choose(const struct cli_login_options *o,
                         const struct cli_auth_context *on, duva_reason *why)
{
    uint32_t best;

    if (!o->auth_given && on->allows_clear) {
        best = first(o, on, 0, why);
        if (*why == DUVA_REASON_NONE)
            return best;
    }
    return first(o, on, on->allows_clear, why);
}

/* ---- the exchange ---- */

/* Leaves text that cannot be prepared as it is, for the mechanism to refuse.
 * Returns 1 when it was prepared, 0, or DUVA_ERR_RESOURCES. */
static int prepare(struct cli_auth *auth, const char **user, const char **pass)
{
    const struct cli_module_names *names = cli_module_names();
    int err = names->prepare(*user, auth->user, sizeof(auth->user));

    if (err == DUVA_OK)
        err = names->prepare(*pass, auth->pass, sizeof(auth->pass));
    if (err != DUVA_OK)
        return err == DUVA_ERR_RESOURCES ? err : 0;
    *user = auth->user;
    *pass = auth->pass;
    return 1;
}

static int init_scram(struct cli_auth *auth, uint32_t bit,
                      const struct cli_credentials *c)
{
    const char *user = c->user, *pass = c->secret;
    const int prepared = prepare(auth, &user, &pass);
    duva_digest digest = DUVA_SHA512;

    if (prepared < 0)
        return prepared;
    if (bit & (DUVA_AUTH_SCRAM_SHA_1 | DUVA_AUTH_SCRAM_SHA_1_PLUS))
        digest = DUVA_SHA1;
    if (bit & (DUVA_AUTH_SCRAM_SHA_256 | DUVA_AUTH_SCRAM_SHA_256_PLUS))
        digest = DUVA_SHA256;
    duva_sasl_scram_init(&auth->with.scram, cli_module_tls()->crypto, digest,
                         (bit & SCRAM_PLUS) != 0, user, pass);
    auth->with.scram.authzid = c->authzid;
    auth->with.scram.prepared = (uint8_t)prepared;
    return DUVA_OK;
}

static void init_oauth(struct cli_auth *auth, const struct cli_server *server)
{
    duva_sasl_oauth *s = &auth->with.oauth;
    unsigned port = 0;

    sscanf(server->port, "%5u", &port);
    s->host = server->host;
    s->port = (uint16_t)port;
    s->said = auth->said;
    s->said_size = sizeof(auth->said);
}

int cli_auth_init(struct cli_auth *auth, uint32_t bit,
                  const struct cli_credentials *c)
{
    switch (bit) {
    case DUVA_AUTH_PLAIN:
        duva_sasl_plain_init(&auth->with.password, c->user, c->secret);
        auth->with.password.authzid = c->authzid;
        break;
    case DUVA_AUTH_LOGIN:
        duva_sasl_login_init(&auth->with.password, c->user, c->secret);
        break;
    case DUVA_AUTH_CRAM_MD5:
        duva_sasl_cram_md5_init(&auth->with.cram_md5, cli_module_tls()->crypto,
                                c->user, c->secret);
        break;
    case DUVA_AUTH_OAUTHBEARER:
        duva_sasl_oauthbearer_init(&auth->with.oauth, c->user, c->secret);
        init_oauth(auth, c->server);
        break;
    case DUVA_AUTH_XOAUTH2:
        duva_sasl_xoauth2_init(&auth->with.oauth, c->user, c->secret);
        init_oauth(auth, c->server);
        break;
    case DUVA_AUTH_EXTERNAL:
        duva_sasl_external_init(&auth->with.name, c->authzid);
        break;
    case DUVA_AUTH_ANONYMOUS:
        duva_sasl_anonymous_init(&auth->with.name, c->user);
        break;
    default:
        return init_scram(auth, bit, c);
    }
    return DUVA_OK;
}

void cli_auth_start(struct cli_auth *auth, uint32_t mechanism,
                    const struct cli_credentials *c, duva_client *client)
{
    const int err = cli_auth_init(auth, mechanism, c);

    auth->mechanism = mechanism;
    if (err != DUVA_OK) {
        duva_abort(&client->engine, (duva_err)err, ENOMEM);
        return;
    }
    if (duva_auth(&client->engine, &auth->with.base) != DUVA_OK)
        return;
    auth->name = cli_auth_name(mechanism);
    if (mechanism & SCRAM_PLUS)
        snprintf(auth->binding, sizeof(auth->binding), "%s",
                 client->secured.binding_type);
}
