/* words.c - the texts of mbedTLS's errors. */
/* SPDX-License-Identifier: MIT */
#include "duva/mbedtls.h"

#include <mbedtls/error.h>

const char *duva_mbedtls_text(int32_t cause, char *buf, size_t len)
{
    if (buf == NULL || len == 0)
        return "";
    buf[0] = '\0';
    mbedtls_strerror(cause, buf, len);
    return buf;
}
