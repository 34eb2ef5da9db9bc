/* link.h - a mail server in memory, as a link. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_AMALGAM_LINK_H
#define TEST_AMALGAM_LINK_H

#include "duva.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct memory_link {
    duva_link link;
    char      replies[512];    /* not read yet */
    size_t    replies_len;
    char      line[512];       /* a command, or a line of the message */
    size_t    line_len;
    int       in_message;
    char      message[2048];   /* what was sent behind DATA, with its end */
    size_t    message_len;
} memory_link;

void memory_link_open(memory_link *l);

#ifdef __cplusplus
}
#endif
#endif
