/* test_many_rcpts.c - the cost of a recipient when there are many. */
/* SPDX-License-Identifier: MIT */
#include "duva/engine.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MANY = 20000, MORE = 4, DOMAINS = 1000 };

struct list {
    duva_mail  mail;
    duva_rcpt *rcpt;
    char     (*addr)[32];
};

/* Recipients of so many domains in turn. */
static void write_list(struct list *l, size_t count, size_t domains)
{
    size_t i;

    memset(l, 0, sizeof(*l));
    l->rcpt = calloc(count, sizeof(*l->rcpt));
    l->addr = calloc(count, sizeof(*l->addr));
    assert_true(l->rcpt != NULL && l->addr != NULL);
    for (i = 0; i < count; i++) {
        snprintf(l->addr[i], sizeof(l->addr[i]), "r%u@d%06u.example",
                 (unsigned)i, (unsigned)(i % domains));
        l->rcpt[i].addr = l->addr[i];
    }
    l->mail.from = "ada@example.org";
    l->mail.policy = DUVA_WHOEVER_IS_ACCEPTED;
    l->mail.rcpt = l->rcpt;
    l->mail.rcpt_count = count;
}

static void burn_list(struct list *l)
{
    free(l->rcpt);
    free(l->addr);
}

/* A server whose replies depend on the first letter of a command alone. */
struct peer {
    duva_engine engine;
    duva_config config;
    uint8_t     out[4096];
    const char *ehlo, *rcpt;
    size_t      rcpts, ends;   /* replies to an end of data; 0: for each RCPT */
    char        command;       /* the first letter of the present line */
};

static void say(struct peer *p, const char *text)
{
    duva_feed(&p->engine, text, strlen(text));
}

static void answer(struct peer *p)
{
    size_t i;

    switch (p->command) {
    case 'E': case 'L':
        say(p, p->ehlo);
        break;
    case 'R':
        p->rcpts++;
        say(p, p->rcpt);
        break;
    case 'D':
        say(p, "354 go on\r\n");
        break;
    case '.':
        for (i = 0; i < (p->ends > 0 ? p->ends : p->rcpts); i++)
            say(p, "250 ok\r\n");
        break;
    default:
        say(p, "250 ok\r\n");
    }
}

/* What is written is read at once, and answered line by line. */
static void hear(struct peer *p)
{
    char        buf[sizeof(p->out)];
    size_t      len, i;
    const void *text = duva_pending(&p->engine, &len);

    memcpy(buf, text, len);
    duva_sent(&p->engine, len);
    for (i = 0; i < len; i++) {
        if (p->command == '\0')
            p->command = buf[i];
        if (buf[i] == '\n') {
            answer(p);
            p->command = '\0';
        }
    }
}

static void run(struct peer *p)
{
    for (;;)
        switch (duva_next(&p->engine)) {
        case DUVA_SEND:
            hear(p);
            break;
        case DUVA_AUTH:
            duva_auth_skip(&p->engine);
            break;
        case DUVA_BODY:
            duva_body_end(&p->engine);
            break;
        default:
            return;
        }
}

static void greet(struct peer *p, uint32_t options)
{
    p->config.name = "client.example";
    p->config.tls = DUVA_TLS_NEVER;
    p->config.options = options;
    p->ends = options & DUVA_LMTP ? 0 : 1;
    assert_int_equal(duva_init(&p->engine, &p->config, p->out,
                               sizeof(p->out)), DUVA_OK);
    say(p, "220 peer\r\n");
    run(p);
    assert_int_equal(duva_next(&p->engine), DUVA_IDLE);
}

/* The processor's seconds for one mail. */
static double cost(const char *ehlo, const char *rcpt, uint32_t options,
                   size_t count, size_t domains)
{
    struct peer *p = calloc(1, sizeof(*p));
    struct list  l;
    clock_t      start;

    assert_non_null(p);
    p->ehlo = ehlo;
    p->rcpt = rcpt;
    write_list(&l, count, domains);
    greet(p, options);
    start = clock();
    duva_mail_start(&p->engine, &l.mail);
    run(p);
    assert_int_equal(duva_next(&p->engine), DUVA_IDLE);
    assert_int_not_equal(l.mail.result.verdict, DUVA_PENDING);
    start = clock() - start;
    burn_list(&l);
    free(p);
    return (double)start / CLOCKS_PER_SEC;
}

/* Four times the recipients: four times the cost, and not sixteen times.  The
 * smaller number is tried until it is not by chance the slower one. */
static void grows_evenly(const char *ehlo, const char *rcpt, uint32_t options)
{
    double less = 0, more = 1;
    int    tries = 5;

    while (tries-- > 0 && more > 8 * less + 0.02) {
        less = cost(ehlo, rcpt, options, MANY, MANY);
        more = cost(ehlo, rcpt, options, MANY * MORE, MANY * MORE);
    }
    print_message("%.3f s, %.3f s\n", less, more);
    assert_true(more <= 8 * less + 0.02);
}

static void all_are_accepted(void **state)
{
    (void)state;
    grows_evenly("250-x\r\n250 PIPELINING\r\n", "250 ok\r\n", 0);
}

static void all_are_rejected(void **state)
{
    (void)state;
    grows_evenly("250-x\r\n250 PIPELINING\r\n", "550 no\r\n", 0);
    grows_evenly("250 x\r\n", "450 no\r\n", 0);
}

static void all_have_two_replies(void **state)
{
    (void)state;
    grows_evenly("250-x\r\n250 PIPELINING\r\n", "250 ok\r\n", DUVA_LMTP);
}

static void all_have_domains_of_their_own(void **state)
{
    (void)state;
    grows_evenly("250-x\r\n250-PIPELINING\r\n"
                 "250 LIMITS RCPTDOMAINMAX=4000000000\r\n", "250 ok\r\n", 0);
    grows_evenly("250-x\r\n250-PIPELINING\r\n"
                 "250 LIMITS RCPTDOMAINMAX=10000\r\n", "250 ok\r\n", 0);
}

/* ---- who has room ---- */

static size_t rank(const struct list *l, size_t i)
{
    return (size_t)atoi(strchr(l->addr[i], '@') + 2);
}

/* The same by a plain list of domains. */
static void check_room(const struct list *l, size_t max, const char *before)
{
    static const duva_status none;
    char    has[DOMAINS] = { 0 };
    size_t  i, domains = 0;

    for (i = 0; i < l->mail.rcpt_count; i++) {
        const duva_rcpt *rcpt = &l->rcpt[i];

        if (before[i]) {
            assert_int_equal(rcpt->verdict, DUVA_ACCEPTED);
            assert_int_equal(rcpt->status.code, 250);
            continue;
        }
        if (!has[rank(l, i)] && domains < max) {
            has[rank(l, i)] = 1;
            domains++;
        }
        assert_int_equal(rcpt->verdict, has[rank(l, i)] ? DUVA_PENDING
                                                        : DUVA_RETRY);
        assert_memory_equal(&rcpt->status, &none, sizeof(none));
    }
}

static void try_room(size_t count, size_t domains, unsigned max)
{
    struct peer *p = calloc(1, sizeof(*p));
    char        *before = calloc(count, 1);
    char         ehlo[64];
    struct list  l;
    size_t       i;

    assert_true(p != NULL && before != NULL);
    snprintf(ehlo, sizeof(ehlo), "250-x\r\n250 LIMITS RCPTDOMAINMAX=%u\r\n",
             max);
    p->ehlo = ehlo;
    write_list(&l, count, count);
    for (i = 0; i < count; i++) {
        char *at = strchr(l.addr[i], '@');

        sprintf(at, "@%c%06u.%s", i % 3 ? 'd' : 'D',
                (unsigned)rand() % (unsigned)domains,
                i % 5 ? "example" : "ExAmple");
        before[i] = rand() % 4 == 0; /* has been sent to, by then */
        if (before[i]) {
            l.rcpt[i].verdict = DUVA_ACCEPTED;
            l.rcpt[i].status.code = 250;
        }
    }
    before[count - 1] = 0;
    memset(&l.rcpt[count - 1].status, 0, sizeof(duva_status));
    l.rcpt[count - 1].verdict = DUVA_RETRY;
    greet(p, 0);
    assert_int_equal(duva_mail_start(&p->engine, &l.mail), DUVA_OK);
    check_room(&l, max, before);
    burn_list(&l);
    free(before);
    free(p);
}

static void domains_are_counted(void **state)
{
    unsigned i;

    (void)state;
    srand(1);
    for (i = 0; i < 2000; i++)
        try_room(1 + (size_t)rand() % 60, 1 + (size_t)rand() % 40,
                 1 + (unsigned)rand() % 40);
    try_room(2000, 700, 650);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_are_accepted),
        cmocka_unit_test(all_are_rejected),
        cmocka_unit_test(all_have_two_replies),
        cmocka_unit_test(all_have_domains_of_their_own),
        cmocka_unit_test(domains_are_counted)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
