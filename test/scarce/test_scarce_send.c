/* test_scarce_send.c - sending a mail with little memory or few descriptors. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "../unit/support/tls_adapter.h"

#include "duva/openssl.h"
#include "duva/posix.h"
#include "duva/scram.h"

#include "../unit/support/cmocka_all.h"
#include "allocator.h"
#include "scarce.h"
#include "server.h"

#include <errno.h>

static struct identity authority, stranger, good;
static char            pem[4096];

/* What is sent, and how it may end when nothing is short. */
struct visit_plan {
    const char *name;
    struct server server;
    duva_tls_mode tls;
    const char *host;          /* whom the certificate must name */
    const struct identity *trusted;
    unsigned    mails;         /* each on a connection of its own */
    duva_reason reason;        /* of ERR_TLS; NONE: it is accepted */
    int         pins, any;     /* a pin is given; anybody is trusted */
};

struct letter {
    duva_mail   mail;
    duva_rcpt   rcpt;
    duva_memory text;
};

static adapter         tls;
static duva_tls_config trust;
static duva_pin        pin;
static struct letter   letter[2];
static int             inits;    /* what adapter_init() said */
static unsigned        uncertain; /* lost with the answer to the message */

/* OpenSSL may be without memory for a moment and fail later, with an error that
 * does not tell.  Where it lasts, or with mbedTLS, there is no excuse. */
static int may_be_silent(void)
{
#ifdef DUVA_TEST_MBEDTLS
    return 0;
#else
    return !scarce_lasting;
#endif
}

static void write_letter(struct letter *l)
{
    memset(l, 0, sizeof(*l));
    l->text.data = "Subject: test\r\n\r\na line\r\n";
    l->text.len = strlen(l->text.data);
    l->rcpt.addr = "ada@server.example";
    l->mail.from = "pool@client.example";
    l->mail.rcpt = &l->rcpt;
    l->mail.rcpt_count = 1;
}

/* All that may fail.  The name is that of the certificate, so the address is
 * not the route's but the link's. */
static void visit(const struct visit_plan *p)
{
    uint8_t       out[DUVA_BUFFER_MIN * 4];
    duva_config   config = { .name = "client.example", .tls = p->tls };
    duva_client   c;
    duva_posix    link;
    unsigned      i;
    int           err;

    inits = p->tls != DUVA_TLS_NEVER ? adapter_init(&tls, &trust) : DUVA_OK;
    for (i = 0; inits == DUVA_OK && i < p->mails; i++) {
        duva_result *r = &letter[i].mail.result;

        err = duva_posix_open(&link, "127.0.0.1", p->server.port, 10000);
        if (err != DUVA_OK) {
            r->err = (duva_err)err;
            r->cause = link.link.cause;
            r->verdict = DUVA_RETRY;
            continue;
        }
        memset(&c, 0, sizeof(c));
        c.link = &link.link;
        c.tls = p->tls != DUVA_TLS_NEVER ? &tls.tls : NULL;
        c.host = p->host;
        assert_int_equal(duva_client_init(&c, &config, out, sizeof(out)),
                         DUVA_OK);
        duva_send_mail(&c, &letter[i].mail, duva_memory_read, &letter[i].text);
        assert_false(duva_outcome(&c.engine)->err == DUVA_ERR_RESOURCES
                     && duva_may_go_clear(&c));
        duva_close(&c);
    }
    if (inits == DUVA_OK && p->tls != DUVA_TLS_NEVER)
        adapter_free(&tls);
}

static unsigned judge(const struct visit_plan *p)
{
    unsigned i, accepted = 0;

    if (inits != DUVA_OK) {
        assert_int_equal(inits, DUVA_ERR_RESOURCES);
        assert_true(is_shortage(tls.tls.link.cause));
        return 0;
    }
    for (i = 0; i < p->mails; i++) {
        const duva_result *r = &letter[i].mail.result;

        if (r->err == DUVA_ERR_RESOURCES) {
            if (r->verdict == DUVA_UNCERTAIN)
                uncertain++;
            else
                assert_int_equal(r->verdict, DUVA_RETRY);
            assert_true(is_shortage(r->cause));
        } else if (may_be_silent() && r->err == DUVA_ERR_TLS
                   && r->reason >= DUVA_REASON_HANDSHAKE
                   && r->reason < DUVA_REASON_CERT_UNTRUSTED) {
            assert_int_equal(r->verdict, DUVA_RETRY);
        } else if (p->reason == DUVA_REASON_NONE) {
            if (r->err != DUVA_OK)
                told(p->name, r);
            assert_int_equal(r->err, DUVA_OK);
            assert_int_equal(r->verdict, DUVA_ACCEPTED);
            accepted++;
        } else {
            if (r->err != DUVA_ERR_TLS || r->reason != p->reason)
                told(p->name, r);
            assert_int_equal(r->err, DUVA_ERR_TLS);
            assert_int_equal(r->reason, p->reason);
        }
    }
    return accepted;
}

static const struct visit_plan *plan;

static void prepare(void)
{
    write_letter(&letter[0]);
    write_letter(&letter[1]);
}

static void run(void)
{
    visit(plan);
}

static void check(void)
{
    const unsigned accepted = judge(plan);
    const unsigned stored = server_settle((struct server *)&plan->server);

    assert_in_range(stored, accepted, accepted + uncertain);
    uncertain = 0;
}

static void go(struct visit_plan p)
{
    memset(&trust, 0, sizeof(trust));
    if (p.trusted != NULL) {
        trust.ca.len = pem_of(p.trusted, pem, sizeof(pem));
        trust.ca.data = pem;
    }
    trust.dangerously_trust_everyone = (uint8_t)p.any;
    if (p.pins) {
        pin_of(p.pins > 1 ? &stranger : &good, pin.sha256);
        trust.pin = &pin;
        trust.pin_count = 1;
    }
    server_begin(&p.server);
    plan = &p;
    scarce_memory(p.name, prepare, run, check);
    scarce_descriptors(prepare, run, check);
    server_end(&p.server);
}

#define HOST "mail.example.org"
#define SAYS "250-peer\r\n250-SIZE\r\n250 PIPELINING"

static void in_clear(void **state)
{
    struct visit_plan p = { .name = "clear", .server.ehlo = SAYS, .mails = 1 };

    (void)state;
    p.tls = DUVA_TLS_NEVER;
    go(p);
}

static void secured(void **state)
{
    struct visit_plan p = { .name = "starttls", .tls = DUVA_TLS_REQUIRED,
        .server = { .self = &good, .ehlo = SAYS }, .host = HOST, .mails = 1,
        .trusted = &authority };

    (void)state;
    go(p);
    p.name = "starttls if offered";
    p.tls = DUVA_TLS_IF_OFFERED;
    go(p);
}

/* By tickets of 1.3, and of 1.2. */
static void resumed(void **state)
{
    struct visit_plan p = { .name = "1.3", .tls = DUVA_TLS_IMPLICIT,
        .server = { .self = &good, .ehlo = SAYS, .implicit = 1 },
        .host = HOST, .mails = 2, .trusted = &authority, .pins = 1 };

    (void)state;
    go(p);
    p.name = "1.2";
    p.server.version = TLS1_2_VERSION;
    go(p);
}

static void not_believed(void **state)
{
    struct visit_plan p = { .name = "stranger", .tls = DUVA_TLS_IMPLICIT,
        .server = { .self = &good, .ehlo = SAYS, .implicit = 1 },
        .host = HOST, .mails = 1, .trusted = &stranger,
        .reason = DUVA_REASON_CERT_UNTRUSTED };

    (void)state;
    go(p);
    p.name = "other name";
    p.trusted = &authority;
    p.host = "other.example.org";
    p.reason = DUVA_REASON_CERT_NAME;
    go(p);
    p.name = "other pin";
    p.host = HOST;
    p.pins = 2;
    p.reason = DUVA_REASON_CERT_PIN;
    go(p);
}

/* With an answer of OCSP, which the certificate promises. */
static void stapled(void **state)
{
    const struct wish w = { .alt = "DNS:" HOST, .feature = "status_request" };
    struct identity   self = make_identity(w, &authority);
    struct visit_plan p = { .name = "stapled", .tls = DUVA_TLS_IMPLICIT,
        .server = { .self = &self, .ehlo = SAYS, .implicit = 1 },
        .host = HOST, .mails = 1, .trusted = &authority };

    (void)state;
    p.server.staple = good_answer(&self, &authority, &p.server.staple_len);
    go(p);
    OPENSSL_free(p.server.staple);
    forget_identity(&self);
}

static void anybody(void **state)
{
    struct visit_plan p = { .name = "anybody", .tls = DUVA_TLS_IMPLICIT,
        .server = { .self = &good, .ehlo = SAYS, .implicit = 1 },
        .host = HOST, .mails = 1, .any = 1 };

    (void)state;
    go(p);
}

static int set_up(void **state)
{
    const struct wish w = { .name = HOST, .alt = "DNS:" HOST };

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    authority = make_authority("An authority");
    stranger = make_authority("A stranger");
    good = make_identity(w, &authority);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    forget_identity(&authority);
    forget_identity(&stranger);
    forget_identity(&good);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_clear),
        cmocka_unit_test(secured),
        cmocka_unit_test(resumed),
        cmocka_unit_test(not_believed),
        cmocka_unit_test(stapled),
        cmocka_unit_test(anybody),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
