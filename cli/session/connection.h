/* connection.h - what a connection has shown of its server. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CONNECTION_H
#define DUVA_CLI_CONNECTION_H

#include <stddef.h>
#include <stdint.h>

#include "duva/client.h"
#include "duva/posix.h"

struct cli_connection {
    duva_tls_info secured; /* protocol NULL: no TLS */
    duva_result fell_back; /* err: why the mail was sent in clear, or
                                  DUVA_OK when it was not for that */
    char own_name[DUVA_POSIX_NAME_SIZE];
    char peer[DUVA_POSIX_NAME_SIZE]; /* the server's address */
    char heard[512]; /* the server's last line since we spoke, as it
                                  came, or its beginning; or the first that is
                                  wrong */
    size_t heard_len;
    uint8_t heard_all;      /* the next octet begins another line */
    char heard_more[3];     /* the code that it must have, or "": any */
    uint8_t chunked;        /* BDAT was said */
    char cert_names[1024];  /* of the certificate, when those are wrong:
                                  each with '\n', fit to be shown */
    size_t more_cert_names; /* that are not there */
    uint8_t at_proxy;       /* it did not come further */
    uint8_t stopped_after;  /* enum cli_halt: it was to come no further */
};

#endif
