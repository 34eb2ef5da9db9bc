/* fuzz_engine.c - turns arbitrary octets into a session with an engine. */
/* SPDX-License-Identifier: MIT */
/*
 * The input is a script: how the engine is set up, then steps that feed it
 * server octets, take its own, fill the message, or abort.  Whatever it does,
 * a mail that was begun must end with verdicts, no password and no answer to a
 * challenge must be in the trace, and nothing may touch memory that is not its
 * own.
 */
#include "duva/extras.h"
#include "duva/query.h"

#include "quick_crypto.h"

#include <stdlib.h>
#include <string.h>

#define PASSWORD "opensesame"

enum { RCPTS = 3, SETUP = 6, MAILS = 4 };

struct script {
    const uint8_t *at;
    size_t         left;
};

struct session {
    duva_engine        engine;
    duva_config        config;
    union {
        duva_sasl          base;
        duva_sasl_password password;
        duva_sasl_name     name;
        duva_sasl_oauth    oauth;
        duva_sasl_scram    scram;
        duva_sasl_cram_md5 cram_md5;
    }                  mechanism;
    char               said[16];
    duva_tls_info      info;
    duva_mail          mail;
    duva_rcpt          rcpt[RCPTS];
    char               words[2][40];
    duva_query         query;
    char               answer[20];
    uint8_t           *buf;
    unsigned           begun;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void trace(void *ctx, char from, const char *text, size_t len)
{
    const struct session *s = ctx;
    size_t                i;

    /* What AUTH says in capitals are its commands. */
    for (i = 0; from == 'C' && duva_where(&s->engine) == DUVA_STAGE_AUTH
                && i < len; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            abort();
    for (i = 0; from == 'C' && i + sizeof(PASSWORD) - 1 <= len; i++)
        if (memcmp(text + i, PASSWORD, sizeof(PASSWORD) - 1) == 0)
            abort();
}

static size_t most(const struct script *in, size_t n)
{
    return n < in->left ? n : in->left;
}

static void skip(struct script *in, size_t n)
{
    in->at += n;
    in->left -= n;
}

static void choose(struct session *s, uint8_t kind)
{
    switch (kind % 7) {
    case 0:
        duva_sasl_login_init(&s->mechanism.password, "user", PASSWORD);
        break;
    case 1:
        duva_sasl_plain_init(&s->mechanism.password, "user", PASSWORD);
        break;
    case 2:
        duva_sasl_cram_md5_init(&s->mechanism.cram_md5, &quick_crypto, "user",
                                PASSWORD);
        break;
    case 3:
        duva_sasl_external_init(&s->mechanism.name, "user");
        break;
    case 4:
        duva_sasl_xoauth2_init(&s->mechanism.oauth, "user", PASSWORD);
        s->mechanism.oauth.said = s->said;
        s->mechanism.oauth.said_size = sizeof(s->said);
        break;
    default:
        duva_sasl_scram_init(&s->mechanism.scram, &quick_crypto, DUVA_SHA1,
                             kind % 7 == 6, "user", PASSWORD);
    }
}

static const duva_mail_extras asks = {
    .envid = "a+b", .ret = DUVA_RET_FULL, .by_mode = DUVA_BY_NOTIFY,
    .hold_for = 1, .priority = DUVA_PRIORITY(-1), .auth = "", .solicit = "a"
};

static const duva_rcpt_extras rcpt_asks = {
    .notify = DUVA_NOTIFY_NEVER, .orcpt = "\xC3\xA9@b",
    .rrvs = "2014-04-03T23:01:00Z"
};

static void set_up(struct session *s, const uint8_t *d)
{
    static const char *const addr[RCPTS] = {
        "a@b", "\"q q\"@x.y", "a-longer-name-than-others@a-long.example"
    };
    const size_t size = DUVA_BUFFER_MIN + d[2];
    size_t       i;

    memset(s, 0, sizeof(*s));
    s->config.name = "c.example";
    s->config.tls = (duva_tls_mode)(d[0] & 3);
    s->config.options = d[1] & (0x3Fu | DUVA_LMTP);
    s->config.trace = trace;
    for (i = 0; i < RCPTS; i++)
        s->rcpt[i].addr = addr[i];
    for (i = 0; i < 2; i++) {
        s->rcpt[i].text = s->words[i];
        s->rcpt[i].text_size = 1 + d[4] % sizeof(s->words[i]);
    }
    s->mail.from = d[3] & 1 ? "ada@example.org" : "";
    s->mail.rcpt = s->rcpt;
    s->mail.rcpt_count = 1 + d[3] % RCPTS;
    s->mail.policy = d[3] & 4 ? DUVA_WHOEVER_IS_ACCEPTED : DUVA_ALL_OR_NOTHING;
    s->mail.size = d[3] & 8 ? 1000 : 0;
    s->mail.flags = d[3] & 16 ? DUVA_MAIL_8BIT : 0;
    s->config.trace_ctx = s;
    s->info.binding_type = d[5] & 128 ? "tls-exporter" : NULL;
    s->info.binding.data = PASSWORD;
    s->info.binding.len = 8;
    choose(s, d[5]);
    s->mail.extras = d[5] & 16 ? &asks : NULL;
    s->rcpt[0].extras = d[5] & 32 ? &rcpt_asks : NULL;
    s->query.text = s->answer;
    s->query.text_size = d[5] >> 3 & 15;
    s->buf = malloc(size);     /* so that a sanitizer sees its end */
    if (s->buf == NULL || duva_init(&s->engine, &s->config, s->buf, size) != 0)
        abort();
}

static void feed(struct session *s, struct script *in, size_t n)
{
    n = most(in, n);
    duva_feed(&s->engine, in->at, n);
    skip(in, n);
}

static void fill(struct session *s, struct script *in, uint8_t op)
{
    size_t room, n;
    void  *at = duva_room(&s->engine, &room);

    if (op & 8) {
        duva_body_end(&s->engine);
        return;
    }
    n = most(in, op >> 4);
    n = n < room ? n : room;
    memcpy(at, in->at, n);
    skip(in, n);
    duva_filled(&s->engine, n);
}

/* What the engine needs, in one of its variations. */
static void serve(struct session *s, struct script *in, uint8_t op)
{
    size_t n;

    switch (duva_next(&s->engine)) {
    case DUVA_SEND:
        duva_pending(&s->engine, &n);
        duva_sent(&s->engine, op & 8 ? 1 : n);
        break;
    case DUVA_TLS:
        s->info.verified = op >> 7;
        duva_tls_done(&s->engine, &s->info);
        break;
    case DUVA_AUTH:
        if (op & 8)
            duva_auth_skip(&s->engine);
        else
            duva_auth(&s->engine, &s->mechanism.base);
        break;
    case DUVA_BODY:
        fill(s, in, op);
        break;
    case DUVA_IDLE:
        s->query.verb = (duva_verb)(op >> 5);
        s->query.arg = op & 32 ? "a" : NULL;
        if (op & 16)
            duva_command(&s->engine, &s->query);
        else if ((op & 8) && s->begun < MAILS)
            s->begun += duva_mail_start(&s->engine, &s->mail) == DUVA_OK;
        else
            duva_quit(&s->engine);
        break;
    default:
        feed(s, in, op >> 3);
    }
}

static void must_be_decided(const struct session *s)
{
    size_t i;

    if (s->begun == 0)
        return;
    if (s->mail.result.verdict == DUVA_PENDING)
        abort();
    for (i = 0; i < s->mail.rcpt_count; i++)
        if (s->rcpt[i].verdict == DUVA_PENDING)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct session s;
    struct script  in;

    if (len < SETUP)
        return 0;
    set_up(&s, data);
    in.at = data + SETUP;
    in.left = len - SETUP;
    while (in.left > 0 && duva_next(&s.engine) != DUVA_CLOSED) {
        const uint8_t op = *in.at;

        skip(&in, 1);
        if ((op & 7) == 7)
            feed(&s, &in, op >> 3);
        else if (op == 6)
            duva_abort(&s.engine, DUVA_ERR_TIMEOUT, 0);
        else
            serve(&s, &in, op);
    }
    duva_abort(&s.engine, DUVA_ERR_CANCELLED, 0);
    must_be_decided(&s);
    free(s.buf);
    return 0;
}
