/* stack.c - the stack of doc/devices.md on this machine, and a main(). */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE

#include "alarm.h"
#include "stack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int alarm_send_secure(const char *host, const unsigned char *authority,
                      size_t len, const char *user, const char *pass,
                      const char *text);

static uint16_t real_port;     /* of the server of the test */

static int is_ready(int s, short events)
{
    struct pollfd p = { s, events, 0 };

    return poll(&p, 1, 0) == 1;
}

/* Every host is this one. */
int stack_connect(const char *host, uint16_t port)
{
    struct sockaddr_in to;
    const int          s = socket(AF_INET, SOCK_STREAM, 0);

    (void)host;
    (void)port;
    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons(real_port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fcntl(s, F_SETFL, O_NONBLOCK);
    return connect(s, (struct sockaddr *)&to, sizeof to) == 0
                   || errno == EINPROGRESS
               ? s
               : -1;
}

int stack_is_connected(int s)
{
    int       code = 0;
    socklen_t len = sizeof code;

    if (!is_ready(s, POLLOUT))
        return 0;
    getsockopt(s, SOL_SOCKET, SO_ERROR, &code, &len);
    return code == 0 ? 1 : -1;
}

int stack_receive(int s, void *buf, size_t len)
{
    const ssize_t n = recv(s, buf, len, 0);

    if (n == 0)
        return -1;
    return n > 0 ? (int)n : errno == EAGAIN ? 0 : -1;
}

int stack_received(int s)
{
    return is_ready(s, POLLIN);
}

int stack_send(int s, const void *data, size_t len)
{
    const ssize_t n = send(s, data, len < 100 ? len : 100, MSG_NOSIGNAL);

    return n >= 0 ? (int)n : errno == EAGAIN ? 0 : -1;
}

int stack_room(int s)
{
    return is_ready(s, POLLOUT);
}

void stack_close(int s)
{
    close(s);
}

void stack_poll(void)
{
    usleep(200);
}

uint32_t board_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)t.tv_sec * 1000u + (uint32_t)(t.tv_nsec / 1000000);
}

uint32_t board_time(void)
{
    return 1800000000u;
}

int board_random(void *context, unsigned char *out, size_t len)
{
    (void)context;
    return getrandom(out, len, 0) == (ssize_t)len ? 0 : -1;
}

static size_t read_file(const char *path, unsigned char *buf, size_t size)
{
    FILE  *f = fopen(path, "rb");
    size_t len;

    if (f == NULL)
        exit(64);
    len = fread(buf, 1, size, f);
    fclose(f);
    return len;
}

/* stack PORT [HOST AUTHORITY USER PASS] */
int main(int argc, char **argv)
{
    static const char     text[] = "Valve B was closed.\n.\n";
    static unsigned char  authority[4096];
    const alarm_settings  plain = { "mail.example", 25, NULL, NULL };
    int                   err;

    real_port = (uint16_t)atoi(argv[1]);
    if (argc > 2)
        err = alarm_send_secure(argv[2], authority,
                                read_file(argv[3], authority,
                                          sizeof authority),
                                argv[4], argv[5], text);
    else
        err = alarm_send(&plain, text);
    printf("%s %u\n", duva_verdict_name(alarm_result()->verdict),
           alarm_result()->status.code);
    return err != DUVA_OK;
}
