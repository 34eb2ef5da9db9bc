/* client.c - walks client.h and fit.h. */
/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include "duva/fit.h"

/* A link whose server has hung up. */
static int shut_read(duva_link *l, void *buf, size_t len)
{
    (void)l;
    (void)buf;
    (void)len;
    return DUVA_ERR_CLOSED;
}

static int shut_write(duva_link *l, const void *buf, size_t len)
{
    return shut_read(l, (void *)(uintptr_t)buf, len);
}

static int shut_wait(duva_link *l, unsigned can, uint32_t ms)
{
    (void)l;
    (void)ms;
    return (int)can;
}

static int closed;

static void shut_close(duva_link *l)
{
    (void)l;
    closed++;
}

static const duva_link_ops shut = { shut_read, shut_write, shut_wait,
                                    shut_close };
static duva_link           link_ = { &shut, 0 };
static const duva_config   config = { .name = "client.example",
                                      .tls = DUVA_TLS_NEVER };
static duva_client         client;
static duva_rcpt           rcpt;
static duva_mail           mail;
static uint8_t             out[256];

static void set_up(void)
{
    memset(&client, 0, sizeof(client));
    client.link = &link_;
    assert_int_equal(duva_client_init(&client, &config, out, sizeof(out)),
                     DUVA_OK);
    memset(&mail, 0, sizeof(mail));
    memset(&rcpt, 0, sizeof(rcpt));
    rcpt.addr = "ada@example.org";
    mail.from = "bob@example.org";
    mail.rcpt = &rcpt;
    mail.rcpt_count = 1;
}

/* The same, and a server that is there. */
static void come_to_idle(void)
{
    static const char ehlo[] = "220 peer\r\n250 peer\r\n";
    size_t            len;

    set_up();
    duva_feed(&client.engine, ehlo, 10);
    duva_pending(&client.engine, &len);
    duva_sent(&client.engine, len);
    duva_feed(&client.engine, ehlo + 10, sizeof(ehlo) - 11);
    assert_int_equal(duva_auth_skip(&client.engine), DUVA_OK);
    assert_int_equal(duva_next(&client.engine), DUVA_IDLE);
}

static int nothing(duva_link *l, void *buf, size_t len)
{
    (void)l;
    (void)buf;
    (void)len;
    return 0;
}

static const duva_link_ops quiet = { nothing, shut_write, shut_wait,
                                     shut_close };

static void walk_duva_memory_read(void **state)
{
    duva_memory m = { NULL, 0, 0 };
    char        buf[4] = "abc";

    (void)state;
    assert_int_equal(duva_memory_read(&m, buf, sizeof(buf)), 0);
    assert_int_equal(duva_memory_read(&m, NULL, 9), 0);
    m = (duva_memory) { "xyz", 3, 9 }; /* behind its end */
    assert_int_equal(duva_memory_read(&m, buf, sizeof(buf)), 0);
    assert_string_equal(buf, "abc");
    m.pos = 0;
    assert_int_equal(duva_memory_read(&m, buf, 0), 0);
    assert_int_equal(duva_memory_read(&m, buf, 2), 2);
    assert_int_equal(duva_memory_read(&m, buf, SIZE_MAX), 1);
}

static void walk_duva_client_init(void **state)
{
    duva_config c = config;

    (void)state;
    memset(&client, 0, sizeof(client));
    assert_int_equal(duva_client_init(NULL, &c, out, sizeof(out)),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_client_init(&client, &c, out, sizeof(out)),
                     DUVA_ERR_ARG);
    client.link = &link_;
    assert_int_equal(duva_client_init(&client, NULL, out, sizeof(out)),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_client_init(&client, &c, NULL, sizeof(out)),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_client_init(&client, &c, out, 0), DUVA_ERR_SPACE);
    c.tls = DUVA_TLS_REQUIRED;
    assert_int_equal(duva_client_init(&client, &c, out, sizeof(out)),
                     DUVA_ERR_ARG);
    c.tls = (duva_tls_mode)WALK_NONE;
    assert_int_equal(duva_client_init(&client, &c, out, sizeof(out)),
                     DUVA_ERR_ARG);
    c.tls = DUVA_TLS_NEVER;
    c.name = "";
    assert_int_equal(duva_client_init(&client, &c, out, sizeof(out)),
                     DUVA_ERR_ARG);
}

static void walk_duva_step(void **state)
{
    (void)state;
    set_up();
    assert_int_equal(duva_step(&client), 1);
    assert_int_equal(duva_step(&client), 1); /* of what is over */
}

static void walk_duva_run(void **state)
{
    (void)state;
    set_up();
    assert_int_equal(duva_run(&client), DUVA_ERR_CLOSED);
    assert_int_equal(duva_run(&client), DUVA_ERR_CLOSED);
}

static void check_mail(duva_reason reason)
{
    link_.ops = &quiet;
    assert_int_equal(duva_send_mail(&client, &mail, walk_source, NULL),
                     DUVA_ERR_ARG);
    link_.ops = &shut;
    assert_int_equal(mail.result.reason, reason);
    assert_int_equal(mail.result.verdict, DUVA_REFUSED);
    come_to_idle();
}

static void walk_duva_send_mail(void **state)
{
    size_t at = 0;

    (void)state;
    set_up();
    assert_int_equal(duva_send_mail(NULL, &mail, walk_source, &at),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_send_mail(&client, NULL, walk_source, &at),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_send_mail(&client, &mail, NULL, &at),
                     DUVA_ERR_ARG);
    come_to_idle();
    mail.rcpt = NULL;
    check_mail(DUVA_REASON_MISSING);
    mail.rcpt_count = 0;
    check_mail(DUVA_REASON_NO_RECIPIENT);
    mail.from = NULL;
    check_mail(DUVA_REASON_MISSING);
    rcpt.addr = NULL;
    rcpt.text_size = 9;
    check_mail(DUVA_REASON_MISSING);
    set_up();
    rcpt.text_size = 9;        /* and the session dies */
    assert_int_equal(duva_send_mail(&client, &mail, walk_source, &at),
                     DUVA_ERR_CLOSED);
    assert_int_equal(rcpt.verdict, DUVA_RETRY);
    mail.rcpt = NULL;
    assert_int_equal(duva_send_mail(&client, &mail, walk_source, &at),
                     DUVA_ERR_CLOSED);
}

static void walk_duva_send_mails(void **state)
{
    duva_job job;
    size_t   at = 0;

    (void)state;
    set_up();
    memset(&job, 0, sizeof(job));
    assert_int_equal(duva_send_mails(NULL, &job, 1), DUVA_ERR_ARG);
    assert_int_equal(duva_send_mails(&client, NULL, 1), DUVA_ERR_ARG);
    assert_int_equal(duva_send_mails(&client, &job, 1), DUVA_ERR_ARG);
    come_to_idle();
    link_.ops = &quiet;
    assert_int_equal(duva_send_mails(&client, NULL, 0), DUVA_OK);
    job.mail = mail;
    job.mail.rcpt = NULL;
    job.source = walk_source;
    job.source_ctx = &at;
    assert_int_equal(duva_send_mails(&client, &job, 1), DUVA_ERR_ARG);
    link_.ops = &shut;
    assert_int_equal(job.mail.result.reason, DUVA_REASON_MISSING);
    set_up();
    assert_int_equal(duva_send_mails(&client, &job, 1), DUVA_ERR_CLOSED);
    assert_int_equal(job.mail.result.verdict, DUVA_RETRY);
}

static void walk_duva_mail_never_begun(void **state)
{
    const duva_result why = { .verdict = DUVA_RETRY, .text = "busy" };
    char              words[3] = "##";

    (void)state;
    set_up();
    rcpt.text_size = 9;
    duva_mail_never_begun(&mail, &why);
    assert_int_equal(rcpt.verdict, DUVA_RETRY);
    rcpt.text = words;
    rcpt.text_size = 0;
    duva_mail_never_begun(&mail, &why);
    assert_string_equal(words, "##");
    rcpt.text_size = 2;
    duva_mail_never_begun(&mail, &why);
    assert_string_equal(words, "b");
    mail.rcpt = NULL;
    duva_mail_never_begun(&mail, &why);
    assert_string_equal(mail.result.text, "busy");
}

static void walk_duva_may_go_clear(void **state)
{
    (void)state;
    set_up();
    assert_int_equal(duva_may_go_clear(&client), 0);
    duva_run(&client);
    assert_int_equal(duva_may_go_clear(&client), 0);
}

static void walk_duva_ask(void **state)
{
    duva_query q;

    (void)state;
    memset(&q, 0, sizeof(q));
    set_up();
    assert_int_equal(duva_ask(NULL, &q), DUVA_ERR_ARG);
    assert_int_equal(duva_ask(&client, NULL), DUVA_ERR_ARG);
    q.verb = DUVA_NOOP;
    assert_int_equal(duva_ask(&client, &q), DUVA_ERR_STATE);
    come_to_idle();
    link_.ops = &quiet;
    q.verb = (duva_verb)WALK_NONE;
    assert_int_equal(duva_ask(&client, &q), DUVA_ERR_ARG);
    link_.ops = &shut;
}

static void walk_duva_close(void **state)
{
    (void)state;
    set_up();
    closed = 0;
    assert_int_equal(duva_close(&client), DUVA_ERR_CANCELLED);
    assert_int_equal(closed, 1);
    come_to_idle();
    assert_int_equal(duva_close(&client), DUVA_OK);
    assert_int_equal(closed, 2);
}

static void walk_duva_send_quit(void **state)
{
    char buf[8];

    (void)state;
    assert_int_equal(duva_send_quit(&link_, buf, sizeof(buf), 0),
                     DUVA_ERR_CLOSED);
}

static void walk_duva_fit_convert(void **state)
{
    duva_convert c;

    (void)state;
    set_up();
    memset(&c, 0, sizeof(c));
    assert_int_equal(duva_fit_convert(&c, UINT32_MAX, &mail), DUVA_ERR_ARG);
    assert_int_equal(mail.result.reason, DUVA_REASON_MISSING);
    memset(&c, 0, sizeof(c));
    c.source = walk_no_source;
    assert_int_equal(duva_fit_convert(&c, 0, &mail), DUVA_ERR_BODY);
    assert_int_equal(mail.result.reason, DUVA_REASON_SOURCE);
}

static void walk_duva_fit_mime(void **state)
{
    duva_message message;
    duva_mime    m;

    (void)state;
    set_up();
    memset(&m, 0, sizeof(m));
    assert_int_equal(duva_fit_mime(&m, UINT32_MAX, &mail), DUVA_ERR_ARG);
    assert_int_equal(mail.result.reason, DUVA_REASON_MISSING);
    memset(&message, 0, sizeof(message));
    m.message = &message;
    assert_int_equal(duva_fit_mime(&m, 0, &mail), DUVA_ERR_ARG);
    assert_int_equal(mail.result.reason, DUVA_REASON_MISSING);
}

static const struct CMUnitTest tests[] = {
    WALK(duva_memory_read), WALK(duva_client_init), WALK(duva_step),
    WALK(duva_run), WALK(duva_send_mail), WALK(duva_send_mails),
    WALK(duva_mail_never_begun), WALK(duva_may_go_clear), WALK(duva_ask),
    WALK(duva_close), WALK(duva_send_quit), WALK(duva_fit_convert),
    WALK(duva_fit_mime)
};

const struct walk walk_client = WALKED(tests);
