/* trace.h - the conversation as events for config.trace. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_TRACE_H
#define DUVA_SRC_TRACE_H

#include "duva/engine.h"

#if DUVA_TRACE

/* Octets of a command of that stage. */
void duva__trace_command(const duva_engine *e, duva_stage stage,
                         const void *text, size_t len);

/* What was written of the present command since the last time. */
void duva__trace_out(duva_engine *e);

/* "***" for a secret of the present command. */
void duva__trace_hidden(const duva_engine *e);

/* Octets of one line of a reply, the last of which is not yet parsed. */
void duva__trace_reply(const duva_engine *e, const void *text, size_t len);

#else
#define duva__trace_command(e, stage, text, len) ((void)0)
#define duva__trace_out(e) ((void)0)
#define duva__trace_hidden(e) ((void)0)
#define duva__trace_reply(e, text, len) ((void)(text), (void)(len))
#endif

#endif
