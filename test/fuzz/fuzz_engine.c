/* fuzz_engine.c - turns arbitrary octets into a session with an engine. */
/* SPDX-License-Identifier: MIT */
/*
 * The input is a script: how the engine is set up, then steps that feed it
 * server octets, take its own, begin mails, fill their messages or send them
 * past the engine, or abort.  Whatever it does, a mail that was begun must end
 * with verdicts: accepted only when it was out whole and somebody said 2yz for
 * each such mail, uncertain only when it was out whole or the server spoke in
 * the middle of it, and nothing else when it was out whole and the caller gave
 * up.  No password and no answer to a challenge must be in the trace, and
 * nothing may touch memory that is not its own.
 */
#include "duva/extras.h"
#include "duva/query.h"

#include "quick_crypto.h"

#include <stdlib.h>
#include <string.h>

#define PASSWORD "opensesame"

enum { RCPTS = 3, SETUP = 7, MAILS = 4, STARTS = 9 };

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
    struct sending {
        duva_mail mail;
        duva_rcpt rcpt[RCPTS];
        char      words[2][40];
        int       open;        /* begun and not decided */
        int       said;        /* its end is, */
        size_t    end;         /* here in the octets taken */
    }                  sending[MAILS];
    size_t             taken;
    unsigned           good, accepted; /* 2yz heard; mails */
    int                line_start;
    duva_query         query;
    char               answer[20];
    uint8_t           *buf;
    size_t             size;   /* of buf */
    unsigned           starts;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void trace(void *ctx, const duva_trace_event *event)
{
    const char  *text = event->text;
    const size_t len = event->len;
    size_t       i;

    (void)ctx;
    if (event->ends != (len > 0 && text[len - 1] == '\n')
        || (event->last && !event->ends)
        || (event->code != 0 && (event->code < 200 || event->code > 599)))
        abort();
    if (event->from != 'C')
        return;
    /* What AUTH says in capitals are its commands. */
    for (i = 0; event->stage == DUVA_STAGE_AUTH && i < len; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            abort();
    for (i = 0; i + sizeof(PASSWORD) - 1 <= len; i++)
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
    .ops = &duva_extras, .envid = "a+b", .ret = DUVA_RET_FULL,
    .by_mode = DUVA_BY_NOTIFY,
    .hold_for = 1, .priority = DUVA_PRIORITY(-1), .auth = "", .solicit = "a"
};

static const duva_mail_extras by_url = { .ops = &duva_extras,
                                         .burl = "imap://a/b" };

static const duva_rcpt_extras rcpt_asks = {
    .ops = &duva_extras, .notify = DUVA_NOTIFY_NEVER, .orcpt = "\xC3\xA9@b",
    .rrvs = "2014-04-03T23:01:00Z"
};

static void set_up_mail(struct sending *m, const uint8_t *d, int is_other)
{
    static const char *const addr[RCPTS] = {
        "a@b", "\"q q\"@x.y", "a-longer-name-than-others@a-long.example"
    };
    size_t i;

    for (i = 0; i < RCPTS; i++)
        m->rcpt[i].addr = addr[i];
    for (i = 0; i < 2; i++) {
        m->rcpt[i].text = m->words[i];
        m->rcpt[i].text_size = 1 + d[4] % sizeof(m->words[i]);
    }
    m->mail.from = d[3] & 1 ? "ada@example.org" : "";
    m->mail.rcpt = m->rcpt;
    m->mail.rcpt_count = 1 + d[3] % RCPTS;
    m->mail.policy = d[3] & 4 ? DUVA_WHOEVER_IS_ACCEPTED : DUVA_ALL_OR_NOTHING;
    m->mail.flags = (uint8_t)((d[3] & 16 ? DUVA_MAIL_8BIT : 0)
                              | (d[3] & 32 ? DUVA_MAIL_EXACT : 0)
                              | (d[3] & 64 ? DUVA_MAIL_AS_IS : 0)
                              | (d[3] & 128 ? DUVA_MAIL_BINARY : 0));
    if (is_other)
        m->mail.flags ^= DUVA_MAIL_EXACT | DUVA_MAIL_BINARY;
    if (m->mail.flags & DUVA_MAIL_EXACT)
        m->mail.size = d[6] & 31;
    else
        m->mail.size = d[3] & 8 ? 1000 : 0;
}

static void set_up(struct session *s, const uint8_t *d)
{
    size_t i;

    memset(s, 0, sizeof(*s));
    s->size = DUVA_BUFFER_MIN + d[2];
    s->config.name = "c.example";
    s->config.tls = (duva_tls_mode)(d[0] & 3);
    s->config.options = d[1] & (0x3Fu | DUVA_LMTP);
    s->config.window = d[6] >> 5;
    s->config.trace = trace;
    s->config.trace_ctx = s;
    for (i = 0; i < MAILS; i++)
        set_up_mail(&s->sending[i], d, i == 1);
    s->info.binding_type = d[5] & 128 ? "tls-exporter" : NULL;
    s->info.binding.data = PASSWORD;
    s->info.binding.len = 8;
    choose(s, d[5]);
    s->sending[0].mail.extras = d[5] & 16 ? &asks : NULL;
    s->sending[1].mail.extras = d[5] & 64 ? &by_url : NULL;
    s->sending[0].rcpt[0].extras = d[5] & 32 ? &rcpt_asks : NULL;
    s->query.text = s->answer;
    s->query.text_size = d[5] >> 3 & 15;
    s->line_start = 1;
    s->buf = malloc(s->size);  /* so that a sanitizer sees its end */
    if (s->buf == NULL
        || duva_init(&s->engine, &s->config, s->buf, s->size) != 0)
        abort();
}

/* ---- what must hold ---- */

/* Lines that begin with 2; there may be spaces before, if the caller allows
 * for them. */
static void count_good(struct session *s, const uint8_t *at, size_t len)
{
    for (; len > 0; len--, at++) {
        s->good += s->line_start && *at == '2';
        s->line_start = *at == '\n' || (s->line_start && *at == ' ');
    }
}

static void check_verdict(struct session *s, const struct sending *m)
{
    const duva_result *r = &m->mail.result;
    const int          whole = m->said && s->taken >= m->end;
    size_t             i;

    if (r->verdict == DUVA_ACCEPTED && (!whole || ++s->accepted > s->good))
        abort();
    if (r->verdict == DUVA_UNCERTAIN && !whole
        && r->reason != DUVA_REASON_UNSOLICITED)
        abort();
    if (whole && r->verdict != DUVA_UNCERTAIN
        && !(s->config.options & DUVA_LMTP)
        && (r->err == DUVA_ERR_TIMEOUT || r->err == DUVA_ERR_CANCELLED))
        abort();
    for (i = 0; i < m->mail.rcpt_count; i++) {
        const duva_verdict v = m->rcpt[i].verdict;

        if (v == DUVA_PENDING
            || (v == DUVA_UNCERTAIN && !whole
                && r->reason != DUVA_REASON_UNSOLICITED))
            abort();
    }
}

static void check(struct session *s, int is_over)
{
    size_t         i, n;
    const uint8_t *pending = duva_pending(&s->engine, &n);

    if (n > s->size || pending < s->buf || pending + n > s->buf + s->size)
        abort();
    for (i = 0; i < MAILS; i++) {
        struct sending *m = &s->sending[i];

        if (!m->open)
            continue;
        if (m->mail.result.verdict != DUVA_PENDING) {
            m->open = 0;
            check_verdict(s, m);
        } else if (is_over) {
            abort();
        }
    }
}

/* ---- steps ---- */

static void feed(struct session *s, struct script *in, size_t n)
{
    n = most(in, n);
    if (duva_next(&s->engine) != DUVA_CLOSED)
        count_good(s, in->at, n);
    duva_feed(&s->engine, in->at, n);
    skip(in, n);
}

static void start(struct session *s, size_t i)
{
    struct sending *m = &s->sending[i % MAILS];

    if (m->open || s->starts == STARTS)
        return;                /* it must stay put */
    if (duva_mail_start(&s->engine, &m->mail) != DUVA_OK)
        return;
    s->starts++;
    m->open = 1;
    m->said = 0;
}

/* The mail whose message has just got its end. */
static void is_said(struct session *s, const duva_mail *mail)
{
    size_t i, n;

    duva_pending(&s->engine, &n);
    for (i = 0; i < MAILS; i++)
        if (&s->sending[i].mail == mail) {
            s->sending[i].said = 1;
            s->sending[i].end = s->taken + n;
        }
}

static void fill(struct session *s, struct script *in, uint8_t op)
{
    const duva_mail *mail = duva_speaking(&s->engine);
    const size_t     direct = duva_body_direct(&s->engine);
    size_t           room, n;
    void            *at = duva_room(&s->engine, &room);

    if (op & 8) {
        if (duva_body_end(&s->engine) == DUVA_OK)
            is_said(s, mail);
        return;
    }
    n = most(in, op >> 4);
    if ((op & 16) && direct > 0) {
        n = n < direct ? n : direct;
        duva_body_directed(&s->engine, n);
        s->taken += n;
        if (n == direct)
            is_said(s, mail);
        return;
    }
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
        n = op & 8 ? 1 : n;
        s->taken += n;
        duva_sent(&s->engine, n);
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
        else if ((op & 8) && s->starts < STARTS)
            start(s, op >> 6);
        else
            duva_quit(&s->engine);
        break;
    default:
        feed(s, in, op >> 3);
    }
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
        else if ((op & 7) == 5 && duva_may_start(&s.engine))
            start(&s, op >> 6);
        else if (op == 13)
            duva_quit(&s.engine);
        else
            serve(&s, &in, op);
        check(&s, 0);
    }
    duva_abort(&s.engine, DUVA_ERR_CANCELLED, 0);
    check(&s, 1);
    free(s.buf);
    return 0;
}
