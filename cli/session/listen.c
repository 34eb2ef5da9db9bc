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

static void note_tls(struct cli_session *s, const duva_tls_info *info)
{
    const char *version = info->protocol;
    char text[160];

    if (strncmp(version, "TLSv", 4) == 0)
        version += 4;
    snprintf(text, sizeof(text), "TLS %s, %s, certificate %s%s", version,
             info->cipher, info->verified ? "verified" : "NOT VERIFIED",
             info->resumed ? ", resumed" : "");
    cli_session_note(s, text);
}

static void tell_listeners(struct cli_session *s, char from, const char *text,
                           size_t len)
{
    struct cli_listeners *l = &s->listeners;

    cli_timeline_piece(&l->timeline, from, text, len);
    cli_connection_hear(&s->connection, from, text, len);
    if (l->traces && from != 0)
        cli_trace_piece(&l->trace, from, text, len);
    if (l->listen != NULL)
        l->listen(l->listener, from, text, len);
}

static void tell_held(void *session)
{
    struct cli_session *s = session;
    const size_t len = s->held;

    s->held = 0;
    if (len > 0)
        tell_listeners(s, 'C', s->hold, len);
}

/* The engine traces what it is about to say.  Where the gate may hold it back
 * nobody is told before it is said. */
void cli_session_hear(void *session, char from, const char *text, size_t len)
{
    struct cli_session *s = session;

    if (from == 'C' && len > sizeof(s->hold) - s->held)
        tell_held(s); /* a long one is seldom the one to hold back */
    if (from != 'C' || s->gate.stop == CLI_HALT_NEVER
        || len > sizeof(s->hold)) {
        tell_listeners(s, from, text, len);
        return;
    }
    memcpy(s->hold + s->held, text, len);
    s->held += len;
}

void cli_session_hear_event(void *session, const duva_trace_event *event)
{
    if (event->len > 0)
        cli_session_hear(session, event->from, event->text, event->len);
}

static void secured(void *session, const duva_tls_info *info)
{
    struct cli_session *s = session;

    cli_timeline_mark(&s->listeners.timeline, CLI_STEP_TLS);
    note_tls(s, info);
}

static int in_message(void *session)
{
    const struct cli_session *s = session;

    return s->listeners.timeline.code == 354;
}

void cli_session_listen(struct cli_session *s)
{
    s->owner.ctx = s;
    s->owner.secured = secured;
    s->owner.passed = tell_held;
    s->owner.in_message = in_message;
    s->held = 0;
    cli_gate_open(
        &s->gate, s->options->proxy.given ? &s->through.link : &s->link.link,
        &s->tls.adapter.tls, &s->owner, (enum cli_halt)s->options->stop_after);
}
