/* test_limits.c - a mail in several transactions, because of LIMITS. */
/* SPDX-License-Identifier: MIT */
#include "pipe_link.h"

#include "cmocka_all.h"

enum { MOST = 60 };

static struct pipe_link pipe_;
static duva_client      client;
static duva_config      config;
static uint8_t          buf[256];
static duva_mail        mail;
static duva_rcpt        rcpt[MOST];
static char             address[MOST][32];
static duva_memory      text = { "Hello\n", 6, 0 };

/* Recipients r0, r1, ... of one domain, or of five in turn. */
static void begin(const char *ehlo, size_t count, int five)
{
    size_t i;

    memset(&pipe_, 0, sizeof(pipe_));
    memset(&client, 0, sizeof(client));
    memset(&mail, 0, sizeof(mail));
    memset(rcpt, 0, sizeof(rcpt));
    config.name = "client.example";
    config.tls = DUVA_TLS_NEVER;
    client.link = &pipe_.link;
    for (i = 0; i < count; i++) {
        sprintf(address[i], "r%u@d%u.example", (unsigned)i,
                five ? (unsigned)i % 5 : 0);
        rcpt[i].addr = address[i];
    }
    mail.from = "ada@example.org";
    mail.rcpt = rcpt;
    mail.rcpt_count = count;
    mail.policy = DUVA_WHOEVER_IS_ACCEPTED;
    pipe_.peer.ehlo = ehlo;
    text.pos = 0;
    pipe_open(&pipe_);
    assert_int_equal(duva_client_init(&client, &config, buf, sizeof(buf)),
                     DUVA_OK);
}

static int send_it(void)
{
    text.pos = 0;
    return duva_send_mail(&client, &mail, duva_memory_read, &text);
}

static int done(void **state)
{
    (void)state;
    free(pipe_.peer.message);
    pipe_.peer.message = NULL;
    return 0;
}

static void all_are(size_t from, size_t to, duva_verdict verdict)
{
    for (; from < to; from++)
        assert_int_equal(rcpt[from].verdict, verdict);
}

static void recipients(void **state)
{
    (void)state;
    begin("250-x\r\n250 LIMITS RCPTMAX=20 XMAX=1", 60, 0);
    assert_int_equal(send_it(), DUVA_OK);
    assert_int_equal(pipe_.peer.transactions, 3);
    assert_int_equal(pipe_.peer.messages, 3);
    all_are(0, 60, DUVA_ACCEPTED);
    assert_int_equal(mail.result.verdict, DUVA_ACCEPTED);
}

/* Those whom the first transaction refuses do not keep the rest from theirs. */
static void first_all_refused(void **state)
{
    (void)state;
    begin("250-x\r\n250 LIMITS RCPTMAX=2", 4, 0);
    strcpy(address[0], "no-0@example.net");
    strcpy(address[1], "no-1@example.net");
    assert_int_equal(send_it(), DUVA_OK);
    all_are(0, 2, DUVA_REFUSED);
    all_are(2, 4, DUVA_ACCEPTED);
    assert_int_equal(pipe_.peer.messages, 1);
}

static void domains(void **state)
{
    (void)state;
    begin("250-x\r\n250 LIMITS RCPTDOMAINMAX=2", 10, 1);
    strcpy(address[5], "R5@D0.EXAMPLE");
    assert_int_equal(send_it(), DUVA_OK);
    assert_int_equal(pipe_.peer.messages, 3);
    all_are(0, 10, DUVA_ACCEPTED);
}

/* Domains are the same but for the case of ASCII letters, and no other bit. */
static void same_domains(void **state)
{
    static const struct {
        const char *a, *b;
        int         same;
    } pairs[] = {
        { "a@b.example", "b@B.Example", 1 },
        { "a@b.example", "b@c.example", 0 },
        { "a@b.example", "b@b.exampl", 0 },
        { "a@b.exampl", "b@b.example", 0 },
        { "a@b0.example", "b@bP.example", 0 },
        { "a@b-x", "b@bmx", 0 },
        { "postmaster", "Postmaster", 1 },
        { "postmaster", "a@b.example", 0 },
        { "\"a@b\"@c", "d@C", 1 },
        { "a@[::1]", "b@[::1]", 1 },
        { "a@z.example", "b@Z.example", 1 },
    };
    size_t i;

    for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        begin("250-x\r\n250 LIMITS RCPTDOMAINMAX=1", 2, 0);
        strcpy(address[0], pairs[i].a);
        strcpy(address[1], pairs[i].b);
        assert_int_equal(send_it(), DUVA_OK);
        assert_int_equal(pipe_.peer.messages, pairs[i].same ? 1 : 2);
        done(state);
    }
}

/* A mail for all or nobody goes in one transaction or not at all. */
static void all_or_nothing(void **state)
{
    (void)state;
    begin("250-x\r\n250 LIMITS RCPTMAX=3", 4, 0);
    mail.policy = DUVA_ALL_OR_NOTHING;
    assert_int_equal(send_it(), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(mail.result.reason, DUVA_REASON_OUT_OF_LIMITS);
    assert_int_equal(mail.result.where, DUVA_CAP_LIMITS);
    assert_int_equal(mail.result.verdict, DUVA_REFUSED);
    assert_int_equal(pipe_.peer.transactions, 0);
    all_are(0, 4, DUVA_REFUSED);
    mail.rcpt_count = 3;
    rcpt[0].verdict = rcpt[1].verdict = rcpt[2].verdict = DUVA_PENDING;
    assert_int_equal(send_it(), DUVA_OK);
}

static void mails(void **state)
{
    int i;

    (void)state;
    begin("250-x\r\n250 LIMITS MAILMAX=2 RCPTMAX=1", 3, 0);
    assert_int_equal(send_it(), DUVA_OK);
    all_are(0, 2, DUVA_ACCEPTED);
    all_are(2, 3, DUVA_RETRY);
    assert_int_equal(pipe_.peer.transactions, 2);
    for (i = 0; i < 2; i++) {
        assert_int_equal(send_it(), DUVA_ERR_UNSUPPORTED);
        assert_int_equal(mail.result.verdict, DUVA_RETRY);
        assert_int_equal(mail.result.reason, DUVA_REASON_OUT_OF_LIMITS);
    }
    assert_int_equal(pipe_.peer.transactions, 2);
    assert_int_equal(duva_close(&client), DUVA_OK);
    assert_int_equal(pipe_.peer.quits, 1);
}

/* Too big is too big for everybody, in this transaction or another. */
static void too_big(void **state)
{
    (void)state;
    begin("250-x\r\n250-SIZE 5\r\n250 LIMITS RCPTMAX=2", 4, 0);
    mail.size = 6;
    assert_int_equal(send_it(), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(mail.result.reason, DUVA_REASON_TOO_BIG);
    all_are(0, 4, DUVA_REFUSED);
}

/* What is no limit of RFC 9422, or no number, does not bind. */
static void odd_limits(void **state)
{
    static const char *const ehlo[] = {
        "250-x\r\n250 LIMITS", "250-x\r\n250 LIMITS RCPTMAX",
        "250-x\r\n250 LIMITS RCPTMAX=", "250-x\r\n250 LIMITS RCPTMAX=x",
        "250-x\r\n250 LIMITS RCPTMAX=0", "250-x\r\n250 LIMITS =1",
        "250-x\r\n250 LIMITS RCPTMA=1 RCPTMAXX=1 RCPTMAX=1=1",
        "250-x\r\n250 X RCPTMAX=1", "250-x\r\n250 LIMITSX RCPTMAX=1"
    };
    size_t i;

    for (i = 0; i < sizeof(ehlo) / sizeof(ehlo[0]); i++) {
        begin(ehlo[i], 5, 0);
        assert_int_equal(send_it(), DUVA_OK);
        assert_int_equal(pipe_.peer.transactions, 1);
        done(state);
    }
}

static void auth_equals_spares_limits(void **state)
{
    (void)state;
    config.options = DUVA_QUIRK_AUTH_EQUALS;
    begin("250-x\r\n250-AUTH=PLAIN\r\n250 LIMITS rcptmax=2", 4, 0);
    assert_int_equal(send_it(), DUVA_OK);
    assert_int_equal(pipe_.peer.transactions, 2);
    assert_true(duva_server(&client.engine)->auth & DUVA_AUTH_PLAIN);
    config.options = 0;
}

static void asking(void **state)
{
    duva_query q = { .verb = DUVA_VRFY, .arg = "ada" };
    char       words[20];

    (void)state;
    begin(NULL, 1, 0);
    q.text = words;
    q.text_size = sizeof(words);
    assert_int_equal(duva_ask(&client, &q), DUVA_OK);
    assert_int_equal(q.status.code, 500);
    assert_string_equal(words, "what?");
    assert_int_equal(send_it(), DUVA_OK);
    duva_close(&client);
    assert_int_equal(duva_ask(&client, &q), DUVA_ERR_STATE);
    assert_int_equal(duva_ask(NULL, &q), DUVA_ERR_ARG);
}

#define TEST(f) cmocka_unit_test_teardown(f, done)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(recipients), TEST(first_all_refused), TEST(domains),
        TEST(same_domains),
        TEST(all_or_nothing), TEST(mails), TEST(too_big), TEST(odd_limits),
        TEST(auth_equals_spares_limits), TEST(asking),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
