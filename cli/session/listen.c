/* listen.c - the conversation into transcript, timeline and last line. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "session/listen.h"
#include "trace/timeline.h"
#include "trace/trace.h"

void cli_session_note(struct cli_session *s, const char *text)
{
    if (s->listeners.traces)
        cli_trace_note(&s->listeners.trace, text);
}

static void note_tls(struct cli_session *s)
{
    const duva_tls_info *info = &s->client.secured;
    const char *version = info->protocol;
    char text[160];

    if (strncmp(version, "TLSv", 4) == 0)
        version += 4;
    snprintf(text, sizeof(text), "TLS %s, %s, certificate %s%s", version,
             info->cipher, info->verified ? "verified" : "NOT VERIFIED",
             info->resumed ? ", resumed" : "");
    cli_session_note(s, text);
}

void cli_session_connected(struct cli_session *s)
{
    cli_timeline_connected(&s->listeners.timeline);
    cli_connection_connected(&s->connection);
}

void cli_session_hear(void *session, const duva_trace_event *event)
{
    struct cli_session *s = session;
    struct cli_listeners *l = &s->listeners;

    cli_timeline_hear(&l->timeline, event);
    cli_connection_hear(&s->connection, event);
    if (event->len == 0)
        note_tls(s);
    else if (l->traces)
        cli_trace_hear(&l->trace, event);
    if (l->listen != NULL)
        l->listen(l->listener, event);
}
