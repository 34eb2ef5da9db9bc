/* attacked.c - sends a mail by the library for each line of its input. */
/* SPDX-License-Identifier: MIT */
/*
 *     attacked AUTHORITY
 *
 * Reads lines of POLICY LOGIN PORT SECONDS: required, if-offered, implicit or
 * never; 1 or 0; a port of 127.0.0.1; and how long a session may last, or 0.
 * Sends a mail there and says what became of it: verdict, err, reason, and 1
 * when it was tried again in clear.
 */
#include "../unit/support/tls_adapter.h"

#include "duva/posix.h"
#include "duva/scram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef DUVA_TEST_MBEDTLS
#define HASHES duva_crypto_mbedtls
#else
#define HASHES duva_crypto_openssl
#endif

static const char *const policies[] = {
    [DUVA_TLS_REQUIRED] = "required",
    [DUVA_TLS_IMPLICIT] = "implicit",
    [DUVA_TLS_IF_OFFERED] = "if-offered",
    [DUVA_TLS_NEVER] = "never",
};

static duva_tls_mode policy_of(const char *name)
{
    int mode;

    for (mode = 0; mode <= DUVA_TLS_NEVER; mode++)
        if (strcmp(name, policies[mode]) == 0)
            return (duva_tls_mode)mode;
    fprintf(stderr, "attacked: no policy %s\n", name);
    exit(64);
}

static void attempt(duva_route *route)
{
    static const char text[] = "Subject: Treasure\r\n\r\n"
                               "The treasure is under the oak.\r\n";
    duva_memory message = { .data = text, .len = sizeof(text) - 1 };
    duva_rcpt rcpt = { .addr = "reader@secret.example" };
    duva_mail mail = { .from = "sender@secret.example",
                       .rcpt = &rcpt,
                       .rcpt_count = 1,
                       .size = sizeof(text) - 1 };

    duva_send(route, &mail, duva_memory_read, &message);
    printf("%s %s %s %d\n", duva_verdict_name(mail.result.verdict),
           duva_err_name(mail.result.err), duva_reason_name(mail.result.reason),
           mail.result.fell_back);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    duva_tls_config trust = { 0 };
    duva_sasl_password plain, login;
    duva_sasl_cram_md5 digest;
    duva_sasl *const auth[] = { &plain.base, &login.base, &digest.base, NULL };
    char policy[16], port[8], line[64];
    unsigned logs_in, seconds;

    if (argc != 2)
        return 64;
    trust.ca_file = argv[1];
    duva_sasl_plain_init(&plain, "captain", "op3n-sesame-9");
    duva_sasl_login_init(&login, "captain", "op3n-sesame-9");
    duva_sasl_cram_md5_init(&digest, &HASHES, "captain", "op3n-sesame-9");
    while (fgets(line, sizeof(line), stdin) != NULL) {
        duva_route route = { .host = "127.0.0.1",
                             .port = port,
                             .config.name = "client.example" };
        adapter tls;

        if (sscanf(line, "%15s %u %7s %u", policy, &logs_in, port, &seconds)
            != 4)
            return 64;
        if (adapter_init(&tls, &trust) != DUVA_OK)
            return 78;
        route.config.tls = policy_of(policy);
        route.tls = route.config.tls == DUVA_TLS_NEVER ? NULL : &tls.tls;
        route.auth = logs_in ? auth : NULL;
        route.session_ms = seconds * 1000;
        attempt(&route);
        adapter_free(&tls);
    }
    return 0;
}
