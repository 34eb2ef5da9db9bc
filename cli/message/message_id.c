/* message_id.c - makes Message-IDs. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "message/message_id.h"

void cli_message_id(char id[CLI_MESSAGE_ID_SIZE], const char *unique,
                    const char *addr)
{
    const char *at = strrchr(addr, '@');
    const size_t len = at != NULL ? strcspn(at + 1, "<> \t\",") : 0;
    const int fits = len > 0 && len < 256;

    snprintf(id, CLI_MESSAGE_ID_SIZE, "<%.60s@%.*s>", unique,
             fits ? (int)len : 9, fits ? at + 1 : "localhost");
}
