/* part.h - recipients of rows that are not over: who has the mail, or never
 * will. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_RECIPIENT_RESULTS_H
#define DUVA_CLI_RECIPIENT_RESULTS_H

#include <stddef.h>
#include <stdint.h>

#include "duva/mail.h"

/* Zero it first. */
struct cli_recipient_results {
    struct cli_recipient_result *list; /* on the heap */
    size_t  count, size;
    uint8_t sorted;
};

/* Is the recipient decided for good, whatever becomes of the others? */
int cli_recipient_result_is_over(const duva_rcpt *rcpt);

/* A recipient as the journal has it: "accepted 250 bob@example.org", with a
 * line end.  The first writes that; the second takes it, for a row: 0; 1: it is
 * none; -1: there is no memory. */
void cli_recipient_result_text(char *dst, size_t size, const duva_rcpt *rcpt);
int cli_recipient_results_add(struct cli_recipient_results *p, uint64_t row,
                              const char *text);

/* Gives the recipients of that row the verdicts that are known; the others stay
 * to be sent to. */
void cli_recipient_results_apply(struct cli_recipient_results *p, uint64_t row,
                                 duva_mail *mail);
void cli_recipient_results_free(struct cli_recipient_results *p);

#endif
