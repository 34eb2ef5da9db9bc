/* DuvaTls.cpp - TLS and SCRAM by the mbedTLS of the board's core. */
/* SPDX-License-Identifier: MIT */
#if defined(ARDUINO)
#include "duva_arduino.h"

#include "DuvaTls.h"

#if DUVA_ARDUINO_MBEDTLS
#include <esp_random.h>
#include <string.h>

static int random_octets(void *context, unsigned char *out, size_t len)
{
    (void)context;
    esp_fill_random(out, len);
    return 0;
}

static int random_for_scram(void *out, size_t len)
{
    esp_fill_random(out, len);
    return DUVA_OK;
}

DuvaTls::DuvaTls() : _begun(false)
{
    memset(&_tls, 0, sizeof _tls);
    memset(&_config, 0, sizeof _config);
}

DuvaTls::~DuvaTls()
{
    if (_begun)
        duva_mbedtls_free(&_tls);
}

bool DuvaTls::begin(const char *authority)
{
    if (_begun)
        duva_mbedtls_free(&_tls);
    _config.ca.data = authority;
    _config.ca.len = strlen(authority) + 1;
    _begun = duva_mbedtls_init(&_tls, &_config, random_octets, NULL)
             == DUVA_OK;
    return _begun;
}

duva_tls *DuvaTls::tls()
{
    return _begun ? &_tls.tls : NULL;
}

DuvaScram::DuvaScram(const char *user, const char *password)
{
    _crypto = duva_crypto_mbedtls;
    _crypto.random = random_for_scram;
    duva_sasl_scram_init(&_scram, &_crypto, DUVA_SHA256, 0, user, password);
    duva_sasl_plain_init(&_plain, user, password);
    _list[0] = &_scram.base;
    _list[1] = &_plain.base;
    _list[2] = NULL;
}

duva_sasl *const *DuvaScram::list() const
{
    return _list;
}
#endif

#endif
