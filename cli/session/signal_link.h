/* signal_link.h - a connection whose waits a signal ends. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SIGNAL_LINK_H
#define DUVA_CLI_SIGNAL_LINK_H

#include <stdint.h>

#include "duva/posix.h"

/* A connection whose waits a caught signal ends: system/signals.h. */
struct cli_signal_link {
    duva_link  link;
    duva_posix under;
};

/* Connects within ms.  DUVA_OK, or a duva_err with link.cause. */
int cli_signal_link_open(struct cli_signal_link *l, const char *host,
                         const char *port, uint32_t ms);
/* To a Unix socket, without waiting. */
int cli_signal_link_open_unix(struct cli_signal_link *l, const char *path);

#endif
