/* duva_mbedtls.h - is there an mbedTLS that Duva can use? */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_ARDUINO_MBEDTLS_H
#define DUVA_ARDUINO_MBEDTLS_H

#if defined(ESP32) || defined(ESP_PLATFORM)
#include <mbedtls/version.h>
#endif

/* The version is there once the header is. */
#if defined(MBEDTLS_VERSION_NUMBER) && defined(MBEDTLS_HAVE_TIME_DATE)
#define DUVA_ARDUINO_MBEDTLS 1
#else
#define DUVA_ARDUINO_MBEDTLS 0
#endif

#endif
