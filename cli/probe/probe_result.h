/* probe_result.h - what "duva probe" has found out about a server. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROBE_RESULT_H
#define DUVA_CLI_PROBE_RESULT_H

#include <stddef.h>
#include <stdint.h>

#include "modules/certificate.h"
#include "options/server_options.h"
#include "outcome/outcome.h"
#include "probe/advertised.h"
#include "session/session.h"

#define CLI_CHAIN    8
#define CLI_PROBLEMS 12

/* Zero it before use. */
struct cli_probe {
    struct cli_access access;
    struct cli_session session;
    struct cli_outcome outcome;
    struct cli_advertised advertised;
    struct cli_certificate chain[CLI_CHAIN];
    size_t      chain_len;
    uint8_t unverified;        /* verification failed: the rest is of a second
                                  connection that accepted any certificate */
    uint8_t starttls;          /* not implicit TLS */
    uint8_t is_private;        /* encrypted, or on this machine */
    uint32_t    mechanism;     /* that would be used; 0: none */
    duva_caps   caps;
    struct {
        char text[2560];     /* what is wrong, */
        const char *advice;  /* and what to do about it; static */
    } problem[CLI_PROBLEMS]; /* the most serious first */
    size_t      problems;
};

#endif
