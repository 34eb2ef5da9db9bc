/* part.c - recipients decided before their row into lines, and back. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "merge/recipient_results.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cli_recipient_result {
    uint64_t     row;
    char        *addr;
    duva_verdict verdict;
    uint16_t     code;
};

int cli_recipient_result_is_over(const duva_rcpt *rcpt)
{
    return rcpt->verdict == DUVA_ACCEPTED || rcpt->verdict == DUVA_REFUSED;
}

void cli_recipient_result_text(char *dst, size_t size, const duva_rcpt *rcpt)
{
    snprintf(dst, size, "%s %u %s\n", duva_verdict_name(rcpt->verdict),
             (unsigned)rcpt->status.code, rcpt->addr);
}

static struct cli_recipient_result *room(struct cli_recipient_results *p)
{
    const size_t size = p->size > 0 ? 2 * p->size : 64;
    struct cli_recipient_result *more;

    if (p->count == p->size) {
        more = realloc(p->list, size * sizeof(*more));
        if (more == NULL)
            return NULL;
        p->list = more;
        p->size = size;
    }
    return &p->list[p->count];
}

int cli_recipient_results_add(struct cli_recipient_results *p, uint64_t row,
                              const char *text)
{
    struct cli_recipient_result *part = room(p);
    char verdict[12], addr[300];
    unsigned code;

    if (part == NULL)
        return -1;
    if (sscanf(text, "%11s %3u %299[^\n]", verdict, &code, addr) != 3)
        return 1;
    part->row = row;
    part->code = (uint16_t)code;
    part->verdict = strcmp(verdict, "accepted") == 0 ? DUVA_ACCEPTED
                                                     : DUVA_REFUSED;
    if (part->verdict == DUVA_REFUSED && strcmp(verdict, "refused") != 0)
        return 1;
    part->addr = strdup(addr);
    if (part->addr == NULL)
        return -1;
    p->count++;
    p->sorted = 0;
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct cli_recipient_result *one = a, *other = b;

    return (one->row > other->row) - (one->row < other->row);
}

static size_t find(const struct cli_recipient_results *p, uint64_t row)
{
    size_t low = 0, high = p->count, middle;

    while (low < high) {
        middle = low + (high - low) / 2;
        if (p->list[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void cli_recipient_results_apply(struct cli_recipient_results *p, uint64_t row,
                                 duva_mail *mail)
{
    duva_rcpt *rcpt;
    size_t i;

    if (!p->sorted && p->count > 0)
        qsort(p->list, p->count, sizeof(*p->list), compare);
    p->sorted = 1;
    for (i = find(p, row); i < p->count && p->list[i].row == row; i++)
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
