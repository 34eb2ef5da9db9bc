/* test_client_mails.c - several mails in one call, and messages that bypass the
 * engine: client.c. */
/* SPDX-License-Identifier: MIT */
#include "pipe_link.h"

#include "duva/overlap.h"

#include "cmocka_all.h"

enum { MAILS = 5 };

static const char message[] = "Subject: hello\r\n\r\nlast\r\n";
#define LENGTH (sizeof(message) - 1)

static const char offers[] = "250-peer\r\n250-PIPELINING\r\n"
                             "250-8BITMIME\r\n250 CHUNKING";

static struct pipe_link pipe_;
static struct xor_tls   tls;
static duva_client      client;
static duva_config      config;
static uint8_t          buf[256];
static duva_job         job[MAILS];
static duva_rcpt        rcpt[MAILS];
static char             from[MAILS][32];
static duva_memory      text[MAILS];

static void prepare(uint32_t window, const char *ehlo)
{
    size_t i;

    memset(&pipe_, 0, sizeof(pipe_));
    memset(&client, 0, sizeof(client));
    memset(&config, 0, sizeof(config));
    memset(job, 0, sizeof(job));
    memset(rcpt, 0, sizeof(rcpt));
    xor_open(&tls);
    config.name = "client.example";
    config.tls = DUVA_TLS_NEVER;
    config.window = window;
    client.link = &pipe_.link;
    client.host = "mx.example";
    pipe_.peer.ehlo = ehlo;
    for (i = 0; i < MAILS; i++) {
        sprintf(from[i], "ada-%u@example.org", (unsigned)i);
        rcpt[i].addr = "bob@example.net";
        job[i].mail.from = from[i];
        job[i].mail.rcpt = &rcpt[i];
        job[i].mail.rcpt_count = 1;
        job[i].mail.size = LENGTH;
        job[i].source = duva_memory_read;
        job[i].source_ctx = &text[i];
        text[i].data = message;
        text[i].len = LENGTH;
        text[i].pos = 0;
    }
}

static void open_client(void)
{
    pipe_open(&pipe_);
    assert_int_equal(duva_client_init(&client, &config, buf, sizeof(buf)),
                     DUVA_OK);
    assert_int_equal(duva_overlap_set(&client.engine, DUVA_OVERLAP_SHOWN),
                     DUVA_OK);
}

static int done(void **state)
{
    (void)state;
    free(pipe_.peer.message);
    pipe_.peer.message = NULL;
    return 0;
}

static void arrived_times(unsigned times)
{
    unsigned i;

    assert_int_equal(pipe_.peer.messages, times);
    assert_int_equal(pipe_.peer.message_len, times * LENGTH);
    for (i = 0; i < times; i++)
        assert_memory_equal(pipe_.peer.message + i * LENGTH, message, LENGTH);
}

static void is(size_t i, duva_verdict verdict, duva_err err)
{
    assert_int_equal(job[i].mail.result.verdict, verdict);
    assert_int_equal(job[i].mail.result.err, err);
    assert_int_equal(rcpt[i].verdict, verdict);
}

/* ---- many mails ---- */

static void all_accepted(void **state)
{
    uint32_t window;
    size_t   i;
    uint8_t  flags;

    (void)state;
    for (window = 0; window < 7; window++)
        for (flags = 0; flags <= DUVA_MAIL_EXACT; flags += DUVA_MAIL_EXACT) {
            prepare(window, offers);
            for (i = 0; i < MAILS; i++)
                job[i].mail.flags = flags;
            open_client();
            assert_int_equal(duva_send_mails(&client, job, MAILS), DUVA_OK);
            for (i = 0; i < MAILS; i++)
                is(i, DUVA_ACCEPTED, DUVA_OK);
            assert_int_equal(duva_send_mails(&client, NULL, 0), DUVA_OK);
            assert_int_equal(duva_close(&client), DUVA_OK);
            assert_int_equal(pipe_.peer.quits, 1);
            arrived_times(MAILS);
            done(NULL);
        }
}

static void wrong_arguments(void **state)
{
    (void)state;
    prepare(1, offers);
    open_client();
    assert_int_equal(duva_send_mails(NULL, job, MAILS), DUVA_ERR_ARG);
    assert_int_equal(duva_send_mails(&client, NULL, 1), DUVA_ERR_ARG);
    job[MAILS - 1].source = NULL;
    assert_int_equal(duva_send_mails(&client, job, MAILS), DUVA_ERR_ARG);
    assert_int_equal(pipe_.waits, 0);
    assert_int_equal(job[0].mail.result.verdict, DUVA_PENDING);
    assert_int_equal(duva_send_mails(&client, job, MAILS - 1), DUVA_OK);
    duva_close(&client);
    arrived_times(MAILS - 1);
}

/* Those that cannot begin do not stop the others. */
static void some_cannot_begin(void **state)
{
    (void)state;
    prepare(2, "250-peer\r\n250-PIPELINING\r\n250-SIZE 100\r\n250 CHUNKING");
    job[0].mail.from = "a b";
    job[2].mail.size = 101;
    job[4].mail.rcpt_count = 0;
    open_client();
    assert_int_equal(duva_send_mails(&client, job, MAILS), DUVA_ERR_ARG);
    is(0, DUVA_REFUSED, DUVA_ERR_ARG);
    is(1, DUVA_ACCEPTED, DUVA_OK);
    is(2, DUVA_REFUSED, DUVA_ERR_UNSUPPORTED);
    assert_int_equal(job[2].mail.result.reason, DUVA_REASON_TOO_BIG);
    is(3, DUVA_ACCEPTED, DUVA_OK);
    assert_int_equal(job[4].mail.result.verdict, DUVA_REFUSED);
    assert_int_equal(job[4].mail.result.reason, DUVA_REASON_NO_RECIPIENT);
    duva_close(&client);
    arrived_times(2);
}

static void some_refused(void **state)
{
    (void)state;
    prepare(3, offers);
    rcpt[1].addr = "nobody@example.net";
    open_client();
    assert_int_equal(duva_send_mails(&client, job, MAILS), DUVA_ERR_REJECTED);
    is(0, DUVA_ACCEPTED, DUVA_OK);
    is(1, DUVA_REFUSED, DUVA_ERR_REJECTED);
    is(2, DUVA_ACCEPTED, DUVA_OK);
    is(4, DUVA_ACCEPTED, DUVA_OK);
    duva_close(&client);
    arrived_times(MAILS - 1);
}

/* The link takes so many octets and no more.  What the server had to say is
 * read still, so that nothing is uncertain. */
static void session_dies(void **state)
{
    size_t  octets, i;
    uint8_t flags;

    (void)state;
    for (flags = 0; flags <= DUVA_MAIL_EXACT; flags += DUVA_MAIL_EXACT)
        for (octets = 0; octets < 700; octets++) {
            prepare(2, offers);
            for (i = 0; i < MAILS; i++)
                job[i].mail.flags = flags;
            open_client();
            pipe_.write_max = octets;
            pipe_.write_err = DUVA_ERR_IO;
            duva_send_mails(&client, job, MAILS);
            for (i = 0; i < MAILS; i++)
                if (i < pipe_.peer.messages)
                    is(i, DUVA_ACCEPTED, DUVA_OK);
                else
                    is(i, DUVA_RETRY, DUVA_ERR_IO);
            duva_close(&client);
            done(NULL);
        }
}

/* The same, and the server's answers are lost from then on. */
static void answers_lost(void **state)
{
    size_t i;

    (void)state;
    prepare(2, offers);
    for (i = 0; i < MAILS; i++)
        job[i].mail.flags = DUVA_MAIL_EXACT;
    open_client();
    pipe_.peer.at_end = "250 first\r\nnonsense";
    assert_int_equal(duva_send_mails(&client, job, MAILS), DUVA_ERR_PROTOCOL);
    is(0, DUVA_ACCEPTED, DUVA_OK);
    assert_int_equal(pipe_.peer.messages, 2);
    is(1, DUVA_UNCERTAIN, DUVA_ERR_PROTOCOL);
    for (i = 2; i < MAILS; i++)
        is(i, DUVA_RETRY, DUVA_ERR_PROTOCOL);
    duva_close(&client);
}

/* ---- past the engine ---- */

static char big[1000];         /* more than the engine's buffer holds */

static struct {
    unsigned calls, reads;
    int      answer;           /* instead of sending; 1: nothing special */
} direct;

static int send_direct(void *ctx, duva_link *link, size_t len)
{
    duva_memory *m = ctx;
    int          n;

    direct.calls++;
    link->cause = 9;
    if (direct.answer != 1)
        return direct.answer;
    assert_int_equal(len, m->len - m->pos);
    n = link->ops->write(link, m->data + m->pos, len < 7 ? len : 7);
    m->pos += n > 0 ? (size_t)n : 0;
    return n;
}

static int count_reads(void *ctx, void *out, size_t len)
{
    direct.reads++;
    return duva_memory_read(ctx, out, len);
}

/* What the link knows of an error is gone when it is read. */
static int forgetful_read(duva_link *l, void *out, size_t len)
{
    l->cause = 0;
    return pipe_read(l, out, len);
}

static void prepare_direct(int answer, uint8_t flags)
{
    prepare(0, offers);
    memset(&direct, 0, sizeof(direct));
    memset(big, 'x', sizeof(big));
    memcpy(big + sizeof(big) - 5, "end\r\n", 5);
    big[500] = '\n';
    direct.answer = answer;
    text[0].data = big;
    text[0].len = sizeof(big);
    job[0].mail.size = sizeof(big);
    job[0].mail.flags = flags;
    job[0].source = count_reads;
    job[0].direct = send_direct;
}

static void big_arrived(void)
{
    assert_int_equal(pipe_.peer.messages, 1);
    assert_int_equal(pipe_.peer.message_len, sizeof(big));
    assert_memory_equal(pipe_.peer.message, big, sizeof(big));
}

/* What fits into the write of the envelope goes with it, the rest past. */
static void goes_past(void **state)
{
    (void)state;
    prepare_direct(1, DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS);
    open_client();
    assert_int_equal(duva_send_mails(&client, job, 1), DUVA_OK);
    assert_int_equal(direct.reads, 1);
    assert_true(direct.calls > (sizeof(big) - sizeof(buf)) / 7);
    duva_close(&client);
    big_arrived();
}

/* The next mail has a source of its own, and no way past. */
static void goes_past_alone(void **state)
{
    unsigned calls;

    (void)state;
    prepare_direct(1, DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS);
    open_client();
    assert_int_equal(duva_send_mails(&client, job, 1), DUVA_OK);
    calls = direct.calls;
    text[1].data = big;
    text[1].len = sizeof(big);
    job[1].mail.size = sizeof(big);
    job[1].mail.flags = DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS;
    assert_int_equal(duva_send_mail(&client, &job[1].mail, job[1].source,
                                    job[1].source_ctx), DUVA_OK);
    assert_int_equal(direct.calls, calls);
    duva_close(&client);
    assert_int_equal(pipe_.peer.messages, 2);
    assert_memory_equal(pipe_.peer.message + sizeof(big), big, sizeof(big));
}

/* Somebody must look at the message, or hide it. */
static void goes_through(void **state)
{
    (void)state;
    prepare_direct(1, DUVA_MAIL_EXACT);
    big[500] = 'x';
    memcpy(big + 500, "\r\n", 2);
    open_client();
    assert_int_equal(duva_send_mails(&client, job, 1), DUVA_OK);
    assert_int_equal(direct.calls, 0);
    duva_close(&client);
    big_arrived();
    done(NULL);
    prepare_direct(1, DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS);
    config.tls = DUVA_TLS_IMPLICIT;
    client.tls = &tls.tls;
    open_client();
    assert_int_equal(duva_send_mails(&client, job, 1), DUVA_OK);
    assert_int_equal(direct.calls, 0);
    duva_close(&client);
    big_arrived();
}

static void direct_fails(void **state)
{
    static const duva_link_ops ops = {
        forgetful_read, pipe_write, pipe_wait, pipe_close
    };
    static const duva_err errs[] = { DUVA_ERR_IO, DUVA_ERR_CLOSED,
                                     DUVA_ERR_BODY };
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        prepare_direct(errs[i], DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS);
        open_client();
        pipe_.link.ops = &ops;
        assert_int_equal(duva_send_mails(&client, job, 1), errs[i]);
        is(0, DUVA_RETRY, errs[i]);
        assert_int_equal(job[0].mail.result.cause, 9);
        duva_close(&client);
        done(NULL);
    }
}

/* A count beyond what there was is no count. */
static void direct_lies(void **state)
{
    (void)state;
    prepare_direct((int)sizeof(big) + 1, DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS);
    open_client();
    assert_int_equal(duva_send_mails(&client, job, 1), DUVA_ERR_BODY);
    is(0, DUVA_RETRY, DUVA_ERR_BODY);
    duva_close(&client);
    assert_int_equal(pipe_.peer.messages, 0);
}

/* The link takes no more, and the server does not speak. */
static void direct_waits(void **state)
{
    (void)state;
    prepare_direct(0, DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS);
    open_client();
    assert_int_equal(duva_run(&client), DUVA_OK);
    pipe_.write_max = sizeof(buf);
    assert_int_equal(duva_send_mails(&client, job, 1), DUVA_ERR_TIMEOUT);
    assert_int_equal(direct.calls, 2); /* with the server heard between */
    assert_int_equal(pipe_.ms, 180000);
    is(0, DUVA_RETRY, DUVA_ERR_TIMEOUT);
    duva_close(&client);
}

/* Refuses the second, with what is offered. */
static int fit(void *ctx, uint32_t caps, duva_mail *mail)
{
    assert_true((caps & DUVA_CAP_CHUNKING) != 0);
    if (ctx == &text[1]) {
        mail->result.reason = DUVA_REASON_NOT_ASCII;
        mail->result.where = 7;
        return DUVA_ERR_UNSUPPORTED;
    }
    mail->size = LENGTH;
    return DUVA_OK;
}

static void fits_each(void **state)
{
    size_t i;

    (void)state;
    prepare(2, offers);
    for (i = 0; i < 3; i++) {
        job[i].mail.size = 0;
        job[i].mail.flags = DUVA_MAIL_EXACT;
        job[i].fit = fit;
    }
    open_client();
    assert_int_equal(duva_send_mails(&client, job, 3), DUVA_ERR_UNSUPPORTED);
    arrived_times(2);
    assert_int_equal(job[0].mail.size, LENGTH);
    assert_int_equal(job[1].mail.result.verdict, DUVA_REFUSED);
    assert_int_equal(job[1].mail.result.reason, DUVA_REASON_NOT_ASCII);
    assert_int_equal(job[1].mail.result.where, 7);
    assert_int_equal(rcpt[1].verdict, DUVA_REFUSED);
    assert_int_equal(job[2].mail.result.verdict, DUVA_ACCEPTED);
    duva_close(&client);
}

static void fits_one(void **state)
{
    (void)state;
    prepare(0, offers);
    open_client();
    client.fit = fit;
    assert_int_equal(duva_send_mail(&client, &job[1].mail, duva_memory_read,
                                    &text[1]), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(job[1].mail.result.verdict, DUVA_REFUSED);
    assert_int_equal(duva_send_mail(&client, &job[0].mail, duva_memory_read,
                                    &text[0]), DUVA_OK);
    arrived_times(1);
    duva_close(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(all_accepted, done),
        cmocka_unit_test_teardown(wrong_arguments, done),
        cmocka_unit_test_teardown(some_cannot_begin, done),
        cmocka_unit_test_teardown(some_refused, done),
        cmocka_unit_test_teardown(session_dies, done),
        cmocka_unit_test_teardown(answers_lost, done),
        cmocka_unit_test_teardown(goes_past, done),
        cmocka_unit_test_teardown(goes_past_alone, done),
        cmocka_unit_test_teardown(goes_through, done),
        cmocka_unit_test_teardown(direct_fails, done),
        cmocka_unit_test_teardown(direct_lies, done),
        cmocka_unit_test_teardown(direct_waits, done),
        cmocka_unit_test_teardown(fits_each, done),
        cmocka_unit_test_teardown(fits_one, done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
