/* walk.h - what the files of the walk share. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_WALK_H
#define DUVA_TEST_WALK_H

#include "../unit/support/cmocka_all.h"

#include "duva/client.h"

#include <stdlib.h>
#include <string.h>

/* A table of the functions of some headers; the name of a test is that of the
 * function. */
#define WALK(f) { #f, walk_##f, NULL, NULL, NULL }

struct walk {
    const struct CMUnitTest *tests;
    size_t                   count;
};

#define WALKED(tests) { tests, sizeof(tests) / sizeof((tests)[0]) }

extern const struct walk walk_values, walk_engine, walk_client, walk_sasl,
    walk_mime, walk_tls, walk_posix, walk_proxy, walk_pool;

/* Strings that are no name, no address and no field. */
extern const char *const walk_bad[];
enum { WALK_BAD = 9 };

/* A number that no enum has, as whoever passes a wrong variable does. */
enum { WALK_NONE = 99 };

/* A source with a message, and one that fails. */
int walk_source(void *ctx, void *buf, size_t len);
int walk_no_source(void *ctx, void *buf, size_t len);

/* An engine over a buffer of its own, as far as IDLE; the server offers what
 * ehlo says. */
struct walk_session {
    duva_config config;
    duva_engine engine;
    uint8_t     out[256];
};
void walk_begin(struct walk_session *s, const char *ehlo);
void walk_say(struct walk_session *s, const char *text);
/* All that is to be sent is. */
void walk_flush(struct walk_session *s);

#endif
