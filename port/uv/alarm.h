/* alarm.h - any number of deadlines behind one timer. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_UV_ALARM_H
#define DUVA_UV_ALARM_H

#include <stddef.h>
#include <stdint.h>

/* Zero it and set ring. */
struct alarm {
    uint64_t due;              /* when to ring, in ms; 0: never */
    uint64_t key;              /* its place in the heap: due or earlier */
    size_t   place;            /* from 1; 0: not in the heap */
    void   (*ring)(struct alarm *a);
};

/* A heap by key.  A deadline that moves away, as most do, is not moved in the
 * heap before its key comes up. */
struct alarms {
    struct alarm **heap;       /* [1] to [count] */
    size_t         count, kept, room;
};

/* Keeps a place for one more alarm, so that setting it cannot fail, and gives
 * it back.  keep returns 0, or -1 when there is no memory. */
int  duva__alarm_keep(struct alarms *all);
void duva__alarm_release(struct alarms *all, struct alarm *a);

/* For an alarm that has a place. */
void duva__alarm_set(struct alarms *all, struct alarm *a, uint64_t due);

/* Rings those that are due, and returns when to look again, 0: never. */
uint64_t duva__alarms_ring(struct alarms *all, uint64_t now);
uint64_t duva__alarms_next(const struct alarms *all);

#endif
