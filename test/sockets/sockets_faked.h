/* sockets_faked.h - POSIX's sockets, with failures on purpose. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_SOCKETS_FAKED_H
#define TEST_SOCKETS_FAKED_H

#include "sockets_posix.h"

/* The list that every name has, and what the resolver returns. */
extern struct addrinfo *faked_list;
extern int              faked_result;
extern int              faked_lists;  /* that were not freed */
extern int              faked_code;   /* of every call of connect(); 0: none */
extern unsigned         faked_short;  /* a wait ends after 1 ms so many times */

static inline int faked_resolve(const char *host, unsigned port,
                                struct addrinfo **list)
{
    (void)host;
    (void)port;
    *list = faked_list;
    faked_lists += faked_result == 0;
    return faked_result;
}

static inline int faked_connect(int s, const struct addrinfo *a)
{
    return faked_code != 0 ? -faked_code : duva_socket_connect(s, a);
}

static inline int faked_wait(int s, unsigned can, uint32_t ms)
{
    if (faked_short == 0)
        return duva_socket_wait(s, can, ms);
    faked_short--;
    return duva_socket_wait(s, can, ms < 1 ? ms : 1);
}

#define duva_socket_resolve(host, port, list) faked_resolve(host, port, list)
#undef duva_socket_free
#define duva_socket_free(list) ((void)faked_lists--)
#define duva_socket_connect(s, a) faked_connect(s, a)
#define duva_socket_wait(s, can, ms) faked_wait(s, can, ms)

#endif
