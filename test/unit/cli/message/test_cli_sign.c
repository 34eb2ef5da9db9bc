/* test_cli_sign.c - which files are private keys for DKIM. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "cmocka_all.h"

#include "message/sign.h"

static char path[] = "/tmp/duva-key-XXXXXX";
static struct cli_signer signer;
static duva_signer *found;
static int code;

static int set_up(void **state)
{
    int fd;

    (void)state;
    strcpy(path, "/tmp/duva-key-XXXXXX");
    fd = mkstemp(path);
    memset(&signer, 0, sizeof(signer));
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_key(EVP_PKEY *key, const EVP_CIPHER *cipher)
{
    FILE *f = fopen(path, "w");

    assert_non_null(key);
    assert_non_null(f);
    assert_int_equal(PEM_write_PrivateKey(f, key, cipher, NULL, 0, NULL,
                                          cipher != NULL ? "secret" : NULL),
                     1);
    fclose(f);
    EVP_PKEY_free(key);
}

static const char *open_key(void)
{
    return cli_signer_open(&signer, path, &found, &code);
}

static void test_keys(void **state)
{
    int i;

    (void)state;
    for (i = 0; i < 2; i++) {
        write_key(i == 0 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                         : EVP_RSA_gen(2048), NULL);
        assert_null(open_key());
        assert_non_null(found);
        cli_signer_close(&signer);
        cli_signer_close(&signer);
    }
}

static void check_refused(int wanted, const char *words)
{
    const char *problem = open_key();

    assert_non_null(problem);
    assert_non_null(strstr(problem, words));
    assert_int_equal(code, wanted);
    cli_signer_close(&signer);
}

static void test_others_read_it(void **state)
{
    (void)state;
    write_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), NULL);
    chmod(path, 0604);
    check_refused(EX_NOINPUT, "other users may read it");
    chmod(path, 0640);
    assert_null(open_key());
    cli_signer_close(&signer);
}

static void test_no_key(void **state)
{
    FILE *f;

    (void)state;
    check_refused(EX_CONFIG, "it is not a private key");
    write_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"), EVP_aes_128_cbc());
    check_refused(EX_CONFIG, "without a passphrase");
    write_key(EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"), NULL);
    check_refused(EX_CONFIG, "RSA (1024 to 4096 bits) or Ed25519");
    f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "%17000d", 0);
    fclose(f);
    check_refused(EX_NOINPUT, "too long for a key");
    unlink(path);
    check_refused(EX_NOINPUT, "No such file");
    assert_int_equal(mkdir(path, 0700), 0);
    check_refused(EX_NOINPUT, "Is a directory");
    assert_int_equal(rmdir(path), 0);
    f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_others_read_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_no_key, set_up, tear_down)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
