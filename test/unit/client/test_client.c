/* test_client.c - whole sessions through duva_client: client.c. */
/* SPDX-License-Identifier: MIT */
#include "pipe_link.h"

#include "cmocka_all.h"

enum { MOST = 250 };

static struct pipe_link pipe_;
static struct xor_tls   tls;
static duva_client      client;
static duva_config      config;
static uint8_t          buf[256];
static duva_mail        mail;
static duva_rcpt        rcpt[MOST];
static char             address[MOST][32];
static duva_memory      text;

static const char message[] = "Subject: hello\r\n\r\n.dot\nlast";
static const char arrived[] = "Subject: hello\r\n\r\n.dot\r\nlast\r\n";

/* A client with a mail for count people, not yet connected. */
static void prepare(size_t count)
{
    size_t i;

    memset(&pipe_, 0, sizeof(pipe_));
    memset(&client, 0, sizeof(client));
    memset(&config, 0, sizeof(config));
    memset(&mail, 0, sizeof(mail));
    memset(rcpt, 0, sizeof(rcpt));
    xor_open(&tls);
    config.name = "client.example";
    config.tls = DUVA_TLS_NEVER;
    client.link = &pipe_.link;
    client.host = "mx.example";
    for (i = 0; i < count; i++) {
        sprintf(address[i], "r%u@example.net", (unsigned)i);
        rcpt[i].addr = address[i];
    }
    mail.from = "ada@example.org";
    mail.rcpt = rcpt;
    mail.rcpt_count = count;
    mail.policy = DUVA_WHOEVER_IS_ACCEPTED;
    text.data = message;
    text.len = sizeof(message) - 1;
    text.pos = 0;
}

static void open_client(void)
{
    pipe_open(&pipe_);
    assert_int_equal(duva_client_init(&client, &config, buf, sizeof(buf)),
                     DUVA_OK);
}

static int send_it(void)
{
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

/* The message has arrived so many times. */
static void arrived_times(unsigned times)
{
    const size_t len = sizeof(arrived) - 1;
    unsigned     i;

    assert_int_equal(pipe_.peer.messages, times);
    assert_int_equal(pipe_.peer.message_len, times * len);
    for (i = 0; i < times; i++)
        assert_memory_equal(pipe_.peer.message + i * len, arrived, len);
}

/* ---- sources ---- */

static void memory_source(void **state)
{
    duva_memory m = { "abcdef", 6, 0 };
    char        got[8];

    (void)state;
    assert_int_equal(duva_memory_read(&m, got, 4), 4);
    assert_memory_equal(got, "abcd", 4);
    assert_int_equal(duva_memory_read(&m, got, 0), 0);
    assert_int_equal(duva_memory_read(&m, got, 8), 2);
    assert_memory_equal(got, "ef", 2);
    assert_int_equal(duva_memory_read(&m, got, 8), 0);
    assert_int_equal(duva_memory_read(&m, NULL, 0), 0);
    assert_int_equal(duva_memory_read(&m, got, 8), 6);
    m.data = NULL;
    m.len = m.pos = 0;
    assert_int_equal(duva_memory_read(&m, got, 8), 0);
}

static int bad_source(void *ctx, void *out, size_t len)
{
    (void)out;
    (void)len;
    return *(int *)ctx;
}

static void source_fails(void **state)
{
    static const int answers[] = { -1, -1000, INT32_MAX };
    size_t           i;

    (void)state;
    for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        int answer = answers[i];

        prepare(1);
        open_client();
        assert_int_equal(duva_send_mail(&client, &mail, bad_source, &answer),
                         DUVA_ERR_BODY);
        assert_int_equal(mail.result.reason, DUVA_REASON_SOURCE);
        assert_int_equal(mail.result.verdict, DUVA_RETRY);
        assert_int_equal(pipe_.peer.messages, 0);
        duva_close(&client);
    }
}

/* ---- sessions ---- */

static void one_mail(void **state)
{
    (void)state;
    prepare(1);
    open_client();
    assert_int_equal(send_it(), DUVA_OK);
    assert_int_equal(mail.result.verdict, DUVA_ACCEPTED);
    all_are(0, 1, DUVA_ACCEPTED);
    assert_int_equal(pipe_.closes, 0);
    assert_int_equal(duva_close(&client), DUVA_OK);
    assert_int_equal(pipe_.closes, 1);
    assert_int_equal(pipe_.peer.quits, 1);
    arrived_times(1);
}

static void two_mails(void **state)
{
    (void)state;
    prepare(2);
    open_client();
    assert_int_equal(send_it(), DUVA_OK);
    text.pos = 0;
    rcpt[0].verdict = rcpt[1].verdict = DUVA_PENDING;
    assert_int_equal(send_it(), DUVA_OK);
    assert_int_equal(duva_close(&client), DUVA_OK);
    arrived_times(2);
}

static void without_a_mail(void **state)
{
    (void)state;
    prepare(1);
    open_client();
    assert_int_equal(duva_run(&client), DUVA_OK);
    assert_int_equal(duva_close(&client), DUVA_OK);
    assert_int_equal(pipe_.peer.quits, 1);
}

static void closed_before_it_began(void **state)
{
    (void)state;
    prepare(1);
    open_client();
    assert_int_equal(duva_close(&client), DUVA_ERR_CANCELLED);
    assert_int_equal(pipe_.closes, 1);
    assert_int_equal(pipe_.peer.quits, 0);
    assert_int_equal(send_it(), DUVA_ERR_CANCELLED);
    assert_int_equal(mail.result.verdict, DUVA_RETRY);
    all_are(0, 1, DUVA_RETRY);
}

static void dead_session(void **state)
{
    (void)state;
    prepare(3);
    rcpt[1].verdict = DUVA_ACCEPTED;
    pipe_.read_err = DUVA_ERR_IO;
    open_client();
    pipe_.link.cause = 104;
    pipe_.peer.out_len = 0;
    assert_int_equal(send_it(), DUVA_ERR_IO);
    assert_int_equal(mail.result.cause, 104);
    assert_int_equal(mail.result.verdict, DUVA_RETRY);
    assert_int_equal(rcpt[0].verdict, DUVA_RETRY);
    assert_int_equal(rcpt[1].verdict, DUVA_ACCEPTED);
    assert_int_equal(duva_close(&client), DUVA_ERR_IO);
    assert_int_equal(pipe_.peer.quits, 0);
    assert_int_equal(pipe_.closes, 1);
}

/* Refused at the door: every recipient is told by whom and how. */
static void refused_at_the_door(void **state)
{
    char words[12];

    (void)state;
    prepare(2);
    open_client();
    pipe_.peer.out_len = 0;
    peer_say(&pipe_.peer, "554 5.3.2 no service here");
    rcpt[1].text = words;
    rcpt[1].text_size = sizeof(words);
    assert_int_equal(send_it(), DUVA_ERR_REJECTED);
    assert_int_equal(mail.result.verdict, DUVA_REFUSED);
    assert_int_equal(mail.result.status.code, 554);
    all_are(0, 2, DUVA_REFUSED);
    assert_int_equal(rcpt[0].status.code, 554);
    assert_int_equal(rcpt[0].status.stage, DUVA_STAGE_GREETING);
    assert_string_equal(words, "no service ");
    assert_int_equal(duva_close(&client), DUVA_ERR_REJECTED);
    assert_int_equal(pipe_.peer.quits, 1);
}

/* The wait is as long as the engine says, and then time is up. */
static void silence(void **state)
{
    (void)state;
    prepare(1);
    open_client();
    pipe_.peer.at_end = "250-queued, but";
    assert_int_equal(send_it(), DUVA_ERR_TIMEOUT);
    assert_int_equal(mail.result.verdict, DUVA_UNCERTAIN);
    assert_int_equal(pipe_.ms, 600000);
    duva_close(&client);
}

/* ---- too many recipients ---- */

static void split(const char *too_many, size_t count, unsigned limit)
{
    const unsigned rounds = (unsigned)(count + limit - 1) / limit;

    prepare(count);
    pipe_.peer.limit = limit;
    pipe_.peer.too_many = too_many;
    open_client();
    assert_int_equal(send_it(), DUVA_OK);
    assert_int_equal(mail.result.verdict, DUVA_ACCEPTED);
    all_are(0, count, DUVA_ACCEPTED);
    assert_int_equal(pipe_.peer.transactions, rounds);
    assert_int_equal(duva_close(&client), DUVA_OK);
    arrived_times(rounds);
    done(NULL);
}

static void too_many_recipients(void **state)
{
    (void)state;
    split("452 4.5.3 too many", 101, 100);
    split("552 5.5.3 too many", 250, 100);
    split("452 too many", 7, 1);
    split("452 too many", 100, 100);
}

/* A server that takes nobody is not asked for ever. */
static void nobody_is_taken(void **state)
{
    (void)state;
    prepare(3);
    pipe_.peer.full = 1;
    pipe_.peer.too_many = "452 4.5.3 too many";
    open_client();
    assert_int_equal(send_it(), DUVA_ERR_REJECTED);
    assert_int_equal(mail.result.verdict, DUVA_RETRY);
    all_are(0, 3, DUVA_RETRY);
    assert_int_equal(pipe_.peer.transactions, 1);
    duva_close(&client);
    arrived_times(0);
}

/* One who is put off for another reason is not tried again at once. */
static void other_reasons(void **state)
{
    (void)state;
    prepare(3);
    pipe_.peer.limit = 2;
    pipe_.peer.too_many = "450 4.2.1 busy";
    open_client();
    assert_int_equal(send_it(), DUVA_OK);
    all_are(0, 2, DUVA_ACCEPTED);
    all_are(2, 3, DUVA_RETRY);
    assert_int_equal(pipe_.peer.transactions, 1);
    duva_close(&client);
    arrived_times(1);
}

static int once(void *ctx, void *out, size_t len)
{
    return out == NULL ? -1 : duva_memory_read(ctx, out, len);
}

/* A message that cannot be read again stays accepted for the first. */
static void not_rewindable(void **state)
{
    (void)state;
    prepare(3);
    pipe_.peer.limit = 2;
    pipe_.peer.too_many = "452 too many";
    open_client();
    assert_int_equal(duva_send_mail(&client, &mail, once, &text), DUVA_OK);
    all_are(0, 2, DUVA_ACCEPTED);
    all_are(2, 3, DUVA_RETRY);
    duva_close(&client);
    arrived_times(1);
}

/* Lost in a later round: the first stays accepted. */
static void lost_in_second_round(void **state)
{
    size_t octets;

    (void)state;
    for (octets = 1; octets < 400; octets += 7) {
        prepare(3);
        pipe_.peer.limit = 2;
        pipe_.peer.too_many = "452 too many";
        open_client();
        pipe_.write_max = octets;
        pipe_.write_err = DUVA_ERR_IO;
        send_it();
        if (pipe_.peer.messages > 0)
            assert_int_equal(mail.result.verdict, DUVA_ACCEPTED);
        else
            assert_int_not_equal(mail.result.verdict, DUVA_ACCEPTED);
        all_are(0, 2, pipe_.peer.messages > 0 ? DUVA_ACCEPTED : DUVA_RETRY);
        if (pipe_.peer.messages < 2)
            all_are(2, 3, DUVA_RETRY);
        duva_close(&client);
        done(NULL);
    }
}

/* ---- TLS ---- */

static void with_starttls(void **state)
{
    (void)state;
    prepare(1);
    config.tls = DUVA_TLS_REQUIRED;
    client.tls = &tls.tls;
    pipe_.peer.ehlo = "250-peer\r\n250 STARTTLS";
    open_client();
    assert_int_equal(send_it(), DUVA_OK);
    assert_int_equal(duva_close(&client), DUVA_OK);
    assert_int_equal(pipe_.clear,
                     strlen("EHLO client.example\r\nSTARTTLS\r\n"));
    assert_int_equal(pipe_.closes, 1);
    assert_int_equal(tls.calls, 2);
    arrived_times(1);
}

static void with_implicit_tls(void **state)
{
    (void)state;
    prepare(1);
    config.tls = DUVA_TLS_IMPLICIT;
    client.tls = &tls.tls;
    open_client();
    assert_int_equal(send_it(), DUVA_OK);
    assert_int_equal(duva_close(&client), DUVA_OK);
    assert_int_equal(pipe_.clear, 0);
    arrived_times(1);
}

static void handshake_fails(void **state)
{
    (void)state;
    prepare(2);
    config.tls = DUVA_TLS_IMPLICIT;
    client.tls = &tls.tls;
    open_client();
    pipe_.handshake_err = DUVA_ERR_TLS;
    assert_int_equal(send_it(), DUVA_ERR_TLS);
    assert_int_equal(mail.result.verdict, DUVA_RETRY);
    assert_int_equal(mail.result.cause, 77);
    assert_int_equal(mail.result.reason, DUVA_REASON_CERT_EXPIRED);
    all_are(0, 2, DUVA_RETRY);
    assert_int_equal(duva_close(&client), DUVA_ERR_TLS);
    assert_int_equal(pipe_.clear, 0);
    assert_int_equal(pipe_.closes, 1);
}

/* ---- AUTH ---- */

static duva_sasl_password plain, login;
static duva_sasl         *both[] = { &login.base, &plain.base, NULL };

static void with_auth(const char *ehlo, uint32_t options)
{
    prepare(1);
    duva_sasl_plain_init(&plain, "ada", "opensesame");
    duva_sasl_login_init(&login, "ada", "opensesame");
    config.options = options;
    client.auth = both;
    pipe_.peer.ehlo = ehlo;
    open_client();
}

static void first_that_is_offered(void **state)
{
    (void)state;
    with_auth("250-peer\r\n250 AUTH PLAIN", DUVA_ALLOW_CLEAR_PASSWORD);
    assert_int_equal(send_it(), DUVA_OK);
    assert_int_equal(pipe_.peer.auths, 1);
    duva_close(&client);
    arrived_times(1);
}

static void none_is_offered(void **state)
{
    (void)state;
    with_auth("250-peer\r\n250 AUTH CRAM-MD5", DUVA_ALLOW_CLEAR_PASSWORD);
    assert_int_equal(send_it(), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(mail.result.reason, DUVA_REASON_NO_AUTH);
    assert_int_equal(mail.result.verdict, DUVA_RETRY);
    assert_int_equal(pipe_.peer.quits, 1);
    duva_close(&client);
    assert_int_equal(pipe_.peer.auths, 0);
}

static void clear_link(void **state)
{
    (void)state;
    with_auth("250-peer\r\n250 AUTH PLAIN", 0);
    assert_int_equal(send_it(), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(mail.result.reason, DUVA_REASON_CLEAR_LINK);
    duva_close(&client);
    assert_int_equal(pipe_.peer.auths, 0);
}

static void password_missing(void **state)
{
    (void)state;
    with_auth("250-peer\r\n250 AUTH PLAIN", DUVA_ALLOW_CLEAR_PASSWORD);
    duva_sasl_plain_init(&plain, "ada", NULL);
    assert_int_equal(send_it(), DUVA_ERR_ARG);
    assert_int_equal(mail.result.verdict, DUVA_RETRY);
    duva_close(&client);
    assert_int_equal(pipe_.peer.auths, 0);
}

static void caller_is_asked(void **state)
{
    (void)state;
    with_auth("250-peer\r\n250 AUTH PLAIN", DUVA_ALLOW_CLEAR_PASSWORD);
    client.ask_auth = 1;
    assert_int_equal(duva_run(&client), DUVA_OK);
    assert_int_equal(duva_next(&client.engine), DUVA_AUTH);
    assert_int_equal(duva_server(&client.engine)->auth, DUVA_AUTH_PLAIN);
    assert_int_equal(duva_auth_skip(&client.engine), DUVA_OK);
    assert_int_equal(send_it(), DUVA_OK);
    duva_close(&client);
    assert_int_equal(pipe_.peer.auths, 0);
    arrived_times(1);
}

/* ---- links that cannot be written to ---- */

static void last_words(void **state)
{
    static const duva_err errs[] = { DUVA_OK, DUVA_ERR_CLOSED, DUVA_ERR_IO };
    size_t                i;

    (void)state;
    for (i = 0; i < 3; i++) {
        prepare(1);
        open_client();
        pipe_.write_max = strlen("EHLO client.example\r\n"
                                 "MAIL FROM:<ada@example.org>\r\n"
                                 "RCPT TO:<r0@example.net>\r\n"
                                 "DATA\r\nSubject:");
        pipe_.write_err = errs[i];
        pipe_.last_words = "554 5.7.1 enough";
        assert_int_equal(send_it(), DUVA_ERR_REJECTED);
        assert_int_equal(mail.result.verdict, DUVA_REFUSED);
        assert_int_equal(mail.result.status.code, 554);
        assert_string_equal(mail.result.text, "enough");
        duva_close(&client);
        done(NULL);
    }
}

static void arguments(void **state)
{
    (void)state;
    prepare(1);
    assert_int_equal(duva_client_init(NULL, &config, buf, sizeof(buf)),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_client_init(&client, NULL, buf, sizeof(buf)),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_client_init(&client, &config, NULL, 0),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_client_init(&client, &config, buf, 63),
                     DUVA_ERR_SPACE);
    client.link = NULL;
    assert_int_equal(duva_client_init(&client, &config, buf, sizeof(buf)),
                     DUVA_ERR_ARG);
    client.link = &pipe_.link;
    config.tls = DUVA_TLS_REQUIRED;
    assert_int_equal(duva_client_init(&client, &config, buf, sizeof(buf)),
                     DUVA_ERR_ARG);
    config.tls = DUVA_TLS_IF_OFFERED;
    assert_int_equal(duva_client_init(&client, &config, buf, sizeof(buf)),
                     DUVA_ERR_ARG);
    config.tls = DUVA_TLS_NEVER;
    open_client();
    assert_int_equal(duva_send_mail(NULL, &mail, duva_memory_read, &text),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_send_mail(&client, NULL, duva_memory_read, &text),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_send_mail(&client, &mail, NULL, &text),
                     DUVA_ERR_ARG);
    duva_close(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_source),
        cmocka_unit_test_teardown(source_fails, done),
        cmocka_unit_test_teardown(one_mail, done),
        cmocka_unit_test_teardown(two_mails, done),
        cmocka_unit_test_teardown(without_a_mail, done),
        cmocka_unit_test_teardown(closed_before_it_began, done),
        cmocka_unit_test_teardown(dead_session, done),
        cmocka_unit_test_teardown(refused_at_the_door, done),
        cmocka_unit_test_teardown(silence, done),
        cmocka_unit_test_teardown(too_many_recipients, done),
        cmocka_unit_test_teardown(nobody_is_taken, done),
        cmocka_unit_test_teardown(other_reasons, done),
        cmocka_unit_test_teardown(not_rewindable, done),
        cmocka_unit_test_teardown(lost_in_second_round, done),
        cmocka_unit_test_teardown(with_starttls, done),
        cmocka_unit_test_teardown(with_implicit_tls, done),
        cmocka_unit_test_teardown(handshake_fails, done),
        cmocka_unit_test_teardown(first_that_is_offered, done),
        cmocka_unit_test_teardown(none_is_offered, done),
        cmocka_unit_test_teardown(clear_link, done),
        cmocka_unit_test_teardown(password_missing, done),
        cmocka_unit_test_teardown(caller_is_asked, done),
        cmocka_unit_test_teardown(last_words, done),
        cmocka_unit_test(arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
