/* mbedtls_user.h - what Duva needs of mbedTLS beyond Zephyr's Kconfig. */
/* SPDX-License-Identifier: MIT */
#define MBEDTLS_SSL_KEEP_PEER_CERTIFICATE
