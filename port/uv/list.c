/* list.c - rings of structures, and lists of mails. */
/* SPDX-License-Identifier: MIT */
#include "list.h"

void duva__ring_init(struct ring *r)
{
    r->next = r->prev = r;
}

void duva__ring_add(struct ring *r, struct ring *to)
{
    r->next = to->next;
    r->prev = to;
    to->next->prev = r;
    to->next = r;
}

void duva__ring_drop(struct ring *r)
{
    r->next->prev = r->prev;
    r->prev->next = r->next;
    duva__ring_init(r);
}

void duva__mails_add(struct mails *list, duva_pool_mail *m)
{
    m->next = NULL;
    if (list->first == NULL)
        list->first = m;
    else
        list->last->next = m;
    list->last = m;
}

duva_pool_mail *duva__mails_take(struct mails *list)
{
    duva_pool_mail *m = list->first;

    if (m != NULL)
        list->first = m->next;
    return m;
}
