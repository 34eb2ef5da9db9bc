/* window.h - a session with pipelined transactions, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_WINDOW_H
#define DUVA_TEST_WINDOW_H

#include "duva/overlap.h"

#include "cmocka_all.h"

enum { MAILS = 4 };

static const char without_chunking[] = "250-mx\r\n250 PIPELINING\r\n";

static duva_engine e;
static duva_config config;
static uint8_t     buf[512];
static duva_mail   mail[MAILS];
static duva_rcpt   rcpt[MAILS];

static inline void feed(const char *text)
{
    assert_int_equal(duva_feed(&e, text, strlen(text)), DUVA_OK);
}

static inline size_t pending(void)
{
    size_t len;

    duva_pending(&e, &len);
    return len;
}

static inline void send_all(void)
{
    while (pending() > 0)
        duva_sent(&e, pending());
}

/* A session that is idle, and mails of five octets each, in whose flights is
 * what an earlier session may have left there. */
static inline void open_session(const char *offers, uint32_t window,
                                uint8_t flags)
{
    size_t i;

    memset(&config, 0, sizeof(config));
    memset(mail, 0, sizeof(mail));
    memset(rcpt, 0, sizeof(rcpt));
    config.name = "client.example";
    config.tls = DUVA_TLS_NEVER;
    config.window = window;
    for (i = 0; i < MAILS; i++) {
        rcpt[i].addr = "bob@example.net";
        mail[i].from = "ada@example.org";
        mail[i].rcpt = &rcpt[i];
        mail[i].rcpt_count = 1;
        mail[i].flags = flags;
        mail[i].size = 5;
        memset(&mail[i].flight, 0x11, sizeof(mail[i].flight));
    }
    assert_int_equal(duva_init(&e, &config, buf, sizeof(buf)), DUVA_OK);
    feed("220 mx\r\n");
    send_all();
    feed(offers);
    assert_int_equal(duva_auth_skip(&e), DUVA_OK);
    assert_int_equal(duva_overlap_set(&e, DUVA_OVERLAP_SHOWN), DUVA_OK);
}

static inline void start(size_t i)
{
    assert_int_equal(duva_mail_start(&e, &mail[i]), DUVA_OK);
}

static inline int fill(const char *text)
{
    size_t room;
    void  *at = duva_room(&e, &room);

    assert_true(room >= strlen(text));
    memcpy(at, text, strlen(text));
    return duva_filled(&e, strlen(text));
}

/* All of a message that is five octets long. */
static inline void say_message(void)
{
    assert_int_equal(duva_next(&e), DUVA_BODY);
    assert_int_equal(fill("abc\r\n"), DUVA_OK);
    assert_int_equal(duva_body_end(&e), DUVA_OK);
}

/* The mail that is said, and whether another one may follow, or QUIT. */
static inline void stands(const duva_mail *speaking, int may_start,
                          int may_quit)
{
    const duva_engine kept = e;

    assert_ptr_equal(duva_speaking(&e), speaking);
    assert_int_equal(duva_may_start(&e), may_start);
    if (!may_start)
        assert_int_equal(duva_mail_start(&e, &mail[MAILS - 1]),
                         DUVA_ERR_STATE);
    if (!may_quit)
        assert_int_equal(duva_quit(&e), DUVA_ERR_STATE);
    assert_memory_equal(&e, &kept, sizeof(e));
}

#endif
