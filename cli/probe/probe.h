/* probe.h - what "duva probe" finds out about a server. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROBE_H
#define DUVA_CLI_PROBE_H

#include <stdint.h>
#include <stdio.h>

#include "modules/certificate.h"
#include "send/job.h"

/* A sub-command: argv[0] is its name.  Returns the exit code. */
int cli_main_probe(int argc, char **argv);

/* ---- what it says: offer.c ---- */

/* A reply, its lines without codes and parted by '\n'. */
struct cli_words {
    unsigned code;             /* 0: it was not given */
    uint8_t  cut;              /* there was more than fits */
    size_t   len;
    char     text[8192];
};

/* Zero it, then set client. */
struct cli_offer {
    const duva_client *client; /* whose conversation it is */
    struct cli_words greeting, clear, secured; /* the last two: of EHLO */
    /* private */
    struct cli_words *now;     /* being said; NULL: of no interest */
    uint8_t  more;             /* a line of it has passed */
    size_t   said, heard;      /* octets in the lines */
    char     command[8], line[2048];
};

/* A duva_trace_fn; from is 0 where a new connection begins. */
void cli_offer_piece(void *offer, char from, const char *text, size_t len);

/* The n-th line of a reply, from 0, or NULL. */
const char *cli_words_line(const struct cli_words *w, size_t n, size_t *len);

/* The parameters of an EHLO keyword as they stand, or NULL: it is not
 * there. */
const char *cli_words_find(const struct cli_words *w, const char *keyword,
                           size_t *len);

/* ---- all of it: probe.c, show.c, show_json.c ---- */

#define CLI_CHAIN    8
#define CLI_PROBLEMS 12

struct cli_probe {
    struct cli_job   job;
    struct cli_offer offer;
    struct cli_certificate chain[CLI_CHAIN];
    size_t      chain_len;
    uint8_t     unproven;      /* all that TLS shows is of a second connection
                                  that believed whatever it was told */
    uint8_t     starttls;
    uint8_t     safe;          /* nobody could listen */
    uint32_t    mechanism;     /* that would be used; 0: none */
    duva_caps   caps;
    struct {
        char    text[2560];    /* what is wrong; and after so much of it and */
        size_t  what_len;      /* "; " what to do about it */
    } problem[CLI_PROBLEMS];
    size_t      problems;
};

void cli_show(FILE *out, const struct cli_probe *p);
void cli_show_json(FILE *out, const struct cli_probe *p);

#endif
