/* test_cli_input.c - files, pipes and texts that can be read twice. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "envelope/recipients_file.h"
#include "message/counter.h"
#include "message/draft_files.h"
#include "message/to_utf8.h"
#include "system/input.h"

#define MEGABYTE (1024u * 1024u)

static char folder[] = "/tmp/duva-content-XXXXXX";
static char path[64];
static struct cli_input_reader reader;

static int set_up(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/duva-content-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/file", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void write_file(const void *data, size_t len)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    fclose(f);
}

static void fill(char *data, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        data[i] = (char)(i * 31 + i / 251);
}

/* Reads all in pieces of a size, twice. */
static void check(const struct cli_input *c, const char *data, size_t len,
                  size_t piece)
{
    char *got = malloc(len + piece);
    size_t at, round;
    int n;

    assert_non_null(got);
    cli_input_start(&reader, c);
    for (round = 0; round < 2; round++) {
        for (at = 0; (n = cli_input_read(&reader, got + at, piece)) > 0;) {
            assert_in_range(n, 1, piece);
            at += (size_t)n;
            assert_in_range(at, 0, len);
        }
        assert_int_equal(n, 0);
        assert_int_equal(at, len);
        assert_memory_equal(got, data, len);
        assert_int_equal(cli_input_read(&reader, NULL, 0), 0);
    }
    free(got);
}

static void check_all(const struct cli_input *c, const char *data, size_t len)
{
    static const size_t piece[] = { 1, 7, 8191, 8192, 8193, 100000 };
    size_t i;

    assert_int_equal(c->len, len);
    for (i = len > 100000; i < sizeof(piece) / sizeof(piece[0]); i++)
        check(c, data, len, piece[i]);
}

/* ---- contents ---- */

static void test_file(void **state)
{
    static const size_t size[] = { 1, 8191, 8192, 8193, 50000 };
    static char data[50000];
    struct cli_input c;
    size_t i;

    (void)state;
    fill(data, sizeof(data));
    for (i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
        write_file(data, size[i]);
        assert_int_equal(cli_input_open(&c, path), 0);
        assert_string_equal(c.name, path);
        assert_null(c.memory);
        check_all(&c, data, size[i]);
        cli_input_close(&c);
        cli_input_close(&c);
        assert_int_equal(c.fd, -1);
    }
}

static void test_text(void **state)
{
    struct cli_input c;

    (void)state;
    cli_input_text(&c, "--text", "abc\0d", 5);
    check_all(&c, "abc\0d", 5);
    cli_input_close(&c);
    cli_input_text(&c, "--text", "", 0);
    check_all(&c, "", 0);
}

struct feed {
    const char *data;
    size_t len;
};

static void *feed(void *arg)
{
    const struct feed *f = arg;
    const int fd = open(path, O_WRONLY);
    size_t at = 0;
    ssize_t n = 1;

    while (n > 0 && at < f->len) {
        n = write(fd, f->data + at, f->len - at < 5000 ? f->len - at : 5000);
        at += n > 0 ? (size_t)n : 0;
    }
    close(fd);
    return NULL;
}

/* In memory when it is short, in a file without a name when it is long. */
static void test_pipe(void **state)
{
    static const size_t size[] = {
        0, 1, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, 3 * MEGABYTE + 17
    };
    char *data = malloc(4 * MEGABYTE);
    struct cli_input c;
    struct feed f;
    pthread_t thread;
    size_t i;

    (void)state;
    assert_non_null(data);
    fill(data, 4 * MEGABYTE);
    for (i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
        f.data = data;
        f.len = size[i];
        assert_int_equal(mkfifo(path, 0600), 0);
        assert_int_equal(pthread_create(&thread, NULL, feed, &f), 0);
        assert_int_equal(cli_input_open(&c, path), 0);
        pthread_join(thread, NULL);
        assert_int_equal(c.memory != NULL, size[i] < MEGABYTE);
        check_all(&c, data, size[i]);
        cli_input_close(&c);
        unlink(path);
    }
    free(data);
}

/* /proc tells no length. */
static void test_no_length(void **state)
{
    struct cli_input c;

    (void)state;
    assert_int_equal(cli_input_open(&c, "/proc/self/status"), 0);
    assert_non_null(c.memory);
    assert_in_range(c.len, 100, 100000);
    cli_input_close(&c);
}

static void test_none(void **state)
{
    struct cli_input c;

    (void)state;
    assert_int_equal(cli_input_open(&c, path), EX_NOINPUT);
    assert_int_equal(errno, ENOENT);
    cli_input_close(&c);
    assert_int_equal(cli_input_open(&c, folder), EX_NOINPUT);
    assert_int_equal(errno, EISDIR);
    cli_input_close(&c);
}

/* What has grown is as long as it was; what has shrunk is an error. */
static void test_changed(void **state)
{
    struct cli_input c;
    char buf[20];

    (void)state;
    write_file("0123456789", 10);
    assert_int_equal(cli_input_open(&c, path), 0);
    write_file("0123456789abc", 13);
    check(&c, "0123456789", 10, 4);
    write_file("01234", 5);
    cli_input_start(&reader, &c);
    assert_int_equal(cli_input_read(&reader, buf, 5), 5);
    assert_int_equal(cli_input_read(&reader, buf, 5), -1);
    cli_input_close(&c);
}

/* ---- a meter ---- */

static uint64_t told[8];
static size_t   tells;

static void tell(void *ctx, uint64_t octets)
{
    assert_ptr_equal(ctx, told);
    told[tells++] = octets;
}

static void test_meter(void **state)
{
    struct cli_counter m = {
        .read = cli_input_read, .ctx = &reader, .tell = tell, .tell_ctx = told
    };
    struct cli_input c;
    char buf[4];

    (void)state;
    cli_input_text(&c, "x", "abcdef", 6);
    cli_input_start(&reader, &c);
    tells = 0;
    assert_int_equal(cli_counter_read(&m, buf, 4), 4);
    assert_true(m.started && !m.ended);
    assert_int_equal(cli_counter_read(&m, buf, 4), 2);
    assert_int_equal(cli_counter_read(&m, buf, 4), 0);
    assert_true(m.ended);
    assert_int_equal(m.octets, 6);
    assert_int_equal(cli_counter_read(&m, NULL, 0), 0);
    assert_true(!m.started && !m.ended);
    assert_int_equal(tells, 4);
    assert_int_equal(told[0], 4);
    assert_int_equal(told[1], 6);
    assert_int_equal(told[2], 6);
    assert_int_equal(told[3], 0);
}

/* ---- a file of recipients ---- */

static struct cli_mailboxes read_now;
static char problem[CLI_DRAFT_PROBLEM];

static int read_recipients(const char *text, size_t len)
{
    write_file(text, len);
    cli_mailboxes_free(&read_now);
    problem[0] = '\0';
    return cli_recipients_file_read(&read_now, path, 0, problem,
                                    sizeof(problem));
}

static void test_recipients(void **state)
{
    static const char text[] =
        "\xEF\xBB\xBF# who\nada@example.org\r\n\n  Bob <bob@example.org> \t\n"
        "#eve@example.org\n\"#\"@example.org";

    (void)state;
    assert_int_equal(read_recipients(text, sizeof(text) - 1), 0);
    assert_int_equal(read_now.count, 3);
    assert_string_equal(read_now.list[0].addr, "ada@example.org");
    assert_string_equal(read_now.list[1].name, "Bob");
    assert_string_equal(read_now.list[1].addr, "bob@example.org");
    assert_string_equal(read_now.list[2].addr, "\"#\"@example.org");
    assert_int_equal(read_recipients("", 0), 0);
    assert_int_equal(read_now.count, 0);
    cli_mailboxes_free(&read_now);
}

/* Once they are read they are as MAIL and RCPT have them. */
static void test_converted_recipients(void **state)
{
    (void)state;
    assert_int_equal(read_recipients("a@b\xC3\xBC" "cher.example\n", 17), 0);
    assert_string_equal(read_now.list[0].addr, "a@xn--bcher-kva.example");
    assert_false(read_now.utf8);
    assert_int_equal(read_recipients("\xC3\xBC@b.example\n", 13), 0);
    assert_true(read_now.utf8);
    cli_mailboxes_free(&read_now);
}

static void check_recipients(const char *text, size_t len, int code,
                             const char *words)
{
    assert_int_equal(read_recipients(text, len), code);
    assert_non_null(strstr(problem, path));
    assert_non_null(strstr(problem, words));
}

static void test_bad_recipients(void **state)
{
    (void)state;
    check_recipients("a@b.example\n\nno one\n", 20, EX_DATAERR, "line 3:");
    check_recipients("a@b.example\0\n", 13, EX_DATAERR, "a NUL octet");
    check_recipients("a@b.example,\r<\n", 15, EX_DATAERR, "line 1:");
    check_recipients("\"a@b\"\n", 6, EX_DATAERR, "it has no domain");
    unlink(path);
    cli_mailboxes_free(&read_now);
    assert_int_equal(cli_recipients_file_read(&read_now, path, 0, problem,
                                              sizeof(problem)),
                     EX_NOINPUT);
    assert_non_null(strstr(problem, "No such file"));
    cli_mailboxes_free(&read_now);
}

/* A text as mail can carry it. */
static void expect_recoded(const void *data, size_t len, const char *charset,
                           const char *text)
{
    struct cli_input c;
    const char *why;
    char got[100];
    int  made, n;

    write_file(data, len);
    assert_int_equal(cli_input_open(&c, path), 0);
    assert_int_equal(cli_to_utf8(&c, charset, &made, &why), 0);
    assert_int_equal(made, 1);
    assert_string_equal(c.name, path);
    cli_input_start(&reader, &c);
    n = cli_input_read(&reader, got, sizeof(got));
    assert_int_equal(n, strlen(text));
    assert_memory_equal(got, text, strlen(text));
    cli_input_close(&c);
}

static void recodes(void **state)
{
    static const char text[] = "\xc3\xa9\n";

    (void)state;
    expect_recoded("\xff\xfe\xe9\0\n\0", 6, NULL, text);
    expect_recoded("\xff\xfe\xe9\0\n\0", 6, "UTF-16", text);
    expect_recoded("\xff\xfe\xe9\0\n\0", 6, "utf-16le", text);
    expect_recoded("\xe9\0\n\0", 4, "utf-16le", text);
    expect_recoded("\xfe\xff\0\xe9\0\n", 6, NULL, text);
    expect_recoded("\xff\xfe\0\0\xe9\0\0\0\n\0\0\0", 12, NULL, text);
    expect_recoded("\0\0\xfe\xff\0\0\0\xe9\0\0\0\n", 12, NULL, text);
    expect_recoded("\xff\xfe", 2, NULL, "");
    expect_recoded("\xc1\x25", 2, "ibm037", "A\n");
}

/* Whole characters, wherever the pieces end. */
static void recodes_long(void **state)
{
    static char data[20002], text[30001], got[30000];
    struct cli_input c;
    const char *why;
    size_t i;
    int    made;

    (void)state;
    memcpy(data, "\xff\xfe", 2);
    for (i = 0; i < 10000; i++) {
        memcpy(data + 2 + 2 * i, i % 3 ? "\x3d\xd8" : "a", 2);
        if (i % 3 == 2)
            memcpy(data + 2 + 2 * i, "\0\xde", 2);
    }
    data[20000] = 'a';         /* not half of a pair */
    data[20001] = '\0';
    for (i = 0; i < 3333; i++)
        memcpy(text + 5 * i, "a\xf0\x9f\x98\x80", 6);
    text[5 * i] = 'a';
    write_file(data, sizeof(data));
    assert_int_equal(cli_input_open(&c, path), 0);
    assert_int_equal(cli_to_utf8(&c, NULL, &made, &why), 0);
    assert_int_equal(c.len, strlen(text));
    cli_input_start(&reader, &c);
    assert_int_equal(cli_input_read(&reader, got, sizeof(got)), c.len);
    assert_memory_equal(got, text, strlen(text));
    cli_input_close(&c);
}

static void leaves_or_refuses(void **state)
{
    static const struct {
        const char *data;
        size_t      len;
        const char *charset;
        int         failed;
    } one[] = {
        { "\xe9", 1, "iso-8859-1", 0 },
        { "\xff\xfe\xe9", 3, "windows-1252", 0 },
        { "\xe9", 1, "x-unknown", 0 },
        { "\xc3\xa9", 2, NULL, 0 },
        { "\xff\xfe\xe9", 3, NULL, EX_DATAERR }, /* half of a character */
        { "\xff\xfe\0\xd8", 4, NULL, EX_DATAERR },
        { "\xff\xfe\0\xd8\xe9\0", 6, NULL, EX_DATAERR },
        { "\xe9\0", 2, "utf-16", EX_DATAERR }, /* which end comes first? */
        { "abc", 3, "utf-16be", EX_DATAERR },
    };
    struct cli_input c;
    const char *why;
    size_t i;
    int    made;

    (void)state;
    for (i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
        why = NULL;
        write_file(one[i].data, one[i].len);
        assert_int_equal(cli_input_open(&c, path), 0);
        assert_int_equal(cli_to_utf8(&c, one[i].charset, &made, &why),
                         one[i].failed);
        assert_int_equal(made, 0);
        assert_int_equal(why != NULL, one[i].failed != 0);
        assert_int_equal(c.len, one[i].len);
        cli_input_close(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pipe, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_length, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_none, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_meter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_recipients, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_converted_recipients, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_bad_recipients, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(recodes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(recodes_long, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leaves_or_refuses, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
