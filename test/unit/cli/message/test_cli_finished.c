/* test_cli_finished.c - finished messages from files and pipes, read twice. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <sysexits.h>
#include <stdio.h>
#include <stdint.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "message/finished.h"

#define LONG (3 * 1024 * 1024 + 7)

static char folder[] = "/tmp/duva-test-XXXXXX";
static char path[64];

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/message", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void write_file(const char *data, size_t len)
{
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(data, 1, len, out), len);
    assert_int_equal(fclose(out), 0);
}

/* A process that writes data into the pipe that path then is. */
static pid_t write_pipe(const char *data, size_t len)
{
    pid_t child;

    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    {
        FILE *out = fopen(path, "wb");
        size_t n = out != NULL ? fwrite(data, 1, len, out) : 0;

        _exit(out != NULL && n == len && fclose(out) == 0 ? 0 : 1);
    }
}

static void assert_reads(struct cli_finished *m, const char *head,
                         const char *rest, size_t len, size_t piece)
{
    const size_t head_len = strlen(head);
    char *all = malloc(head_len + len + piece);
    size_t n = 0;
    int got;

    assert_non_null(all);
    assert_int_equal(cli_finished_read(m, NULL, 0), 0);
    while ((got = cli_finished_read(m, all + n, piece)) > 0) {
        n += (size_t)got;
        assert_true(n <= head_len + len);
    }
    assert_int_equal(got, 0);
    assert_int_equal(n, head_len + len);
    assert_memory_equal(all, head, head_len);
    assert_memory_equal(all + head_len, rest, len);
    free(all);
}

static char *long_text(void)
{
    char *text = malloc(LONG);
    size_t i;

    assert_non_null(text);
    for (i = 0; i < LONG; i++)
        text[i] = i % 61 == 60 ? '\n' : (char)('!' + i % 89);
    memcpy(text, "A: b\n\n", 6);
    return text;
}

static void test_file(void **state)
{
    static const char text[] = "A: b\n\none\n.two\r\n\nthree";
    struct cli_finished m;
    size_t piece;

    (void)state;
    memset(&m, 0, sizeof(m));
    write_file(text, strlen(text));
    assert_int_equal(cli_finished_open(&m, path), 0);
    assert_int_equal(m.check.octets, 6 + 2 + 5 + 6 + 2 + 7);
    assert_false(m.eight_bit);
    assert_null(m.rest.memory);
    m.head = strdup("C: d\r\n");
    m.head_len = strlen(m.head);
    for (piece = 1; piece < 40; piece++)
        assert_reads(&m, m.head, text, strlen(text), piece);
    cli_finished_close(&m);
}

static void test_pipe(void **state)
{
    struct cli_finished m;
    char *text = long_text();
    const size_t len[] = { 5, 6, 1024 * 1024 - 1, 1024 * 1024,
                           1024 * 1024 + 1, LONG };
    size_t i;
    int status;
    pid_t child;

    (void)state;
    for (i = 0; i < sizeof(len) / sizeof(len[0]); i++) {
        memset(&m, 0, sizeof(m));
        child = write_pipe(text, len[i]);
        assert_int_equal(cli_finished_open(&m, path), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        assert_int_equal(m.rest.len, len[i]);
        assert_int_equal(m.rest.memory != NULL, len[i] < 1024 * 1024);
        assert_reads(&m, "", text, len[i], 4096);
        assert_reads(&m, "", text, len[i], 1000);
        cli_finished_close(&m);
        unlink(path);
    }
    free(text);
}

/* The copy of what is long is where TMPDIR says, and nowhere else. */
static void test_folder_of_the_copy(void **state)
{
    struct cli_finished m;
    char *text = long_text();
    pid_t child;

    (void)state;
    memset(&m, 0, sizeof(m));
    setenv("TMPDIR", "/nonexistent", 1);
    child = write_pipe(text, LONG);
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(cli_finished_open(&m, path), EX_IOERR);
    assert_int_equal(errno, ENOENT);
    cli_finished_close(&m);
    waitpid(child, NULL, 0);
    unsetenv("TMPDIR");
    unlink(path);
    free(text);
}

/* What was checked is what is sent, whatever becomes of the file. */
static void test_file_that_changes(void **state)
{
    struct cli_finished m;
    char *text = long_text();
    char buf[4096];
    FILE *out;
    int got;

    (void)state;
    memset(&m, 0, sizeof(m));
    write_file(text, LONG);
    assert_int_equal(cli_finished_open(&m, path), 0);
    out = fopen(path, "ab");
    assert_non_null(out);
    fputs("more\n", out);
    fclose(out);
    assert_reads(&m, "", text, LONG, sizeof(buf));
    assert_int_equal(truncate(path, LONG / 2), 0);
    assert_int_equal(cli_finished_read(&m, NULL, 0), 0);
    do
        got = cli_finished_read(&m, buf, sizeof(buf));
    while (got > 0);
    assert_true(got < 0);
    cli_finished_close(&m);
    free(text);
}

static void assert_unfit(const char *text, size_t len, duva_reason reason,
                         uint32_t line)
{
    struct cli_finished m;

    memset(&m, 0, sizeof(m));
    write_file(text, len);
    assert_int_equal(cli_finished_open(&m, path), EX_DATAERR);
    assert_int_equal(m.check.reason, reason);
    assert_int_equal(m.check.line + 1, line);
    cli_finished_close(&m);
}

static void test_unfit(void **state)
{
    char line[1001];

    (void)state;
    assert_unfit("a\nb\rc\n", 6, DUVA_REASON_LONE_CR, 2);
    assert_unfit("a\r", 2, DUVA_REASON_LONE_CR, 1);
    assert_unfit("a\n\nb\0c", 6, DUVA_REASON_NUL, 3);
    memset(line, 'x', sizeof(line));
    line[0] = '\n';
    assert_unfit(line, 1000, DUVA_REASON_LINE_LONG, 2);
}

static void assert_eight_bit(const char *text, int eight_bit)
{
    struct cli_finished m;

    memset(&m, 0, sizeof(m));
    write_file(text, strlen(text));
    assert_int_equal(cli_finished_open(&m, path), 0);
    assert_int_equal(m.eight_bit, eight_bit);
    cli_finished_close(&m);
}

static void test_eight_bit(void **state)
{
    (void)state;
    assert_eight_bit("A: plain\x7F\x1B\n", 0);
    assert_eight_bit("A: \xC3\xA9\n", 1);
    assert_eight_bit("A: \xE9t\xE9\n", 1);
    assert_eight_bit("A: cut \xE2\x82", 1);
}

/* What is no message has no header; words is in the problem, NULL: none. */
static void assert_header(const char *text, size_t line, const char *words)
{
    struct cli_finished m;

    memset(&m, 0, sizeof(m));
    write_file(text, strlen(text));
    assert_int_equal(cli_finished_open(&m, path),
                     words != NULL ? EX_DATAERR : 0);
    if (words != NULL) {
        assert_non_null(strstr(m.header.problem, words));
        assert_int_equal(m.header.line + 1, line);
    }
    cli_finished_close(&m);
}

static void test_header(void **state)
{
    (void)state;
    assert_header("A: b", 0, NULL);
    assert_header("A:\r\n", 0, NULL);
    assert_header("A: b\r\n\r\n", 0, NULL);
    assert_header("A-1 \t: b\n\tc\n d:\nE:f\n\nno field\n", 0, NULL);
    assert_header("", 1, "it is empty");
    assert_header("x", 1, "not a header field");
    assert_header("\nA: b\n", 1, "not a header field");
    assert_header(" A: b\n", 1, "not a header field");
    assert_header(": b\n", 1, "not a header field");
    assert_header("Dear all\n", 1, "not a header field");
    assert_header("A: b\nDear: all,\nGood news\n", 3, "not a header field");
    assert_header("A: b\nGood", 2, "not a header field");
    assert_header("A: b\n\xC3\xA9: c\n", 2, "not a header field");
    assert_header("From a Mon Nov 14 23:42:00 2016\nA: b\n\n", 1, "sed 1d");
    assert_header(">From a\nA: b\n\n", 1, "sed 1d");
    assert_header("\xEF\xBB\xBF" "A: b\n\n", 1, "tail -c +4");
}

static void test_no_file(void **state)
{
    struct cli_finished m;

    (void)state;
    memset(&m, 0, sizeof(m));
    unlink(path);
    assert_int_equal(cli_finished_open(&m, path), EX_NOINPUT);
    assert_int_equal(cli_finished_open(&m, folder), EX_NOINPUT);
    cli_finished_close(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file),
        cmocka_unit_test(test_pipe),
        cmocka_unit_test(test_folder_of_the_copy),
        cmocka_unit_test(test_file_that_changes),
        cmocka_unit_test(test_unfit),
        cmocka_unit_test(test_eight_bit),
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_no_file)
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
