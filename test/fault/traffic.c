/* traffic.c - keeps what went over a connection. */
/* SPDX-License-Identifier: MIT */
#include "traffic.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

void traffic_clear(struct traffic *t)
{
    t->events = 0;
    t->sending = 0;
    t->together = t->strict = 0;
    t->client = NULL;
    t->job = NULL;
}

void traffic_note(struct traffic *t, char from, const void *octets, size_t len)
{
    const char *at = octets;

    if (t->client != NULL && t->client->job > t->job)
        t->sending = (uint16_t)(t->client->job - t->job - 1);
    while (len-- > 0) {
        if (t->events == t->room) {
            t->room = 2 * t->room + 1024;
            t->event = realloc(t->event, t->room * sizeof(*t->event));
            if (t->event == NULL)
                exit(1);
        }
        t->event[t->events].from = from;
        t->event[t->events].octet = *at++;
        t->event[t->events++].sending = t->sending;
    }
}

void traffic_print(const struct traffic *t)
{
    size_t i, n;

    for (i = 0; i < t->events; i += n) {
        char line[512];

        for (n = 0; i + n < t->events && n < sizeof(line); n++) {
            line[n] = t->event[i + n].octet;
            if (t->event[i + n].from != t->event[i].from)
                break;
            if (line[n] == '\n' || t->event[i].from == 'T') {
                n++;
                break;
            }
        }
        printf("%c: %s\n", t->event[i].from, shown(line, n));
    }
}
