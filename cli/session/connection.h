/* connection.h - what a report needs of a connection. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CONNECTION_H
#define DUVA_CLI_CONNECTION_H

#include <stddef.h>
#include <stdint.h>

#include "duva/client.h"
#include "duva/posix.h"

/* Valid also once it is closed. */
struct cli_connection {
    duva_tls_info secured; /* protocol NULL: no TLS */
    duva_result fell_back; /* err: why the mail was sent in clear, or
                                  DUVA_OK when it was not for that */
    char own_name[DUVA_POSIX_NAME_SIZE];
    char peer[DUVA_POSIX_NAME_SIZE]; /* the address of the server or proxy */
    char heard[512]; /* the last line of the server since we sent
                                  something, as it came and cut to the size; or
                                  the first one that is no reply */
    size_t heard_len;
    uint8_t heard_all;      /* the reply is complete */
    uint8_t heard_end;      /* the line is */
    uint8_t heard_wrong;    /* the line is not of a valid reply */
    uint8_t chunked;        /* BDAT was sent */
    char cert_names[1024];  /* of a certificate for other hosts: each with
                                  '\n', fit to be shown */
    size_t more_cert_names; /* that did not fit */
    uint8_t at_proxy;       /* it came no further than the proxy */
    uint8_t stopped_after;  /* enum cli_stop_after */
};

/* A new connection begins. */
void cli_connection_connected(struct cli_connection *c);

/* A piece of the conversation. */
void cli_connection_hear(struct cli_connection *c,
                         const duva_trace_event *event);

#endif
