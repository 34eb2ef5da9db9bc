/* drive_merge.c - sends rows by "duva send --merge", and reads its results. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "drive.h"
#include "report.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 500, PATH_SIZE = 512, ARGS = 40, RUNS = 3, MERGES = 4 };
enum { USAGE = 64 };           /* an exit code */
enum { LONGEST_MS = 90000 };   /* of a run, which takes seconds */

/* One merge: a file of rows, which are mails with two recipients each. */
struct merge {
    struct drive *drive;
    struct random random;
    uint32_t      first, count;
    int           all, lmtp;
    char          rows[PATH_SIZE], results[PATH_SIZE], journal[PATH_SIZE];
};

static int write_rows(const struct merge *m)
{
    FILE    *file = fopen(m->rows, "w");
    uint32_t i;

    if (file == NULL)
        return 0;
    fputs("id\n", file);
    for (i = m->first; i < m->first + m->count; i++) {
        struct entry *e = &m->drive->ledger->entry[i];

        fprintf(file, "%08" PRIx32 "\n", i);
        e->handed = e->verdicts = 1;
        e->rcpts = 2;
        e->all = (uint8_t)m->all;
        e->lmtp = (uint8_t)m->lmtp;
        e->cause |= CAUSE_SIZE | CAUSE_LIMIT | CAUSE_SESSION;
    }
    return fclose(file) == 0;
}

/* Waits for the command.  One that does not end is killed. */
static int wait_for(pid_t pid)
{
    const uint64_t end = report_clock_ms() + LONGEST_MS;
    int            status;

    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (report_clock_ms() > end) {
            fprintf(stderr, "soak: a merge does not end\n");
            kill(pid, SIGKILL);
            waitpid(pid, &status, 0);
            return 0;
        }
        usleep(2000);
    }
    return WIFEXITED(status) && WEXITSTATUS(status) != USAGE
           && WEXITSTATUS(status) < 126;
}

/* Runs the command; what it says is left out. */
static int run(const struct merge *m, const char *const *args)
{
    const pid_t pid = fork();

    if (pid == 0) {
        const char *null = "/dev/null";

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (freopen(null, "r", stdin) == NULL
            || freopen(null, "w", stdout) == NULL
            || freopen(null, "w", stderr) == NULL)
            _exit(127);
        execv(m->drive->command, (char *const *)(uintptr_t)args);
        _exit(127);
    }
    return pid > 0 && wait_for(pid);
}

/* The arguments of one run: what is the same in all, and what is not. */
struct arguments {
    const char *word[ARGS];
    unsigned    count;
};

static void add(struct arguments *a, const char *option, const char *value)
{
    a->word[a->count++] = option;
    if (value != NULL)
        a->word[a->count++] = value;
    a->word[a->count] = NULL;
}

static int send_rows(struct merge *m)
{
    static const char *const window[] = { "1", "2", "4", "16" };
    static const char *const connections[] = { "1", "2", "5", "20" };
    static const char *const scheme[DOORS] = { "smtp", "smtps", "lmtp" };
    const enum door  door = m->lmtp ? DOOR_LMTP
                                    : (enum door)random_below(&m->random, 2);
    struct arguments a = { { "duva", "send" }, 2 };
    char             server[64], ca[PATH_SIZE];

    snprintf(server, sizeof(server), "%s://localhost:%s", scheme[door],
             m->drive->server->port[door]);
    snprintf(ca, sizeof(ca), "%s/cert.pem", m->drive->folder);
    add(&a, "--server", server);
    add(&a, "--merge", m->rows);
    add(&a, "--from", "s0.{{id}}@from.example");
    add(&a, "--to", "r0.{{id}}@to.example");
    add(&a, "--to", "r1.{{id}}@to.example");
    add(&a, "--header", "X-Id: {{id}}");
    add(&a, "--subject", "soak");
    add(&a, "--text", "Row {{id}}.\n.\n..\n");
    add(&a, "--window", window[random_below(&m->random, 4)]);
    add(&a, "--connections", connections[random_below(&m->random, 4)]);
    if (door == DOOR_SMTPS)
        add(&a, "--ca", ca);
    else
        add(&a, "--tls", "never");
    if (m->all)
        add(&a, "--all-or-nothing", NULL);
    return run(m, a.word);
}

/* ---- results ---- */

/* A recipient whom an accepted mail is not for is listed with his verdict. */
static int is_listed(const char *line, uint32_t id, unsigned place,
                     const char *verdict)
{
    char words[64];

    snprintf(words, sizeof(words), "r%u.%08" PRIx32 "@to.example %s ", place,
             id, verdict);
    return strstr(line, words) != NULL;
}

static void set_rcpt(const struct merge *m, struct entry *e, const char *line,
                     uint32_t id, unsigned place)
{
    e->rcpt[place] = e->verdict;
    if (e->verdict == DUVA_REFUSED) /* maybe for the other one: not stored */
        e->rcpt[place] = DUVA_RETRY;
    if (e->verdict != DUVA_ACCEPTED && m->lmtp)
        e->rcpt[place] = DUVA_UNCERTAIN; /* the results do not tell */
    if (e->verdict != DUVA_ACCEPTED)
        return;
    if (is_listed(line, id, place, "uncertain"))
        e->rcpt[place] = DUVA_UNCERTAIN;
    else if (is_listed(line, id, place, "retry")
             || is_listed(line, id, place, "refused"))
        e->rcpt[place] = DUVA_RETRY;
}

/* A line: row, to, verdict, code, ... not_to.  A row that was decided by a
 * later run has another line, which counts. */
static void read_result(const struct merge *m, const char *line)
{
    static const struct {
        const char  *word;
        duva_verdict verdict;
    } known[] = { { ",accepted,", DUVA_ACCEPTED }, { ",retry,", DUVA_RETRY },
                  { ",refused,", DUVA_REFUSED },
                  { ",failed,", DUVA_RETRY },
                  { ",uncertain,", DUVA_UNCERTAIN } };
    const uint32_t row = (uint32_t)strtoul(line, NULL, 10);
    struct entry  *e;
    const char    *at;
    size_t         i;

    if (row == 0 || row > m->count)
        return;
    e = &m->drive->ledger->entry[m->first + row - 1];
    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        at = strstr(line, known[i].word);
        if (at == NULL)
            continue;
        e->verdict = (uint8_t)known[i].verdict;
        e->code = (uint16_t)strtoul(at + strlen(known[i].word), NULL, 10);
    }
    set_rcpt(m, e, line, m->first + row - 1, 0);
    set_rcpt(m, e, line, m->first + row - 1, 1);
}

static int read_results(const struct merge *m)
{
    FILE *file = fopen(m->results, "r");
    char  line[4096];

    if (file == NULL)
        return 1;              /* no run came so far: nothing was sent */
    while (fgets(line, sizeof(line), file) != NULL)
        read_result(m, line);
    return fclose(file) == 0;
}

/* Rows that were never sent have no line; nothing may be stored for them. */
static void mark_unsent(const struct merge *m)
{
    uint32_t i;

    for (i = m->first; i < m->first + m->count; i++) {
        struct entry *e = &m->drive->ledger->entry[i];

        e->verdict = e->rcpt[0] = e->rcpt[1] = DUVA_RETRY;
    }
}

static void forget(const struct merge *m)
{
    remove(m->journal);
    remove(m->results);
    remove(m->rows);
}

/* The same command again sends what was put off. */
static int merge(struct merge *m)
{
    int run_number;

    forget(m);
    if (!write_rows(m))
        return 0;
    mark_unsent(m);
    for (run_number = 0; run_number < RUNS; run_number++)
        if (!send_rows(m))
            return 0;
    if (!read_results(m))
        return 0;
    forget(m);
    return 1;
}

static void *work(void *arg)
{
    struct merge *m = arg;
    struct drive *d = m->drive;

    for (;;) {
        pthread_mutex_lock(&d->lock);
        m->first = d->next;
        m->count = d->mails - m->first < ROWS ? d->mails - m->first : ROWS;
        d->next += m->count;
        pthread_mutex_unlock(&d->lock);
        if (m->count == 0)
            return NULL;
        m->all = (int)random_below(&m->random, 2);
        m->lmtp = random_chance(&m->random, 200);
        if (!merge(m))
            return m;
    }
}

int drive_merge(struct drive *d)
{
    struct merge merges[MERGES];
    pthread_t    thread[MERGES];
    void        *failed;
    int          i, good = 1;

    memset(merges, 0, sizeof(merges));
    for (i = 0; i < MERGES; i++) {
        merges[i].drive = d;
        merges[i].random = random_of(d->seed, 700 + (uint64_t)i);
        snprintf(merges[i].rows, PATH_SIZE, "%s/rows%d.csv", d->folder, i);
        snprintf(merges[i].results, PATH_SIZE, "%s/rows%d.csv.results.csv",
                 d->folder, i);
        snprintf(merges[i].journal, PATH_SIZE, "%s/rows%d.csv.journal",
                 d->folder, i);
        if (pthread_create(&thread[i], NULL, work, &merges[i]) != 0)
            return 0;
    }
    for (i = 0; i < MERGES; i++) {
        pthread_join(thread[i], &failed);
        good &= failed == NULL;
    }
    return good;
}
