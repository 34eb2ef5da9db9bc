/* relay.c - turns two network namespaces into two ends of a long line. */
/* SPDX-License-Identifier: MIT */
/*
 *     relay MICROSECONDS
 *
 * Makes two namespaces, each with a TUN device, and hands the packets of each
 * to the other so many microseconds later.  Says as JSON on a line where
 * programs can enter them (nsenter --net=...) and which addresses they have,
 * and goes, with all that it made, when standard input ends.  Needs root.
 */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PACKET_SIZE = 1600, QUEUE_LENGTH = 8192, MTU = 1500 };

struct packet {
    int64_t due;               /* ns of CLOCK_MONOTONIC */
    size_t  len;
    char    octets[PACKET_SIZE];
};

/* One direction of the line; positions count for ever. */
struct queue {
    struct packet *packet;
    uint64_t       in, out;
};

struct end {
    const char  *name, *address;
    int          space;        /* the namespace */
    int          device;
    struct queue queue;        /* packets that go to it */
};

static struct end ends[2] = {
    { .name = "near", .address = "192.0.2.1" },
    { .name = "far", .address = "192.0.2.2" }
};

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- making the two ends ---- */

static void name_device(struct ifreq *r, const char *name)
{
    memset(r, 0, sizeof(*r));
    strncpy(r->ifr_name, name, sizeof(r->ifr_name) - 1);
}

static void request(int fd, unsigned long what, struct ifreq *r,
                    const char *complaint)
{
    if (ioctl(fd, what, r) < 0)
        die(complaint);
}

static void set_address(int fd, const char *device, unsigned long what,
                        const char *address)
{
    struct ifreq       r;
    struct sockaddr_in at = { .sin_family = AF_INET };

    name_device(&r, device);
    inet_pton(AF_INET, address, &at.sin_addr);
    memcpy(&r.ifr_addr, &at, sizeof(at));
    request(fd, what, &r, "relay: setting an address");
}

static void bring_up(int fd, const char *device)
{
    struct ifreq r;

    name_device(&r, device);
    request(fd, SIOCGIFFLAGS, &r, "relay: reading flags");
    r.ifr_flags |= IFF_UP;
    request(fd, SIOCSIFFLAGS, &r, "relay: bringing a device up");
}

static void make(struct end *e)
{
    static const char device[] = "line0";
    struct ifreq      r;
    int               fd;

    if (unshare(CLONE_NEWNET) < 0)
        die("relay: a network namespace of its own");
    e->space = open("/proc/self/ns/net", O_RDONLY);
    e->device = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
    if (e->space < 0 || e->device < 0)
        die("relay: /dev/net/tun");
    name_device(&r, device);
    r.ifr_flags = IFF_TUN | IFF_NO_PI;
    request(e->device, TUNSETIFF, &r, "relay: making a TUN device");
    fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0)
        die("relay: socket");
    name_device(&r, device);
    r.ifr_mtu = MTU;
    request(fd, SIOCSIFMTU, &r, "relay: setting the MTU");
    set_address(fd, device, SIOCSIFADDR, e->address);
    set_address(fd, device, SIOCSIFNETMASK, "255.255.255.0");
    bring_up(fd, device);
    bring_up(fd, "lo");
    close(fd);
    e->queue.packet = calloc(QUEUE_LENGTH, sizeof(struct packet));
    if (e->queue.packet == NULL)
        die("relay");
}

/* ---- passing packets ---- */

/* A full queue drops packets, as a router does. */
static void take_packets(int device, struct queue *q, int64_t delay)
{
    static struct packet dropped;

    for (;;) {
        struct packet *p = q->in - q->out < QUEUE_LENGTH
                               ? &q->packet[q->in % QUEUE_LENGTH]
                               : &dropped;
        const ssize_t  n = read(device, p->octets, sizeof(p->octets));

        if (n < 0 && errno == EAGAIN)
            return;
        if (n < 0)
            die("relay: reading a packet");
        p->len = (size_t)n;
        p->due = now() + delay;
        q->in += p != &dropped;
    }
}

/* Hands over what is due, and says when the next packet is, or INT64_MAX. */
static int64_t give_packets(int device, struct queue *q)
{
    while (q->out < q->in) {
        const struct packet *p = &q->packet[q->out % QUEUE_LENGTH];

        if (p->due > now())
            return p->due;
        if (write(device, p->octets, p->len) < 0 && errno != EAGAIN)
            die("relay: writing a packet");
        q->out++;
    }
    return INT64_MAX;
}

static void pass(int64_t delay)
{
    struct pollfd p[3] = { { ends[0].device, POLLIN, 0 },
                           { ends[1].device, POLLIN, 0 },
                           { STDIN_FILENO, POLLIN, 0 } };

    for (;;) {
        const int64_t   a = give_packets(ends[0].device, &ends[0].queue);
        const int64_t   b = give_packets(ends[1].device, &ends[1].queue);
        const int64_t   next = a < b ? a : b;
        int64_t         left = next - now();
        struct timespec t;

        if (left < 0)
            left = 0;
        t.tv_sec = (time_t)(left / 1000000000);
        t.tv_nsec = (long)(left % 1000000000);
        if (ppoll(p, 3, next == INT64_MAX ? NULL : &t, NULL) < 0
            && errno != EINTR)
            die("relay: ppoll");
        if (p[2].revents != 0)
            return;
        take_packets(ends[0].device, &ends[1].queue, delay);
        take_packets(ends[1].device, &ends[0].queue, delay);
    }
}

int main(int argc, char **argv)
{
    char *end = NULL;
    long  delay = argc == 2 ? strtol(argv[1], &end, 10) : -1;
    int   i;

    if (delay < 0 || *end != '\0' || end == argv[1]) {
        fprintf(stderr, "relay: give one number: the microseconds that a "
                        "packet takes\n");
        return 64;
    }
    for (i = 0; i < 2; i++)
        make(&ends[i]);
    for (i = 0; i < 2; i++)
        printf("%s\"%s\": {\"net\": \"/proc/%d/fd/%d\", \"address\": \"%s\"}",
               i == 0 ? "{" : ", ", ends[i].name, (int)getpid(),
               ends[i].space, ends[i].address);
    printf("}\n");
    fflush(stdout);
    pass((int64_t)delay * 1000);
    return 0;
}
