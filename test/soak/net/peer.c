/* peer.c - moves octets between a socket and the server. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "peer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Most octets that wait to be read by the server. */
enum { UNREAD = 200000 };

void peer_open(struct peer *p, enum peer_state state)
{
    p->state = (uint8_t)state;
    server_open(&p->server, &p->profile, p->witness, &p->start, p->seed);
    if (state != PEER_HANDSHAKE)
        return;
    p->ssl = SSL_new(p->context);
    if (p->ssl == NULL)
        abort();
    SSL_set_fd(p->ssl, p->fd);
    SSL_set_accept_state(p->ssl);
}

void peer_end(struct peer *p, int reset)
{
    const struct linger at_once = { 1, 0 };

    if (p->state == PEER_GONE)
        return;
    if (reset)
        setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    if (p->ssl != NULL && p->state == PEER_OPEN && !reset && !p->failed)
        SSL_shutdown(p->ssl);
    SSL_free(p->ssl);
    close(p->fd);
    server_free(&p->server);
    free(p->asked.data);
    p->state = PEER_GONE;
}

/* ---- reading and writing ---- */

/* Octets, 0 for not now, -1 for the end. */
static ssize_t receive(struct peer *p, void *buf, size_t len)
{
    ssize_t n;

    if (p->ssl != NULL) {
        n = SSL_read(p->ssl, buf, (int)len);
        if (n > 0)
            return n;
        switch (SSL_get_error(p->ssl, (int)n)) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE:
            return 0;
        default:
            p->failed = 1;
            return -1;
        }
    }
    n = recv(p->fd, buf, len, 0);
    if (n > 0)
        return n;
    return n < 0 && errno == EAGAIN ? 0 : -1;
}

static ssize_t transmit(struct peer *p, const void *buf, size_t len)
{
    ssize_t n;

    if (p->failed)
        return (ssize_t)len;
    if (p->ssl != NULL) {
        n = SSL_write(p->ssl, buf, (int)len);
        if (n > 0)
            return n;
        n = SSL_get_error(p->ssl, (int)n) == SSL_ERROR_WANT_WRITE ? 0 : -1;
    } else {
        n = send(p->fd, buf, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN)
            n = 0;
    }
    if (n >= 0)
        return n;
    p->failed = 1;             /* but what was received is still handled */
    return (ssize_t)len;
}

static void read_all(struct peer *p)
{
    char    buf[16384];
    ssize_t n;

    while (!p->eof && p->server.in.len < UNREAD
           && !(server_wants_tls(&p->server) && p->ssl == NULL)) {
        n = receive(p, buf, sizeof(buf));
        if (n == 0)
            return;
        if (n < 0)
            p->eof = 1;
        else
            server_feed(&p->server, buf, (size_t)n);
    }
}

/* Writes what the server says now.  0: the socket takes no more. */
static int write_all(struct peer *p, int64_t now)
{
    for (;;) {
        ssize_t n;

        if (p->out_at == p->out_len) {
            p->out_at = 0;
            p->out_len = server_take(&p->server, now, p->out, sizeof(p->out));
            if (p->out_len == 0)
                return 1;
        }
        n = transmit(p, p->out + p->out_at, p->out_len - p->out_at);
        if (n == 0)
            return 0;
        p->out_at += (size_t)n;
    }
}

/* ---- proxies ---- */

/* What a proxy answers; the first words of the server may come with it. */
static void answer_proxy(struct peer *p, const char *octets, size_t len)
{
    memcpy(p->out + p->out_len, octets, len);
    p->out_len += len;
}

static void begin_socks(struct peer *p)
{
    const uint8_t *o = (const uint8_t *)p->asked.data;

    if (p->asked.len < 2 || p->asked.len < 2u + o[1])
        return;
    p->asked.len = 0;
    p->state = PEER_PROXY_ASKED;
    answer_proxy(p, "\5\0", 2);
}

/* A proxy that refuses, or hangs up, does so instead of the greeting. */
static void go_through(struct peer *p, const char *open, size_t open_len,
                       const char *closed, size_t closed_len)
{
    p->asked.len = 0;
    p->state = PEER_OPEN;
    if (p->start.stage != AT_CONNECT || p->start.kind == DO_SILENCE) {
        answer_proxy(p, open, open_len);
        return;
    }
    if (p->start.kind == DO_REPLY)
        answer_proxy(p, closed, closed_len);
    p->server.closing = p->start.reset ? CLOSE_RST : CLOSE_FIN;
}

static void ask_proxy(struct peer *p)
{
    static const char opened[] = "HTTP/1.1 200 OK\r\nServer: soak\r\n\r\n";
    static const char closed[] = "HTTP/1.1 502 Bad Gateway\r\n\r\n";
    const char *o = p->asked.data;
    const size_t len = p->asked.len;

    if (len == 0)
        return;
    if (p->state == PEER_PROXY_FIRST && o[0] == 5)
        begin_socks(p);
    else if (p->state == PEER_PROXY_FIRST
             && memmem(o, len, "\r\n\r\n", 4) != NULL)
        go_through(p, opened, sizeof(opened) - 1, closed, sizeof(closed) - 1);
    else if (p->state == PEER_PROXY_ASKED && len > 4
             && len >= (o[3] == 3 ? 7u + (uint8_t)o[4] : o[3] == 1 ? 10 : 22))
        go_through(p, "\5\0\0\1\0\0\0\0\0\0", 10, "\5\4\0\1\0\0\0\0\0\0", 10);
}

static void step_proxy(struct peer *p)
{
    char    buf[512];
    ssize_t n = receive(p, buf, sizeof(buf));

    if (n < 0)
        p->eof = 1;
    if (n <= 0)
        return;
    p->asked.data = realloc(p->asked.data, p->asked.len + (size_t)n);
    if (p->asked.data == NULL)
        abort();
    memcpy(p->asked.data + p->asked.len, buf, (size_t)n);
    p->asked.len += (size_t)n;
    ask_proxy(p);
}

/* ---- steps ---- */

/* 0: it is not over yet, and wants to read or write. */
static uint32_t shake_hands(struct peer *p)
{
    const int n = SSL_accept(p->ssl);

    if (n == 1) {
        p->state = PEER_OPEN;
        server_secured(&p->server);
        return EPOLLIN;
    }
    switch (SSL_get_error(p->ssl, n)) {
    case SSL_ERROR_WANT_READ:
        return EPOLLIN;
    case SSL_ERROR_WANT_WRITE:
        return EPOLLOUT;
    default:
        p->failed = 1;
        peer_end(p, 0);
        return 0;
    }
}

static void start_handshake(struct peer *p)
{
    p->ssl = SSL_new(p->context);
    if (p->ssl == NULL)
        abort();
    SSL_set_fd(p->ssl, p->fd);
    SSL_set_accept_state(p->ssl);
    p->state = PEER_HANDSHAKE;
}

static uint32_t step_open(struct peer *p, int64_t now)
{
    int worked;

    p->due = -1;
    read_all(p);
    do {
        worked = server_work(&p->server, now);
        if (!write_all(p, now))
            return EPOLLIN | EPOLLOUT;
    } while (worked);
    p->due = server_wakes(&p->server, now);
    if (p->server.closing && p->server.out.len == 0) {
        peer_end(p, p->server.closing == CLOSE_RST);
        return 0;
    }
    if (p->eof && p->due < 0 && p->server.out.len == 0) {
        peer_end(p, 0);
        return 0;
    }
    if (server_wants_tls(&p->server) && p->ssl == NULL) {
        start_handshake(p);
        return shake_hands(p);
    }
    return p->eof || p->server.in.len >= UNREAD ? 0 : EPOLLIN;
}

uint32_t peer_step(struct peer *p, int64_t now)
{
    if (p->state == PEER_HANDSHAKE) {
        const uint32_t events = shake_hands(p);

        if (p->state != PEER_OPEN)
            return events;
    }
    if (p->state == PEER_PROXY_FIRST || p->state == PEER_PROXY_ASKED) {
        step_proxy(p);
        while (p->out_at < p->out_len && p->state != PEER_OPEN)
            p->out_at += (size_t)transmit(p, p->out + p->out_at,
                                          p->out_len - p->out_at);
        if (p->state != PEER_OPEN) {
            if (p->out_at == p->out_len)
                p->out_at = p->out_len = 0;
            if (p->eof)
                peer_end(p, 0);
            return EPOLLIN;
        }
    }
    return step_open(p, now);
}
