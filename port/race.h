/* race.h - in which order and how fast addresses are tried (RFC 8305). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PORT_RACE_H
#define DUVA_PORT_RACE_H

#include <netdb.h>

enum {
    DUVA__STAGGER_MS = 250,    /* between two attempts: section 5 */
    DUVA__ATTEMPTS = 8         /* under way at a time */
};

/* The resolver takes a number over 65535 for another one.  0: it is one. */
static inline int duva__is_port(const char *port)
{
    unsigned long n = 0;

    while (*port >= '0' && *port <= '9' && n <= 65535)
        n = 10 * n + (unsigned long)(*port++ - '0');
    return n <= 65535;
}

/* Addresses of a list in the order of section 4: families alternate. */
struct duva__order {
    const struct addrinfo *first;
    const struct addrinfo *next[2]; /* of its family; of others */
    int                    turn; /* index of next */
    int                    begun;
};

/* The next one of the family of the first, or of another, from ai on. */
static inline const struct addrinfo *
duva__order_find(const struct duva__order *o, const struct addrinfo *ai,
                 int other)
{
    while (ai != NULL
           && (ai == o->first
               || (ai->ai_family != o->first->ai_family) != other))
        ai = ai->ai_next;
    return ai;
}

/* first is the one of the list that is to be the first. */
static inline void duva__order_init(struct duva__order *o,
                                    const struct addrinfo *list,
                                    const struct addrinfo *first)
{
    o->first = first;
    o->next[0] = duva__order_find(o, list, 0);
    o->next[1] = duva__order_find(o, list, 1);
    o->turn = 1;
    o->begun = 0;
}

/* NULL: there are no more. */
static inline const struct addrinfo *duva__order_take(struct duva__order *o)
{
    const struct addrinfo *ai;

    if (!o->begun) {
        o->begun = 1;
        return o->first;
    }
    if (o->next[o->turn] == NULL)
        o->turn = !o->turn;
    ai = o->next[o->turn];
    if (ai != NULL)
        o->next[o->turn] = duva__order_find(o, ai->ai_next, o->turn);
    o->turn = !o->turn;
    return ai;
}

#endif
