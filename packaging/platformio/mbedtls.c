/* mbedtls.c - the link on mbedTLS, where PlatformIO builds for an ESP32. */
/* SPDX-License-Identifier: MIT */
/* library.json cannot choose files by board: it names this one, which is empty
 * elsewhere. */
#include "../arduino/src/duva_mbedtls.h"

#if DUVA_ARDUINO_MBEDTLS
#include "../../port/mbedtls/mbedtls.c"
#include "../../port/mbedtls/words.c"
#include "../../port/mbedtls/blame.c"
#include "../../port/mbedtls/records.c"
#include "../../port/mbedtls/trust.c"
#include "../../port/mbedtls/strict.c"
#include "../../port/mbedtls/certificate.c"
#include "../../port/mbedtls/crypto.c"
#include "../../port/mbedtls/psa.c"
#endif
