/* traffic.h - what went over a connection, octet by octet, in order. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_TRAFFIC_H
#define DUVA_TEST_TRAFFIC_H

#include "duva/client.h"

struct event {
    char     from;             /* 'C', 'S', or 'T': TLS is up from here */
    char     octet;
    uint16_t sending;          /* the entry of the plan, from 0, that was
                                  handed in last */
};

struct traffic {
    struct event *event;
    size_t        events, room;
    uint16_t      sending;     /* of the octets to come */
    int           together;    /* the mails were handed in together: */
    const duva_client *client; /* how many of them it has begun */
    const duva_job    *job;    /* it knows, and these are all */
    int           strict;      /* 503 to MAIL is for a transaction that is open,
                                  and for nothing else */
};

/* Forgets all of it, but not the memory. */
void traffic_clear(struct traffic *t);

void traffic_note(struct traffic *t, char from, const void *octets,
                  size_t len);

/* Prints it, a line for each line. */
void traffic_print(const struct traffic *t);

#endif
