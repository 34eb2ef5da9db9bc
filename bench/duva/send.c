/* send.c - sends a job on one connection at a time; built twice, the second
 * time with TLS. */
/* SPDX-License-Identifier: MIT */
#include "source.h"

#include <duva/mime_more.h>
#include <duva/posix.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef BENCH_TLS
#include <duva/openssl.h>
#endif

enum { CONNECT_MS = 10000, OUT_SIZE = 64 * 1024, AT_ONCE = 500, WINDOW = 64 };

/* A mail of the job in each of the forms that its message may come in. */
struct entry {
    duva_job          job;     /* first */
    struct job_reader memory;
    duva_extent       extent;
    duva_rcpt        *rcpt;
};

static struct job    wanted;
static duva_posix    wire;
static duva_client   client;
static char          out[OUT_SIZE];
static duva_config   config = { .name = "client.example", .window = WINDOW };
static int           file;
static size_t        file_len;
#ifdef BENCH_TLS
static duva_openssl    tls;
static duva_tls_config trust;
#endif

static void dial(void)
{
    int err = duva_posix_open(&wire, wanted.host, wanted.port, CONNECT_MS);

    if (err != DUVA_OK)
        job_fail("connecting", duva_err_text((duva_err)err));
    memset(&client, 0, sizeof(client));
    client.link = &wire.link;
    client.host = wanted.host;
#ifdef BENCH_TLS
    client.tls = &tls.tls;
#endif
    err = duva_client_init(&client, &config, out, sizeof(out));
    if (err != DUVA_OK)
        job_fail("starting", duva_err_text((duva_err)err));
}

/* The bodies of the benchmark have CRLF: nothing needs to be changed. */
static void fill(struct entry *e)
{
    duva_mail *mail = &e->job.mail;
    unsigned long i;

    memset(e, 0, offsetof(struct entry, rcpt));
    for (i = 0; i < wanted.rcpts; i++)
        e->rcpt[i].verdict = DUVA_PENDING;
    mail->from = JOB_FROM;
    mail->rcpt = e->rcpt;
    mail->rcpt_count = wanted.rcpts;
    mail->policy = DUVA_WHOEVER_IS_ACCEPTED;
    mail->flags = DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS;
    if (wanted.from_file) {
        e->extent.fd = file;
        e->extent.end = mail->size = file_len;
        e->job.source = duva_extent_read;
        e->job.source_ctx = &e->extent;
        e->job.direct = duva_extent_direct;
    } else {
        mail->size = wanted.text_len;
        job_open(&e->memory, &wanted);
        e->job.source = bench_source;
        e->job.source_ctx = &e->memory;
    }
}

static void send_some(struct entry *entry, size_t count)
{
    static duva_job jobs[AT_ONCE];
    size_t          i;

    for (i = 0; i < count; i++) {
        fill(&entry[i]);
        jobs[i] = entry[i].job;
    }
    duva_send_mails(&client, jobs, count);
    for (i = 0; i < count; i++)
        bench_require_accepted(&jobs[i].mail);
}

/* A text and the file, composed as they go out. */
static void send_attached(void)
{
    duva_part_file content;
    duva_address   from = { .addr = JOB_FROM }, to = { .addr = wanted.rcpt[0] };
    duva_part      part[2] = {
        { .place = DUVA_PLACE_TEXT, .data = "Attached.\n", .len = 10 },
        { .place = DUVA_PLACE_ATTACHED }
    };
    duva_message   message = {
        .from = { &from, 1 }, .to = { &to, 1 }, .subject = "benchmark",
        .date = 1, .seed = "not so random: ", .parts = part, .part_count = 2
    };
    duva_mime      mime = { .message = &message };
    duva_rcpt      rcpt = { .addr = wanted.rcpt[0] };
    duva_mail      mail = { .from = JOB_FROM, .rcpt = &rcpt, .rcpt_count = 1 };

    if (duva_part_open(&part[1], &content, wanted.attach) != DUVA_OK)
        job_fail(wanted.attach, "cannot be opened");
    mail.size = duva_mime_size(&mime);
    duva_send_mail(&client, &mail, duva_mime_read, &mime);
    duva_part_close(&content);
    bench_require_accepted(&mail);
}

static void open_file(void)
{
    file = open(wanted.file, O_RDONLY);
    if (file < 0)
        job_fail(wanted.file, "cannot be opened");
    file_len = (size_t)lseek(file, 0, SEEK_END);
}

static void secure(void)
{
    config.tls = wanted.tls == JOB_CLEAR      ? DUVA_TLS_NEVER
                 : wanted.tls == JOB_IMPLICIT ? DUVA_TLS_IMPLICIT
                                              : DUVA_TLS_REQUIRED;
#ifdef BENCH_TLS
    trust.ca_file = wanted.ca;
    if (duva_openssl_init(&tls, &trust) != DUVA_OK)
        job_fail("TLS", "cannot be set up");
#else
    if (wanted.tls != JOB_CLEAR)
        job_fail("TLS", "is for the other driver");
#endif
}

int main(int argc, char **argv)
{
    struct entry *entry;
    unsigned long done = 0, i, n, most;

    (void)argc;
    job_read(&wanted, argv);
    secure();
    if (wanted.from_file)
        open_file();
    most = wanted.anew ? 1 : wanted.mails < AT_ONCE ? wanted.mails : AT_ONCE;
    entry = calloc(most, sizeof(*entry));
    if (entry == NULL)
        job_fail("memory", "there is none left");
    for (i = 0; i < most; i++)
        entry[i].rcpt = bench_rcpts(&wanted);
    while (done < wanted.mails) {
        if (done == 0 || wanted.anew)
            dial();
        n = wanted.mails - done < most ? wanted.mails - done : most;
        if (wanted.attach != NULL)
            send_attached();
        else
            send_some(entry, n);
        done += n;
        if (wanted.anew || done == wanted.mails)
            duva_close(&client);
    }
    for (i = 0; i < most; i++)
        free(entry[i].rcpt);
    free(entry);
    return 0;
}
