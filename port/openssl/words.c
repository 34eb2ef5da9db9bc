/* words.c - the texts of OpenSSL's errors. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "duva/openssl.h"

#include <openssl/err.h>

#include <stdio.h>
#include <string.h>

const char *duva_openssl_text(int32_t cause, char *buf, size_t len)
{
    const unsigned long code = (uint32_t)cause;
    const char         *words;

    if (buf == NULL || len == 0)
        return "";
    words = ERR_reason_error_string(code);
    buf[0] = '\0';
    if (words != NULL)
        snprintf(buf, len, "%s", words);
    else if (!ERR_SYSTEM_ERROR(code)
             || strerror_r(ERR_GET_REASON(code), buf, len) != 0)
        snprintf(buf, len, "error %08lX", code);
    return buf;
}
