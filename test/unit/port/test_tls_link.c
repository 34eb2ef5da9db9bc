/* test_tls_link.c - TLS sessions, client certificates and data over TLS. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "tls_client.h"

#include <stdio.h>

/* ---- sessions ---- */

static void resumption(void **state)
{
    const struct wish w = { .alt = "DNS:" HOST ",DNS:two.example.org" };
    struct identity   self = make_identity(w, &authority);
    int               version;

    (void)state;
    for (version = TLS1_2_VERSION; version <= NEWEST; version++) {
        struct tls_server server = { .self = &self, .max_version = version };

        trust_authority();
        begin();
        expect_good(&server, HOST);
        assert_int_equal(info.resumed, 0);
        expect_good(&server, HOST);
        assert_int_equal(info.resumed, 1);
        assert_int_equal(info.verified, 1);
        expect_good(&server, "two.example.org");
        assert_int_equal(info.resumed, 0);
        expect_good(&server, HOST);
        assert_int_equal(info.resumed, 0);
        expect_bad(&server, "three.example.org", DUVA_REASON_CERT_NAME);
        adapter_free(&tls);
        server_forget(&server);
    }
    forget_identity(&self);
}

/* ---- who we are ---- */

static void write_file(char *name, const struct identity *i, int key,
                       const char *password)
{
    int   fd;
    FILE *f;

    strcpy(name, "/tmp/duva-test-XXXXXX");
    fd = mkstemp(name);
    assert_true(fd >= 0);
    f = fdopen(fd, "w");
    if (key)
        PEM_write_PrivateKey(f, i->key,
                             password != NULL ? EVP_aes_128_cbc() : NULL, NULL,
                             0, NULL, (void *)(uintptr_t)password);
    else
        PEM_write_X509(f, i->cert);
    fclose(f);
}

static void client_certificate(void **state)
{
    const struct wish w = { .name = "pump 7" };
    struct identity   self = make_identity(w, &authority);
    struct identity   other = make_identity(w, &stranger);
    char cert[32], key[32], bad[32], locked[32];
    char buf[8];
    int  version;

    (void)state;
    write_file(cert, &self, 0, NULL);
    write_file(key, &self, 1, NULL);
    write_file(bad, &other, 1, NULL);
    write_file(locked, &self, 1, "secret");
    for (version = TLS1_2_VERSION; version <= NEWEST; version++) {
        struct tls_server server = { .self = &good, .clients = &authority,
                                     .max_version = version };

        trust_authority();
        begin();
        /* 1.3 tells only when the server's next word is read */
        if (shake(&server, HOST) == 1)
            assert_int_equal(read_some(buf, sizeof(buf)), DUVA_ERR_TLS);
        assert_int_equal(tls.tls.reason, DUVA_REASON_CERT_OURS);
        hang_up(&server);
        adapter_free(&tls);
        config.cert_file = cert;
        config.key_file = key;
        begin();
        expect_good(&server, HOST);
        adapter_free(&tls);
        server_forget(&server);
    }
    config.key_file = bad;
    assert_int_equal(adapter_init(&tls, &config), DUVA_ERR_TLS);
    assert_int_not_equal(tls.tls.link.cause, 0);
    config.key_file = locked;
    assert_int_equal(adapter_init(&tls, &config), DUVA_ERR_TLS);
    config.key_file = "/nowhere";
    assert_int_equal(adapter_init(&tls, &config), DUVA_ERR_TLS);
    config.key_file = NULL;
    assert_int_equal(adapter_init(&tls, &config), DUVA_ERR_ARG);
    unlink(cert);
    unlink(key);
    unlink(bad);
    unlink(locked);
    forget_identity(&self);
    forget_identity(&other);
}

/* ---- whom to trust ---- */

static void trust_stores(void **state)
{
    struct tls_server server = { .self = &good };
    unsigned char    *der = NULL;
    char              file[32];

    (void)state;
    memset(&config, 0, sizeof(config));
    write_file(file, &authority, 0, NULL);
    config.ca_file = file;
    begin();
    expect_good(&server, HOST);
    adapter_free(&tls);

    config.ca_file = NULL;
    begin();                   /* the system has never heard of our own */
    expect_bad(&server, HOST, DUVA_REASON_CERT_UNTRUSTED);
    adapter_free(&tls);
    setenv("SSL_CERT_FILE", file, 1);
    begin();
    expect_good(&server, HOST);
    adapter_free(&tls);
    unsetenv("SSL_CERT_FILE");
    unlink(file);

    config.ca.len = (size_t)i2d_X509(authority.cert, &der);
    config.ca.data = der;
    begin();
    expect_good(&server, HOST);
    adapter_free(&tls);
    OPENSSL_free(der);
    server_forget(&server);
}

static void no_trust_store(void **state)
{
    char broken[2 * PEM_SIZE];

    (void)state;
    memset(&config, 0, sizeof(config));
    config.ca_file = "/nowhere";
    assert_int_equal(adapter_init(&tls, &config), DUVA_ERR_TLS);
    assert_int_not_equal(tls.tls.link.cause, 0);
    config.ca.data = "nothing of the kind";
    config.ca.len = 20;
    assert_int_equal(adapter_init(&tls, &config), DUVA_ERR_TLS);
    config.ca.len = 19;
    assert_int_equal(adapter_init(&tls, &config), DUVA_ERR_TLS);
    config.ca.data = NULL;
    assert_int_equal(adapter_init(&tls, &config), DUVA_ERR_ARG);
    /* one good certificate and a damaged one */
    memcpy(broken, pem, pem_len - 1);
    memcpy(broken + pem_len - 1, pem, pem_len);
    memset(broken + pem_len + 60, '!', 40);
    config.ca.data = broken;
    config.ca.len = 2 * pem_len - 1;
    assert_int_equal(adapter_init(&tls, &config), DUVA_ERR_TLS);
    assert_int_equal(adapter_init(&tls, NULL), DUVA_ERR_ARG);
    assert_int_equal(adapter_init(NULL, &config), DUVA_ERR_ARG);
    trust_authority();
    config.pin_count = 1;
    assert_int_equal(adapter_init(&tls, &config), DUVA_ERR_ARG);
}

/* ---- the link ---- */

static void truncation(void **state)
{
    struct tls_server server = { .self = &good,
                                 .behaviour = CUT_AFTER_LINE };
    char buf[100];

    (void)state;
    trust_authority();
    begin();
    assert_int_equal(shake(&server, HOST), 1);
    write_all("250 ok\r\n", 8);
    assert_int_equal(read_some(buf, sizeof(buf)), 8);
    assert_int_equal(read_some(buf, sizeof(buf)), DUVA_ERR_CLOSED);
    assert_int_equal(read_some(buf, sizeof(buf)), DUVA_ERR_CLOSED);
    hang_up(&server);
    adapter_free(&tls);
    server_forget(&server);
}

static void small_steps(void **state)
{
    struct tls_server server = { .self = &good };

    (void)state;
    trust_authority();
    begin();
    wire.one = 1;
    assert_int_equal(shake(&server, HOST), 1);
    assert_true(waits > 100);
    talk(5000);
    hang_up(&server);
    adapter_free(&tls);
    server_forget(&server);
}

/* Records of one octet, and new keys all the time. */
static void shredded(void **state)
{
    struct tls_server server = { .self = &good, .behaviour = SHRED,
                                 .max_version = KEY_UPDATES ? 0
                                                            : TLS1_2_VERSION };

    (void)state;
    trust_authority();
    begin();
    assert_int_equal(shake(&server, HOST), 1);
    talk(3000);
    hang_up(&server);
    adapter_free(&tls);
    server_forget(&server);
}

/* A part of a record is nothing to read: waiting must not spin on it. */
static void part_of_a_record(void **state)
{
    struct tls_server server = { .self = &good,
                                 .max_version = TLS1_2_VERSION };
    duva_link *l = &tls.tls.link;
    char       buf[10];
    size_t     part;

    (void)state;
    for (part = 1; part < 20; part++) {
        trust_authority();
        begin();
        assert_int_equal(shake(&server, HOST), 1);
        write_all("abc", 3);
        wire.limited = 1;
        wire.left = part;
        while (wire.left > 0) {
            assert_true(wire.under.link.ops->wait(&wire.under.link,
                                                  DUVA_CAN_READ, 10000) > 0);
            assert_int_equal(l->ops->read(l, buf, sizeof(buf)), 0);
        }
        assert_int_equal(l->ops->wait(l, DUVA_CAN_READ, 1), 0);
        wire.limited = 0;
        assert_int_equal(read_some(buf, sizeof(buf)), 3);
        /* of what TLS has read, but not given yet, waiting knows */
        write_all("abcdef", 6);
        assert_int_equal(read_some(buf, 2), 2);
        assert_int_equal(l->ops->wait(l, DUVA_CAN_READ, 0), DUVA_CAN_READ);
        hang_up(&server);
        adapter_free(&tls);
    }
    server_forget(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resumption),
        cmocka_unit_test(client_certificate),
        cmocka_unit_test(trust_stores),
        cmocka_unit_test(no_trust_store),
        cmocka_unit_test(truncation),
        cmocka_unit_test(small_steps),
        cmocka_unit_test(shredded),
        cmocka_unit_test(part_of_a_record),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
