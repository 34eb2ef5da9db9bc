/* trace.c - turns commands and replies into events for config.trace. */
/* SPDX-License-Identifier: MIT */
#include "trace.h"

#include "position.h"
#include "state.h"

#if DUVA_TRACE

static void emit(const duva_engine *e, duva_trace_event *event,
                 const void *text, size_t len)
{
    event->text = text;
    event->len = len;
    event->ends = len > 0 && event->text[len - 1] == '\n';
    if (!event->ends)
        event->last = 0;
    if (e->config->trace != NULL)
        e->config->trace(e->config->trace_ctx, event);
}

void duva__trace_command(const duva_engine *e, duva_stage stage,
                         const void *text, size_t len)
{
    duva_trace_event event;

    event.from = 'C';
    event.last = 0;
    event.code = 0;
    event.stage = stage;
    emit(e, &event, text, len);
}

/* BDAT and BURL are said in the step of DATA, and carry the message. */
static void trace_present(const duva_engine *e, const void *text, size_t len)
{
    duva_stage stage = duva__stage_of(&e->said);

    if (stage == DUVA_STAGE_DATA && DUVA__HAS(e->said.mail, DUVA__CHUNKED))
        stage = DUVA_STAGE_BODY;
    duva__trace_command(e, stage, text, len);
}

void duva__trace_out(duva_engine *e)
{
    if (e->out_len > e->traced)
        trace_present(e, e->out + e->traced, e->out_len - e->traced);
    e->traced = e->out_len;
}

void duva__trace_hidden(const duva_engine *e)
{
    trace_present(e, "***", 3);
}

void duva__trace_reply(const duva_engine *e, const void *text, size_t len)
{
    const duva_reply *r = &e->reply;
    duva_trace_event  event;

    event.from = 'S';
    event.last = 0;
    event.code = 0;
    event.stage = (duva_stage)e->outcome.status.stage;
    if (!DUVA__IS_AT(e, DUVA__CLOSED)) {
        event.stage = duva__stage_of(&e->heard);
        if (r->column >= 3) {
            event.code = (uint16_t)r->line_code;
            event.last = r->column == 3 || !r->more;
        }
    }
    emit(e, &event, text, len);
}

#else
typedef int duva__no_trace;    /* a file must not be empty */
#endif
