/* recipient_results.h - recipients that are decided before their row is. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_RECIPIENT_RESULTS_H
#define DUVA_CLI_RECIPIENT_RESULTS_H

#include <stddef.h>
#include <stdint.h>

#include "duva/mail.h"

/* Of rows that have a recipient who was accepted or rejected, and another one
 * who was not.  Zero it first. */
struct cli_recipient_results {
    struct cli_recipient_result *list; /* on the heap */
    size_t  count, size;
    uint8_t sorted;
};

/* 1 when the recipient was accepted or rejected, so that it is not sent to
 * again; else 0. */
int cli_recipient_is_decided(const duva_rcpt *rcpt);

/* A recipient as a line of the journal: "accepted 250 bob@example.org", with a
 * line end.  The first function writes it; the second one adds it to those of a
 * row, and returns 0; 1: it is no such line; or -1: not enough memory. */
void cli_recipient_result_text(char *dst, size_t size, const duva_rcpt *rcpt);
int cli_recipient_results_add(struct cli_recipient_results *p, uint64_t row,
                              const char *text);

/* Sets the verdicts of the recipients of that row that are decided. */
void cli_recipient_results_apply(struct cli_recipient_results *p, uint64_t row,
                                 duva_mail *mail);
void cli_recipient_results_free(struct cli_recipient_results *p);

#endif
