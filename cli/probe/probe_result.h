/* probe_result.h - what "duva probe" finds out about a server. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROBE_RESULT_H
#define DUVA_CLI_PROBE_RESULT_H

#include <stddef.h>
#include <stdint.h>

#include "modules/certificate.h"
#include "probe/advertised.h"
#include "session/session.h"
#include "options/server_options.h"
#include "outcome/outcome.h"

#define CLI_CHAIN    8
#define CLI_PROBLEMS 12

struct cli_probe {
    struct cli_access access;
    struct cli_session session;
    struct cli_outcome outcome;
    struct cli_advertised offer;
    struct cli_certificate chain[CLI_CHAIN];
    size_t      chain_len;
    uint8_t unverified; /* what is shown of TLS is of a second connection,
                                  without verification */
    uint8_t     starttls;
    uint8_t is_private;        /* nobody else can read what is sent */
    uint32_t    mechanism;     /* that would be used; 0: none */
    duva_caps   caps;
    struct {
        char text[2560];    /* what is wrong, */
        const char *advice; /* and what to do about it; static */
    } problem[CLI_PROBLEMS];
    size_t      problems;
};

#endif
