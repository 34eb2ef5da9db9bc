/* records.h - what the records of TLS show to everybody. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MBEDTLS_RECORDS_H
#define DUVA_MBEDTLS_RECORDS_H

#include "duva/mbedtls.h"

/* A new connection: nothing was sent or received. */
void duva__mbedtls_records_begin(duva_mbedtls *t);

/* len octets came from the server. */
void duva__mbedtls_received(duva_mbedtls *t, const unsigned char *octets,
                            size_t len);

/* mbedTLS wanted to send len octets, and the link below returned n. */
void duva__mbedtls_sent(duva_mbedtls *t, const unsigned char *octets,
                        size_t len, int n);

#endif
