/* test_cli_journal.c - the journal of a merge that was interrupted. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmocka_all.h"
#include "merge/journal.h"
#include "merge/recipient_results.h"

static char file[] = "/tmp/duva-journal-XXXXXX";
static struct cli_journal_key key;
static struct cli_journal j;
static char problem[CLI_JOURNAL_SIZE];

static int set_up(void **state)
{
    const int fd = mkstemp(strcpy(file, "/tmp/duva-journal-XXXXXX"));

    (void)state;
    memset(&key, 0, sizeof(key));
    strcpy(key.rows, "0123456789");
    strcpy(key.message, "abcdef");
    strcpy(key.boot, "one");
    strcpy(key.id, "17");
    key.count = 1000;
    return fd < 0 ? -1 : close(fd);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(file);
}

static void open_journal(void)
{
    assert_int_equal(cli_journal_open(&j, file, &key, problem), 0);
}

static void check_refused(int code, const char *words)
{
    assert_int_equal(cli_journal_open(&j, file, &key, problem), code);
    assert_non_null(strstr(problem, words));
    cli_journal_close(&j);
}

/* As with a file that cannot be mapped. */
static void leave_window(void)
{
    const off_t end = (off_t)(j.at + (int64_t)j.len);

    assert_non_null(j.window);
    munmap(j.window, 65536);
    j.window = NULL;
    j.len = 0;
    assert_int_equal(ftruncate(j.fd, end), 0);
}

/* As if the process had been killed: what was not flushed is lost. */
static void kill_it(void)
{
    j.len = 0;
    cli_journal_close(&j);
}

static void append(const char *text)
{
    FILE *f = fopen(file, "a");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

/* The rows from 1 on, a letter for each. */
static void check_rows(const char *expected)
{
    char known[32];
    uint64_t row;

    cli_journal_rewind(&j);
    for (row = 1; row <= strlen(expected); row++)
        known[row - 1] = "NRBUD"[cli_journal_row(&j, row)];
    known[row - 1] = '\0';
    assert_string_equal(known, expected);
}

static void check_results(const char *expected)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    assert_int_equal(cli_journal_results(&j, out), 0);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
}

/* What is known of the recipients of a row, a letter for each. */
static void check_parts(uint64_t row, const char *expected)
{
    duva_rcpt rcpt[3] = { { .addr = "a@x.example" }, { .addr = "b@x.example" },
                          { .addr = "\"c c\"@x.example" } };
    duva_mail mail = { .rcpt = rcpt, .rcpt_count = 3 };
    size_t i;

    cli_recipient_results_apply(&j.recipients, row, &mail);
    for (i = 0; i < 3; i++) {
        assert_int_equal("PARFU"[rcpt[i].verdict], expected[i]);
        assert_int_equal(rcpt[i].status.code,
                         expected[i] == 'P' ? 0 : expected[i] == 'A' ? 250
                                                                     : 552);
    }
}

static void test_recipients(void **state)
{
    duva_rcpt rcpt[3] = {
        { .addr = "a@x.example", .verdict = DUVA_ACCEPTED },
        { .addr = "b@x.example", .verdict = DUVA_RETRY },
        { .addr = "\"c c\"@x.example", .verdict = DUVA_REFUSED }
    };
    duva_mail mail = { .rcpt = rcpt, .rcpt_count = 3 };

    (void)state;
    rcpt[0].status.code = 250;
    rcpt[2].status.code = 552;
    open_journal();
    assert_int_equal(cli_journal_ahead(&j, 9), 0);
    assert_int_equal(cli_journal_begun(&j, 7), 0);
    assert_int_equal(cli_journal_recipients(&j, 7, &mail), 0);
    assert_int_equal(cli_journal_verdict(&j, 7, "retry", "7,x"), 0);
    rcpt[1].verdict = DUVA_ACCEPTED;
    rcpt[1].status.code = 250;
    rcpt[0].verdict = rcpt[2].verdict = DUVA_UNCERTAIN;
    assert_int_equal(cli_journal_begun(&j, 3), 0);
    assert_int_equal(cli_journal_recipients(&j, 3, &mail), 0);
    assert_int_equal(cli_journal_back(&j, 3), 0);
    check_parts(7, "PPP");     /* of this run the mails know */
    cli_journal_close(&j);
    open_journal();
    check_rows("NNNNNNRNN");
    check_parts(7, "APF");
    check_parts(3, "PAP");
    check_parts(5, "PPP");
    cli_journal_close(&j);
    append("part 4 lost 250 a@x.example\n");
    check_refused(EX_DATAERR, "damaged");
}

static void test_runs(void **state)
{
    (void)state;
    open_journal();
    assert_int_equal(j.resumed, 0);
    check_rows("NNN");
    assert_int_equal(cli_journal_ahead(&j, 1), 0);
    assert_int_equal(j.ahead, 1000);
    assert_int_equal(cli_journal_begun(&j, 1), 0);
    assert_int_equal(cli_journal_begun(&j, 3), 0);
    assert_int_equal(cli_journal_begun(&j, 2), 0);
    assert_int_equal(cli_journal_verdict(&j, 3, "accepted", "3,c"), 0);
    assert_int_equal(cli_journal_begun(&j, 5), 0);
    assert_int_equal(cli_journal_back(&j, 5), 0);
    assert_int_equal(cli_journal_verdict(&j, 1, "refused", "1,a"), 0);
    assert_int_equal(cli_journal_begun(&j, 6), 0);
    assert_int_equal(cli_journal_verdict(&j, 6, "retry", "6,f"), 0);
    assert_int_equal(cli_journal_verdict(&j, 7, "failed", "7,g"), 0);
    assert_int_equal(cli_journal_verdict(&j, 8, "uncertain", "8,h"), 0);
    cli_journal_close(&j);

    strcpy(key.id, "18");
    open_journal();
    assert_int_equal(j.resumed, 1);
    assert_string_equal(key.id, "17");
    check_rows("DBDNNRDUNN");
    check_rows("DBDNNRDUNN");
    check_results("3,c\n1,a\n7,g\n");
    assert_int_equal(cli_journal_begun(&j, 6), 0);
    assert_int_equal(cli_journal_verdict(&j, 6, "accepted", "6,f"), 0);
    cli_journal_close(&j);

    open_journal();
    check_rows("DBDNNDDUNN");
    check_results("3,c\n1,a\n7,g\n6,f\n");
    cli_journal_close(&j);
}

/* In a process of its own, which is killed then. */
static void in_child(void (*what)(void))
{
    const pid_t child = fork();
    int status;

    if (child == 0) {
        if (cli_journal_open(&j, file, &key, problem) == 0)
            what();
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void begin_some(void)
{
    cli_journal_begun(&j, 1);
    cli_journal_begun(&j, 2);
    cli_journal_verdict(&j, 2, "accepted", "2");
    cli_journal_begun(&j, 3);
    cli_journal_back(&j, 3);
}

/* More lines than are in memory at a time. */
static void begin_many(void)
{
    char csv[1001];
    uint64_t row;

    memset(csv, 'x', sizeof(csv) - 1);
    csv[sizeof(csv) - 1] = '\0';
    for (row = 4; row <= 900; row++) {
        cli_journal_begun(&j, row);
        cli_journal_verdict(&j, row, "accepted", csv);
    }
    cli_journal_begun(&j, 901);
}

static void test_really_killed(void **state)
{
    uint64_t row;

    (void)state;
    in_child(begin_some);
    open_journal();
    check_rows("BDN");
    check_results("2\n");
    cli_journal_close(&j);
    in_child(begin_many);
    open_journal();
    check_rows("BDN");
    for (row = 4; row <= 900; row++)
        assert_int_equal(cli_journal_row(&j, row), CLI_ROW_DECIDED);
    assert_int_equal(cli_journal_row(&j, 901), CLI_ROW_BEGUN);
    assert_int_equal(cli_journal_row(&j, 902), CLI_ROW_NEW);
    cli_journal_close(&j);
}

/* Killed within a line, whose first octet is the last that is put. */
static void test_torn(void **state)
{
    static const char torn[] = "begun 1\n\0egun 2\nbegun 3\n";
    FILE *f;

    (void)state;
    open_journal();
    cli_journal_close(&j);
    f = fopen(file, "a");
    assert_non_null(f);
    fwrite(torn, 1, sizeof(torn) - 1, f);
    fclose(f);
    open_journal();
    check_rows("BNN");
    cli_journal_close(&j);
    open_journal();
    check_rows("BNN");
    cli_journal_close(&j);
}

/* Where it is written, begun is on file at once, a verdict with the next that
 * is. */
static void test_killed(void **state)
{
    (void)state;
    open_journal();
    leave_window();
    assert_int_equal(cli_journal_begun(&j, 1), 0);
    assert_int_equal(cli_journal_begun(&j, 2), 0);
    assert_int_equal(cli_journal_verdict(&j, 1, "accepted", "1"), 0);
    kill_it();
    open_journal();
    leave_window();
    check_rows("BBN");
    assert_int_equal(cli_journal_verdict(&j, 1, "accepted", "1"), 0);
    assert_int_equal(cli_journal_begun(&j, 3), 0);
    assert_int_equal(cli_journal_verdict(&j, 2, "accepted", "2"), 0);
    assert_int_equal(cli_journal_flush(&j), 0);
    kill_it();
    open_journal();
    check_rows("DDB");
    cli_journal_close(&j);
    append("accepted 3");              /* cut short */
    open_journal();
    check_rows("DDB");
    assert_int_equal(cli_journal_verdict(&j, 3, "accepted", "3"), 0);
    cli_journal_close(&j);
    open_journal();
    check_rows("DDD");
    cli_journal_close(&j);
}

static void test_machine_stopped(void **state)
{
    (void)state;
    key.count = 6;
    open_journal();
    assert_int_equal(cli_journal_ahead(&j, 1), 0);
    assert_int_equal(j.ahead, 6);
    assert_int_equal(cli_journal_begun(&j, 1), 0);
    assert_int_equal(cli_journal_verdict(&j, 1, "accepted", "1"), 0);
    assert_int_equal(cli_journal_verdict(&j, 2, "uncertain", "2"), 0);
    assert_int_equal(cli_journal_verdict(&j, 3, "retry", "3"), 0);
    cli_journal_close(&j);
    strcpy(key.boot, "two");
    append("accepted 4 4\nbeg\nbegun 1\n");
    open_journal();
    check_rows("DUBDBB");
    cli_journal_close(&j);
    open_journal();
    check_rows("DUBDBB");
    assert_int_equal(cli_journal_verdict(&j, 5, "accepted", "5"), 0);
    cli_journal_close(&j);
    key.boot[0] = '\0';                /* unknown: as if it were another */
    open_journal();
    check_rows("DUBDDB");
    cli_journal_close(&j);
    open_journal();
    check_rows("DUBDDB");
    cli_journal_close(&j);
}

static void test_locked(void **state)
{
    static struct cli_journal first;

    (void)state;
    open_journal();
    first = j;
    check_refused(EX_TEMPFAIL, "another merge");
    cli_journal_close(&first);
    open_journal();
    cli_journal_close(&j);
}

static void test_changed(void **state)
{
    (void)state;
    open_journal();
    cli_journal_close(&j);
    strcpy(key.rows, "0123456780");
    check_refused(EX_DATAERR, "the rows have changed");
    strcpy(key.rows, "012345678");
    check_refused(EX_DATAERR, "the rows have changed");
    strcpy(key.rows, "0123456789");
    strcpy(key.message, "x");
    check_refused(EX_DATAERR, "the message has changed");
    strcpy(key.message, "abcdef");
    open_journal();
    cli_journal_close(&j);
    append("begun 1001\n");
    check_refused(EX_DATAERR, "damaged");
}

static void test_damaged(void **state)
{
    static const char *const bad[] = {
        "begun\n", "begun 0\n", "begun x\n", "begun 1x\n", "sent 1\n",
        "begun 18446744073709551617\n", "ahead 1 \n", "\n", "begun1 1\n"
    };
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        open_journal();
        cli_journal_close(&j);
        append(bad[i]);
        check_refused(EX_DATAERR, "damaged");
        tear_down(state);
        set_up(state);
    }
    append("From ada\n");
    check_refused(EX_DATAERR, "not the journal");
    tear_down(state);
    set_up(state);
    append("duva merge 1\n");
    check_refused(EX_DATAERR, "the rows have changed");
}

/* On the disk before its rows begin: so none did of a line that is not. */
static void test_damaged_ahead(void **state)
{
    (void)state;
    open_journal();
    cli_journal_close(&j);
    append("begun 1\nahead 9@\n");
    strcpy(key.boot, "two");
    open_journal();
    check_rows("BN");
    cli_journal_close(&j);
    open_journal();
    check_rows("BN");
    cli_journal_close(&j);
}

/* A disk that is full: nothing may begin any more. */
static void test_full(void **state)
{
    FILE *full = fopen("/dev/full", "w");

    (void)state;
    if (full == NULL)
        skip();
    open_journal();
    leave_window();
    assert_int_equal(dup2(fileno(full), j.fd), j.fd);
    assert_int_equal(cli_journal_verdict(&j, 1, "failed", "1"), 0);
    assert_int_equal(cli_journal_begun(&j, 2), -1);
    assert_int_not_equal(j.cause, 0);
    assert_int_equal(cli_journal_begun(&j, 3), -1);
    assert_int_equal(cli_journal_ahead(&j, 3), -1);
    assert_int_equal(cli_journal_back(&j, 3), -1);
    cli_journal_close(&j);
    fclose(full);
}

/* The file may not grow: no further window can be had. */
static void test_no_room(void **state)
{
    struct rlimit limit, less;
    char csv[1001];
    uint64_t row = 0;

    (void)state;
    memset(csv, 'x', sizeof(csv) - 1);
    csv[sizeof(csv) - 1] = '\0';
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    less = limit;
    less.rlim_cur = 70000;
    signal(SIGXFSZ, SIG_IGN);
    open_journal();
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &less), 0);
    do
        row++;
    while (cli_journal_begun(&j, row) == 0
           && cli_journal_verdict(&j, row, "accepted", csv) == 0);
    setrlimit(RLIMIT_FSIZE, &limit);
    assert_int_equal(j.cause, EFBIG);
    assert_in_range(row, 60, 66);
    assert_int_equal(cli_journal_begun(&j, row + 1), -1);
    cli_journal_close(&j);
    open_journal();
    assert_int_equal(cli_journal_row(&j, row - 1), CLI_ROW_DECIDED);
    assert_int_not_equal(cli_journal_row(&j, row), CLI_ROW_DECIDED);
    cli_journal_close(&j);
}

/* Rows in any order, killed again and again, against a plain table. */
static void test_model(void **state)
{
    static const char *const verdict[] = { "accepted", "retry", "uncertain" };
    static const enum cli_row_state after[]
        = { CLI_ROW_DECIDED, CLI_ROW_RETRY, CLI_ROW_UNCERTAIN };
    enum cli_row_state model[1001] = { CLI_ROW_NEW };
    uint64_t row;
    int run, step, what;

    (void)state;
    srand(1);
    for (run = 0; run < 50; run++) {
        open_journal();
        for (row = 1; row <= key.count; row++)
            assert_int_equal(cli_journal_row(&j, row), model[row]);
        for (step = 0; step < 40; step++) {
            row = (uint64_t)(rand() % (20 * run + 20)) + 1;
            what = rand() % 3;
            if (model[row] == CLI_ROW_DECIDED)
                continue;
            assert_int_equal(cli_journal_begun(&j, row), 0);
            model[row] = CLI_ROW_BEGUN;
            if (rand() % 2 == 0) {
                cli_journal_verdict(&j, row, verdict[what], "x");
                model[row] = after[what];
            } else if (rand() % 2 == 0) {
                cli_journal_back(&j, row);
                model[row] = CLI_ROW_NEW;
            }
        }
        cli_journal_close(&j);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_runs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_recipients, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_really_killed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_torn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_killed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_machine_stopped, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_locked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damaged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_damaged_ahead, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_model, set_up, tear_down)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
