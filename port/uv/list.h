/* list.h - rings of structures, and lists of mails. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_UV_LIST_H
#define DUVA_UV_LIST_H

#include "duva/pool.h"

struct ring { /* a doubly linked list that ends in itself */
    struct ring *next, *prev;
};

void duva__ring_init(struct ring *r);
void duva__ring_add(struct ring *r, struct ring *to);
void duva__ring_drop(struct ring *r);

struct mails { /* first in, first out */
    duva_pool_mail *first, *last;
};

void duva__mails_add(struct mails *list, duva_pool_mail *m);
/* NULL: it is empty. */
duva_pool_mail *duva__mails_take(struct mails *list);

#endif
