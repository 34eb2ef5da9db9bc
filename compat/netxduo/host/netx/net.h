/* net.h - TCP sockets of POSIX, without a word of NetX Duo. */
/* SPDX-License-Identifier: MIT */

#ifndef DUVA_NX_HOST_NET_H
#define DUVA_NX_HOST_NET_H

#include <stddef.h>

/* Bytes in network order: the first 4 for version 4, all 16 for version 6. */
struct duva__net_address {
    int version;
    unsigned char ip[16];
    unsigned int port;
};

/* Parses "1.2.3.4" or "2001:db8::1", `size` characters. Returns 0 or -1. */
int duva__net_parse(const char *text, size_t size,
                    struct duva__net_address *out);

/* Starts a connection. Returns a descriptor, or -1 if it failed at once. */
int duva__net_connect(const struct duva__net_address *to);
/* 1: connected; 0: not yet; -1: refused or lost. */
int duva__net_connected(int fd);

/* Copies bytes that have arrived and leaves them queued. Returns how many,
 * or one of the three below. */
#define DUVA_NET_NONE 0L
#define DUVA_NET_END (-1L)
#define DUVA_NET_BROKEN (-2L)
long duva__net_peek(int fd, void *buffer, size_t size);
/* Drops bytes that peek has shown. */
void duva__net_skip(int fd, size_t size);
/* Returns how many bytes went, DUVA_NET_NONE or DUVA_NET_BROKEN. */
long duva__net_send(int fd, const void *data, size_t size);
int duva__net_writable(int fd);
void duva__net_finish(int fd);
/* With `reset` the peer gets a reset, otherwise an orderly end. */
void duva__net_close(int fd, int reset);

/* What to wait for on one descriptor. */
struct duva__net_watch {
    int fd;
    int in;
    int out;
};

/* Prepares waking; returns 0 or -1. wait returns when a watched descriptor
 * is ready, `milliseconds` have passed (-1: never), or wake was called. */
int duva__net_start(void);
void duva__net_wait(const struct duva__net_watch *watch, size_t count,
                    int milliseconds);
void duva__net_wake(void);

#define DUVA_NET_WATCHES 64

#endif
