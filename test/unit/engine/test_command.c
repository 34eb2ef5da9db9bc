/* test_command.c - commands in pieces, and their arguments: command.c. */
/* SPDX-License-Identifier: MIT */
#include "command.h"
#include "trace.h"

#include "cmocka_all.h"

#include <stdio.h>

static char   traced[4096];
static size_t traced_len;

static void trace(void *ctx, const duva_trace_event *event)
{
    (void)ctx;
    assert_int_equal(event->from, 'C');
    assert_int_equal(event->ends, event->text[event->len - 1] == '\n');
    assert_true(traced_len + event->len < sizeof(traced));
    memcpy(traced + traced_len, event->text, event->len);
    traced_len += event->len;
    traced[traced_len] = '\0';
}

static duva_config config;
static duva_span   part[DUVA_SASL_PARTS];
static unsigned    parts;

static int begin(void **state)
{
    (void)state;
    config.trace = trace;
    traced_len = 0;
    traced[0] = '\0';
    return 0;
}

typedef void say_fn(duva_engine *e);

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
        duva_engine e;

        memset(&e, 0, sizeof(e));
        e.config = &config;
        e.out = buf;
        e.out_cap = room;
        e.offset = len;
        e.response_parts = (uint8_t)parts;
        memcpy(e.response, part, sizeof(part));
        say(&e);
        duva__trace_out(&e);
        assert_true(e.out_len <= room);
        assert_true(e.out_len > 0 || len > 0);
        memcpy(all + len, buf, e.out_len);
        len += e.out_len;
        assert_int_equal(e.offset, len);
        cut = e.offset < e.position;
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

static void say_envelope(duva_engine *e)
{
    duva__put(e, "MAIL FROM:<%>", "ada@example.org");
    duva__put(e, " SIZE=%", "4294967295");
    duva__put(e, "%", "");
    duva__put(e, "\r\n", NULL);
}

static void pieces(void **state)
{
    static const char wire[] = "MAIL FROM:<ada@example.org> SIZE=4294967295"
                               "\r\n";

    (void)state;
    same_in_every_buffer(say_envelope, wire, wire);
}

static size_t number;

static void say_number(duva_engine *e)
{
    duva__put_number(e, "BDAT % LAST\r\n", number);
}

static void numbers(void **state)
{
    static const size_t all[] = { 0, 9, 10, 4294967295u, SIZE_MAX };
    char   wire[64];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        number = all[i];
        sprintf(wire, "BDAT %zu LAST\r\n", number);
        same_in_every_buffer(say_number, wire, wire);
    }
}

/* A percent sign of an argument is no place for another. */
static void say_percent(duva_engine *e)
{
    duva__put(e, "RCPT TO:<%>\r\n", "100%%@example.org");
}

static void percent_in_argument(void **state)
{
    static const char wire[] = "RCPT TO:<100%%@example.org>\r\n";

    (void)state;
    same_in_every_buffer(say_percent, wire, wire);
}

static void say_secret(duva_engine *e)
{
    duva__put(e, "AUTH % ", "PLAIN");
    duva__put_secret(e);
    duva__put(e, "\r\n", NULL);
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
            same_in_every_buffer(say_secret,
                                 "AUTH PLAIN AGFkYQBvcGVuc2VzYW1l\r\n",
                                 "AUTH PLAIN ***\r\n");
        }
}

static void say_hidden(duva_engine *e)
{
    duva__put(e, "BURL ", NULL);
    duva__put_hidden(e, "imap://a%/;urlauth=s");
    duva__put(e, " LAST\r\n", NULL);
}

static void hidden_text(void **state)
{
    (void)state;
    same_in_every_buffer(say_hidden, "BURL imap://a%/;urlauth=s LAST\r\n",
                         "BURL *** LAST\r\n");
}

static void say_padded(duva_engine *e)
{
    duva__put_secret(e);
}

static void secret_padding(void **state)
{
    (void)state;
    parts = 1;
    part[0].data = "foobar"; /* RFC 4648 10 */
    part[0].len = 6;
    same_in_every_buffer(say_padded, "Zm9vYmFy", "***");
    part[0].len = 5;
    same_in_every_buffer(say_padded, "Zm9vYmE=", "***");
    part[0].len = 4;
    same_in_every_buffer(say_padded, "Zm9vYg==", "***");
    part[0].len = 3;
    same_in_every_buffer(say_padded, "Zm9v", "***");
    part[0].len = 2;
    same_in_every_buffer(say_padded, "Zm8=", "***");
    part[0].len = 1;
    same_in_every_buffer(say_padded, "Zg==", "***");
}

/* Every octet in every place, against the bits of its digits. */
static void secret_octets(void **state)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t  in[3];
    char     all[8];
    unsigned c, k;

    (void)state;
    parts = 1;
    part[0].data = in;
    part[0].len = 3;
    for (c = 0; c < 256; c++)
        for (k = 0; k < 3; k++) {
            uint32_t bits;

            in[0] = in[1] = in[2] = 0x5A;
            in[k] = (uint8_t)c;
            bits = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
            assert_int_equal(say_through(say_padded, 4, all), 4);
            assert_int_equal(all[0], digits[bits >> 18]);
            assert_int_equal(all[1], digits[bits >> 12 & 63]);
            assert_int_equal(all[2], digits[bits >> 6 & 63]);
            assert_int_equal(all[3], digits[bits & 63]);
        }
}

/* Without anybody who traces nothing is called. */
static void untraced(void **state)
{
    char        all[128];
    duva_engine e;

    (void)state;
    config.trace = NULL;
    assert_int_equal(say_through(say_percent, 7, all), 29);
    memset(&e, 0, sizeof(e));
    e.config = &config;
    duva__trace_command(&e, DUVA_STAGE_MAIL, "x", 1);
    assert_int_equal(traced_len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pieces, begin),
        cmocka_unit_test_setup(numbers, begin),
        cmocka_unit_test_setup(percent_in_argument, begin),
        cmocka_unit_test_setup(secrets, begin),
        cmocka_unit_test_setup(hidden_text, begin),
        cmocka_unit_test_setup(secret_padding, begin),
        cmocka_unit_test_setup(secret_octets, begin),
        cmocka_unit_test_setup(untraced, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
