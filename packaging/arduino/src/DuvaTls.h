/* DuvaTls.h - TLS and SCRAM by the mbedTLS of the board's core. */
/* SPDX-License-Identifier: MIT */
/*
 * For STARTTLS over a Client without TLS, as WiFiClient and EthernetClient are:
 *
 *     DuvaTls   tls;
 *     DuvaScram scram("pump7", "secret");
 *
 *     tls.begin(authority);        // a certificate in PEM
 *     smtp.tls(tls.tls());
 *     smtp.mechanisms(scram.list());
 *
 * It is there on ESP32 when mbedTLS was built with MBEDTLS_HAVE_TIME_DATE:
 * dates of certificates are always checked, so the clock must be set.
 * Otherwise take a Client with TLS.
 */
#ifndef DUVA_ARDUINO_TLS_H
#define DUVA_ARDUINO_TLS_H

#include "duva_mbedtls.h"

#if DUVA_ARDUINO_MBEDTLS
#include "duva/mbedtls.h"
#include "duva/scram.h"

class DuvaTls
{
public:
    DuvaTls();
    ~DuvaTls();

    /* authority is borrowed.  false: it cannot be read; or no memory. */
    bool begin(const char *authority);

    duva_tls *tls();

private:
    duva_mbedtls    _tls;
    duva_tls_config _config;
    bool            _begun;

    DuvaTls(const DuvaTls &);
    DuvaTls &operator=(const DuvaTls &);
};

/* SCRAM-SHA-256, else PLAIN. */
class DuvaScram
{
public:
    DuvaScram(const char *user, const char *password);

    duva_sasl *const *list() const;

private:
    duva_crypto        _crypto;
    duva_sasl_scram    _scram;
    duva_sasl_password _plain;
    duva_sasl         *_list[3];

    DuvaScram(const DuvaScram &);
    DuvaScram &operator=(const DuvaScram &);
};
#endif

#endif
