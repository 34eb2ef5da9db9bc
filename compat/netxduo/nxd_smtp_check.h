/* nxd_smtp_check.h - may the texts of a mail be sent as they are? */
/* SPDX-License-Identifier: MIT */
#ifndef NXD_SMTP_CHECK_H
#define NXD_SMTP_CHECK_H

#include "nxd_smtp_claim.h"

int duva__nx_is_subject(const CHAR *text);

/* The next octets of a message in memory; body is zero before the first.  0:
 * they cannot be sent.  Notes in the mail whether some are above 127. */
#if DUVA_WITH_SIZE
int duva__nx_check_text(duva_mail *mail, duva_body *body, const void *text,
                        size_t len);
#else
#define duva__nx_check_text(mail, body, text, len)                             \
    ((void)(mail), duva_body_check(body, text, len) == DUVA_OK)
#endif

#endif
