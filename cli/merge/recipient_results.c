/* recipient_results.c - recipients decided before their row, as lines. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "merge/array.h"
#include "merge/recipient_results.h"

struct cli_recipient_result {
    uint64_t row; /* the first, for cli_array_find() */
    char        *addr;
    duva_verdict verdict;
    uint16_t     code;
};

int cli_recipient_is_decided(const duva_rcpt *rcpt)
{
    return rcpt->verdict == DUVA_ACCEPTED || rcpt->verdict == DUVA_REFUSED;
}

void cli_recipient_result_text(char *dst, size_t size, const duva_rcpt *rcpt)
{
    snprintf(dst, size, "%s %u %s\n", duva_verdict_name(rcpt->verdict),
             (unsigned)rcpt->status.code, rcpt->addr);
}

int cli_recipient_results_add(struct cli_recipient_results *p, uint64_t row,
                              const char *text)
{
    struct cli_recipient_result *r
        = cli_array_room(p->list, &p->size, p->count, sizeof(*r));
    char verdict[12], addr[300];
    unsigned code;

    if (r == NULL)
        return -1;
    p->list = r;
    r += p->count;
    if (sscanf(text, "%11s %3u %299[^\n]", verdict, &code, addr) != 3)
        return 1;
    r->row = row;
    r->code = (uint16_t)code;
    r->verdict
        = strcmp(verdict, "accepted") == 0 ? DUVA_ACCEPTED : DUVA_REFUSED;
    if (r->verdict == DUVA_REFUSED && strcmp(verdict, "refused") != 0)
        return 1;
    r->addr = strdup(addr);
    if (r->addr == NULL)
        return -1;
    p->count++;
    p->sorted = 0;
    return 0;
}

static int compare_rows(const void *a, const void *b)
{
    const struct cli_recipient_result *one = a, *other = b;

    return (one->row > other->row) - (one->row < other->row);
}

void cli_recipient_results_apply(struct cli_recipient_results *p, uint64_t row,
                                 duva_mail *mail)
{
    duva_rcpt *rcpt;
    size_t i;

    if (!p->sorted && p->count > 0)
        qsort(p->list, p->count, sizeof(*p->list), compare_rows);
    p->sorted = 1;
    i = cli_array_find(p->list, p->count, sizeof(*p->list), row);
    for (; i < p->count && p->list[i].row == row; i++)
        for (rcpt = mail->rcpt; rcpt < mail->rcpt + mail->rcpt_count; rcpt++)
            if (strcmp(rcpt->addr, p->list[i].addr) == 0) {
                rcpt->verdict = p->list[i].verdict;
                rcpt->status.code = p->list[i].code;
            }
}

void cli_recipient_results_free(struct cli_recipient_results *p)
{
    size_t i;

    for (i = 0; i < p->count; i++)
        free(p->list[i].addr);
    free(p->list);
}
