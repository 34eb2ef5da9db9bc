/* test_command.c - commands in pieces, and their arguments: command.c. */
/* SPDX-License-Identifier: MIT */
#include "command.h"

#include "cmocka_all.h"

static char   traced[4096];
static size_t traced_len;

static void trace(void *ctx, char from, const char *text, size_t len)
{
    (void)ctx;
    assert_int_equal(from, 'C');
    assert_true(traced_len + len < sizeof(traced));
    memcpy(traced + traced_len, text, len);
    traced_len += len;
    traced[traced_len] = '\0';
}

static duva_config config;

static int begin(void **state)
{
    (void)state;
    config.trace = trace;
    traced_len = 0;
    traced[0] = '\0';
    return 0;
}

typedef void say_fn(duva__writer *w);

/* Says a command through a buffer of room octets, and returns its length. */
static size_t say_through(say_fn *say, size_t room, char *all)
{
    uint8_t *buf = malloc(room); /* so that a sanitizer sees its end */
    size_t   len = 0;
    int      cut = 1;

    assert_non_null(buf);
    traced_len = 0;
    traced[0] = '\0';
    while (cut) {
        duva__writer w;

        memset(&w, 0, sizeof(w));
        w.config = &config;
        w.at = buf;
        w.room = room;
        w.skip = len;
        say(&w);
        assert_int_equal((size_t)(w.at - buf) + w.room, room);
        assert_true(w.at > buf || len > 0);
        memcpy(all + len, buf, (size_t)(w.at - buf));
        len += (size_t)(w.at - buf);
        cut = w.cut;
        assert_true(len < 4000);
    }
    free(buf);
    return len;
}

static void same_in_every_buffer(say_fn *say, const char *wire,
                                 const char *trace_text)
{
    const size_t len = strlen(wire);
    char         all[4096];
    size_t       room;

    for (room = 1; room < len + 3; room++) {
        assert_int_equal(say_through(say, room, all), len);
        assert_memory_equal(all, wire, len);
        assert_string_equal(traced, trace_text);
    }
}

static void say_envelope(duva__writer *w)
{
    duva__put(w, "MAIL FROM:<%>", "ada@example.org");
    duva__put(w, " SIZE=", NULL);
    duva__put_number(w, 4294967295u);
    duva__put(w, "%", "");
    duva__put(w, "\r\n", NULL);
}

static void pieces(void **state)
{
    static const char wire[] = "MAIL FROM:<ada@example.org> SIZE=4294967295"
                               "\r\n";

    (void)state;
    same_in_every_buffer(say_envelope, wire, wire);
}

/* A percent sign of an argument is no place for another. */
static void say_percent(duva__writer *w)
{
    duva__put(w, "RCPT TO:<%>\r\n", "100%%@example.org");
}

static void percent_in_argument(void **state)
{
    static const char wire[] = "RCPT TO:<100%%@example.org>\r\n";

    (void)state;
    same_in_every_buffer(say_percent, wire, wire);
}

static uint32_t number;

static void say_number(duva__writer *w)
{
    duva__put_number(w, number);
}

static void numbers(void **state)
{
    static const struct {
        uint32_t    n;
        const char *text;
    } want[] = {
        { 0, "0" }, { 1, "1" }, { 9, "9" }, { 10, "10" }, { 99, "99" },
        { 100, "100" }, { 65535, "65535" }, { 65536, "65536" },
        { 1000000000, "1000000000" }, { 4294967295u, "4294967295" },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        number = want[i].n;
        same_in_every_buffer(say_number, want[i].text, want[i].text);
    }
}

static duva_span part[DUVA_SASL_PARTS];
static unsigned  parts;

static void say_secret(duva__writer *w)
{
    duva__put(w, "AUTH % ", "PLAIN");
    duva__put_secret(w, part, parts);
    duva__put(w, "\r\n", NULL);
}

/* The same octets in one span or in many; never in the trace, but a mark that
 * they were there is, once. */
static void secrets(void **state)
{
    static const char plain[] = "\0ada\0opensesame";
    size_t            a, b;

    (void)state;
    for (a = 0; a <= 15; a++)
        for (b = a; b <= 15; b++) {
            part[0].data = plain;
            part[0].len = a;
            part[1].data = plain + a;
            part[1].len = b - a;
            part[2].data = plain + b;
            part[2].len = 15 - b;
            parts = 3;
            assert_int_equal(duva__secret_length(part, parts), 20);
            same_in_every_buffer(say_secret,
                                 "AUTH PLAIN AGFkYQBvcGVuc2VzYW1l\r\n",
                                 "AUTH PLAIN ***\r\n");
        }
}

static void secret_lengths(void **state)
{
    size_t len;

    (void)state;
    assert_int_equal(duva__secret_length(part, 0), 0);
    for (len = 0; len < 100; len++) {
        part[0].len = len;
        assert_int_equal(duva__secret_length(part, 1), (len + 2) / 3 * 4);
    }
}

static void say_padded(duva__writer *w)
{
    duva__put_secret(w, part, parts);
}

static void secret_padding(void **state)
{
    (void)state;
    parts = 1;
    part[0].data = "foob";
    part[0].len = 4;
    same_in_every_buffer(say_padded, "Zm9vYg==", "***");
    part[0].len = 2;
    same_in_every_buffer(say_padded, "Zm8=", "***");
}

/* Without anybody who traces nothing is called. */
static void untraced(void **state)
{
    char all[128];

    (void)state;
    config.trace = NULL;
    assert_int_equal(say_through(say_percent, 7, all), 29);
    duva__trace(&config, 'S', "x", 1);
    assert_int_equal(traced_len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pieces, begin),
        cmocka_unit_test_setup(percent_in_argument, begin),
        cmocka_unit_test_setup(numbers, begin),
        cmocka_unit_test_setup(secrets, begin),
        cmocka_unit_test_setup(secret_lengths, begin),
        cmocka_unit_test_setup(secret_padding, begin),
        cmocka_unit_test_setup(untraced, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
