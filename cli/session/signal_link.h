/* signal_link.h - a link over a link, which a signal can wake up. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_WATCH_H
#define DUVA_CLI_WATCH_H

#include <stdint.h>

#include "duva/posix.h"

/* A link over a link, which a signal can wake up. */
struct cli_watch {
    duva_link  link;
    duva_posix under;
};

/* Connects, ms at the longest.  DUVA_OK, or a duva_err with its cause. */
int cli_watch_open(struct cli_watch *w, const char *host, const char *port,
                   uint32_t ms);
/* To a Unix socket, without waiting. */
int cli_watch_open_unix(struct cli_watch *w, const char *path);

#endif
