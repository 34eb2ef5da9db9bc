/* sessions.c - sends a job on many connections at a time, in one thread. */
/* SPDX-License-Identifier: MIT */
/*
 * One epoll and duva_step(): what a program with an event loop of its own
 * does.
 */
#define _GNU_SOURCE

#include "source.h"

#include <arpa/inet.h>
#include <duva/posix.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OUT_SIZE = 2048, EVENTS = 256, SILENCE_MS = 60000 };

struct slot {
    duva_posix        link;
    duva_client       client;
    duva_mail         mail;
    duva_rcpt        *rcpt;
    struct job_reader reader;
    int               fd;
    uint32_t          watched;
    int               connected, busy; /* busy: a mail is under way */
    char              out[OUT_SIZE];
};

static const duva_config  config = { .name = "client.example",
                                     .tls = DUVA_TLS_NEVER };
static struct job         job;
static struct sockaddr_in server;
static unsigned long      dialled, begun, done, live;
static int                poller;

static void watch(struct slot *s, uint32_t events)
{
    struct epoll_event e = { .events = events, .data.ptr = s };

    if (s->watched == events)
        return;
    if (epoll_ctl(poller, s->watched != 0 ? EPOLL_CTL_MOD : EPOLL_CTL_ADD,
                  s->fd, &e) < 0)
        job_fail("epoll_ctl", strerror(errno));
    s->watched = events;
}

static void dial(struct slot *s)
{
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (s->fd < 0
        || (connect(s->fd, (struct sockaddr *)&server, sizeof(server)) < 0
            && errno != EINPROGRESS))
        job_fail("connecting", strerror(errno));
    s->watched = 0;
    s->connected = s->busy = 0;
    dialled++;
    live++;
    watch(s, EPOLLOUT);
}

static void connected(struct slot *s)
{
    int err = duva_posix_adopt(&s->link, s->fd);

    memset(&s->client, 0, sizeof(s->client));
    s->client.link = &s->link.link;
    s->client.source = bench_source;
    s->client.source_ctx = &s->reader;
    if (err == DUVA_OK)
        err = duva_client_init(&s->client, &config, s->out, sizeof(s->out));
    if (err != DUVA_OK)
        job_fail("starting", duva_err_text((duva_err)err));
    s->connected = 1;
}

static void begin_mail(struct slot *s)
{
    unsigned long i;
    int           err;

    memset(&s->mail, 0, sizeof(s->mail));
    s->mail.from = JOB_FROM;
    s->mail.rcpt = s->rcpt;
    s->mail.rcpt_count = job.rcpts;
    s->mail.policy = DUVA_WHOEVER_IS_ACCEPTED;
    for (i = 0; i < job.rcpts; i++)
        s->rcpt[i].verdict = DUVA_PENDING;
    job_open(&s->reader, &job);
    err = duva_mail_start(&s->client.engine, &s->mail);
    if (err != DUVA_OK)
        job_fail("a mail", duva_err_text((duva_err)err));
    begun++;
    s->busy = 1;
}

static void end_mail(struct slot *s)
{
    bench_require_accepted(&s->mail);
    job_close(&s->reader);
    done++;
    s->busy = 0;
}

/* Goes on as far as it can without waiting. */
static void advance(struct slot *s)
{
    if (!s->connected)
        connected(s);
    while (duva_step(&s->client) == 1) {
        const int is_fresh = s->mail.from == NULL;

        if (s->busy)
            end_mail(s);
        if (duva_next(&s->client.engine) == DUVA_CLOSED) {
            duva_close(&s->client);
            live--;
            memset(&s->mail, 0, sizeof(s->mail));
            if (job.anew && dialled < job.mails)
                dial(s);
            return;
        }
        if (begun < job.mails && (is_fresh || !job.anew))
            begin_mail(s);
        else
            duva_quit(&s->client.engine);
    }
    watch(s, (s->client.want & DUVA_CAN_READ ? EPOLLIN : 0u)
                 | (s->client.want & DUVA_CAN_WRITE ? EPOLLOUT : 0u));
}

static void run(void)
{
    struct epoll_event event[EVENTS];
    int                i, n;

    while (live > 0) {
        n = epoll_wait(poller, event, EVENTS, SILENCE_MS);
        if (n == 0 || (n < 0 && errno != EINTR))
            job_fail("waiting", n == 0 ? "the server is silent"
                                       : strerror(errno));
        for (i = 0; i < n; i++)
            advance(event[i].data.ptr);
    }
}

int main(int argc, char **argv)
{
    struct slot  *slots;
    unsigned long i;

    (void)argc;
    job_read(&job, argv);
    server.sin_family = AF_INET;
    server.sin_port = htons((uint16_t)strtoul(job.port, NULL, 10));
    if (inet_pton(AF_INET, job.host, &server.sin_addr) != 1)
        job_fail("host", "is not an IPv4 address");
    poller = epoll_create1(0);
    slots = calloc(job.sessions, sizeof(*slots));
    if (poller < 0 || slots == NULL)
        job_fail("memory", "there is none left");
    for (i = 0; i < job.sessions && i < job.mails; i++) {
        slots[i].rcpt = bench_rcpts(&job);
        dial(&slots[i]);
    }
    run();
    if (done != job.mails)
        job_fail("mails", "some were not sent");
    return 0;
}
