/* server_note.c - what the server keeps of a client and of a transaction. */
/* SPDX-License-Identifier: MIT */
#include "server_inner.h"

void violation(struct server *s, const char *what, const char *line)
{
    if (!s->dropped)
        s->witness->violation(s->witness->ctx, what, line);
}

void note_cause(struct server *s, unsigned code, unsigned cause)
{
    if (code >= 500)
        s->witness->cause(s->witness->ctx, s->id, cause);
}

void reset(struct server *s)
{
    s->in_mail = s->failed = s->paused = 0;
    s->seen = s->takes = s->mixed = s->chunks = 0;
    s->octets = s->id_at = 0;
    s->id_seen = 0;
    s->sum = SUM_BEGIN;
}
