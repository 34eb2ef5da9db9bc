/* certificate.h - a certificate into what people want to know of it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CERTIFICATE_H
#define DUVA_CLI_CERTIFICATE_H

#include <stddef.h>

/* All text in it is fit to be shown. */
struct cli_certificate {
    char subject[512], issuer[512];
    char names[4096];          /* "DNS:mail.example", each with '\n' */
    char from[24], to[24];     /* when it is valid, in UTC */
    int  days_left;            /* negative: it is over */
    char key[32];              /* "RSA" */
    int  bits;
    char pin[64];              /* as --pin wants it */
};

/* Returns 0, or -1: it is no certificate. */
int cli_certificate_read(struct cli_certificate *c, const void *der,
                         size_t len);

#endif
