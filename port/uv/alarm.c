/* alarm.c - turns many deadlines into the next one. */
/* SPDX-License-Identifier: MIT */
#include "alarm.h"

#include <stdlib.h>

int duva__alarm_keep(struct alarms *all)
{
    size_t         room = all->room > 0 ? all->room * 2 : 64;
    struct alarm **heap;

    if (all->kept + 1 < all->room) { /* there is no [0] */
        all->kept++;
        return 0;
    }
    heap = realloc(all->heap, room * sizeof(struct alarm *));
    if (heap == NULL)
        return -1;
    all->heap = heap;
    all->room = room;
    all->kept++;
    return 0;
}

static void put(struct alarms *all, struct alarm *a, size_t place)
{
    all->heap[place] = a;
    a->place = place;
}

static void rise(struct alarms *all, struct alarm *a)
{
    size_t place = a->place;

    while (place > 1 && all->heap[place / 2]->key > a->key) {
        put(all, all->heap[place / 2], place);
        place /= 2;
    }
    put(all, a, place);
}

static void sink(struct alarms *all, struct alarm *a)
{
    size_t place = a->place, child;

    for (; (child = place * 2) <= all->count; place = child) {
        if (child < all->count
            && all->heap[child + 1]->key < all->heap[child]->key)
            child++;
        if (all->heap[child]->key >= a->key)
            break;
        put(all, all->heap[child], place);
    }
    put(all, a, place);
}

void duva__alarm_set(struct alarms *all, struct alarm *a, uint64_t due)
{
    a->due = due;
    if (due == 0 || (a->place > 0 && a->key <= due))
        return;
    a->key = due;
    if (a->place == 0)
        put(all, a, ++all->count);
    rise(all, a);
}

static void drop(struct alarms *all, struct alarm *a)
{
    const size_t  place = a->place;
    struct alarm *last;

    a->due = 0;
    a->place = 0;
    if (place == 0)
        return;
    last = all->heap[all->count--];
    if (last == a)
        return;
    put(all, last, place);
    rise(all, last);
    sink(all, last);
}

void duva__alarm_release(struct alarms *all, struct alarm *a)
{
    drop(all, a);
    all->kept--;
}

uint64_t duva__alarms_ring(struct alarms *all, uint64_t now)
{
    while (all->count > 0 && all->heap[1]->key <= now) {
        struct alarm  *a = all->heap[1];
        const uint64_t due = a->due;

        if (due > now) {
            a->key = due;
            sink(all, a);
            continue;
        }
        drop(all, a);
        if (due != 0)
            a->ring(a);
    }
    return duva__alarms_next(all);
}

uint64_t duva__alarms_next(const struct alarms *all)
{
    return all->count > 0 ? all->heap[1]->key : 0;
}
