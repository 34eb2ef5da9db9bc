/* dsn.c - words for when a DSN is wanted, and what it returns. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "duva/extras.h"
#include "envelope/dsn.h"

int cli_dsn_notify_parse(uint8_t *notify, const char *text)
{
    static const char *const name[] = { "success", "failure", "delay" };
    size_t len, i;

    *notify = 0;
    if (strcasecmp(text, "never") == 0)
        *notify = DUVA_NOTIFY_NEVER;
    while (*notify != DUVA_NOTIFY_NEVER) {
        len = strcspn(text, ",");
        for (i = 0; i < 3; i++)
            if (len == strlen(name[i])
                && strncasecmp(text, name[i], len) == 0)
                break;
        if (i == 3)
            return -1;
        *notify |= (uint8_t)(1u << i); /* in the order of DUVA_NOTIFY_* */
        if (text[len] == '\0')
            break;
        text += len + 1;
    }
    return 0;
}

int cli_dsn_return_parse(uint8_t *ret, const char *text)
{
    if (strcasecmp(text, "full") == 0)
        *ret = DUVA_RET_FULL;
    else if (strcasecmp(text, "hdrs") == 0 || strcasecmp(text, "headers") == 0)
        *ret = DUVA_RET_HDRS;
    else
        return -1;
    return 0;
}
