/* signal_link.c - a connection into one that a signal can wake up. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <string.h>

#include "session/signal_link.h"
#include "system/signals.h"

#define NAP_MS 100u /* the longest that a signal goes unseen */

static int link_read(duva_link *l, void *buf, size_t len)
{
    struct cli_signal_link *w = (struct cli_signal_link *)l;
    const int n = w->under.link.ops->read(&w->under.link, buf, len);

    l->cause = w->under.link.cause;
    return n;
}

static int link_write(duva_link *l, const void *buf, size_t len)
{
    struct cli_signal_link *w = (struct cli_signal_link *)l;
    const int n = w->under.link.ops->write(&w->under.link, buf, len);

    l->cause = w->under.link.cause;
    return n;
}

static int link_wait(duva_link *l, unsigned can, uint32_t ms)
{
    struct cli_signal_link *w = (struct cli_signal_link *)l;
    uint32_t nap;
    int n;

    do {
        l->cause = cli_signals_caught();
        if (l->cause != 0)
            return DUVA_ERR_CANCELLED;
        nap = ms < NAP_MS ? ms : NAP_MS;
        n = w->under.link.ops->wait(&w->under.link, can, nap);
        ms -= nap;
    } while (n == 0 && ms > 0);
    l->cause = w->under.link.cause;
    return n;
}

static void link_close(duva_link *l)
{
    struct cli_signal_link *w = (struct cli_signal_link *)l;

    w->under.link.ops->close(&w->under.link);
}

static void init_link(struct cli_signal_link *w)
{
    static const duva_link_ops ops
        = { link_read, link_write, link_wait, link_close };

    memset(w, 0, sizeof(*w));
    w->link.ops = &ops;
}

static int opened(struct cli_signal_link *w, int err)
{
    w->link.cause = w->under.link.cause;
    if (err != DUVA_OK)
        link_close(&w->link);
    return err;
}

int cli_signal_link_open(struct cli_signal_link *w, const char *host,
                         const char *port, uint32_t ms)
{
    init_link(w);
    return opened(w, duva_posix_open(&w->under, host, port, ms));
}

int cli_signal_link_open_unix(struct cli_signal_link *w, const char *path)
{
    init_link(w);
    return opened(w, duva_posix_open_unix(&w->under, path));
}
