/* test_cli_connection_chart.c - the chart of more connections than it has room
 * for. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "cmocka_all.h"
#include "trace/connection_chart.h"
#include "trace/timeline.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static struct cli_connection_chart chart;
static duva_pool_mail  mail;

static char *draw(void)
{
    struct cli_timeline visit;
    char  *text = NULL;
    size_t len = 0;
    FILE  *out = open_memstream(&text, &len);

    assert_non_null(out);
    cli_timeline_start(&visit);
    cli_connection_chart_svg(out, &chart, &visit, "a & b");
    assert_int_equal(fclose(out), 0);
    return text;
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    while ((text = strstr(text, what)) != NULL) {
        text++;
        n++;
    }
    return n;
}

static void note(uint64_t connection, duva_pool_event event)
{
    cli_connection_chart_note(
        &chart, connection, event,
        event == DUVA_POOL_BEGIN || event == DUVA_POOL_END ? &mail : NULL);
}

static void begin(uint64_t connections)
{
    uint64_t c;

    cli_connection_chart_start(&chart, cli_timeline_now());
    for (c = 1; c <= connections; c++) {
        note(c, DUVA_POOL_CONNECTING);
        note(c, DUVA_POOL_OPEN);
        note(c, DUVA_POOL_READY);
    }
}

/* Three at a time on each of two connections, in turns; one in four is not
 * accepted. */
static void too_many_mails(void **state)
{
    enum { MAILS = 5000, AHEAD = 3 };
    char *text;
    int   i, c;

    (void)state;
    begin(2);
    for (i = 0; i < MAILS / 2 + AHEAD; i++)
        for (c = 1; c <= 2; c++) {
            mail.job.mail.result.verdict
                = i % 4 == AHEAD ? DUVA_REFUSED : DUVA_ACCEPTED;
            if (i >= AHEAD)
                note((uint64_t)c, DUVA_POOL_END);
            if (i < MAILS / 2)
                note((uint64_t)c, DUVA_POOL_BEGIN);
        }
    text = draw();
    assert_int_equal(count(text, "<rect class=\"message\""), 3000 + 1);
    assert_int_equal(count(text, "<rect class=\"trouble\""), 1000 + 1);
    assert_int_equal(count(text, "data-mails=\"2500\""), 2);
    assert_non_null(strstr(text, "0 further connections, 1000 further mails"));
    assert_non_null(strstr(text, "a &amp; b"));
    free(text);
}

static void too_many_connections(void **state)
{
    char *text;

    (void)state;
    begin(33);
    note(33, DUVA_POOL_BEGIN);
    note(1, DUVA_POOL_BEGIN);
    note(33, DUVA_POOL_END);
    note(33, DUVA_POOL_GONE);
    text = draw();
    assert_int_equal(count(text, "data-connection"), 32);
    assert_non_null(strstr(text, "1 further connection, 1 further mail<"));
    free(text);
}

/* A proxy that does not let through, a server that says nothing. */
static void never_ready(void **state)
{
    char *text;

    (void)state;
    cli_connection_chart_start(&chart, cli_timeline_now());
    note(1, DUVA_POOL_CONNECTING);
    note(1, DUVA_POOL_PROXY);
    note(1, DUVA_POOL_GONE);
    note(2, DUVA_POOL_CONNECTING);
    note(2, DUVA_POOL_OPEN);
    text = draw();
    assert_int_equal(count(text, "<rect class=\"way\""), 2 + 1);
    assert_int_equal(count(text, "<rect class=\"idle\""), 0 + 1);
    assert_null(strstr(text, "not drawn"));
    assert_null(strstr(text, "=\"-"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_many_mails),
        cmocka_unit_test(too_many_connections),
        cmocka_unit_test(never_ready),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
