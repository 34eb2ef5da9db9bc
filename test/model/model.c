/* model.c - what all files of the model share. */
/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void model_init(model *m, const duva_config *config)
{
    memset(m, 0, offsetof(model, wire));
    m->config = config;
    memset(&m->wire_len, 0, sizeof *m - offsetof(model, wire_len));
    m->said_count = 1; /* the greeting is asked for by connecting */
    m->said[0] = (command){
        .verb = GREETING, .transaction = -1, .rcpt = -1, .expected = 1
    };
}

void model_wrong(model *m, const char *format, ...)
{
    va_list args;

    if (m->wrong[0])
        return;
    va_start(args, format);
    vsnprintf(m->wrong, sizeof m->wrong, format, args);
    va_end(args);
}

transaction *model_last(model *m)
{
    return m->transaction_count ? &m->transaction[m->transaction_count - 1]
                                : NULL;
}

int model_pipelining(const model *m)
{
    return m->bits & DUVA_CAP_PIPELINING
           && !(m->config->options & DUVA_LOCK_STEP);
}

int model_unanswered(const model *m, int only)
{
    int n = 0;

    for (int i = 0; i < m->said_count; i++)
        if (only < 0 || m->said[i].transaction == only)
            n += m->said[i].expected;
    return n;
}
