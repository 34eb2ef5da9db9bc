/* test_tls_fault.c - TLS over a link that fails at each call. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "tls_client.h"

static duva_link_ops real;     /* those of the link below */
static unsigned      count, fatal;
static int           answer;

static int strike(void)
{
    return ++count == fatal;
}

static int faulty_read(duva_link *l, void *buf, size_t len)
{
    return strike() ? answer : real.read(l, buf, len);
}

static int faulty_write(duva_link *l, const void *buf, size_t len)
{
    return strike() ? answer : real.write(l, buf, len);
}

/* A handshake and some octets there and back.  Returns what stopped it. */
static int converse(struct tls_server *server)
{
    static duva_link_ops ops;
    duva_link *l = &tls.tls.link;
    char       text[] = "0123456789", buf[sizeof(text)];
    size_t     done;
    int        n, got;

    adopt(server_begin(server));
    real = ops = *wire.link.ops;
    ops.read = faulty_read;
    ops.write = faulty_write;
    wire.link.ops = &ops;
    count = 0;
    while ((n = tls.tls.handshake(&tls.tls, &wire.link, HOST, &info)) == 0)
        assert_true(wire.link.ops->wait(&wire.link, tls.tls.want, 10000) > 0);
    while (n > 0 && (n = l->ops->write(l, text, sizeof(text))) == 0)
        n = l->ops->wait(l, DUVA_CAN_WRITE, 10000);
    for (done = 0; n > 0 && done < sizeof(text); done += (size_t)got) {
        while ((got = l->ops->read(l, buf + done, sizeof(buf) - done)) == 0)
            assert_true(l->ops->wait(l, DUVA_CAN_READ, 10000) > 0);
        n = got;
        got = got > 0 ? got : 0;
    }
    hang_up(server);
    return n;
}

static void every_call_fails(void **state)
{
    static const int answers[] = {
        DUVA_ERR_CLOSED, DUVA_ERR_IO, DUVA_ERR_TIMEOUT, 0
    };
    struct tls_server server = { .self = &good };
    size_t   i;
    unsigned last;

    (void)state;
    for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        answer = answers[i];
        for (last = fatal = 1; fatal <= last; fatal++) {
            trust_authority();
            begin();
            memset(&info, 0, sizeof(info));
            if (converse(&server) < 0)
                last = fatal + 1;
            else if (answer == 0)
                last = count;
            adapter_free(&tls);
        }
        print_message("%d: %u calls\n", answer, fatal - 1);
        assert_true(fatal > 5);
    }
    server_forget(&server);
}

/* What stops a handshake is what the link below said. */
static void the_reason_is_kept(void **state)
{
    struct tls_server server = { .self = &good };

    (void)state;
    answer = DUVA_ERR_TIMEOUT;
    for (fatal = 1; fatal < 4; fatal++) {
        trust_authority();
        begin();
        memset(&info, 0, sizeof(info));
        assert_int_equal(converse(&server), DUVA_ERR_TIMEOUT);
        adapter_free(&tls);
    }
    server_forget(&server);
}

/* The data of RFC 9266 with TLS 1.3, of RFC 5929 with 1.2. */
static void bindings(void **state)
{
    int version;

    (void)state;
    for (version = TLS1_2_VERSION; version <= NEWEST; version++) {
        struct tls_server server = { .self = &good, .max_version = version };
        unsigned char     hash[EVP_MAX_MD_SIZE];
        unsigned          len = 0;

        trust_authority();
        begin();
        assert_int_equal(shake(&server, HOST), 1);
        X509_digest(good.cert, EVP_sha256(), hash, &len);
        assert_int_equal(info.binding.len, 32);
        assert_string_equal(info.binding_type,
                            version == TLS1_2_VERSION ? "tls-server-end-point"
                                                      : "tls-exporter");
        if (version == TLS1_2_VERSION)
            assert_memory_equal(info.binding.data, hash, 32);
        talk(100);
        hang_up(&server);
        adapter_free(&tls);
        server_forget(&server);
    }
}

/* The hash is that of the certificate's signature, SHA-256 at least. */
static void bindings_by_signature(void **state)
{
    static const struct {
        struct wish wish;
        const char *hash;
    } cases[] = {
        { { .hash = "SHA1" }, "SHA256" },
        { { .hash = "SHA384" }, "SHA384" },
        { { .hash = "SHA512" }, "SHA512" },
        { { .bits = 2048, .hash = "MD5" }, "SHA256" },
        { { .bits = 2048, .hash = "SHA1" }, "SHA256" },
        { { .bits = 2048, .hash = "SHA224" }, "SHA224" },
        { { .bits = 2048 }, "SHA256" },
        { { .bits = 2048, .hash = "SHA384" }, "SHA384" },
        { { .bits = 2048, .hash = "SHA512" }, "SHA512" },
        { { .bits = 2048, .hash = "SHA1", .pss = 1 }, "SHA256" },
        { { .bits = 2048, .pss = 1 }, "SHA256" },
        { { .bits = 2048, .hash = "SHA384", .pss = 1 }, "SHA384" },
        { { .bits = 2048, .hash = "SHA512", .pss = 1 }, "SHA512" }
    };
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned      len = 0;
    size_t        i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct identity   self = make_identity(cases[i].wish, NULL);
        struct tls_server server = { .self = &self,
                                     .max_version = TLS1_2_VERSION };

        print_message("%zu: %s\n", i, cases[i].hash);
        memset(&config, 0, sizeof(config));
        config.dangerously_trust_everyone = 1;
        begin();
        assert_int_equal(shake(&server, HOST), 1);
        X509_digest(self.cert, EVP_get_digestbyname(cases[i].hash), hash,
                    &len);
        assert_int_equal(info.binding.len, len);
        assert_memory_equal(info.binding.data, hash, len);
        hang_up(&server);
        adapter_free(&tls);
        server_forget(&server);
        forget_identity(&self);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_fails),
        cmocka_unit_test(the_reason_is_kept),
        cmocka_unit_test(bindings),
        cmocka_unit_test(bindings_by_signature),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
