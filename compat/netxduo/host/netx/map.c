/* map.c - DUVA_NX_MAP to a table: firmware address, address to connect to. */
/* SPDX-License-Identifier: MIT */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "duva_nx_host.h"
#include "map.h"
#include "scheduler.h"

#define MAPPINGS 32
#define EX_USAGE 64

struct mapping {
    struct duva__net_address from;
    struct duva__net_address to;
};

struct table {
    size_t count;
    struct mapping entry[MAPPINGS];
};

static struct table table;

static int same(const struct duva__net_address *a,
                const struct duva__net_address *b)
{
    return a->version == b->version && a->port == b->port
           && memcmp(a->ip, b->ip, sizeof a->ip) == 0;
}

static struct mapping *find(struct table *t,
                            const struct duva__net_address *from)
{
    size_t i;

    for (i = 0; i < t->count; i++) {
        if (same(&t->entry[i].from, from))
            return &t->entry[i];
    }
    return NULL;
}

static int parse_port(const char *text, size_t size, unsigned int *port)
{
    unsigned long value = 0;
    size_t i;

    if (size == 0 || size > 5)
        return -1;
    for (i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (unsigned long)(text[i] - '0');
    }
    *port = (unsigned int)value;
    return value >= 1 && value <= 65535 ? 0 : -1;
}

/* "1.2.3.4:25" or "[2001:db8::1]:25", `size` characters. */
static int parse_end(const char *text, size_t size,
                     struct duva__net_address *out)
{
    const char *host = text;
    size_t colon = size;

    while (colon > 0 && text[colon - 1] != ':')
        colon--;
    if (colon == 0)
        return -1;
    if (parse_port(text + colon, size - colon, &out->port) != 0)
        return -1;
    size = colon - 1;
    if (size >= 2 && host[0] == '[' && host[size - 1] == ']')
        return duva__net_parse(host + 1, size - 2, out) == 0
                       && out->version == 6
                   ? 0
                   : -1;
    return duva__net_parse(host, size, out) == 0 && out->version == 4 ? 0 : -1;
}

/* Returns the bad part, or NULL. */
static const char *parse_entry(const char *text, size_t size,
                               struct mapping *out)
{
    const char *equals = memchr(text, '=', size);

    if (equals == NULL)
        return text;
    memset(out, 0, sizeof *out);
    if (parse_end(text, (size_t)(equals - text), &out->from) != 0)
        return text;
    if (parse_end(equals + 1, size - (size_t)(equals + 1 - text), &out->to)
        != 0)
        return equals + 1;
    return NULL;
}

const char *duva_nx_map(const char *map)
{
    struct table next = table;

    if (map == NULL || *map == '\0')
        return NULL;
    for (;;) {
        const size_t size = strcspn(map, ",");
        struct mapping parsed;
        struct mapping *at;
        const char *bad = parse_entry(map, size, &parsed);

        if (bad != NULL)
            return bad;
        at = find(&next, &parsed.from);
        if (at == NULL) {
            if (next.count == MAPPINGS)
                return map;
            at = &next.entry[next.count++];
        }
        *at = parsed;
        if (map[size] == '\0')
            break;
        map += size + 1;
    }
    table = next;
    return NULL;
}

/* Reads DUVA_NX_MAP, or ends the process. */
static void map_environment(void)
{
    const char *map = getenv("DUVA_NX_MAP");
    const char *bad = duva_nx_map(map);

    if (bad == NULL)
        return;
    fprintf(stderr, "DUVA_NX_MAP: bad part '%.*s' at character %d\n",
            (int)strcspn(bad, "=,"), bad, (int)(bad - map) + 1);
    exit(EX_USAGE);
}

/* ThreadX, which comes first, knows nothing of addresses. */
__attribute__((constructor)) static void set_start(void)
{
    duva__tx_kernel_entered = map_environment;
}

int duva__nx_map_find(const struct duva__net_address *from,
                      struct duva__net_address *to)
{
    const struct mapping *m = find(&table, from);

    if (m == NULL)
        return 0;
    *to = m->to;
    return 1;
}
