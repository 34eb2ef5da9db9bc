/* engine.c - walks engine.h, extras.h, overlap.h and query.h. */
/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include "duva/extras.h"
#include "duva/overlap.h"
#include "duva/query.h"

static const char plain[] = "250 peer\r\n";
static const char rich[] = "250-peer\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
                           "250-DSN\r\n250-CHUNKING\r\n250-BINARYMIME\r\n"
                           "250 PIPELINING\r\n";

void walk_flush(struct walk_session *s)
{
    size_t len;

    while (duva_pending(&s->engine, &len), len > 0)
        duva_sent(&s->engine, len);
}

void walk_say(struct walk_session *s, const char *text)
{
    walk_flush(s);
    assert_int_equal(duva_feed(&s->engine, text, strlen(text)), DUVA_OK);
    walk_flush(s);
}

/* As far as the greeting, of which nothing has come. */
static void set_up(struct walk_session *s)
{
    memset(s, 0, sizeof(*s));
    s->config.name = "client.example";
    s->config.tls = DUVA_TLS_NEVER;
    assert_int_equal(duva_init(&s->engine, &s->config, s->out,
                               sizeof(s->out)), DUVA_OK);
}

static void come_to_auth(struct walk_session *s, const char *ehlo)
{
    set_up(s);
    walk_say(s, "220 peer\r\n");
    walk_say(s, ehlo);
    assert_int_equal(duva_next(&s->engine), DUVA_AUTH);
}

void walk_begin(struct walk_session *s, const char *ehlo)
{
    come_to_auth(s, ehlo);
    assert_int_equal(duva_auth_skip(&s->engine), DUVA_OK);
    assert_int_equal(duva_next(&s->engine), DUVA_IDLE);
}

static struct walk_session w;
static duva_rcpt           rcpt;
static duva_mail           mail;

static void write_mail(void)
{
    memset(&rcpt, 0, sizeof(rcpt));
    memset(&mail, 0, sizeof(mail));
    rcpt.addr = "ada@example.org";
    mail.from = "bob@example.org";
    mail.rcpt = &rcpt;
    mail.rcpt_count = 1;
}

static void come_to_body(void)
{
    walk_begin(&w, plain);
    write_mail();
    assert_int_equal(duva_mail_start(&w.engine, &mail), DUVA_OK);
    walk_say(&w, "250 ok\r\n");
    walk_say(&w, "250 ok\r\n");
    walk_say(&w, "354 ok\r\n");
    assert_int_equal(duva_next(&w.engine), DUVA_BODY);
}

static void close_it(void)
{
    duva_abort(&w.engine, DUVA_ERR_CLOSED, 0);
    assert_int_equal(duva_next(&w.engine), DUVA_CLOSED);
}

static void walk_duva_init(void **state)
{
    duva_engine e;
    duva_config c = { .name = "client.example" };
    uint8_t     out[DUVA_BUFFER_MIN];
    size_t      i;

    (void)state;
    c.tls = DUVA_TLS_NEVER;
    assert_int_equal(duva_init(NULL, &c, out, sizeof(out)), DUVA_ERR_ARG);
    assert_int_equal(duva_init(&e, NULL, out, sizeof(out)), DUVA_ERR_ARG);
    assert_int_equal(duva_init(&e, &c, NULL, sizeof(out)), DUVA_ERR_ARG);
    assert_int_equal(duva_init(&e, &c, NULL, 0), DUVA_ERR_ARG);
    assert_int_equal(duva_init(&e, &c, out, 0), DUVA_ERR_SPACE);
    assert_int_equal(duva_init(&e, &c, out, sizeof(out) - 1), DUVA_ERR_SPACE);
    c.tls = (duva_tls_mode)WALK_NONE;
    assert_int_equal(duva_init(&e, &c, out, sizeof(out)), DUVA_ERR_ARG);
    c.tls = (duva_tls_mode)-1;
    assert_int_equal(duva_init(&e, &c, out, sizeof(out)), DUVA_ERR_ARG);
    c.tls = DUVA_TLS_NEVER;
    c.name = NULL;
    assert_int_equal(duva_init(&e, &c, out, sizeof(out)), DUVA_ERR_ARG);
    for (i = 0; i < WALK_BAD; i++) {
        c.name = walk_bad[i];
        assert_int_equal(duva_init(&e, &c, out, sizeof(out)), DUVA_ERR_ARG);
    }
    c.name = "client.example";
    c.options = UINT32_MAX & ~DUVA_LMTP;
    c.window = UINT32_MAX;
    assert_int_equal(duva_init(&e, &c, out, sizeof(out)), DUVA_OK);
}

/* What only looks can be asked in any state. */
static void look(void)
{
    static void (*const go[])(void) = { come_to_body, close_it };
    const duva_caps *none;
    size_t           i, len;

    set_up(&w);
    for (i = 0; i <= sizeof(go) / sizeof(go[0]); i++) {
        assert_in_range(duva_next(&w.engine), DUVA_CLOSED, DUVA_RECV);
        assert_in_range(duva_where(&w.engine), 0, DUVA_STAGES - 1);
        assert_in_range(duva_timeout_ms(&w.engine), 0, 600000);
        none = duva_server(&w.engine);
        assert_int_equal(none->size_max, 0);
        assert_non_null(duva_outcome(&w.engine));
        assert_non_null(duva_pending(&w.engine, &len));
        assert_int_equal(duva_may_start(&w.engine), 0);
        assert_int_equal(duva_is_trial(&w.engine), 0);
        assert_true(duva_speaking(&w.engine) == NULL || i == 1);
        if (i < sizeof(go) / sizeof(go[0]))
            go[i]();
    }
}

#define WALK_LOOK(f)                                                          \
    static void walk_##f(void **state)                                        \
    {                                                                         \
        (void)state;                                                          \
        look();                                                               \
    }

WALK_LOOK(duva_next)
WALK_LOOK(duva_where)
WALK_LOOK(duva_timeout_ms)
WALK_LOOK(duva_server)
WALK_LOOK(duva_outcome)
WALK_LOOK(duva_config_of)
WALK_LOOK(duva_pending)
WALK_LOOK(duva_may_start)
WALK_LOOK(duva_is_trial)
WALK_LOOK(duva_speaking)

static void walk_duva_feed(void **state)
{
    (void)state;
    set_up(&w);
    assert_int_equal(duva_feed(&w.engine, NULL, 0), DUVA_OK);
    assert_int_equal(duva_feed(&w.engine, "", 0), DUVA_OK);
    assert_int_equal(duva_feed(&w.engine, "", 1), DUVA_OK);
    assert_int_equal(duva_next(&w.engine), DUVA_CLOSED);
    assert_int_equal(duva_feed(&w.engine, NULL, 0), DUVA_ERR_STATE);
    assert_int_equal(duva_feed(&w.engine, "2", 1), DUVA_ERR_STATE);
}

static void walk_duva_sent(void **state)
{
    size_t len;

    (void)state;
    set_up(&w);
    duva_sent(&w.engine, 0);
    duva_sent(&w.engine, SIZE_MAX);
    duva_feed(&w.engine, "220 peer\r\n", 10);
    duva_pending(&w.engine, &len);
    assert_true(len > 0);
    duva_sent(&w.engine, 0);
    duva_sent(&w.engine, SIZE_MAX); /* more than there is: all */
    duva_pending(&w.engine, &len);
    assert_int_equal(len, 0);
}

static void walk_duva_room(void **state)
{
    size_t len = 1;

    (void)state;
    set_up(&w);
    assert_non_null(duva_room(&w.engine, &len));
    assert_int_equal(len, 0);
    come_to_body();
    assert_non_null(duva_room(&w.engine, &len));
    assert_true(len > 0);
}

static void walk_duva_filled(void **state)
{
    size_t len;

    (void)state;
    set_up(&w);
    assert_int_equal(duva_filled(&w.engine, 0), DUVA_ERR_STATE);
    come_to_body();
    duva_room(&w.engine, &len);
    assert_int_equal(duva_filled(&w.engine, len + 1), DUVA_ERR_ARG);
    assert_int_equal(duva_filled(&w.engine, SIZE_MAX), DUVA_ERR_ARG);
    assert_int_equal(duva_filled(&w.engine, 0), DUVA_OK);
    memset(duva_room(&w.engine, &len), 0, 1);
    assert_int_equal(duva_filled(&w.engine, 1), DUVA_ERR_BODY);
    assert_int_equal(duva_filled(&w.engine, 1), DUVA_ERR_STATE);
}

static void walk_duva_body_end(void **state)
{
    (void)state;
    set_up(&w);
    assert_int_equal(duva_body_end(&w.engine), DUVA_ERR_STATE);
    come_to_body();
    assert_int_equal(duva_body_end(&w.engine), DUVA_OK);
    assert_int_equal(duva_body_end(&w.engine), DUVA_ERR_STATE);
}

static void walk_duva_body_direct(void **state)
{
    (void)state;
    set_up(&w);
    assert_int_equal(duva_body_direct(&w.engine), 0);
    come_to_body();
    assert_int_equal(duva_body_direct(&w.engine), 0);
}

static void walk_duva_body_directed(void **state)
{
    (void)state;
    set_up(&w);
    assert_int_equal(duva_body_directed(&w.engine, 1), DUVA_ERR_ARG);
    walk_begin(&w, rich);
    write_mail();
    mail.size = 5;
    mail.flags = DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS;
    assert_int_equal(duva_mail_start(&w.engine, &mail), DUVA_OK);
    walk_flush(&w);
    assert_int_equal(duva_body_direct(&w.engine), 5);
    assert_int_equal(duva_body_directed(&w.engine, 6), DUVA_ERR_ARG);
    assert_int_equal(duva_body_directed(&w.engine, SIZE_MAX), DUVA_ERR_ARG);
    assert_int_equal(duva_body_directed(&w.engine, 0), DUVA_OK);
    assert_int_equal(duva_body_directed(&w.engine, 5), DUVA_OK);
}

static void walk_duva_tls_done(void **state)
{
    (void)state;
    set_up(&w);
    assert_int_equal(duva_tls_done(&w.engine, NULL), DUVA_ERR_STATE);
    w.config.tls = DUVA_TLS_IMPLICIT;
    assert_int_equal(duva_init(&w.engine, &w.config, w.out, sizeof(w.out)),
                     DUVA_OK);
    assert_int_equal(duva_next(&w.engine), DUVA_TLS);
    assert_int_equal(duva_tls_done(&w.engine, NULL), DUVA_ERR_ARG);
    assert_int_equal(duva_next(&w.engine), DUVA_TLS);
}

static void walk_duva_tls_failed(void **state)
{
    (void)state;
    set_up(&w);
    duva_tls_failed(&w.engine, (duva_reason)WALK_NONE, INT32_MIN);
    assert_int_equal(duva_next(&w.engine), DUVA_CLOSED);
    assert_int_equal(duva_outcome(&w.engine)->err, DUVA_ERR_TLS);
    duva_tls_failed(&w.engine, DUVA_REASON_NONE, 0);
}

static int give_up_step(duva_sasl *self, const duva_span *challenge,
                        duva_span part[DUVA_SASL_PARTS])
{
    (void)challenge;
    (void)part;
    self->reason = DUVA_REASON_MISSING;
    return DUVA_ERR_ARG;
}

static void walk_duva_auth(void **state)
{
    duva_sasl m = { .name = "PLAIN", .bit = DUVA_AUTH_PLAIN,
                    .step = give_up_step };

    (void)state;
    set_up(&w);
    assert_int_equal(duva_auth(&w.engine, NULL), DUVA_ERR_STATE);
    assert_int_equal(duva_auth(&w.engine, &m), DUVA_ERR_STATE);
    come_to_auth(&w, "250 AUTH PLAIN\r\n");
    assert_int_equal(duva_auth(&w.engine, NULL), DUVA_ERR_ARG);
    assert_int_equal(duva_next(&w.engine), DUVA_AUTH);
    assert_int_equal(duva_auth(&w.engine, &m), DUVA_ERR_UNSUPPORTED);
    come_to_auth(&w, "250-x\r\n250 AUTH PLAIN\r\n");
    assert_int_equal(duva_auth(&w.engine, &m), DUVA_ERR_ARG);
    assert_int_equal(duva_outcome(&w.engine)->reason, DUVA_REASON_MISSING);
}

static void walk_duva_auth_skip(void **state)
{
    (void)state;
    set_up(&w);
    assert_int_equal(duva_auth_skip(&w.engine), DUVA_ERR_STATE);
    close_it();
    assert_int_equal(duva_auth_skip(&w.engine), DUVA_ERR_STATE);
}

static void check_mail(duva_reason reason, uint32_t where)
{
    assert_int_equal(duva_mail_start(&w.engine, &mail), DUVA_ERR_ARG);
    assert_int_equal(mail.result.verdict, DUVA_REFUSED);
    if (reason != DUVA_REASON_NONE)
        assert_int_equal(mail.result.reason, reason);
    assert_int_equal(mail.result.where, where);
    assert_int_equal(duva_next(&w.engine), DUVA_IDLE);
    write_mail();
}

static void walk_mails(void)
{
    size_t i;

    mail.from = NULL;
    check_mail(DUVA_REASON_MISSING, 0);
    mail.rcpt = NULL;
    check_mail(DUVA_REASON_MISSING, 0);
    mail.rcpt_count = 0;
    check_mail(DUVA_REASON_NO_RECIPIENT, 0);
    mail.rcpt = NULL;
    mail.rcpt_count = 0;
    check_mail(DUVA_REASON_NO_RECIPIENT, 0);
    rcpt.addr = NULL;
    check_mail(DUVA_REASON_MISSING, 1);
    rcpt.verdict = (duva_verdict)WALK_NONE; /* as one that is final */
    check_mail(DUVA_REASON_NO_RECIPIENT, 0);
    for (i = 0; i < WALK_BAD; i++) {
        rcpt.addr = walk_bad[i];
        check_mail(DUVA_REASON_NONE, 1);
        if (i == 0)
            continue;          /* the null reverse-path */
        mail.from = walk_bad[i];
        check_mail(DUVA_REASON_NONE, 0);
    }
}

/* Whether it is valid is known before there is a session. */
static void check_extras(int can, uint32_t place)
{
    uint32_t          where = WALK_NONE;
    const duva_reason reason = duva_extras_check(&mail, UINT32_MAX, &where);

    assert_int_equal(reason == DUVA_REASON_NONE, can);
    assert_int_equal(where, place);
}

static void walk_duva_outcome_for_others(void **state)
{
    duva_result r;

    (void)state;
    set_up(&w);
    duva_outcome_for_others(&w.engine, &r);
    assert_int_equal(r.err, DUVA_OK);
    duva_abort(&w.engine, DUVA_ERR_BODY, 0);
    duva_outcome_for_others(&w.engine, &r);
    assert_int_equal(r.err, DUVA_ERR_CLOSED);
    assert_int_equal(r.reason, DUVA_REASON_NONE);
    assert_int_equal(duva_outcome(&w.engine)->err, DUVA_ERR_BODY);
}

static void walk_duva_extras_check(void **state)
{
    static const duva_mail_extras asks = { .ops = &duva_extras,
                                           .ret = DUVA_RET_FULL };
    static const duva_rcpt_extras more = { .ops = &duva_extras,
                                           .rrvs = "2026-12-24T18:00:00Z" };
    uint32_t where;

    (void)state;
    write_mail();
    mail.flags = 0;
    assert_int_equal(duva_extras_check(NULL, 0, &where), DUVA_REASON_MISSING);
    assert_int_equal(duva_extras_check(&mail, 0, NULL), DUVA_REASON_MISSING);
    mail.rcpt = NULL;
    assert_int_equal(duva_extras_check(&mail, 0, &where), DUVA_REASON_MISSING);
    write_mail();
    mail.flags = 0;
    assert_int_equal(duva_extras_check(&mail, 0, &where), DUVA_REASON_NONE);
    mail.extras = &asks;
    rcpt.extras = &more;
    check_extras(1, 0);
    assert_int_equal(duva_extras_check(&mail, DUVA_CAP_DSN, &where),
                     DUVA_REASON_NOT_OFFERED);
    assert_int_equal(where, DUVA_CAP_RRVS);
    assert_int_equal(duva_extras_check(&mail, DUVA_CAP_RRVS, &where),
                     DUVA_REASON_NOT_OFFERED);
    assert_int_equal(where, DUVA_CAP_DSN);
    rcpt.verdict = DUVA_ACCEPTED; /* he is not sent to */
    assert_int_equal(duva_extras_check(&mail, DUVA_CAP_DSN, &where),
                     DUVA_REASON_NONE);
    rcpt.verdict = DUVA_PENDING;
    rcpt.extras = NULL;
    mail.extras = NULL;
}

static void walk_extras(void)
{
    static const duva_param no_name = { NULL, NULL }, empty = { "", NULL },
                            no_value = { "X", "" }, typed = { "SIZE", "1" };
    static const duva_mail_extras none = { .ops = &duva_extras };
    static const duva_mail_extras without_ops, wrong[] = {
        { .envid = "" }, { .envid = "\n" }, { .ret = WALK_NONE },
        { .by_mode = WALK_NONE }, { .by = 1 }, { .by_mode = DUVA_BY_RETURN },
        { .hold_until = "" }, { .hold_until = "tomorrow" },
        { .hold_for = UINT32_MAX }, { .priority = INT16_MAX },
        { .auth = "a b" }, { .solicit = "" }, { .burl = "" },
        { .param_count = 1 }, { .param = &no_name, .param_count = 1 },
        { .param = &no_value, .param_count = 1 },
        { .param = &typed, .param_count = 1 }
    };
    static const duva_rcpt_extras wrong_rcpt[] = {
        { .notify = WALK_NONE }, { .orcpt = "" }, { .orcpt = "\n" },
        { .rrvs = "" }, { .rrvs_continue = 1 }, { .param_count = 1 },
        { .param = &empty, .param_count = 1 }
    };
    size_t i;

    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        duva_mail_extras x = wrong[i];

        x.ops = &duva_extras;
        mail.extras = &x;
        check_extras(0, 0);
        check_mail(DUVA_REASON_NONE, 0);
    }
    for (i = 0; i < sizeof(wrong_rcpt) / sizeof(wrong_rcpt[0]); i++) {
        duva_rcpt_extras x = wrong_rcpt[i];

        x.ops = &duva_extras;
        rcpt.extras = &x;
        check_extras(0, 1);
        check_mail(DUVA_REASON_NONE, 1);
    }
    mail.extras = &without_ops;
    check_extras(0, 0);
    check_mail(DUVA_REASON_MISSING, 0);
    mail.extras = &none;
    assert_int_equal(duva_mail_start(&w.engine, &mail), DUVA_OK);
}

/* A policy that is none is as the second; and where the words of the server
 * are not wanted, a size makes no difference. */
static void refuse_one(const char *ehlo)
{
    walk_begin(&w, ehlo);
    write_mail();
    rcpt.text_size = 512;
    mail.policy = (duva_policy)WALK_NONE;
    mail.flags = 0;
    assert_int_equal(duva_mail_start(&w.engine, &mail), DUVA_OK);
    walk_say(&w, "250 ok\r\n");
    if (duva_next(&w.engine) == DUVA_RECV)
        walk_say(&w, "550 no\r\n");
    assert_int_equal(rcpt.verdict, DUVA_REFUSED);
    close_it();
    assert_int_equal(mail.result.verdict, DUVA_REFUSED);
}

static void walk_duva_mail_start(void **state)
{
    (void)state;
    set_up(&w);
    assert_int_equal(duva_mail_start(&w.engine, NULL), DUVA_ERR_STATE);
    walk_begin(&w, rich);
    assert_int_equal(duva_mail_start(&w.engine, NULL), DUVA_ERR_ARG);
    assert_int_equal(duva_next(&w.engine), DUVA_IDLE);
    write_mail();
    walk_mails();
    walk_extras();
    refuse_one(plain);
    refuse_one(rich);
    walk_begin(&w, rich);
    write_mail();
    mail.flags = 0xFF & ~DUVA_MAIL_REQUIRETLS;
    mail.size = UINT64_MAX;
    assert_int_equal(duva_mail_start(&w.engine, &mail), DUVA_OK);
    close_it();
    assert_int_equal(rcpt.verdict, mail.result.verdict);
}

static void walk_duva_quit(void **state)
{
    (void)state;
    set_up(&w);
    assert_int_equal(duva_quit(&w.engine), DUVA_ERR_STATE);
    walk_begin(&w, plain);
    assert_int_equal(duva_quit(&w.engine), DUVA_OK);
    assert_int_equal(duva_quit(&w.engine), DUVA_ERR_STATE);
}

static void walk_duva_abort(void **state)
{
    static const int whys[] = { INT32_MIN, -WALK_NONE, 0, 1, INT32_MAX };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(whys) / sizeof(whys[0]); i++) {
        come_to_body();
        duva_abort(&w.engine, (duva_err)whys[i], INT32_MIN);
        assert_int_equal(duva_next(&w.engine), DUVA_CLOSED);
        assert_true(duva_outcome(&w.engine)->err < 0);
        assert_int_equal(mail.result.verdict, DUVA_RETRY);
        duva_abort(&w.engine, DUVA_ERR_IO, 1);
    }
}

static void walk_duva_overlap_get(void **state)
{
    (void)state;
    set_up(&w);
    assert_int_equal(duva_overlap_get(&w.engine), DUVA_OVERLAP_UNTRIED);
}

static void walk_duva_overlap_set(void **state)
{
    (void)state;
    set_up(&w);
    assert_int_equal(duva_overlap_set(&w.engine, (duva_overlap)WALK_NONE),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_overlap_set(&w.engine, (duva_overlap)-1),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_overlap_get(&w.engine), DUVA_OVERLAP_UNTRIED);
    close_it();
    assert_int_equal(duva_overlap_set(&w.engine, DUVA_OVERLAP_NEVER),
                     DUVA_OK);
}

static void walk_duva_command(void **state)
{
    duva_query q;
    int        verb;
    size_t     i;

    (void)state;
    set_up(&w);
    assert_int_equal(duva_command(&w.engine, NULL), DUVA_ERR_STATE);
    walk_begin(&w, plain);
    assert_int_equal(duva_command(&w.engine, NULL), DUVA_ERR_ARG);
    memset(&q, 0, sizeof(q));
    q.verb = (duva_verb)WALK_NONE;
    assert_int_equal(duva_command(&w.engine, &q), DUVA_ERR_ARG);
    q.verb = (duva_verb)-1;
    assert_int_equal(duva_command(&w.engine, &q), DUVA_ERR_ARG);
    for (verb = DUVA_VRFY; verb <= DUVA_ETRN; verb++)
        for (i = 2; i < 6; i++) {
            memset(&q, 0, sizeof(q));
            q.verb = (duva_verb)verb;
            q.arg = walk_bad[i];
            assert_true(duva_command(&w.engine, &q) < 0);
            assert_int_equal(duva_next(&w.engine), DUVA_IDLE);
        }
    memset(&q, 0, sizeof(q));
    assert_int_equal(duva_command(&w.engine, &q), DUVA_ERR_ARG);
    assert_int_equal(q.reason, DUVA_REASON_MISSING);
    q.verb = DUVA_HELP;
    q.text_size = 512;         /* and no text */
    assert_int_equal(duva_command(&w.engine, &q), DUVA_OK);
    walk_say(&w, "214-one\r\n214 two\r\n");
    assert_int_equal(q.status.code, 214);
    assert_int_equal(duva_next(&w.engine), DUVA_IDLE);
}

static const struct CMUnitTest tests[] = {
    WALK(duva_init), WALK(duva_next), WALK(duva_feed), WALK(duva_pending),
    WALK(duva_sent), WALK(duva_room), WALK(duva_filled), WALK(duva_body_end),
    WALK(duva_body_direct), WALK(duva_body_directed), WALK(duva_tls_done),
    WALK(duva_tls_failed), WALK(duva_auth), WALK(duva_auth_skip),
    WALK(duva_mail_start), WALK(duva_may_start), WALK(duva_speaking),
    WALK(duva_quit), WALK(duva_abort), WALK(duva_timeout_ms),
    WALK(duva_where), WALK(duva_server), WALK(duva_outcome),
    WALK(duva_config_of), WALK(duva_outcome_for_others),
    WALK(duva_overlap_get), WALK(duva_overlap_set), WALK(duva_is_trial),
    WALK(duva_command), WALK(duva_extras_check)
};

const struct walk walk_engine = WALKED(tests);
