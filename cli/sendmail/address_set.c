/* address_set.c - addresses, each once, in the order in which they came. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "sendmail/address_set.h"

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static int make_room(struct cli_address_set *p)
{
    const size_t room = 2 * p->room + 8;
    char **more;

    if (p->count < p->room)
        return 0;
    more = realloc(p->addr, room * sizeof(*more));
    if (more == NULL)
        return -1;
    p->addr = more;
    p->room = room;
    return 0;
}

int cli_address_set_add(struct cli_address_set *p, const char *addr)
{
    char *copy = make_room(p) == 0 ? strdup(addr) : NULL;
    char *const *found = NULL;

    if (copy != NULL)
        found = tsearch(copy, &p->known, compare);
    if (found != NULL && *found == copy)
        p->addr[p->count++] = copy;
    else
        free(copy);
    return found != NULL ? 0 : -1;
}

static void keep(void *addr)
{
    (void)addr;                /* the list frees it */
}

void cli_address_set_free(struct cli_address_set *p)
{
    tdestroy(p->known, keep);
    while (p->count > 0)
        free(p->addr[--p->count]);
    free(p->addr);
    memset(p, 0, sizeof(*p));
}
