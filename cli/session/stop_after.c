/* stop_after.c - the words of --stop-after into stages. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "session/stop_after.h"

static const struct {
    const char *name;
    duva_stage stage;
} stops[] = { { "never", DUVA_STAGE_CONNECT },
              { "connect", DUVA_STAGE_CONNECT },
              { "greeting", DUVA_STAGE_GREETING },
              { "ehlo", DUVA_STAGE_EHLO },
              { "tls", DUVA_STAGE_TLS },
              { "auth", DUVA_STAGE_AUTH },
              { "mail", DUVA_STAGE_MAIL },
              { "rcpt", DUVA_STAGE_RCPT },
              { "data", DUVA_STAGE_DATA } };

enum cli_stop_after cli_stop_after_parse(const char *word)
{
    unsigned i;

    for (i = CLI_STOP_CONNECT; i <= CLI_STOP_DATA; i++)
        if (strcmp(word, stops[i].name) == 0)
            return (enum cli_stop_after)i;
    return CLI_STOP_NEVER;
}

const char *cli_stop_after_name(enum cli_stop_after stop)
{
    return stops[stop].name;
}

duva_stage cli_stop_after_stage(enum cli_stop_after stop)
{
    return stops[stop].stage;
}
