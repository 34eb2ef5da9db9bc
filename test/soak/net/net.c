/* net.c - soaks everything that sends over sockets. */
/* SPDX-License-Identifier: MIT */
/*
 * soak_net pool|blocking|steps|merge FOLDER [--seed N] [--mails N]
 *          [--faults N] [--threads N] [--files N] [--tails 1]
 *          [--restarts 0] [--show N]
 *
 * FOLDER has cert.pem and key.pem, of a certificate for localhost that is its
 * own authority.  The merge takes the path of duva(1) from DUVA.
 */
#define _GNU_SOURCE
#include "drive.h"
#include "report.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { OPTIONS = 8, LONGEST_S = 900 };

enum { SEED, MAILS, FAULTS, THREADS, FILES, TAILS_OPTION, RESTARTS, SHOW };

static int set_up(struct drive *d, const unsigned long long *value)
{
    static char            ca[512];
    static duva_tls_config tls;
    struct rlimit          files;
    int                    i;

    snprintf(ca, sizeof(ca), "%s/cert.pem", d->folder);
    tls.ca_file = ca;
    for (i = 0; i < DUVA_STAGES; i++)
        d->timeout[i] = SILENCE_MS;
    d->command = getenv("DUVA");
    d->seed = value[SEED];
    d->mails = (uint32_t)value[MAILS];
    d->threads = (unsigned)value[THREADS];
    d->files = (unsigned)value[FILES];
    pthread_mutex_init(&d->lock, NULL);
    if (duva_openssl_init(&d->tls, &tls) != DUVA_OK) {
        fprintf(stderr, "soak: %s cannot be read\n", ca);
        return 0;
    }
    files.rlim_cur = files.rlim_max = d->files;
    return d->files == 0 || setrlimit(RLIMIT_NOFILE, &files) == 0;
}

static int compare(const char *mode, struct drive *d,
                   const unsigned long long *value, uint64_t start)
{
    struct tally tally = { 0 };
    uint64_t     wrong;

    wrong = ledger_compare(d->ledger, &tally, stdout, (unsigned)value[SHOW]);
    report_row(mode, 1, &tally, report_clock_ms() - start);
    ledger_free(d->ledger);
    return wrong > 0;
}

static int run(const char *mode, int (*driver)(struct drive *),
               const char *folder, const unsigned long long *value)
{
    static struct drive     drive;
    static struct ledger    ledger;
    struct listener         server;
    struct listener_options options = {
        value[SEED], (unsigned)value[FAULTS], (int)value[TAILS_OPTION],
        (int)value[RESTARTS], (uint32_t)value[MAILS], folder
    };
    const uint64_t start = report_clock_ms();
    int            good;

    signal(SIGPIPE, SIG_DFL);
    alarm(LONGEST_S);
    drive.folder = folder;
    drive.ledger = &ledger;
    drive.server = &server;
    if (!ledger_init(&ledger, (uint32_t)value[MAILS])
        || !listener_start(&server, &options) || !set_up(&drive, value))
        return 71;
    good = driver(&drive);
    duva_openssl_free(&drive.tls);
    if (!listener_stop(&server, &ledger) || !good) {
        fprintf(stderr, "soak: %s has failed\n",
                good ? "the server" : "the driver");
        return 71;
    }
    return compare(mode, &drive, value, start);
}

int main(int argc, char **argv)
{
    static const char *const name[OPTIONS] = {
        "--seed", "--mails", "--faults", "--threads", "--files", "--tails",
        "--restarts", "--show"
    };
    static const struct {
        const char *name;
        int       (*drive)(struct drive *);
    } mode[] = { { "pool", drive_pool },
                 { "blocking", drive_blocking },
                 { "steps", drive_steps },
                 { "merge", drive_merge } };
    unsigned long long value[OPTIONS] = { 1, 5000, 60, 8, 0, 0, 1, 20 };
    size_t             i;

    if (argc < 3 || !report_options(argc - 2, argv + 2, name, value, OPTIONS))
        return 64;
    for (i = 0; i < sizeof(mode) / sizeof(mode[0]); i++)
        if (strcmp(argv[1], mode[i].name) == 0)
            return run(mode[i].name, mode[i].drive, argv[2], value);
    fprintf(stderr, "soak: no such mode: %s\n", argv[1]);
    return 64;
}
