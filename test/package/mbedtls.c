/* mbedtls.c - uses what duva::mbedtls has: TLS for a route. */
/* SPDX-License-Identifier: MIT */
#include <duva/mbedtls.h>
#include <duva/posix.h>

int main(void)
{
    const duva_tls_config config = { .pin_count = 0 };
    duva_mbedtls tls;
    duva_route   route = { .host = NULL, .tls = &tls.tls };
    duva_rcpt    rcpt = { .addr = "ada@example.org" };
    duva_mail    mail = { .from = "", .rcpt = &rcpt, .rcpt_count = 1 };
    duva_memory  nothing = { .data = "", .len = 0 };
    int          err;

    if (duva_mbedtls_init(&tls, &config, NULL, NULL) != DUVA_OK)
        return 1;
    /* There is no host to send to, and nothing but that is wrong. */
    err = duva_send(&route, &mail, duva_memory_read, &nothing);
    duva_mbedtls_free(&tls);
    return err == DUVA_ERR_ARG
           && mail.result.reason == DUVA_REASON_MISSING ? 0 : 1;
}
