/* records.c - reads the headers of the records, and what is in clear. */
/* SPDX-License-Identifier: MIT */
/*
 * mbedTLS tells that there was an alert, and no longer which.  It does not
 * tell either whether the server requested a certificate, or a new handshake.
 * The type of a record is in clear, and before there are keys all of it is
 * (RFC 5246 6.2).
 */
#include "records.h"

#include "version.h"

#define HEADER      5
#define CERTIFICATE 11         /* RFC 5246 7.4 */

void duva__mbedtls_records_begin(duva_mbedtls *t)
{
    t->first = -1;
    t->record_at = t->alert = t->asked = t->again = 0;
    t->unsent = t->coded = 0;
}

/* The header is the type, the version and the length. */
static void read_header(duva_mbedtls *t, unsigned octet)
{
    if (t->record_at++ == 0)
        t->record = (uint8_t)octet;
    else
        t->record_left = (uint16_t)((unsigned)t->record_left << 8 | octet);
    if (t->record_at < HEADER)
        return;
    if (t->record == MBEDTLS_SSL_MSG_HANDSHAKE && duva__mbedtls_is_over(t))
        t->again = 1;
    if (t->record_left != 2)   /* it is encrypted */
        t->record = 0;
}

void duva__mbedtls_received(duva_mbedtls *t, const unsigned char *octets,
                            size_t len)
{
    size_t i;

    if (len > 0 && t->first < 0)
        t->first = octets[0];
    for (i = 0; i < len; i++) {
        if (t->record_at < HEADER)
            read_header(t, octets[i]);
        else if (--t->record_left == 0
                 && t->record == MBEDTLS_SSL_MSG_ALERT)
            t->alert = octets[i];
        if (t->record_at == HEADER && t->record_left == 0)
            t->record_at = 0;
    }
}

/* mbedTLS writes record by record.  It shows a certificate, be it an empty
 * one, only when it was asked. */
void duva__mbedtls_sent(duva_mbedtls *t, const unsigned char *octets,
                        size_t len, int n)
{
    if (!t->unsent && !t->coded && len > HEADER) {
        t->coded = octets[0] == MBEDTLS_SSL_MSG_CHANGE_CIPHER_SPEC;
        if (octets[0] == MBEDTLS_SSL_MSG_HANDSHAKE
            && octets[HEADER] == CERTIFICATE)
            t->asked = 1;
    }
    t->unsent = n < 0 || (size_t)n < len;
}
