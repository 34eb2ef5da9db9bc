/* listener.c - an event loop around the server's connections. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "listener.h"

#include "peer.h"
#include "records.h"
#include "report.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EVENTS = 256, BACKLOG = 512, UP_MS = 2000, DOWN_MS = 80 };

struct host {
    const struct listener_options *options;
    struct records  records;
    struct witness  witness;
    struct random   random;
    SSL_CTX        *context;
    int             epoll, alive;
    int             fd[DOORS];  /* -1: closed for a while */
    uint16_t        port[DOORS];
    int64_t         change[DOORS]; /* when it is opened or closed */
    uint64_t        connections;
    struct peer    *first;
};

static int64_t now_ms(void)
{
    return (int64_t)report_clock_ms();
}

/* ---- ports ---- */

static int open_door(struct host *h, enum door door)
{
    struct sockaddr_in address = { .sin_family = AF_INET };
    struct epoll_event event = { .events = EPOLLIN };
    socklen_t          len = sizeof(address);
    const int          one = 1;
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                          0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(h->port[door]);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, (struct sockaddr *)&address, len) != 0
        || listen(fd, BACKLOG) != 0
        || getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        close(fd);
        return 0;
    }
    h->port[door] = ntohs(address.sin_port);
    h->fd[door] = fd;
    event.data.u64 = door;
    epoll_ctl(h->epoll, EPOLL_CTL_ADD, fd, &event);
    return 1;
}

static void end_all(struct host *h)
{
    struct peer *p;

    for (p = h->first; p != NULL; p = p->next)
        if (random_below(&h->random, 2))
            peer_end(p, (int)random_below(&h->random, 2));
}

/* A server that is restarted: nobody listens for a while, and what was
 * connected may be cut off. */
static void restart(struct host *h, int64_t now)
{
    int door;

    for (door = 0; h->options->restarts && door < DOORS; door++) {
        if (now < h->change[door])
            continue;
        if (h->fd[door] >= 0) {
            close(h->fd[door]);
            h->fd[door] = -1;
            if (random_below(&h->random, 2))
                end_all(h);
            h->change[door] = now + 1 + random_below(&h->random, DOWN_MS);
        } else if (open_door(h, (enum door)door)) {
            h->change[door] = now + UP_MS / 4 + random_below(&h->random, UP_MS);
        } else {
            h->change[door] = now + 5;
        }
    }
}

/* ---- connections ---- */

static void begin(struct host *h, enum door door, int fd)
{
    const struct listener_options *o = h->options;
    const uint64_t      number = h->connections++;
    struct epoll_event  event = { .events = EPOLLIN };
    struct peer        *p = calloc(1, sizeof(*p));
    const int           one = 1;

    if (p == NULL)
        abort();
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    p->fd = fd;
    p->context = h->context;
    p->witness = &h->witness;
    p->seed = o->seed + number;
    profile_random(&p->profile, o->seed, number);
    session_random(&p->start, o->seed, number, o->per_mille / 2);
    p->profile.lmtp = door == DOOR_LMTP;
    if (!p->profile.helo_only && number % 8 != 0)
        p->profile.has |= HAS_STARTTLS | HAS_AUTH; /* most routes want them */
    if (p->profile.lmtp)
        p->profile.helo_only = 0;
    if (o->tails && !(p->profile.has & HAS_CHUNKING))
        p->profile.tail = (uint8_t)(number % TAILS);
    p->next = h->first;
    h->first = p;
    peer_open(p, door == DOOR_SMTPS   ? PEER_HANDSHAKE
                 : door == DOOR_PROXY ? PEER_PROXY_FIRST
                                      : PEER_OPEN);
    event.data.ptr = p;
    p->events = EPOLLIN;
    epoll_ctl(h->epoll, EPOLL_CTL_ADD, fd, &event);
}

static void accept_all(struct host *h, enum door door)
{
    int fd;

    while (h->fd[door] >= 0
           && (fd = accept4(h->fd[door], NULL, NULL,
                            SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
        begin(h, door, fd);
}

static void step(struct host *h, struct peer *p, int64_t now)
{
    struct epoll_event event;

    if (p->state == PEER_GONE)
        return;
    event.events = peer_step(p, now);
    event.data.ptr = p;
    if (p->state == PEER_GONE || event.events == p->events)
        return;
    p->events = event.events;
    epoll_ctl(h->epoll, p->eof ? EPOLL_CTL_DEL : EPOLL_CTL_MOD, p->fd, &event);
}

/* Whoever has waited long enough goes on, and who is gone is forgotten.
 * Returns when that is to be done again. */
static int64_t look_after(struct host *h, int64_t now)
{
    struct peer **at = &h->first;
    int64_t       next = now + 100;

    while (*at != NULL) {
        struct peer *p = *at;

        if (p->due >= 0 && now >= p->due)
            step(h, p, now);
        if (p->state == PEER_GONE) {
            *at = p->next;
            free(p);
            continue;
        }
        if (p->due >= 0 && p->due < next)
            next = p->due;
        at = &p->next;
    }
    return next;
}

static int serve(struct host *h)
{
    struct epoll_event event[EVENTS];
    int64_t            now = now_ms(), next = now;
    int                n, i;

    for (;;) {
        n = epoll_wait(h->epoll, event, EVENTS,
                       next > now ? (int)(next - now) : 0);
        now = now_ms();
        for (i = 0; i < n; i++) {
            if (event[i].data.u64 == DOORS)
                return 1;      /* whoever started us has ended */
            if (event[i].data.u64 < DOORS)
                accept_all(h, (enum door)event[i].data.u64);
            else
                step(h, event[i].data.ptr, now);
        }
        restart(h, now);
        next = look_after(h, now);
    }
}

/* ---- the process ---- */

static SSL_CTX *make_context(const char *folder)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    char     cert[512], key[512];

    snprintf(cert, sizeof(cert), "%s/cert.pem", folder);
    snprintf(key, sizeof(key), "%s/key.pem", folder);
    if (context == NULL
        || SSL_CTX_use_certificate_chain_file(context, cert) != 1
        || SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        return NULL;
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE
                                  | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_id_context(context, (const unsigned char *)"soak", 4);
    return context;
}

static int run(const struct listener_options *o, int alive, int ports)
{
    static struct host  h;
    struct epoll_event  event = { .events = EPOLLIN | EPOLLHUP };
    int                 door;

    signal(SIGPIPE, SIG_IGN);
    h.options = o;
    h.random = random_of(o->seed, 5);
    h.epoll = epoll_create1(EPOLL_CLOEXEC);
    h.context = make_context(o->folder);
    if (h.context == NULL || !records_open(&h.records, o->folder, o->mails)) {
        fprintf(stderr, "soak: %s has no cert.pem and key.pem, or cannot be "
                "written to\n", o->folder);
        return 1;
    }
    h.records.seed = o->seed;
    h.records.per_mille = o->per_mille;
    h.witness = records_witness(&h.records);
    event.data.u64 = DOORS;
    epoll_ctl(h.epoll, EPOLL_CTL_ADD, alive, &event);
    for (door = 0; door < DOORS; door++) {
        if (!open_door(&h, (enum door)door))
            return 1;
        h.change[door] = now_ms() + UP_MS;
    }
    if (write(ports, h.port, sizeof(h.port)) != sizeof(h.port))
        return 1;
    serve(&h);
    for (door = 0; door < 50; door++) /* what has arrived is still stored */
        look_after(&h, now_ms() + 100000 * (int64_t)door);
    return !records_close(&h.records);
}

int listener_start(struct listener *l, const struct listener_options *o)
{
    int      alive[2], ports[2], door;
    uint16_t port[DOORS];

    if (pipe2(alive, O_CLOEXEC) != 0 || pipe2(ports, O_CLOEXEC) != 0)
        return 0;
    l->folder = o->folder;
    l->pid = fork();
    if (l->pid == 0) {
        close(alive[1]);
        close(ports[0]);
        _exit(run(o, alive[0], ports[1]));
    }
    close(alive[0]);
    close(ports[1]);
    l->alive = alive[1];
    if (l->pid < 0 || read(ports[0], port, sizeof(port)) != sizeof(port))
        return 0;
    close(ports[0]);
    for (door = 0; door < DOORS; door++)
        snprintf(l->port[door], sizeof(l->port[door]), "%u", port[door]);
    return 1;
}

int listener_stop(struct listener *l, struct ledger *ledger)
{
    int status;

    close(l->alive);
    if (waitpid(l->pid, &status, 0) != l->pid || status != 0)
        return 0;
    return records_enter(l->folder, ledger);
}
