/* proxy.c - walks proxy.h. */
/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include "duva/proxy.h"

static int nothing(duva_link *l, void *buf, size_t len)
{
    (void)l;
    (void)buf;
    (void)len;
    return 0;
}

static int gone(duva_link *l, const void *buf, size_t len)
{
    (void)buf;
    (void)len;
    l->cause = 7;
    return DUVA_ERR_IO;
}

static const duva_link_ops broken = { nothing, gone, NULL, NULL };
static duva_link           under = { &broken, 0 };
static duva_proxy          p;
static duva_proxy_route    route;

static void set_up(void)
{
    route = (duva_proxy_route) { .kind = DUVA_PROXY_SOCKS5, .port = 25,
                                 .host = "mx.example" };
    assert_int_equal(duva_proxy_begin(&p, &under, &route), DUVA_OK);
}

static void refused(void)
{
    assert_int_equal(duva_proxy_begin(&p, &under, &route), DUVA_ERR_ARG);
    set_up();
}

static void walk_duva_proxy_begin(void **state)
{
    size_t i;

    (void)state;
    set_up();
    assert_int_equal(duva_proxy_begin(NULL, &under, &route), DUVA_ERR_ARG);
    assert_int_equal(duva_proxy_begin(&p, NULL, &route), DUVA_ERR_ARG);
    assert_int_equal(duva_proxy_begin(&p, &under, NULL), DUVA_ERR_ARG);
    route.host = NULL;
    refused();
    route.port = 0;
    refused();
    route.kind = (duva_proxy_kind)WALK_NONE;
    refused();
    route.kind = (duva_proxy_kind)-1;
    refused();
    route.user = "ada";        /* and no password */
    refused();
    route.pass = "secret";     /* and no user: nobody logs in */
    assert_int_equal(duva_proxy_begin(&p, &under, &route), DUVA_OK);
    for (i = 0; i < WALK_BAD; i++) {
        route.host = walk_bad[i];
        refused();
    }
    route.user = walk_bad[8];
    route.pass = "";
    refused();
    route.kind = DUVA_PROXY_HTTP;
    route.user = "a\n";
    route.pass = "";
    refused();
}

static void walk_duva_proxy_step(void **state)
{
    (void)state;
    set_up();
    assert_int_equal(duva_proxy_step(&p), DUVA_ERR_IO);
    assert_int_equal(p.link.cause, 7);
    assert_int_equal(duva_proxy_step(&p), DUVA_ERR_IO); /* for good */
}

static void walk_duva_proxy_left(void **state)
{
    (void)state;
    set_up();
    assert_int_equal(duva_proxy_left(&p), 0);
    duva_proxy_step(&p);
    assert_int_equal(duva_proxy_left(&p), 0);
}

static void walk_duva_proxy_text(void **state)
{
    unsigned reason;

    (void)state;
    set_up();
    for (reason = 0; reason < 256; reason++) {
        p.reason = (uint8_t)reason;
        assert_true(strlen(duva_proxy_text(&p)) > 0);
    }
}

static void walk_duva_proxy_why(void **state)
{
    duva_result why;

    (void)state;
    set_up();
    duva_proxy_why(&p, (duva_err)WALK_NONE, &why);
    assert_int_equal(why.verdict, DUVA_RETRY);
    assert_string_equal(why.text, "");
}

static const struct CMUnitTest tests[] = {
    WALK(duva_proxy_begin), WALK(duva_proxy_step), WALK(duva_proxy_left),
    WALK(duva_proxy_text), WALK(duva_proxy_why)
};

const struct walk walk_proxy = WALKED(tests);
