/* test_posix_send.c - a mail in one call, with a small server. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "duva/posix.h"

static const char text[] = "Subject: Homing\n\nThe pigeon is back.\n";
static const char wire[] =
    "Subject: Homing\r\n\r\nThe pigeon is back.\r\n.\r\n";

/* ---- a server for one session ---- */

struct server {
    int         listener;
    char        port[8];
    const char *rcpt;          /* its answer to RCPT */
    long        pause_ms;      /* between octets of an endless greeting */
    char        heard[4096];
    size_t      len;           /* octets in it; a NUL follows */
    pthread_t   thread;
};

static void say(int fd, const char *line)
{
    send(fd, line, strlen(line), MSG_NOSIGNAL);
}

static void trickle(int fd, long ms)
{
    static const char line[] = "220-one moment\r\n";
    const struct timespec pause = { 0, ms * 1000000 };
    size_t i = 0;

    while (send(fd, &line[i], 1, MSG_NOSIGNAL) == 1) {
        i = (i + 1) % (sizeof line - 1);
        nanosleep(&pause, NULL);
    }
}

/* Answers a line; returns 0 after QUIT. */
static int answer(const struct server *s, int fd, const char *line, int *body)
{
    if (*body) {
        if (strcmp(line, ".\r\n") != 0)
            return 1;
        *body = 0;
        say(fd, "250 2.0.0 kept\r\n");
    } else if (strncmp(line, "EHLO ", 5) == 0) {
        say(fd, "250-pigeons\r\n250 AUTH PLAIN\r\n");
    } else if (strncmp(line, "AUTH ", 5) == 0) {
        say(fd, "235 2.7.0 in\r\n");
    } else if (strncmp(line, "RCPT ", 5) == 0) {
        say(fd, s->rcpt);
    } else if (strcmp(line, "DATA\r\n") == 0) {
        *body = 1;
        say(fd, "354 go\r\n");
    } else if (strcmp(line, "QUIT\r\n") == 0) {
        say(fd, "221 bye\r\n");
        return 0;
    } else {
        say(fd, "250 ok\r\n");
    }
    return 1;
}

static void *serve(void *arg)
{
    struct server *s = arg;
    char *line = s->heard;
    int fd = accept(s->listener, NULL, NULL), body = 0;

    memset(s->heard, 0, sizeof s->heard);
    s->len = 0;
    if (s->pause_ms != 0)
        trickle(fd, s->pause_ms);
    say(fd, "220 pigeons\r\n");
    while (s->len < sizeof s->heard - 1
           && recv(fd, s->heard + s->len, 1, 0) == 1) {
        if (s->heard[s->len++] != '\n')
            continue;
        if (!answer(s, fd, line, &body))
            break;
        line = s->heard + s->len;
    }
    close(fd);
    return NULL;
}

static void listen_somewhere(struct server *s)
{
    struct sockaddr_in in;
    socklen_t len = sizeof in;

    memset(s, 0, sizeof *s);
    memset(&in, 0, sizeof in);
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->rcpt = "250 ok\r\n";
    s->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(s->listener, (struct sockaddr *)&in, len), 0);
    assert_int_equal(listen(s->listener, 1), 0);
    assert_int_equal(getsockname(s->listener, (struct sockaddr *)&in, &len), 0);
    snprintf(s->port, sizeof s->port, "%u", (unsigned)ntohs(in.sin_port));
}

static void start(struct server *s)
{
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void stop(struct server *s)
{
    assert_int_equal(pthread_join(s->thread, NULL), 0);
    close(s->listener);
}

/* ---- fixtures ---- */

struct fixture {
    struct server server;
    duva_route    route;
    duva_memory   message;
    duva_rcpt     rcpt[2];
    duva_mail     mail;
    int           files;
};

static int open_files(void)
{
    DIR *d = opendir("/proc/self/fd");
    int n = 0;

    if (d == NULL)
        return -1;
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n;
}

static int set_up(void **state)
{
    static struct fixture f;

    memset(&f, 0, sizeof f);
    f.files = open_files();
    listen_somewhere(&f.server);
    f.route.host = "127.0.0.1";
    f.route.port = f.server.port;
    f.route.config.tls = DUVA_TLS_NEVER;
    f.message.data = text;
    f.message.len = sizeof text - 1;
    f.rcpt[0].addr = "ada@example.org";
    f.rcpt[1].addr = "bob@example.org";
    f.mail.from = "carl@example.org";
    f.mail.rcpt = f.rcpt;
    f.mail.rcpt_count = 2;
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    const struct fixture *f = *state;

    return open_files() == f->files ? 0 : -1;
}

static int go(struct fixture *f)
{
    return duva_send(&f->route, &f->mail, duva_memory_read, &f->message);
}

static void assert_never_begun(const struct fixture *f, duva_err err)
{
    assert_int_equal(f->mail.result.verdict, DUVA_RETRY);
    assert_int_equal(f->mail.result.err, err);
    assert_int_equal(f->mail.result.status.code, 0);
    assert_int_equal(f->mail.result.status.stage, DUVA_STAGE_CONNECT);
    assert_int_equal(f->rcpt[0].verdict, DUVA_RETRY);
    assert_int_equal(f->rcpt[0].status.stage, DUVA_STAGE_CONNECT);
}

/* ---- tests ---- */

static void sends_a_mail(void **state)
{
    struct fixture *f = *state;
    char name[DUVA_POSIX_NAME_SIZE];

    start(&f->server);
    assert_int_equal(go(f), DUVA_OK);
    stop(&f->server);
    assert_int_equal(f->mail.result.verdict, DUVA_ACCEPTED);
    assert_string_equal(f->mail.result.text, "kept");
    assert_int_equal(f->rcpt[1].verdict, DUVA_ACCEPTED);
    assert_non_null(strstr(f->server.heard, wire));
    assert_non_null(strstr(f->server.heard, "\r\n.\r\nQUIT\r\n"));
    assert_int_equal(sscanf(f->server.heard, "EHLO %255s\r\n", name), 1);
    assert_int_equal(duva_name_check(name), DUVA_REASON_NONE);
    assert_true(name[0] == '[' || strchr(name, '.') != NULL);
}

static void passes_its_settings_on(void **state)
{
    struct fixture *f = *state;
    duva_sasl_password plain;
    duva_sasl *const any[] = { &plain.base, NULL };

    duva_sasl_plain_init(&plain, "ada", "secret");
    f->route.auth = any;
    f->route.config.name = "desk.example";
    f->route.config.options = DUVA_ALLOW_CLEAR_PASSWORD;
    start(&f->server);
    assert_int_equal(go(f), DUVA_OK);
    stop(&f->server);
    assert_memory_equal(f->server.heard, "EHLO desk.example\r\n", 19);
    assert_non_null(strstr(f->server.heard,
                           "AUTH PLAIN AGFkYQBzZWNyZXQ=\r\n"));
}

static void tells_a_refusal(void **state)
{
    struct fixture *f = *state;

    f->server.rcpt = "550 5.1.1 who?\r\n";
    start(&f->server);
    assert_int_equal(go(f), DUVA_ERR_REJECTED);
    stop(&f->server);
    assert_int_equal(f->mail.result.verdict, DUVA_REFUSED);
    assert_int_equal(f->rcpt[0].verdict, DUVA_REFUSED);
    assert_int_equal(f->rcpt[0].status.code, 550);
    assert_null(strstr(f->server.heard, "DATA"));
    assert_non_null(strstr(f->server.heard, "QUIT\r\n"));
}

static void tells_that_nobody_listens(void **state)
{
    struct fixture *f = *state;
    char words[8] = "before";

    close(f->server.listener);
    f->rcpt[0].text = words;
    f->rcpt[0].text_size = sizeof words;
    f->rcpt[1].verdict = DUVA_ACCEPTED;
    assert_int_equal(go(f), DUVA_ERR_CONNECT);
    assert_never_begun(f, DUVA_ERR_CONNECT);
    assert_int_equal(f->mail.result.cause, ECONNREFUSED);
    assert_string_equal(words, "");
    assert_int_equal(f->rcpt[1].verdict, DUVA_ACCEPTED);
    f->route.port = "no-such-port";
    assert_int_equal(go(f), DUVA_ERR_RESOLVE);
    assert_never_begun(f, DUVA_ERR_RESOLVE);
    assert_int_equal(f->mail.result.cause, EAI_SERVICE);
}

static void refuses_a_route_that_cannot_work(void **state)
{
    struct fixture *f = *state;
    struct pollfd p = { f->server.listener, POLLIN, 0 };

    f->route.config.tls = DUVA_TLS_REQUIRED;
    assert_int_equal(go(f), DUVA_ERR_ARG);
    assert_never_begun(f, DUVA_ERR_ARG);
    assert_int_equal(f->mail.result.reason, DUVA_REASON_NO_TLS_LINK);
    f->route.config.tls = DUVA_TLS_NEVER;
    f->route.config.name = "me\r\nMAIL FROM:<>";
    assert_int_equal(go(f), DUVA_ERR_ARG);
    assert_int_equal(f->mail.result.reason, DUVA_REASON_CONTROL);
    f->route.config.name = NULL;
    assert_int_equal(duva_send(&f->route, &f->mail, NULL, NULL), DUVA_ERR_ARG);
    assert_int_equal(f->mail.result.reason, DUVA_REASON_MISSING);
    f->route.host = NULL;
    assert_int_equal(go(f), DUVA_ERR_ARG);
    assert_int_equal(f->mail.result.reason, DUVA_REASON_MISSING);
    assert_int_equal(duva_send(NULL, &f->mail, duva_memory_read, &f->message),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_send(&f->route, NULL, duva_memory_read, &f->message),
                     DUVA_ERR_ARG);
    assert_int_equal(poll(&p, 1, 50), 0); /* nobody came */
    close(f->server.listener);
}

static void is_not_held_by_a_trickle(void **state)
{
    struct fixture *f = *state;
    struct timespec a, b;
    long ms;

    f->server.pause_ms = 20;
    f->route.session_ms = 200;
    start(&f->server);
    clock_gettime(CLOCK_MONOTONIC, &a);
    assert_int_equal(go(f), DUVA_ERR_TIMEOUT);
    clock_gettime(CLOCK_MONOTONIC, &b);
    stop(&f->server);
    ms = (long)(b.tv_sec - a.tv_sec) * 1000 + (b.tv_nsec - a.tv_nsec) / 1000000;
    assert_in_range(ms, 199, 20000);
    assert_int_equal(f->mail.result.verdict, DUVA_RETRY);
    assert_int_equal(f->mail.result.status.stage, DUVA_STAGE_GREETING);
}

/* ---- the file as a source ---- */

static void ignore(int number)
{
    (void)number;
}

static void *write_late(void *arg)
{
    const struct timespec pause = { 0, 30000000 };
    int *fd = arg, i;

    for (i = 0; i < 3; i++) {
        nanosleep(&pause, NULL);
        if (write(*fd, "coo", 3) != 3)
            break;
    }
    close(*fd);
    return NULL;
}

static void reads_a_pipe_through_signals(void **state)
{
    struct fixture *f = *state;
    const struct itimerval often = { { 0, 2000 }, { 0, 2000 } };
    const struct itimerval never = { { 0, 0 }, { 0, 0 } };
    struct sigaction a;
    sigset_t alarm_only;
    pthread_t writer;
    char got[16];
    size_t len = 0;
    int end[2], n;
    FILE *file;

    close(f->server.listener);
    memset(&a, 0, sizeof a);
    a.sa_handler = ignore;     /* and no SA_RESTART */
    sigaction(SIGALRM, &a, NULL);
    sigemptyset(&alarm_only);
    sigaddset(&alarm_only, SIGALRM);
    assert_int_equal(pipe(end), 0);
    file = fdopen(end[0], "r");
    pthread_sigmask(SIG_BLOCK, &alarm_only, NULL); /* not for the writer */
    assert_int_equal(pthread_create(&writer, NULL, write_late, &end[1]), 0);
    pthread_sigmask(SIG_UNBLOCK, &alarm_only, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    while ((n = duva_file_read(file, got + len, sizeof got - len)) > 0)
        len += (size_t)n;
    setitimer(ITIMER_REAL, &never, NULL);
    pthread_join(writer, NULL);
    assert_int_equal(n, 0);
    assert_int_equal(len, 9);
    assert_memory_equal(got, "coocoocoo", 9);
    assert_true(duva_file_read(file, NULL, 0) < 0);
    fclose(file);
}

static void sends_a_file_twice(void **state)
{
    struct fixture *f = *state;
    FILE *file = tmpfile();
    int i;

    assert_non_null(file);
    fputs(text, file);
    for (i = 0; i < 2; i++) {
        assert_int_equal(duva_file_read(file, NULL, 0), 0);
        f->rcpt[0].verdict = f->rcpt[1].verdict = DUVA_PENDING;
        start(&f->server);
        assert_int_equal(duva_send(&f->route, &f->mail, duva_file_read, file),
                         DUVA_OK);
        assert_int_equal(pthread_join(f->server.thread, NULL), 0);
        assert_non_null(strstr(f->server.heard, wire));
    }
    fclose(file);
    close(f->server.listener);
}

static void tells_a_file_that_cannot_be_read(void **state)
{
    struct fixture *f = *state;
    FILE *folder = fopen("/", "r");

    assert_non_null(folder);
    start(&f->server);
    assert_int_equal(duva_send(&f->route, &f->mail, duva_file_read, folder),
                     DUVA_ERR_BODY);
    stop(&f->server);
    assert_int_equal(f->mail.result.verdict, DUVA_RETRY);
    assert_int_equal(f->mail.result.reason, DUVA_REASON_SOURCE);
    assert_null(strstr(f->server.heard, "\r\n.\r\n"));
    fclose(folder);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sends_a_mail), TEST(passes_its_settings_on),
        TEST(tells_a_refusal), TEST(tells_that_nobody_listens),
        TEST(refuses_a_route_that_cannot_work), TEST(is_not_held_by_a_trickle),
        TEST(reads_a_pipe_through_signals), TEST(sends_a_file_twice),
        TEST(tells_a_file_that_cannot_be_read)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
