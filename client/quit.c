/* quit.c - QUIT behind an engine that has ended its session. */
/* SPDX-License-Identifier: MIT */
#include "duva/client.h"

#define MAX_READS 16           /* a server that never stops is not awaited */

int duva_send_quit(duva_link *link, void *buf, size_t len, uint32_t wait_ms)
{
    static const char    quit[] = "QUIT\r\n";
    const duva_link_ops *ops = link->ops;
    int                  n, i;

    for (i = 0; i < MAX_READS && ops->read(link, buf, len) > 0; i++)
        ;
    for (i = 0; i < (int)sizeof(quit) - 1; i += n) {
        n = ops->write(link, quit + i, sizeof(quit) - 1 - (size_t)i);
        if (n <= 0)
            return n < 0 ? n : DUVA_ERR_TIMEOUT;
    }
    ops->wait(link, DUVA_CAN_READ, wait_ms);
    return DUVA_OK;
}
