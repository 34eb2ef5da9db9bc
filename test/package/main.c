/* main.c - uses what duva::duva has: a client with a POSIX link. */
/* SPDX-License-Identifier: MIT */
#include <duva/posix.h>

int main(void)
{
    duva_route route = { .host = NULL, .config = { .tls = DUVA_TLS_NEVER } };
    duva_rcpt  rcpt = { .addr = "ada@example.org" };
    duva_mail  mail = { .from = "", .rcpt = &rcpt, .rcpt_count = 1 };
    duva_memory nothing = { .data = "", .len = 0 };

    /* There is no host to send to, and nothing but that is wrong. */
    return duva_send(&route, &mail, duva_memory_read, &nothing)
           == DUVA_ERR_ARG ? 0 : 1;
}
